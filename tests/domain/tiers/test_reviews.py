"""Keeping a tier: reviews, grace, how far one falls, and what is never lost. Cases of docs/algorithms/tiers.md."""

from datetime import date, timedelta

import pytest

from cagnotte.domain.kernel import Period, PeriodUnit
from cagnotte.domain.tiers.days import DayTotal
from cagnotte.domain.tiers.outlook import missing_to_keep
from cagnotte.domain.tiers.qualification import Seen, cause, followed, next_look, tier_now
from cagnotte.domain.tiers.terms import Drop, Keep, MeasuredIn, Reach, Review, Tier, TierCause, TierHeld
from domain.tiers.ladders import THREE_MONTHS, bought, spend

MEMBER = Tier("member", Reach("spend", 0))
IN_A_YEAR = MeasuredIn.CALENDAR_YEAR
ANNIVERSARY, CALENDAR = Keep(Review.ANNIVERSARY), Keep(Review.CALENDAR_YEAR)


def held_on(tiers: list[Tier], days: list[DayTotal], day: date, joined_on: date | None = None) -> TierHeld | None:
    return followed(tiers, Seen(tuple(total for total in days if total.day <= day), day, joined_on))


def tier_on(tiers: list[Tier], days: list[DayTotal], day: date) -> str | None:
    held = held_on(tiers, days, day)
    return held.tier if held else None


def silver_and_gold(keep: Keep, window: MeasuredIn = MeasuredIn.ROLLING) -> list[Tier]:
    return [Tier("silver", spend(300, window), keep=keep), Tier("gold", spend(1_000, window), keep=keep)]


def test_a_rolling_review_takes_the_tier_on_the_day_on_which_the_threshold_is_missed() -> None:
    tiers = silver_and_gold(Keep())
    days = [bought(date(2026, 3, 5), 900), bought(date(2026, 6, 1), 350)]

    assert held_on(tiers, days, date(2027, 3, 4)) == TierHeld("main", "gold", date(2026, 6, 1))
    assert held_on(tiers, days, date(2027, 3, 5)) == TierHeld("main", "silver", date(2027, 3, 5))
    assert held_on(tiers, days, date(2027, 6, 1)) is None


def test_a_return_takes_a_tier_with_a_rolling_review_at_once() -> None:
    tiers = silver_and_gold(Keep())
    days = [bought(date(2026, 3, 5), 1_000), bought(date(2026, 3, 20), -200)]
    gold, silver = held_on(tiers, days, date(2026, 3, 19)), held_on(tiers, days, date(2026, 3, 20))

    assert silver == TierHeld("main", "silver", date(2026, 3, 20))
    assert cause(tiers, gold, silver, returned=True) is TierCause.RETURNED


@pytest.mark.parametrize("keep", [ANNIVERSARY, CALENDAR])
def test_a_return_takes_other_tiers_only_at_their_review(keep: Keep) -> None:
    tiers = silver_and_gold(keep)
    days = [bought(date(2026, 3, 5), 1_000), bought(date(2026, 3, 20), -1_000)]
    review = date(2027, 3, 5) if keep is ANNIVERSARY else date(2028, 1, 1)

    assert tier_on(tiers, days, review - timedelta(days=1)) == "gold"
    assert tier_on(tiers, days, review) is None


def test_an_anniversary_review_judges_the_year_since_the_tier_was_reached_without_that_day() -> None:
    tiers = silver_and_gold(ANNIVERSARY)
    nothing_since = [bought(date(2026, 3, 5), 1_000)]
    enough_since = [*nothing_since, bought(date(2026, 3, 6), 600), bought(date(2027, 3, 4), 400)]

    assert tier_on(tiers, nothing_since, date(2027, 3, 4)) == "gold"
    assert tier_on(tiers, nothing_since, date(2027, 3, 5)) is None
    assert held_on(tiers, enough_since, date(2027, 3, 5)) == TierHeld("main", "gold", date(2026, 3, 5))
    assert tier_on(tiers, enough_since, date(2028, 3, 4)) == "gold"
    assert tier_on(tiers, enough_since, date(2028, 3, 5)) is None


@pytest.mark.parametrize("window", [IN_A_YEAR, MeasuredIn.ANNIVERSARY])
def test_a_threshold_per_year_is_judged_on_the_year_that_ends_with_the_anniversary_review(
    window: MeasuredIn,
) -> None:
    tiers = [Tier("gold", spend(1_000, window), keep=ANNIVERSARY)]
    days = [bought(date(2026, 3, 5), 1_000), bought(date(2026, 8, 1), 600), bought(date(2027, 2, 1), 400)]

    assert tier_on(tiers, days, date(2027, 3, 5)) == "gold"
    assert tier_on(tiers, days[:2], date(2027, 3, 5)) is None


def test_a_tier_reached_on_29_february_is_reviewed_on_the_28th_and_on_the_29th_of_leap_years() -> None:
    tiers = [Tier("gold", spend(100), keep=ANNIVERSARY)]
    held = TierHeld("main", "gold", date(2024, 2, 29))

    looks = [
        next_look(tiers, held, (), None, day) for day in (date(2024, 3, 1), date(2025, 3, 1), date(2027, 6, 1))
    ]

    assert looks == [date(2025, 2, 28), date(2026, 2, 28), date(2028, 2, 29)]


def test_a_tier_reached_in_a_year_is_held_to_the_end_of_the_next() -> None:
    tiers = silver_and_gold(CALENDAR, IN_A_YEAR)
    days = [bought(date(2026, 3, 5), 1_000), bought(date(2027, 5, 1), 300)]

    assert tier_on(tiers, days, date(2027, 12, 31)) == "gold"
    lowered = TierHeld("main", "silver", date(2028, 1, 1), until=date(2029, 1, 1))
    assert held_on(tiers, days, date(2028, 1, 1)) == lowered
    assert tier_on(tiers, days, date(2028, 12, 31)) == "silver"
    assert tier_on(tiers, days, date(2029, 1, 1)) is None


def test_a_calendar_review_is_passed_by_what_was_bought_in_the_year_that_ended() -> None:
    tiers = silver_and_gold(CALENDAR, IN_A_YEAR)
    days = [bought(date(2026, 3, 5), 1_000), bought(date(2027, 1, 1), 400), bought(date(2027, 12, 31), 600)]

    assert held_on(tiers, days, date(2028, 1, 1)) == TierHeld("main", "gold", date(2026, 3, 5))
    assert tier_on(tiers, days, date(2028, 12, 31)) == "gold"
    assert tier_on(tiers, days, date(2029, 1, 1)) is None


def test_what_is_bought_on_the_day_of_a_review_comes_too_late_for_it() -> None:
    tiers = silver_and_gold(CALENDAR, IN_A_YEAR)
    days = [bought(date(2026, 3, 5), 1_000), bought(date(2028, 1, 1), 1_000)]
    before = TierHeld("main", "gold", date(2026, 3, 5))

    at_midnight = tier_now(tiers, before, Seen(tuple(days[:1]), date(2028, 1, 1)))
    after_the_sale = tier_now(tiers, at_midnight, Seen(tuple(days), date(2028, 1, 1)))

    assert at_midnight is None
    assert after_the_sale == TierHeld("main", "gold", date(2028, 1, 1))


def test_keeping_may_ask_for_less_than_reaching() -> None:
    keep = Keep(Review.ANNIVERSARY, reach=spend(600))
    tiers = [Tier("gold", spend(1_000), keep=keep)]
    days = [bought(date(2026, 3, 5), 1_000), bought(date(2026, 9, 1), 600)]

    assert tier_on(tiers, days, date(2027, 3, 5)) == "gold"
    assert tier_on(tiers, [days[0], bought(date(2026, 9, 1), 599)], date(2027, 3, 5)) is None


def test_a_rolling_tier_that_asks_for_less_to_be_kept_is_lost_below_the_lower_threshold() -> None:
    tiers = [Tier("gold", spend(1_000), keep=Keep(reach=spend(600)))]
    days = [bought(date(2026, 3, 5), 400), bought(date(2026, 4, 5), 600)]

    assert tier_on(tiers, days, date(2027, 4, 4)) == "gold"
    assert tier_on(tiers, days, date(2027, 4, 5)) is None
    assert tier_on(tiers, days[1:], date(2026, 4, 5)) is None


def test_a_grace_holds_the_tier_after_a_missed_review_and_ends_at_midnight() -> None:
    tiers = silver_and_gold(Keep(Review.ANNIVERSARY, grace=THREE_MONTHS))
    days = [bought(date(2026, 3, 5), 1_000), bought(date(2026, 9, 1), 900)]
    in_grace = TierHeld("main", "gold", date(2026, 3, 5), grace_until=date(2027, 6, 5))

    assert held_on(tiers, days, date(2027, 3, 5)) == in_grace
    assert held_on(tiers, days, date(2027, 6, 4)) == in_grace
    assert tier_on(tiers, days, date(2027, 6, 5)) == "silver"


def test_what_was_missed_can_be_made_up_for_during_the_grace() -> None:
    tiers = silver_and_gold(Keep(Review.CALENDAR_YEAR, grace=THREE_MONTHS), IN_A_YEAR)
    missed = [bought(date(2026, 3, 5), 1_000), bought(date(2027, 9, 1), 900)]
    made_up = [*missed, bought(date(2028, 3, 31), 100)]
    gold = TierHeld("main", "gold", date(2026, 3, 5))

    assert held_on(tiers, made_up, date(2028, 3, 31)) == gold
    assert tier_on(tiers, made_up, date(2028, 12, 31)) == "gold"
    assert tier_on(tiers, [*missed, bought(date(2028, 4, 1), 100)], date(2028, 4, 1)) == "silver"


def test_a_grace_of_a_rolling_review_begins_on_the_day_the_threshold_is_missed() -> None:
    tiers = [Tier("gold", spend(1_000), keep=Keep(grace=Period(30, PeriodUnit.DAYS)))]
    days = [bought(date(2026, 3, 5), 400), bought(date(2026, 4, 5), 600), bought(date(2027, 3, 20), 100)]
    missed = held_on(tiers, days, date(2027, 3, 5))

    assert missed == TierHeld("main", "gold", date(2026, 4, 5), grace_until=date(2027, 4, 4))
    assert tier_on(tiers, days, date(2027, 4, 3)) == "gold"
    assert tier_on(tiers, days, date(2027, 4, 4)) is None
    made_up = [*days, bought(date(2027, 3, 21), 300)]
    assert held_on(tiers, made_up, date(2027, 3, 21)) == TierHeld("main", "gold", date(2026, 4, 5))


@pytest.mark.parametrize(
    ("drop", "after"), [(Drop.REACHED, "silver"), (Drop.ONE_LEVEL, "gold"), (Drop.FULL, "member")]
)
def test_a_review_lowers_to_what_is_reached_by_one_level_or_altogether(drop: Drop, after: str) -> None:
    keep = Keep(Review.CALENDAR_YEAR, drop=drop)
    tiers = [MEMBER, *silver_and_gold(keep, IN_A_YEAR), Tier("platinum", spend(5_000, IN_A_YEAR), keep=keep)]
    days = [bought(date(2026, 3, 5), 5_000), bought(date(2027, 3, 5), 300)]

    assert tier_on(tiers, days, date(2028, 1, 1)) == after


def test_a_soft_landing_takes_one_level_a_year() -> None:
    keep = Keep(Review.ANNIVERSARY, drop=Drop.ONE_LEVEL)
    tiers = [*silver_and_gold(keep), Tier("platinum", spend(5_000), keep=keep)]
    days = [bought(date(2026, 3, 5), 5_000)]

    tiers_held = [tier_on(tiers, days, date(year, 3, 5)) for year in (2026, 2027, 2028, 2029)]

    assert tiers_held == ["platinum", "gold", "silver", None]
    assert tier_on(tiers, days, date(2028, 3, 4)) == "gold"


def test_a_soft_landing_between_rolling_tiers_guarantees_each_for_the_length_of_its_window() -> None:
    tiers = silver_and_gold(Keep(drop=Drop.ONE_LEVEL))
    days = [bought(date(2026, 3, 5), 1_000)]
    landed = TierHeld("main", "silver", date(2027, 3, 5), until=date(2028, 3, 5))

    assert held_on(tiers, days, date(2027, 3, 5)) == landed
    assert held_on(tiers, days, date(2028, 3, 4)) == landed
    assert held_on(tiers, days, date(2028, 3, 5)) is None
    bought_again = [*days, bought(date(2027, 5, 1), 300)]
    assert held_on(tiers, bought_again, date(2028, 3, 5)) == TierHeld("main", "silver", date(2027, 3, 5))
    assert held_on(tiers, bought_again, date(2028, 5, 1)) is None


def test_a_full_drop_still_leaves_what_the_window_reaches_anew() -> None:
    tiers = silver_and_gold(Keep(Review.ANNIVERSARY, drop=Drop.FULL))
    days = [bought(date(2026, 3, 5), 1_000), bought(date(2026, 9, 1), 300)]

    assert held_on(tiers, days, date(2027, 3, 5)) == TierHeld("main", "silver", date(2027, 3, 5))


def test_nobody_falls_below_a_floor_not_even_who_jumped_over_it() -> None:
    tiers = [Tier("silver", spend(300), floor=True), Tier("gold", spend(1_000))]
    days = [bought(date(2026, 3, 5), 1_000)]

    assert held_on(tiers, days, date(2026, 3, 5)) == TierHeld("main", "gold", date(2026, 3, 5), floor="silver")
    on_the_floor = TierHeld("main", "silver", date(2027, 3, 5), floor="silver")
    assert held_on(tiers, days, date(2040, 1, 1)) == on_the_floor
    assert next_look(tiers, on_the_floor, tuple(days), None, date(2027, 3, 5)) is None


def test_a_lifetime_tier_is_never_reviewed_and_is_a_floor_for_those_above() -> None:
    tiers = [Tier("silver", spend(300), keep=Keep(Review.NEVER)), Tier("gold", spend(1_000))]
    days = [bought(date(2026, 3, 5), 1_000), bought(date(2026, 3, 6), -1_000)]

    assert tier_on(tiers, days, date(2026, 3, 6)) == "silver"
    assert tier_on(tiers, days, date(2040, 1, 1)) == "silver"


def test_a_floor_is_remembered_when_the_programme_takes_it_away() -> None:
    with_floor = [Tier("silver", spend(300), floor=True), Tier("gold", spend(1_000))]
    without = [Tier("silver", spend(300)), Tier("gold", spend(1_000))]
    days = (bought(date(2026, 3, 5), 1_000),)
    held = tier_now(with_floor, None, Seen(days, date(2026, 3, 5)))

    lowered = tier_now(without, held, Seen(days, date(2027, 3, 5)))

    assert lowered == TierHeld("main", "silver", date(2027, 3, 5), floor="silver")


def test_who_held_a_tier_that_the_programme_removed_gets_what_is_reached() -> None:
    days = (bought(date(2026, 3, 5), 500),)
    held = TierHeld("main", "bronze", date(2026, 3, 5))
    tiers = silver_and_gold(Keep())
    seen = Seen(days, date(2026, 4, 1))

    assert next_look(tiers, held, days, None, date(2026, 3, 31)) == date(2026, 4, 1)
    after = tier_now(tiers, held, seen)
    assert after == TierHeld("main", "silver", date(2026, 4, 1))
    assert cause(tiers, held, after) is TierCause.REMOVED
    assert tier_now((), held, seen) is None


def test_who_held_a_tier_that_another_replaces_holds_that_one_on_the_same_terms() -> None:
    held = TierHeld("main", "gold", date(2026, 3, 5))
    tiers = [Tier("or", spend(1_000, IN_A_YEAR), keep=CALENDAR, replaces=("gold",))]

    after = tier_now(tiers, held, Seen((), date(2027, 1, 15)))

    assert after == TierHeld("main", "or", date(2026, 3, 5))
    assert cause(tiers, held, after) is TierCause.REMOVED
    assert tier_now(tiers, after, Seen((), date(2028, 1, 1))) is None


def test_a_tier_inserted_between_two_others_is_reached_by_who_meets_it_and_leaves_the_others() -> None:
    silver, gold = silver_and_gold(ANNIVERSARY)
    ladder = [silver, Tier("plus", spend(600), keep=ANNIVERSARY), gold]
    today = date(2026, 6, 1)
    enough, too_little = (bought(date(2026, 3, 5), 700),), (bought(date(2026, 3, 5), 500),)
    held = TierHeld("main", "silver", date(2026, 3, 5))
    of_gold = TierHeld("main", "gold", date(2026, 3, 5))

    assert tier_now(ladder, held, Seen(enough, today)) == TierHeld("main", "plus", today)
    assert tier_now(ladder, held, Seen(too_little, today)) == held
    assert tier_now(ladder, of_gold, Seen(too_little, today)) == of_gold


def test_a_lower_tier_with_a_yearly_review_is_kept_to_its_own_review_when_a_rolling_one_is_lost() -> None:
    tiers = [
        Tier("silver", spend(300, IN_A_YEAR), keep=CALENDAR),
        Tier("star", Reach("visits", 5, MeasuredIn.ROLLING, Period(30, PeriodUnit.DAYS))),
    ]
    days = [DayTotal(date(2026, 12, 20), 400, visits=5)]

    lowered = held_on(tiers, days, date(2027, 1, 19))

    assert lowered == TierHeld("main", "silver", date(2027, 1, 19), until=date(2028, 1, 1))
    assert tier_on(tiers, days, date(2028, 1, 1)) is None


def test_a_window_of_a_whole_membership_only_loses_by_returns() -> None:
    tiers = [Tier("friend", Reach("spend", 500))]
    days = (bought(date(2016, 3, 5), 500),)
    held = tier_now(tiers, None, Seen(days, date(2026, 3, 5)))

    assert held == TierHeld("main", "friend", date(2026, 3, 5))
    assert next_look(tiers, held, days, None, date(2026, 3, 5)) is None
    assert tier_now(tiers, held, Seen((*days, bought(date(2026, 3, 6), -1)), date(2026, 3, 6))) is None


def test_families_are_looked_at_each_on_its_own() -> None:
    status = [Tier("gold", spend(1_000), family="status")]
    club = [Tier("green", Reach("visits", 1), family="club")]
    seen = Seen((bought(date(2026, 3, 5), 500),), date(2026, 3, 5))

    assert tier_now(status, None, seen) is None
    assert tier_now(club, None, seen) == TierHeld("club", "green", date(2026, 3, 5))


def test_a_review_past_the_end_of_the_calendar_is_none() -> None:
    day = date(9998, 6, 1)
    days = (bought(day, 1_000),)
    tiers = silver_and_gold(CALENDAR)

    held = tier_now(tiers, None, Seen(days, day))

    assert held == TierHeld("main", "gold", day)
    assert next_look(tiers, held, days, None, day) is None
    assert next_look(silver_and_gold(ANNIVERSARY), held, days, None, day) == date(9999, 6, 1)
    assert next_look(silver_and_gold(ANNIVERSARY), held, days, None, date(9999, 6, 1)) is None


def test_a_grace_that_would_end_past_the_calendar_has_no_end() -> None:
    tiers = [Tier("gold", spend(100, IN_A_YEAR), keep=Keep(grace=Period(12, PeriodUnit.MONTHS)))]
    held = TierHeld("main", "gold", date(9998, 6, 1))

    in_grace = tier_now(tiers, held, Seen((), date(9999, 1, 1)))

    assert in_grace == TierHeld("main", "gold", date(9998, 6, 1), grace_until=date.max)
    assert next_look(tiers, in_grace, (), None, date(9999, 1, 1)) is None


def test_a_grace_ends_when_the_programme_makes_the_tier_a_floor() -> None:
    in_grace = TierHeld("main", "gold", date(2026, 3, 5), grace_until=date(2027, 6, 5))
    tiers = [Tier("gold", spend(1_000), keep=ANNIVERSARY, floor=True)]

    held = tier_now(tiers, in_grace, Seen((), date(2027, 4, 1)))

    assert held == TierHeld("main", "gold", date(2026, 3, 5), floor="gold")


def test_a_tier_that_the_programme_only_gives_from_now_on_is_lost_at_its_review() -> None:
    rolling, yearly = Tier("gold", None), Tier("gold", None, keep=ANNIVERSARY)
    held = TierHeld("main", "gold", date(2026, 3, 5))

    assert tier_now([rolling], held, Seen((), date(2026, 4, 1))) is None
    assert tier_now([yearly], held, Seen((), date(2027, 3, 4))) == held
    assert tier_now([yearly], held, Seen((), date(2027, 3, 5))) is None
    assert missing_to_keep([yearly], held, Seen((), date(2027, 3, 4))) is None


def test_what_is_bought_on_the_day_of_a_missed_review_ends_the_grace_that_began_at_midnight() -> None:
    tiers = [Tier("gold", spend(1_000, IN_A_YEAR), keep=Keep(Review.CALENDAR_YEAR, grace=THREE_MONTHS))]
    days = [bought(date(2026, 3, 5), 1_000), bought(date(2027, 9, 1), 900), bought(date(2028, 1, 1), 100)]

    held = held_on(tiers, days, date(2028, 1, 1))

    assert held == TierHeld("main", "gold", date(2026, 3, 5))
    assert tier_now(tiers, held, Seen(tuple(days), date(2028, 1, 1))) == held
