"""docs/reference/programme.md and programme/*.md: what the pages say is what the check does."""

import re
from pathlib import Path

import pytest

from cagnotte.domain.programme.document import Declared
from cagnotte.domain.programme.faults import ProgrammeFaultCode
from cagnotte.domain.programme.shapes import ByCode, Rows, Shape
from cagnotte.domain.programme.tables_accounting import ACCOUNTING
from cagnotte.domain.programme.tables_adjustments import ADJUSTMENTS
from cagnotte.domain.programme.tables_earning import ACHIEVEMENT, CALENDAR, CAP, EARN, EARNING, MEASURE, REFERRAL
from cagnotte.domain.programme.tables_life import (
    ATTRIBUTES,
    BRAND,
    COUNTRY,
    DOCUMENT,
    EVENT,
    GOAL,
    LATE,
    MESSAGE,
    PLAN,
    PROGRAMME,
    RETURNS,
    SHARE_OF_WALLET,
    TIER,
)
from cagnotte.domain.programme.tables_points import CONVERSION, EXCHANGE, POOLING, SENDING, WALLET
from cagnotte.domain.programme.vocabulary import LINE_FIELDS, MEMBER_FIELDS, Vocabulary
from cagnotte.domain.rules import Scope
from cagnotte.domain.rules.types import type_name
from domain.programme.page_rows import table_of
from domain.programmes import HEAD, programme_of

FOLDER = Path(__file__).parents[3] / "docs/reference"
INDEX = FOLDER.joinpath("programme.md").read_text(encoding="utf-8")
PAGES = {page.stem: page.read_text(encoding="utf-8") for page in sorted(FOLDER.glob("programme/*.md"))}
EXAMPLES = re.findall(r"```toml\n(.*?)```", "\n".join([INDEX, *PAGES.values()]), re.DOTALL)
TABLES: list[tuple[str, Shape, tuple[str, ...]]] = [
    ("about", PROGRAMME, ()),
    ("about", GOAL, ()),
    ("about", BRAND, ()),
    ("about", COUNTRY, ()),
    ("about", MESSAGE, ()),
    ("about", RETURNS, ()),
    ("about", LATE, ()),
    ("facts", ATTRIBUTES, ()),
    ("facts", EVENT, ()),
    ("facts", CALENDAR, ()),
    ("facts", MEASURE, ()),
    ("facts", SHARE_OF_WALLET, ()),
    ("points", WALLET, ()),
    ("points", CONVERSION, ()),
    ("points", SENDING, ()),
    ("points", POOLING, ()),
    ("points", EXCHANGE, ()),
    ("points", ACCOUNTING, ()),
    ("points", ADJUSTMENTS, ()),
    ("earning", EARNING, ()),
    ("earning", EARN, ("caps.CODE", "rounding", "pending")),
    ("earning", CAP, ()),
    ("earning", ACHIEVEMENT, ()),
    ("earning", REFERRAL, ()),
    ("tiers", TIER, ()),
    ("tiers", PLAN, ()),
]
VOCABULARY = Vocabulary(Declared(), wallets=[], families=[], measures=[], calendars=[])


def _section(page: str, title: str) -> str:
    return re.split(r"^#+ ", page.split(f"# {title}\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]


def _names(text: str) -> dict[str, str]:
    return dict(re.findall(r"^\| `([^`]+)` \| ([^|]+?) \|", text, re.MULTILINE))


def _types(scope: Scope) -> dict[str, str]:
    return {name: type_name(kind) for name, kind in scope.items()}


def completed(example: str) -> str:
    """The example as a document: with a head, a wallet, and the rule that it multiplies, where it has none."""
    head = "" if "[programme]" in example else HEAD
    wallet = "" if "[wallets." in example else "[wallets.points]\n"
    multiplied = 'rules = ["base"]' in example and 'code = "base"' not in example
    return f"{head}{example}{"[[earn]]\ncode = 'base'\npoints = 1\n" if multiplied else ''}{wallet}"


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_of_the_pages_is_accepted(example: str) -> None:
    assert programme_of(completed(example)).code == "maison"


def test_the_complete_example_has_every_table_of_points() -> None:
    programme = programme_of(EXAMPLES[0])

    assert [len(part) for part in (programme.wallets, programme.earn, programme.tiers, programme.conversions)] == [
        2, 4, 3, 2,
    ]  # fmt: skip


@pytest.mark.parametrize(("page", "shape", "elsewhere"), TABLES, ids=[shape.title for _, shape, _ in TABLES])
def test_a_page_says_every_key_of_a_table_with_its_type_and_default(
    page: str, shape: Shape, elsewhere: tuple[str, ...]
) -> None:
    listed = any(shape is getattr(key.kind, "shape", None) and isinstance(key.kind, Rows) for key in DOCUMENT.keys)
    title = f"[[{shape.title}]]" if listed else f"[{shape.title}]"

    assert table_of(shape, *elsewhere) in _section(PAGES[page], title)


def test_every_table_of_a_document_has_its_page() -> None:
    told = {shape.title.split(".")[0] for _, shape, _ in TABLES}

    assert told | {"offers", "offer_policy"} == {key.name for key in DOCUMENT.keys}


def test_the_index_says_how_many_tables_there_may_be() -> None:
    limits = {key.name: key.kind.most for key in DOCUMENT.keys if isinstance(key.kind, Rows | ByCode)}
    rows = [row for row in INDEX.splitlines() if row.startswith("| [`[")]

    for name, most in limits.items():
        [row] = [row for row in rows if f"`[{name}." in row or f"`[[{name}]]" in row]
        assert f"{most:,}" in row.split("|")[3], row


def test_the_page_lists_every_fault_once_and_in_order() -> None:
    assert list(_names(_section(INDEX, "Faults"))) == [code.value for code in ProgrammeFaultCode]


def test_the_page_lists_every_name_of_a_rule_with_its_type() -> None:
    standing, purchase, line, member = re.split(
        r"On a purchase, besides:|Each line has:|The member has:", _section(PAGES["facts"], "Names in rules")
    )
    everywhere = _types(VOCABULARY.member())

    assert _names(standing) == everywhere
    assert everywhere | _names(purchase) == _types(VOCABULARY.purchase())
    assert _names(line) == _types(LINE_FIELDS)
    assert _names(member) == _types(MEMBER_FIELDS)
    assert VOCABULARY.event("review").keys() == {*everywhere, "hour", "minute", "store", "channel", "event"}
    assert VOCABULARY.one_line().keys() == {*VOCABULARY.purchase(), "line"}
