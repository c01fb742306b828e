"""F-02: the worker is killed with SIGKILL, or its database is, in the middle of letting points expire."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import psycopg

from application.shop import Row, load, prove, publish, write_csv
from cagnotte.application.run_jobs import Job
from cagnotte.host.postgres import EmbeddedPostgres
from cagnotte.storage.migrations import migrate
from rig.deaths import PROGRAMME, free_port, is_gone, running, server_processes, until

MEMBERS = 8_000
SOLD = datetime(2025, 1, 15, 12, tzinfo=UTC)  # their points end a year later
STANDS = """
SELECT (SELECT count(*) FROM ledger_lot WHERE points_open > 0), (SELECT count(*) FROM ledger_transfer
         WHERE kind = 'expiry'), (SELECT count(*) FROM job_run WHERE outcome = 'done')
"""


def open_old_shop(dsn: str, folder: Path) -> None:
    """Every member has one lot, and its day has come long ago."""
    publish(dsn, PROGRAMME, datetime(2020, 1, 1, tzinfo=UTC))
    rows: list[Row] = []
    for number in range(MEMBERS):
        at = (SOLD + timedelta(minutes=number)).isoformat()
        rows.append((f"S{number}", at, "1", f"m{number}", "sku", 1, "10.00", "x"))
    assert load(dsn, write_csv(folder / "sales.csv", rows)).report.sales == MEMBERS


def stands(dsn: str) -> tuple[int, int, int]:
    """Lots that are open, transfers of expiry, jobs done."""
    with psycopg.connect(dsn) as conn:
        row = conn.execute(STANDS).fetchone()
    assert row is not None
    return row[0], row[1], row[2]


def wait_for_the_middle(dsn: str) -> None:
    until(lambda: stands(dsn)[0] < MEMBERS, 30, "the first lots expire")


def test_a_worker_killed_in_the_middle_is_started_again_and_every_lot_ends_once(
    database: str, tmp_path: Path
) -> None:
    open_old_shop(database, tmp_path)
    with running(tmp_path, {"DATABASE_URL": database}, "serve", "--port", str(free_port())) as program:
        until(lambda: bool(program.children("--child-of")), 30, "the worker is there")
        (victim,) = program.children("--child-of")
        wait_for_the_middle(database)
        victim.kill()
        until(lambda: is_gone(victim), 5, "the worker is gone")
        at_its_death = stands(database)

        until(lambda: stands(database)[2] == len(Job), 40, "another one does all that is due")

        assert 0 < at_its_death[0] < MEMBERS
        assert program.said.count("The worker has ended; it is started again in 1 s.") == 1
    assert stands(database) == (0, MEMBERS, len(Job))
    prove(database)


def test_a_worker_waits_for_its_database_and_carries_on_when_it_is_killed_in_the_middle(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with EmbeddedPostgres(home) as server:
        server.ensure_database("cagnotte")
        migrate(server.dsn())
        open_old_shop(server.dsn(), tmp_path)
    with running(tmp_path, {"DATABASE_URL": server.dsn()}, "worker") as worker:
        until(lambda: "The database does not answer" in worker.said, 30, "it says that it waits")

        with server.start():
            wait_for_the_middle(server.dsn())
            for process in server_processes(home):
                with contextlib.suppress(psutil.NoSuchProcess):
                    process.kill()
            until(lambda: worker.said.count("The database does not answer") > 1, 30, "it says that it is gone")
            server.start()
            at_its_death = stands(server.dsn())
            until(lambda: "The database answers again." in worker.said, 40, "it has done all that is due")

            assert worker.process.poll() is None
            assert 0 < at_its_death[0] < MEMBERS
            assert stands(server.dsn()) == (0, MEMBERS, len(Job))
            prove(server.dsn())
