"""Expiry of a whole book beside the yardstick's single statement, and what a till notices of it meanwhile."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from itertools import count, takewhile
from pathlib import Path
from statistics import median

import msgspec
import psycopg

from benchmarks.books import make_books, run_script
from benchmarks.machine import Machine, describe_machine
from benchmarks.place import Place, say
from benchmarks.result import BenchFailed, Figures, Told, percentile, result_of, significant
from cagnotte.application.expire_lots import ExpiryReport, expire_lots
from cagnotte.application.published import Published
from cagnotte.application.record_sale import record_sale
from cagnotte.application.sale_command import SaleCommand, SaleLine
from cagnotte.storage.database import connected

NAME = "expiry"
LOTS_EACH = 10
_LIMITS = Path(__file__).resolve().parent / "limits"
_DAY = date(2026, 3, 6)  # the lots of six members in ten are over
_PACE_S = 0.05
_IDLE_SALES = 200
_NOW = datetime(2026, 2, 20, 12, tzinfo=UTC)


class Round(msgspec.Struct, frozen=True):
    """Lots per second of both, and the seconds of each of a paced till's sales: alone, and during the expiry."""

    lots: int
    seconds: float
    bare_per_s: float
    idle: list[float]
    meanwhile: list[float]

    @property
    def per_s(self) -> float:
        return self.lots / self.seconds


def bench_expiry(
    place: Place, rounds: int, *, members: int, load_before: float, idle_sales: int = _IDLE_SALES
) -> Told:
    """Each round makes both sets of tables anew, in databases of their own; the order turns."""
    done: list[Round] = []
    for number in range(rounds):
        bare = _bare(place, members) if number % 2 == 0 else 0.0
        found = _round(place, members, idle_sales)
        bare = bare or _bare(place, members)
        done.append(msgspec.structs.replace(found, bare_per_s=bare))
        ours = found.per_s
        say(f"round {number + 1} of {rounds}: {ours:,.0f} lots/s, the statement {bare:,.0f}")
    return _told(done, describe_machine(place.server.dsn(), load_before=load_before))


def _bare(place: Place, members: int) -> float:
    with place.database("bare", migrated=False) as dsn, psycopg.connect(dsn, autocommit=True) as conn:
        run_script(conn, _LIMITS / "expiry_tables.sql", members=members, lots=members * LOTS_EACH)
        for table in ("jlot", "jacc"):
            conn.execute(f"VACUUM ANALYZE {table}".encode())
        conn.execute("CHECKPOINT")
        begun = time.perf_counter()
        row = conn.execute((_LIMITS / "expiry.sql").read_bytes()).fetchone()
        seconds = time.perf_counter() - begun
    if row is None or row[0] != members * LOTS_EACH * 6 // 10:
        raise BenchFailed(f"the statement let {row} expire")
    return float(row[0]) / seconds


def _round(place: Place, members: int, idle_sales: int) -> Round:
    """Expiry alone is timed on one copy of the books, the till's sales on another: they share two cores."""
    with place.database("expiry", migrated=True) as dsn:
        published = make_books(dsn, members=members, lots=LOTS_EACH)
        with psycopg.connect(dsn, autocommit=True) as conn:
            conn.execute("CHECKPOINT")
        begun = time.perf_counter()
        report = _expire(dsn, published)
        seconds = time.perf_counter() - begun
    _check(report, members)
    with place.database("expiry", migrated=True) as dsn:
        published = make_books(dsn, members=members, lots=LOTS_EACH)
        with connected(dsn) as conn:
            conn.execute("INSERT INTO store (store_id, external_id) VALUES (1, 's1')")
            conn.execute("INSERT INTO product (product_id, sku, category) VALUES (1, 'sku', 'any')")
            till = _Till(conn, published, members)
            idle = [till.sell() for _ in _paced(idle_sales)][idle_sales // 10 :]  # the first ones fill caches
            with _working(dsn, published) as worker:
                meanwhile = [till.sell() for _ in takewhile(lambda _: worker.is_alive(), _paced())]
    return Round(report.lots, seconds, 0.0, idle, meanwhile)


def _expire(dsn: str, published: Published) -> ExpiryReport:
    with connected(dsn) as conn:
        return expire_lots(conn, published, _DAY)


def _check(report: ExpiryReport, members: int) -> None:
    if report.lots != members * LOTS_EACH * 6 // 10:
        raise BenchFailed(f"{report.lots} lots expired, not six in ten of {members * LOTS_EACH}")


@contextmanager
def _working(dsn: str, published: Published) -> Iterator[threading.Thread]:
    worker = threading.Thread(target=_expire, args=(dsn, published))
    worker.start()
    try:
        yield worker
    finally:
        worker.join()


def _paced(most: int | None = None) -> Iterator[int]:
    begun = time.perf_counter()
    for number in count() if most is None else range(most):
        time.sleep(max(0.0, begun + number * _PACE_S - time.perf_counter()))
        yield number


class _Till:
    """A till that sells to one member after the other, on a connection of its own."""

    def __init__(self, conn: psycopg.Connection, published: Published, members: int) -> None:
        self._conn, self._published, self._members = conn, published, members
        self._number = 0

    def sell(self) -> float:
        """Seconds of one sale, its commit included. Before the lots' day: the expiry has not to be done first."""
        self._number += 1
        sale_id = f"S{self._number}"
        member = f"m{1 + self._number * 7_919 % self._members}"
        sale = SaleCommand(sale_id, "s1", _NOW, (SaleLine("sku", 1, 1_000),), member=member)
        begun = time.perf_counter()
        record_sale(self._conn, self._published, sale, key=sale_id, now=_NOW)
        return time.perf_counter() - begun


def _told(rounds: Sequence[Round], machine: Machine) -> Told:
    def ms(values: list[float]) -> float:
        return significant(1_000 * percentile(values, 99))

    figures: Figures = {
        "rounds": len(rounds),
        "lots_expired": rounds[0].lots,
        "lots_per_s": round(median(each.per_s for each in rounds)),
        "statement_lots_per_s": round(median(each.bare_per_s for each in rounds)),
        "sales_idle": sum(len(each.idle) for each in rounds),
        "sales_meanwhile": sum(len(each.meanwhile) for each in rounds),
        "p99_ms_idle": ms([one for each in rounds for one in each.idle]),
        "p99_ms_meanwhile": ms([one for each in rounds for one in each.meanwhile]),
        "p50_ms_idle": significant(1_000 * median(one for each in rounds for one in each.idle)),
        "p50_ms_meanwhile": significant(1_000 * median(one for each in rounds for one in each.meanwhile)),
    }
    ratios = {
        "expiry_vs_statement": [each.per_s / each.bare_per_s for each in rounds],
        "p99_idle_vs_meanwhile": [ms(each.idle) / ms(each.meanwhile) for each in rounds],
    }
    return Told(result_of(NAME, figures, ratios, machine), ())
