"""Tiers that are given: as gifts and with paid memberships, beside what is reached by merit."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from cagnotte.domain.tiers.days import DayTotal
from cagnotte.domain.tiers.qualification import Seen, followed, granted, next_look, tier_now, withdrawn
from cagnotte.domain.tiers.terms import HeldBy, Keep, Review, Tier, TierHeld
from domain.tiers.ladders import DAYS, JOINED, LADDERS, TOTALS, bought, folded, spend

SILVER = Tier("silver", spend(300), keep=Keep(Review.ANNIVERSARY))
GOLD = Tier("gold", spend(1_000), keep=Keep(Review.ANNIVERSARY))
PLATINUM = Tier("platinum", None)
TIERS = [SILVER, GOLD, PLATINUM]
MAY, AUGUST, NEXT_MAY = date(2026, 5, 1), date(2026, 8, 1), date(2027, 5, 1)
DAYS_OF_SILVER = (bought(date(2026, 3, 5), 300),)
BY_MERIT = TierHeld("main", "silver", date(2026, 3, 5))
GIFT = TierHeld("main", "gold", MAY, HeldBy.GIFT, AUGUST)


def test_a_gift_is_held_to_the_day_before_its_end_and_then_what_is_reached() -> None:
    held = granted(TIERS, BY_MERIT, "gold", MAY, AUGUST, HeldBy.GIFT)

    assert held == TierHeld("main", "gold", MAY, HeldBy.GIFT, AUGUST, beneath=(BY_MERIT,))
    assert next_look(TIERS, held, DAYS_OF_SILVER, None, MAY) == AUGUST
    assert tier_now(TIERS, held, Seen(DAYS_OF_SILVER, date(2026, 7, 31))) == held
    assert tier_now(TIERS, held, Seen(DAYS_OF_SILVER, AUGUST)) == BY_MERIT


def test_a_gift_never_lowers_what_is_held_by_merit() -> None:
    gold = TierHeld("main", "gold", date(2026, 3, 5))
    days = (bought(date(2026, 3, 5), 1_000),)

    held = granted(TIERS, gold, "silver", MAY, NEXT_MAY, HeldBy.GIFT)

    gift = TierHeld("main", "silver", MAY, HeldBy.GIFT, NEXT_MAY)
    assert held == TierHeld("main", "gold", date(2026, 3, 5), beneath=(gift,))
    assert tier_now(TIERS, held, Seen(days, date(2027, 3, 5))) == gift
    assert tier_now(TIERS, gift, Seen(days, NEXT_MAY)) is None


def test_merit_goes_on_beneath_a_gift_and_stands_above_an_equal_one() -> None:
    held = granted(TIERS, BY_MERIT, "gold", MAY, AUGUST, HeldBy.GIFT)
    days = (*DAYS_OF_SILVER, bought(date(2026, 6, 1), 700))

    reached = tier_now(TIERS, held, Seen(days, date(2026, 6, 1)))

    gold = TierHeld("main", "gold", date(2026, 6, 1))
    assert reached == TierHeld("main", "gold", date(2026, 6, 1), beneath=(GIFT,))
    assert tier_now(TIERS, reached, Seen(days, AUGUST)) == gold


def test_a_member_without_a_tier_falls_to_none_when_the_gift_ends() -> None:
    held = granted(TIERS, None, "platinum", MAY, AUGUST, HeldBy.GIFT)

    assert held == TierHeld("main", "platinum", MAY, HeldBy.GIFT, AUGUST)
    assert tier_now(TIERS, held, Seen((), AUGUST)) is None


def test_a_gift_without_an_end_stays() -> None:
    held = granted(TIERS, None, "platinum", MAY, None, HeldBy.GIFT)

    assert next_look(TIERS, held, (), None, MAY) is None
    assert tier_now(TIERS, held, Seen((), date(2099, 1, 1))) == held


def test_a_gift_of_a_floor_or_of_a_lifetime_tier_ends_as_others_do() -> None:
    tiers = [
        Tier("silver", spend(300), keep=Keep(Review.NEVER)),
        Tier("gold", spend(1_000), keep=Keep(), floor=True),
    ]
    held = granted(tiers, None, "gold", MAY, AUGUST, HeldBy.GIFT)

    assert tier_now(tiers, held, Seen((), AUGUST)) is None


def test_a_paid_tier_that_is_renewed_lasts_to_the_later_end() -> None:
    held = granted(TIERS, None, "gold", MAY, AUGUST, HeldBy.PAID)

    renewed = granted(TIERS, held, "gold", date(2026, 7, 20), NEXT_MAY, HeldBy.PAID)

    assert renewed == TierHeld("main", "gold", MAY, HeldBy.PAID, NEXT_MAY)
    assert granted(TIERS, renewed, "gold", date(2026, 7, 21), AUGUST, HeldBy.PAID) == renewed


def test_a_paid_tier_waits_beneath_a_higher_gift() -> None:
    paid = granted(TIERS, BY_MERIT, "gold", MAY, NEXT_MAY, HeldBy.PAID)

    held = granted(TIERS, paid, "platinum", MAY, AUGUST, HeldBy.GIFT)

    assert [held.tier, *(part.tier for part in held.beneath)] == ["platinum", "gold", "silver"]
    assert next_look(TIERS, held, DAYS_OF_SILVER, None, MAY) == AUGUST
    assert tier_now(TIERS, held, Seen(DAYS_OF_SILVER, AUGUST)) == paid


def test_a_gift_and_a_paid_tier_of_the_same_level_are_both_kept() -> None:
    paid = granted(TIERS, None, "gold", MAY, AUGUST, HeldBy.PAID)
    both = granted(TIERS, paid, "gold", MAY, NEXT_MAY, HeldBy.GIFT)

    assert (both.by, both.until, both.beneath) == (HeldBy.GIFT, NEXT_MAY, (paid,))


def test_a_membership_given_up_takes_its_tier_and_no_other() -> None:
    held = granted(TIERS, BY_MERIT, "gold", MAY, NEXT_MAY, HeldBy.PAID)

    assert withdrawn(TIERS, held, HeldBy.PAID) == BY_MERIT
    assert withdrawn(TIERS, held, HeldBy.GIFT) == held
    assert withdrawn(TIERS, None, HeldBy.PAID) is None


def test_a_gift_of_a_tier_that_the_programme_removed_ends() -> None:
    held = granted(TIERS, BY_MERIT, "gold", MAY, NEXT_MAY, HeldBy.GIFT)

    assert tier_now([SILVER], held, Seen(DAYS_OF_SILVER, date(2026, 5, 2))) == BY_MERIT


def _position(tiers: tuple[Tier, ...], held: TierHeld | None) -> int:
    return [tier.code for tier in tiers].index(held.tier) if held else -1


@given(LADDERS, TOTALS, JOINED, DAYS, st.integers(0, 3), st.integers(0, 500), st.sampled_from([*HeldBy][1:]))
def test_a_gift_raises_or_changes_nothing_and_leaves_no_trace_when_it_ends(  # noqa: PLR0917 - what is invented
    tiers: tuple[Tier, ...],
    totals: list[DayTotal],
    joined_on: date | None,
    today: date,
    number: int,
    length: int,
    by: HeldBy,
) -> None:
    days = folded(totals)
    seen = Seen(tuple(total for total in days if total.day <= today), today, joined_on)
    until = today + timedelta(days=length)
    held = followed(tiers, seen)
    tier = tiers[number % len(tiers)]

    gifted = granted(tiers, held, tier.code, today, until, by)

    assert _position(tiers, gifted) == max(_position(tiers, held), number % len(tiers))
    now = tier_now(tiers, gifted, seen)
    for day in range(length + 1):
        day_seen = Seen(seen.days, today + timedelta(days=day), joined_on)
        held, now = tier_now(tiers, held, day_seen), tier_now(tiers, now, day_seen)
        assert _position(tiers, now) >= _position(tiers, held)
    assert now == held
