"""Cases written in a test, read and played as those of a file."""

from pathlib import Path

from cagnotte.application.trials.documents import ALONE
from cagnotte.application.trials.report import CaseReport, run_case
from cagnotte.channels.files.cases import read_cases

EURO_A_POINT = """
programme:
  extends: false
  earn: [{code: base, points: 1, per: 100}]
"""


def reports_of(folder: Path, text: str) -> list[CaseReport]:
    """Every case of the YAML text, played; all of them must be readable."""
    path = folder / "cases.yaml"
    path.write_text(text, encoding="utf-8")
    read = read_cases(path)
    assert [each.fault for each in read if each.fault] == []
    return [run_case(ALONE, each.case) for each in read if each.case is not None]


def report_of(folder: Path, text: str) -> CaseReport:
    [report] = reports_of(folder, text)
    return report


def failed(report: CaseReport) -> list[tuple[int, str, object, object]]:
    """(step, field, expected, found) of each expectation that was not met."""
    return [(check.step, check.field, check.expected, check.found) for check in report.checks if not check.passed]
