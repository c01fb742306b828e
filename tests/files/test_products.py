"""Product files that cannot be read are refused, not met with a crash."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from cagnotte.application.loading.load_products import ProductGiven, load_products
from cagnotte.channels.files.columns import FileRefused, read_mapping
from cagnotte.channels.files.products import PRODUCT_COLUMNS, read_products
from cagnotte.channels.files.readers import FileFormat


@pytest.mark.parametrize("text", [b'sku,name\na,"' + b"x" * 200_000, b"sku,name\na,caf\xe9\n"])
def test_a_product_file_with_an_endless_text_or_other_bytes_is_refused(tmp_path: Path, text: bytes) -> None:
    path = tmp_path / "products.csv"
    path.write_bytes(text)

    with pytest.raises(FileRefused) as refused:
        list(read_products(path, FileFormat.CSV, None))

    assert refused.value.code == "not_readable"


def read(path: Path, form: FileFormat = FileFormat.CSV) -> list[str]:
    return [product.sku for products in read_products(path, form, None) for product in products]


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("sku,name\nA,Bread\nB\n", "wrong_number_of_fields", "3"),
        ("sku,name\n,Bread\n", "product_without_sku", "2"),
    ],
)
def test_a_faulty_product_refuses_the_file_with_its_line(tmp_path: Path, text: str, code: str, line: str) -> None:
    path = tmp_path / "products.csv"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(FileRefused) as refused:
        read(path)

    assert (refused.value.code, refused.value.params["line"]) == (code, line)


def test_a_mapping_of_products_may_name_what_products_have(tmp_path: Path) -> None:
    mapping = tmp_path / "map.toml"
    mapping.write_text('[columns]\nsku = "ref"\nname = "label"\ntags = "labels"\n', encoding="utf-8")
    path = tmp_path / "products.csv"
    path.write_text('ref,label,labels,x\nA,Bread,"organic, local",1\n', encoding="utf-8")

    found = [*read_products(path, FileFormat.CSV, read_mapping(mapping, PRODUCT_COLUMNS))]

    assert found == [[ProductGiven("A", "Bread", tags=("organic", "local"))]]


def test_products_are_loaded_all_or_none(conn: psycopg.Connection) -> None:
    def given() -> Iterator[list[ProductGiven]]:
        yield [ProductGiven("all-or-none", "Bread")]
        raise FileRefused("product_without_sku", file="x", line="9")

    with pytest.raises(FileRefused):
        load_products(conn, given())

    assert conn.execute("SELECT count(*) FROM product WHERE sku = 'all-or-none'").fetchone() == (0,)
