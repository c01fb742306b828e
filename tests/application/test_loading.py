"""Loading sales: the same end state whatever the format, the order and the number of times."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import psycopg
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from application.shop import HEADER, NOW, PROGRAMME, Row, a_sale, load, prove, publish, state, write_csv
from cagnotte.application.errors import LoadRunning
from cagnotte.application.loading.load_sales import load_sales
from cagnotte.application.loading.values import LoadPhase, LoadProgress, RowFaultCode
from cagnotte.application.record_sale import record_sale
from cagnotte.channels.files.readers import FileFormat
from cagnotte.storage.database import connected


def a_history(sales: int = 150, seed: int = 7) -> list[Row]:
    """Rows of sales over three months, in no order; some of guests, some returns, some of the same minute."""
    dice = random.Random(seed)
    rows: list[Row] = []
    for number in range(sales):
        at = datetime(2026, 1, 5, tzinfo=UTC) + timedelta(days=dice.randint(0, 90), hours=dice.randint(8, 20))
        member = dice.choice(["", "carol", "dan", "eve", "finn", "gus"])
        store = dice.choice(["367", "12"])
        for line in range(dice.randint(1, 3)):
            paid = dice.choice([0, -250, *(dice.randint(100, 9000) for _ in range(6))])
            category = dice.choice(["bakery", "dairy"])
            sku = f"{category}-{line}"
            rows.append((f"S{number:04}", at.isoformat(), store, member, sku, 1, f"{paid / 100:.2f}", category))
    dice.shuffle(rows)
    return rows


@pytest.mark.parametrize("form", FileFormat)
def test_every_format_and_order_of_rows_gives_the_same_state(
    form: FileFormat, database: str, another_database: str, tmp_path: Path
) -> None:
    rows = a_history()
    publish(database)
    publish(another_database)
    load(database, write_csv(tmp_path / "sales.csv", rows))
    random.Random(form.value).shuffle(rows)

    loaded = load(another_database, write_as(tmp_path, rows, form), form=form)

    assert loaded.refused == []
    assert loaded.report.sales == 150
    assert state(another_database) == state(database)
    prove(database)


def write_as(folder: Path, rows: list[Row], form: FileFormat) -> Path:
    path = folder / f"other.{form.value}"
    match form:
        case FileFormat.CSV:
            write_csv(path, rows)
        case FileFormat.NDJSON:
            said = [dict(zip(HEADER, row, strict=True)) for row in rows]
            path.write_text("\n".join(map(json.dumps, said)), encoding="utf-8")
        case FileFormat.PARQUET:
            columns = zip(*rows, strict=True)
            pq.write_table(
                pa.table({name: list(column) for name, column in zip(HEADER, columns, strict=True)}), path
            )
    return path


def test_loading_a_file_again_changes_nothing(database: str, tmp_path: Path) -> None:
    publish(database)
    path = write_csv(tmp_path / "sales.csv", a_history())
    first = load(database, path).report
    expected = state(database)

    again = load(database, path).report

    assert state(database) == expected
    assert (again.sales, again.lines, again.paid_minor, again.points_issued, again.vouchers) == (0, 0, 0, 0, 0)
    assert (again.sales_already, again.lines_already) == (first.sales, first.lines)
    assert (again.members_new, again.stores_new, again.products_new) == (0, 0, 0)


def test_a_dry_run_says_the_same_totals_and_leaves_nothing(database: str, tmp_path: Path) -> None:
    publish(database)
    path = write_csv(tmp_path / "sales.csv", [*a_history(), ("S9999", "never", "1", "", "x", 1, 1, "")])
    before = state(database)

    dry = load(database, path, dry_run=True)

    assert state(database) == before
    real = load(database, path)
    assert dry.faults == real.faults == [(len(a_history()) + 2, "bad_date")]
    assert msgspec.structs.replace(dry.report, dry_run=False, seconds=0) == msgspec.structs.replace(
        real.report, seconds=0
    )


def test_a_second_file_for_known_members_goes_on_where_the_first_ended(
    database: str, another_database: str, tmp_path: Path
) -> None:
    rows = sorted(a_history(), key=lambda row: (str(row[1]), str(row[0])))
    cut = next(n for n, row in enumerate(rows) if str(row[1]) >= "2026-02-15")
    publish(another_database)
    load(another_database, write_csv(tmp_path / "all.csv", rows))
    publish(database)

    load(database, write_csv(tmp_path / "one.csv", rows[:cut]))
    load(database, write_csv(tmp_path / "two.csv", rows[cut:]))

    assert state(database) == state(another_database)
    prove(database)


def test_late_sales_of_a_second_file_are_recorded_and_their_old_points_expire_at_once(
    database: str, tmp_path: Path
) -> None:
    publish(database)
    load(
        database,
        write_csv(tmp_path / "one.csv", [("S2", "2026-05-01 10:00", "367", "carol", "a", 1, "50.00", "")]),
    )

    late = load(
        database, write_csv(tmp_path / "two.csv", [("S1", "2026-03-01 10:00", "367", "carol", "a", 1, "30", "")])
    )

    assert late.report.points_issued == 30
    with psycopg.connect(database) as conn:
        lots = conn.execute("SELECT earned_on::text, points, points_open FROM ledger_lot ORDER BY 1").fetchall()
    assert lots == [("2026-03-01", 30, 0), ("2026-05-01", 50, 50)]
    prove(database)


def test_a_sale_of_the_file_that_the_api_recorded_is_passed_over(database: str, tmp_path: Path) -> None:
    published = publish(database)
    first = ("S0", "2026-03-01 10:00", "367", "carol", "sku-0", 1, "1.00", "bakery")
    rows = [
        ("S1", "2026-03-10 12:30", "367", "carol", "sku-1", 1, "3.49", "bakery"),
        ("S1", "2026-03-10 12:30", "367", "carol", "sku-0", 1, "12.50", "bakery"),
    ]
    load(database, write_csv(tmp_path / "first.csv", [first]))
    with connected(database) as conn:
        record_sale(conn, published, a_sale(), key="k", now=NOW)
    expected = state(database)

    again = load(database, write_csv(tmp_path / "sales.csv", rows))

    assert (again.report.sales, again.report.sales_already, again.refused) == (0, 1, [])
    assert state(database) == expected


def test_a_sale_at_the_api_that_the_file_recorded_is_answered_from_the_books(
    database: str, tmp_path: Path
) -> None:
    published = publish(database)
    rows = [
        ("S1", "2026-03-10 12:30", "367", "carol", "sku-1", 1, "3.49", "bakery"),
        ("S1", "2026-03-10 12:30", "367", "carol", "sku-0", 1, "12.50", "bakery"),
    ]
    load(database, write_csv(tmp_path / "sales.csv", rows))
    expected = state(database)

    with connected(database) as conn:
        recorded = record_sale(conn, published, a_sale(), key="k", now=NOW)

    assert (recorded.status, recorded.replayed) == (200, False)
    assert json.loads(recorded.body)["points_earned"] == 15
    assert state(database) == expected


def test_a_sale_recorded_as_a_guests_stays_one_when_the_file_names_its_member(
    database: str, tmp_path: Path
) -> None:
    published = publish(database)
    with connected(database) as conn:
        record_sale(conn, published, a_sale(member="nobody-yet", paid=[1250]), key="k", now=NOW)
    row = ("S1", "2026-03-10 12:30", "367", "nobody-yet", "sku-0", 1, "12.50", "bakery")

    loaded = load(database, write_csv(tmp_path / "sales.csv", [row]))

    assert (loaded.report.sales_already, loaded.refused, loaded.report.members_new) == (1, [], 0)


@pytest.mark.parametrize(
    "other",
    [
        ("S1", "2026-03-10 12:30", "367", "carol", "sku-0", 1, "12.51", "bakery"),
        ("S1", "2026-03-10 12:30", "367", "carol", "sku-0", 2, "12.50", "bakery"),
        ("S1", "2026-03-10 12:31", "367", "carol", "sku-0", 1, "12.50", "bakery"),
        ("S1", "2026-03-10 12:30", "367", "", "sku-0", 1, "12.50", "bakery"),
        ("S1", "2026-03-10 12:30", "367", "a-new-member", "sku-0", 1, "12.50", "bakery"),
        ("S1", "2026-03-10 12:30", "a-new-store", "carol", "sku-0", 1, "12.50", "bakery"),
        ("S1", "2026-03-10 12:30", "367", "carol", "a-new-product", 1, "12.50", "bakery"),
    ],
)
def test_other_content_under_a_recorded_id_is_refused_and_brings_nothing_new(
    other: Row, database: str, tmp_path: Path
) -> None:
    publish(database)
    known = ("S1", "2026-03-10 12:30", "367", "carol", "sku-0", 1, "12.50", "bakery")
    good = ("S2", "2026-03-11 12:30", "367", "carol", "sku-0", 1, "1.00", "bakery")
    load(database, write_csv(tmp_path / "one.csv", [known]))

    loaded = load(database, write_csv(tmp_path / "two.csv", [other, good]))

    assert loaded.faults == [(2, "other_content")]
    assert (loaded.report.sales, loaded.report.rows_refused) == (1, 1)
    assert (loaded.report.members_new, loaded.report.stores_new, loaded.report.products_new) == (0, 0, 0)
    with psycopg.connect(database) as conn:
        names = conn.execute("SELECT external_id FROM member UNION ALL SELECT external_id FROM store").fetchall()
    assert sorted(names) == [("367",), ("carol",)]


def test_a_row_that_says_otherwise_than_the_first_of_its_sale_is_refused(database: str, tmp_path: Path) -> None:
    publish(database)
    rows = [
        ("S1", "2026-03-10 12:30", "367", "carol", "a", 1, "5.00", ""),
        ("S2", "2026-03-10 12:31", "367", "carol", "a", 1, "6.00", ""),
        ("S1", "2026-03-10 12:30", "367", "carol", "b", 1, "7.00", ""),
        ("S1", "2026-03-12 09:00", "12", "dan", "b", 1, "9.00", ""),
    ]

    loaded = load(database, write_csv(tmp_path / "sales.csv", rows))

    assert loaded.faults == [(5, "other_header")]
    assert loaded.refused[0].params == {"sale": "S1", "line": "2"}
    assert (loaded.report.sales, loaded.report.lines, loaded.report.paid_minor) == (2, 3, 1800)


@pytest.mark.parametrize(
    "faulty",
    [
        ("S\\1", "2026-03-10 12:30", "367", "carol", "b", "x", "7.00", ""),
        ("S\\1", "2026-03-10 12:30", "367", "carol", "b", 1),
        ("S\\1", "2026-03-10 12:30", "367", "carol", '"b', 1, "7.00", ""),
    ],
)
def test_a_sale_with_a_faulty_row_is_not_loaded_at_all(faulty: Row, database: str, tmp_path: Path) -> None:
    publish(database)
    rows = [
        ("S\\1", "2026-03-10 12:30", "367", "carol", "a", 1, "5.00", ""),
        faulty,
        ("S2", "2026-03-10 12:31", "367", "dan", "a", 1, "6.00", ""),
        ("S\\1", "2026-03-10 12:30", "367", "carol", "c", 1, "5.00", ""),
    ]

    loaded = load(database, write_csv(tmp_path / "sales.csv", rows))

    assert sorted(line for line, _ in loaded.faults) == [2, 3, 5]
    assert [code for _, code in loaded.faults].count("sale_refused") == 2
    assert (loaded.report.sales, loaded.report.members_new) == (1, 1)


def test_of_two_loads_at_once_the_second_is_refused(database: str, tmp_path: Path) -> None:
    published = publish(database)
    path = write_csv(tmp_path / "sales.csv", a_history(20))
    with connected(database) as reading, connected(database) as writing:
        load_sales(reading, writing, published, [], refuse=print, watch=lambda _: None)
        before = state(database)

        with pytest.raises(LoadRunning):
            load(database, path)

        assert state(database) == before
    assert load(database, path).report.sales == 20


def test_a_sale_recorded_at_the_till_while_its_file_is_read_is_passed_over(database: str, tmp_path: Path) -> None:
    published = publish(database)
    load(
        database, write_csv(tmp_path / "one.csv", [("S0", "2026-03-01 10:00", "367", "carol", "a", 1, "1.00", "")])
    )
    guest = [("S2", "2026-03-01 10:00", "367", "", "a", 1, "0.01", "")] * 40_000
    row = ("S1", "2026-03-10 12:30", "367", "carol", "sku-0", 1, "12.50", "bakery")

    def sell(progress: LoadProgress) -> None:
        if progress.phase is LoadPhase.POSTING and progress.done == 1:  # the guest's, which come first
            with connected(database) as conn:
                record_sale(conn, published, a_sale(paid=[1250]), key="k", now=NOW)

    loaded = load(database, write_csv(tmp_path / "two.csv", [row, *guest]), watch=sell)

    assert (loaded.report.sales, loaded.report.sales_already) == (1, 1)
    prove(database)


def test_a_header_alone_loads_nothing(database: str, tmp_path: Path) -> None:
    publish(database)

    loaded = load(database, write_csv(tmp_path / "sales.csv", []))

    assert (loaded.report.rows_read, loaded.report.sales) == (0, 0)


def test_a_sale_is_judged_by_the_version_of_its_time_also_in_a_second_file(database: str, tmp_path: Path) -> None:
    publish(database)
    long = PROGRAMME.replace('spend = 20000, within = "30 days"', 'spend = 99999, within = "1 month"')
    publish(database, long.replace("/ 100", "/ 10"), datetime(2026, 4, 1, tzinfo=UTC))
    rows = [
        ("S1", "2026-03-31 23:00", "367", "carol", "a", 1, "10.00", ""),
        ("S2", "2026-04-01 02:00", "367", "carol", "a", 1, "10.00", ""),
        ("S3", "2026-04-01 03:00", "367", "carol", "a", 1, "10.00", ""),
    ]

    for number, row in enumerate(rows):
        load(database, write_csv(tmp_path / f"{number}.csv", [row]))

    with psycopg.connect(database) as conn:
        earned = conn.execute("SELECT points_earned FROM sale ORDER BY external_id").fetchall()
    assert earned == [(10,), (100,), (100,)]
    prove(database)


def test_a_whole_sale_that_the_file_says_twice_counts_once(database: str, tmp_path: Path) -> None:
    publish(database)
    sale = '{"sale_id": "S1", "at": "2026-03-02T10:00:00", "store": "1", "member": "m1", "lines": [%s]}\n'
    lines = '{"sku": "a", "quantity": 1, "paid": 10}, {"sku": "b", "quantity": 2, "paid": 5.5}'
    path = tmp_path / "sales.ndjson"
    path.write_text(sale % lines + sale % lines, encoding="utf-8")

    loaded = load(database, path, form=FileFormat.NDJSON)

    assert (loaded.report.sales, loaded.report.lines, loaded.report.paid_minor) == (1, 2, 1550)
    assert (loaded.report.rows_repeated, loaded.refused) == (2, [])


def test_a_whole_sale_said_again_with_other_lines_is_refused_and_the_first_stays(
    database: str, tmp_path: Path
) -> None:
    publish(database)
    sale = '{"sale_id": "S1", "at": "2026-03-02T10:00:00", "store": "1", "lines": [%s]}\n'
    first, other = '{"sku": "a", "quantity": 1, "paid": 10}', '{"sku": "a", "quantity": 1, "paid": 12}'
    path = tmp_path / "sales.ndjson"
    path.write_text(sale % first + sale % other, encoding="utf-8")

    loaded = load(database, path, form=FileFormat.NDJSON)

    assert (loaded.report.sales, loaded.report.paid_minor, loaded.report.rows_repeated) == (1, 1000, 0)
    assert [(refused.line, refused.code) for refused in loaded.refused] == [(2, RowFaultCode.OTHER_LINES)]


def test_a_faulty_row_in_the_midst_of_a_sale_refuses_all_of_it(database: str, tmp_path: Path) -> None:
    publish(database)
    path = tmp_path / "sales.csv"
    rows = [
        "S1,2026-03-02 10:00,1,m1,a,1,10",
        "S1,2026-03-02 10:00,2,m1,b,1,20",
        "S1,2026-03-02 10:00,1,m1,c,1,30",
    ]
    path.write_text(
        "\n".join(["sale_id,at,store,member,sku,quantity,paid", *rows, "S2,2026-03-02 11:00,1,m1,a,1,10", ""]),
        encoding="utf-8",
    )

    loaded = load(database, path)

    assert sorted(loaded.faults) == [(2, "sale_refused"), (3, "other_header"), (4, "sale_refused")]
    assert (loaded.report.sales, loaded.report.paid_minor) == (1, 1000)


def test_of_whole_sales_under_one_id_the_first_stays_whatever_follows(database: str, tmp_path: Path) -> None:
    publish(database)
    sale = '{"sale_id": "S1", "at": "2026-03-02T10:00:00", "store": "%s", "lines": [%s]}\n'
    lines = '{"sku": "a", "quantity": 1, "paid": 10}, {"sku": "b", "quantity": 1, "paid": 5}'
    path = tmp_path / "sales.ndjson"
    path.write_text(sale % ("1", lines) + sale % ("2", lines) + sale % ("1", lines), encoding="utf-8")

    loaded = load(database, path, form=FileFormat.NDJSON)

    assert loaded.faults == [(2, "other_header"), (2, "other_header")]
    assert (loaded.report.sales, loaded.report.lines, loaded.report.rows_repeated) == (1, 2, 2)
