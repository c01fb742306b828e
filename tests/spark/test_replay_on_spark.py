"""The replay on a Spark of two executors: the same figures as in this process; and by the command line."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from msgspec.structs import replace
from pyspark.sql import SparkSession

from analytics.replay.histories import BAKERY, BASE, HEAD, TIERS, programme, replayed
from analytics.replay.test_together import HOUSEHOLDS, STORES
from analytics.replay.test_together import invented as of_households
from analytics.replay.test_workers import invented
from cagnotte.analytics.replay import Question
from cagnotte.analytics.replay.spark import replay_on_spark


# Spark looks at pandas before it hands out Arrow batches; no pandas is used.
@pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas")
def test_a_replay_on_spark_says_what_one_in_this_process_says(session: SparkSession, tmp_path: Path):
    history = invented(tmp_path / "history", 120)
    current, draft = programme(BASE, TIERS), programme(BASE, BAKERY, TIERS.replace("10000", "6000"))

    report = replay_on_spark(session, history, Question(current, draft, ("current.toml", "draft.toml")))

    assert report.members_differing > 0
    assert replace(report, took=None) == replace(replayed(history, current, draft), took=None)


@pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas")
@pytest.mark.parametrize("text", [HOUSEHOLDS, HOUSEHOLDS + STORES], ids=["households", "stores"])
def test_what_members_share_is_counted_on_spark_as_in_this_process(
    session: SparkSession, tmp_path: Path, text: str
):
    history = of_households(tmp_path / "history", rows_at_once=40)
    current, draft = programme(text), programme(text.replace("times = 5", "times = 2"))

    report = replay_on_spark(session, history, Question(current, draft, ("current.toml", "draft.toml")))

    assert report.members_differing > 0
    assert replace(report, took=None) == replace(replayed(history, current, draft), took=None)


def test_the_command_line_replays_on_spark(tmp_path: Path):
    history = invented(tmp_path / "history", 20)
    for name, parts in {"current": (BASE, TIERS), "draft": (BASE, BAKERY, TIERS)}.items():
        (tmp_path / f"{name}.toml").write_text(HEAD + "".join(parts), encoding="utf-8")

    on_spark = replay_command(tmp_path, history, "--spark", "local[1]")
    here = replay_command(tmp_path, history)
    nowhere = command(tmp_path, history, "--spark", "local[nothing]")

    assert on_spark["members_differing"] > 0
    assert on_spark == here
    assert nowhere.returncode == 1
    assert nowhere.stderr.splitlines()[-1].startswith("Spark did not do it: ")


def replay_command(folder: Path, history: Path, *more: str) -> dict[str, object]:
    done = command(folder, history, *more)
    assert done.returncode == 0, done.stderr
    said: dict[str, object] = json.loads(done.stdout)
    del said["took"]
    return said


def command(folder: Path, history: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """In a process of its own: a session of Spark is one per process."""
    cagnotte = Path(sys.executable).with_name("cagnotte")
    asked = ["programme", "replay", "draft.toml", "--against", "current.toml", "--out", "out", "--json"]
    return subprocess.run(
        [cagnotte, *asked, "--history", str(history), *more],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
