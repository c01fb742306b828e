"""Which days the recurrence rules of calendars mean."""

from datetime import date

import pytest

from cagnotte.application.recurrences import days_of_recurrence
from cagnotte.domain.earning.terms import Recurrence
from cagnotte.domain.programme.known import RecurrenceError
from cagnotte.domain.rules import day_number


def days(rule: str, begins: date, ends: date | None = None) -> list[date]:
    return [date.fromordinal(date(1970, 1, 1).toordinal() + number) for number in _numbers(rule, begins, ends)]


def _numbers(rule: str, begins: date, ends: date | None) -> list[int]:
    return sorted(days_of_recurrence(Recurrence(rule, begins, ends)))


def test_the_first_wednesday_of_each_month() -> None:
    found = days("FREQ=MONTHLY;BYDAY=1WE", date(2026, 1, 1), date(2026, 4, 30))

    assert found == [date(2026, 1, 7), date(2026, 2, 4), date(2026, 3, 4), date(2026, 4, 1)]


def test_every_second_week_counts_from_the_first_day() -> None:
    found = days("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", date(2026, 11, 24), date(2027, 1, 5))

    assert found == [date(2026, 11, 24), date(2026, 12, 8), date(2026, 12, 22), date(2027, 1, 5)]


def test_a_rule_of_a_number_of_days_ends_after_them() -> None:
    assert days("FREQ=DAILY;COUNT=3", date(2026, 12, 30)) == [
        date(2026, 12, 30), date(2026, 12, 31), date(2027, 1, 1),
    ]  # fmt: skip


def test_the_last_day_is_part_of_the_calendar_and_the_earlier_of_two_ends_holds() -> None:
    assert days("FREQ=DAILY;UNTIL=20260103", date(2026, 1, 1)) == [
        date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 3),
    ]  # fmt: skip
    assert days("FREQ=DAILY;UNTIL=20260103", date(2026, 1, 1), date(2026, 1, 2))[-1] == date(2026, 1, 2)


def test_the_29th_of_february_comes_back_in_leap_years_only() -> None:
    found = days("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", date(2024, 1, 1), date(2033, 1, 1))

    assert found == [date(2024, 2, 29), date(2028, 2, 29), date(2032, 2, 29)]


def test_the_last_working_day_of_a_month() -> None:
    found = days("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", date(2026, 1, 1), date(2026, 2, 28))

    assert found == [date(2026, 1, 30), date(2026, 2, 27)]


def test_a_rule_without_an_end_is_worked_out_up_to_2060_and_for_thirty_years_at_least() -> None:
    assert days("FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=31", date(2010, 1, 1))[-1] == date(2060, 12, 31)
    assert days("FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=1", date(2040, 5, 31))[-1] == date(2070, 5, 1)


def test_a_rule_that_no_day_meets_has_no_days() -> None:
    assert days("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", date(2010, 1, 1)) == []


def test_day_numbers_count_from_1970() -> None:
    [number] = days_of_recurrence(Recurrence("FREQ=DAILY;COUNT=1", date(2026, 5, 1)))

    assert number == day_number(date(2026, 5, 1)) == 20_574


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        ("every tuesday", "every tuesday"),
        ("BYDAY=TU", "BYDAY=TU"),
        ("FREQ=HOURLY", "FREQ=HOURLY"),
        ("FREQ=DAILY;BYHOUR=9", "BYHOUR=9"),
        ("FREQ=DAILY;FREQ=DAILY", "FREQ=DAILY"),
        ("FREQ=WEEKLY;BYDAY=MA", "BYDAY=MA"),
        ("FREQ=DAILY;COUNT=0", "COUNT=0"),
        ("FREQ=DAILY;UNTIL=20261301", "UNTIL=20261301"),
        ("FREQ=DAILY;UNTIL=20261201;COUNT=2", "FREQ=DAILY;UNTIL=20261201;COUNT=2"),
        ("FREQ=MONTHLY;BYMONTHDAY=-0", "BYMONTHDAY=-0"),
        ("FREQ=YEARLY;BYMONTH=13", "BYMONTH=13"),
        ("FREQ=YEARLY;BYSETPOS=400", "BYSETPOS=400"),
        ("FREQ=DAILY;" + "BYMONTH=1" * 30, ("FREQ=DAILY;" + "BYMONTH=1" * 30)[:200]),
    ],
)
def test_what_is_no_rule_about_days_is_refused_with_the_part_that_is_wrong(rule: str, found: str) -> None:
    with pytest.raises(RecurrenceError) as refused:
        days_of_recurrence(Recurrence(rule, date(2026, 1, 1)))

    assert refused.value.found == found
