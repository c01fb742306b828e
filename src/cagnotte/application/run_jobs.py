"""What is done by the clock: expiry and a seal every hour, the whole proof every night; each run is kept."""

from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from enum import StrEnum

import msgspec
import psycopg

from cagnotte.application.end_overdue_holds import end_overdue_holds
from cagnotte.application.errors import RequestError
from cagnotte.application.expire_lots import expire_lots
from cagnotte.application.points_requests import end_overdue_requests
from cagnotte.application.prove_ledger import prove_ledger
from cagnotte.application.published import Published, instant_of, load_published, wall_clock
from cagnotte.application.seal_ledger import Checkpoint, seal_ledger
from cagnotte.storage.job_runs import JobOutcome, JobRun, keep_run, last_run, only_one
from cagnotte.storage.notes import note

__all__ = ["CLOCK_STANDS", "Job", "JobOutcome", "JobRun", "JobState", "job_states", "run_due_jobs"]

# A note of the shop: its year is over and looked back on, as in the demo; today's clock lets no lot of it expire.
CLOCK_STANDS = "clock_stands"
_NIGHT = time(3)
_AGAIN_AFTER = timedelta(minutes=5)  # a job that failed
# A run that lies further ahead was done while a clock was wrong, and counts for nothing. One that is nearer
# counts: the clock was put back a little, and the hour that comes twice is done once.
_CLOCK_WRONG = timedelta(hours=2)
_LATE_AFTER = timedelta(minutes=30)  # after it was due
_encoder = msgspec.json.Encoder()

type Keep = Callable[[Checkpoint], None]


class Job(StrEnum):
    EXPIRY = "expiry"  # lots, tiers, holds, requests and all else that is due
    SEAL = "seal"
    PROOF = "proof"


class JobState(msgspec.Struct, frozen=True):
    """`due_since`: when the run that should be there was due. `is_late`: it is not there half an hour later."""

    job: Job
    last: JobRun | None
    due_since: datetime
    is_late: bool

    @property
    def is_well(self) -> bool:
        return not self.is_late and (self.last is None or self.last.outcome is JobOutcome.DONE)


class _Told(msgspec.Struct, frozen=True):
    """The report of a job, and the faults that it found."""

    report: object
    faults: int = 0


def run_due_jobs(
    conn: psycopg.Connection, clock: Callable[[], datetime], keep: Keep = lambda _: None
) -> Iterator[tuple[Job, JobRun]]:
    """Do each job that is due and that no other worker does, one after the other; each run after it was kept.

    `clock`: the instant that it is now. `keep` puts the digests of a seal outside the database. A job that raises
    is kept as failed, with the reason. Without a programme nothing is due. The connection is in autocommit mode.
    """
    published = _published(conn)
    for job in Job if published else ():
        with only_one(conn, job) as is_ours:
            now = clock()
            if is_ours and published and _is_due(job, _last(conn, job, now), published, now):
                run = _done(conn, job, published, clock, keep)
                keep_run(conn, job, run)
                yield job, run


def job_states(conn: psycopg.Connection, now: datetime) -> list[JobState]:
    """How each job stands; none without a programme."""
    published = _published(conn)
    if published is None:
        return []
    return [_state(job, _last(conn, job, now), _due_since(job, published, now), now) for job in Job]


def _last(conn: psycopg.Connection, job: Job, now: datetime) -> JobRun | None:
    return last_run(conn, job, now + _CLOCK_WRONG)


def _state(job: Job, last: JobRun | None, due_since: datetime, now: datetime) -> JobState:
    missing = last is None or last.started_at < due_since
    return JobState(job, last, due_since, missing and now - due_since > _LATE_AFTER)


def _published(conn: psycopg.Connection) -> Published | None:
    try:
        return load_published(conn)
    except RequestError:
        return None


def _due_since(job: Job, published: Published, now: datetime) -> datetime:
    """The full hour before; of the proof the last 03:00 of the programme's time zone."""
    if job is not Job.PROOF:
        return now.replace(minute=0, second=0, microsecond=0)
    local = wall_clock(now, published.zone)
    night = local.date() if local.time() >= _NIGHT else local.date() - timedelta(days=1)
    return instant_of(datetime.combine(night, _NIGHT), published.zone)


def _is_due(job: Job, last: JobRun | None, published: Published, now: datetime) -> bool:
    if last is None or last.started_at < _due_since(job, published, now):
        return True
    return last.outcome is JobOutcome.FAILED and abs(now - last.ended_at) >= _AGAIN_AFTER


def _done(
    conn: psycopg.Connection, job: Job, published: Published, clock: Callable[[], datetime], keep: Keep
) -> JobRun:
    started_at = clock()
    try:
        told = _work(conn, job, published, started_at, keep)
    except (psycopg.Error, RequestError, OSError) as error:
        if conn.closed:
            raise  # the database is gone: there is nowhere to say it
        reason = _encoder.encode({"error": f"{type(error).__name__}: {error}"})
        return JobRun(started_at, max(started_at, clock()), JobOutcome.FAILED, result=msgspec.Raw(reason))
    outcome = JobOutcome.REFUSED if told.faults else JobOutcome.DONE
    ended_at = max(started_at, clock())  # the clock may have been put back meanwhile
    return JobRun(started_at, ended_at, outcome, told.faults, msgspec.Raw(_encoder.encode(told.report)))


def _work(conn: psycopg.Connection, job: Job, published: Published, now: datetime, keep: Keep) -> _Told:
    match job:
        case Job.EXPIRY:
            end_overdue_requests(conn, now)
            if note(conn, CLOCK_STANDS) is None:
                return _Told(expire_lots(conn, published, now))
            return _Told({"holds": end_overdue_holds(conn, published, now)})
        case Job.SEAL:
            checkpoint = seal_ledger(conn)
            keep(checkpoint)
            return _Told({"seal_no": checkpoint.seal_no, "members": checkpoint.members})
        case Job.PROOF:
            results = list(prove_ledger(conn))
            return _Told({"checks": results}, sum(len(each.faults) for each in results))
