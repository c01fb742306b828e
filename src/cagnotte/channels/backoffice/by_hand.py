"""Acts by hand from a member's page: done, refused in words, or sent to a second person."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from http import HTTPStatus

import msgspec
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cagnotte.application.acting import Acted, PointsAnswer
from cagnotte.application.adjust_points import AdjustPoints, adjust_points
from cagnotte.application.close_member import CloseMember, ReopenMember, close_member
from cagnotte.application.errors import BooksChanged, RequestError
from cagnotte.application.extend_lots import ExtendLots, extend_lots
from cagnotte.application.points_refusals import OwnAccount
from cagnotte.application.points_requests import RequestAnswer
from cagnotte.application.programme_refusals import NotAllowed
from cagnotte.application.reinstate_points import ReinstatePoints, reinstate_points
from cagnotte.channels.backoffice import written
from cagnotte.channels.backoffice.member import shown_member
from cagnotte.channels.backoffice.pages import Shop, shop_page
from cagnotte.channels.backoffice.programme_desk import actor_of, reader
from cagnotte.channels.wording.by_hand_words import above_in_words, refused_in_words
from cagnotte.channels.wording.refusal_words import refusal_in_words
from cagnotte.storage.models import Member

_POINTS_MOST = 2**53 - 1
_KEY = re.compile(r"backoffice-[0-9a-f]{32}-[a-z]")


type Do = Callable[[HttpRequest, Shop, str, str, list[int]], Acted]


@require_POST
@shop_page("member")
def act(request: HttpRequest, shop: Shop, member_id: int, what: str) -> HttpResponse:
    """`what`: adjust, extend, reinstate, close or reopen; back to the page with what came of it."""
    member = Member.objects.filter(pk=member_id).first()
    do = _ACTS.get(what)
    if member is None or do is None:
        raise Http404
    try:
        acted = _done_or_raise(request, shop, member.external_id, do)
    except _NotDone as fault:
        messages.error(request, fault.said)
        page = shown_member(request, shop, member_id, what=what)
        page.status_code = fault.status
        return page
    _tell(request, shop, acted, what)
    return redirect("admin:member", member_id=member_id)


class _NotDone(Exception):
    """Why, in words, and the status of the answer."""

    def __init__(self, said: str, status: HTTPStatus = HTTPStatus.CONFLICT) -> None:
        super().__init__(said)
        self.said, self.status = said, status


def _done_or_raise(request: HttpRequest, shop: Shop, member: str, do: Do) -> Acted:
    key, seen = request.POST.get("key", ""), request.POST.get("version", "")
    if not _KEY.fullmatch(key):
        raise _NotDone(_("The form was not sent whole: open the page again."), HTTPStatus.BAD_REQUEST)
    try:
        acted = do(request, shop, member, key, [int(seen) if seen.isascii() and seen.isdecimal() else -1])
    except BooksChanged as error:
        raise _NotDone(
            _(
                "The member’s books have moved since you opened this page. You see the new balance: look at it, "
                "then send what you typed again."
            )
        ) from error
    except RequestError as error:
        forbidden = isinstance(error, OwnAccount | NotAllowed)
        status = HTTPStatus.FORBIDDEN if forbidden else HTTPStatus.CONFLICT
        raise _NotDone(refused_in_words(error, reader()), status) from error
    if acted.status == HTTPStatus.CONFLICT:
        answer = msgspec.json.decode(acted.body, type=PointsAnswer)
        raise _NotDone(" ".join(refusal_in_words(each, reader()) for each in answer.refusals))
    return acted


def _tell(request: HttpRequest, shop: Shop, acted: Acted, what: str) -> None:
    if acted.status == HTTPStatus.ACCEPTED:
        asked = msgspec.json.decode(acted.body, type=RequestAnswer)
        said = _("Nothing was posted yet, this is %(above)s: it waits under “Approvals” for a second person.")
        messages.warning(request, said % {"above": above_in_words(asked, reader())})
        return
    answer = msgspec.json.decode(acted.body, type=PointsAnswer)
    balance = next(each.points for each in answer.balances if each.wallet == answer.wallet)
    values = {
        "points": written.whole(abs(answer.points)),
        "wallet": shop.wallet(answer.wallet),
        "balance": written.whole(balance),
    }
    messages.success(request, _done(what, answer.points) % values)


def _done(what: str, points: int) -> str:
    match what:
        case "adjust" if points < 0:
            return _("Taken: %(points)s of “%(wallet)s”. The balance is %(balance)s.")
        case "adjust":
            return _("Given: %(points)s of “%(wallet)s”. The balance is %(balance)s.")
        case "extend":
            return _("Live longer: %(points)s of “%(wallet)s”. The balance is %(balance)s.")
        case "reinstate":
            return _("Given again: %(points)s of “%(wallet)s”. The balance is %(balance)s.")
        case "close":
            return _("The member is closed: sales earn nothing, no points are spent or received.")
        case _:
            return _("The member is open again: sales earn, points can be spent.")


def _adjust(request: HttpRequest, shop: Shop, member: str, key: str, seen: list[int]) -> Acted:
    actor, points = actor_of(request), _points(request)
    assert points is not None
    if request.POST.get("direction") == "take":
        points = -points
    command = AdjustPoints(member, points, _reason(request), actor.name, _wallet(request))
    return adjust_points(shop.conn, shop.published, command, key=key, now=_now(), if_version=seen, actor=actor)


def _extend(request: HttpRequest, shop: Shop, member: str, key: str, seen: list[int]) -> Acted:
    actor = actor_of(request)
    command = ExtendLots(member, _until(request), _reason(request), actor.name, _wallet(request))
    return extend_lots(shop.conn, shop.published, command, key=key, now=_now(), if_version=seen, actor=actor)


def _reinstate(request: HttpRequest, shop: Shop, member: str, key: str, seen: list[int]) -> Acted:
    actor, points = actor_of(request), _points(request, needed=False)
    command = ReinstatePoints(member, _until(request), _reason(request), actor.name, points, _wallet(request))
    return reinstate_points(shop.conn, shop.published, command, key=key, now=_now(), if_version=seen, actor=actor)


def _close(request: HttpRequest, shop: Shop, member: str, key: str, seen: list[int]) -> Acted:
    actor = actor_of(request)
    command = CloseMember(member, _reason(request), actor.name)
    return close_member(shop.conn, shop.published, command, key=key, now=_now(), if_version=seen, actor=actor)


def _reopen(request: HttpRequest, shop: Shop, member: str, key: str, seen: list[int]) -> Acted:
    actor = actor_of(request)
    command = ReopenMember(member, _reason(request), actor.name)
    return close_member(shop.conn, shop.published, command, key=key, now=_now(), if_version=seen, actor=actor)


_ACTS: dict[str, Do] = {
    "adjust": _adjust,
    "extend": _extend,
    "reinstate": _reinstate,
    "close": _close,
    "reopen": _reopen,
}


def _reason(request: HttpRequest) -> str:
    return request.POST.get("reason", "").strip()[:255]


def _wallet(request: HttpRequest) -> str:
    return request.POST.get("wallet", "")[:63]


def _points(request: HttpRequest, *, needed: bool = True) -> int | None:
    typed = request.POST.get("points", "").strip()
    if not typed and not needed:
        return None
    if not (typed.isascii() and typed.isdecimal() and 0 < int(typed[:20]) <= _POINTS_MOST):
        raise _NotDone(_("Write a whole number of points, 1 or more."), HTTPStatus.BAD_REQUEST)
    return int(typed)


def _until(request: HttpRequest) -> date:
    try:
        return date.fromisoformat(request.POST.get("until", ""))
    except ValueError as fault:
        said = _("Choose the first day on which the points can no longer be used.")
        raise _NotDone(said, HTTPStatus.BAD_REQUEST) from fault


def _now() -> datetime:
    return datetime.now(UTC)
