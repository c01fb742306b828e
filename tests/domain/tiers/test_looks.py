"""When a tier is looked at: as often as one likes on a day, and on no day that cannot change it."""

from datetime import date, timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from cagnotte.domain.rules import BOOL, INT, compile_rule
from cagnotte.domain.tiers.days import DayTotal, with_day
from cagnotte.domain.tiers.qualification import Seen, followed, granted, next_look, tier_now
from cagnotte.domain.tiers.terms import HeldBy, Reach, Tier, TierHeld
from domain.tiers.ladders import DAYS, FUNCTIONS_OF_DAYS, JOINED, LADDERS, RISING, START, TOTALS, folded

ANY_LADDER = LADDERS | RISING


def _known(totals: list[DayTotal], today: date) -> tuple[DayTotal, ...]:
    return folded([total for total in totals if total.day <= today])


def _day_by_day(
    tiers: tuple[Tier, ...], days: tuple[DayTotal, ...], joined_on: date | None, today: date
) -> TierHeld | None:
    """Looks at 00:00 of each and every day, and after its sales."""
    first = min([today, *(total.day for total in days), *([joined_on] if joined_on else [])])
    held = tier_now(tiers, None, Seen((), first, joined_on))
    for number in range((today - first).days + 1):
        day = first + timedelta(days=number)
        for upto in (day - timedelta(days=1), day):
            seen = Seen(tuple(total for total in days if total.day <= upto), day, joined_on)
            held = tier_now(tiers, held, seen)
    return held


@settings(deadline=None)
@given(ANY_LADDER, TOTALS, JOINED, DAYS)
def test_a_look_at_every_day_finds_what_looks_on_the_named_days_find(
    tiers: tuple[Tier, ...], totals: list[DayTotal], joined_on: date | None, today: date
) -> None:
    days = _known(totals, today)

    assert followed(tiers, Seen(days, today, joined_on)) == _day_by_day(tiers, days, joined_on, today)


@given(ANY_LADDER, TOTALS, JOINED, DAYS)
def test_a_second_look_on_the_same_day_finds_the_same(
    tiers: tuple[Tier, ...], totals: list[DayTotal], joined_on: date | None, today: date
) -> None:
    held = followed(tiers, Seen(_known(totals, today), today, joined_on))

    again = tier_now(tiers, held, Seen(_known(totals, today), today, joined_on))

    assert again == held


@given(
    ANY_LADDER, TOTALS, JOINED, DAYS, st.lists(st.tuples(st.integers(0, 3), DAYS, st.none() | DAYS), max_size=3)
)
def test_between_today_and_the_next_look_nothing_changes(
    tiers: tuple[Tier, ...],
    totals: list[DayTotal],
    joined_on: date | None,
    today: date,
    gifts: list[tuple[int, date, date | None]],
) -> None:
    seen = Seen(_known(totals, today), today, joined_on)
    held = followed(tiers, seen)
    for number, since, until in gifts:
        held = granted(tiers, held, tiers[number % len(tiers)].code, since, until, HeldBy.GIFT)
    held = tier_now(tiers, held, seen)

    look = next_look(tiers, held, seen.days, joined_on, today)

    quiet_until = look or today + timedelta(days=900)
    assert quiet_until > today
    for number in range(min((quiet_until - today).days, 900)):
        day = today + timedelta(days=number)
        assert tier_now(tiers, held, Seen(seen.days, day, joined_on)) == held


@given(FUNCTIONS_OF_DAYS, TOTALS, JOINED, DAYS, st.randoms())
def test_sales_in_any_order_of_arrival_lead_to_the_same_tier(
    tiers: tuple[Tier, ...], totals: list[DayTotal], joined_on: date | None, today: date, dice: Random
) -> None:
    shuffled = list(totals)
    dice.shuffle(shuffled)
    days: tuple[DayTotal, ...] = ()
    held, as_of = None, START

    for total in [*shuffled, DayTotal(today, 0)]:
        days = with_day(days, total)
        for day in sorted({total.day, as_of}):
            as_of = max(as_of, day)
            held = tier_now(tiers, held, Seen(days, as_of, joined_on))

    in_order = followed(tiers, Seen(days, as_of, joined_on))
    assert (held and held.tier) == (in_order and in_order.tier)


def test_a_day_that_is_known_already_and_yet_to_come_is_looked_at() -> None:
    tiers = (Tier("silver", Reach("spend", 100)),)
    days = (DayTotal(START, 50), DayTotal(date(2024, 5, 1), 50))

    assert next_look(tiers, None, days, None, START) == date(2024, 5, 1)


def test_a_tier_kept_by_a_condition_on_the_day_is_looked_at_tomorrow() -> None:
    early = compile_rule("day < 20000", gives=BOOL, scope={"day": INT})
    tiers = (Tier("early", Reach("", 0, when=early)),)
    held = TierHeld("main", "early", START)

    assert next_look(tiers, held, (), None, START) == START + timedelta(days=1)


@settings(max_examples=400, deadline=None)
@given(ANY_LADDER, TOTALS, JOINED, DAYS, st.integers(0, 500))
def test_who_asks_up_to_a_day_hears_of_every_look_up_to_it(
    tiers: tuple[Tier, ...], totals: list[DayTotal], joined_on: date | None, today: date, ahead: int
) -> None:
    days, upto = folded(totals), today + timedelta(days=ahead)
    held = followed(tiers, Seen(_known(totals, today), today, joined_on))
    due = next_look(tiers, held, days, joined_on, today)

    found = next_look(tiers, held, days, joined_on, today, upto=upto)

    if due is not None and due <= upto:
        assert found == due
    else:
        assert found is None or found > upto
