"""Estimates made in the past against what has happened since: how far they were off, and how sure they were."""

from collections.abc import Iterator, Mapping
from datetime import date

import msgspec

from cagnotte.domain.breakage.estimate import Between, Estimate, estimate
from cagnotte.domain.breakage.triangle import Column, Triangle, age_at, month_after

WHOLE = 10_000


class Against(msgspec.Struct, frozen=True):
    """Points of one cohort that were expected to be used between two months' ends, and that were used."""

    cohort: date
    open: int
    expected: Between
    used: int

    @property
    def is_within(self) -> bool:
        return self.expected.low <= self.used <= self.expected.high


class BackTested(msgspec.Struct, frozen=True):
    """One estimate, as the books stood at the end of `month`, against them at the end of `until`; in points."""

    month: date
    until: date
    open: int
    expected: Between
    used: int
    cohorts: tuple[Against, ...]

    @property
    def is_within(self) -> bool:
        return self.expected.low <= self.used <= self.expected.high

    @property
    def error(self) -> int:
        """How many more were expected than were used, in basis points of those used; 0 where none were."""
        return _share(self.expected.value - self.used, self.used)


class Verdict(msgspec.Struct, frozen=True):
    """Of several back-tests. `bias`: more expected than used, in basis points of what was used, all together.

    `within`: months whose total lay in the interval; `cohorts_within` of `cohorts` that had points open.
    """

    months: int
    within: int
    cohorts: int
    cohorts_within: int
    bias: int
    confidence: int


def back_test(triangle: Triangle, *, confidence: int, most: int | None = None) -> Iterator[BackTested]:
    """Each month before the triangle's, from the first with points on or the newest `most`: the estimate remade as
    the books were by what had happened."""
    columns = triangle.whole()
    month = min(columns, default=triangle.month)
    if most is not None:
        month = max(month, month_after(triangle.month, -most))
    while month < triangle.month:
        yield against(
            estimate(triangle.at(month), confidence=confidence, until=triangle.month), columns, triangle.month
        )
        month = month_after(month)


def against(made: Estimate, columns: Mapping[date, Column], until: date) -> BackTested:
    """`made` counts up to `until`; `columns`: what is known now."""
    cohorts = []
    for each in made.cohorts:
        since = columns.get(each.cohort, ())[age_at(each.cohort, made.month) + 1 :]
        cohorts.append(Against(each.cohort, each.open, each.use, sum(cell.used for cell in since)))
    is_open, used = sum(each.open for each in cohorts), sum(each.used for each in cohorts)
    return BackTested(made.month, until, is_open, made.use, used, tuple(cohorts))


def verdict(tested: tuple[BackTested, ...], *, confidence: int) -> Verdict:
    cohorts = [each for one in tested for each in one.cohorts if each.open]
    expected, used = sum(each.expected.value for each in tested), sum(each.used for each in tested)
    return Verdict(
        len(tested),
        sum(each.is_within for each in tested),
        len(cohorts),
        sum(each.is_within for each in cohorts),
        _share(expected - used, used),
        confidence,
    )


def _share(points: int, whole: int) -> int:
    """In basis points, to the nearest, halves up."""
    return (2 * WHOLE * points + whole) // (2 * whole) if whole > 0 else 0
