"""docs/reference/rules.md: what the page says is what the language does."""

import re
from pathlib import Path

import pytest

from cagnotte.domain.rules import BOOL, INT, RuleFaultCode
from domain.rules.sample_scope import Eligible, Facts, Line, Member, faults_of, value_of

PAGE = Path(__file__).parents[3].joinpath("docs/reference/rules.md").read_text(encoding="utf-8")
BASKET = Facts(
    eligible=Eligible(paid=3750, quantity=4),
    lines=(
        Line(category="wine", paid=1200, tags=("organic",)),
        Line(category="dairy", paid=550, quantity=2, tags=("organic",)),
        Line(category="book", paid=2000, is_discounted=True, attributes={"colour": "red"}),
    ),
    member=Member(spend_365d=62_000, refused=("sms",)),
)
EXAMPLES = re.findall(r"^\| `([^`]+)` \| (-?\d+|true|false) \|", PAGE, re.MULTILINE)
FAULTS = re.findall(r"^\| `([a-z0-9_]+)` \| [^\n]*? \| (?:`([^\n]*?)`)? ?\| [^\n|]*\|$", PAGE, re.MULTILINE)


def test_the_page_has_fourteen_examples() -> None:
    assert len(EXAMPLES) == 14


@pytest.mark.parametrize(("source", "given"), EXAMPLES)
def test_an_example_of_the_page_gives_what_the_page_says(source: str, given: str) -> None:
    value = value_of(source, BASKET, gives=BOOL if given in {"true", "false"} else INT)

    assert str(value).lower() == given


def test_the_page_lists_every_fault_once() -> None:
    assert [code for code, _ in FAULTS] == [code.value for code in RuleFaultCode]


@pytest.mark.parametrize(
    ("code", "source"), [(code, source) for code, source in FAULTS if source and "…" not in source]
)
def test_a_faulty_example_of_the_page_has_that_fault(code: str, source: str) -> None:
    assert [fault.code for fault in faults_of(source)] == [code]
