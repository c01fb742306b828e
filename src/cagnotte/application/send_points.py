"""A member sends points to another one: both books in one transaction."""

from datetime import datetime

import msgspec
import psycopg

from cagnotte.application.acting import Acted, Acting, PointsAnswer, act, points_drawn
from cagnotte.application.ids import new_event_id
from cagnotte.application.published import Published
from cagnotte.domain.evaluator.effects import DrawReason, TransferDue
from cagnotte.domain.evaluator.events import PointsReceived, PointsSent


class SendPoints(msgspec.Struct, frozen=True):
    member: str
    to: str
    points: int
    wallet: str = ""
    reason: str = ""
    at: datetime | None = None


def send_points(
    conn: psycopg.Connection, published: Published, command: SendPoints, *, key: str, now: datetime
) -> Acted:
    """Move the points within the programme's limits, or refuse; as `act`. The answer tells of the sender alone."""

    def send(acting: Acting) -> PointsAnswer:
        wallet = command.wallet or acting.version.programme.wallets[0].code
        sender, receiver = acting.members[0].member_id, acting.members[-1].member_id
        closed = acting.histories[-1].facts.profile.is_closed(acting.wall(acting.at, of=-1).date())
        event = PointsSent(
            new_event_id(), acting.local, wallet, command.points, sender, receiver, command.reason, closed
        )
        decision = acting.take(event)
        for effect in decision.effects:
            if isinstance(effect, TransferDue):
                received = PointsReceived(
                    new_event_id(), acting.wall(acting.at, of=1), wallet, sender, effect.lots
                )
                acting.take(received, of=1, key=f"from:{event.event_id}")
        return acting.answer(decision, wallet=wallet, points=points_drawn(decision, DrawReason.SENT))

    members = [command.member, command.to]
    return act(conn, published, command, send, members=members, at=command.at, key=key, now=now)
