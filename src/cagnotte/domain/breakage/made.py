"""An estimate as a closing makes and keeps it: what it was made of, and with what of it the accounts count."""

from datetime import date

import msgspec

from cagnotte.domain.breakage.back_test import BackTested, back_test
from cagnotte.domain.breakage.estimate import WHOLE, Between, Estimate, estimate
from cagnotte.domain.breakage.triangle import Column, Triangle
from cagnotte.domain.points.terms import EstimateTerms

_TESTED = 24  # months


class Made(msgspec.Struct, frozen=True):
    """`terms` None: the estimate is shown and does not count. `applied_new`, `applied`: basis points that the
    accounts count with, for points given anew and for each cohort; without terms as the programme says, for all.

    `back_tested`: the newest two years.
    """

    estimate: Estimate
    columns: dict[date, Column]
    lots: int
    terms: EstimateTerms | None
    applied_new: int
    applied: dict[date, int]
    back_tested: tuple[BackTested, ...]


def made(triangle: Triangle, terms: EstimateTerms | None, otherwise: int) -> Made:
    """`otherwise`: basis points that count without terms."""
    asked = terms or EstimateTerms()
    found = estimate(triangle, confidence=asked.confidence)
    tested = tuple(back_test(triangle, confidence=asked.confidence, most=_TESTED))
    new = otherwise if terms is None else applied(found.new, terms)
    cohorts = {
        each.cohort: otherwise if terms is None else applied(each.breakage, terms) for each in found.cohorts
    }
    return Made(found, triangle.whole(), triangle.lots, terms, new, cohorts, tested)


def applied(breakage: Between, terms: EstimateTerms) -> int:
    """What the accounts count with: where it is constrained only what is highly probable, so that no revenue is
    taken back later (IFRS 15.B46 and 56); never below the floor or above the ceiling."""
    found = breakage.low if terms.constrained else breakage.value
    return max(terms.floor, min(found, terms.ceiling))


def together(cohorts: dict[date, int], columns: dict[date, Column], first: date) -> dict[date, int]:
    """Basis points of each portfolio: what was given up to the `first` month is one, each later month its own.

    Weighted by what was given, less what was taken back; to the nearest, halves up.
    """
    weighted: dict[date, list[int]] = {}
    for cohort, share in cohorts.items():
        given = sum(cell.given - cell.taken for cell in columns[cohort])
        sums = weighted.setdefault(max(cohort, first), [0, 0])
        sums[0] += max(given, 0) * share
        sums[1] += max(given, 0)
    return {
        month: (2 * above + below) // (2 * below) if below else WHOLE for month, (above, below) in weighted.items()
    }
