"""What became of the points of each month, by their age: the triangle that breakage is estimated from.

A cohort is what was earned in one month. Its age is counted in calendar months: 0 in the month itself.
"""

from collections.abc import Iterable, Mapping
from datetime import date

import msgspec

from cagnotte.domain.kernel import Period, PeriodUnit, day_after

PARTS = (
    30  # parts of the members, each in one of them: how much the estimate moves without one says how sure it is
)


class Cell(msgspec.Struct, frozen=True, gc=False):
    """What happened to points of one cohort in one month, in points. `given`: came in, most at age 0; `taken`:
    left without an end of their own, with a return, by hand, or to another member or wallet.

    `used` and `expired` are below 0 where more was given back than ended.
    """

    given: int = 0
    taken: int = 0
    used: int = 0
    expired: int = 0

    def plus(self, other: "Cell") -> "Cell":
        return Cell(
            self.given + other.given,
            self.taken + other.taken,
            self.used + other.used,
            self.expired + other.expired,
        )


class CellSeen(msgspec.Struct, frozen=True, gc=False):
    """One cell of one part of the members. `last_age`: at which the last of its lots ends, by the days they were
    given with (None: no lot of the cell ends); `endless`: points of lots without an end. `lots`: that came in."""

    wallet: str
    cohort: date  # first day of its month
    part: int
    age: int
    cell: Cell
    last_age: int | None = None
    endless: int = 0
    lots: int = 0


type Column = tuple[Cell, ...]
"""One cohort, by age from 0 to what is seen by the end of the triangle's month."""


class Triangle(msgspec.Struct, frozen=True):
    """One wallet as it stood at the end of a month. `parts`: part -> cohort -> its cells, all of them as long as
    the cohort is old. `life`: the age at which the last points end by their own days; None: they do not end.

    `month` is its first day.
    """

    wallet: str
    month: date
    parts: dict[int, dict[date, Column]]
    life: int | None = None
    lots: int = 0

    def whole(self) -> dict[date, Column]:
        return summed(self.parts.values())

    def at(self, month: date) -> "Triangle":
        """The same as it stood at the end of an earlier month, by when things happened."""
        cut = {part: _cut(columns, month) for part, columns in self.parts.items()}
        return Triangle(self.wallet, month, {part: each for part, each in cut.items() if each}, self.life)


def triangles(cells: Iterable[CellSeen], month: date) -> dict[str, Triangle]:
    """By wallet; cohorts later than the month are left out."""
    found: dict[str, dict[int, dict[date, dict[int, Cell]]]] = {}
    lives: dict[str, list[int]] = {}
    endless: dict[str, list[int]] = {}
    lots: dict[str, int] = {}
    for seen in cells:
        if age_at(seen.cohort, month) < seen.age:
            continue
        ages = found.setdefault(seen.wallet, {}).setdefault(seen.part, {}).setdefault(seen.cohort, {})
        ages[seen.age] = ages.get(seen.age, Cell()).plus(seen.cell)
        lives.setdefault(seen.wallet, []).append(seen.last_age or 0)
        endless.setdefault(seen.wallet, []).append(seen.endless)
        lots[seen.wallet] = lots.get(seen.wallet, 0) + seen.lots
    return {
        wallet: Triangle(
            wallet,
            month,
            {part: _columns(columns, month) for part, columns in parts.items()},
            None if any(endless[wallet]) or not any(lives[wallet]) else max(lives[wallet]),
            lots[wallet],
        )
        for wallet, parts in sorted(found.items())
    }


def age_at(cohort: date, month: date) -> int:
    return (month.year - cohort.year) * 12 + month.month - cohort.month


def month_after(month: date, count: int = 1) -> date:
    """The first day of the month so many months later, or earlier."""
    if count > 0:
        return day_after(month, Period(count, PeriodUnit.MONTHS))
    months = month.year * 12 + month.month - 1 + count
    return date(months // 12, months % 12 + 1, 1)


def summed(parts: Iterable[Mapping[date, Column]]) -> dict[date, Column]:
    found: dict[date, Column] = {}
    for columns in parts:
        for cohort, column in columns.items():
            before = found.get(cohort)
            found[cohort] = column if before is None else _plus(before, column)
    return dict(sorted(found.items()))


def at_risk(column: Column) -> list[int]:
    """Points that could be used or expire in each month: open before it or come in it, less what was taken."""
    found, is_open = [], 0
    for cell in column:
        is_open += cell.given - cell.taken
        found.append(max(is_open, 0))
        is_open -= cell.used + cell.expired
    return found


def totals(column: Column) -> Cell:
    whole = Cell()
    for cell in column:
        whole = whole.plus(cell)
    return whole


def left(column: Column) -> int:
    """Points open at the end; what is set aside is open."""
    whole = totals(column)
    return whole.given - whole.taken - whole.used - whole.expired


def _columns(columns: Mapping[date, Mapping[int, Cell]], month: date) -> dict[date, Column]:
    return {
        cohort: tuple(ages.get(age, Cell()) for age in range(age_at(cohort, month) + 1))
        for cohort, ages in sorted(columns.items())
    }


def _cut(columns: Mapping[date, Column], month: date) -> dict[date, Column]:
    ages = {cohort: age_at(cohort, month) for cohort in columns}
    return {cohort: column[: ages[cohort] + 1] for cohort, column in columns.items() if ages[cohort] >= 0}


def _plus(first: Column, second: Column) -> Column:
    return tuple(one.plus(other) for one, other in zip(first, second, strict=True))
