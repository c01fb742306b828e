"""Lots that live longer than their terms say: extended before they end, or given again after they did."""

from collections.abc import Iterable
from datetime import date

from cagnotte.domain.evaluator.decision import RefusalCode
from cagnotte.domain.evaluator.effects import LotsRedated, LotsRefilled, RefillOf
from cagnotte.domain.evaluator.events import LotsExtended, PointsReinstated
from cagnotte.domain.evaluator.making import Making
from cagnotte.domain.evaluator.undoing import grown
from cagnotte.domain.points.lots import Draw, Lot, burn_order, part_of


def decide_extended(making: Making, asked: LotsExtended) -> date:
    """The same points until a later day; a lot that never ends, or ends later already, stays as it is."""
    day = asked.at.date()
    if asked.wallet not in making.ready.wallets:
        making.refuse(RefusalCode.UNKNOWN_WALLET, asked.wallet)
        return day
    if asked.until <= day:
        making.refuse(RefusalCode.MUST_END_LATER, asked.wallet)
        return day
    longer = tuple(_until(lot, asked.until) for lot in making.facts.lots if _is_extended(lot, asked))
    if longer:
        making.add(LotsRedated(day, longer, asked.reason))
    else:
        making.refuse(RefusalCode.NOTHING_TO_EXTEND, asked.wallet)
    return day


def decide_reinstated(making: Making, asked: PointsReinstated) -> date:
    """Expired points go back to the very lots they expired from, which end on the new day."""
    day, expired = asked.at.date(), [lot for lot in asked.expired if lot.wallet == asked.wallet]
    there = sum(lot.points_open for lot in expired)
    wanted = there if asked.points is None else asked.points
    if asked.wallet not in making.ready.wallets:
        making.refuse(RefusalCode.UNKNOWN_WALLET, asked.wallet)
    elif asked.until <= day:
        making.refuse(RefusalCode.MUST_END_LATER, asked.wallet)
    elif wanted < 1:
        making.refuse(RefusalCode.POINTS_MUST_BE_POSITIVE, asked.wallet)
    elif wanted > there:
        making.refuse(RefusalCode.MORE_THAN_EXPIRED, asked.wallet, wanted - there)
    else:
        parts = _last_to_end(expired, wanted)
        lots = tuple(grown(making, part) for part in parts)
        draws = tuple(Draw(part.lot_id, part.points_open) for part in parts)
        making.add(
            LotsRefilled(making.next_transfer(), asked.wallet, day, lots, draws, RefillOf.EXPIRED, asked.reason)
        )
        making.add(LotsRedated(day, tuple(_until(lot, asked.until) for lot in lots), asked.reason))
    return day


def _is_extended(lot: Lot, asked: LotsExtended) -> bool:
    chosen = asked.lots is None or lot.lot_id in asked.lots
    return chosen and lot.wallet == asked.wallet and lot.expires_on is not None and lot.expires_on < asked.until


def _until(lot: Lot, day: date) -> Lot:
    return Lot(lot.lot_id, lot.wallet, lot.points_open, lot.earned_on, day, lot.usable_from, lot.awaits)


def _last_to_end(expired: Iterable[Lot], points: int) -> list[Lot]:
    """Parts of these lots that hold so many points; the last to end first."""
    parts = []
    for lot in sorted(expired, key=burn_order, reverse=True):
        taken = min(points, lot.points_open)
        if taken > 0:
            points -= taken
            parts.append(part_of(lot, taken))
    return parts
