"""The proof of the books: what must hold between entries, lots and balances, recomputed from nothing."""

import time
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from functools import partial

import msgspec
import psycopg

from cagnotte.ledger.proof_funding import as_text, compared
from cagnotte.ledger.side_by_side import one_snapshot, side_by_side
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


type Watch = Callable[[CheckResult, float], None]
"""Told of each check with its seconds as soon as it is done, in any order and from a thread of its own."""

FAULTS_SHOWN = 20
CONNECTIONS = 2
# A proof reads all there is: room to sum in memory, and joins of whole tables. They end with the transaction.
_SETTINGS = "SET LOCAL work_mem = '256MB'; SET LOCAL jit = off; SET LOCAL max_parallel_workers_per_gather = 0"
_WHOLE = "SET LOCAL enable_nestloop = off"
_EXAMINED = "examined"  # a union of parallel parts has no order
# Cheap, or not of single members: never narrowed to those that changed.
_ALWAYS_WHOLE = (
    ProofCheck.BALANCES_EQUAL_LOTS,
    ProofCheck.ACCOUNTS_EQUAL_PORTFOLIOS,
    ProofCheck.SEAL_RUNS_HOLD,
    ProofCheck.NOBODY_CAN_REWRITE,
)
_LONGEST = (ProofCheck.SEALS_HOLD,)


def prove(conn: psycopg.Connection, *, watch: Watch | None = None) -> Iterator[CheckResult]:
    """Run each check on one snapshot of the books, two at a time; nothing is changed.

    The connection is in autocommit mode; a second one is opened beside it, where the server has room.
    """
    with one_snapshot(conn, connections=CONNECTIONS) as connections:
        for each in connections:
            each.execute(_SETTINGS)
            each.execute(_WHOLE)
        yield from _all(connections, None, watch)


def prove_since(conn: psycopg.Connection, seal_no: int, *, watch: Watch | None = None) -> Iterator[CheckResult]:
    """Run each check, on one snapshot, on the members whose books have changed since a run of seals.

    Their books are proved from the first entry on, by the same statements as the whole. It takes for granted
    that the whole held at that run, and that nobody has touched since what the run had sealed of members who did
    nothing after it: the whole proof finds that, by their seals.
    """
    with one_snapshot(conn, connections=CONNECTIONS) as connections:
        for each in connections:
            each.execute(_SETTINGS)
        yield from _all(connections, members_changed(conn, seal_no), watch)


def members_changed(conn: psycopg.Connection, seal_no: int) -> list[int]:
    """The members of whose books anything stands there that the run had not sealed."""
    rows = conn.execute(sql("cagnotte.ledger", "changed_members"), {"seal_no": seal_no}).fetchall()
    return [row[0] for row in rows]


def _all(
    connections: Sequence[psycopg.Connection], members: Sequence[int] | None, watch: Watch | None
) -> Iterator[CheckResult]:
    """`members`: None for everybody."""
    work = {
        check: partial(_run, check, None if check in _ALWAYS_WHOLE else members, watch) for check in ProofCheck
    }
    return side_by_side(connections, work, first=_LONGEST)


def _run(
    check: ProofCheck, members: Sequence[int] | None, watch: Watch | None, conn: psycopg.Connection
) -> CheckResult:
    """One check, on a connection that is free; `watch` is told of it."""
    begun = time.perf_counter()
    statement = sql("cagnotte.ledger", f"proof_{check.value}")
    if members is not None:
        statement = _scoped(statement)
    if check is ProofCheck.FUNDING_EQUALS_DECISIONS:
        result = _compare_funding(conn, statement, members)
    else:
        result = _look(conn, check, statement, members)
    if watch is not None:
        watch(result, time.perf_counter() - begun)
    return result


def _look(
    conn: psycopg.Connection, check: ProofCheck, statement: bytes, members: Sequence[int] | None
) -> CheckResult:
    """One row of the statement says how many rows were examined, the others are faults."""
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
