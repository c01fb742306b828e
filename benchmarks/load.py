"""The whole demo load beside a bare COPY of the same lines, round by round in one server."""

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
    """One whole load. Seconds of one thread: `python_s` computes, `waiting_s` waits for PostgreSQL or the disk."""

    sales: int
    lines: int
    seconds: float
    products_s: float
    reading_s: float
    checking_s: float
    posting_s: float
    python_s: float
    staging_server_s: float  # processor time of the server's two processes for this load
    posting_server_s: float
    peak_mb: int

    @property
    def waiting_s(self) -> float:
        return max(0.0, self.seconds - self.python_s)


class _Phases:
    """When each phase of a load was last heard of."""

    def __init__(self) -> None:
        self._begun = time.perf_counter()
        self._first: dict[LoadPhase, float] = {}

    def watch(self, progress: LoadProgress) -> None:
        self._first.setdefault(progress.phase, time.perf_counter())

    def seconds(self, ended: float) -> tuple[float, float, float, float]:
        """(before the first row, reading, checking, posting); the first set posted counts as checking."""
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
        "waiting_s": significant(middle.waiting_s),
        "server_cpu_s": {
            "staging": significant(middle.staging_server_s),
            "posting": significant(middle.posting_server_s),
        },
        "peak_mb": max(each.peak_mb for each in loads),
    }
    return Told(result_of(NAME, figures, {"load_vs_copy": ratios}, machine), _sentences(middle))


def _load_once(place: Place, history: History, prepared: Path) -> LoadRound:
    with place.database("load", migrated=True) as dsn:
        with connected(dsn) as reading, connected(dsn) as writing, PeakMemory(place.postmaster) as memory:
            servers = [_server_of(conn) for conn in (reading, writing)]
            before = [_cpu_seconds(server) for server in servers]
            phases, begun, python = _Phases(), time.perf_counter(), time.process_time()
            report = load_history(history, reading, writing, phases.watch)
            ended, computed = time.perf_counter(), time.process_time() - python
            served = [_cpu_seconds(server) - used for server, used in zip(servers, before, strict=True)]
        if not prepared.exists():
            _prepare_lines(dsn, prepared)
    products, read, checked, posted = phases.seconds(ended)
    return LoadRound(
        sales=report.sales,
        lines=report.lines,
        seconds=ended - begun,
        products_s=products,
        reading_s=read,
        checking_s=checked,
        posting_s=posted,
        python_s=computed,
        staging_server_s=served[0],
        posting_server_s=served[1],
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


def _server_of(conn: psycopg.Connection) -> psutil.Process:
    return psutil.Process(conn.info.backend_pid)


def _cpu_seconds(process: psutil.Process) -> float:
    used = process.cpu_times()
    return used.user + used.system


def _sentences(load: LoadRound) -> tuple[str, ...]:
    def share(seconds: float) -> str:
        return f"{seconds:.1f} s ({100 * seconds / load.seconds:.0f} %)"

    return (
        f"Of {load.seconds:.1f} s, reading and staging the rows takes {share(load.reading_s)}, checking them as a"
        f" whole with the first set {share(load.checking_s)}, deciding and posting {share(load.posting_s)}.",
        f"Python computes for {share(load.python_s)} and waits for PostgreSQL or the disk for"
        f" {share(load.waiting_s)}: it computes rows read and checked, decisions, and rows written as text.",
        f"PostgreSQL computes for {load.staging_server_s:.1f} s on the staged rows and"
        f" {load.posting_server_s:.1f} s on what is posted: rows, keys and indexes, constraints and the check of"
        " each set of entries.",
    )
