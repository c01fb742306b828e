"""Points that expired are given again, to the lots they expired from, with a reason that is kept."""

from collections.abc import Collection
from datetime import date, datetime

import msgspec
import psycopg

from cagnotte.application.acting import Acted, Acting, PointsAnswer
from cagnotte.application.acts_by_hand import act_by_hand
from cagnotte.application.ids import new_event_id
from cagnotte.application.programme_staff import Actor
from cagnotte.application.published import Published
from cagnotte.domain.evaluator.effects import LotsRefilled
from cagnotte.domain.evaluator.events import PointsReinstated
from cagnotte.domain.points.requests import GestureKind
from cagnotte.ledger.reading import expired_lots


class ReinstatePoints(msgspec.Struct, frozen=True):
    """`points` None: all that expired. They end at 00:00 of `until`, local time."""

    member: str
    until: date
    reason: str
    made_by: str
    points: int | None = None
    wallet: str = ""
    at: datetime | None = None


def reinstate_points(
    conn: psycopg.Connection,
    published: Published,
    command: ReinstatePoints,
    *,
    key: str,
    now: datetime,
    if_version: Collection[int] | None = None,
    actor: Actor | None = None,
) -> Acted:
    """Give them again, or refuse; as `act_by_hand`. What expires in this very act is not among them."""
    return act_by_hand(
        conn,
        published,
        command,
        GestureKind.REINSTATEMENT,
        reinstated,
        key=key,
        now=now,
        if_version=if_version,
        actor=actor,
    )


def reinstated(acting: Acting, command: ReinstatePoints) -> PointsAnswer:
    """Decide it on the facts as they stand, and apply it."""
    wallet = command.wallet or acting.version.programme.wallets[0].code
    expired = expired_lots(acting.conn, acting.member.member_id)
    event = PointsReinstated(
        new_event_id(), acting.local, wallet, command.until, expired, command.points, command.reason
    )
    decision = acting.take(event, made_by=command.made_by)
    refilled = [draw for each in decision.effects if isinstance(each, LotsRefilled) for draw in each.draws]
    return acting.answer(decision, wallet=wallet, points=sum(draw.points for draw in refilled))
