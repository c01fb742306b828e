"""The days of a calendar's recurrence rule (RFC 5545), worked out once when a programme is read."""

import re
from datetime import date, datetime, timedelta
from functools import lru_cache

from dateutil.rrule import rrulestr

from cagnotte.domain.earning.terms import Recurrence
from cagnotte.domain.programme.known import RecurrenceError, last_day
from cagnotte.domain.rules import day_number


def _list_of(item: str) -> str:
    return f"(?:{item})(?:,(?:{item}))*"


_OF_YEAR = "[+-]?(?:[1-9][0-9]?|[12][0-9]{2}|3[0-5][0-9]|36[0-6])"
_PARTS = {
    "FREQ": "DAILY|WEEKLY|MONTHLY|YEARLY",
    "INTERVAL": "[1-9][0-9]{0,3}",
    "COUNT": "[1-9][0-9]{0,4}",
    "UNTIL": "[0-9]{8}",
    "BYDAY": _list_of("(?:[+-]?[1-9][0-9]?)?(?:MO|TU|WE|TH|FR|SA|SU)"),
    "BYMONTH": _list_of("0?[1-9]|1[0-2]"),
    "BYMONTHDAY": _list_of("[+-]?(?:0?[1-9]|[12][0-9]|3[01])"),
    "BYYEARDAY": _list_of(_OF_YEAR),
    "BYWEEKNO": _list_of("[+-]?(?:0?[1-9]|[1-4][0-9]|5[0-3])"),
    "BYSETPOS": _list_of(_OF_YEAR),
    "WKST": "MO|TU|WE|TH|FR|SA|SU",
}
_LONGEST = 200
# The calendar is the same every 400 years. Worked out near the last year that there is, a rule that no day
# meets comes to its end after some centuries instead of eighty.
_CYCLES = 19
_AHEAD_YEARS = 400 * _CYCLES
_AHEAD = timedelta(days=146_097 * _CYCLES)


@lru_cache(maxsize=256)
def days_of_recurrence(recurrence: Recurrence) -> frozenset[int]:
    """Day numbers since 1970-01-01, from its first day to its last one (see `last_day`), both included.

    Raises RecurrenceError for what is no rule about days.
    """
    parts = _parts(recurrence.rule)
    begins, ends = recurrence.begins, _ends(recurrence, parts)
    until = datetime(ends.year, ends.month, ends.day) + _AHEAD  # noqa: DTZ001 - days have no zone
    start = datetime(begins.year, begins.month, begins.day) + _AHEAD  # noqa: DTZ001
    if "COUNT" not in parts:
        parts["UNTIL"] = until.strftime("%Y%m%d")
    text = ";".join(f"{name}={value}" for name, value in parts.items())
    try:
        found = rrulestr(text, dtstart=start, cache=False)
    except ValueError as error:
        raise RecurrenceError(recurrence.rule) from error
    return frozenset(day_number((each - _AHEAD).date()) for each in found if each <= until)


def _parts(rule: str) -> dict[str, str]:
    """NAME -> value; each is checked, so that what the library guesses at never reaches it."""
    if len(rule) > _LONGEST:
        raise RecurrenceError(rule[:_LONGEST])
    parts: dict[str, str] = {}
    for part in rule.removeprefix("RRULE:").split(";"):
        name, _, value = part.partition("=")
        if name not in _PARTS or name in parts or re.fullmatch(_PARTS[name], value) is None:
            raise RecurrenceError(part)
        parts[name] = value
    if "FREQ" not in parts or ("UNTIL" in parts and "COUNT" in parts):
        raise RecurrenceError(rule)
    return parts


def _ends(recurrence: Recurrence, parts: dict[str, str]) -> date:
    ends = last_day(recurrence.begins, recurrence.ends)
    if "UNTIL" not in parts:
        return ends
    written = parts.pop("UNTIL")
    try:
        return min(ends, datetime.strptime(written, "%Y%m%d").date())  # noqa: DTZ007
    except ValueError as error:
        raise RecurrenceError(f"UNTIL={written}") from error
