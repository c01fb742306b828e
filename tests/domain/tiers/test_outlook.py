"""What lies ahead: what is missing to keep a tier, and which tier comes if nothing more is bought."""

from datetime import date, timedelta

from hypothesis import given

from cagnotte.domain.tiers.days import DayTotal, with_day
from cagnotte.domain.tiers.outlook import Missing, Projected, missing_to_keep, projected
from cagnotte.domain.tiers.qualification import Seen, followed, granted, next_look, tier_now
from cagnotte.domain.tiers.terms import Drop, HeldBy, Keep, MeasuredIn, Reach, Review, Tier, TierHeld
from domain.tiers.ladders import DAYS, JOINED, LADDERS, RISING, THREE_MONTHS, TOTALS, YEAR, bought, folded, spend

IN_A_YEAR = MeasuredIn.CALENDAR_YEAR
GOLD_SINCE = TierHeld("main", "gold", date(2026, 3, 5))


def _tiers(keep: Keep, window: MeasuredIn = MeasuredIn.ROLLING) -> list[Tier]:
    return [Tier("silver", spend(300, window), keep=keep), Tier("gold", spend(1_000, window), keep=keep)]


def test_what_is_missing_to_keep_a_tier_is_counted_to_its_review() -> None:
    tiers = _tiers(Keep(Review.ANNIVERSARY))
    seen = Seen((bought(date(2026, 3, 5), 1_000), bought(date(2026, 9, 1), 350)), date(2026, 10, 1))

    missing = missing_to_keep(tiers, GOLD_SINCE, seen)

    assert missing == Missing("gold", "spend", 350, 1_000, 650, YEAR, MeasuredIn.ROLLING, before=date(2027, 3, 5))
    assert projected(tiers, GOLD_SINCE, seen) == Projected("silver", date(2027, 3, 5))


def test_a_tier_of_a_calendar_year_is_safe_to_the_end_of_the_next_and_then_counts_that_one() -> None:
    tiers = _tiers(Keep(Review.CALENDAR_YEAR, reach=spend(800, IN_A_YEAR)), IN_A_YEAR)
    days = (bought(date(2026, 3, 5), 1_000), bought(date(2027, 4, 1), 500))
    seen = Seen(days, date(2027, 5, 1))

    missing = missing_to_keep(tiers, GOLD_SINCE, seen)

    assert missing == Missing("gold", "spend", 500, 800, 300, None, IN_A_YEAR, before=date(2028, 1, 1))
    enough = Seen((*days, bought(date(2027, 6, 1), 300)), date(2027, 6, 1))
    assert missing_to_keep(tiers, GOLD_SINCE, enough) == Missing(
        "gold", "spend", 800, 800, 0, None, IN_A_YEAR, before=date(2028, 1, 1)
    )
    assert projected(tiers, GOLD_SINCE, enough) == Projected("gold", date(2028, 1, 1))


def test_a_rolling_tier_is_judged_on_the_day_on_which_it_would_be_lost() -> None:
    tiers = _tiers(Keep())
    seen = Seen((bought(date(2026, 3, 5), 600), bought(date(2026, 9, 1), 450)), date(2026, 10, 1))
    held = TierHeld("main", "gold", date(2026, 9, 1))

    missing = missing_to_keep(tiers, held, seen)

    assert missing == Missing("gold", "spend", 450, 1_000, 550, YEAR, before=date(2027, 3, 5))
    assert projected(tiers, held, seen) == Projected("silver", date(2027, 3, 5))


def test_during_a_grace_what_is_missing_is_counted_to_its_end() -> None:
    tiers = _tiers(Keep(Review.CALENDAR_YEAR, grace=THREE_MONTHS), IN_A_YEAR)
    seen = Seen((bought(date(2026, 3, 5), 1_000), bought(date(2027, 9, 1), 900)), date(2028, 1, 15))
    held = TierHeld("main", "gold", date(2026, 3, 5), grace_until=date(2028, 4, 1))

    missing = missing_to_keep(tiers, held, seen)

    assert missing == Missing("gold", "spend", 900, 1_000, 100, None, IN_A_YEAR, before=date(2028, 4, 1))
    assert projected(tiers, held, seen) == Projected("silver", date(2028, 4, 1))


def test_a_projection_goes_through_the_grace_that_follows_a_missed_review() -> None:
    tiers = _tiers(Keep(Review.ANNIVERSARY, grace=THREE_MONTHS, drop=Drop.FULL))
    seen = Seen((bought(date(2026, 3, 5), 1_000),), date(2026, 10, 1))

    assert projected(tiers, GOLD_SINCE, seen) == Projected(None, date(2027, 6, 5))


def test_nothing_is_missing_for_a_tier_that_cannot_be_lost() -> None:
    lifetime = _tiers(Keep(Review.NEVER))
    ever = [Tier("gold", Reach("spend", 1_000))]
    seen = Seen((bought(date(2026, 3, 5), 1_000),), date(2026, 10, 1))

    assert missing_to_keep(lifetime, GOLD_SINCE, seen) is None
    assert missing_to_keep(ever, GOLD_SINCE, seen) is None
    assert projected(lifetime, GOLD_SINCE, seen) is None
    assert projected(ever, GOLD_SINCE, seen) is None
    assert missing_to_keep(ever, None, seen) is None
    assert missing_to_keep([], GOLD_SINCE, seen) is None


def test_nothing_bought_before_helps_a_rolling_tier_of_a_calendar_year() -> None:
    tiers = _tiers(Keep(), IN_A_YEAR)
    seen = Seen((bought(date(2026, 3, 5), 1_000),), date(2026, 10, 1))

    assert missing_to_keep(tiers, GOLD_SINCE, seen) is None
    assert projected(tiers, GOLD_SINCE, seen) == Projected(None, date(2027, 1, 1))


def test_who_was_given_a_tier_keeps_it_by_reaching_it_before_its_end() -> None:
    tiers = _tiers(Keep(Review.ANNIVERSARY))
    seen = Seen((bought(date(2026, 3, 5), 400),), date(2026, 5, 1))
    silver = TierHeld("main", "silver", date(2026, 3, 5))
    held = granted(tiers, silver, "gold", date(2026, 5, 1), date(2026, 8, 1), HeldBy.GIFT)

    missing = missing_to_keep(tiers, held, seen)

    assert missing == Missing("gold", "spend", 400, 1_000, 600, YEAR, before=date(2026, 8, 1))
    assert projected(tiers, held, seen) == Projected("silver", date(2026, 8, 1))
    forever = granted(tiers, silver, "gold", date(2026, 5, 1), None, HeldBy.GIFT)
    assert missing_to_keep(tiers, forever, seen) is None


@given(LADDERS | RISING, TOTALS, JOINED, DAYS)
def test_a_projection_is_what_looking_at_every_day_finds(
    tiers: tuple[Tier, ...], totals: list[DayTotal], joined_on: date | None, today: date
) -> None:
    seen = Seen(folded([total for total in totals if total.day <= today]), today, joined_on)
    held = followed(tiers, seen)

    ahead = projected(tiers, held, seen)

    now = held
    last = ahead.on if ahead else today + timedelta(days=800)
    for number in range(1, (last - today).days):
        now = tier_now(tiers, now, Seen(seen.days, today + timedelta(days=number), joined_on))
        assert (now and now.tier) == (held and held.tier)
    if ahead:
        now = tier_now(tiers, now, Seen(seen.days, last, joined_on))
        assert (now and now.tier) == ahead.tier


@given(RISING, TOTALS, JOINED, DAYS)
def test_buying_what_is_missing_before_the_day_keeps_the_tier_on_it(
    tiers: tuple[Tier, ...], totals: list[DayTotal], joined_on: date | None, today: date
) -> None:
    seen = Seen(folded([total for total in totals if total.day <= today]), today, joined_on)
    held = followed(tiers, seen)
    missing = missing_to_keep(tiers, held, seen)
    if held is None or missing is None or missing.before is None:
        return
    shopping = missing.before - timedelta(days=1)
    more = missing.missing
    bought_more = (
        DayTotal(shopping, more) if missing.measure == "spend" else DayTotal(shopping, 0, (("points", more),))
    )
    days = with_day(seen.days, bought_more)

    held = tier_now(tiers, _brought(tiers, held, seen, shopping), Seen(days, shopping, joined_on))
    held = tier_now(tiers, held, Seen(days, missing.before, joined_on))

    codes = [tier.code for tier in tiers]
    assert held is not None
    assert codes.index(held.tier) >= codes.index(missing.tier)
    assert held.grace_until is None or tiers[codes.index(held.tier)].keep.review is Review.ROLLING


def _brought(tiers: tuple[Tier, ...], held: TierHeld | None, seen: Seen, upto: date) -> TierHeld | None:
    due = next_look(tiers, held, seen.days, seen.joined_on, seen.today)
    while due is not None and due <= upto:
        held = tier_now(tiers, held, Seen(seen.days, due, seen.joined_on))
        due = next_look(tiers, held, seen.days, seen.joined_on, due)
    return held
