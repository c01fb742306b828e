"""The fold on all cores: a task per row group, and per part of the members who share something.

Tasks run in processes of their own or, for one, in this one.
"""

import gc
import multiprocessing
import os
import resource
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing.connection import wait
from pathlib import Path

import msgspec

from cagnotte.analytics.history.reading import Group, Products, members_of
from cagnotte.analytics.replay.fold import fold
from cagnotte.analytics.replay.shared import Together
from cagnotte.analytics.replay.sums import Sums
from cagnotte.analytics.replay.terms import Terms
from cagnotte.analytics.replay.together import Part, fold_together, parts_of

_LINUX_UNIT = 1024  # ru_maxrss is told in KiB there, in bytes on macOS


class WorkerEnded(Exception):
    """A process was ended from outside, perhaps for lack of memory."""


type Task = Group | Part
"""Members who are decided side by side, or those who are decided together."""


class Folded(msgspec.Struct, frozen=True):
    """One task. `cpu_s`: of the process; `peak_mb`: the most memory that it has held so far."""

    sums: Sums
    cpu_s: float
    peak_mb: int


class ReplayProgress(msgspec.Struct, frozen=True):
    """Events decided of all there are."""

    done: int
    total: int


class Work(msgspec.Struct, frozen=True):
    """All groups in one. `cpu_s`: of all workers; `peak_mb`: of the largest of them."""

    sums: Sums
    cpu_s: float
    peak_mb: int


def tasks_of(folder: Path, groups: Sequence[Group], terms: Terms, most: int) -> list[Task]:
    """What is to be folded, the largest first: shared parts, then the row groups of members who share nothing."""
    parts = parts_of(folder, terms, most)
    return [*parts, *([] if terms.together is Together.EVERYBODY else groups)]


def fold_all(
    folder: Path, groups: Sequence[Group], terms: Terms, workers: int, watch: Callable[[ReplayProgress], None]
) -> Work:
    """Sums over all members; the same for any number of workers. Raises WorkerEnded."""
    sums, cpu_s, peak_mb, done = Sums.nothing(), 0.0, 0, 0
    tasks = tasks_of(folder, groups, terms, workers)
    total = sum(task.rows for task in tasks)
    here = workers == 1 or len(tasks) < 2  # noqa: PLR2004 - nothing to share
    for task, part in _here(folder, tasks, terms) if here else _beside(folder, tasks, terms, workers):
        sums.merge(part.sums, terms.most)
        cpu_s += part.cpu_s
        peak_mb = max(peak_mb, part.peak_mb)
        done += task.rows
        watch(ReplayProgress(done, total))
    return Work(sums, cpu_s, peak_mb)


def _here(folder: Path, tasks: Sequence[Task], terms: Terms) -> Iterator[tuple[Task, Folded]]:
    products = Products(folder)
    for task in tasks:
        yield task, folded(folder, task, products, terms)


def _beside(folder: Path, tasks: Sequence[Task], terms: Terms, workers: int) -> Iterator[tuple[Task, Folded]]:
    """Results in the order of the tasks; no more are under way than keep every worker busy."""
    context = multiprocessing.get_context("spawn")
    waiting = deque(tasks)
    under_way: deque[tuple[Task, Future[Folded]]] = deque()
    with ProcessPoolExecutor(workers, context, initializer=_begin, initargs=(folder, terms)) as pool:
        try:
            while waiting or under_way:
                while waiting and len(under_way) <= workers:
                    task = waiting.popleft()
                    under_way.append((task, pool.submit(_fold_task, task)))
                task, future = under_way.popleft()
                yield task, future.result()
        except BrokenProcessPool as error:
            raise WorkerEnded from error
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


class _Own(msgspec.Struct):
    """What a worker holds from its start to its end."""

    folder: Path
    products: Products
    terms: Terms


_own: list[_Own] = []  # one in each worker, none elsewhere


def _begin(folder: Path, terms: Terms) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group: the parent ends us
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _own.append(_Own(folder, Products(folder), terms))


def _fold_task(task: Task) -> Folded:
    return folded(_own[0].folder, task, _own[0].products, _own[0].terms)


def folded(folder: Path, task: Task, products: Products, terms: Terms) -> Folded:
    """Fold one task in this process."""
    begun = time.process_time()
    with _rarely_collected():
        if isinstance(task, Part):
            sums = fold_together(folder, task, products, terms)
        else:
            sums = fold(members_of(task, products), terms)
    return Folded(sums, time.process_time() - begun, _peak_mb())


@contextmanager
def _rarely_collected() -> Iterator[None]:
    """A fold makes no cycles, and looking for them among its many short-lived values costs a tenth of its time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.collect()
        if was_enabled:
            gc.enable()


def _peak_mb() -> int:
    unit = _LINUX_UNIT if sys.platform != "darwin" else 1
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit >> 20


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
