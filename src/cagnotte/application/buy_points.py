"""The member buys points at the price of the wallet; the caller takes the money."""

from datetime import datetime

import msgspec
import psycopg

from cagnotte.application.acting import Acted, Acting, PointsAnswer, act
from cagnotte.application.ids import new_event_id
from cagnotte.application.published import Published
from cagnotte.domain.evaluator.effects import PointsSold
from cagnotte.domain.evaluator.events import PointsBought


class BuyPoints(msgspec.Struct, frozen=True):
    member: str
    points: int
    wallet: str = ""
    at: datetime | None = None


def buy_points(
    conn: psycopg.Connection, published: Published, command: BuyPoints, *, key: str, now: datetime
) -> Acted:
    """Give the points as one lot on the wallet's terms, or refuse; as `act`. `amount_minor`: what they cost."""

    def buy(acting: Acting) -> PointsAnswer:
        wallet = command.wallet or acting.version.programme.wallets[0].code
        decision = acting.take(PointsBought(new_event_id(), acting.local, wallet, command.points))
        sold = [effect for effect in decision.effects if isinstance(effect, PointsSold)]
        cost = sum(each.amount_minor for each in sold)
        return acting.answer(decision, wallet=wallet, points=command.points, amount_minor=cost)

    return act(conn, published, command, buy, members=[command.member], at=command.at, key=key, now=now)
