"""What is done by the clock: once each hour or night, by one worker, kept, and seen when it is missing."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import msgspec
import psycopg
import pytest

from application.shop import enrol, publish
from cagnotte.application.adjust_points import AdjustPoints, adjust_points
from cagnotte.application.expire_lots import ExpiryReport, expire_lots
from cagnotte.application.hold_points import HoldPoints, hold_points
from cagnotte.application.prove_ledger import prove_ledger
from cagnotte.application.published import load_published
from cagnotte.application.run_jobs import CLOCK_STANDS, Job, JobOutcome, job_states, run_due_jobs
from cagnotte.application.seal_ledger import Checkpoint
from cagnotte.storage.database import connect
from cagnotte.storage.job_runs import only_one
from cagnotte.storage.notes import keep_note

NOON = datetime(2026, 6, 1, 12, 10, tzinfo=UTC)
ALL = [Job.EXPIRY, Job.SEAL, Job.PROOF]


@pytest.fixture
def conn(database: str) -> Iterator[psycopg.Connection]:
    publish(database)
    with connect(database) as connection:
        enrol(connection, "carol")
        yield connection


def ran(conn: psycopg.Connection, now: datetime) -> list[tuple[Job, JobOutcome]]:
    return [(job, run.outcome) for job, run in run_due_jobs(conn, lambda: now)]


def test_each_job_runs_once_in_its_hour_and_the_proof_once_a_night(conn: psycopg.Connection) -> None:
    night = NOON + timedelta(hours=12, minutes=55)  # 03:05 in Paris

    by_time = [
        [job for job, _ in ran(conn, now)]
        for now in (NOON, NOON + timedelta(minutes=49), NOON + timedelta(minutes=50), night)
    ]

    assert by_time == [ALL, [], [Job.EXPIRY, Job.SEAL], ALL]
    assert all(state.is_well for state in job_states(conn, night))


def test_a_run_is_kept_with_its_figures(conn: psycopg.Connection) -> None:
    kept: list[Checkpoint] = []

    runs = dict(run_due_jobs(conn, lambda: NOON, kept.append))

    assert msgspec.json.decode(runs[Job.EXPIRY].result)["members"] == 1  # a newcomer is looked at once
    assert [(each.seal_no, each.members) for each in kept] == [(1, 0)]
    states = {state.job: state for state in job_states(conn, NOON)}
    assert [states[job].last is not None and states[job].last.outcome for job in ALL] == [JobOutcome.DONE] * 3


def test_what_another_worker_does_is_left_to_it_and_taken_over_when_its_connection_ends(
    database: str, conn: psycopg.Connection
) -> None:
    other = connect(database)
    with only_one(other, Job.EXPIRY.value) as is_theirs:
        meanwhile = [job for job, _ in ran(conn, NOON)]
        other.close()  # as when its process is killed
    with connect(database) as third:
        later = [job for job, _ in ran(third, NOON)]

    assert is_theirs
    assert meanwhile == [Job.SEAL, Job.PROOF]
    assert later == [Job.EXPIRY]


def test_a_job_that_fails_is_kept_so_and_tried_again_after_five_minutes(conn: psycopg.Connection) -> None:
    def full(_: Checkpoint) -> None:
        raise OSError(28, "No space left on device")

    first = dict(run_due_jobs(conn, lambda: NOON, full))
    soon = ran(conn, NOON + timedelta(minutes=4))
    states = {state.job: state for state in job_states(conn, NOON)}
    again = ran(conn, NOON + timedelta(minutes=5))

    assert first[Job.SEAL].outcome is JobOutcome.FAILED
    assert "No space left on device" in bytes(first[Job.SEAL].result).decode()
    assert not states[Job.SEAL].is_well
    assert (soon, again) == ([], [(Job.SEAL, JobOutcome.DONE)])


def test_books_that_do_not_hold_are_told_by_the_nightly_proof(database: str, conn: psycopg.Connection) -> None:
    with psycopg.connect(database, autocommit=True) as owner:
        owner.execute("UPDATE member_standing SET version = version + 1")

    runs = dict(run_due_jobs(conn, lambda: NOON))

    assert (runs[Job.PROOF].outcome, runs[Job.PROOF].faults) == (JobOutcome.REFUSED, 1)
    assert [state.job for state in job_states(conn, NOON) if not state.is_well] == [Job.PROOF]


def test_a_job_that_did_not_run_half_an_hour_after_it_was_due_is_late(conn: psycopg.Connection) -> None:
    ran(conn, NOON)

    late = [
        [state.job for state in job_states(conn, now) if state.is_late]
        for now in (NOON + timedelta(hours=1), NOON + timedelta(hours=1, minutes=21))
    ]

    assert late == [[], [Job.EXPIRY, Job.SEAL]]


def test_without_a_programme_nothing_is_due(database: str) -> None:
    with connect(database) as connection:
        assert (ran(connection, NOON), job_states(connection, NOON)) == ([], [])


def test_a_hold_that_is_over_ends_within_the_hour_once_whoever_works(
    database: str, conn: psycopg.Connection
) -> None:
    published = load_published(conn)
    begun = NOON - timedelta(minutes=50)
    adjust_points(conn, published, AdjustPoints("carol", 30, "hello", "anne"), key="a", now=begun)
    for number, minutes in enumerate((30, 40, 600)):
        hold_points(conn, published, HoldPoints("carol", 5, minutes=minutes), key=f"h{number}", now=begun)

    with ThreadPoolExecutor(4) as workers:
        ended = sum(workers.map(lambda _: _expired(database).holds, range(4)))

    assert ended == 2
    assert _expired(database).holds == 0
    with connect(database) as reading:
        freed = reading.execute("SELECT count(*), count(DISTINCT key) FROM ledger_transfer WHERE kind = 'freed'")
        assert freed.fetchone() == (2, 2)
        assert reading.execute("SELECT points FROM ledger_balance").fetchone() == (25,)
        assert not [fault for result in prove_ledger(reading) for fault in result.faults]


def test_a_dry_run_ends_no_hold_and_tells_how_many_are_over(database: str, conn: psycopg.Connection) -> None:
    published = load_published(conn)
    begun = NOON - timedelta(minutes=50)
    adjust_points(conn, published, AdjustPoints("carol", 30, "hello", "anne"), key="a", now=begun)
    hold_points(conn, published, HoldPoints("carol", 5, minutes=30), key="h", now=begun)

    told = [expire_lots(conn, published, NOON, dry_run=dry_run).holds for dry_run in (True, True, False, True)]

    assert told == [1, 1, 1, 0]


def _expired(database: str) -> ExpiryReport:
    with connect(database) as conn:
        return expire_lots(conn, load_published(conn), NOON)


def test_where_the_clock_stands_nothing_expires_by_it_but_holds_still_end(conn: psycopg.Connection) -> None:
    published = load_published(conn)
    long_ago = NOON - timedelta(days=100)
    adjust_points(conn, published, AdjustPoints("carol", 30, "hello", "anne"), key="a", now=long_ago)
    hold_points(conn, published, HoldPoints("carol", 5, minutes=30), key="h", now=long_ago)
    enrol(conn, "dan")
    adjust_points(conn, published, AdjustPoints("dan", 30, "hello", "anne"), key="d", now=long_ago)
    keep_note(conn, CLOCK_STANDS, "2026-02-01")

    runs = dict(run_due_jobs(conn, lambda: NOON))

    assert msgspec.json.decode(runs[Job.EXPIRY].result) == {"holds": 1}
    assert conn.execute("SELECT max(points) FROM ledger_balance").fetchone() == (30,)
    assert all(state.is_well for state in job_states(conn, NOON))
