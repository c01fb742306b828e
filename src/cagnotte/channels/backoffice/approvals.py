"""What waits for a second person, what became of it, and who moved how many points by hand lately."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cagnotte.application.acting import PointsAnswer
from cagnotte.application.acts_by_hand import gesture_day
from cagnotte.application.answer_requests import AnswerRequest, approve_request, refuse_request, withdraw_request
from cagnotte.application.errors import RequestError
from cagnotte.application.points_requests import RequestAnswer, show_requests
from cagnotte.application.programme_staff import Permission
from cagnotte.application.report_gestures import report_gestures
from cagnotte.application.staff_people import person_of
from cagnotte.channels.backoffice.pages import Shop, crumb, shop_page, show
from cagnotte.channels.backoffice.programme_desk import actor_of, reader
from cagnotte.channels.wording.by_hand_words import ENDINGS, above_in_words, asked_in_words, refused_in_words
from cagnotte.channels.wording.refusal_words import refusal_in_words
from cagnotte.domain.points.requests import Ending
from cagnotte.storage.models import Member

_OPEN, _ENDED, _DAYS = 100, 20, 7


class RequestShown(msgspec.Struct, frozen=True):
    """`hours`: how long it has waited. `is_own`: the reader asked for it, and can only take it back."""

    request: RequestAnswer
    member_id: int | None
    wallet: str
    asked: str
    above: str
    hours: int
    is_own: bool
    how: str = ""
    is_good: bool = False


class GesturesShown(msgspec.Struct, frozen=True):
    row: Any
    wallet: str


@shop_page("member")
def listing(request: HttpRequest, shop: Shop) -> HttpResponse:
    actor, now = actor_of(request), _now()
    if not (actor.may(Permission.APPROVE_POINTS) or actor.may(Permission.ADJUST_POINTS)):
        raise PermissionDenied
    waiting = show_requests(shop.conn, now=now, most=_OPEN).requests
    ended = show_requests(shop.conn, now=now, ended=True, most=_ENDED).requests
    members = Member.objects.filter(external_id__in={each.member for each in (*waiting, *ended)})
    ids = dict(members.values_list("external_id", "member_id"))
    today = gesture_day(shop.published, now)
    report = report_gestures(shop.conn, today - timedelta(days=_DAYS - 1), today)
    return show(
        request,
        "backoffice/approvals.html",
        title=_("Approvals"),
        crumbs=[crumb("index", _("Dashboard"))],
        waiting=[_shown(each, shop, ids, actor.name, now) for each in waiting],
        ended=[_shown(each, shop, ids, actor.name, now) for each in ended],
        may_approve=actor.may(Permission.APPROVE_POINTS),
        gestures=[GesturesShown(row, shop.wallet(row.wallet)) for row in report],
    )


@require_POST
@shop_page("member")
def answer(request: HttpRequest, shop: Shop, number: str, what: str) -> HttpResponse:
    """`what`: approve, refuse or withdraw; back to the list with what came of it."""
    actor = actor_of(request)
    command = AnswerRequest(number, request.POST.get("reason", "").strip()[:255], actor.name)
    try:
        match what:
            case "approve":
                acted = approve_request(shop.conn, shop.published, command, now=_now(), actor=actor)
                _tell(request, msgspec.json.decode(acted.body, type=PointsAnswer))
            case "refuse":
                refuse_request(shop.conn, command, now=_now(), actor=actor)
                messages.success(request, _("Refused: nothing was posted."))
            case "withdraw":
                withdraw_request(shop.conn, command, now=_now(), actor=actor)
                messages.success(request, _("Withdrawn: nothing was posted."))
            case _:
                raise Http404
    except RequestError as error:
        messages.error(request, refused_in_words(error, reader()))
    return redirect("admin:approvals")


def _tell(request: HttpRequest, done: PointsAnswer) -> None:
    if done.refusals:
        said = " ".join(refusal_in_words(each, reader()) for each in done.refusals)
        messages.error(request, _("The programme refused it, nothing was posted: %(said)s") % {"said": said})
    else:
        messages.success(request, _("Approved and done for the member %(member)s.") % {"member": done.member})


def _shown(asked: RequestAnswer, shop: Shop, ids: dict[str, int], reader_name: str, now: datetime) -> RequestShown:
    how = asked.end.how if asked.end else None
    return RequestShown(
        asked,
        ids.get(asked.member),
        shop.wallet(asked.wallet),
        asked_in_words(asked, reader()),
        above_in_words(asked, reader()),
        hours=int((now - asked.asked_at) / timedelta(hours=1)),
        is_own=person_of(asked.asked_by) == person_of(reader_name),
        how=reader().say(ENDINGS[how]) if how else "",
        is_good=how is Ending.APPROVED,
    )


def _now() -> datetime:
    return datetime.now(UTC)
