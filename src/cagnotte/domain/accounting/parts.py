"""A lot that partners pay for, in parts: which points are used, expire or are taken back of each part.

Points of one lot cannot be told apart. What is used, expires, moves or is taken by hand therefore goes of all
parts in proportion to what is left of them (largest remainder, ties to the first). A return, or a correction,
says in the books how many points it takes back for which partner: those go of the partner's part, the rest of
the programme's own; what a part does not have any more goes of the others. No part falls below 0, and none has
points left once the lot has none.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from cagnotte.domain.baskets.basket import shares

OWN = ""  # the part that no partner pays for


class How(StrEnum):
    """How points leave a lot; below 0 they come back to it the same way."""

    USED = "used"
    EXPIRED = "expired"
    CLAIMED = "claimed"  # taken back with a return, or by a correction
    TAKEN = "taken"  # by hand
    MOVED = "moved"  # to another member or wallet


class Parts:
    """The parts of one lot: (partner, points), OWN first where there is one. Moves come as the books have them."""

    def __init__(self, points: Sequence[tuple[str, int]]) -> None:
        self.partners = [partner for partner, _ in points]
        self.left = [number for _, number in points]
        self._gone: dict[How, list[int]] = {}

    def move(self, how: How, points: int, due: Mapping[str, int] | None = None) -> list[int]:
        """What goes of each part. `due`: partner -> what a return takes back for it, of this lot or of others."""
        if points < 0:
            gone = self._gone.get(how, [])
            moved = [-part for part in shares(-points, gone if any(gone) else self.left)]
        elif how is How.CLAIMED:
            moved = self._claimed(points, due or {})
        else:
            moved = shares(points, self.left)
        before = self._gone.get(how, [0] * len(moved))
        self._gone[how] = [was + part for was, part in zip(before, moved, strict=True)]
        self.left = [was - part for was, part in zip(self.left, moved, strict=True)]
        return moved

    def _claimed(self, points: int, due: Mapping[str, int]) -> list[int]:
        moved, rest = [0] * len(self.left), points
        wanted = [points if partner == OWN else due.get(partner, 0) for partner in self.partners]
        for place in sorted(range(len(moved)), key=lambda n: self.partners[n] == OWN):  # the partners' parts first
            moved[place] = min(rest, wanted[place], self.left[place])
            rest -= moved[place]
        others = shares(rest, [left - part for left, part in zip(self.left, moved, strict=True)])
        return [part + more for part, more in zip(moved, others, strict=True)]


def running(
    amounts: Sequence[int], points: Sequence[int], before: Sequence[int], moved: Sequence[int]
) -> list[int]:
    """What of each part's amount goes with what is taken of it, when `before` was taken already (rounded down in
    all): all points of a part take its whole amount."""
    return [
        amount * (was + part) // whole - amount * was // whole
        for amount, whole, was, part in zip(amounts, points, before, moved, strict=True)
    ]
