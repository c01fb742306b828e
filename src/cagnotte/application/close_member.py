"""A member is closed, or opened again, with a reason that is kept."""

from collections.abc import Collection
from datetime import datetime

import msgspec
import psycopg

from cagnotte.application.acting import Acted, Acting, PointsAnswer, act
from cagnotte.application.errors import ReasonMissing
from cagnotte.application.ids import new_event_id
from cagnotte.application.programme_staff import Actor, Permission
from cagnotte.application.published import Published
from cagnotte.domain.evaluator.decision import Decision
from cagnotte.domain.evaluator.events import ProfileChanged
from cagnotte.storage.closings import Closing, add_closing


class CloseMember(msgspec.Struct, frozen=True):
    """From 00:00 of today on the member's clock the member neither earns nor spends."""

    member: str
    reason: str
    made_by: str


class ReopenMember(CloseMember, frozen=True):
    """The member earns and spends again; what was sold meanwhile stays without points."""


def close_member(
    conn: psycopg.Connection,
    published: Published,
    command: CloseMember,
    *,
    key: str,
    now: datetime,
    if_version: Collection[int] | None = None,
    actor: Actor | None = None,
) -> Acted:
    """Close the member, or open them again (ReopenMember); nothing changes when it is so already. As `act`.

    Raises ReasonMissing or NotAllowed too.
    """
    if not command.reason.strip():
        raise ReasonMissing()
    if actor is not None:
        actor.check(Permission.CLOSE_MEMBERS)

    def close(acting: Acting) -> PointsAnswer:
        profile, day = acting.history.facts.profile, acting.local.date()
        decision = Decision(new_event_id(), day)
        closed_on = None if isinstance(command, ReopenMember) else day
        if profile.is_closed(day) != (closed_on is not None):
            changed = msgspec.structs.replace(profile, closed_on=closed_on)
            decision = acting.take(ProfileChanged(new_event_id(), acting.local, changed), made_by=command.made_by)
            member_id = acting.member.member_id
            add_closing(
                acting.conn, Closing(member_id, new_event_id(), closed_on, command.reason, command.made_by, now)
            )
        return acting.answer(decision, wallet=acting.version.programme.wallets[0].code)

    return act(
        conn,
        published,
        command,
        close,
        members=[command.member],
        at=None,
        key=key,
        now=now,
        if_version=if_version,
        locked=True,
    )
