"""Product files that cannot be read are refused, not met with a crash."""

from __future__ import annotations

from pathlib import Path

import pytest

from cagnotte.channels.files.columns import FileRefused
from cagnotte.channels.files.products import read_products
from cagnotte.channels.files.readers import FileFormat


@pytest.mark.parametrize("text", [b'sku,name\na,"' + b"x" * 200_000, b"sku,name\na,caf\xe9\n"])
def test_a_product_file_with_an_endless_text_or_other_bytes_is_refused(tmp_path: Path, text: bytes) -> None:
    path = tmp_path / "products.csv"
    path.write_bytes(text)

    with pytest.raises(FileRefused) as refused:
        list(read_products(path, FileFormat.CSV, None))

    assert refused.value.code == "not_readable"
