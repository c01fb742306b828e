"""Tiers and histories invented for tests: short ladders of one family, few days over three years."""

from datetime import date, timedelta

from hypothesis import strategies as st

from cagnotte.domain.kernel import Period, PeriodUnit
from cagnotte.domain.tiers.days import DayTotal, with_day
from cagnotte.domain.tiers.terms import Drop, Keep, MeasuredIn, Reach, Review, Tier

START = date(2024, 1, 1)
YEAR = Period(12, PeriodUnit.MONTHS)
THREE_MONTHS = Period(3, PeriodUnit.MONTHS)
COUNTED = ("spend", "visits", "points", "miles")


def spend(at_least: int, window: MeasuredIn = MeasuredIn.ROLLING) -> Reach:
    """A threshold on what was spent; a rolling window is of twelve months."""
    return Reach("spend", at_least, window, YEAR if window is MeasuredIn.ROLLING else None)


def bought(day: date, paid: int) -> DayTotal:
    return DayTotal(day, paid, visits=1)


def folded(totals: list[DayTotal]) -> tuple[DayTotal, ...]:
    days: tuple[DayTotal, ...] = ()
    for total in totals:
        days = with_day(days, total)
    return days


EDGES = (date(2024, 2, 29), date(2024, 12, 31), date(2025, 1, 1), date(2025, 2, 28), date(2026, 1, 1))
DAYS = st.integers(0, 1_000).map(lambda number: START + timedelta(days=number)) | st.sampled_from(EDGES)
PERIODS = st.builds(Period, st.integers(1, 14), st.just(PeriodUnit.MONTHS)) | st.builds(
    Period, st.integers(1, 400), st.just(PeriodUnit.DAYS)
)
_VALUES = st.integers(-300, 300) | st.integers(50, 300)
TOTALS = st.lists(
    st.builds(
        DayTotal,
        DAYS,
        _VALUES,
        _VALUES.map(lambda points: (("points", points),)),
        st.integers(0, 3),
        _VALUES.map(lambda miles: (("miles", miles),)),
    ),
    max_size=10,
)
_THRESHOLDS = st.integers(0, 400)
REACHES = st.builds(
    lambda counts, at_least, window, within: Reach(
        counts,
        at_least % 6 if counts == "visits" else at_least,
        window,
        within if window is MeasuredIn.ROLLING else None,
        "points" if counts == "points" else "",
    ),
    st.sampled_from(COUNTED),
    _THRESHOLDS,
    st.sampled_from(MeasuredIn),
    PERIODS,
)
GRACES = st.none() | st.builds(Period, st.integers(1, 12), st.just(PeriodUnit.MONTHS))
KEEPS = st.builds(Keep, st.sampled_from(Review), st.none() | REACHES, GRACES, st.sampled_from(Drop))


def _ladder(rungs: list[tuple[Reach | None, Keep, bool]]) -> tuple[Tier, ...]:
    return tuple(
        Tier(f"t{number}", reach, keep=keep if reach else Keep(), floor=floor)
        for number, (reach, keep, floor) in enumerate(rungs)
    )


_RARELY = st.sampled_from((True, False, False, False))
LADDERS = st.lists(st.tuples(st.none() | REACHES | REACHES, KEEPS, _RARELY), min_size=1, max_size=4).map(_ladder)
RISING = st.builds(
    lambda counts, window, within, steps, keeps: tuple(
        Tier(
            f"t{number}",
            Reach(
                counts,
                sum(steps[: number + 1]),
                window,
                within if window is MeasuredIn.ROLLING else None,
                "points" if counts == "points" else "",
            ),
            keep=keep,
        )
        for number, keep in enumerate(keeps)
    ),
    st.sampled_from(("spend", "points")),
    st.sampled_from(MeasuredIn),
    PERIODS,
    st.lists(st.integers(1, 200), min_size=4, max_size=4),
    st.lists(
        st.builds(Keep, st.sampled_from(Review), st.none(), GRACES, st.sampled_from(Drop)),
        min_size=1,
        max_size=4,
    ),
)
"""Ladders as a programme would have them: one measure, each tier asks for more than the one below."""

FUNCTIONS_OF_DAYS = st.lists(REACHES, max_size=4).map(
    lambda reaches: tuple(Tier(f"t{number}", reach) for number, reach in enumerate(reaches))
)
"""Ladders with a rolling review and nothing to remember: the tier depends on the days alone."""
JOINED = st.none() | DAYS
