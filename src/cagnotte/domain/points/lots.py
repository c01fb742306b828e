"""Lots: points earned together that expire together, and the plan that says which of them are drawn."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from enum import StrEnum

import msgspec

from cagnotte.domain.kernel import LotId, Period, Points, day_after


class Lot(msgspec.Struct, frozen=True, gc=False):
    lot_id: LotId
    wallet: str
    points_open: Points  # not yet burned, expired or clawed back; > 0
    earned_on: date
    expires_on: date | None = None  # first day the lot can no longer be burned, from 00:00 local time


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
    """Whether the lot can be burned on that local day; its expiry day is the first day it cannot."""
    return lot.expires_on is None or on < lot.expires_on


def points_usable(lots: Iterable[Lot], wallet: str, on: date) -> Points:
    usable = 0
    for lot in lots:  # once or more for each sale of a year: a plain loop costs a third of a generator
        if lot.wallet == wallet and (lot.expires_on is None or on < lot.expires_on):
            usable += lot.points_open
    return Points(usable)


def plan_burn(lots: Iterable[Lot], wanted: Points, on: date) -> BurnPlan | BurnRefused:
    """Choose the lots that pay for a burn: soonest to expire first, then oldest.

    Nothing is posted; the plan is for the ledger to carry out. The same lots give the same plan
    in any order, so a till and the server always agree. The lots must be of one wallet.
    """
    usable = sorted((lot for lot in lots if is_usable(lot, on)), key=burn_order)
    available = Points(sum(lot.points_open for lot in usable))
    if wanted <= 0:
        return BurnRefused(BurnRefusal.POINTS_MUST_BE_POSITIVE, available)
    if wanted > available:
        return BurnRefused(BurnRefusal.INSUFFICIENT_POINTS, available)
    return BurnPlan(tuple(_draw_down(usable, wanted)))


def expiry_day(earned_on: date, after: Period | None, *, to_month_end: bool = False) -> date | None:
    """First day a lot earned on `earned_on` is unusable, from 00:00 local time; None: never.

    With `to_month_end` the lot lives until the last day of the month of its last usable day.
    """
    if after is None:
        return None
    day = day_after(earned_on, after)
    if not to_month_end or day.day == 1:
        return day
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1)


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
            left.append(
                Lot(lot.lot_id, lot.wallet, Points(lot.points_open - points), lot.earned_on, lot.expires_on)
            )
        else:
            assert points == lot.points_open, (lot, points)
    assert not taken, taken
    return tuple(left)


def _draw_down(usable: list[Lot], wanted: Points) -> Iterator[Draw]:
    left = int(wanted)
    for lot in usable:
        if left == 0:
            return
        taken = min(left, lot.points_open)
        left -= taken
        yield Draw(lot.lot_id, Points(taken))
