"""Points of one wallet become points of another, because the member asks."""

from datetime import datetime

import msgspec
import psycopg

from cagnotte.application.acting import Acted, Acting, PointsAnswer, act, points_drawn
from cagnotte.application.ids import new_event_id
from cagnotte.application.published import Published
from cagnotte.domain.evaluator.effects import DrawReason
from cagnotte.domain.evaluator.events import ExchangeAsked


class ExchangePoints(msgspec.Struct, frozen=True):
    """`times`: so many times what the programme's exchange says."""

    member: str
    exchange: str
    times: int = 1
    at: datetime | None = None


def exchange_points(
    conn: psycopg.Connection, published: Published, command: ExchangePoints, *, key: str, now: datetime
) -> Acted:
    """Give the points up for those of the other wallet, or refuse; as `act`. `points` are those given up."""

    def exchange(acting: Acting) -> PointsAnswer:
        event = ExchangeAsked(new_event_id(), acting.local, command.exchange, command.times)
        decision = acting.take(event)
        exchanges = acting.version.programme.exchanges
        wallet = next((each.wallet for each in exchanges if each.code == command.exchange), "")
        return acting.answer(decision, wallet=wallet, points=points_drawn(decision, DrawReason.EXCHANGE))

    return act(conn, published, command, exchange, members=[command.member], at=command.at, key=key, now=now)
