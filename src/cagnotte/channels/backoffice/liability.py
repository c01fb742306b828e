"""The liability of a closed month: what open points stand for, and how many are expected never to be used."""

from datetime import date

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cagnotte.application.show_accounts import AccountsSeen, WalletSeen, show_accounts
from cagnotte.application.show_liability import Cut, Liability
from cagnotte.application.show_rollforward import Column, Role, Rollforward
from cagnotte.channels.backoffice import written
from cagnotte.channels.backoffice.cards import Card
from cagnotte.channels.backoffice.explanations import HOW
from cagnotte.channels.backoffice.pages import Shop, crumb, shop_page, show, store_called
from cagnotte.channels.backoffice.programme_desk import actor_of
from cagnotte.domain.breakage.estimate import CohortEstimate
from cagnotte.domain.breakage.made import Made
from cagnotte.domain.programme.document import called
from cagnotte.storage.models import Store

_WHOLE = 10_000
_AGES = 13  # columns of the triangle that fit on a page


class Row(msgspec.Struct, frozen=True):
    name: str
    of: Liability


class RolledRow(msgspec.Struct, frozen=True):
    """`minors`: before the month, what each column changed, and at its end."""

    name: str
    minors: list[int]


class CohortRow(msgspec.Struct, frozen=True):
    """`bar`: used, expected to be used, never used, in percent of what was given. `ages`: used by each age."""

    month: date
    of: CohortEstimate
    bar: tuple[float, float, float]
    applied: int
    ages: list[str]

    @property
    def marks(self) -> list[tuple[int, float, float]]:
        """(series, from, width) of the parts of the bar."""
        found, start = [], 0.0
        for number, width in enumerate(self.bar, start=1):
            found.append((number, round(start, 2), round(width, 2)))
            start += width
        return found


class WalletRow(msgspec.Struct, frozen=True):
    name: str
    seen: WalletSeen
    cohorts: list[CohortRow]
    ages: list[int]


@shop_page("accounts.read")
def page(request: HttpRequest, shop: Shop) -> HttpResponse:
    title, crumbs = _("Liability"), [crumb("index", _("Dashboard"))]
    found = show_accounts(shop.conn, actor_of(request), month_asked(request.GET.get("month", "")))
    if found is None:
        return show(request, "backoffice/no_closing.html", title=title, crumbs=crumbs)
    cut = _cut(request.GET.get("by", ""))
    rows = [row for row in found.liability.rows if row.cut is cut]
    return show(
        request,
        "backoffice/liability.html",
        title=title,
        crumbs=crumbs,
        month=found.liability.period.month,
        month_choices=[
            (f"{each:%Y-%m}", written.month(each), each == found.liability.period.month) for each in found.months
        ],
        currency=found.liability.period.currency,
        cards=_cards(found, rows),
        cuts=[(each.value, _CUTS[each](), each is cut) for each in Cut],
        by=cut.value,
        heading=_CUTS[cut](),
        rows=_named(rows, cut, shop),
        sums=_sums(rows, cut),
        rolled=[_rolled(row) for row in found.rolled.rows],
        wallets=[_wallet(each, shop) for each in found.wallets],
        how=HOW,
    )


_CUTS = {
    Cut.COHORT: lambda: _("Month of earning"),
    Cut.WALLET: lambda: _("Wallet"),
    Cut.TIER: lambda: _("Status"),
    Cut.STORE: lambda: _("Store"),
}


def month_asked(text: str) -> date | None:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return None


def _cut(text: str) -> Cut:
    return Cut(text) if text in set(Cut) else Cut.COHORT


def _sums(rows: list[Liability], cut: Cut) -> Liability:
    return Liability(
        cut,
        "",
        sum(row.points for row in rows),
        sum(row.value_minor for row in rows),
        sum(row.expected_points for row in rows),
        sum(row.deferred_minor for row in rows),
        sum(row.provision_minor for row in rows),
    )


def _cards(found: AccountsSeen, rows: list[Liability]) -> list[Card]:
    currency, whole = found.liability.period.currency, _sums(rows, Cut.WALLET)
    cards = [
        Card(
            _("Balance"),
            written.money(whole.balance_minor, currency),
            _("At the end of %(month)s.") % {"month": written.month(found.liability.period.month)},
            HOW["liability"],
            is_main=True,
        ),
        Card(
            _("Points open"),
            written.whole(whole.points),
            _("Worth %(money)s to who uses them.") % {"money": written.money(whole.value_minor, currency)},
            HOW["liability_points"],
        ),
        Card(
            _("Expected to be used"),
            written.whole(whole.expected_points),
            _("%(share)s of the points open.") % {"share": written.share(whole.expected_points, whole.points)},
            HOW["liability_expected"],
        ),
    ]
    for each in found.wallets[:1]:
        cards.append(_breakage_card(each.made))
    return cards


def _breakage_card(made: Made) -> Card:
    new = made.estimate.new
    return Card(
        _("Breakage, estimated"),
        written.share(new.value, _WHOLE),
        _("From %(low)s to %(high)s; the accounts count with %(applied)s.")
        % {
            "low": written.share(new.low, _WHOLE),
            "high": written.share(new.high, _WHOLE),
            "applied": written.share(made.applied_new, _WHOLE),
        },
        HOW["breakage"],
    )


def _named(rows: list[Liability], cut: Cut, shop: Shop) -> list[Row]:
    """As people read the codes; months as they come, all else by what is owed."""
    if cut is Cut.COHORT:
        return [Row(written.month(date.fromisoformat(f"{row.code}-01")), row) for row in rows]
    ordered = sorted(rows, key=lambda row: (-row.balance_minor, row.code))
    if cut is Cut.TIER:
        return [Row(shop.tier(row.code or None), row) for row in ordered]
    if cut is Cut.WALLET:
        return [Row(shop.wallet(row.code), row) for row in ordered]
    names = dict(
        Store.objects.filter(external_id__in=[row.code for row in rows]).values_list("external_id", "name")
    )
    return [
        Row(store_called(names.get(row.code, ""), row.code) if row.code else _("No store"), row) for row in ordered
    ]


_ACCOUNTS = {
    Role.DEFERRED: lambda: _("Deferred revenue"),
    Role.PROVISION: lambda: _("Provision"),
    Role.RECEIVABLE: lambda: _("Owed by partners"),
}


def _rolled(row: Rollforward) -> RolledRow:
    name = _ACCOUNTS[row.role]()
    if row.partner:
        partner = called(row.name, row.partner, get_language() or "en")
        name = _("%(account)s, “%(partner)s”") % {"account": name, "partner": partner}
    return RolledRow(name, [row.opening, *(row.changes[column] for column in Column), row.closing])


def _wallet(seen: WalletSeen, shop: Shop) -> WalletRow:
    made = seen.made
    ages = list(range(min(len(made.estimate.hazards.used), _AGES)))
    cohorts = [_cohort(each, made, ages) for each in reversed(made.estimate.cohorts)]
    return WalletRow(shop.wallet(made.estimate.wallet), seen, cohorts, ages)


def _cohort(each: CohortEstimate, made: Made, ages: list[int]) -> CohortRow:
    given = max(each.seen.given - each.seen.taken, 0)
    used = min(max(each.seen.used, 0), given)
    to_come = min(each.use.value, given - used)
    parts = (used, to_come, given - used - to_come)
    bar = tuple(100 * part / given if given else 0.0 for part in parts)
    column, sums, so_far = made.columns[each.cohort], [], 0
    for cell in column:
        so_far += cell.used
        sums.append(written.share(so_far, given))
    shown = [sums[age] if age < len(sums) else "" for age in ages]
    return CohortRow(each.cohort, each, (bar[0], bar[1], bar[2]), made.applied[each.cohort], shown)
