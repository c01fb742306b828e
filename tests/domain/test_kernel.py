"""Days and periods: what lies after a day, and which days still count."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cagnotte.domain.kernel import Period, PeriodUnit, day_after, first_day_counted

DAYS_AROUND_LEAP_YEARS = st.dates(date(1999, 1, 1), date(2032, 12, 31))
PERIODS = st.builds(Period, st.integers(1, 40), st.sampled_from(PeriodUnit))


@pytest.mark.parametrize(
    ("day", "count", "unit", "after"),
    [
        (date(2026, 1, 31), 1, "months", date(2026, 2, 28)),
        (date(2028, 1, 31), 1, "months", date(2028, 2, 29)),
        (date(2024, 2, 29), 12, "months", date(2025, 2, 28)),
        (date(2024, 2, 29), 48, "months", date(2028, 2, 29)),
        (date(2026, 12, 15), 1, "months", date(2027, 1, 15)),
        (date(2026, 11, 30), 3, "months", date(2027, 2, 28)),
        (date(2026, 2, 28), 1, "days", date(2026, 3, 1)),
        (date(2026, 12, 2), 30, "days", date(2027, 1, 1)),
    ],
)
def test_a_period_after_a_day_keeps_the_day_of_the_month_where_it_exists(
    day: date, count: int, unit: str, after: date
) -> None:
    assert day_after(day, Period(count, PeriodUnit(unit))) == after


@given(DAYS_AROUND_LEAP_YEARS, PERIODS)
def test_a_later_day_never_ends_sooner(day: date, period: Period) -> None:
    assert day < day_after(day, period) <= day_after(day + timedelta(days=1), period)


@given(DAYS_AROUND_LEAP_YEARS, PERIODS)
def test_the_first_day_counted_is_the_oldest_one_whose_period_has_not_ended(today: date, period: Period) -> None:
    days = [today - timedelta(days=back) for back in range(0, 1300)]

    assert first_day_counted(today, period) == min(day for day in days if day_after(day, period) > today)


@pytest.mark.parametrize("period", [Period(400, PeriodUnit.DAYS), Period(12, PeriodUnit.MONTHS)])
def test_the_beginning_of_the_calendar_counts_when_the_period_reaches_past_it(period: Period) -> None:
    assert first_day_counted(date(1, 3, 1), period) == date.min


@pytest.mark.parametrize("period", [Period(400, PeriodUnit.DAYS), Period(12, PeriodUnit.MONTHS)])
def test_a_day_past_the_calendar_is_refused(period: Period) -> None:
    with pytest.raises(OverflowError):
        day_after(date(9999, 6, 1), period)


def test_a_period_is_said_in_words() -> None:
    assert [str(Period(1, PeriodUnit.MONTHS)), str(Period(30, PeriodUnit.DAYS))] == ["1 month", "30 days"]
