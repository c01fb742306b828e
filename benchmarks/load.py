"""The whole demo load beside a bare COPY of the same lines, round by round in one server."""

import resource
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

import msgspec
import psutil
import psycopg

from benchmarks.history import History, load_history
from benchmarks.machine import Machine, describe_machine
from benchmarks.place import Place, say
from benchmarks.result import BenchFailed, Figures, Told, result_of, significant
from cagnotte.application.loading.values import LoadPhase, LoadProgress
from cagnotte.host.memory import PeakMemory
from cagnotte.storage.database import connected

NAME = "load"
_CHUNK = 1 << 18
_LINE_COLUMNS = "member_id, sale_id, line_no, product_id, quantity, paid_minor"
_LINES = f"COPY (SELECT {_LINE_COLUMNS} FROM sale_line ORDER BY member_id, sale_id, line_no) TO STDOUT"
_BARE_TABLE = """
CREATE TABLE bare_line (
    member_id bigint NOT NULL, sale_id bigint NOT NULL, line_no integer NOT NULL, product_id bigint NOT NULL,
    quantity integer NOT NULL, paid_minor bigint NOT NULL,
    PRIMARY KEY (member_id, sale_id, line_no)
)
"""


class LoadRound(msgspec.Struct, frozen=True):
    """One load. `seconds` from the first row read to the last sale posted; `whole_s` with products and upkeep.

    `python_s` and `server_s` are processor time over all processes: together up to `seconds` times the cores.
    """

    sales: int
    lines: int
    seconds: float
    products_s: float
    reading_s: float
    checking_s: float
    posting_s: float
    python_s: float
    server_s: float
    whole_s: float
    peak_mb: int


class _Phases:
    """When each phase of a load was last heard of."""

    def __init__(self) -> None:
        self._begun = time.perf_counter()
        self._first: dict[LoadPhase, float] = {}
        self.last = self._begun

    def watch(self, progress: LoadProgress) -> None:
        self.last = time.perf_counter()
        self._first.setdefault(progress.phase, self.last)

    def seconds(self, ended: float) -> tuple[float, float, float, float]:
        """(before the first row, reading, checking, posting); the first rows read count as before."""
        marks = [self._first.get(phase) for phase in LoadPhase]
        if None in marks:
            raise BenchFailed("the load skipped one of its phases")
        reading, checking, posting = (mark for mark in marks if mark is not None)
        return reading - self._begun, checking - reading, posting - checking, ended - posting


def bench_load(place: Place, history: History, rounds: int, *, load_before: float) -> Told:
    """Each round loads the history into a new database and copies its lines into another; the order turns."""
    prepared = place.folder / "lines.txt"
    loads: list[LoadRound] = []
    copies: list[float] = []
    for number in range(rounds):
        if number % 2 == 0:
            loads.append(_load_once(place, history, prepared))
            copies.append(_copy_once(place, prepared, loads[0].lines))
        else:
            copies.append(_copy_once(place, prepared, loads[0].lines))
            loads.append(_load_once(place, history, prepared))
        say(
            f"round {number + 1} of {rounds}: load {loads[-1].lines / loads[-1].seconds:,.0f} lines/s,"
            f" COPY {copies[-1]:,.0f} rows/s"
        )
    if len({(each.sales, each.lines) for each in loads}) > 1:
        raise BenchFailed("two rounds loaded different numbers of sales or lines")
    return told(loads, copies, describe_machine(place.server.dsn(), load_before=load_before))


def told(loads: Sequence[LoadRound], copies: Sequence[float], machine: Machine) -> Told:
    """`copies`: rows per second of the bare COPY of each round."""
    ratios = [load.lines / load.seconds / copy for load, copy in zip(loads, copies, strict=True)]
    middle = sorted(loads, key=lambda each: each.seconds)[len(loads) // 2]
    figures: Figures = {
        "rounds": len(loads),
        "sales": middle.sales,
        "lines": middle.lines,
        "sales_per_s": round(median(each.sales / each.seconds for each in loads)),
        "lines_per_s": round(median(each.lines / each.seconds for each in loads)),
        "copy_rows_per_s": round(median(copies)),
        "seconds": significant(middle.seconds),
        "seconds_by_phase": {
            "products": significant(middle.products_s),
            "reading": significant(middle.reading_s),
            "checking": significant(middle.checking_s),
            "posting": significant(middle.posting_s),
        },
        "python_s": significant(middle.python_s),
        "whole_s": significant(middle.whole_s),
        "server_s": significant(middle.server_s),
        "peak_mb": max(each.peak_mb for each in loads),
    }
    return Told(result_of(NAME, figures, {"load_vs_copy": ratios}, machine), _sentences(middle))


def _load_once(place: Place, history: History, prepared: Path) -> LoadRound:
    with place.database("load", migrated=True) as dsn:
        with connected(dsn) as reading, connected(dsn) as writing, PeakMemory(place.postmaster) as memory:
            served, python = _server_cpu(place.postmaster), _python_cpu()
            phases, begun = _Phases(), time.perf_counter()
            report = load_history(history, reading, writing, phases.watch, dsn=dsn)
            ended, computed = time.perf_counter(), _python_cpu() - python
            ended_load = phases.last - begun
            served = _server_cpu(place.postmaster) - served
        if not prepared.exists():
            _prepare_lines(dsn, prepared)
    products, read, checked, posted = phases.seconds(begun + ended_load)
    return LoadRound(
        sales=report.sales,
        lines=report.lines,
        seconds=report.seconds,
        whole_s=ended - begun,
        products_s=products,
        reading_s=read,
        checking_s=checked,
        posting_s=posted,
        python_s=computed,
        server_s=served,
        peak_mb=memory.peak_mb,
    )


def _prepare_lines(dsn: str, prepared: Path) -> None:
    """The lines as they were loaded, in order of their key, ready to be sent as they are."""
    with prepared.open("wb") as file, psycopg.connect(dsn) as conn, conn.cursor().copy(_LINES) as copy:
        for block in copy:
            file.write(block)


def _copy_once(place: Place, prepared: Path, lines: int) -> float:
    """Rows per second of one COPY, its commit included."""
    with place.database("copy", migrated=False) as dsn, psycopg.connect(dsn, autocommit=True) as conn:
        conn.execute(_BARE_TABLE)
        begun = time.perf_counter()
        with prepared.open("rb") as file, conn.cursor() as cursor:
            with cursor.copy(f"COPY bare_line ({_LINE_COLUMNS}) FROM STDIN") as copy:
                while block := file.read(_CHUNK):
                    copy.write(block)
            seconds, rows = time.perf_counter() - begun, cursor.rowcount
    if rows != lines:
        raise BenchFailed(f"COPY wrote {rows} rows, not the {lines} lines of the load")
    return rows / seconds


def _python_cpu() -> float:
    """Seconds of processor that this process has used, and those it started and that have ended."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime


def _server_cpu(postmaster: int | None) -> float:
    """Seconds of processor that the server has used, by all its processes, also those that have ended."""
    if postmaster is None:
        return 0.0
    server = psutil.Process(postmaster)
    own = server.cpu_times()
    living = [child.cpu_times() for child in server.children()]
    return own.children_user + own.children_system + sum(used.user + used.system for used in living)


def _sentences(load: LoadRound) -> tuple[str, ...]:
    def share(seconds: float) -> str:
        return f"{seconds:.1f} s ({100 * seconds / load.seconds:.0f} %)"

    return (
        f"Of {load.seconds:.1f} s, reading and staging the rows takes {share(load.reading_s)}, checking them as a"
        f" whole {share(load.checking_s)}, sorting them, deciding and posting {share(load.posting_s)}.",
        f"Python computes for {load.python_s:.1f} s, in this process and those that post beside it: rows read and"
        " checked, decisions, and rows written as text.",
        f"PostgreSQL computes for {load.server_s:.1f} s: rows staged, sorted and posted, keys and indexes, the"
        " check of each set of entries.",
    )
