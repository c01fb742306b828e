"""The worker from the terminal."""

from __future__ import annotations

import json
import signal
import subprocess
from pathlib import Path

from application.shop import publish
from cli.running import CAGNOTTE, run


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
    environ = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "DATABASE_URL": database}
    with subprocess.Popen(
        [CAGNOTTE, "worker", "--json"], env=environ, stdout=subprocess.PIPE, text=True
    ) as worker:
        assert worker.stdout is not None
        lines = [json.loads(worker.stdout.readline())["job"] for _ in range(3)]

        worker.send_signal(signal.SIGTERM)

        assert (lines, worker.wait(timeout=60)) == (["expiry", "seal", "proof"], 128 + signal.SIGTERM)
