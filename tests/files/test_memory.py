"""A file larger than memory would do: the reader holds one batch of it, whatever its length."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from files.rows import HEADER

MEGABYTE = 1024 * 1024
READER = """
import json, resource, sys
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo
from cagnotte.channels.files.conversion import Conventions
from cagnotte.channels.files.readers import FileFormat, read_sales

conventions = Conventions(
    ZoneInfo("Europe/Paris"), 2, datetime(2027, 1, 1, tzinfo=UTC), datetime(2020, 1, 1, tzinfo=UTC)
)
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
rows = refused = 0
begun = peak()
for number, batch in enumerate(read_sales(Path(sys.argv[1]), FileFormat.CSV, None, conventions)):
    rows, refused = rows + len(batch.rows), refused + len(batch.refused)
    begun = peak() if number == 3 else begun
print(json.dumps({"rows": rows, "refused": refused, "growth_kb": peak() - begun}))
"""


def read_apart(path: Path) -> dict[str, int]:
    done = subprocess.run([sys.executable, "-c", READER, str(path)], capture_output=True, text=True, check=True)
    figures: dict[str, int] = json.loads(done.stdout)
    return figures


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    path = tmp_path / "sales.csv"
    block = b"".join(
        b"%d,2026-03-10 12:%02d:00,%d,%d,sku-%d,1,%d.99,%s\n"
        % (number, number % 60, number % 400, number % 2469, number % 9999, number % 90, b"c" * 100)
        for number in range(20_000)
    )
    with path.open("wb") as file:
        file.write(HEADER.encode() + b",category\n")
        for _ in range(100 * MEGABYTE // len(block)):
            file.write(block)

    figures = read_apart(path)

    assert figures["rows"] == 100 * MEGABYTE // len(block) * 20_000
    assert figures["refused"] == 0
    assert figures["growth_kb"] < 60 * 1024


def test_a_file_of_one_endless_line_is_not_held_in_memory(tmp_path: Path) -> None:
    path = tmp_path / "sales.csv"
    with path.open("wb") as file:
        file.write(HEADER.encode() + b'\nS1,"')
        file.truncate(200 * MEGABYTE)

    figures = read_apart(path)

    assert figures == {"rows": 0, "refused": 1, "growth_kb": figures["growth_kb"]}
    assert figures["growth_kb"] < 100 * 1024
