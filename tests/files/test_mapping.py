"""Mappings: which column of a file is which of ours."""

from __future__ import annotations

from pathlib import Path

import pytest

from cagnotte.channels.files.columns import Amount, FileRefused, Mapping, read_mapping
from files.rows import read_lines

WHOLE = """
decimal = ","
[columns]
sale_id = "Ticket"
at = "Date"
sku = "Article"
quantity = "Qte"
paid = { add = ["Brut", "Taxe"], subtract = ["Remise"] }
[constants]
store = "12"
channel = "web"
"""


def mapping_of(folder: Path, text: str) -> Mapping:
    path = folder / "map.toml"
    path.write_text(text, encoding="utf-8")
    return read_mapping(path)


def test_a_mapping_names_columns_amounts_and_constants(tmp_path: Path) -> None:
    mapping = mapping_of(tmp_path, WHOLE)

    assert mapping == Mapping(
        {
            "sale_id": "Ticket",
            "at": "Date",
            "sku": "Article",
            "quantity": "Qte",
            "paid": Amount(("Brut", "Taxe"), ("Remise",)),
        },
        decimal=",",
        constants={"store": "12", "channel": "web"},
    )


def test_columns_that_the_mapping_does_not_name_are_not_read(tmp_path: Path) -> None:
    header = "Ticket;Date;Article;Qte;Brut;Taxe;Remise;Vendeur"
    row = "T1;2026-03-10 12:30;pain;2;10,00;2,10;0,60;\udce9".encode(errors="surrogateescape")
    path = tmp_path / "sales.csv"
    path.write_bytes(header.encode() + b"\n" + row + b"\n")

    read = read_lines(tmp_path, row.decode(errors="replace"), header=header, mapping=mapping_of(tmp_path, WHOLE))

    assert read.refused == []
    assert [(row["sale"], row["store"], row["channel"], row["paid"]) for row in read.rows] == [
        ("T1", "12", "web", "1150")
    ]


def test_an_amount_may_be_a_constant(tmp_path: Path) -> None:
    mapping = Mapping(
        {name: name for name in ("sale_id", "at", "store", "sku")}, constants={"quantity": "1", "paid": "9.90"}
    )

    read = read_lines(tmp_path, "S1,2026-03-10,367,pass", header="sale_id,at,store,sku", mapping=mapping)

    assert [(row["quantity"], row["paid"]) for row in read.rows] == [("1", "990")]


@pytest.mark.parametrize(
    ("before", "after", "code", "said"),
    [
        ('sku = "Article"', 'skuu = "Article"', "unknown_column", "sku"),
        ('channel = "web"', 'shop = "web"', "unknown_column", "shop"),
        ('decimal = ","', 'decimal = "\'"', "bad_mapping", 'decimal must be "." or ","'),
        ('decimal = ","', 'decimals = ","', "bad_mapping", "decimals"),
        ("subtract", "minus", "bad_mapping", "minus"),
        ('sku = "Article"', "sku = 3", "bad_mapping", "columns"),
        ('channel = "web"', "channel = 3", "bad_mapping", "constants"),
        ('channel = "web"', 'sku = "x"', "bad_mapping", "sku is given twice"),
        ('sku = "Article"', 'sku = { add = ["A", "B"] }', "bad_mapping", "sku is one column"),
        (
            '{ add = ["Brut", "Taxe"], subtract = ["Remise"] }',
            "{ add = [] }",
            "bad_mapping",
            "paid names no column",
        ),
        ("[columns]", "[columns", "bad_mapping", ""),
    ],
)
def test_a_faulty_mapping_is_refused_with_what_is_wrong(
    tmp_path: Path, before: str, after: str, code: str, said: str
) -> None:
    assert before in WHOLE

    with pytest.raises(FileRefused) as refused:
        mapping_of(tmp_path, WHOLE.replace(before, after))

    assert refused.value.code == code
    assert said in " ".join(refused.value.params.values())


def test_a_mapping_that_names_a_column_the_file_does_not_have_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused) as refused:
        read_lines(tmp_path, header="Ticket;Date;Article;Qte;Brut;Taxe", mapping=mapping_of(tmp_path, WHOLE))

    assert refused.value.code == "no_such_column"
    assert refused.value.params["name"] == "Remise"


def test_a_mapping_that_is_not_there_or_not_text_is_refused(tmp_path: Path) -> None:
    binary = tmp_path / "binary.toml"
    binary.write_bytes(b"\xff\xfe")

    for path in (tmp_path / "none.toml", binary):
        with pytest.raises(FileRefused) as refused:
            read_mapping(path)
        assert refused.value.code == "bad_mapping"
