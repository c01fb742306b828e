"""The proof of books of ten million entries: the whole, since a seal, and the seal itself."""

import time
from collections.abc import Callable
from datetime import date
from statistics import median

import msgspec
import psycopg

from benchmarks.books import make_books
from benchmarks.machine import describe_machine
from benchmarks.place import Place, say
from benchmarks.result import BenchFailed, Figures, Told, result_of, significant
from cagnotte.application.expire_lots import expire_lots
from cagnotte.application.prove_ledger import ProofCheck, prove_ledger
from cagnotte.application.seal_ledger import seal_ledger
from cagnotte.storage.database import connected
from cagnotte.storage.upkeep import settle_tables

NAME = "proof"
MEMBERS = 376_000  # with ten lots each; of six in ten all have expired, in one transfer: 26.6 entries on average
LOTS_EACH = 10
_DAY = date(2026, 3, 6)
_BUDGET_S = 120.0
# What any proof has to do at least: each entry read once, and summed by lot.
_ONE_SUM = "SELECT count(*) FROM (SELECT sum(points) FROM ledger_entry GROUP BY member_id, lot_id) AS summed"


class Round(msgspec.Struct, frozen=True):
    """Seconds: of the whole, of each check (two are done at a time), and of one sum over all entries by lot."""

    seconds: float
    checks: dict[str, float]
    one_sum: float


def bench_proof(place: Place, rounds: int, *, members: int, load_before: float) -> Told:
    """The books are made once; each round proves the whole of them anew."""
    with place.database("proof", migrated=True) as dsn:
        say(f"making the books of {members:,} members")
        published = make_books(dsn, members=members, lots=LOTS_EACH)
        with connected(dsn) as conn:
            expire_lots(conn, published, _DAY)
        settle_tables(dsn)
        with connected(dsn) as conn:
            seal_s = _timed(lambda: seal_ledger(conn))
            say(f"sealed in {seal_s:.1f} s")
            done = []
            for number in range(rounds):
                done.append(_round(conn))
                say(f"round {number + 1} of {rounds}: {done[-1].seconds:.1f} s")
            row = conn.execute("SELECT count(*) FROM ledger_entry").fetchone()
    figures: Figures = {
        "entries": row[0] if row else 0,
        "seconds": significant(median(each.seconds for each in done)),
        "seal_seconds": significant(seal_s),
        "one_sum_seconds": significant(median(each.one_sum for each in done)),
        "checks": {
            check.value: significant(median(each.checks[check.value] for each in done)) for check in ProofCheck
        },
    }
    ratios = {
        "budget_vs_proof": [_BUDGET_S / each.seconds for each in done],
        "one_sum_vs_proof": [each.one_sum / each.seconds for each in done],
    }
    return Told(
        result_of(NAME, figures, ratios, describe_machine(place.server.dsn(), load_before=load_before)), ()
    )


def _round(conn: psycopg.Connection) -> Round:
    one_sum = _timed(lambda: conn.execute(_ONE_SUM))
    checks: dict[str, float] = {}
    begun = time.perf_counter()
    for result in prove_ledger(conn, watch=lambda done, seconds: checks.update({done.check.value: seconds})):
        if result.faults:
            raise BenchFailed(f"the books do not hold: {result.faults[0]}")
    return Round(time.perf_counter() - begun, checks, one_sum)


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun
