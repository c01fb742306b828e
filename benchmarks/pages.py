"""The back office's pages on the demo data: cold and warm, with the statements they run."""

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median

import msgspec

from benchmarks.history import History, demo_year, load_history
from benchmarks.machine import Machine, describe_machine
from benchmarks.pages_round import PagesRound, Visit
from benchmarks.place import say
from benchmarks.result import BenchFailed, Figures, Told, percentile, result_of, significant
from cagnotte.host.settings import Settings
from cagnotte.host.shop import OpenShop
from cagnotte.storage.database import connected

NAME = "pages"
BUDGET_MS = 300
_WARM_VISITS = 20
_ROOT = Path(__file__).resolve().parent.parent


def bench_pages(data: Path | None, rounds: int, *, load_before: float, warm_visits: int = _WARM_VISITS) -> Told:
    """Rounds on the shop of a data folder that `cagnotte demo` made; None: on one that is loaded now."""
    if data is not None:
        if not (data / "postgres").is_dir():
            raise BenchFailed(f"{data} is no data folder: make one with `cagnotte demo --no-serve --data {data}`")
        return _measured(data.absolute(), rounds, load_before, warm_visits)
    with tempfile.TemporaryDirectory(prefix="cagnotte-bench-", ignore_cleanup_errors=True) as folder:
        say("loading the demo's year of sales")
        load_shop(Path(folder), demo_year())
        return _measured(Path(folder), rounds, load_before, warm_visits)


def load_shop(folder: Path, history: History) -> None:
    """Make a data folder whose shop holds the history."""
    shop = OpenShop(Settings(data_dir=folder))
    try:
        dsn = shop.dsn()
        with connected(dsn) as reading, connected(dsn) as writing:
            load_history(history, reading, writing, dsn=dsn)
    finally:
        shop.close()


def _measured(folder: Path, rounds: int, load_before: float, warm_visits: int) -> Told:
    shop = OpenShop(Settings(data_dir=folder))
    try:
        machine = describe_machine(shop.dsn(), load_before=load_before)
    finally:
        shop.close()  # each round starts the server again, so that its own memory is empty
    measured = []
    for number in range(rounds):
        measured.append(_round(folder, warm_visits))
        cold, warm = measured[-1].cold["dashboard"], _middle(measured[-1].warm["dashboard"])
        say(f"round {number + 1} of {rounds}: dashboard {cold.ms:.0f} ms cold, {warm:.0f} ms warm")
    return told(measured, machine)


def _round(folder: Path, warm_visits: int) -> PagesRound:
    command = [sys.executable, "-m", "benchmarks.pages_round", str(folder), str(warm_visits)]
    done = subprocess.run(command, cwd=_ROOT, capture_output=True, check=False)
    if done.returncode != 0:
        raise BenchFailed(done.stderr.decode(errors="replace").strip())
    return msgspec.json.decode(done.stdout, type=PagesRound)


def told(rounds: Sequence[PagesRound], machine: Machine) -> Told:
    """The ratios are the budget over the median warm visit of each round, and over its cold visit."""
    pages = list(rounds[0].cold)
    dashboards = [_middle(each.warm["dashboard"]) for each in rounds]
    figures: Figures = {
        "rounds": len(rounds),
        "warm_visits": len(rounds[0].warm["dashboard"]),
        "dashboard_ms": significant(median(dashboards)),
    }
    for page in pages:
        figures[page] = _figures(
            [each.cold[page] for each in rounds], [visit for each in rounds for visit in each.warm[page]]
        )
    ratios = {
        "dashboard_vs_budget": [BUDGET_MS / ms for ms in dashboards],
        "dashboard_cold_vs_budget": [BUDGET_MS / each.cold["dashboard"].ms for each in rounds],
        "slowest_page_vs_budget": [BUDGET_MS / max(_middle(each.warm[page]) for page in pages) for each in rounds],
    }
    sentences = tuple(_sentence(page, figures[page]) for page in pages)
    return Told(result_of(NAME, figures, ratios, machine), sentences)


def _figures(cold: Sequence[Visit], warm: Sequence[Visit]) -> dict[str, int | float]:
    times = [visit.ms for visit in warm]
    return {
        "median_ms": significant(median(times)),
        "p95_ms": significant(percentile(times, 95)),
        "sql_ms": significant(median(visit.sql_ms for visit in warm)),
        "statements": max(visit.statements for visit in warm),
        "cold_ms": significant(median(visit.ms for visit in cold)),
        "cold_sql_ms": significant(median(visit.sql_ms for visit in cold)),
        "kb": round(max(visit.size for visit in warm) / 1_000),
    }


def _sentence(page: str, figures: object) -> str:
    assert isinstance(figures, dict)
    rest = figures["median_ms"] - figures["sql_ms"]
    return (
        f"{page}: {figures['median_ms']:.0f} ms, of which {figures['sql_ms']:.0f} ms in {figures['statements']}"
        f" statements and {max(0.0, rest):.0f} ms in Python (views, templates, sessions); the first visit after a"
        f" start takes {figures['cold_ms']:.0f} ms."
    )


def _middle(visits: Sequence[Visit]) -> float:
    return median(visit.ms for visit in visits)
