"""A member's lots live longer than their terms say, with a reason that is kept."""

from collections.abc import Collection
from datetime import date, datetime

import msgspec
import psycopg

from cagnotte.application.acting import Acted, Acting, PointsAnswer, act
from cagnotte.application.errors import ReasonMissing
from cagnotte.application.ids import new_event_id
from cagnotte.application.published import Published
from cagnotte.domain.evaluator.effects import LotsRedated
from cagnotte.domain.evaluator.events import LotsExtended


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
) -> Acted:
    """Move the days, or refuse; as `act`. `points`: of the lots that live longer. Raises ReasonMissing too."""
    if not command.reason.strip():
        raise ReasonMissing()

    def extend(acting: Acting) -> PointsAnswer:
        wallet = command.wallet or acting.version.programme.wallets[0].code
        event = LotsExtended(new_event_id(), acting.local, wallet, command.until, reason=command.reason)
        decision = acting.take(event, made_by=command.made_by)
        moved = [lot for each in decision.effects if isinstance(each, LotsRedated) for lot in each.lots]
        return acting.answer(decision, wallet=wallet, points=sum(lot.points_open for lot in moved))

    return act(
        conn,
        published,
        command,
        extend,
        members=[command.member],
        at=command.at,
        key=key,
        now=now,
        if_version=if_version,
    )
