"""docs/algorithms: the worked example of each page is a golden case that exists."""

import re
from pathlib import Path

import pytest

from golden.cases import golden_cases
from golden.test_wallets import CASES

PAGES = sorted(Path(__file__).parents[2].joinpath("docs/algorithms").glob("*.md"))
WITH_CASES = ["conversions", "earning", "lots", "share-of-wallet", "tiers"]
PAGES = [page for page in PAGES if page.stem in WITH_CASES]


def _named(page: Path) -> list[str]:
    text = re.sub(r"\s+", " ", page.read_text(encoding="utf-8"))
    return [f"{file}: {name}" for file, name in re.findall(r"`([a-z]+\.toml)`: \*([^*]+)\*", text)]


def test_there_is_a_page_for_each_rule_of_the_programme() -> None:
    assert [page.stem for page in PAGES] == WITH_CASES


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_page_names_golden_cases_that_exist(page: Path) -> None:
    assert "Golden case: `" in page.read_text(encoding="utf-8")
    assert set(_named(page)) <= golden_cases().keys() | {f"wallets.toml: {case.name}" for case in CASES}
    assert _named(page)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_code_that_the_page_points_to_is_there(page: Path) -> None:
    source = Path(__file__).parents[2] / "src"
    [_, code] = page.read_text(encoding="utf-8").split("\nCode: ")

    paths = re.findall(r"`(cagnotte/[a-z_/]+\.py)`", code)
    functions = re.findall(r"`([a-z_]+)`", code)

    texts = "".join(source.joinpath(path).read_text(encoding="utf-8") for path in paths)
    assert paths
    assert all(f"def {function}(" in texts for function in functions)


def test_every_case_has_its_own_name_and_says_why_and_from_where() -> None:
    for case in golden_cases().values():
        assert len(case.why) > 20
        assert case.source
