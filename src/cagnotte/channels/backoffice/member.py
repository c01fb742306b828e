"""One member: profile, points, status, vouchers, every sale, the ledger."""

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from cagnotte.analytics.dashboard.member_ledger import transfer_count, transfers
from cagnotte.analytics.dashboard.period import history
from cagnotte.application.show_member import MemberView, show_member
from cagnotte.channels.backoffice.by_hand_form import hand_forms
from cagnotte.channels.backoffice.listing import ROWS, address, page_number
from cagnotte.channels.backoffice.member_words import (
    ahead,
    household_points_shown,
    identifier_shown,
    next_tier,
    other_tiers,
    transfer_shown,
    usable_vouchers,
    wallet_shown,
)
from cagnotte.channels.backoffice.pages import Shop, crumb, shop_page, show
from cagnotte.channels.backoffice.programme_desk import reader
from cagnotte.channels.wording.share_words import share_sentence
from cagnotte.domain.kernel import MemberId
from cagnotte.storage.closings import last_closing
from cagnotte.storage.models import Member, MemberIdentifier, MemberStanding, Sale, Store

_SALES_SHOWN = 20


@shop_page("member")
def page(request: HttpRequest, shop: Shop, member_id: int) -> HttpResponse:
    """`?sales=2` and `?ledger=2` turn the pages of its two lists."""
    return shown_member(request, shop, member_id)


def shown_member(request: HttpRequest, shop: Shop, member_id: int, *, what: str = "") -> HttpResponse:
    """The page as things stand now. `what`: the form by hand that was sent, to be shown as it was filled in."""
    member = Member.objects.filter(pk=member_id).first()
    view = _view_of(member, shop) if member else None
    if member is None or view is None:
        raise Http404
    with timezone.override(view.timezone):
        return _shown(request, shop, member, view, what)


def _shown(request: HttpRequest, shop: Shop, member: Member, view: MemberView, what: str) -> HttpResponse:
    """The page on the member's own clock."""
    return show(
        request,
        "backoffice/member.html",
        title=member.external_id,
        crumbs=[crumb("index", _("Dashboard")), crumb("members", _("Members"))],
        member=member,
        by_hand=hand_forms(request, shop, version=view.version, closed_on=view.closed_on, what=what),
        closing=last_closing(shop.conn, MemberId(member.member_id)) if view.closed_on else None,
        full_name=f"{member.first_name} {member.last_name}".strip(),
        view=view,
        tier_name=shop.tier(view.tier),
        other_tiers=other_tiers(view, shop),
        next_tier=next_tier(view.next_tier, shop),
        ahead=ahead(view, shop),
        share_of_wallet=share_sentence(view.share_of_wallet, reader()) if view.share_of_wallet else "",
        has_tiers=bool(shop.programme.tiers),
        wallets=[wallet_shown(balance, view.lots, shop) for balance in view.balances],
        household_points=[household_points_shown(each, shop) for each in view.household_points],
        vouchers=sorted(view.vouchers, key=lambda voucher: voucher.issued_on, reverse=True),
        usable_vouchers=usable_vouchers(view, view.on),
        currency=view.currency,
        home_store=Store.objects.filter(pk=member.home_store_id).first(),
        identifiers=_identifiers_of(member.member_id),
        **_sales_of(request, member.member_id, view),
        **_ledger_of(request, shop, member.member_id),
    )


def _view_of(member: Member, shop: Shop) -> MemberView | None:
    """The member on the last day of which the books know anything: of old data, not today."""
    known = history(shop.conn)
    standing = MemberStanding.objects.filter(pk=member.member_id).first()
    days: list[date] = [member.enrolled_on]
    days += [known.last_day] if known else []
    days += [standing.as_of] if standing else []
    return show_member(shop.conn, shop.published, member.external_id, max(days))


def _identifiers_of(member_id: int) -> list[object]:
    found = MemberIdentifier.objects.filter(member_id=member_id).order_by("kind", "value")
    return [identifier_shown(kind, value) for kind, value in found.values_list("kind", "value")]


def _sales_of(request: HttpRequest, member_id: int, view: MemberView) -> dict[str, object]:
    page_shown = page_number(request, "sales")
    found = Sale.objects.filter(member_id=member_id).select_related("store").order_by("-happened_at", "-sale_id")
    start = (page_shown - 1) * _SALES_SHOWN
    return {
        "sales": list(found[start : start + _SALES_SHOWN]),
        "sale_count": view.sales,
        "sales_previous": address(request, sales=page_shown - 1) if page_shown > 1 else "",
        "sales_next": address(request, sales=page_shown + 1) if start + _SALES_SHOWN < view.sales else "",
    }


def _ledger_of(request: HttpRequest, shop: Shop, member_id: int) -> dict[str, object]:
    page_shown = page_number(request, "ledger")
    count = transfer_count(shop.conn, member_id)
    start = (page_shown - 1) * ROWS
    found = transfers(shop.conn, member_id, page_size=ROWS, skipped=start)
    return {
        "transfers": [transfer_shown(transfer, shop) for transfer in found],
        "transfer_count": count,
        "ledger_previous": address(request, ledger=page_shown - 1) if page_shown > 1 else "",
        "ledger_next": address(request, ledger=page_shown + 1) if start + ROWS < count else "",
    }
