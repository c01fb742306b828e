"""Who posts the sets of a load: this process, or several beside it when there is much to decide.

Deciding is Python's work and takes a core of its own for each process; each set is one transaction, of
members that no other set has, so sets of several processes never wait for each other.
"""

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait
from types import TracebackType

import psycopg

from cagnotte.application.errors import PostingEnded
from cagnotte.application.loading.posting import Posted, ProductFacts, post_batch
from cagnotte.application.loading.staging import StagedSale
from cagnotte.application.published import Published, load_published
from cagnotte.storage.database import connect

type Batch = Sequence[Sequence[StagedSale]]

PROCESSES = max(1, min(4, os.cpu_count() or 1))


class PostHere:
    """Each set is posted by the caller, on one connection."""

    def __init__(self, conn: psycopg.Connection, published: Published, *, write: bool) -> None:
        self._conn = conn
        self._published = published
        self._products = ProductFacts(conn)
        self._write = write

    def post(self, batch: Batch) -> Iterator[Posted]:
        yield post_batch(self._conn, self._published, self._products, batch, write=self._write)

    def rest(self) -> Iterator[Posted]:
        """What is still to come of the sets that were given: nothing."""
        return iter(())


class PostBeside:
    """Sets are posted by processes of their own, which end with this one, however it ends.

    Results come in the order in which the sets were given. When one fails, those under way are finished,
    whole, and its error is raised; PostingEnded when a process was ended from outside.
    """

    def __init__(self, dsn: str, processes: int = PROCESSES) -> None:
        self._most = processes + 1  # one more is ready for whoever is free first
        self._under_way: deque[Future[Posted]] = deque()
        context = multiprocessing.get_context("spawn")
        self._pool = ProcessPoolExecutor(processes, context, initializer=_begin, initargs=(dsn,))

    def __enter__(self) -> "PostBeside":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    def warm_up(self) -> None:
        """Start the processes now, while there is other work to do."""
        for _ in range(self._most - 1):
            self._pool.submit(os.getpid)

    def post(self, batch: Batch) -> Iterator[Posted]:
        try:
            self._under_way.append(self._pool.submit(_post, batch))
        except BrokenProcessPool as error:
            raise PostingEnded from error
        while len(self._under_way) > self._most:
            yield self._next()

    def rest(self) -> Iterator[Posted]:
        while self._under_way:
            yield self._next()

    def _next(self) -> Posted:
        try:
            return self._under_way.popleft().result()
        except BrokenProcessPool as error:
            raise PostingEnded from error


class _Worker:
    """What a posting process holds: its connection, the programme, the products seen so far."""

    def __init__(self, dsn: str) -> None:
        self.conn = connect(dsn)
        self.published = load_published(self.conn)
        self.products = ProductFacts(self.conn)


_worker: list[_Worker] = []  # one in each posting process, none elsewhere


def _begin(dsn: str) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group: the parent ends us
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _worker.append(_Worker(dsn))


def _post(batch: Batch) -> Posted:
    own = _worker[0]
    return post_batch(own.conn, own.published, own.products, batch)


def _end_with_parent() -> None:
    """A parent that was killed gives no more work; its set under way is rolled back by the server."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
