"""Write the report of a replay into a folder."""

from pathlib import Path

import msgspec

from cagnotte.analytics.replay import Report
from cagnotte.channels.reports.replay.csv_files import write_tables
from cagnotte.channels.reports.replay.page import page_of
from cagnotte.channels.wording import Speech

PAGE, JSON, TABLES = "report.html", "report.json", "tables"


def write_report(report: Report, folder: Path, speech: Speech) -> Path:
    """Write all files, in place of those of an earlier report; the page, which is also what to open.

    Raises OSError when the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / JSON).write_bytes(msgspec.json.format(msgspec.json.encode(report)) + b"\n")
    write_tables(report, folder / TABLES)
    page = folder / PAGE
    page.write_text(page_of(report, speech), encoding="utf-8")
    return page
