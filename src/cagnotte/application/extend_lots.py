"""A member's lots live longer than their terms say, with a reason that is kept."""

from collections.abc import Collection
from datetime import date, datetime

import msgspec
import psycopg

from cagnotte.application.acting import Acted, Acting, PointsAnswer
from cagnotte.application.acts_by_hand import act_by_hand
from cagnotte.application.ids import new_event_id
from cagnotte.application.programme_staff import Actor
from cagnotte.application.published import Published
from cagnotte.domain.evaluator.effects import LotsRedated
from cagnotte.domain.evaluator.events import LotsExtended
from cagnotte.domain.points.requests import GestureKind


class ExtendLots(msgspec.Struct, frozen=True):
    """Open lots of the wallet that end before `until` end on that day, at 00:00 local time."""

    member: str
    until: date
    reason: str
    made_by: str
    wallet: str = ""
    at: datetime | None = None


def extend_lots(
    conn: psycopg.Connection,
    published: Published,
    command: ExtendLots,
    *,
    key: str,
    now: datetime,
    if_version: Collection[int] | None = None,
    actor: Actor | None = None,
) -> Acted:
    """Move the days, or refuse; as `act_by_hand`. `points`: of the lots that live longer."""
    return act_by_hand(
        conn,
        published,
        command,
        GestureKind.EXTENSION,
        extended,
        key=key,
        now=now,
        if_version=if_version,
        actor=actor,
    )


def extended(acting: Acting, command: ExtendLots) -> PointsAnswer:
    """Decide it on the facts as they stand, and apply it."""
    wallet = command.wallet or acting.version.programme.wallets[0].code
    event = LotsExtended(new_event_id(), acting.local, wallet, command.until, reason=command.reason)
    decision = acting.take(event, made_by=command.made_by)
    moved = [lot for each in decision.effects if isinstance(each, LotsRedated) for lot in each.lots]
    return acting.answer(decision, wallet=wallet, points=sum(lot.points_open for lot in moved))
