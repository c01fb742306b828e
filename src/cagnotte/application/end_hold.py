"""A hold is confirmed, and its points are spent, or released, and they are free again."""

from datetime import datetime

import msgspec
import psycopg

from cagnotte.application.acting import Acted, Acting, PointsAnswer, act
from cagnotte.application.errors import UnknownHold
from cagnotte.application.history import end_of_hold
from cagnotte.application.ids import new_event_id
from cagnotte.application.published import Published
from cagnotte.domain.evaluator.effects import HoldEnded
from cagnotte.domain.evaluator.events import HoldEnding
from cagnotte.domain.kernel import TransferId
from cagnotte.domain.points.holds import HoldEnd

_BEGUN = "SELECT wallet FROM ledger_transfer WHERE member_id = %s AND transfer_id = %s AND kind = 'hold'"


class EndHold(msgspec.Struct, frozen=True):
    """`hold`: as `hold_points` answered. `points`: of a confirmation, how many are spent (None: all)."""

    member: str
    hold: str
    how: HoldEnd
    points: int | None = None
    at: datetime | None = None


def end_hold(
    conn: psycopg.Connection, published: Published, command: EndHold, *, key: str, now: datetime
) -> Acted:
    """End the hold, or refuse because it has ended; as `act`. Raises UnknownHold too."""

    def end(acting: Acting) -> PointsAnswer:
        hold_id = _hold_id(command.hold)
        begun = acting.conn.execute(_BEGUN, (acting.member.member_id, hold_id)).fetchone()
        if begun is None:
            raise UnknownHold(hold=command.hold)
        event = HoldEnding(new_event_id(), acting.local, hold_id, command.how, command.points)
        decision = acting.take(event, key=end_of_hold(hold_id))
        ended = [effect for effect in decision.effects if isinstance(effect, HoldEnded)]
        return acting.answer(decision, wallet=begun[0], points=sum(each.points for each in ended), hold=hold_id)

    return act(conn, published, command, end, members=[command.member], at=command.at, key=key, now=now)


def _hold_id(said: str) -> TransferId:
    """Raises UnknownHold for what can be no hold's id."""
    if not said.isascii() or not said.isdigit() or len(said) > len(str(2**63)):
        raise UnknownHold(hold=said)
    return TransferId(min(int(said), 2**63 - 1))
