"""Product files: CSV with a header, or Parquet. A file with a faulty row is refused whole, with its line."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from cagnotte.application.loading.load_products import ProductGiven
from cagnotte.channels.files.columns import FileRefused, Mapping
from cagnotte.channels.files.readers import FileFormat
from cagnotte.channels.files.tables import table_rows

_TEXTS = ("sku", "name", "category", "department", "brand", "supplier")
PRODUCT_COLUMNS = (*_TEXTS, "tags")
_AT_ONCE = 20_000


def read_products(path: Path, form: FileFormat, mapping: Mapping | None) -> Iterator[Sequence[ProductGiven]]:
    """Products in lists of bounded length. Raises FileRefused when the file does not fit."""
    rows = table_rows(path, form)
    _, header = next(rows)
    places = _places([str(name) for name in header], mapping)
    batch: list[ProductGiven] = []
    for line, row in rows:
        product = _product({name: row[place] for name, place in places.items()})
        if not product.sku:
            raise FileRefused("product_without_sku", file=str(path), line=str(line))
        batch.append(product)
        if len(batch) >= _AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


def _places(header: list[str], mapping: Mapping | None) -> dict[str, int]:
    """Our column name -> its place in a row."""
    named = {name: mapping.sources(name).add[0] for name in mapping.columns} if mapping else None
    wanted = named if named is not None else {name: name for name in header}
    for name, column in wanted.items():
        if name not in PRODUCT_COLUMNS:
            raise FileRefused("unknown_column", name=name, known=", ".join(PRODUCT_COLUMNS))
        if column not in header:
            raise FileRefused("no_such_column", name=column, known=", ".join(header))
    if "sku" not in wanted:
        raise FileRefused("missing_column", name="sku")
    return {name: header.index(column) for name, column in wanted.items()}


def _product(values: dict[str, object]) -> ProductGiven:
    texts = {name: _text(values.get(name)) for name in _TEXTS}
    tags = tuple(tag.strip() for tag in _text(values.get("tags")).split(",") if tag.strip())
    return ProductGiven(**texts, tags=tags)


def _text(value: object) -> str:
    return "" if value is None else str(value).replace("\0", "").strip()
