"""What every page of the back office shares: who may see it, the programme in force, the frame."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import msgspec
import psycopg
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cagnotte.application.errors import NoProgramme
from cagnotte.application.partner_prices import PartnerPrices
from cagnotte.application.published import Published, load_published
from cagnotte.domain.points.terms import Name
from cagnotte.domain.programme.document import Programme, called

type View = Callable[..., HttpResponse]
type Crumb = tuple[str, str]  # what is read, and the address


class Shop(msgspec.Struct, frozen=True):
    """A connection for the length of one request, and the published programme."""

    conn: psycopg.Connection
    published: Published

    @property
    def programme(self) -> Programme:
        return self.published.current.programme

    @property
    def zone(self) -> str:
        return self.programme.timezone

    def tier(self, code: str | None) -> str:
        """A tier as people read it; a tier of a former version keeps its code."""
        names = {tier.code: tier.name for tier in self.programme.tiers}
        return _("No status") if code is None else in_words(names.get(code, {}), code)

    def wallet(self, code: str) -> str:
        names = {wallet.code: wallet.name for wallet in self.programme.wallets}
        return in_words(names.get(code, {}), code)

    def partner(self, code: str) -> str:
        """A partner by the newest version that has it."""
        return in_words(PartnerPrices(self.published).name(code), code)

    def tiers(self) -> dict[str, str]:
        return {tier.code: in_words(tier.name, tier.code) for tier in self.programme.tiers}


def in_words(name: Name, code: str) -> str:
    """A named thing of the programme in the reader's language."""
    return called(name, code, (get_language() or "en")[:2])


def store_called(name: str, external_id: str) -> str:
    """A store's name, or what the retailer's systems call it."""
    return name if name not in {"", external_id} else _("Store %(id)s") % {"id": external_id}


def shop_page(permission: str) -> Callable[[View], View]:
    """A page for who may view `permission`, or has the one of an act ("accounts.read"); it gets the Shop, and runs
    on the programme's time zone."""
    named = permission if "." in permission else f"view_{permission}"

    def decorate(view: View) -> View:
        @wraps(view)
        def shown(request: HttpRequest, **values: Any) -> HttpResponse:
            if not request.user.has_perm(f"cagnotte.{named}"):
                raise PermissionDenied
            with settings.CAGNOTTE_POOL.connection() as conn:
                try:
                    published = load_published(conn)
                except NoProgramme:
                    return show(request, "backoffice/no_programme.html", title=_("No programme yet"))
                with timezone.override(published.zone):
                    return view(request, Shop(conn, published), **values)

        return shown

    return decorate


def show(
    request: HttpRequest, template: str, *, title: str, crumbs: list[Crumb] | None = None, **values: Any
) -> HttpResponse:
    """One page inside the frame; `crumbs` lead to it from the dashboard."""
    frame = admin.site.each_context(request)
    return render(request, template, {**frame, "title": title, "crumbs": crumbs or [], **values})


def crumb(name: str, title: str) -> Crumb:
    return title, reverse(f"admin:{name}")
