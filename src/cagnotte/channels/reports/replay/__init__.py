"""The report of a replay: report.html, report.json and one CSV per table."""

from cagnotte.channels.reports.replay.write import write_report

__all__ = ["write_report"]
