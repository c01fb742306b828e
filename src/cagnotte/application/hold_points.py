"""Points are set aside while an order is open, and the hold ends once: confirmed, released, or over by itself."""

from datetime import datetime, timedelta

import msgspec
import psycopg

from cagnotte.application.acting import Acted, Acting, PointsAnswer, act, points_drawn
from cagnotte.application.ids import new_event_id
from cagnotte.application.published import Published
from cagnotte.domain.evaluator.effects import DrawReason, HoldBegun
from cagnotte.domain.evaluator.events import PointsHeld


class HoldPoints(msgspec.Struct, frozen=True):
    """`minutes` None: as long as the wallet says. `reference`: the caller's word for the order."""

    member: str
    points: int
    wallet: str = ""
    minutes: int | None = None
    reference: str = ""
    at: datetime | None = None


def hold_points(
    conn: psycopg.Connection, published: Published, command: HoldPoints, *, key: str, now: datetime
) -> Acted:
    """Set the points aside, or refuse; as `act`. The answer's `hold` is what `end_hold` asks for."""

    def hold(acting: Acting) -> PointsAnswer:
        wallet = command.wallet or acting.version.programme.wallets[0].code
        until = _until(acting, wallet, command.minutes)
        event = PointsHeld(new_event_id(), acting.local, wallet, command.points, until, command.reference)
        decision = acting.take(event)
        begun = next((effect.hold.hold_id for effect in decision.effects if isinstance(effect, HoldBegun)), None)
        held = points_drawn(decision, DrawReason.HOLD)
        return acting.answer(decision, wallet=wallet, points=held, hold=begun)

    return act(conn, published, command, hold, members=[command.member], at=command.at, key=key, now=now)


def _until(acting: Acting, wallet: str, minutes: int | None) -> datetime | None:
    """So many minutes later on the member's clock, also in a night on which clocks change."""
    programme = acting.version.programme
    if minutes is None and programme.has_wallet(wallet):
        minutes = programme.wallet(wallet).hold_minutes
    return None if minutes is None else acting.wall(acting.at + timedelta(minutes=minutes))
