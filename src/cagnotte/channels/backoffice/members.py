"""The list of members."""

from datetime import datetime

from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from cagnotte.analytics.dashboard.period import history, year_before
from cagnotte.application.published import day_start
from cagnotte.channels.backoffice.listing import Column, sorted_list
from cagnotte.channels.backoffice.pages import Shop, crumb, shop_page, show
from cagnotte.storage.models import Balance, Member, MemberIdentifier, MemberStanding, Sale

NO_TIER = "-"  # in the address: members without a tier


@shop_page("member")
def listing(request: HttpRequest, shop: Shop) -> HttpResponse:
    query, tier = request.GET.get("q", "").strip(), request.GET.get("tier", "")
    members = _of_tier(_matching(_with_figures(shop), query), tier)
    columns = [
        Column("member", _("Member"), "external_id"),
        Column("name", _("Name"), "last_name"),
        Column("tier", _("Status"), "tier"),
        Column("points", _("Points"), "points", is_number=True),
        Column("visit", _("Last visit"), "last_visit"),
        Column("spent", _("Sales over 12 months"), "spent", is_number=True),
    ]
    found = sorted_list(request, members, columns, default="member")
    for member in found.rows:
        member.tier_name = shop.tier(member.tier)
    return show(
        request,
        "backoffice/members.html",
        title=_("Members"),
        crumbs=[crumb("index", _("Dashboard"))],
        listing=found,
        q=query,
        chosen_tier=tier,
        tier_choices=[*shop.tiers().items(), (NO_TIER, _("No status"))],
        currency=shop.programme.currency,
    )


def _with_figures(shop: Shop) -> QuerySet:
    """Members with tier, points of the first wallet, last visit and sales of the last 12 months of sales."""
    of_member = {"member_id": OuterRef("member_id")}
    recent = Sale.objects.filter(**of_member, happened_at__gte=_year_before_last_sale(shop))
    visits = Sale.objects.filter(**of_member).order_by().values("member_id")
    points = Balance.objects.filter(**of_member, wallet=shop.programme.wallets[0].code)
    return Member.objects.annotate(
        tier=Subquery(MemberStanding.objects.filter(**of_member).values("tier")),
        points=Coalesce(Subquery(points.values("points")), 0),
        last_visit=Subquery(visits.annotate(last=Max("happened_at")).values("last")),
        spent=Coalesce(
            Subquery(recent.order_by().values("member_id").annotate(sum=Sum("paid_minor")).values("sum")), 0
        ),
    )


def _year_before_last_sale(shop: Shop) -> datetime:
    known = history(shop.conn)
    last_day = known.last_day if known else shop.published.current.effective_from.date()
    return day_start(year_before(last_day), shop.published.zone)


def _matching(members: QuerySet, query: str) -> QuerySet:
    """Members of whom a name or an identifier begins with the words; `first last` finds both names."""
    if not query:
        return members
    identified = MemberIdentifier.objects.filter(member_id=OuterRef("member_id"), value__istartswith=query)
    first, _space, last = query.partition(" ")
    return members.filter(
        Q(external_id__istartswith=query)
        | Q(last_name__istartswith=query)
        | Q(email__istartswith=query)
        | Q(phone__startswith=query)
        | Q(first_name__istartswith=first, last_name__istartswith=last.strip())
        | Exists(identified)
    )


def _of_tier(members: QuerySet, tier: str) -> QuerySet:
    if not tier:
        return members
    return members.filter(tier__isnull=True) if tier == NO_TIER else members.filter(tier=tier)
