"""An act that a person answers for: within that person's ceiling it is done, above it a second person is asked."""

from collections.abc import Callable, Collection
from datetime import date, datetime
from typing import Protocol

import msgspec
import psycopg

from cagnotte.application.acting import Acted, Acting, PointsAnswer, act
from cagnotte.application.errors import ReasonMissing
from cagnotte.application.ids import new_event_id
from cagnotte.application.points_requests import RequestAnswer, shown_request
from cagnotte.application.programme_staff import Actor, Permission
from cagnotte.application.published import Published, day_start, wall_clock
from cagnotte.application.staff_people import Person, check_not_own, person_named, person_of
from cagnotte.domain.kernel import day_after
from cagnotte.domain.points.ceilings import AboveCeiling, above_ceiling, allowance
from cagnotte.domain.points.requests import GestureKind
from cagnotte.storage.gestures import Gesture, add_gesture, points_used
from cagnotte.storage.points_requests import PointsRequest, add_request


class ByHand(Protocol):
    """The command of such an act. `made_by`: the name of who does it."""

    @property
    def member(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def made_by(self) -> str: ...
    @property
    def at(self) -> datetime | None: ...


class _Asked(msgspec.Struct, frozen=True):
    published: Published
    command: msgspec.Struct
    kind: GestureKind
    person: Person
    now: datetime


def act_by_hand[C: msgspec.Struct](
    conn: psycopg.Connection,
    published: Published,
    command: C,
    kind: GestureKind,
    do: Callable[[Acting, C], PointsAnswer],
    *,
    key: str,
    now: datetime,
    if_version: Collection[int] | None = None,
    actor: Actor | None = None,
) -> Acted:
    """Do it, refuse it, or keep it as a request (202) when it is above the person's ceiling; as `act`.

    `actor`: the person at a door that knows who it is; None: the caller answers for the name in the command. What
    the programme refuses becomes no request. Raises ReasonMissing, OwnAccount or NotAllowed too.
    """
    told: ByHand = command  # type: ignore[assignment]  # a struct with these fields
    if not told.reason.strip():
        raise ReasonMissing()
    if actor is not None:
        actor.check(Permission.ADJUST_POINTS)
        assert person_of(actor.name) == person_of(told.made_by), command

    def checked(acting: Acting) -> PointsAnswer | RequestAnswer:
        person = person_named(acting.conn, told.made_by)
        check_not_own(person, acting.member)
        answer = do(acting, command)
        if answer.refusals:
            return answer
        above = above_own_ceiling(acting.conn, published, person, answer, now=now)
        if above is not None:
            request = _request(acting, _Asked(published, command, kind, person, now), answer, above)
            add_request(acting.conn, request)
            return shown_request(request)
        keep_gesture(acting, published, kind, answer, told.reason, person=person.key, now=now)
        return answer

    return act(
        conn,
        published,
        command,
        checked,
        members=[told.member],
        at=told.at,
        key=key,
        now=now,
        if_version=if_version,
        locked=True,
    )


def above_own_ceiling(
    conn: psycopg.Connection, published: Published, person: Person, answer: PointsAnswer, *, now: datetime
) -> AboveCeiling | None:
    """The ceiling of the person that the act is above, by the version in force now; None: within.

    The person's other acts wait until the transaction ends.
    """
    allowed = allowance(published.at(now).programme.adjustments, person.roles, answer.wallet)
    used = points_used(conn, person.key, answer.wallet, gesture_day(published, now))
    return above_ceiling(allowed, abs(answer.points), used)


def keep_gesture(
    acting: Acting,
    published: Published,
    kind: GestureKind,
    answer: PointsAnswer,
    reason: str,
    *,
    person: str,
    now: datetime,
    allowed_by: str = "",
    request_id: int | None = None,
) -> None:
    """Keep on whose authority it was done, for that person's day. `allowed_by` "": on that of who asked."""
    gesture = Gesture(
        acting.member.member_id,
        new_event_id(),
        kind.value,
        answer.wallet,
        answer.points,
        reason,
        person,
        allowed_by or person,
        gesture_day(published, now),
        now,
        request_id,
    )
    add_gesture(acting.conn, gesture)


def gesture_day(published: Published, now: datetime) -> date:
    """The day for which an act by hand counts: the programme's, whatever time the act says it is about."""
    return wall_clock(now, published.zone).date()


def _request(acting: Acting, asked: _Asked, answer: PointsAnswer, above: AboveCeiling) -> PointsRequest:
    command: ByHand = asked.command  # type: ignore[assignment]  # a struct with these fields
    terms, today = asked.published.at(asked.now).programme.adjustments, gesture_day(asked.published, asked.now)
    return PointsRequest(
        acting.member.member_id,
        new_event_id(),
        asked.kind.value,
        answer.wallet,
        answer.points,
        msgspec.json.encode(asked.command).decode(),
        command.reason,
        asked.person.key,
        command.made_by,
        above.above.value,
        above.most,
        asked.now,
        day_start(day_after(today, terms.answered_within), asked.published.zone),
        acting.member.external_id,
    )
