"""[calendars.CODE]: days of a recurrence rule (RFC 5545), single days, and hours."""

import re
from datetime import date

from cagnotte.domain.earning.terms import Calendar, Recurrence
from cagnotte.domain.programme.faults import ProgrammeFaultCode as Code
from cagnotte.domain.programme.known import EARLIEST, CalendarDays, RecurrenceError
from cagnotte.domain.programme.reading import Table
from cagnotte.domain.programme.reading_times import day_of, days_of, hours_of
from cagnotte.domain.rules import day_number

_COUNTED = re.compile(r"(?:COUNT|INTERVAL)=")
_DAYS_SAID = re.compile(r"FREQ=DAILY|BY(?:DAY|MONTHDAY|YEARDAY|WEEKNO)=")


def calendar(code: str, table: Table, calendar_days: CalendarDays) -> Calendar:
    days = _recurring(table, calendar_days) | _numbers(days_of(table, "days"))
    days -= _numbers(days_of(table, "except"))
    if not days and not table.has_fault():
        table.fault(Code.NO_DAYS, code=code)
    return Calendar(code, days, hours_of(table, "hours"), table.name())


def _recurring(table: Table, calendar_days: CalendarDays) -> frozenset[int]:
    rule = table.text("rule")
    begins, ends = day_of(table, "from"), day_of(table, "until")
    if not rule:
        return frozenset()
    if begins is not None and ends is not None and begins > ends:
        table.fault(Code.ENDS_BEFORE_IT_BEGINS, "until", first="from", second="until")
        return frozenset()
    if begins is None and _needs_first_day(rule):
        table.fault(Code.MISSING, "from", name="from")
        return frozenset()
    try:
        return calendar_days(Recurrence(rule, begins or EARLIEST, ends))
    except RecurrenceError as error:
        table.fault(Code.BAD_RECURRENCE, "rule", found=error.found)
        return frozenset()


def _needs_first_day(rule: str) -> bool:
    """Every second week, ten times, or every week on the day of the first one: counted from which day?"""
    return _COUNTED.search(rule) is not None or ("FREQ=" in rule and _DAYS_SAID.search(rule) is None)


def _numbers(days: tuple[date, ...]) -> frozenset[int]:
    return frozenset(day_number(day) for day in days)
