"""A second person approves or refuses an act by hand; who asked for it takes it back."""

from datetime import datetime

import msgspec
import psycopg

from cagnotte.application.acting import Acted, Acting, PointsAnswer, act
from cagnotte.application.acts_by_hand import above_own_ceiling, keep_gesture
from cagnotte.application.adjust_points import AdjustPoints, adjusted
from cagnotte.application.errors import ReasonMissing
from cagnotte.application.extend_lots import ExtendLots, extended
from cagnotte.application.points_refusals import (
    ApprovalByAsker,
    CeilingTooLow,
    NoAccount,
    NotTheAsker,
    RequestOver,
)
from cagnotte.application.points_requests import RequestAnswer, known_request, shown_request
from cagnotte.application.programme_staff import Actor, Permission
from cagnotte.application.published import Published
from cagnotte.application.reinstate_points import ReinstatePoints, reinstated
from cagnotte.application.staff_people import Person, check_not_own, person_named, person_of
from cagnotte.domain.points.requests import Ending, GestureKind
from cagnotte.storage.members import Member, member_of
from cagnotte.storage.points_requests import End, PointsRequest, end_request, find_request


class AnswerRequest(msgspec.Struct, frozen=True):
    """`made_by`: the name of who answers."""

    request: str
    reason: str
    made_by: str


class _Approved(msgspec.Struct, frozen=True):
    request: str


def approve_request(
    conn: psycopg.Connection,
    published: Published,
    command: AnswerRequest,
    *,
    now: datetime,
    actor: Actor | None = None,
) -> Acted:
    """Decide the act again on today's facts, and do it once: sent again it gives the first answer.

    What the programme refuses now is over (`not_possible`). The points count for the day of who approves. Raises
    ReasonMissing, UnknownRequest, RequestOver, ApprovalByAsker, OwnAccount, CeilingTooLow, NoAccount, NotAllowed.
    """
    _check(command, actor)
    request = known_request(conn, command.request)

    def approve(acting: Acting) -> PointsAnswer:
        person = _second_person(acting.conn, request, command, acting.member)
        _check_open(request, now)
        answer = _decided(acting, request)
        if not answer.refusals:
            _check_ceiling(acting, published, person, answer, now=now)
            keep_gesture(
                acting,
                published,
                GestureKind(request.kind),
                answer,
                request.reason,
                person=request.person,
                now=now,
                allowed_by=person.key,
                request_id=request.request_id,
            )
        how = Ending.NOT_POSSIBLE if answer.refusals else Ending.APPROVED
        _end(acting.conn, request, End(how, person.name, command.reason, now))
        return answer

    return act(
        conn,
        published,
        _Approved(command.request),
        approve,
        members=[request.member],
        at=None,
        key=f"request {request.request_id}",  # a caller's key has no space
        now=now,
        locked=True,
    )


def refuse_request(
    conn: psycopg.Connection, command: AnswerRequest, *, now: datetime, actor: Actor | None = None
) -> RequestAnswer:
    """A second person says no; said again by the same person it changes nothing. Raises as `approve_request`."""
    _check(command, actor)
    with conn.transaction():
        request = known_request(conn, command.request)
        person = _second_person(conn, request, command, member_of(conn, request.member_id))
        return _ended(conn, request, End(Ending.REFUSED, person.name, command.reason, now))


def withdraw_request(
    conn: psycopg.Connection, command: AnswerRequest, *, now: datetime, actor: Actor | None = None
) -> RequestAnswer:
    """Who asked takes it back; done again it changes nothing. Raises UnknownRequest, NotTheAsker, RequestOver."""
    if actor is not None:
        actor.check(Permission.ADJUST_POINTS)
    with conn.transaction():
        request = known_request(conn, command.request)
        if person_of(command.made_by) != request.person:
            raise NotTheAsker(who=command.made_by, request=command.request)
        return _ended(conn, request, End(Ending.WITHDRAWN, command.made_by, command.reason, now))


def _check(command: AnswerRequest, actor: Actor | None) -> None:
    if not command.reason.strip():
        raise ReasonMissing()
    if actor is not None:
        actor.check(Permission.APPROVE_POINTS)


def _second_person(
    conn: psycopg.Connection, request: PointsRequest, command: AnswerRequest, member: Member
) -> Person:
    person = person_named(conn, command.made_by)
    if not person.has_account:
        raise NoAccount(who=command.made_by)
    if person.key == request.person:
        raise ApprovalByAsker(who=person.name, request=command.request)
    check_not_own(person, member)
    check_not_own(person_named(conn, request.asked_by), member)
    return person


def _check_open(request: PointsRequest, now: datetime) -> None:
    if request.end is not None:
        raise RequestOver(request=str(request.request_id), how=request.end.how.value)
    if now >= request.open_until:
        raise RequestOver(request=str(request.request_id), how=Ending.TIMED_OUT.value)


def _check_ceiling(
    acting: Acting, published: Published, person: Person, answer: PointsAnswer, *, now: datetime
) -> None:
    above = above_own_ceiling(acting.conn, published, person, answer, now=now)
    if above is not None:
        raise CeilingTooLow(who=person.name, points=str(abs(answer.points)), most=str(above.most))


def _decided(acting: Acting, request: PointsRequest) -> PointsAnswer:
    match GestureKind(request.kind):
        case GestureKind.ADJUSTMENT:
            return adjusted(acting, msgspec.json.decode(request.command, type=AdjustPoints))
        case GestureKind.EXTENSION:
            return extended(acting, msgspec.json.decode(request.command, type=ExtendLots))
        case GestureKind.REINSTATEMENT:
            return reinstated(acting, msgspec.json.decode(request.command, type=ReinstatePoints))


def _end(conn: psycopg.Connection, request: PointsRequest, end: End) -> None:
    """End it, or raise RequestOver when somebody else did meanwhile."""
    if not end_request(conn, request, end):
        found = find_request(conn, request.request_id)
        how = found.end.how.value if found is not None and found.end is not None else ""
        raise RequestOver(request=str(request.request_id), how=how)


def _ended(conn: psycopg.Connection, request: PointsRequest, end: End) -> RequestAnswer:
    known = request.end
    if known is not None and known.how is end.how and person_of(known.by) == person_of(end.by):
        return shown_request(request)
    _check_open(request, end.at)
    _end(conn, request, end)
    return shown_request(msgspec.structs.replace(request, end=end))
