"""Each bench on a history of six sales: it runs, it counts right, its object has the promised names."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import psycopg
import pytest
from benchmarks.books import make_books
from benchmarks.evaluate import bench_evaluate
from benchmarks.expiry import bench_expiry
from benchmarks.history import History
from benchmarks.ledger import bench_ledger
from benchmarks.load import LoadRound, bench_load, told
from benchmarks.machine import Machine
from benchmarks.pages import bench_pages, load_shop
from benchmarks.place import Place
from benchmarks.result import BenchFailed
from benchmarks.statements import watched_statements

from cagnotte.application.loading.values import RowFaultCode, RowRefused, StagedBatch
from cagnotte.application.published import Published
from cagnotte.ledger.proof import prove

ROOT = Path(__file__).resolve().parents[2]
A_MACHINE = Machine(cores=2, memory_mb=8_000, cpu="a processor", python="3.12.1", postgres="18.4", load_before=0.1)
PAGES = ["dashboard", "members", "member", "sales", "sale", "stores", "store", "programme"]


def a_load(*, seconds: float) -> LoadRound:
    return LoadRound(
        sales=10,
        lines=100,
        seconds=seconds,
        products_s=1.0,
        reading_s=2.0,
        checking_s=3.0,
        posting_s=seconds - 6.0,
        python_s=seconds - 2.0,
        server_s=4.0,
        whole_s=seconds + 3.0,
        peak_mb=200,
    )


def test_each_round_of_the_load_is_compared_with_the_copy_of_the_same_round():
    loads = [a_load(seconds=10.0), a_load(seconds=20.0), a_load(seconds=40.0)]

    result = told(loads, [100.0, 20.0, 5.0], A_MACHINE).result

    assert result.ratios == {"load_vs_copy": 0.25}
    assert (result.spread["load_vs_copy"].min, result.spread["load_vs_copy"].max) == (0.1, 0.5)
    assert result.figures["lines_per_s"] == 5
    assert result.figures["copy_rows_per_s"] == 20
    assert result.figures["seconds"] == 20.0
    assert result.figures["seconds_by_phase"] == {
        "products": 1.0,
        "reading": 2.0,
        "checking": 3.0,
        "posting": 14.0,
    }
    assert (result.figures["python_s"], result.figures["whole_s"]) == (18.0, 23.0)


def test_the_load_bench_counts_every_sale_and_line_and_leaves_no_database(place: Place, history: History):
    result = bench_load(place, history, 3, load_before=0.0).result

    assert (result.figures["sales"], result.figures["lines"], result.figures["rounds"]) == (6, 30, 3)
    assert list(result.ratios) == list(result.spread) == ["load_vs_copy"]
    assert 0 < result.spread["load_vs_copy"].min <= result.ratios["load_vs_copy"]
    with psycopg.connect(place.server.dsn()) as conn:
        left = conn.execute("SELECT datname FROM pg_database WHERE datname LIKE 'bench%'").fetchall()
    assert left == []


def test_a_refused_row_fails_the_bench(place: Place, history: History):
    def with_a_fault(published: Published) -> Iterator[StagedBatch]:
        yield StagedBatch([], [RowRefused(2, RowFaultCode.BAD_DATE, {})], 1, 1)

    faulty = msgspec.structs.replace(history, sales=with_a_fault)

    with pytest.raises(BenchFailed, match="row 2 was refused: bad_date"):
        bench_load(place, faulty, 1, load_before=0.0)


def test_the_evaluate_bench_compares_each_call_with_its_yardstick(place: Place, history: History):
    told = bench_evaluate(place, history, 2, load_before=0.0, calls=3, accounts=20)

    figures = told.result.figures
    assert list(told.result.ratios) == ["evaluate_vs_select1", "record_vs_earn_full"]
    assert (figures["rounds"], figures["calls_per_round"]) == (2, 3)
    for name in ("select1", "evaluate", "earn_full", "record"):
        measured = figures[name]
        assert isinstance(measured, dict)
        assert 0 < measured["p50_ms"] <= measured["p95_ms"]
    assert len(told.sentences) == 2


def test_the_expiry_bench_makes_books_that_hold_and_lets_six_lots_in_ten_expire(place: Place):
    with place.database("books", migrated=True) as dsn, psycopg.connect(dsn, autocommit=True) as conn:
        make_books(dsn, members=20, lots=3)
        assert [result.check for result in prove(conn) if result.faults] == []

    result = bench_expiry(place, 1, members=20, load_before=0.0, idle_sales=10).result

    assert set(result.ratios) == {"expiry_vs_statement", "p99_idle_vs_meanwhile"}
    assert result.figures["lots_expired"] == 120


def test_the_pages_bench_visits_every_page_cold_and_warm(tmp_path: Path, history: History):
    folder = tmp_path / "shop"
    load_shop(folder, history)

    told = bench_pages(folder, 1, load_before=0.0, warm_visits=2)

    figures = told.result.figures
    assert [name for name, value in figures.items() if isinstance(value, dict)] == PAGES
    assert list(told.result.ratios) == [
        "dashboard_vs_budget",
        "dashboard_cold_vs_budget",
        "slowest_page_vs_budget",
    ]
    dashboard = figures["dashboard"]
    assert isinstance(dashboard, dict)
    assert dashboard["statements"] > 0
    assert 0 < dashboard["sql_ms"] < dashboard["median_ms"] == figures["dashboard_ms"]
    assert len(told.sentences) == len(PAGES)


def test_the_ledger_bench_repeats_what_the_program_sends_and_the_books_took_it(place: Place):
    told = bench_ledger(place, 1, load_before=0.0, seconds=1, members=400)

    assert [name for name, value in told.result.figures.items() if isinstance(value, dict)] == [
        f"{name}_{clients}" for name in ("sale", "earn_full", "burn_points", "burn") for clients in (1, 8)
    ]
    assert set(told.result.ratios) == {
        "sale_vs_earn_full_1",
        "sale_vs_earn_full_8",
        "burn_points_vs_burn_1",
        "burn_points_vs_burn_8",
        "eight_clients_vs_one",
        "wal_budget_vs_sale",
        "many_entries_vs_few",
    }


def test_a_folder_without_a_shop_is_refused_before_anything_is_started(tmp_path: Path):
    with pytest.raises(BenchFailed, match="is no data folder"):
        bench_pages(tmp_path, 1, load_before=0.0)

    assert list(tmp_path.iterdir()) == []


def test_statements_are_counted_only_while_they_are_watched(conn: psycopg.Connection):
    with watched_statements() as seen:
        conn.execute("SELECT 1")
        conn.cursor().execute("SELECT 2")
    conn.execute("SELECT 3")

    assert seen.count == 2
    assert seen.seconds > 0


def test_without_a_name_the_benches_are_listed():
    answer = run_benches()

    assert answer.returncode == 0
    assert [line.split()[0] for line in answer.stdout.splitlines()] == [
        "load",
        "pages",
        "evaluate",
        "expiry",
        "proof",
        "replay",
        "ledger",
        "rules",
    ]


def test_fewer_than_five_rounds_are_refused():
    answer = run_benches("load", "--rounds", "4")

    assert answer.returncode == 2
    assert answer.stdout == ""
    assert answer.stderr.endswith("argument --rounds: a median needs 5 rounds or more\n")


def test_a_bench_that_fails_says_so_and_ends_1(tmp_path: Path):
    answer = run_benches("pages", "--json", "--data", str(tmp_path))

    assert answer.returncode == 1
    assert answer.stdout == ""
    assert answer.stderr.startswith(f"bench pages failed: {tmp_path} is no data folder")


def run_benches(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "benchmarks", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
