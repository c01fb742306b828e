"""A load killed with SIGKILL at any moment and started again at once ends as one that ran through."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import psycopg
import pytest

from application.shop import Row, load, prove, publish, state, write_csv
from cagnotte.application.errors import PostingEnded
from cagnotte.application.loading.values import LoadPhase, LoadProgress

LOADER = """
import sys
from pathlib import Path
from application.shop import load

def say(progress):
    print(progress.phase.value, progress.lines, flush=True)

if __name__ == "__main__":
    load(sys.argv[1], Path(sys.argv[2]), watch=say, beside=sys.argv[3] == "beside")
    print("done", flush=True)
"""


@pytest.fixture
def history(tmp_path: Path) -> Path:
    """50,000 lines of 300 members and some guests: three batches to read, two sets to post."""
    begun = datetime(2026, 1, 1, 8, tzinfo=UTC)
    rows: list[Row] = []
    for number in range(10_000):
        at = (begun + timedelta(minutes=9 * number)).isoformat()
        member = "" if number % 50 == 0 else f"m{number * 7 % 300}"
        for line in range(5):
            paid = f"{(number * 37 + line * 91) % 4000 / 100:.2f}"
            rows.append((f"S{number}", at, number % 9, member, f"sku-{line}", 1, paid, "bakery"))
    return write_csv(tmp_path / "sales.csv", rows)


@pytest.fixture
def untouched(another_database: str, history: Path) -> list[tuple[object, ...]]:
    """The state after a load that nobody killed."""
    publish(another_database)
    report = load(another_database, history).report
    assert (report.sales, report.lines) == (10_000, 50_000)
    return state(another_database)


@pytest.mark.parametrize("posted", ["here", "beside"])
def test_killed_while_it_reads_while_it_checks_and_after_each_set(
    posted: str, database: str, history: Path, untouched: list[tuple[object, ...]]
) -> None:
    publish(database)
    moments = ["reading 20000", "checking", "posting 0", "posting [1-9]"]

    for moment in moments:
        kill_at(moment, database, history, posted)

    wait_until_alone(database)
    report = load(database, history).report
    assert report.sales_already >= 1
    assert posted == "beside" or report.sales >= 1, "killed between two sets"
    assert report.sales + report.sales_already == 10_000
    assert state(database) == untouched
    prove(database)


def kill_at(moment: str, dsn: str, path: Path, posted: str) -> None:
    """Start a load and kill it as soon as it says that it is there; what it does then is cut in the middle."""
    command = [sys.executable, "-c", LOADER, dsn, str(path), posted]
    tests = str(Path(__file__).parents[1])
    loader = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=tests)
    assert loader.stdout is not None
    with loader.stdout as said:
        reached = next((line for line in said if re.match(moment, line)), "")
        loader.kill()
    assert loader.wait() == -9, reached
    assert re.match(moment, reached)


def wait_until_alone(dsn: str) -> None:
    """Whatever a killed load had started ends with it: its connections are gone within seconds."""
    others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    deadline = time.monotonic() + 10
    with psycopg.connect(dsn, autocommit=True) as conn:
        while conn.execute(others).fetchone() != (0,):
            assert time.monotonic() < deadline, "a posting process outlived its load"
            time.sleep(0.1)


def test_a_posting_process_that_is_killed_ends_the_load_with_what_is_recorded_whole(
    database: str, history: Path, untouched: list[tuple[object, ...]]
) -> None:
    publish(database)

    def kill_one(progress: LoadProgress) -> None:
        if progress.phase is LoadPhase.POSTING and progress.lines == 0:
            posting = [each for each in psutil.Process().children() if "spawn_main" in " ".join(each.cmdline())]
            posting[0].kill()

    with pytest.raises(PostingEnded):
        load(database, history, watch=kill_one, beside=True)

    wait_until_alone(database)
    prove(database)
    load(database, history)
    assert state(database) == untouched
