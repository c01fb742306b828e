"""The same figures on any number of processes and in row groups of any size, in memory that does not grow."""

from __future__ import annotations

from pathlib import Path
from random import Random

from msgspec.structs import replace

from analytics.replay.histories import BAKERY, BASE, TIERS, a_history, a_sale, programme, replayed
from cagnotte.analytics.history import groups_of
from cagnotte.analytics.replay import Report

CURRENT, DRAFT = programme(BASE, TIERS), programme(BASE, BAKERY, TIERS.replace("10000", "6000"))


def invented(folder: Path, members: int, *, sales: int = 6, rows_at_once: int = 100) -> Path:
    """The same for the same numbers: sales of a year, of bread or soap, in two stores."""
    random = Random(7)
    past = {}
    for member_id in range(1, members + 1):
        days = sorted(random.choices(range(1, 28), k=sales))
        past[member_id] = [
            a_sale(
                f"2026-{1 + number % 12:02}-{day:02}T{10 + number % 8}:30",
                *[
                    (random.choice(("bread", "soap")), random.randint(-50, 4_000))
                    for _ in range(random.randint(1, 8))
                ],
                store=random.choice(("lyon", "nice")),
            )
            for number, day in enumerate(days)
        ]
    return a_history(folder, past, rows_at_once)


def figures(report: Report) -> Report:
    """The report without what the replay itself took."""
    return replace(report, took=None)


def test_two_processes_say_what_one_says(tmp_path: Path):
    history = invented(tmp_path / "history", 60)

    alone, together = (replayed(history, CURRENT, DRAFT, workers=workers) for workers in (1, 2))

    assert len(groups_of(history)) == 4
    assert alone.members_differing > 0
    assert figures(together) == figures(alone)
    assert (alone.took.workers, together.took.workers) == (1, 2)


def test_row_groups_of_another_size_say_the_same(tmp_path: Path):
    small = invented(tmp_path / "small", 40, rows_at_once=50)
    large = invented(tmp_path / "large", 40, rows_at_once=10_000)

    assert (len(groups_of(small)), len(groups_of(large))) == (5, 1)
    assert figures(replayed(small, CURRENT, DRAFT)) == figures(replayed(large, CURRENT, DRAFT))


def test_four_times_the_history_takes_no_more_memory(tmp_path: Path):
    once = invented(tmp_path / "once", 250, rows_at_once=300)
    four_times = invented(tmp_path / "four", 1_000, rows_at_once=300)

    peaks = [replayed(history, CURRENT, DRAFT, workers=2).took.peak_mb for history in (once, four_times)]

    assert peaks[1] < 1.1 * peaks[0], peaks
