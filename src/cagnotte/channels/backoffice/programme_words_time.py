"""When things of a programme hold, and up to where: lives, calendars and caps, in words."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from babel.dates import format_date
from django.utils.translation import get_language, gettext

from cagnotte.channels.backoffice import written
from cagnotte.channels.backoffice.pages import in_words
from cagnotte.channels.backoffice.programme_words_shape import (
    Item,
    all_of,
    any_of,
    counted,
    item,
    money,
    period,
    points_of,
    quoted,
    say,
)
from cagnotte.channels.wording import N_, Nn_
from cagnotte.domain.earning.terms import Calendar, Cap, CapUnit, Every, Life, Scope
from cagnotte.domain.programme.document import Programme

_EPOCH = date(1970, 1, 1)
_SHOWN_DAYS = 12
_WEEK = 7
_DAY_MINUTES = 24 * 60
_SCOPES = {
    Scope.MEMBER: N_("per member"),
    Scope.HOUSEHOLD: N_("per household"),
    Scope.STORE: N_("per store"),
    Scope.PROGRAMME: N_("for the whole programme"),
}
_WINDOWS = {
    Every.SALE: N_("in each sale"),
    Every.HOUR: N_("each hour"),
    Every.DAY: N_("each day"),
    Every.WEEK: N_("each week"),
    Every.MONTH: N_("each month"),
    Every.QUARTER: N_("each quarter"),
    Every.YEAR: N_("each year"),
    Every.EVER: N_("in all"),
}


def life(holds: Life) -> str:
    """From when to when something holds; "" when it always does. An end at 00:00 is the end of the day before."""
    begins = _beginning(holds.begins) if holds.begins else ""
    ends = _end(holds.ends) if holds.ends else ""
    if begins and ends:
        return say("It holds from %(begins)s to %(ends)s.", begins=begins, ends=ends)
    if begins:
        return say("It holds from %(begins)s on.", begins=begins)
    return say("It holds until %(ends)s.", ends=ends) if ends else ""


def during(programme: Programme, codes: Sequence[str]) -> str:
    if not codes:
        return ""
    names = {each.code: each.name for each in programme.calendars}
    calendars = any_of([quoted(in_words(names.get(code, {}), code)) for code in codes])
    return say("It holds only during %(calendars)s.", calendars=calendars)


def cap(programme: Programme, limit: Cap) -> str:
    """`At most 200 points per member, each day.`"""
    return say("At most %(most)s %(per)s, %(every)s.", **_terms(programme, limit))


def shared_cap(programme: Programme, code: str) -> str:
    """A cap of a name, which rules share."""
    terms = _terms(programme, programme.cap(code))
    return say(
        "With the other rules of the cap “%(code)s”, at most %(most)s %(per)s, %(every)s.", code=code, **terms
    )


def budget(programme: Programme, limit: Cap) -> str:
    """A limit of an offer: so often, or so much off."""
    terms = _terms(programme, limit)
    if limit.unit is CapUnit.MONEY:
        return say("Its budget is %(most)s %(per)s, %(every)s.", **terms)
    return say("Given at most %(most)s %(per)s, %(every)s.", **terms)


def calendar(each: Calendar) -> Item:
    """Which days and hours a calendar holds."""
    return item(each.name, each.code, [_days(each), _hours(each)])


def weekday(number: int) -> str:
    """The name of a day of the week, 0 for Monday."""
    return str(format_date(date(2024, 1, 1 + number), "EEEE", locale=_locale()))


def _terms(programme: Programme, limit: Cap) -> dict[str, str]:
    match limit.unit:
        case CapUnit.POINTS:
            most = points_of(limit.most)
        case CapUnit.MONEY:
            most = money(programme, limit.most)
        case CapUnit.TIMES:
            most = counted(Nn_("%(number)s time", "%(number)s times"), limit.most)
    every = (
        say("within %(period)s", period=period(limit.within)) if limit.within else gettext(_WINDOWS[limit.every])
    )
    return {"most": most, "per": gettext(_SCOPES[limit.scope]), "every": every}


def _beginning(at: datetime) -> str:
    return written.day(at.date()) if at.time() == time.min else written.instant(at)


def _end(at: datetime) -> str:
    if at.time() == time.max:
        return written.day(at.date())
    if at.time() == time.min and at.date() > date.min:
        return written.day(at.date() - timedelta(days=1))
    return written.instant(at)


def _days(each: Calendar) -> str:
    days = [_EPOCH + timedelta(days=number) for number in sorted(each.days)]
    if not days:
        return say("No day.")
    if len(days) <= _SHOWN_DAYS:
        return say("These days: %(days)s.", days=all_of([written.day(day) for day in days]))
    ends = {"first": written.day(days[0]), "last": written.day(days[-1])}
    weekdays = sorted({day.weekday() for day in days})
    if len(weekdays) == _WEEK:
        forms = Nn_("%(number)s day from %(first)s to %(last)s.", "%(number)s days from %(first)s to %(last)s.")
        return counted(forms, len(days), **ends)
    forms = Nn_(
        "%(number)s day from %(first)s to %(last)s: %(weekdays)s.",
        "%(number)s days from %(first)s to %(last)s: %(weekdays)s.",
    )
    return counted(forms, len(days), weekdays=", ".join(weekday(number) for number in weekdays), **ends)


def _hours(each: Calendar) -> str:
    if not each.hours:
        return ""
    ranges = [f"{_clock(first)}–{_clock(last)}" for first, last in each.hours]
    return say("Only at these hours: %(hours)s.", hours=", ".join(ranges))


def _clock(minute: int) -> str:
    minute = minute if minute == _DAY_MINUTES else minute % _DAY_MINUTES
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _locale() -> str:
    return "fr" if (get_language() or "").startswith("fr") else "en"
