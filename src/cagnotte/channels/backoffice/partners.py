"""What partners pay for the points given in their name, month by month."""

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cagnotte.application.show_partner import PartnerStatement
from cagnotte.application.show_partner_rules import FundedBy
from cagnotte.application.show_partners import PartnersSeen, show_partners
from cagnotte.channels.backoffice import written
from cagnotte.channels.backoffice.cards import Card
from cagnotte.channels.backoffice.explanations import HOW
from cagnotte.channels.backoffice.liability import month_asked
from cagnotte.channels.backoffice.pages import Shop, crumb, in_words, shop_page, show, store_called
from cagnotte.channels.backoffice.programme_desk import actor_of
from cagnotte.storage.models import Store


class PartnerRow(msgspec.Struct, frozen=True):
    name: str
    price: str
    given: int
    taken_back: int
    of: PartnerStatement


class PartRow(msgspec.Struct, frozen=True):
    """A store, or a rule."""

    name: str
    wallet: str
    given: int
    taken_back: int
    points: int


@shop_page("partners.read")
def page(request: HttpRequest, shop: Shop) -> HttpResponse:
    """`?partner=acme` shows its stores and rules."""
    title, crumbs = _("Partners"), [crumb("index", _("Dashboard"))]
    asked = request.GET.get("partner", "")
    month = month_asked(request.GET.get("month", ""))
    found = show_partners(shop.conn, shop.published, actor_of(request), month, asked)
    if found is None:
        return show(request, "backoffice/no_partners.html", title=title, crumbs=crumbs)
    chosen = next((each for each in found.statements if each.partner == found.partner), None)
    return show(
        request,
        "backoffice/partners.html",
        title=title,
        crumbs=crumbs,
        month=found.month,
        month_choices=[(f"{each:%Y-%m}", written.month(each), each == found.month) for each in found.months],
        currency=shop.programme.currency,
        cards=_cards(found, shop),
        rows=[_row(each, shop) for each in found.statements],
        partner=found.partner,
        partner_name=shop.partner(found.partner),
        stores=_stores(chosen, shop) if chosen else [],
        rules=[_rule(each, shop) for each in found.rules],
        how=HOW,
    )


def _cards(found: PartnersSeen, shop: Shop) -> list[Card]:
    owed = sum(each.amount_minor for each in found.statements)
    points = sum(each.points for each in found.statements)
    when = _("Posted in %(month)s.") % {"month": written.month(found.month)}
    return [
        Card(
            _("Owed by partners"),
            written.money(owed, shop.programme.currency),
            when,
            HOW["partners"],
            is_main=True,
        ),
        Card(_("Points paid by partners"), written.whole(points), when, HOW["partners_points"]),
    ]


def _row(statement: PartnerStatement, shop: Shop) -> PartnerRow:
    given = sum(row.given for row in statement.rows)
    back = sum(row.taken_back for row in statement.rows)
    price = ngettext(
        "%(money)s for %(points)s point", "%(money)s for %(points)s points", statement.price.points
    ) % {
        "money": written.money(statement.price.amount_minor, statement.currency),
        "points": written.whole(statement.price.points),
    }
    return PartnerRow(shop.partner(statement.partner), price, given, back, statement)


def _stores(statement: PartnerStatement, shop: Shop) -> list[PartRow]:
    codes = [row.store for row in statement.rows]
    names = dict(Store.objects.filter(external_id__in=codes).values_list("external_id", "name"))
    return [
        PartRow(
            store_called(names.get(row.store, ""), row.store) if row.store else _("No store"),
            shop.wallet(row.wallet),
            row.given,
            row.taken_back,
            row.points,
        )
        for row in statement.rows
    ]


def _rule(row: FundedBy, shop: Shop) -> PartRow:
    programme = shop.programme
    names = {each.code: each.name for each in programme.offers} | {each.code: each.name for each in programme.earn}
    called = in_words(names.get(row.rule, {}), row.rule) if row.rule else _("No decision is kept")
    return PartRow(called, shop.wallet(row.wallet), row.given, row.taken_back, row.points)
