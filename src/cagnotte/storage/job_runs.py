"""What each run of each job gave, and the lock under which one worker does it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum

import msgspec
import psycopg

_LAST = """
SELECT started_at, ended_at, outcome, faults, result::text FROM job_run
 WHERE job = %s AND started_at <= %s ORDER BY run_no DESC LIMIT 1
"""
_ADD = """
INSERT INTO job_run (job, started_at, ended_at, outcome, faults, result) VALUES (%s, %s, %s, %s, %s, %s::jsonb)
"""
_LOCK = "SELECT pg_try_advisory_lock(%s, hashtext(%s))"
_UNLOCK = "SELECT pg_advisory_unlock(%s, hashtext(%s))"
_JOBS = 49_172_035  # the first half of the keys of these locks


class JobOutcome(StrEnum):
    DONE = "done"
    REFUSED = "refused"  # it ran and found what a person must look at
    FAILED = "failed"  # it did not come to its end


class JobRun(msgspec.Struct, frozen=True):
    """One run of a job. `result` is its report; of a failed one what went wrong."""

    started_at: datetime
    ended_at: datetime
    outcome: JobOutcome
    faults: int = 0
    result: msgspec.Raw = msgspec.Raw(b"{}")


def last_run(conn: psycopg.Connection, job: str, not_after: datetime) -> JobRun | None:
    """The one that was kept last, of those that did not start after that instant."""
    row = conn.execute(_LAST, (job, not_after)).fetchone()
    if row is None:
        return None
    started_at, ended_at, outcome, faults, result = row
    return JobRun(started_at, ended_at, JobOutcome(outcome), faults, msgspec.Raw(result.encode()))


def keep_run(conn: psycopg.Connection, job: str, run: JobRun) -> None:
    given = (run.started_at, run.ended_at, run.outcome.value, run.faults, bytes(run.result).decode())
    conn.execute(_ADD, (job, *given))


@contextmanager
def only_one(conn: psycopg.Connection, job: str) -> Iterator[bool]:
    """Whether this connection is the one that does the job now; the lock ends with it, however it ends."""
    row = conn.execute(_LOCK, (_JOBS, job)).fetchone()
    got = row is not None and bool(row[0])
    try:
        yield got
    finally:
        if got and not conn.closed:
            conn.execute(_UNLOCK, (_JOBS, job))
