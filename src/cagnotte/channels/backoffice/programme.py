"""The programme: its versions with their states, the drafts, and one version as a text and in words."""

from datetime import UTC, datetime

import msgspec
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cagnotte.application.errors import RequestError
from cagnotte.application.programme_drafts import DraftRow, list_drafts
from cagnotte.application.programme_staff import Permission
from cagnotte.application.programme_versions import VersionRow, VersionState, all_versions, states_of
from cagnotte.application.publish_programme import FROM_THE_BEGINNING
from cagnotte.application.retire_programme import retire_programme
from cagnotte.channels.backoffice.pages import Shop, crumb, in_words, shop_page, show
from cagnotte.channels.backoffice.programme_desk import (
    Desk,
    actor_of,
    asked_instant,
    desk_page,
    reader,
    refused,
)
from cagnotte.channels.backoffice.programme_text import coloured
from cagnotte.channels.backoffice.programme_words import in_sentences
from cagnotte.channels.wording.programme_acts import DRAFT_STATES, VERSION_STATES
from cagnotte.domain.programme.life import DraftState

_QUIET = {VersionState.REPLACED, VersionState.WITHDRAWN, VersionState.RETIRED}


class VersionShown(msgspec.Struct, frozen=True):
    """A row of the list of versions; `ends`: what may be done to it, "withdraw", "retire" or nothing."""

    row: VersionRow
    state: str
    is_quiet: bool
    has_page: bool
    ends: str


class DraftShown(msgspec.Struct, frozen=True):
    row: DraftRow
    state: str
    is_over: bool


@shop_page("programmeversion")
def listing(request: HttpRequest, shop: Shop) -> HttpResponse:
    """The version in force, with the list of all of them."""
    return _version(request, shop, shop.published.current.code, shop.published.current.version)


@shop_page("programmeversion")
def page(request: HttpRequest, shop: Shop, code: str, version: int) -> HttpResponse:
    return _version(request, shop, code, version)


@require_POST
@desk_page
def retire(request: HttpRequest, desk: Desk, version: int) -> HttpResponse:
    """Withdraw a version that has not begun, or retire the one in force from a date."""
    try:
        done = retire_programme(
            desk.conn,
            actor=desk.actor,
            now=datetime.now(UTC),
            version=version,
            ends_at=asked_instant(request, "ends"),
            comment=request.POST.get("comment", "").strip(),
        )
    except RequestError as error:
        return refused(request, error, "programme")
    said = _("Version %(version)s is withdrawn.") if done.withdrawn else _("Version %(version)s is retired.")
    messages.success(request, said % {"version": done.version})
    return redirect("admin:programme")


def _version(request: HttpRequest, shop: Shop, code: str, number: int) -> HttpResponse:
    versions = shop.published.versions
    chosen = next((each for each in versions if (each.code, each.version) == (code, number)), None)
    if chosen is None:
        raise Http404
    return show(
        request,
        "backoffice/programme.html",
        title=_("Programme and rules"),
        crumbs=[crumb("index", _("Dashboard"))],
        name=in_words(chosen.programme.name, chosen.code),
        chosen=chosen,
        beginning=FROM_THE_BEGINNING,
        versions=_versions(request, shop),
        drafts=[_draft(row) for row in list_drafts(shop.conn)],
        may_draft=actor_of(request).may(Permission.DRAFT),
        sections=in_sentences(chosen.programme),
        document=coloured(chosen.document),
    )


def _versions(request: HttpRequest, shop: Shop) -> list[VersionShown]:
    """The newest first."""
    rows = all_versions(shop.conn)
    states = states_of(rows, datetime.now(UTC))
    may_end = actor_of(request).may(Permission.RETIRE)
    last = shop.published.versions[-1].version
    return [_shown(row, states[row.version], may_end=may_end and row.version == last) for row in reversed(rows)]


def _shown(row: VersionRow, state: VersionState, *, may_end: bool) -> VersionShown:
    ends = ""
    if may_end and row.ends_at is None:
        ends = "withdraw" if state is VersionState.COMING else "retire"
    has_page = state is not VersionState.WITHDRAWN
    return VersionShown(row, reader().say(VERSION_STATES[state]), state in _QUIET, has_page, ends)


def _draft(row: DraftRow) -> DraftShown:
    is_over = row.state in {DraftState.PUBLISHED, DraftState.DISCARDED}
    return DraftShown(row, reader().say(DRAFT_STATES[row.state]), is_over)
