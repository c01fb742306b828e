"""The dashboard: what a head office looks at every morning."""

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cagnotte.analytics.dashboard.figures import Figures, WalletPoints, figures
from cagnotte.analytics.dashboard.period import history
from cagnotte.analytics.dashboard.stores import ranking
from cagnotte.channels.backoffice import written
from cagnotte.channels.backoffice.cards import Card
from cagnotte.channels.backoffice.charts import Chart, active_chart, new_members_chart, points_chart, sales_chart
from cagnotte.channels.backoffice.explanations import HOW
from cagnotte.channels.backoffice.pages import Shop, shop_page, show
from cagnotte.channels.backoffice.periods import chosen_period, month_choices

_STORES_SHOWN = 10


class WalletRow(msgspec.Struct, frozen=True):
    """One wallet; `value`: what its outstanding points are worth, as written."""

    name: str
    points: WalletPoints
    value: str


class Level(msgspec.Struct, frozen=True):
    """One floor of the tier pyramid; `width` in percent of the widest."""

    label: str
    members: int
    share: str
    width: int
    is_tier: bool


@shop_page("sale")
def page(request: HttpRequest, shop: Shop) -> HttpResponse:
    title = _("Dashboard")
    known = history(shop.conn)
    if known is None:
        return show(request, "backoffice/no_sale.html", title=title)
    period = chosen_period(request, known)
    seen = figures(shop.conn, period, shop.zone)
    stores = ranking(shop.conn, period)
    return show(
        request,
        "backoffice/dashboard.html",
        title=title,
        period=period,
        month_choices=month_choices(known, period),
        currency=shop.programme.currency,
        groups=[
            (_("Members"), member_cards(seen)),
            (_("Members' sales"), sales_cards(seen, shop.programme.currency)),
            (_("Points"), points_cards(seen, shop)),
        ],
        everyone_is_member=seen.total("guest_sales") == 0,
        levels=pyramid(seen, shop),
        wallets=[_wallet(wallet, shop) for wallet in seen.wallets],
        how=HOW,
        charts=_charts(seen, shop.programme.currency),
        stores=stores[:_STORES_SHOWN],
        store_count=len(stores),
    )


def _charts(seen: Figures, currency: str) -> list[Chart]:
    months = seen.months
    return [
        sales_chart(months, seen.shown, currency),
        points_chart(months, seen.shown),
        active_chart(months, seen.shown),
        new_members_chart(months, seen.shown),
    ]


def member_cards(seen: Figures) -> list[Card]:
    last = seen.months[-1]
    new = seen.total("new_members")
    return [
        Card(
            _("Active rate"),
            written.share(seen.active_members, seen.members),
            ngettext(
                "%(active)s member bought in 12 months.",
                "%(active)s members bought in 12 months.",
                seen.active_members,
            )
            % {"active": written.whole(seen.active_members)},
            HOW["active_rate"],
            is_main=True,
        ),
        Card(
            _("Members"),
            written.whole(seen.members),
            _("On %(day)s.") % {"day": written.day(seen.shown.last_day)},
            HOW["members"],
        ),
        Card(
            _("New members over 12 months"),
            written.whole(new),
            _("Of which %(count)s in %(month)s.")
            % {"count": written.whole(last.new_members), "month": written.month(last.month)},
            HOW["new_members"],
        ),
        Card(
            _("Visits per member"),
            written.ratio(seen.total("member_sales"), seen.active_members),
            _("Over 12 months, per active member."),
            HOW["visits"],
        ),
    ]


def sales_cards(seen: Figures, currency: str) -> list[Card]:
    sales, paid = seen.total("member_sales"), seen.total("member_paid")
    guests, guests_paid = seen.total("guest_sales"), seen.total("guest_paid")
    return [
        Card(
            _("Members' sales"),
            written.round_money(paid, currency),
            ngettext("%(sales)s sale in 12 months.", "%(sales)s sales in 12 months.", sales)
            % {"sales": written.whole(sales)},
            HOW["member_sales"],
            is_main=True,
        ),
        Card(
            _("Average basket"),
            written.money(round(paid / sales), currency) if sales else "–",
            _("Per sale of a member."),
            HOW["average_basket"],
        ),
        Card(
            _("Penetration in sales"),
            written.share(paid, paid + guests_paid),
            _("%(money)s without a member.") % {"money": written.round_money(guests_paid, currency)},
            HOW["penetration_sales"],
        ),
        Card(
            _("Penetration in transactions"),
            written.share(sales, sales + guests),
            ngettext("%(sales)s sale without a member.", "%(sales)s sales without a member.", guests)
            % {"sales": written.whole(guests)},
            HOW["penetration_count"],
        ),
    ]


def points_cards(seen: Figures, shop: Shop) -> list[Card]:
    issued, burned, expired = (seen.total(field) for field in ("issued", "burned", "expired"))
    outstanding = sum(wallet.outstanding for wallet in seen.wallets)
    currency = shop.programme.currency
    return [
        Card(
            _("Points outstanding"),
            written.whole(outstanding),
            _value_sentence(value_minor(seen, shop), currency),
            _("%(points)s %(value)s") % {"points": HOW["outstanding"], "value": HOW["value"]},
            is_main=True,
        ),
        Card(_("Points issued"), written.whole(issued), _("In 12 months."), HOW["issued"]),
        Card(
            _("Points burned"),
            written.whole(burned),
            _("%(share)s of the points issued.") % {"share": written.share(burned, issued)},
            HOW["burned"],
        ),
        Card(
            _("Points expired"),
            written.whole(expired),
            _("%(share)s of the points issued.") % {"share": written.share(expired, issued)},
            HOW["expired"],
        ),
        Card(
            _("Vouchers issued"),
            written.whole(seen.vouchers),
            _("Worth %(money)s together.") % {"money": written.round_money(seen.vouchers_minor, currency)},
            HOW["vouchers"],
        ),
    ]


def value_minor(seen: Figures, shop: Shop) -> int | None:
    """What the outstanding points are worth as vouchers, rounded down; None when nothing can be bought."""
    values = [value for wallet in seen.wallets if (value := _wallet_value(wallet, shop)) is not None]
    return sum(values) if values else None


def _wallet_value(wallet: WalletPoints, shop: Shop) -> int | None:
    for conversion in shop.programme.conversions:
        if conversion.wallet == wallet.wallet:
            return wallet.outstanding * conversion.voucher.amount_minor // conversion.points
    return None


def _wallet(wallet: WalletPoints, shop: Shop) -> WalletRow:
    value = _wallet_value(wallet, shop)
    worth = "–" if value is None else written.round_money(value, shop.programme.currency)
    return WalletRow(shop.wallet(wallet.wallet), wallet, worth)


def _value_sentence(minor: int | None, currency: str) -> str:
    if minor is None:
        return _("The programme has no conversion that gives them a value.")
    return _("Worth %(money)s in vouchers.") % {"money": written.round_money(minor, currency)}


def pyramid(seen: Figures, shop: Shop) -> list[Level]:
    """Highest tier first, members without a tier last."""
    codes: list[str | None] = [*reversed(shop.tiers()), None]
    known = [code for code in seen.tiers if code not in codes]
    widest = max(seen.tiers.values(), default=0) or 1
    return [
        Level(
            shop.tier(code),
            members := seen.tiers.get(code, 0),
            written.share(members, seen.members),
            max(1, round(100 * members / widest)) if members else 0,
            is_tier=code is not None,
        )
        for code in [*known, *codes]
        if code is not None or seen.tiers.get(None)
    ]
