"""How far use scatters around what is expected, and how far a cohort that differs is to be believed."""

from collections.abc import Iterable, Mapping
from datetime import date

import msgspec

from cagnotte.domain.breakage.hazards import Hazards
from cagnotte.domain.breakage.triangle import Column, Triangle, at_risk, month_after

_ENOUGH = 1.0  # points of variance that a cell needs to be looked at


class Scatter(msgspec.Struct, frozen=True):
    """How many times the variance of points that decide each for itself; 1 where they do, and never below."""

    of_cohort: float
    of_all: float


class _Cell(msgspec.Struct, frozen=True, gc=False):
    seen: float
    expected: float
    variance: float

    def plus(self, other: "_Cell") -> "_Cell":
        return _Cell(self.seen + other.seen, self.expected + other.expected, self.variance + other.variance)


_NONE = _Cell(0.0, 0.0, 0.0)


def scatter_of(triangle: Triangle, columns: Mapping[date, Column], known: Hazards) -> Scatter:
    """The larger of what members of different parts, and what different months, say: Pearson's statistic each.

    Over parts, a member's lots and months count together, so that who never uses any of them is seen as one. Over
    months and cohorts, what happens to all members at once is seen.
    """
    by_part: dict[int, _Cell] = {}
    by_part_and_cohort = []
    for part, own in triangle.parts.items():
        sums = [_sum(_cells(column, known)) for column in own.values()]
        by_part_and_cohort.extend(sums)
        by_part[part] = _sum(sums)
    by_month: dict[date, _Cell] = {}
    cells = []
    for cohort, column in columns.items():
        for age, cell in enumerate(_cells(column, known)):
            cells.append(cell)
            month = month_after(cohort, age)
            by_month[month] = by_month.get(month, _NONE).plus(cell)
    ages = len(known.used)
    return Scatter(
        of_cohort=max(1.0, _over_sums(by_part_and_cohort, len(by_part)), _pearson(cells, ages)),
        of_all=max(1.0, _over_sums(list(by_part.values()), len(by_part)), _pearson(list(by_month.values()), 1)),
    )


def credibilities(triangle: Triangle, columns: Mapping[date, Column], known: Hazards) -> dict[date, float]:
    """Cohort -> Z, from 0 to 1: how far its own use, against what was expected, is to be believed.

    Z = w / (w + s2 / a2), with w what was expected to be used, s2 the variance of used / expected within a cohort
    times w (from the parts of the members), and a2 what the cohorts differ in beyond it. Where either is none or
    cannot be known, Z = 0.
    """
    sums = {cohort: _sum(_cells(column, known)) for cohort, column in columns.items()}
    weights = {cohort: each.expected for cohort, each in sums.items() if each.expected >= _ENOUGH}
    within = _within(triangle, known, sums)
    between = _between([(weight, sums[cohort].seen / weight) for cohort, weight in weights.items()], within)
    if between <= 0 or within <= 0:
        return dict.fromkeys(columns, 0.0)
    return {
        cohort: weights[cohort] / (weights[cohort] + within / between) if cohort in weights else 0.0
        for cohort in columns
    }


def factors(
    columns: Mapping[date, Column], known: Hazards, credibility: Mapping[date, float]
) -> dict[date, float]:
    """Cohort -> how many times the use of all its own is: Z x used / expected + 1 - Z."""
    found = {}
    for cohort, column in columns.items():
        each, own = _sum(_cells(column, known)), credibility.get(cohort, 0.0)
        ratio = max(each.seen, 0.0) / each.expected if each.expected >= _ENOUGH else 1.0
        found[cohort] = own * ratio + 1.0 - own
    return found


def _between(found: list[tuple[float, float]], within: float) -> float:
    """The variance between cohorts, without that within them (Bühlmann and Straub's unbiased estimator)."""
    whole = sum(weight for weight, _ in found)
    spread = whole - sum(weight**2 for weight, _ in found) / whole if whole else 0.0
    if spread <= 0:
        return 0.0
    mean = sum(weight * ratio for weight, ratio in found) / whole
    distances = sum(weight * (ratio - mean) ** 2 for weight, ratio in found)
    return max((distances - (len(found) - 1) * within) / spread, 0.0)


def _within(triangle: Triangle, known: Hazards, sums: Mapping[date, _Cell]) -> float:
    """Times the weight: how far parts of the members scatter around their own cohort."""
    squares = weight = 0.0
    for own in triangle.parts.values():
        for cohort, column in own.items():
            cell, whole = _sum(_cells(column, known)), sums.get(cohort, _NONE)
            ratio = whole.seen / whole.expected if whole.expected >= _ENOUGH else 1.0
            squares += (cell.seen - cell.expected * ratio) ** 2
            weight += cell.expected
    parts = len(triangle.parts)
    return squares / weight * parts / (parts - 1) if weight and parts > 1 else 0.0


def _cells(column: Column, known: Hazards) -> list[_Cell]:
    found = []
    for age, (risk, cell) in enumerate(zip(at_risk(column), column, strict=True)):
        if age < len(known.used):
            share = known.used[age]
            found.append(_Cell(cell.used, risk * share, risk * share * (1.0 - share)))
    return found


def _sum(cells: Iterable[_Cell]) -> _Cell:
    seen = expected = variance = 0.0
    for cell in cells:
        seen, expected, variance = seen + cell.seen, expected + cell.expected, variance + cell.variance
    return _Cell(seen, expected, variance)


def _over_sums(cells: list[_Cell], parts: int) -> float:
    """Squared distances over variances, both summed first; the parts' mean is their own, so one is lost."""
    variance = sum(cell.variance for cell in cells)
    if parts < 2 or variance < _ENOUGH:  # noqa: PLR2004
        return 1.0
    return sum((cell.seen - cell.expected) ** 2 for cell in cells) / variance * parts / (parts - 1)


def _pearson(cells: list[_Cell], lost: int) -> float:
    """Per cell with a variance, less the estimates that they gave."""
    counted = [cell for cell in cells if cell.variance >= _ENOUGH]
    if len(counted) <= lost:
        return 1.0
    distances = sum((cell.seen - cell.expected) ** 2 / cell.variance for cell in counted)
    return distances / (len(counted) - lost)
