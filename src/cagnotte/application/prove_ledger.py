"""Prove the books, on demand and every night: the whole, or what was posted since they were sealed."""

from collections.abc import Iterator
from datetime import date, datetime

import psycopg

from cagnotte.application.published import day_start, load_published
from cagnotte.application.seal_ledger import SealedRun, seal_run_before
from cagnotte.ledger.proof import CheckResult, ProofCheck, ProofFault, Watch, prove, prove_since

__all__ = ["CheckResult", "ProofCheck", "ProofFault", "Watch", "prove_ledger", "seal_by"]


def prove_ledger(
    conn: psycopg.Connection, since: int | None = None, *, watch: Watch | None = None
) -> Iterator[CheckResult]:
    """Each check with what it examined and the faults that it found; the books hold when there are none.

    `since`: the number of a run of seals; what was posted after it is proved, see `prove_since`.
    """
    return prove(conn, watch=watch) if since is None else prove_since(conn, since, watch=watch)


def seal_by(conn: psycopg.Connection, at: date | datetime) -> SealedRun:
    """The last run of seals before an instant, or before 00:00 of a day in the programme's time zone.

    Raises NotSealed when there is none, NoProgramme for a day without a programme.
    """
    if not isinstance(at, datetime):
        at = day_start(at, load_published(conn).zone)
    return seal_run_before(conn, at)
