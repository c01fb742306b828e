"""A replay from beginning to end: the history folded under two programmes, and the report of it."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
import pyarrow.parquet as pq

from cagnotte.analytics.history.layout import STORES, HistoryFacts, read_facts
from cagnotte.analytics.history.reading import groups_of
from cagnotte.analytics.replay.figures import Measures, Report
from cagnotte.analytics.replay.report import report_of
from cagnotte.analytics.replay.sums import Sums
from cagnotte.analytics.replay.terms import Terms, spend_quartiles
from cagnotte.analytics.replay.workers import ReplayProgress, fold_all
from cagnotte.domain.programme.document import Programme

MOST_CHANGED = 20
WORKERS = max(1, os.cpu_count() or 1)


class Question(msgspec.Struct, frozen=True):
    """Two programmes to compare, how they are called by who asks, and how many most changed members to name."""

    current: Programme
    draft: Programme
    named: tuple[str, str]
    most: int = MOST_CHANGED


class OtherCurrency(Exception):
    """The programmes and the history do not count in one currency, or sales are in one that a programme does not
    exchange: nothing could be compared."""


def replay(
    folder: Path,
    question: Question,
    *,
    workers: int = WORKERS,
    watch: Callable[[ReplayProgress], None] = lambda _: None,
) -> Report:
    """Fold the history under both programmes, member by member, on `workers` processes.

    Raises HistoryRefused, OtherCurrency, or WorkerEnded when a process was ended from outside.
    """
    begun = time.monotonic()
    history = read_facts(folder)
    check_currencies(history, question)
    terms = terms_of(folder, history, question)
    work = fold_all(folder, groups_of(folder), terms, workers, watch)
    took = Measures(time.monotonic() - begun, work.cpu_s, workers, work.peak_mb)
    return told(work.sums, folder, question, terms, took)


def check_currencies(history: HistoryFacts, question: Question) -> None:
    """Raises OtherCurrency."""
    programmes = (question.current, question.draft)
    if any(programme.currency != history.currency for programme in programmes):
        raise OtherCurrency
    if any(not set(history.currencies) <= set(programme.currencies) for programme in programmes):
        raise OtherCurrency


def terms_of(folder: Path, history: HistoryFacts, question: Question) -> Terms:
    """The question with what the history itself says."""
    end = history.last_day or history.exported_at.date()
    quartiles = spend_quartiles(folder)
    return Terms(
        question.current, question.draft, end, history.timezone, history.timezones, quartiles, question.most
    )


def told(sums: Sums, folder: Path, question: Question, terms: Terms, took: Measures) -> Report:
    """The report of sums, wherever they were folded."""
    stores = pq.read_table(folder / STORES)
    names = dict(zip(stores.column("store").to_pylist(), stores.column("name").to_pylist(), strict=True))
    return report_of(sums, terms, read_facts(folder), stores=names, named=question.named, took=took)
