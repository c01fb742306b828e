"""Invented members whose true hazards are known: what they are given, and when they use it or it expires."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date

from cagnotte.domain.breakage.triangle import PARTS, Cell, CellSeen, Triangle, month_after, triangles

FIRST = date(2020, 1, 1)
LIFE = 12
AT_ONCE = 0.06
USE = (0.02, 0.05, 0.08, 0.1, 0.1, 0.1, 0.08, 0.06, 0.05, 0.05, 0.08, 0.1)


def never_used(use: Sequence[float] = USE) -> float:
    """The true share of a point that expires: it is used in none of its months."""
    left = 1.0
    for share in use:
        left *= 1.0 - share
    return left


def population(seed: int, *, members: int = 200, months: int = 18, all_at_once: bool = False) -> Triangle:
    """Each member earns 1 to 100 points in seven months of ten. `all_at_once`: a member who uses points uses all
    of them, of whatever month; else each month's are decided on by themselves."""
    cells: list[CellSeen] = []
    for number in range(members):
        dice = random.Random(seed * 100_000 + number)  # so that fewer months are the beginning of more
        lots: dict[int, int] = {}
        for month in range(months):
            if dice.random() < 0.7:
                lots[month] = dice.randint(1, 100)
                cells.append(_cell(number, month, 0, Cell(given=lots[month])))
            at_once = dice.random() if all_at_once else None
            for given_in, points in list(lots.items()):
                age = month - given_in
                if age == LIFE:
                    cells.append(_cell(number, given_in, age, Cell(expired=points)))
                    del lots[given_in]
                elif (dice.random() if at_once is None else at_once) < (AT_ONCE if all_at_once else USE[age]):
                    cells.append(_cell(number, given_in, age, Cell(used=points)))
                    del lots[given_in]
    return triangles(cells, month_after(FIRST, months - 1))["points"]


def _cell(member: int, given_in: int, age: int, cell: Cell) -> CellSeen:
    return CellSeen("points", month_after(FIRST, given_in), member % PARTS, age, cell, LIFE)
