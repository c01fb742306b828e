"""Charts as plain data: the page draws them, and shows the same figures as a table."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date

import msgspec
from django.utils.translation import gettext as _

from cagnotte.analytics.dashboard.figures import Month
from cagnotte.analytics.dashboard.period import Shown
from cagnotte.channels.backoffice import written
from cagnotte.domain.programme.currencies import DECIMALS


class Series(msgspec.Struct, frozen=True):
    """One set of bars; `written` are the same values as the table shows them."""

    name: str
    values: list[float]
    written: list[str]
    stack: str | None = None


class Chart(msgspec.Struct, frozen=True):
    """A chart by month. `whole`: whether each month lies wholly in the period, else its bar is paler.

    `unit`: a currency's code, or empty for plain numbers.
    """

    code: str
    title: str
    labels: list[str]
    whole: list[bool]
    series: list[Series]
    unit: str = ""

    def data(self) -> dict[str, object]:
        """What the script needs, for `json_script`."""
        plain: dict[str, object] = msgspec.to_builtins(self)
        return plain

    def rows(self) -> list[tuple[str, list[str]]]:
        return [
            (label, [series.written[index] for series in self.series]) for index, label in enumerate(self.labels)
        ]


def sales_chart(months: Sequence[Month], period: Shown, currency: str) -> Chart:
    """Members' sales, and guests' where there are any."""
    series = [_money(_("Members' sales"), [month.member_paid for month in months], currency)]
    if any(month.guest_sales for month in months):
        series.append(_money(_("Guests' sales"), [month.guest_paid for month in months], currency))
    return _by_month("sales", _("Sales by month"), months, period, series, unit=currency)


def points_chart(months: Sequence[Month], period: Shown) -> Chart:
    series = [
        _count(_("Points issued"), [month.issued for month in months]),
        _count(_("Points burned"), [month.burned for month in months]),
        _count(_("Points expired"), [month.expired for month in months]),
    ]
    return _by_month("points", _("Points by month"), months, period, series)


def active_chart(months: Sequence[Month], period: Shown) -> Chart:
    series = [_count(_("Members with a sale in the month"), [month.active_members for month in months])]
    return _by_month("active", _("Active members by month"), months, period, series)


def new_members_chart(months: Sequence[Month], period: Shown) -> Chart:
    series = [_count(_("New members"), [month.new_members for month in months])]
    return _by_month("new", _("New members by month"), months, period, series)


def _by_month(
    code: str, title: str, months: Sequence[Month], period: Shown, series: list[Series], *, unit: str = ""
) -> Chart:
    labels = [written.short_month(month.month) for month in months]
    whole = [_is_whole(month.month, period) for month in months]
    return Chart(code, title, labels, whole, series, unit)


def _is_whole(first: date, period: Shown) -> bool:
    last = first.replace(day=monthrange(first.year, first.month)[1])
    return period.first_day <= first and last <= period.last_day


def _money(name: str, minors: list[int], currency: str) -> Series:
    units = [minor / 10 ** DECIMALS[currency] for minor in minors]
    return Series(name, units, [written.money(minor, currency) for minor in minors], "sales")


def _count(name: str, counts: list[int]) -> Series:
    return Series(name, [float(count) for count in counts], [written.whole(count) for count in counts])
