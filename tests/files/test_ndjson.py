"""Files of JSON lines: rows, sales with their lines, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cagnotte.channels.files.columns import Amount, FileRefused, Mapping
from cagnotte.channels.files.json_rows import LONGEST_LINE
from cagnotte.channels.files.readers import FileFormat
from files.rows import GOOD, Read, read_lines, read_text

ROW: dict[str, object] = {
    "sale_id": "S1",
    "at": "2026-03-10T12:30:00",
    "store": 367,
    "member": "carol",
    "sku": "bread",
    "quantity": 2,
    "paid": 12.5,
}


def read_json(folder: Path, *lines: object, mapping: Mapping | None = None) -> Read:
    text = b"\n".join(line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines)
    return read_text(folder, text, FileFormat.NDJSON, mapping)


def test_a_row_reads_as_the_same_row_of_a_csv_file(tmp_path: Path) -> None:
    read = read_json(tmp_path, ROW)

    assert read.refused == []
    assert read.rows == [read_lines(tmp_path, GOOD).rows[0] | {"line_no": "1"}]


def test_a_sale_with_its_lines_is_as_many_rows(tmp_path: Path) -> None:
    lines = [{"sku": "bread", "quantity": 2, "paid": 12.5}, {"sku": "milk", "quantity": 1, "paid": -3.49}]
    sale = {name: ROW[name] for name in ("sale_id", "at", "store", "member")} | {"lines": lines}

    read = read_json(tmp_path, sale)

    assert read.column("sku") == ["bread", "milk"]
    assert read.column("paid") == ["1250", "-349"]
    assert read.column("line_no") == ["1", "1"]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (ROW | {"quanttiy": 2}, "unknown_field"),
        (ROW | {"lines": [{"sku": "bread", "quantity": 2, "paid": 1, "store": 1}]}, "unknown_field"),
        (ROW | {"lines": []}, "missing_value"),
        (ROW | {"lines": "bread"}, "not_a_row"),
        (ROW | {"sku": ["bread"]}, "not_a_row"),
        (ROW | {"sku": 1.5}, "not_a_row"),
        (ROW | {"quantity": True}, "not_whole"),
        (ROW | {"quantity": 2.5}, "not_whole"),
        (ROW | {"quantity": None}, "missing_value"),
        (ROW | {"quantity": 10**30}, "number_too_large"),
        (ROW | {"paid": True}, "not_an_amount"),
        (ROW | {"paid": 12.505}, "too_many_decimals"),
        (ROW | {"paid": 600000.005}, "too_many_decimals"),
        (ROW | {"paid": 1e12}, "number_too_large"),
        (ROW | {"paid": 1e300}, "number_too_large"),
        (ROW | {"paid": None}, "missing_value"),
        (ROW | {"at": 1773142200}, "bad_date"),
        (ROW | {"member": "a\0b"}, "forbidden_character"),
        (b'{"sale_id":"S1","paid":NaN}', "not_a_row"),
        (b'{"sale_id":"S1","paid":Infinity}', "not_a_row"),
        (b'{"sale_id":"S1","paid":1e400}', "not_a_row"),
        (b'{"sale_id":"S1","paid":' + b"9" * 6000 + b"}", "not_a_row"),
        (b'{"sale_id":"S1"', "not_a_row"),
        (b'{"sale_id":"S1","member":"caf\xe9"}', "not_a_row"),
        (b'["sale_id","S1"]', "not_a_row"),
        (b'{"sale_id":"S1","sku":' * 5_000 + b"1" + b"}" * 5_000, "not_a_row"),
        (b'{"sale_id":"S1","sku":"' + b"x" * (2 * LONGEST_LINE) + b'"}', "not_a_row"),
    ],
)
def test_a_faulty_line_is_refused_alone_with_its_number(tmp_path: Path, line: object, code: str) -> None:
    read = read_json(tmp_path, ROW | {"sale_id": "S2"}, line, ROW | {"sale_id": "S3"})

    assert read.faults == [(2, code)]
    assert read.refused[0].sale in ("S1", "")
    assert read.column("line_no") == ["1", "3"]


@pytest.mark.parametrize(
    "line",
    [b'{"sale_id": "S1", "paid": NaN}', b'{"sale_id":" S1 ","paid":1', json.dumps(ROW | {"qty": 1}).encode()],
)
def test_a_line_that_is_not_json_still_names_its_sale(tmp_path: Path, line: bytes) -> None:
    read = read_json(tmp_path, line)

    assert [refused.sale for refused in read.refused] == ["S1"]


def test_true_is_never_taken_for_the_one_that_was_read_before(tmp_path: Path) -> None:
    one = ROW | {"quantity": 1, "paid": 1, "sku": 1}

    read = read_json(tmp_path, one, one | {"quantity": True}, one | {"paid": True}, one | {"sku": 1.0})

    assert read.faults == [(2, "not_whole"), (3, "not_an_amount"), (4, "not_a_row")]


def test_a_byte_order_mark_is_passed_over(tmp_path: Path) -> None:
    read = read_json(tmp_path, b"\xef\xbb\xbf" + json.dumps(ROW).encode())

    assert read.column("sale") == ["S1"]


def test_the_first_good_row_says_which_amount_the_file_gives(tmp_path: Path) -> None:
    minor = {name: value for name, value in ROW.items() if name != "paid"} | {"paid_minor": 1250}

    read = read_json(tmp_path, b"nothing", minor, ROW)

    assert read.column("paid") == ["1250"]
    assert read.faults == [(1, "not_a_row"), (3, "missing_value")]


def test_a_mapping_names_the_fields(tmp_path: Path) -> None:
    mapping = Mapping(
        {
            "sale_id": "ticket",
            "at": "when",
            "sku": "article",
            "quantity": "n",
            "paid": Amount(("gross", "tax"), ("discount",)),
        },
        constants={"store": "web"},
    )
    sold = {"ticket": "T1", "when": "2026-03-10", "article": "a", "n": 1, "gross": 10, "tax": 2.1, "discount": 0.6}

    read = read_json(tmp_path, sold, b'{"ticket": "T2", ', mapping=mapping)

    assert [(row["sale"], row["store"], row["paid"]) for row in read.rows] == [("T1", "web", "1150")]
    assert [refused.sale for refused in read.refused] == ["T2"]


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused) as refused:
        read_json(tmp_path)

    assert refused.value.code == "empty_file"
