"""What is estimated of breakage for a month, what changed since the last, and how good earlier estimates were."""

from collections.abc import Iterator
from datetime import date, datetime

import msgspec
import psycopg

from cagnotte.application.accounts_refusals import NothingGiven, PeriodNotOver, WalletNotValued
from cagnotte.application.expected_breakage import expected_breakage
from cagnotte.application.published import Published, day_start
from cagnotte.domain.accounting.values import unit_value
from cagnotte.domain.breakage.back_test import BackTested, Verdict, against, verdict
from cagnotte.domain.breakage.estimate import estimate
from cagnotte.domain.breakage.made import Made, made
from cagnotte.domain.breakage.triangle import Triangle, month_after
from cagnotte.domain.points.terms import EstimateTerms
from cagnotte.domain.programme.document import Programme
from cagnotte.ledger.accounts import ledger_clock, periods
from cagnotte.ledger.cohorts import read_triangles
from cagnotte.storage.breakage import made_estimate

_BOOKED = """
SELECT coalesce(sum(credit_minor - debit_minor), 0)::bigint FROM accounting_entry
 WHERE month = %s AND wallet = %s AND nature = 'estimate' AND role IN ('deferred', 'provision')
"""


class Shown(msgspec.Struct, frozen=True):
    """`is_kept`: as it was made when the month was closed; else from the books as they stand now.

    `before`: of the month before. `booked_minor`: what the new estimate changed of the balance; None: not closed.
    """

    made: Made
    is_kept: bool
    before: Made | None
    booked_minor: int | None
    currency: str


class Tested(msgspec.Struct, frozen=True):
    """`is_kept`: a closing made it, from the books as they were then; else it is remade from what had happened.

    `is_same`: the books as known then give the kept estimate again; None: none was kept.
    """

    tested: BackTested
    is_kept: bool
    is_same: bool | None


class BackTest(msgspec.Struct, frozen=True):
    wallet: str
    months: tuple[Tested, ...]
    verdict: Verdict


def show_breakage(
    conn: psycopg.Connection, published: Published, wallet: str, month: date, *, now: datetime
) -> Shown:
    """Raises PeriodNotOver, WalletNotValued or NothingGiven."""
    first = month.replace(day=1)
    programme = _checked(published, wallet, first, now)
    kept = made_estimate(conn, wallet, first)
    before = made_estimate(conn, wallet, month_after(first, -1))
    if kept is None or before is None:
        triangle = _triangle(conn, wallet, first, ledger_clock(conn))
        terms = programme.wallet(wallet).accounts.estimate
        otherwise = expected_breakage(conn, programme, first)[wallet]
        found = kept or made(triangle, terms, otherwise)
        earlier = triangle.at(month_after(first, -1))
        before = before or (made(earlier, terms, otherwise) if earlier.parts else None)
    else:
        found = kept
    is_closed = any(period.month == first for period in periods(conn))
    row = conn.execute(_BOOKED, (first, wallet)).fetchone()
    assert row is not None
    return Shown(found, kept is not None, before, row[0] if is_closed else None, programme.currency)


def back_test_estimates(
    conn: psycopg.Connection, published: Published, wallet: str, month: date, *, now: datetime
) -> BackTest:
    """Each earlier month's estimate against what is known now to have happened by the end of `month`.

    Raises PeriodNotOver, WalletNotValued or NothingGiven.
    """
    first = month.replace(day=1)
    programme = _checked(published, wallet, first, now)
    triangle = _triangle(conn, wallet, first, ledger_clock(conn))
    terms = programme.wallet(wallet).accounts.estimate or EstimateTerms()
    tests = tuple(_tests(conn, triangle, terms.confidence))
    return BackTest(wallet, tests, verdict(tuple(each.tested for each in tests), confidence=terms.confidence))


def _tests(conn: psycopg.Connection, triangle: Triangle, confidence: int) -> Iterator[Tested]:
    columns = triangle.whole()
    closed = {period.month: period.known_at for period in periods(conn)}
    month = min(columns, default=triangle.month)
    while month < triangle.month:
        kept = made_estimate(conn, triangle.wallet, month)
        sure = kept.estimate.confidence if kept else confidence
        then = _triangle(conn, triangle.wallet, month, closed[month]) if kept else triangle.at(month)
        found = estimate(then, confidence=sure, until=triangle.month)
        is_same = estimate(then, confidence=sure).new == kept.estimate.new if kept else None
        yield Tested(against(found, columns, triangle.month), kept is not None, is_same)
        month = month_after(month)


def _checked(published: Published, wallet: str, first: date, now: datetime) -> Programme:
    end_day = month_after(first)
    if day_start(end_day, published.zone) > now:
        raise PeriodNotOver(month=f"{first:%Y-%m}")
    programme = published.on(date.fromordinal(end_day.toordinal() - 1)).programme
    if not programme.has_wallet(wallet) or unit_value(programme, wallet) is None:
        raise WalletNotValued(wallet=wallet)
    return programme


def _triangle(conn: psycopg.Connection, wallet: str, month: date, known_at: datetime) -> Triangle:
    found = read_triangles(conn, month, known_at).get(wallet)
    if found is None:
        raise NothingGiven(wallet=wallet, month=f"{month:%Y-%m}")
    return found
