"""While it is quiet, a look at the tiers finds what it found: against a look at every day."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from cagnotte.domain.tiers.days import DayTotal, with_day
from cagnotte.domain.tiers.qualification import Seen, tier_now
from cagnotte.domain.tiers.quiet import Quiet, quiet_from
from cagnotte.domain.tiers.terms import MeasuredIn, Tier, TierHeld
from domain.tiers.ladders import JOINED, LADDERS, RISING, START, bought, spend

GIVEN = st.integers(0, 120)
ADDED = st.lists(
    st.builds(
        lambda gap, paid, points, visits, miles: (
            gap,
            DayTotal(START, paid, (("points", points),), visits, (("miles", miles),)),
        ),
        st.integers(0, 120),
        GIVEN,
        GIVEN | st.integers(-30, 0),
        st.integers(0, 2),
        GIVEN,
    ),
    min_size=1,
    max_size=12,
)


@settings(deadline=None)  # some hundreds of looks
@given(LADDERS | RISING, ADDED, JOINED)
def test_nothing_changes_while_it_is_quiet(
    tiers: tuple[Tier, ...], added: list[tuple[int, DayTotal]], joined_on: date | None
) -> None:
    today = START
    days: tuple[DayTotal, ...] = ()
    held: TierHeld | None = None
    quiet: Quiet | None = None
    for gap, total in added:
        for _ in range(gap):
            today += timedelta(days=1)
            held, quiet = _look(tiers, held, quiet, Seen(days, today, joined_on))
        counted = DayTotal(today, total.paid, total.earned, total.visits, total.measured)
        days = with_day(days, counted)
        if quiet is not None and not quiet.add(counted):
            quiet = None
        held, quiet = _look(tiers, held, quiet, Seen(days, today, joined_on))


def test_less_than_the_room_raises_nobody_and_the_room_does() -> None:
    silver = Tier("silver", spend(1_000))
    days = (bought(START, 400),)

    quiet = quiet_from([([silver], None)], days, None, START)

    assert quiet is not None
    assert quiet.until == date.max
    assert quiet.add(bought(START, 599))
    assert not quiet.add(bought(START, 1))


def test_it_is_quiet_until_the_tier_is_lost() -> None:
    silver = Tier("silver", spend(1_000))
    days = (bought(START, 1_000),)
    held = tier_now([silver], None, Seen(days, START))

    quiet = quiet_from([([silver], held)], days, None, START)

    assert quiet is not None
    assert quiet.until == date(START.year + 1, START.month, START.day)


def test_a_day_of_returns_is_never_quiet() -> None:
    silver = Tier("silver", spend(1_000, MeasuredIn.EVER))

    assert quiet_from([([silver], None)], (bought(START, -1),), None, START) is None


def test_what_is_taken_back_ends_the_quiet() -> None:
    quiet = quiet_from([([Tier("silver", spend(1_000))], None)], (), None, START)

    assert quiet is not None
    assert not quiet.add(bought(START, -1))


def _look(
    tiers: tuple[Tier, ...], held: TierHeld | None, quiet: Quiet | None, seen: Seen
) -> tuple[TierHeld | None, Quiet | None]:
    now = tier_now(tiers, held, seen)
    if quiet is not None and seen.today < quiet.until:
        assert now == held, (seen, quiet)
        return held, quiet
    return now, quiet_from([(tiers, now)], seen.days, seen.joined_on, seen.today)
