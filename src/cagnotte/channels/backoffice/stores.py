"""The stores: their ranking, and one store month by month."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cagnotte.analytics.dashboard.period import history
from cagnotte.analytics.dashboard.stores import StoreYear, ranking, store_year
from cagnotte.channels.backoffice import written
from cagnotte.channels.backoffice.cards import Card
from cagnotte.channels.backoffice.charts import Chart, active_chart, sales_chart
from cagnotte.channels.backoffice.explanations import HOW
from cagnotte.channels.backoffice.pages import Shop, crumb, shop_page, show, store_called
from cagnotte.channels.backoffice.periods import chosen_period, month_choices
from cagnotte.storage.models import Store


@shop_page("store")
def listing(request: HttpRequest, shop: Shop) -> HttpResponse:
    title, crumbs = _("Stores"), [crumb("index", _("Dashboard"))]
    known = history(shop.conn)
    if known is None:
        return show(request, "backoffice/no_sale.html", title=title, crumbs=crumbs)
    period = chosen_period(request, known)
    query = request.GET.get("q", "").strip()
    stores = [each for each in ranking(shop.conn, period) if _is_called(query, each.name, each.external_id)]
    return show(
        request,
        "backoffice/stores.html",
        title=title,
        crumbs=crumbs,
        q=query,
        stores=stores,
        how=HOW,
        period=period,
        month_choices=month_choices(known, period),
        currency=shop.programme.currency,
    )


def _is_called(query: str, *names: str) -> bool:
    return any(query.casefold() in name.casefold() for name in names)


@shop_page("store")
def page(request: HttpRequest, shop: Shop, store_id: int) -> HttpResponse:
    store = Store.objects.filter(pk=store_id).first()
    if store is None:
        raise Http404
    title = store_called(store.name, store.external_id)
    crumbs = [crumb("index", _("Dashboard")), crumb("stores", _("Stores"))]
    known = history(shop.conn)
    if known is None:
        return show(request, "backoffice/no_sale.html", title=title, crumbs=crumbs)
    period = chosen_period(request, known)
    year = store_year(shop.conn, store_id, period)
    currency = shop.programme.currency
    charts: list[Chart] = [sales_chart(year.months, period, currency), active_chart(year.months, period)]
    return show(
        request,
        "backoffice/store.html",
        title=title,
        crumbs=crumbs,
        store=store,
        cards=_cards(year, currency),
        charts=charts,
        period=period,
        month_choices=month_choices(known, period),
    )


def _cards(year: StoreYear, currency: str) -> list[Card]:
    store = year.ranked
    paid = store.member_paid if store else 0
    sales = store.member_sales if store else 0
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
            _("Rank"),
            written.whole(store.rank) if store else "–",
            ngettext("Of %(stores)s store with sales.", "Of %(stores)s stores with sales.", year.stores)
            % {"stores": written.whole(year.stores)},
            HOW["ranking"],
        ),
        Card(
            _("Average basket"),
            written.money(store.average_basket, currency) if sales and store else "–",
            _("Per sale of a member."),
            HOW["average_basket"],
        ),
        Card(
            _("Penetration in sales"),
            written.share(paid, store.paid) if store else "–",
            _("%(money)s without a member.")
            % {"money": written.round_money(store.guest_paid if store else 0, currency)},
            HOW["penetration_sales"],
        ),
        Card(
            _("Members who came"),
            written.whole(year.active_members),
            ngettext(
                "%(members)s member calls it their store.",
                "%(members)s members call it their store.",
                year.home_members,
            )
            % {"members": written.whole(year.home_members)},
            HOW["store_members"],
        ),
    ]
