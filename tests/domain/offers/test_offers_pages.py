"""docs/reference/offers.md and docs/algorithms/offers.md: what the pages say is what happens."""

import re
from pathlib import Path

import pytest

from application.trials.playing import failed
from cagnotte.application.trials.documents import ALONE
from cagnotte.application.trials.report import run_case
from cagnotte.channels.files.cases import read_cases
from cagnotte.domain.offers.values import OfferReason
from cagnotte.domain.programme.shapes import Shape
from cagnotte.domain.programme.tables_offers import EFFECT, KINDS, OFFER, OFFER_POLICY
from domain.programme.page_rows import table_of
from domain.programmes import HEAD, programme_of

ROOT = Path(__file__).parents[3]
PAGE = ROOT.joinpath("docs/reference/offers.md").read_text(encoding="utf-8")
ALGORITHM = ROOT.joinpath("docs/algorithms/offers.md").read_text(encoding="utf-8")
CASES = re.findall(r"```yaml\n(.*?)```", PAGE + ALGORITHM, re.DOTALL)


@pytest.mark.parametrize("example", CASES, ids=lambda example: re.findall(r"- id: (\S+)", example)[0])
def test_every_case_of_the_pages_gives_what_it_says(example: str, tmp_path: Path) -> None:
    path = tmp_path / "page.yaml"
    path.write_text(example, encoding="utf-8")

    reports = [(read.fault, read.case and run_case(ALONE, read.case)) for read in read_cases(path)]

    assert reports
    for fault, report in reports:
        assert fault is None
        assert report is not None
        assert (report.problem, failed(report)) == (None, [])
        assert report.checks


@pytest.mark.parametrize("example", re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL))
def test_every_document_of_the_page_is_accepted(example: str) -> None:
    assert programme_of(f"{HEAD}{example}\n[wallets.points]\n").offers


@pytest.mark.parametrize(
    ("shape", "elsewhere"),
    [(OFFER, ("effect", "policy")), (EFFECT, ()), (OFFER_POLICY, ())],
    ids=["offer", "effect", "policy"],
)
def test_the_page_says_every_key_with_its_type_and_default(shape: Shape, elsewhere: tuple[str, ...]) -> None:
    assert table_of(shape, *elsewhere) in PAGE


def test_the_page_says_the_keys_of_every_kind() -> None:
    for kind, names in KINDS.items():
        [row] = re.findall(rf"^\| `{kind}` \|[^|]*\|([^|]*)\|$", PAGE, re.MULTILINE)
        assert tuple(re.findall(r"`([^`]+)`", row)) == names


def test_the_page_says_every_reason() -> None:
    section = PAGE.split("## Why an offer was not given")[1]

    assert set(re.findall(r"`(\w+)`", "".join(re.findall(r"^\| (`[^|]+) \|", section, re.MULTILINE)))) == {
        reason.value for reason in OfferReason
    }


def test_the_code_that_the_page_points_to_is_there() -> None:
    for path, function in re.findall(r"`(cagnotte/[a-z_/]+\.py)`: `([a-z_]+)`", ALGORITHM):
        assert f"def {function}(" in ROOT.joinpath("src", path).read_text(encoding="utf-8")
