"""Holds: points set aside while an order is open, until they are confirmed, released, or their time is over."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

import msgspec

from cagnotte.domain.kernel import TransferId
from cagnotte.domain.points.lots import Lot


class HoldEnd(StrEnum):
    CONFIRMED = "confirmed"  # the points are spent
    RELEASED = "released"  # the caller gives them back
    LAPSED = "lapsed"  # its time was over


class Hold(msgspec.Struct, frozen=True, gc=False):
    """`hold_id`: the transfer that set the points aside. `lots`: the part of each lot, with its dates.

    `until`: the local time from which the points are free again, whether or not anybody asked by then.
    """

    hold_id: TransferId
    wallet: str
    lots: tuple[Lot, ...]
    until: datetime
    reference: str = ""

    @property
    def points(self) -> int:
        return sum(lot.points_open for lot in self.lots)


def points_held(holds: Iterable[Hold], wallet: str) -> int:
    return sum(hold.points for hold in holds if hold.wallet == wallet)


def overdue(holds: Iterable[Hold], at: datetime) -> list[Hold]:
    """The holds whose time is over at local time `at`, the first to end first."""
    return sorted((hold for hold in holds if hold.until <= at), key=lambda hold: (hold.until, hold.hold_id))
