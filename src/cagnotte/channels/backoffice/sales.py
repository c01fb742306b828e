"""The sales: their list, and one sale explained rule by rule."""

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from cagnotte.application.after_sale import after_sale
from cagnotte.application.explain_sale import explain_sale
from cagnotte.channels.backoffice.listing import Column, uncounted
from cagnotte.channels.backoffice.pages import Shop, crumb, shop_page, show, store_called
from cagnotte.channels.backoffice.return_words import corrections_shown, returns_shown
from cagnotte.channels.backoffice.sale_words import facts_sentence, outcome_sentences, rules_shown
from cagnotte.storage.models import Member, Sale


@shop_page("sale")
def listing(request: HttpRequest, shop: Shop) -> HttpResponse:
    query, who = request.GET.get("q", "").strip(), request.GET.get("who", "")
    columns = [
        Column("when", _("When")),
        Column("sale", _("Sale")),
        Column("store", _("Store")),
        Column("member", _("Member")),
        Column("paid", _("Paid"), is_number=True),
        Column("points", _("Points earned"), is_number=True),
    ]
    return show(
        request,
        "backoffice/sales.html",
        title=_("Sales"),
        crumbs=[crumb("index", _("Dashboard"))],
        listing=uncounted(request, _matching(query, who), columns),
        q=query,
        who=who,
        currency=shop.programme.currency,
        sees_members=request.user.has_perm("cagnotte.view_member"),
    )


def _matching(query: str, who: str) -> QuerySet:
    """Newest first. The words are a whole sale id or member id: lists this long are not searched by parts."""
    members = Member.objects.filter(member_id=OuterRef("member_id")).values("external_id")
    sales = Sale.objects.select_related("store").annotate(member_external_id=Subquery(members))
    sales = sales.order_by("-happened_local", "-sale_id")
    if query:
        known = Member.objects.filter(external_id=query).values_list("member_id", flat=True)
        sales = sales.filter(Q(external_id=query) | Q(member_id__in=list(known)))
    if who == "members":
        return sales.filter(member_id__gt=0)
    return sales.filter(member_id__lt=0) if who == "guests" else sales


@shop_page("sale")
def page(request: HttpRequest, shop: Shop, member_id: int, sale_id: int) -> HttpResponse:
    sale = Sale.objects.filter(member_id=member_id, sale_id=sale_id).first()
    explained = explain_sale(shop.conn, shop.published, member_id, sale_id)
    if sale is None or explained is None:
        raise Http404
    after = after_sale(shop.conn, member_id, sale_id)
    may_see_member = request.user.has_perm("cagnotte.view_member")
    return show(
        request,
        "backoffice/sale.html",
        title=_("Sale %(id)s") % {"id": explained.sale_id},
        crumbs=[crumb("index", _("Dashboard")), crumb("sales", _("Sales"))],
        sale=sale,
        store_name=store_called(explained.store_name, explained.store),
        member=Member.objects.filter(pk=member_id).first() if may_see_member else None,
        explained=explained,
        rules=rules_shown(explained, shop),
        facts=facts_sentence(explained, shop),
        outcomes=outcome_sentences(explained, shop),
        returns=returns_shown(after, explained.currency, shop),
        corrections=corrections_shown(after, shop),
        currency=explained.currency,
    )
