"""Parquet files of sales: types, nulls, and files that are none."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cagnotte.channels.files.columns import Amount, FileRefused, Mapping
from cagnotte.channels.files.readers import FileFormat
from files.rows import GOOD, Read, read_lines

AT = datetime(2026, 3, 10, 12, 30)
COLUMNS: dict[str, pa.Array] = {
    "sale_id": pa.array(["S1"]),
    "at": pa.array([AT]),
    "store": pa.array([367]),
    "member": pa.array(["carol"]),
    "sku": pa.array(["bread"]),
    "quantity": pa.array([2]),
    "paid": pa.array([12.5]),
}
NAMES = {name: name for name in COLUMNS}


def write(folder: Path, **columns: pa.Array) -> Path:
    path = folder / "sales.parquet"
    pq.write_table(pa.table(COLUMNS | columns), path)
    return path


def read_columns(folder: Path, mapping: Mapping | None = None, **columns: pa.Array) -> Read:
    return Read(write(folder, **columns), FileFormat.PARQUET, mapping)


def test_a_row_reads_as_the_same_row_of_a_csv_file(tmp_path: Path) -> None:
    read = read_columns(tmp_path)

    assert read.refused == []
    assert read.rows == [read_lines(tmp_path, GOOD).rows[0] | {"line_no": "1"}]


@pytest.mark.parametrize(
    ("name", "column", "staged"),
    [
        ("at", pa.array([AT], pa.timestamp("ns")), "2026-03-10T11:30:00+00:00"),
        ("at", pa.array([AT], pa.timestamp("s")), "2026-03-10T11:30:00+00:00"),
        ("at", pa.array([AT.replace(tzinfo=UTC)], pa.timestamp("us", "UTC")), "2026-03-10T12:30:00+00:00"),
        ("at", pa.array([AT.date()]), "2026-03-09T23:00:00+00:00"),
        ("at", pa.array(["2026-03-10T12:30:00-05:00"]), "2026-03-10T17:30:00+00:00"),
        ("paid", pa.array([19.99], pa.float32()), "1999"),
        ("paid", pa.array([3.4000000000000004]), "340"),
        ("paid", pa.array([Decimal("19.9900")], pa.decimal128(12, 4)), "1999"),
        ("paid", pa.array(["19.99"]).dictionary_encode(), "1999"),
        ("paid", pa.array([-7]), "-700"),
        ("quantity", pa.array([2.0]), "2"),
        ("quantity", pa.array([Decimal(2)], pa.decimal128(5, 0)), "2"),
        ("quantity", pa.array([3], pa.uint8()), "3"),
        ("member", pa.array([b"carol"]), "carol"),
        ("member", pa.nulls(1), "\\N"),
        ("sku", pa.array(["bread"], pa.large_string()), "bread"),
    ],
)
def test_values_of_any_type_that_says_the_same_are_read(
    tmp_path: Path, name: str, column: pa.Array, staged: str
) -> None:
    read = read_columns(tmp_path, **{name: column})

    assert read.refused == []
    assert read.column(name) == [staged]


@pytest.mark.parametrize(
    ("name", "column", "code"),
    [
        ("paid", pa.array([float("nan")]), "not_an_amount"),
        ("paid", pa.array([float("inf")]), "not_an_amount"),
        ("paid", pa.array([float("nan")], pa.float32()), "not_an_amount"),
        ("paid", pa.array([None], pa.float64()), "missing_value"),
        ("paid", pa.array([12.345]), "too_many_decimals"),
        ("paid", pa.array([True]), "not_an_amount"),
        ("quantity", pa.array([1.5]), "not_whole"),
        ("quantity", pa.array([None], pa.int64()), "missing_value"),
        ("quantity", pa.array([2**31]), "number_too_large"),
        ("sale_id", pa.array([None], pa.string()), "missing_value"),
        ("sale_id", pa.array([1.0]), "not_a_row"),
        ("sku", pa.array([["bread"]]), "not_a_row"),
        ("sku", pa.array([{"code": "bread"}]), "not_a_row"),
        ("member", pa.array([b"caf\xe9"]), "not_utf8"),
        ("at", pa.array([None], pa.timestamp("us")), "missing_value"),
        ("at", pa.array([2**62], pa.timestamp("us")), "bad_date"),
        ("at", pa.array([2**30], pa.date32()), "bad_date"),
        ("at", pa.array([1773142200]), "bad_date"),
    ],
)
def test_a_faulty_row_is_refused_with_its_number(tmp_path: Path, name: str, column: pa.Array, code: str) -> None:
    read = read_columns(tmp_path, **{name: column})

    assert read.faults == [(1, code)]
    assert read.rows == []


def test_decimals_are_exact_beside_a_mapping_with_a_decimal_comma(tmp_path: Path) -> None:
    mapping = Mapping(NAMES, decimal=",")

    read = read_columns(tmp_path, mapping, paid=pa.array([Decimal("1.00")]))

    assert read.column("paid") == ["100"]


def test_an_amount_of_several_columns_needs_each_of_them(tmp_path: Path) -> None:
    mapping = Mapping(NAMES | {"paid": Amount(("paid",), ("coupon",))})
    columns = {name: pa.chunked_array([column, column]) for name, column in COLUMNS.items()}

    read = read_columns(tmp_path, mapping, **columns, coupon=pa.array([0.35, None]))

    assert read.column("paid") == ["1215"]
    assert read.faults == [(2, "missing_value")]


def test_columns_without_a_name_of_ours_are_refused_without_a_mapping(tmp_path: Path) -> None:
    with pytest.raises(FileRefused) as refused:
        read_columns(tmp_path, coupon=pa.array([1]))

    assert refused.value.code == "unknown_column"
    assert refused.value.params["name"] == "coupon"


def test_two_columns_of_one_name_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "sales.parquet"
    pq.write_table(pa.Table.from_arrays([*COLUMNS.values(), pa.array([1])], [*COLUMNS, "sku"]), path)

    with pytest.raises(FileRefused) as refused:
        Read(path, FileFormat.PARQUET)

    assert refused.value.code == "repeated_column"


def test_a_file_that_is_not_parquet_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "sales.parquet"
    path.write_bytes(b"sale_id,at\n")

    with pytest.raises(FileRefused) as refused:
        Read(path, FileFormat.PARQUET)

    assert refused.value.code == "not_parquet"


def test_a_file_that_breaks_off_or_is_damaged_inside_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "sales.parquet"
    columns = {name: pa.concat_arrays([column] * 500) for name, column in COLUMNS.items()}
    pq.write_table(pa.table(columns), path, compression="zstd", use_dictionary=False)
    whole = path.read_bytes()

    for damaged in (whole[:-40], whole[:8] + bytes(400) + whole[408:]):
        path.write_bytes(damaged)
        with pytest.raises(FileRefused) as refused:
            Read(path, FileFormat.PARQUET)
        assert refused.value.code == "not_parquet"
