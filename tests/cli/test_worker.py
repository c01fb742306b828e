"""The worker from the terminal."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from application.shop import publish
from cli.running import CAGNOTTE, environment, run


def test_what_is_due_is_done_once_and_its_state_is_told(database: str, tmp_path: Path) -> None:
    publish(database)
    checkpoint = tmp_path / "seals"

    before = run(database, "worker", "--state")
    first = run(database, "worker", "--once", "--checkpoint", str(checkpoint), "--json")
    state = run(database, "worker", "--state", "--json")

    assert "has not run yet" in before.out or "late" in before.out
    assert (first.code, first.err) == (0, "")
    assert [json.loads(line)["job"] for line in first.out.splitlines()] == ["expiry", "seal", "proof"]
    assert json.loads(checkpoint.read_text())["seal_no"] == 1
    assert (state.code, json.loads(state.out)["well"]) == (0, True)


def test_a_worker_ends_when_it_is_told_to(database: str, tmp_path: Path) -> None:
    publish(database)
    environ = environment(database, tmp_path)
    with started("worker", "--json", environ=environ) as worker:
        assert worker.stdout is not None
        lines = [json.loads(worker.stdout.readline())["job"] for _ in range(3)]

        worker.send_signal(signal.SIGTERM)

        assert (lines, worker.wait(timeout=60)) == (["expiry", "seal", "proof"], 128 + signal.SIGTERM)


def test_a_worker_ends_at_once_when_the_server_that_started_it_is_gone(database: str) -> None:
    publish(database)

    ran = run(database, "worker", "--quiet", "--child-of", "1")

    assert (ran.code, ran.out) == (128 + signal.SIGTERM, "")


@pytest.mark.parametrize(("option", "expected"), [([], 3), (["--no-worker"], 0)])
def test_the_server_runs_the_worker_beside_it(
    database: str, tmp_path: Path, option: list[str], expected: int
) -> None:
    publish(database)
    environ = environment(database, tmp_path)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    with started("serve", "--port", port, *option, environ=environ) as server:
        assert server.stdout is not None
        assert server.stdout.readline().startswith("Back office")

        jobs = _jobs_run(database, expected)
        server.send_signal(signal.SIGTERM)

        assert server.wait(timeout=60) is not None
    assert jobs == expected
    with psycopg.connect(database) as conn:
        left = conn.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"
        ).fetchone()
    assert left == (0,)


@contextmanager
def started(*command: str, environ: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """A command that runs until it is told to end; it never outlives a test that fails."""
    with subprocess.Popen([CAGNOTTE, *command], env=environ, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def _jobs_run(database: str, wanted: int) -> int:
    """How many jobs ran once so many have, or a while later."""
    with psycopg.connect(database, autocommit=True) as conn:
        until = time.monotonic() + (60 if wanted else 5)
        while True:
            row = conn.execute("SELECT count(*) FROM job_run").fetchone()
            assert row is not None
            if time.monotonic() > until or (wanted and row[0] >= wanted):
                return int(row[0])
            time.sleep(0.2)
