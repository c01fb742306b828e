"""The demo's year replayed under a programme of 50 rules, beside the bare read of the same history."""

import gc
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from benchmarks.history import History, load_history
from benchmarks.machine import describe_machine
from benchmarks.place import Place, say
from benchmarks.replay_programme import programme_of, stateless_of
from benchmarks.result import BenchFailed, Figures, Told, result_of, significant
from cagnotte.analytics.history import HistoryFacts, Products, export_history, groups_of, members_of
from cagnotte.analytics.replay import Question, Report, replay
from cagnotte.analytics.replay.outcome import ISSUED, lived
from cagnotte.analytics.replay.run import WORKERS
from cagnotte.analytics.replay.sums import SideSums
from cagnotte.analytics.replay.what_if import what_if
from cagnotte.application.published import load_published, parsed
from cagnotte.domain.programme.document import Programme
from cagnotte.storage.database import connected

NAME = "replay"
_RULES = 50
_FEW = 5


def bench_replay(place: Place, history: History, rounds: int, *, load_before: float) -> Told:
    """Each round reads the history and folds one programme in this process, then both ways on all cores."""
    folder = place.folder / "history"
    facts = _exported(place, history, folder)
    programme = parsed(programme_of(history.document, _RULES))
    few, many = (parsed(stateless_of(rules)) for rules in (_FEW, _RULES))
    reads, folds, wholes, asked_few, asked_many = [], [], [], [], []
    report: Report | None = None
    for number in range(rounds):
        reads.append(_cpu(lambda: _read(folder)))
        folds.append(_cpu(lambda: _fold(folder, programme, facts)))
        begun = time.perf_counter()
        report = replay(folder, Question(programme, programme, ("a", "b")), workers=WORKERS)
        wholes.append(time.perf_counter() - begun)
        asked_few.append(_wall(lambda: what_if(folder, few)))
        asked_many.append(_wall(lambda: what_if(folder, many)))
        say(f"round {number + 1} of {rounds}: {facts.sales / folds[-1]:,.0f} sales/s on one core")
    assert report is not None
    if not report.same:
        raise BenchFailed("the same programme gave two answers")
    figures: Figures = {
        "rounds": rounds,
        "rules": _RULES,
        "sales": facts.sales,
        "lines": facts.lines,
        "sales_per_s_per_core": round(facts.sales / median(folds)),
        "read_sales_per_s_per_core": round(facts.sales / median(reads)),
        "two_programmes_s": significant(median(wholes)),
        "two_programmes_workers": WORKERS,
        "peak_mb": report.took.peak_mb,
        "history_mb": sum(path.stat().st_size for path in folder.rglob("*.parquet")) >> 20,
        "what_if_lines_per_s": {
            f"{_FEW} rules": round(facts.lines / median(asked_few)),
            f"{_RULES} rules": round(facts.lines / median(asked_many)),
        },
    }
    ratios = {
        "read_vs_fold": [read / fold for read, fold in zip(reads, folds, strict=True)],
        "what_if_vs_fold": [fold / asked for fold, asked in zip(folds, asked_many, strict=True)],
    }
    machine = describe_machine(place.server.dsn(), load_before=load_before)
    return Told(result_of(NAME, figures, ratios, machine), _sentences(facts, median(reads), median(folds)))


def _exported(place: Place, history: History, folder: Path) -> HistoryFacts:
    with place.database("replay", migrated=True) as dsn, connected(dsn) as reading, connected(dsn) as writing:
        load_history(history, reading, writing, dsn=dsn)
        zone = load_published(writing).zone.key
        currency = parsed(history.document).currency
        say("the history is loaded and exported")
        return export_history(writing, folder, zone=zone, currency=currency)


def _read(folder: Path) -> None:
    products = Products(folder)
    for group in groups_of(folder):
        for _past in members_of(group, products):
            pass


def _fold(folder: Path, programme: Programme, facts: HistoryFacts) -> None:
    """One programme over everything, read with it, as a worker does it for two."""
    products, sums, end = Products(folder), SideSums(), facts.last_day
    assert end is not None
    for group in groups_of(folder):
        for past in members_of(group, products):
            outcome = lived(programme, past, end)
            sums.add(outcome, outcome.by_wallet(), outcome.open_points(end))
    if sum(flow[ISSUED] for flow in sums.wallets.values()) == 0:
        raise BenchFailed("the fold gave no points")


def _cpu(work: Callable[[], object]) -> float:
    """Seconds of processor, without the collector, as in the workers."""
    gc.collect()
    gc.disable()
    try:
        begun = time.process_time()
        work()
        return time.process_time() - begun
    finally:
        gc.enable()


def _wall(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _sentences(facts: HistoryFacts, read: float, fold: float) -> tuple[str, ...]:
    whole, reading = (1_000_000 * seconds / facts.sales for seconds in (fold, read))
    return (
        f"Of {whole:.0f} µs a sale, {reading:.0f} µs read it from the file and make its lines; the rest decides it"
        " and counts what it gives.",
        "A report folds two programmes over one reading of the history.",
    )
