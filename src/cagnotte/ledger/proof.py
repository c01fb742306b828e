"""The proof of the books: what must hold between entries, lots and balances, recomputed from nothing."""

from collections.abc import Iterator
from enum import StrEnum

import msgspec
import psycopg

from cagnotte.storage.sql import sql


class ProofCheck(StrEnum):
    """Each is a statement in `proof_<name>.sql` that returns what breaks it."""

    TRANSFERS_SUM_TO_ZERO = "transfers_sum_to_zero"
    TRANSFERS_HAVE_ENTRIES = "transfers_have_entries"
    LOTS_EQUAL_ENTRIES = "lots_equal_entries"
    BALANCES_EQUAL_ENTRIES = "balances_equal_entries"
    BALANCES_EQUAL_LOTS = "balances_equal_lots"
    STANDINGS_EQUAL_ENTRIES = "standings_equal_entries"
    LOT_DAYS_ARE_TOLD = "lot_days_are_told"
    VERSIONS_HAVE_NO_GAP = "versions_have_no_gap"
    EXPIRED_ONCE_AND_IN_TIME = "expired_once_and_in_time"
    SALES_EQUAL_LEDGER = "sales_equal_ledger"
    VOUCHERS_EQUAL_BURNS = "vouchers_equal_burns"
    ACCOUNTS_EQUAL_PORTFOLIOS = "accounts_equal_portfolios"
    SEALS_HOLD = "seals_hold"
    NOBODY_CAN_REWRITE = "nobody_can_rewrite"


class ProofFault(msgspec.Struct, frozen=True):
    """One thing that does not hold: where, what the entries say and what stands there instead."""

    check: ProofCheck
    subject: str
    expected: str
    found: str


class CheckResult(msgspec.Struct, frozen=True):
    """`examined`: how many rows the check looked at; `faults`: the first ones found, at most FAULTS_SHOWN."""

    check: ProofCheck
    examined: int
    faults: tuple[ProofFault, ...]


FAULTS_SHOWN = 20
_EXAMINED = "examined"  # a union of parallel parts has no order


def prove(conn: psycopg.Connection) -> Iterator[CheckResult]:
    """Run each check on one snapshot of the books; nothing is changed."""
    with conn.transaction():
        conn.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        for check in ProofCheck:
            yield _run(conn, check)


def _run(conn: psycopg.Connection, check: ProofCheck) -> CheckResult:
    """One row of the statement says how many rows were examined, the others are faults."""
    statement = sql("cagnotte.ledger", f"proof_{check.value}")
    rows = conn.execute(statement, {"most": FAULTS_SHOWN}).fetchall()
    examined = sum(int(row[1]) for row in rows if row[0] == _EXAMINED)
    faults = [ProofFault(check, *(str(value) for value in row)) for row in rows if row[0] != _EXAMINED]
    return CheckResult(check, examined, tuple(faults))
