"""The member spends points for something of the caller's: a gift, a service, a voucher of another system."""

from datetime import datetime

import msgspec
import psycopg

from cagnotte.application.acting import Acted, Acting, PointsAnswer, act, points_drawn
from cagnotte.application.ids import new_event_id
from cagnotte.application.published import Published
from cagnotte.domain.evaluator.effects import DebtMoved, DrawReason
from cagnotte.domain.evaluator.events import Burn


class BurnPoints(msgspec.Struct, frozen=True):
    """`wallet` "": the programme's first one. `reference`: the caller's word for what the points buy."""

    member: str
    points: int
    wallet: str = ""
    reference: str = ""
    at: datetime | None = None


def burn_points(
    conn: psycopg.Connection, published: Published, command: BurnPoints, *, key: str, now: datetime
) -> Acted:
    """Take the points from the member's lots in the order of the wallet, or refuse; as `act`.

    Where the wallet allows it the rest is owed; the answer's `points` are all that were spent.
    """

    def burn(acting: Acting) -> PointsAnswer:
        wallet = command.wallet or acting.version.programme.wallets[0].code
        event = Burn(new_event_id(), acting.local, wallet, command.points, command.reference)
        decision = acting.take(event)
        owed = sum(effect.points for effect in decision.effects if isinstance(effect, DebtMoved))
        spent = points_drawn(decision, DrawReason.BURN) + owed
        return acting.answer(decision, wallet=wallet, points=spent)

    return act(conn, published, command, burn, members=[command.member], at=command.at, key=key, now=now)
