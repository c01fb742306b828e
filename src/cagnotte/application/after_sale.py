"""What followed a recorded sale: what came back of it, and how late events corrected its points."""

import msgspec
import psycopg

from cagnotte.application.return_answer import PointsReturned, points_returned
from cagnotte.domain.evaluator.effects import LinesReturned
from cagnotte.domain.kernel import MemberId
from cagnotte.storage.returns import (
    KeptCorrection,
    KeptReturn,
    ask_corrections,
    ask_returns,
    read_corrections,
    read_returns,
)


class ReturnSeen(msgspec.Struct, frozen=True):
    """`lines`: (number of the line from 1, quantity). `refunds`: (the same, minor units) without goods."""

    kept: KeptReturn
    lines: tuple[tuple[int, int], ...]
    refunds: tuple[tuple[int, int], ...]
    points: tuple[PointsReturned, ...]


class AfterSale(msgspec.Struct, frozen=True):
    """Oldest first."""

    returns: tuple[ReturnSeen, ...]
    corrections: tuple[KeptCorrection, ...]


def after_sale(conn: psycopg.Connection, member_id: int, sale_id: int) -> AfterSale:
    """Of one sale of an account; nothing where there is no such sale."""
    account = MemberId(member_id)
    with conn.pipeline():
        returned, corrected = ask_returns(conn, account, sale_id), ask_corrections(conn, account, sale_id)
    returns, corrections = read_returns(returned), read_corrections(corrected)
    return AfterSale(tuple(_seen(kept) for kept in returns.get(sale_id, ())), tuple(corrections.get(sale_id, ())))


def _seen(kept: KeptReturn) -> ReturnSeen:
    back = [effect for effect in kept.decision.effects if isinstance(effect, LinesReturned)]
    lines = tuple((place + 1, quantity) for effect in back for place, quantity in effect.lines)
    refunds = tuple((place + 1, minor) for effect in back for place, minor in effect.amounts)
    return ReturnSeen(kept, lines, refunds, points_returned(kept.decision))
