"""The share of points that is expected never to be used, by cohort and for points given anew, with its interval.

A cohort's own past counts as it was; what is to come of its open points is read from all cohorts, times a factor
of its own as far as it is credible (Bühlmann and Straub 1970). How sure this is comes from two things: how much it
moves when a part of the members is left out (the delete-a-group jackknife, Kott 2001), and how far points scatter
around what is expected, since members decide for many of them at once (over-dispersion, England and Verrall 2002).
"""

from collections.abc import Mapping, Sequence
from datetime import date
from math import floor, sqrt
from statistics import NormalDist

import msgspec

from cagnotte.domain.breakage.hazards import Hazards, Tail, hazards
from cagnotte.domain.breakage.scatter import Scatter, credibilities, factors, scatter_of
from cagnotte.domain.breakage.triangle import Cell, Column, Triangle, age_at, left, summed, totals

WHOLE = 10_000
LEAST_PARTS = 5  # with members in fewer parts nothing is said of how sure it is


class Between(msgspec.Struct, frozen=True):
    """An estimate and its interval; in the unit of the name that it stands under."""

    value: int
    low: int
    high: int


class CohortEstimate(msgspec.Struct, frozen=True):
    """`use`: points that will be used from now on, up to the end that was asked for. `breakage`: basis points of
    what was given, less what was taken back, that will not have been used by then. `credibility`: basis points.
    """

    cohort: date
    seen: Cell
    open: int
    credibility: int
    factor: float
    use: Between
    breakage: Between


class Estimate(msgspec.Struct, frozen=True):
    """`new`: breakage of points given anew, in basis points. `use`: points of all cohorts that will be used yet.

    `parts`: of the members, with points.
    """

    wallet: str
    month: date
    confidence: int
    hazards: Hazards
    scatter: Scatter
    parts: int
    cohorts: tuple[CohortEstimate, ...]
    new: Between
    use: Between


def estimate(triangle: Triangle, *, confidence: int = 90, until: date | None = None) -> Estimate:
    """`until`: the last month that counts, by its first day; None: to the end of the points.

    `confidence` in percent. With members in fewer than five parts, each interval is as wide as can be.
    """
    asked = _Asked(triangle, until)
    columns, drawn = asked.columns, _Projection(asked.columns, asked)
    assert asked.credibility is not None
    parts = [part for part, own in triangle.parts.items() if any(totals(column).given for column in own.values())]
    without = [_Projection(_without(triangle, part), asked) for part in parts]
    scatter = scatter_of(triangle, columns, drawn.hazards)
    is_known = len(parts) >= LEAST_PARTS
    sure = _Sure(quantile(confidence, len(parts) - 1) if is_known else None)
    cohorts = tuple(
        _cohort(
            cohort,
            column,
            (drawn.factors[cohort], asked.credibility[cohort]),
            (drawn.shares[cohort], *drawn.unknown(cohort, asked)),
            sqrt(
                (max(left(column), 0) * _deviation([each.shares[cohort] for each in without])) ** 2
                + scatter.of_cohort * _binomial(left(column), drawn.shares[cohort])
            ),
            sure,
        )
        for cohort, column in columns.items()
    )
    moved = _deviation([each.use for each in without])
    free = sum(_binomial(left(columns[cohort]), share) for cohort, share in drawn.shares.items())
    is_open = sum(max(left(column), 0) for column in columns.values())
    unknown = [drawn.unknown(cohort, asked) for cohort in columns]
    open_parts = [max(left(column), 0) for column in columns.values()]
    tail = [sum(part * each[side] for part, each in zip(open_parts, unknown, strict=True)) for side in (0, 1)]
    unknown_new = [1.0 - drawn.hazards.use_from(0, tail=each) for each in (Tail.MOST, Tail.NONE)]
    return Estimate(
        wallet=triangle.wallet,
        month=triangle.month,
        confidence=confidence,
        hazards=drawn.hazards,
        scatter=scatter,
        parts=len(parts),
        cohorts=cohorts,
        new=sure.between(
            WHOLE * drawn.new,
            WHOLE * _deviation([each.new for each in without]),
            tail=(WHOLE * unknown_new[0], WHOLE * unknown_new[1]),
            most=WHOLE,
        ),
        use=sure.between(drawn.use, sqrt(moved**2 + scatter.of_all * free), tail=(tail[0], tail[1]), most=is_open),
    )


def quantile(confidence: int, freedom: int) -> float:
    """How many deviations lie on each side of an estimate: Student's distribution, by the expansion of Abramowitz
    and Stegun, 26.7.5."""
    z = NormalDist().inv_cdf(0.5 + confidence / 200)
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
    )
    return float(z + sum(term / freedom**power for power, term in enumerate(terms, start=1)))


class _Projection:
    """What all of them, or all but a part, say: `shares` of the open points of each cohort, breakage of `new`."""

    def __init__(self, columns: Mapping[date, Column], asked: "_Asked") -> None:
        self.hazards = hazards(columns, asked.triangle.life)
        if asked.credibility is None:
            asked.credibility = credibilities(asked.triangle, columns, self.hazards)
        self.factors = factors(columns, self.hazards, asked.credibility)
        self.shares = {cohort: self._share(cohort, asked) for cohort in asked.columns}
        self.new = 1.0 - self.hazards.use_from(0)
        self.use = sum(max(left(column), 0) * self.shares[cohort] for cohort, column in asked.columns.items())

    def _share(self, cohort: date, asked: "_Asked", tail: Tail = Tail.AS_LAST) -> float:
        first = age_at(cohort, asked.triangle.month) + 1
        last = None if asked.until is None else age_at(cohort, asked.until)
        return self.hazards.use_from(first, factor=self.factors.get(cohort, 1.0), last=last, tail=tail)

    def unknown(self, cohort: date, asked: "_Asked") -> tuple[float, float]:
        """The share with as little and as much use as can be in months that no cohort has reached."""
        return self._share(cohort, asked, Tail.NONE), self._share(cohort, asked, Tail.MOST)


class _Asked:
    """What every projection is asked for: the open points of all members. The credibilities are those of all."""

    def __init__(self, triangle: Triangle, until: date | None) -> None:
        self.triangle, self.until = triangle, until
        self.columns = triangle.whole()
        self.credibility: dict[date, float] | None = None


class _Sure(msgspec.Struct, frozen=True):
    """`deviations` on each side; None: nothing is known."""

    deviations: float | None

    def between(self, value: float, deviation: float, *, tail: tuple[float, float], most: int) -> Between:
        """Rounded to the nearest, halves up; the interval outwards, from 0 to what there is.

        `tail`: with as little and as much as can be in months that no cohort has reached; within the interval.
        """
        middle = min(max(_rounded(value), 0), most)
        if self.deviations is None:
            return Between(middle, 0, most)
        low = min(value - self.deviations * deviation, tail[0])
        high = max(value + self.deviations * deviation, tail[1])
        return Between(middle, max(min(floor(low), middle), 0), min(max(-floor(-high), middle), most))


def _cohort(  # noqa: PLR0917
    cohort: date,
    column: Column,
    own: tuple[float, float],
    shares: tuple[float, float, float],
    deviation: float,
    sure: _Sure,
) -> CohortEstimate:
    """`own`: its factor, and how far that is to be believed. `shares` of its open points: as expected, the least
    and the most."""
    share, least, most = shares
    factor, credibility = own
    seen, is_open = totals(column), max(left(column), 0)
    use = sure.between(is_open * share, deviation, tail=(is_open * least, is_open * most), most=is_open)
    given = seen.given - seen.taken
    breakage = [
        min(max(_share(given - max(seen.used, 0) - each, given), 0), WHOLE)
        for each in (use.value, use.high, use.low)
    ]
    return CohortEstimate(cohort, seen, is_open, _rounded(WHOLE * credibility), factor, use, Between(*breakage))


def _share(points: int, given: int) -> int:
    """In basis points, to the nearest, halves up."""
    return (2 * WHOLE * points + given) // (2 * given) if given > 0 else 0


def _without(triangle: Triangle, part: int) -> dict[date, Column]:
    return summed(own for each, own in triangle.parts.items() if each != part)


def _deviation(found: Sequence[float]) -> float:
    """Of an estimate, from what it is without each part of the members: the square root of (G - 1) / G times the
    sum of the squared distances from their mean."""
    if not found:
        return 0.0
    mean = sum(found) / len(found)
    return sqrt((len(found) - 1) / len(found) * sum((each - mean) ** 2 for each in found))


def _binomial(points: int, share: float) -> float:
    return max(points, 0) * share * (1.0 - share)


def _rounded(value: float) -> int:
    return floor(value + 0.5)
