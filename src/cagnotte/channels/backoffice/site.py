"""The back office as one admin site: Unfold's look, our pages."""

from typing import Any

from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import path, register_converter
from unfold.sites import UnfoldAdminSite

from cagnotte.channels.backoffice import (
    approvals,
    by_hand,
    dashboard,
    health,
    liability,
    member,
    members,
    partners,
    programme,
    programme_drafts,
    programme_parts,
    sales,
    stores,
)


class _AccountConverter:
    """The account of a sale in an address: a member's id, or a guest's, which is negative."""

    regex = "-?[0-9]{1,19}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


register_converter(_AccountConverter, "account")


class BackOfficeSite(UnfoldAdminSite):
    """`has_permission` of the admin lets staff in; each page asks for its own view permission."""

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        return dashboard.page(request)

    def get_urls(self) -> list[Any]:
        pages = [
            ("members/", members.listing, "members"),
            ("members/<int:member_id>/", member.page, "member"),
            ("members/<int:member_id>/by-hand/<slug:what>/", by_hand.act, "member_by_hand"),
            ("approvals/", approvals.listing, "approvals"),
            ("approvals/<slug:number>/<slug:what>/", approvals.answer, "approval"),
            ("sales/", sales.listing, "sales"),
            ("sales/<account:member_id>/<int:sale_id>/", sales.page, "sale"),
            ("health/", health.page, "health"),
            ("stores/", stores.listing, "stores"),
            ("stores/<int:store_id>/", stores.page, "store"),
            ("liability/", liability.page, "liability"),
            ("partners/", partners.page, "partners"),
            ("programme/", programme.listing, "programme"),
            ("programme/<str:code>/<int:version>/", programme.page, "programme_version"),
            ("programme/retire/<int:version>/end/", programme.retire, "programme_retire"),
            ("programme/new-draft/", programme_drafts.new, "programme_draft_new"),
            ("programme/drafts/<slug:name>/", programme_drafts.page, "programme_draft"),
            ("programme/drafts/<slug:name>/save/", programme_drafts.save, "programme_draft_save"),
            ("programme/drafts/<slug:name>/add-rule/", programme_parts.add_rule, "programme_part_add"),
            ("programme/drafts/<slug:name>/act/<slug:what>/", programme_drafts.act, "programme_draft_act"),
            ("programme/drafts/<slug:name>/part/<str:table>/<str:code>/", programme_parts.page, "programme_part"),
            (
                "programme/drafts/<slug:name>/part/<str:table>/<str:code>/remove/",
                programme_parts.remove,
                "programme_part_remove",
            ),
        ]
        own = [path(route, self.admin_view(view), name=name) for route, view, name in pages]
        return own + super().get_urls()
