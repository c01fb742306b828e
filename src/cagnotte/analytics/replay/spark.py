"""The same fold on Spark, for histories that outgrow one machine: row groups are the work, the figures the same.

Nothing here imports pyspark: the caller brings the session. The folder must be readable under the same path by
every executor, and this package installed there (`cagnotte[spark]`).
"""

import pickle
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa

from cagnotte.analytics.history.layout import read_facts
from cagnotte.analytics.history.reading import Products, groups_of
from cagnotte.analytics.replay.figures import Measures, Report
from cagnotte.analytics.replay.run import Question, check_currencies, terms_of, told
from cagnotte.analytics.replay.sums import Sums
from cagnotte.analytics.replay.terms import Terms
from cagnotte.analytics.replay.workers import Task, folded, tasks_of

_FOLDED = "sums binary, cpu_s double, peak_mb int"
_SHARES_PER_CORE = 4  # so that no core waits long for the last one


def replay_on_spark(session: Any, folder: Path, question: Question) -> Report:
    """Fold the history under both programmes on a `pyspark.sql.SparkSession`.

    Raises HistoryRefused or OtherCurrency; an error of an executor comes as Spark's own.
    """
    begun = time.monotonic()
    history = read_facts(folder)
    check_currencies(history, question)
    terms = terms_of(folder, history, question)
    workers = session.sparkContext.defaultParallelism
    tasks = tasks_of(folder, groups_of(folder), terms, workers)
    sums, cpu_s, peak_mb = Sums.nothing(), 0.0, 0
    for row in _folded_rows(session, folder, tasks, terms):
        sums.merge(pickle.loads(row["sums"]), terms.most)  # noqa: S301 - written by our own executors
        cpu_s += row["cpu_s"]
        peak_mb = max(peak_mb, row["peak_mb"])
    took = Measures(time.monotonic() - begun, cpu_s, workers, peak_mb)
    return told(sums, folder, question, terms, took)


def _folded_rows(session: Any, folder: Path, tasks: list[Task], terms: Terms) -> list[Any]:
    """Rows of `_FOLDED`, one per share of the tasks: each adds them up, so few and small rows come here."""
    if not tasks:
        return []
    rows = [(pickle.dumps(task),) for task in tasks]
    shares = min(len(rows), _SHARES_PER_CORE * session.sparkContext.defaultParallelism)
    asked = session.createDataFrame(rows, "task binary").repartition(shares)
    found: list[Any] = asked.mapInArrow(_folder(folder, terms), _FOLDED).collect()
    return found


def _folder(folder: Path, terms: Terms) -> Callable[[Iterable[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    def fold_groups(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        rows = [row for batch in batches for row in batch.to_pylist()]
        if rows:
            products, sums, cpu_s, peak_mb = Products(folder), Sums.nothing(), 0.0, 0
            for row in rows:
                task: Task = pickle.loads(row["task"])  # noqa: S301 - written by our own driver
                part = folded(folder, task, products, terms)
                sums.merge(part.sums, terms.most)
                cpu_s += part.cpu_s
                peak_mb = max(peak_mb, part.peak_mb)
            yield _as_batch(sums, cpu_s, peak_mb)

    return fold_groups


def _as_batch(sums: Sums, cpu_s: float, peak_mb: int) -> pa.RecordBatch:
    columns = [
        pa.array([pickle.dumps(sums)], pa.binary()),
        pa.array([cpu_s], pa.float64()),
        pa.array([peak_mb], pa.int32()),
    ]
    return pa.RecordBatch.from_arrays(columns, names=["sums", "cpu_s", "peak_mb"])
