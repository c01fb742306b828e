"""CSV files of sales: what is read, and what is refused with its line and reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from cagnotte.channels.files.columns import FileRefused, Mapping
from cagnotte.channels.files.csv_rows import LONGEST_LINE
from files.rows import GOOD, HEADER, LATER, Read, read_lines, read_text


def test_a_row_becomes_an_instant_a_wall_clock_and_minor_units(tmp_path: Path) -> None:
    read = read_lines(tmp_path, GOOD)

    assert read.refused == []
    assert read.rows == [
        {
            "line_no": "2",
            "whole": "f",
            "sale": "S1",
            "at": "2026-03-10T11:30:00+00:00",
            "local": "2026-03-10T12:30:00",
            "has_offset": "f",
            "store": "367",
            "member": "carol",
            "channel": "store",
            "sku": "bread",
            "quantity": "2",
            "paid": "1250",
            "currency": "\\N",
            "category": "\\N",
            "department": "\\N",
            "brand": "\\N",
            "supplier": "\\N",
        }
    ]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("S1,10/03/2026,367,carol,bread,2,12.50", "bad_date"),
        ("S1,2026-02-30,367,carol,bread,2,12.50", "bad_date"),
        ("S1,,367,carol,bread,2,12.50", "missing_value"),
        ("S1,2026-06-02,367,carol,bread,2,12.50", "future_date"),
        ("S1,9999-12-31T23:59:59-12:00,367,carol,bread,2,12.50", "future_date"),
        ("S1,2019-12-31,367,carol,bread,2,12.50", "before_programme"),
        ("S1,0001-01-01T00:00:00+14:00,367,carol,bread,2,12.50", "before_programme"),
        ("S1,0001-01-01,367,carol,bread,2,12.50", "before_programme"),
        ("S1,2026-03-10,367,carol,bread,1.5,12.50", "not_whole"),
        ("S1,2026-03-10,367,carol,bread,two,12.50", "not_whole"),
        ("S1,2026-03-10,367,carol,bread,٢,12.50", "not_whole"),
        ("S1,2026-03-10,367,carol,bread,,12.50", "missing_value"),
        ("S1,2026-03-10,367,carol,bread,2147483648,12.50", "number_too_large"),
        ("S1,2026-03-10,367,carol,bread,99999999999999999999999,12.50", "number_too_large"),
        ("S1,2026-03-10,367,carol,bread,2," + "9" * 30, "number_too_large"),
        ("S1,2026-03-10,367,carol,bread,2,9000000000.01", "number_too_large"),
        ("S1,2026-03-10,367,carol,bread,2,12.505", "too_many_decimals"),
        ("S1,2026-03-10,367,carol,bread,2,NaN", "not_an_amount"),
        ("S1,2026-03-10,367,carol,bread,2,inf", "not_an_amount"),
        ("S1,2026-03-10,367,carol,bread,2,1e3", "not_an_amount"),
        ('S1,2026-03-10,367,carol,bread,2,"12,50"', "not_an_amount"),
        ("S1,2026-03-10,367,carol,bread,2,  ", "missing_value"),
        ("  ,2026-03-10,367,carol,bread,2,12.50", "missing_value"),
        ("S1,2026-03-10,,carol,bread,2,12.50", "missing_value"),
        ("S1,2026-03-10,367,carol,,2,12.50", "missing_value"),
        ("S\0,2026-03-10,367,carol,bread,2,12.50", "forbidden_character"),
        ("S1,2026-03-10,367," + "c" * 256 + ",bread,2,12.50", "text_too_long"),
        ("S1,2026-03-10,367,carol,bread,2", "wrong_number_of_fields"),
        ("S1,2026-03-10,367,carol,bread,2,12.50,", "wrong_number_of_fields"),
        ('S1,2026-03-10,367,"ca"rol,bread,2,12.50', "not_a_row"),
    ],
)
def test_a_faulty_row_is_refused_alone_with_its_line(tmp_path: Path, row: str, code: str) -> None:
    read = read_lines(tmp_path, LATER, row, LATER)

    assert read.faults == [(3, code)]
    assert read.column("line_no") == ["2", "4"]


def test_bytes_that_are_not_utf_8_refuse_their_row_only(tmp_path: Path) -> None:
    text = f"{HEADER}\n".encode() + GOOD.replace("carol", "caf\xe9").encode("latin-1") + f"\n{LATER}\n".encode()

    read = read_text(tmp_path, text)

    assert read.faults == [(2, "not_utf8")]
    assert read.refused[0].params == {"column": "member"}
    assert "member=caf\\xe9" in read.refused[0].row
    assert read.column("sale") == ["S9"]


def test_a_byte_that_is_not_utf_8_is_no_separator_of_a_date(tmp_path: Path) -> None:
    text = f"{HEADER}\n".encode() + b"S1,2026-03-10\xff12:30,367,carol,bread,2,12.50\n"

    read = read_text(tmp_path, text)

    assert read.faults == [(2, "bad_date")]
    assert read.refused[0].params["found"] == "2026-03-10\\xff12:30"


def test_an_unclosed_quote_costs_its_own_line_only(tmp_path: Path) -> None:
    lost = 'S2,2026-03-10,367,"carol,bread,2,12.50'

    read = read_lines(tmp_path, GOOD, lost, *[LATER] * 20_000)

    assert read.faults == [(3, "not_a_row")]
    assert read.refused[0].sale == "S2"
    assert read.column("line_no") == ["2", *(str(line) for line in range(4, 20_004))]


def test_an_unclosed_quote_in_the_last_lines_costs_its_own_line_only(tmp_path: Path) -> None:
    read = read_lines(tmp_path, GOOD, 'S2,2026-03-10,367,"carol,bread,2,12.50', LATER)

    assert read.faults == [(3, "not_a_row")]
    assert read.column("line_no") == ["2", "4"]


def test_lines_are_counted_through_quoted_line_ends(tmp_path: Path) -> None:
    header = HEADER + ",category"
    two_lines = GOOD + ',"fresh\nbread"'

    read = read_lines(tmp_path, two_lines, "S2,never,367,,bread,1,1.00,", LATER + ",", header=header)

    assert read.faults == [(4, "bad_date")]
    assert read.column("line_no") == ["2", "5"]
    assert read.column("category") == ["fresh\\nbread", "\\N"]


def test_a_line_too_long_to_be_kept_is_refused_and_the_count_goes_on(tmp_path: Path) -> None:
    long = GOOD + "x" * (2 * LONGEST_LINE)

    read = read_lines(tmp_path, long, "", LATER)

    assert read.faults == [(2, "not_a_row")]
    assert read.column("line_no") == ["4"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_delimiters_line_ends_and_a_byte_order_mark_are_recognised(
    tmp_path: Path, delimiter: str, line_end: str, mark: str
) -> None:
    text = mark + line_end.join([HEADER, GOOD, LATER, ""]).replace(",", delimiter)

    read = read_text(tmp_path, text)

    assert read.refused == []
    assert read.column("line_no") == ["2", "3"]
    assert read.column("paid") == ["1250", "349"]


def test_amounts_with_a_decimal_comma_need_a_mapping_that_says_so(tmp_path: Path) -> None:
    mapping = Mapping({name: name for name in HEADER.split(",")}, decimal=",")
    rows = [GOOD.replace(",", ";").replace("12.50", amount) for amount in ("12,50", "1.250", "12.50", "-7,5")]

    read = read_lines(tmp_path, *rows, header=HEADER.replace(",", ";"), mapping=mapping)

    assert read.column("paid") == ["1250", "-750"]
    assert read.faults == [(3, "not_an_amount"), (4, "not_an_amount")]


def test_an_empty_member_is_a_guest_and_an_empty_channel_the_store(tmp_path: Path) -> None:
    row = GOOD.replace("carol", "")

    read = read_lines(tmp_path, row + ",", row + ",web", header=HEADER + ",channel")

    assert read.column("member") == ["\\N", "\\N"]
    assert read.column("channel") == ["store", "web"]


def test_blank_lines_are_passed_over(tmp_path: Path) -> None:
    read = read_lines(tmp_path, GOOD, "", LATER)

    assert read.column("line_no") == ["2", "4"]
    assert read.refused == []


@pytest.mark.parametrize("row", ["S\\1,2026-03-10,367,,bread,x,1.00", "S\\1,2026-03-10,367,,bread,1"])
def test_a_refused_row_names_its_sale_as_the_file_does(tmp_path: Path, row: str) -> None:
    read = read_lines(tmp_path, row)

    assert [refused.sale for refused in read.refused] == ["S\\1"]


@pytest.mark.parametrize(
    ("text", "code", "params"),
    [
        (b"", "empty_file", {}),
        (b"\xef\xbb\xbf", "empty_file", {}),
        (b"\n\n", "empty_file", {}),
        (b"sale_id,at,store,sku,quantity\n", "missing_column", {"name": "paid / paid_minor"}),
        (b"sale_id,at,sku,quantity,paid\n", "missing_column", {"name": "store"}),
        (b"sale_id,at,store,sku,qantity,paid\n", "unknown_column", {"name": "qantity", "suggestion": "quantity"}),
        (b"sale_id,at,store,sku,quantity,paid,paid\n", "repeated_column", {}),
        (f"{HEADER}\n".encode("utf-16"), "not_readable", {"detail": "line 1: not UTF-8"}),
        (b"PK\x03\x04\xff\xfe\x00\x00", "not_readable", {"detail": "line 1: not UTF-8"}),
    ],
)
def test_a_file_that_cannot_be_read_at_all_is_refused(
    tmp_path: Path, text: bytes, code: str, params: dict[str, str]
) -> None:
    with pytest.raises(FileRefused) as refused:
        read_text(tmp_path, text)

    assert refused.value.code == code
    assert params.items() <= refused.value.params.items()
    assert "\udcff" not in str(refused.value.params)


def test_a_header_alone_is_a_file_without_rows(tmp_path: Path) -> None:
    read = read_lines(tmp_path)

    assert (read.rows, read.refused) == ([], [])


@pytest.mark.parametrize("name", ["none.csv", "."])
def test_a_file_that_is_not_there_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(FileRefused) as refused:
        Read(tmp_path / name)

    assert refused.value.code == "no_such_file"
