"""Drafts of the programme: the text with its faults, what it changes, and the acts of its life."""

from collections.abc import Callable
from datetime import UTC, datetime

import msgspec
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cagnotte.application.draft_programme import discard_draft, save_draft
from cagnotte.application.errors import RequestError
from cagnotte.application.programme_drafts import Draft, load_draft
from cagnotte.application.programme_refusals import DraftChanged, UnknownDraft
from cagnotte.application.programme_staff import Permission
from cagnotte.application.programme_text import find_text
from cagnotte.application.programme_versions import standing_versions
from cagnotte.application.publish_programme import publish_draft
from cagnotte.application.published import parsed
from cagnotte.application.review_programme import approve_draft, ask_review, send_back_draft
from cagnotte.channels.backoffice.pages import Crumb, crumb, show
from cagnotte.channels.backoffice.programme_desk import Desk, asked_instant, desk_page, reader, refused
from cagnotte.channels.backoffice.programme_parts import parts_of
from cagnotte.channels.backoffice.programme_starter import STARTER
from cagnotte.channels.backoffice.programme_words import in_sentences
from cagnotte.channels.wording.programme_acts import ACTS, DRAFT_STATES, refusal
from cagnotte.channels.wording.programme_diff import Told, told
from cagnotte.channels.wording.programme_faults import sentence
from cagnotte.domain.programme.diff import NotToml, diff_texts
from cagnotte.domain.programme.faults import ProgrammeError
from cagnotte.domain.programme.life import ActDone, DraftState

_CONFLICT = 409
_STEPS = (DraftState.DRAFT, DraftState.IN_REVIEW, DraftState.APPROVED, DraftState.PUBLISHED)
_ACTS: dict[str, Callable[..., Draft]] = {
    "review": ask_review,
    "approve": approve_draft,
    "send-back": send_back_draft,
    "discard": discard_draft,
}


class FaultShown(msgspec.Struct, frozen=True):
    line: int
    said: str


class Step(msgspec.Struct, frozen=True):
    """One stage of a draft's life: done, here, or ahead."""

    label: str
    place: str


class ActShown(msgspec.Struct, frozen=True):
    said: str
    at: datetime
    comment: str
    takes_effect: datetime | None


@desk_page
def page(request: HttpRequest, desk: Desk, name: str) -> HttpResponse:
    return _page(request, desk, _draft(desk, name))


@desk_page
def new(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Choose a name and the text to begin with."""
    wanted = request.POST.get("name", "").strip()
    if request.method == "POST":
        begun = find_text(desk.conn, request.POST.get("start", "")) or STARTER
        try:
            save_draft(desk.conn, wanted, begun, actor=desk.actor, now=_now(), based_on=0)
        except RequestError as error:
            said = _("There is a draft “%(name)s” already.") % {"name": wanted}
            messages.error(request, said if isinstance(error, DraftChanged) else refusal(error, reader()))
        else:
            return redirect("admin:programme_draft", name=wanted)
    return show(
        request,
        "backoffice/programme_draft_new.html",
        title=_("New draft"),
        crumbs=_crumbs(),
        wanted=wanted,
        versions=standing_versions(desk.conn)[::-1],
        in_force=desk.published.current if desk.published else None,
        may_draft=desk.actor.may(Permission.DRAFT),
    )


@require_POST
@desk_page
def save(request: HttpRequest, desk: Desk, name: str) -> HttpResponse:
    draft = _draft(desk, name)
    text = _as_before(request.POST.get("document", ""), draft.document)
    try:
        saved = save_draft(
            desk.conn,
            name,
            text,
            actor=desk.actor,
            now=_now(),
            based_on=_revision(request, draft),
            comment=request.POST.get("comment", "").strip(),
        )
    except DraftChanged as error:
        messages.error(request, refusal(error, reader()))
        messages.warning(
            request, _("Your text is below and is not saved: saving it now would replace the other one.")
        )
        return _page(request, desk, draft, typed=text, status=_CONFLICT)
    except RequestError as error:
        return refused(request, error, "programme_draft", name=name)
    if saved.revision == draft.revision:
        messages.info(request, _("The text is as it was: nothing was saved."))
    else:
        messages.success(request, _("Saved as revision %(revision)s.") % {"revision": saved.revision})
    return redirect("admin:programme_draft", name=name)


@require_POST
@desk_page
def act(request: HttpRequest, desk: Desk, name: str, what: str) -> HttpResponse:
    """Review, approve, send back, discard or publish the revision that the person looked at."""
    draft = _draft(desk, name)
    given = {"actor": desk.actor, "now": _now(), "comment": request.POST.get("comment", "").strip()}
    try:
        if what == "publish":
            done = publish_draft(
                desk.conn,
                name,
                **given,
                effective_from=asked_instant(request, "begins"),
                revision=_revision(request, draft),
            )
            messages.success(request, _("Version %(version)s is published.") % {"version": done.version})
        elif what in _ACTS:
            seen = {} if what == "discard" else {"revision": _revision(request, draft)}
            done_draft = _ACTS[what](desk.conn, name, **given, **seen)
            messages.success(request, reader().say(DRAFT_STATES[done_draft.state]))
        else:
            raise Http404
    except RequestError as error:
        return refused(request, error, "programme_draft", name=name)
    except ProgrammeError:
        messages.error(request, _("The text has faults: correct them first."))
    return redirect("admin:programme_draft", name=name)


def _page(
    request: HttpRequest, desk: Desk, draft: Draft, *, typed: str | None = None, status: int = 200
) -> HttpResponse:
    text = draft.document if typed is None else typed
    faults = _faults(text)
    differences, comparable = _differences(desk.text_in_force, text)
    is_author = desk.actor.name in draft.authors
    response = show(
        request,
        "backoffice/programme_draft.html",
        title=draft.name,
        crumbs=_crumbs(),
        draft=draft,
        state=reader().say(DRAFT_STATES[draft.state]),
        text=text,
        faults=faults,
        fault_lines=[fault.line for fault in faults],
        differences=differences,
        comparable=comparable,
        in_force=desk.published.current if desk.published else None,
        steps=_steps(draft.state),
        history=[_shown(done) for done in reversed(draft.acts)],
        parts=parts_of(text),
        sections=[] if faults else in_sentences(parsed(text)),
        is_author=is_author,
        may=_may(desk, draft, is_author=is_author, is_right=not faults),
    )
    response.status_code = status
    return response


def _may(desk: Desk, draft: Draft, *, is_author: bool, is_right: bool) -> dict[str, bool]:
    """Which acts the page offers; the application checks them again."""
    state, may = draft.state, desk.actor.may
    is_over = state in {DraftState.PUBLISHED, DraftState.DISCARDED}
    reviews = state is DraftState.IN_REVIEW and may(Permission.APPROVE) and not is_author
    return {
        "save": may(Permission.DRAFT),
        "ask": state is DraftState.DRAFT and may(Permission.REVIEW) and is_author and is_right,
        "review": reviews,
        "publish": state is DraftState.APPROVED and may(Permission.PUBLISH),
        "discard": may(Permission.DRAFT) and not is_over,
    }


def _draft(desk: Desk, name: str) -> Draft:
    try:
        return load_draft(desk.conn, name)
    except UnknownDraft as error:
        raise Http404 from error


def _faults(text: str) -> list[FaultShown]:
    try:
        parsed(text)
    except ProgrammeError as error:
        return [
            FaultShown(text.count("\n", 0, fault.start) + 1, sentence(fault, reader())) for fault in error.faults
        ]
    return []


def _differences(old: str | None, new: str) -> tuple[tuple[Told, ...], bool]:
    """What the draft changes; False when there is nothing to compare with, or the text is no TOML."""
    if old is None:
        return (), False
    try:
        return told(diff_texts(old, new), reader()), True
    except NotToml:
        return (), False


def _steps(state: DraftState) -> list[Step]:
    here = _STEPS.index(state) if state in _STEPS else -1
    places = ["done" if number < here else "here" if number == here else "ahead" for number in range(len(_STEPS))]
    return [Step(reader().say(DRAFT_STATES[each]), place) for each, place in zip(_STEPS, places, strict=True)]


def _shown(done: ActDone) -> ActShown:
    said = reader().say(ACTS[done.act], who=done.by, revision=done.revision, version=done.version)
    return ActShown(said, done.at, done.comment, done.takes_effect)


def _revision(request: HttpRequest, draft: Draft) -> int:
    asked = request.POST.get("revision", "")
    return int(asked) if asked.isdecimal() and len(asked) < 9 else draft.revision  # noqa: PLR2004 - no such revision


def _as_before(typed: str, before: str) -> str:
    """Browsers send every line end as two characters; the text keeps the line ends that it had."""
    text = typed.replace("\r\n", "\n")
    return text.replace("\n", "\r\n") if "\r\n" in before else text


def _crumbs() -> list[Crumb]:
    return [crumb("index", _("Dashboard")), crumb("programme", _("Programme and rules"))]


def _now() -> datetime:
    return datetime.now(UTC)
