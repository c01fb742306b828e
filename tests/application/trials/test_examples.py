"""docs/examples/cases and docs/reference/cases.md: every case passes, and the page lists every name."""

import re
from pathlib import Path

import msgspec
import pytest
import yaml

from application.trials.playing import failed
from cagnotte.application.trials.cases import Case, CaseFile, LineSold, MemberGiven, SaleMade
from cagnotte.application.trials.documents import ALONE
from cagnotte.application.trials.expected import Expected, Given
from cagnotte.application.trials.found import GivenFound, StandingFound
from cagnotte.application.trials.report import CaseReport, StepReport, run_case
from cagnotte.channels.files.cases import ReadCase, read_cases

DOCS = Path(__file__).parents[3] / "docs"
FOLDER = DOCS / "examples" / "cases"
PAGE = DOCS.joinpath("reference/cases.md").read_text(encoding="utf-8")
FILES = sorted(FOLDER.glob("*.yaml"))
CASES = [case for path in FILES for case in read_cases(path)]
SAMPLES = ("LOT-01", "CLAW-01", "EARN-01", "OSC-01", "SYL-01", "SOL-01", "NUM-01", "ODP-01")


@pytest.mark.parametrize("read", CASES, ids=lambda read: f"{Path(read.file).stem}-{read.case_id}")
def test_every_example_gives_what_it_says(read: ReadCase) -> None:
    assert read.fault is None
    assert read.case is not None

    report = run_case(ALONE, read.case)

    assert (report.problem, failed(report)) == (None, [])
    assert report.passed
    assert report.checks


def test_every_sample_is_among_the_examples() -> None:
    told = {read.case_id.split("/")[0] for read in CASES}

    assert set(SAMPLES) <= told


def test_ids_are_unique_over_all_files() -> None:
    ids = [read.case_id for read in CASES]

    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_example_says_why(path: Path) -> None:
    cases = yaml.safe_load(path.read_text(encoding="utf-8"))["cases"]

    assert [case["id"] for case in cases if not case.get("why") or not case.get("family")] == []


@pytest.mark.parametrize("example", re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL))
def test_every_example_of_the_page_passes(example: str, tmp_path: Path) -> None:
    path = tmp_path / "page.yaml"
    path.write_text(example, encoding="utf-8")

    reports = [run_case(ALONE, read.case) for read in read_cases(path) if read.case]

    assert reports
    assert [failed(report) for report in reports if not report.passed] == []


@pytest.mark.parametrize(
    ("title", "kind"),
    [("What is given and taken", Given), ("How the member stands", Expected), ("Members", MemberGiven)],
)
def test_the_page_lists_every_name(title: str, kind: type[msgspec.Struct]) -> None:
    inherited = Given.__struct_fields__ if kind is Expected else ()
    more = ("members", "nothing_else", "programme_faults") if kind is Expected else ()
    names = set(kind.__struct_fields__) - set(inherited) - set(more)

    assert _listed(title) == names


def test_the_page_lists_the_names_of_sales_and_cases() -> None:
    assert _listed("A sale") == {*SaleMade.__struct_fields__, *LineSold.__struct_fields__}
    assert _listed("The file") == set(CaseFile.__struct_fields__)
    assert _listed("A case") == set(Case.__struct_fields__)


def test_what_can_be_expected_is_what_is_found() -> None:
    found = {*GivenFound.__struct_fields__, *StandingFound.__struct_fields__}

    assert set(Expected.__struct_fields__) - {"members", "nothing_else", "programme_faults"} == found


def test_the_page_lists_the_names_of_the_answer() -> None:
    listed = _listed("The answer in JSON")

    assert {*CaseReport.__struct_fields__, "sentences"} <= listed
    assert all(f"`{name}`" in PAGE for name in StepReport.__struct_fields__)


def _listed(title: str) -> set[str]:
    """Names in backticks in the first column of the section's tables."""
    section = re.split(r"^#+ ", PAGE.split(f"# {title}\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]
    cells = re.findall(r"^\| (`[^|]+`) \|", section, re.MULTILINE)
    return {name for cell in cells for name in re.findall(r"`([^`]+)`", cell)}
