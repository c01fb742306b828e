"""What is known of a member's open lots, so that not each sale goes through all of them."""

from collections.abc import Sequence
from datetime import date

import msgspec

from cagnotte.domain.points.lots import Draw, Lot, is_usable


class Usable(msgspec.Struct, gc=False):
    """`points` of one wallet can be used on each day from `since` until 00:00 of `until`."""

    points: int
    since: date
    until: date


class Turn(msgspec.Struct, frozen=True, gc=False):
    """No lot ends or becomes usable after the day `since` and before `on`; `on` date.max: never."""

    since: date
    on: date


def usable_on(lots: Sequence[Lot], wallet: str, day: date) -> Usable:
    """What `points_usable` gives for `day`, and how long it gives that."""
    points, until = 0, date.max
    for lot in lots:
        if lot.wallet == wallet:
            for turn in (lot.expires_on, lot.usable_from):
                if turn is not None and day < turn < until:
                    until = turn
            if is_usable(lot, day):
                points += lot.points_open
    return Usable(points, day, until)


def next_turn(lots: Sequence[Lot], after: date) -> Turn:
    """The next day after `after` on which a pending lot can be used, or the day on which the first one ends,
    also when that is over already; lots stand in burn order."""
    days = [lot.usable_from for lot in lots if lot.usable_from is not None and lot.usable_from > after]
    if lots and lots[0].expires_on is not None:
        days.append(lots[0].expires_on)
    return Turn(after, min(days, default=date.max))


class LotsKnown:
    """Remembers answers about one tuple of lots, and follows it as lots are opened and drawn.

    Asked about other lots it forgets: each answer is that of the function above for the lots that are given.
    """

    def __init__(self) -> None:
        self._lots: tuple[Lot, ...] = ()
        self._usable: dict[str, Usable] = {}
        self._turn: Turn | None = None

    def usable(self, lots: tuple[Lot, ...], wallet: str, day: date) -> int:
        self._look_at(lots)
        known = self._usable.get(wallet)
        if known is None or not known.since <= day < known.until:
            known = self._usable[wallet] = usable_on(lots, wallet, day)
        return known.points

    def turn(self, lots: tuple[Lot, ...], after: date, upto: date) -> date:
        """The day of `next_turn`; where that lies after `upto`, any day after `upto`."""
        self._look_at(lots)
        turn = self._turn
        if turn is None or turn.since > after or turn.on <= upto:
            turn = self._turn = next_turn(lots, after)
        return turn.on

    def opened(self, before: tuple[Lot, ...], lot: Lot, after: tuple[Lot, ...]) -> None:
        """One lot was added to the lots `before`."""
        if before is not self._lots:
            return
        self._lots = after
        if lot.awaits or lot.usable_from is not None:
            self._usable.pop(lot.wallet, None)
            self._turn = None
            return
        ends, known, turn = lot.expires_on or date.max, self._usable.get(lot.wallet), self._turn
        if known is not None:
            known.points += lot.points_open
            known.until = min(known.until, ends)
        if turn is not None and ends < turn.on:
            self._turn = Turn(turn.since, ends)

    def burned(
        self, before: tuple[Lot, ...], wallet: str, on: date, draws: Sequence[Draw], after: tuple[Lot, ...]
    ) -> None:
        """These draws, of lots that could be used on the day `on`, were taken from `before`."""
        if before is not self._lots:
            return
        self._lots = after
        known = self._usable.get(wallet)
        if known is not None and known.since <= on < known.until:
            known.points -= sum([draw.points for draw in draws])
        else:
            self._usable.pop(wallet, None)

    def _look_at(self, lots: tuple[Lot, ...]) -> None:
        if lots is not self._lots:
            self._lots, self._turn = lots, None
            self._usable.clear()
