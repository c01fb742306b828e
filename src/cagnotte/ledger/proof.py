"""The proof of the books: what must hold between entries, lots and balances, recomputed from nothing."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum

import msgspec
import psycopg

from cagnotte.ledger.proof_funding import as_text, compared
from cagnotte.storage.sql import sql


class ProofCheck(StrEnum):
    """Each is a statement in `proof_<name>.sql` that returns what breaks it; of FUNDING_EQUALS_DECISIONS, what is
    to be compared."""

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
    FUNDING_EQUALS_DECISIONS = "funding_equals_decisions"
    VOUCHERS_EQUAL_BURNS = "vouchers_equal_burns"
    ACCOUNTS_EQUAL_PORTFOLIOS = "accounts_equal_portfolios"
    SEALS_HOLD = "seals_hold"
    SEAL_RUNS_HOLD = "seal_runs_hold"
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
# A proof reads all there is: room to sum in memory. They end with the transaction.
_SETTINGS = (
    b"SET LOCAL work_mem = '256MB'",
    b"SET LOCAL jit = off",
)
_EXAMINED = "examined"  # a union of parallel parts has no order
# Cheap, or not of single members: never narrowed to those that changed.
_ALWAYS_WHOLE = (
    ProofCheck.BALANCES_EQUAL_LOTS,
    ProofCheck.ACCOUNTS_EQUAL_PORTFOLIOS,
    ProofCheck.SEAL_RUNS_HOLD,
    ProofCheck.NOBODY_CAN_REWRITE,
)


def prove(conn: psycopg.Connection) -> Iterator[CheckResult]:
    """Run each check on one snapshot of the books; nothing is changed."""
    with _snapshot(conn):
        for check in ProofCheck:
            yield _run(conn, check, None)


def prove_since(conn: psycopg.Connection, seal_no: int) -> Iterator[CheckResult]:
    """Run each check, on one snapshot, on the members whose books have changed since a run of seals.

    Their books are proved from the first entry on, by the same statements as the whole. It takes for granted
    that the whole held at that run, and that nobody has touched since what the run had sealed of members who did
    nothing after it: the whole proof finds that, by their seals.
    """
    with _snapshot(conn):
        members = members_changed(conn, seal_no)
        for check in ProofCheck:
            yield _run(conn, check, None if check in _ALWAYS_WHOLE else members)


def members_changed(conn: psycopg.Connection, seal_no: int) -> list[int]:
    """The members of whose books anything stands there that the run had not sealed."""
    rows = conn.execute(sql("cagnotte.ledger", "changed_members"), {"seal_no": seal_no}).fetchall()
    return [row[0] for row in rows]


@contextmanager
def _snapshot(conn: psycopg.Connection) -> Iterator[None]:
    with conn.transaction():
        conn.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        for setting in _SETTINGS:
            conn.execute(setting)
        yield


def _run(conn: psycopg.Connection, check: ProofCheck, members: Sequence[int] | None) -> CheckResult:
    """One row of the statement says how many rows were examined, the others are faults."""
    statement = sql("cagnotte.ledger", f"proof_{check.value}")
    if members is not None:
        statement = _scoped(statement)
    if check is ProofCheck.FUNDING_EQUALS_DECISIONS:
        return _compare_funding(conn, statement, members)
    rows = conn.execute(statement, {"most": FAULTS_SHOWN, "members": members}).fetchall()
    examined = sum(int(row[1]) for row in rows if row[0] == _EXAMINED)
    faults = [ProofFault(check, *(str(value) for value in row)) for row in rows if row[0] != _EXAMINED]
    return CheckResult(check, examined, tuple(faults))


def _compare_funding(conn: psycopg.Connection, statement: bytes, members: Sequence[int] | None) -> CheckResult:
    check, examined = ProofCheck.FUNDING_EQUALS_DECISIONS, 0
    faults: list[ProofFault] = []
    for subject, decided, posted in compared(conn, statement, {"members": members}):
        examined += 1
        if decided != posted and len(faults) < FAULTS_SHOWN:
            faults.append(ProofFault(check, subject, as_text(decided), as_text(posted)))
    return CheckResult(check, examined, tuple(faults))


def _scoped(statement: bytes) -> bytes:
    """The same statement, asked of the members in `members` alone: its tables are those of the scope."""
    comment, begun, rest = statement.partition(b"\nWITH ")
    assert begun, comment
    return sql("cagnotte.ledger", "proof_scope") + b", " + rest
