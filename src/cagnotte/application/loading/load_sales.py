"""Load a history of sales: stage, check, decide in time order per member, post in sets; safe to repeat."""

import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing
from datetime import datetime

import psycopg

from cagnotte.application.errors import LoadRunning
from cagnotte.application.loading.own_terms import OwnTerms
from cagnotte.application.loading.posting import Posted, batches
from cagnotte.application.loading.sets import PostBeside, PostHere
from cagnotte.application.loading.staging import (
    NewThings,
    StagedSale,
    add_new_things,
    lines_of,
    make_sales,
    open_stage,
    ordered_sales,
    sales_staged,
    stage,
)
from cagnotte.application.loading.values import (
    LoadPhase,
    LoadProgress,
    LoadReport,
    RowFaultCode,
    RowRefused,
    StagedBatch,
)
from cagnotte.application.published import Published

_LOCK = 7_305_118_264_901  # one load at a time per database

_LARGE = 50_000  # rows from which on other processes are worth their start

type Watch = Callable[[LoadProgress], None]
type Refuse = Callable[[RowRefused], None]


def load_sales(
    reading: psycopg.Connection,
    writing: psycopg.Connection,
    published: Published,
    source: Iterable[StagedBatch],
    *,
    refuse: Refuse,
    watch: Watch,
    not_after: datetime | None = None,
    dry_run: bool = False,
    dsn: str | None = None,
) -> LoadReport:
    """Record every sale of `source` that is not recorded yet; a sale is recorded whole or not at all.

    `reading` (autocommit) holds the temporary tables, `writing` commits set by set: stopped at any point,
    the load can be started again and ends in the same state. With `dsn`, a large load is posted by processes
    of their own, each with a connection. `not_after`: no sale may have happened later. A dry run decides
    everything, posts nothing and leaves nothing behind. Raises LoadRunning when another load of this database
    is not finished.
    """
    begun = time.monotonic()
    _lock(reading, writing)
    count = _Count(refuse)
    open_stage(reading)
    terms = OwnTerms(published, not_after)
    with ExitStack() as ending:
        beside: PostBeside | None = None
        for batch in _staged(reading, source):
            count.batch(batch)
            terms.decimals = batch.decimals
            watch(LoadProgress(LoadPhase.READING, batch.done, batch.total, count.rows_read))
            if beside is None and dsn is not None and not dry_run and count.rows_read >= _LARGE:
                beside = ending.enter_context(PostBeside(dsn))
                beside.warm_up()
        watch(LoadProgress(LoadPhase.CHECKING, 0, 1))
        if dry_run:
            ending.enter_context(reading.transaction(force_rollback=True))
        conn = reading if dry_run else writing
        poster = beside or PostHere(conn, published, write=not dry_run)
        new = _check_and_post(reading, poster, terms, count, watch)
    return count.report(new, dry_run=dry_run, seconds=time.monotonic() - begun)


def _staged(conn: psycopg.Connection, source: Iterable[StagedBatch]) -> Iterator[StagedBatch]:
    """Each batch once it is on its way to the database, which takes it in while the next one is read."""
    with ThreadPoolExecutor(1, "staging") as beside:
        under_way: Future[None] | None = None
        for batch in source:
            if under_way is not None:
                under_way.result()
            under_way = beside.submit(stage, conn, batch)
            yield batch
        if under_way is not None:
            under_way.result()


def _lock(reading: psycopg.Connection, writing: psycopg.Connection) -> None:
    """Hold the lock of loads until `reading` closes.

    The server is told to notice soon when we are killed, and a load that starts waits that long: a load
    that is started again at once does not find its own remains running.
    """
    for conn in (reading, writing):
        conn.execute("SET client_connection_check_interval = '500ms'")
    try:
        with reading.transaction():
            reading.execute("SET LOCAL lock_timeout = '3s'")
            reading.execute("SELECT pg_advisory_lock(%s)", (_LOCK,))
    except psycopg.errors.LockNotAvailable as error:
        raise LoadRunning from error


def _check_and_post(
    reading: psycopg.Connection,
    poster: PostHere | PostBeside,
    terms: OwnTerms,
    count: "_Count",
    watch: Watch,
) -> NewThings:
    reading.execute("ANALYZE staged")
    for refused in make_sales(reading):
        count.left_out(refused)
    total = sales_staged(reading)
    with reading.transaction():
        new = add_new_things(reading)
    watch(LoadProgress(LoadPhase.POSTING, 0, total))
    with reading.transaction(), closing(ordered_sales(reading)) as sales:
        for batch in batches(terms.put_on(sales)):
            for posted in poster.post(batch):
                count.posted(posted)
                watch(LoadProgress(LoadPhase.POSTING, count.sales_done, total, count.lines_done))
        for posted in poster.rest():
            count.posted(posted)
            watch(LoadProgress(LoadPhase.POSTING, count.sales_done, total, count.lines_done))
    other = [(sale, RowFaultCode.OTHER_CONTENT, {"sale": sale.external_id}) for sale in count.conflicts]
    for sale, code, params in [*terms.refused, *other]:
        for line in lines_of(reading, sale.external_id):
            count.refused(RowRefused(line, code, dict(params), sale.external_id))
    return new


class _Count:
    """Running totals of one load."""

    def __init__(self, refuse: Refuse) -> None:
        self._refuse = refuse
        self.rows_read = 0
        self.rows_refused = 0
        self.rows_repeated = 0
        self.conflicts: list[StagedSale] = []
        self._sets: list[Posted] = []

    @property
    def sales_done(self) -> int:
        return sum(done.sales + done.sales_already for done in self._sets) + len(self.conflicts)

    @property
    def lines_done(self) -> int:
        return sum(done.lines + done.lines_already for done in self._sets)

    def batch(self, batch: StagedBatch) -> None:
        self.rows_read += len(batch.rows) + len(batch.refused)
        for refused in batch.refused:
            self.refused(refused)

    def left_out(self, refused: RowRefused | None) -> None:
        if refused is None:
            self.rows_repeated += 1
        else:
            self.refused(refused)

    def refused(self, refused: RowRefused) -> None:
        self.rows_refused += 1
        self._refuse(refused)

    def posted(self, posted: Posted) -> None:
        self._sets.append(posted)
        self.conflicts += posted.conflicts

    def report(self, new: NewThings, *, dry_run: bool, seconds: float) -> LoadReport:
        def total(name: str) -> int:
            return sum(getattr(done, name) for done in self._sets)

        return LoadReport(
            rows_read=self.rows_read,
            rows_refused=self.rows_refused,
            rows_repeated=self.rows_repeated,
            sales=total("sales"),
            lines=total("lines"),
            sales_already=total("sales_already"),
            lines_already=total("lines_already"),
            guest_sales=total("guest_sales"),
            members_new=new.members,
            stores_new=new.stores,
            products_new=new.products,
            paid_minor=total("paid_minor"),
            points_issued=total("points_issued"),
            vouchers=total("vouchers"),
            dry_run=dry_run,
            seconds=seconds,
        )
