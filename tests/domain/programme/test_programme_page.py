"""docs/reference/programme.md: what the page says is what the check does."""

import re
from pathlib import Path

import pytest

from cagnotte.domain.programme.faults import ProgrammeFaultCode
from cagnotte.domain.programme.vocabulary import LINE, PURCHASE
from cagnotte.domain.rules import Record, Scope
from cagnotte.domain.rules.types import type_name
from domain.programmes import HEAD, faults_of, programme_of

PAGE = Path(__file__).parents[3].joinpath("docs/reference/programme.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)


def _section(title: str) -> str:
    return re.split(r"^#+ ", PAGE.split(f"# {title}\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]


def _rows(text: str) -> list[list[str]]:
    return re.findall(r"^\| `([^`]+)` \| ([^|]+?) \|", text, re.MULTILINE)


def _flat(names: Scope) -> dict[str, str]:
    flat: dict[str, str] = {}
    for name, kind in names.items():
        if isinstance(kind, Record):
            flat |= {f"{name}.{field}": type_name(below) for field, below in kind.fields.items()}
        else:
            flat[name] = type_name(kind)
    return flat


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_of_the_page_is_accepted(example: str) -> None:
    head = "" if "[programme]" in example else HEAD
    wallet = "" if "[wallets." in example else "[wallets.points]\n"

    assert programme_of(f"{head}{wallet if head else ''}{example}{wallet if not head else ''}").code == "maison"


def test_the_complete_example_has_every_table() -> None:
    programme = programme_of(EXAMPLES[0])

    assert [len(part) for part in (programme.wallets, programme.earn, programme.tiers, programme.conversions)] == [
        2, 4, 3, 2,
    ]  # fmt: skip


def test_the_page_lists_every_fault_once_and_in_order() -> None:
    assert [code for code, _ in _rows(_section("Faults"))] == [code.value for code in ProgrammeFaultCode]


def test_the_page_lists_every_name_of_a_rule_with_its_type() -> None:
    purchase, line = _section("Names in rules").split("Each line has:")

    assert dict(_rows(purchase)) == _flat(PURCHASE)
    assert dict(_rows(line)) == _flat(LINE.fields)


@pytest.mark.parametrize(
    ("section", "table"),
    [
        ("[programme]", "[programme]"),
        ("[wallets.CODE]", "[wallets.points]"),
        ("[[earn]]", "[[earn]]"),
        ("[[tiers]]", "[[tiers]]"),
        ("[[conversions]]", "[[conversions]]"),
    ],
)
def test_the_page_lists_every_key_of_a_table(section: str, table: str) -> None:
    listed = dict.fromkeys(name.split(".")[0] for name, _ in _rows(_section(section)))
    text = f"{table}\nno_such_key = 1\n"

    [known] = [fault.params["known"] for fault in faults_of(text) if fault.params.get("name") == "no_such_key"]

    assert sorted(listed) == sorted(known.split(", "))


@pytest.mark.parametrize(
    ("section", "table", "key"),
    [
        ("[wallets.CODE]", "[wallets.points]", "expiry"),
        ("[[tiers]]", "[[tiers]]", "reach"),
        ("[[conversions]]", "[[conversions]]", "voucher"),
    ],
)
def test_the_page_lists_every_key_of_an_inner_table(section: str, table: str, key: str) -> None:
    listed = [name.removeprefix(f"{key}.") for name, _ in _rows(_section(section)) if name.startswith(f"{key}.")]

    faults = faults_of(f"{table}\n{key} = {{ no_such_key = 1 }}\n")

    [known] = [fault.params["known"] for fault in faults if fault.params.get("name") == "no_such_key"]
    assert sorted(listed) == sorted(known.split(", "))
