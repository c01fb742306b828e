"""Which twelve months a page shows: chosen in the address, offered in a list."""

from datetime import date

from django.http import HttpRequest

from cagnotte.analytics.dashboard.period import History, Shown, shown
from cagnotte.channels.backoffice import written


def chosen_period(request: HttpRequest, known: History) -> Shown:
    """The twelve months ending with ?month=2017-05; anything unreadable means the last month."""
    try:
        month = date.fromisoformat(f"{request.GET.get('month', '')}-01")
    except ValueError:
        month = None
    return shown(known, month)


def month_choices(known: History, period: Shown) -> list[tuple[str, str, bool]]:
    """(value, what is read, whether it is chosen), newest first."""
    chosen = period.last_day.replace(day=1)
    return [(f"{month:%Y-%m}", written.month(month), month == chosen) for month in known.months()]
