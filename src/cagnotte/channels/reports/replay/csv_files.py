"""One CSV file per table, for a spreadsheet."""

import csv
from pathlib import Path

from cagnotte.analytics.replay import Report
from cagnotte.channels.reports.replay.tables import Cell, tables_of

_STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_tables(report: Report, folder: Path) -> None:
    """UTF-8 with a mark that spreadsheets look for; a comma between cells."""
    folder.mkdir(exist_ok=True)
    for table in tables_of(report):
        with (folder / f"{table.name}.csv").open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(table.columns)
            writer.writerows([[_safe(cell) for cell in row] for row in table.rows])


def _safe(cell: Cell) -> Cell:
    """A text that a spreadsheet would compute is marked as text; a number stays one."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_STARTS_FORMULA) else cell
