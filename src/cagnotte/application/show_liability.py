"""The liability of a closed month by cohort, wallet, tier and store; its sums are the balance of the accounts."""

from collections.abc import Iterator
from datetime import date
from itertools import groupby

import msgspec
import psycopg

from cagnotte.application.lots_owed import closed_period
from cagnotte.domain.accounting.liability import Cut, Liability, OpenPoints, liabilities
from cagnotte.domain.accounting.portfolios import expected_use, own_balances
from cagnotte.domain.accounting.values import WHOLE
from cagnotte.domain.baskets.basket import shares
from cagnotte.domain.kernel import Period as Length
from cagnotte.domain.kernel import PeriodUnit, day_after
from cagnotte.ledger.accounts import LotOwed, Period, Stored, add_liabilities, kept_liabilities, stored
from cagnotte.ledger.parts import lots_left

__all__ = ["Cut", "Liability", "LiabilityOf", "Period", "keep_liability", "show_liability"]

_MONTH = Length(1, PeriodUnit.MONTHS)


class LiabilityOf(msgspec.Struct, frozen=True):
    period: Period
    rows: tuple[Liability, ...]  # of every cut


def show_liability(conn: psycopg.Connection, day: date) -> LiabilityOf:
    """At the end of the closed month that holds the day, as it was kept then; worked out where it was closed
    before liabilities were kept. Raises PeriodOpen."""
    period = closed_period(conn, day)
    with conn.transaction():
        rows = kept_liabilities(conn, period.month) or worked_out(conn, period)
    return LiabilityOf(period, tuple(rows))


def keep_liability(conn: psycopg.Connection, period: Period) -> None:
    """In the transaction that closes the month."""
    add_liabilities(conn, period.month, worked_out(conn, period))


def worked_out(conn: psycopg.Connection, period: Period) -> list[Liability]:
    """From every lot with points left then; inside a transaction."""
    return liabilities(_lots(conn, period))


def _lots(conn: psycopg.Connection, period: Period) -> Iterator[OpenPoints]:
    states = stored(conn, period.month)
    for key, group in groupby(lots_left(conn, period, day_after(period.month, _MONTH)), key=lambda lot: lot.key):
        lots = list(group)
        state = states.get(key)
        owed = state.balance_minor if state else 0
        own = own_balances(owed, [(lot.amount_minor, lot.kept, lot.left) for lot in lots])
        expected = shares(_to_come(state), [lot.left for lot in lots])
        for lot, balance, use in zip(lots, own, expected, strict=True):
            yield OpenPoints(
                codes=_codes(lot),
                kind=key.kind,
                points=lot.points,
                left=lot.left,
                expected=use,
                value_minor=lot.value_minor,
                breakage=lot.breakage,
                balance_minor=balance,
            )


def _to_come(state: Stored | None) -> int:
    """Points of a portfolio that are expected to be used yet, to the nearest, halves up."""
    if state is None:
        return 0
    expected = expected_use(state.portfolio, state.breakage) - max(state.portfolio.used, 0) * WHOLE
    return (2 * expected + WHOLE) // (2 * WHOLE)


def _codes(lot: LotOwed) -> dict[Cut, str]:
    return {
        Cut.COHORT: f"{lot.given_on:%Y-%m}",
        Cut.WALLET: lot.key.wallet,
        Cut.TIER: lot.tier,
        Cut.STORE: lot.store,
    }
