"""Lots: points earned together that expire together, and the plan that says which of them are drawn."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any

import msgspec

from cagnotte.domain.kernel import LotId, Points
from cagnotte.domain.points.terms import BurnOrder


class Lot(msgspec.Struct, frozen=True, gc=False):
    lot_id: LotId
    wallet: str
    points_open: Points  # not yet burned, expired or clawed back; > 0
    earned_on: date
    expires_on: date | None = None  # first day the lot can no longer be burned, from 00:00 local time
    usable_from: date | None = None  # first day it can be burned, from 00:00 local time; None: at once
    awaits: str = ""  # the event that makes pending points usable; "" when none is awaited


class Draw(msgspec.Struct, frozen=True, gc=False):
    """What is taken from one lot; 0 < points <= what the lot holds."""

    lot_id: LotId
    points: Points


class BurnRefusal(StrEnum):
    POINTS_MUST_BE_POSITIVE = "points_must_be_positive"
    INSUFFICIENT_POINTS = "insufficient_points"


class BurnRefused(msgspec.Struct, frozen=True):
    reason: BurnRefusal
    points_available: Points


class BurnPlan(msgspec.Struct, frozen=True):
    draws: tuple[Draw, ...]


def burn_order(lot: Lot) -> tuple[date, date, LotId]:
    """Soonest to expire first, then oldest, then id; lots that never expire come last (INV-05)."""
    return (lot.expires_on or date.max, lot.earned_on, lot.lot_id)


def is_usable(lot: Lot, on: date) -> bool:
    """Whether the lot can be burned on that local day: not pending, and before its expiry day."""
    if lot.awaits or (lot.usable_from is not None and on < lot.usable_from):
        return False
    return lot.expires_on is None or on < lot.expires_on


def points_usable(lots: Iterable[Lot], wallet: str, on: date) -> Points:
    usable = 0
    for lot in lots:  # once or more for each sale of a year: a plain loop costs a third of a generator
        if lot.wallet == wallet and (lot.expires_on is None or on < lot.expires_on):
            if lot.awaits or (lot.usable_from is not None and on < lot.usable_from):
                continue
            usable += lot.points_open
    return Points(usable)


def points_pending(lots: Iterable[Lot], wallet: str, on: date) -> Points:
    """Points that cannot be used yet on that local day."""
    return Points(sum(lot.points_open for lot in lots if lot.wallet == wallet and is_pending(lot, on)))


def is_pending(lot: Lot, on: date) -> bool:
    if lot.expires_on is not None and on >= lot.expires_on:
        return False
    return bool(lot.awaits) or (lot.usable_from is not None and on < lot.usable_from)


def plan_burn(
    lots: Iterable[Lot], wanted: Points, on: date, *, order: BurnOrder = BurnOrder.SOONEST_EXPIRY
) -> BurnPlan | BurnRefused:
    """Choose the lots that pay for a burn: soonest to expire first, then oldest, unless `order` says otherwise.

    Nothing is posted; the plan is for the ledger to carry out. The same lots give the same plan
    in any order, so a till and the server always agree. The lots must be of one wallet.
    """
    usable = sorted((lot for lot in lots if is_usable(lot, on)), key=_ORDERS[order])
    available = Points(sum(lot.points_open for lot in usable))
    if wanted <= 0:
        return BurnRefused(BurnRefusal.POINTS_MUST_BE_POSITIVE, available)
    if wanted > available:
        return BurnRefused(BurnRefusal.INSUFFICIENT_POINTS, available)
    return BurnPlan(tuple(_draw_down(usable, wanted)))


def in_order(lots: Iterable[Lot], order: BurnOrder) -> list[Lot]:
    """The lots in the order in which a burn takes them."""
    return sorted(lots, key=_ORDERS[order])


def without_draws(lots: tuple[Lot, ...], draws: Sequence[Draw]) -> tuple[Lot, ...]:
    """The open lots after the draws, in the same order; emptied lots are gone.

    Asserts that every draw finds its lot, with points enough.
    """
    taken = {draw.lot_id: draw.points for draw in draws}
    left: list[Lot] = []
    for position, lot in enumerate(lots):
        if not taken:  # draws take the first lots: the others stay as they are
            left.extend(lots[position:])
            break
        points = taken.pop(lot.lot_id, None)
        if points is None:
            left.append(lot)
        elif points < lot.points_open:
            assert points > 0, (lot, points)
            left.append(part_of(lot, lot.points_open - points))
        else:
            assert points == lot.points_open, (lot, points)
    assert not taken, taken
    return tuple(left)


def part_of(lot: Lot, points: int) -> Lot:
    """The same lot holding other points."""
    return Lot(lot.lot_id, lot.wallet, Points(points), lot.earned_on, lot.expires_on, lot.usable_from, lot.awaits)


def _oldest_first(lot: Lot) -> tuple[int, LotId]:
    return (lot.earned_on.toordinal(), lot.lot_id)


def _newest_first(lot: Lot) -> tuple[int, int]:
    return (-lot.earned_on.toordinal(), -lot.lot_id)


_ORDERS: Mapping[BurnOrder, Callable[[Lot], Any]] = {
    BurnOrder.SOONEST_EXPIRY: burn_order,
    BurnOrder.OLDEST: _oldest_first,
    BurnOrder.NEWEST: _newest_first,
}


def _draw_down(usable: list[Lot], wanted: Points) -> Iterator[Draw]:
    left = int(wanted)
    for lot in usable:
        if left == 0:
            return
        taken = min(left, lot.points_open)
        left -= taken
        yield Draw(lot.lot_id, Points(taken))
