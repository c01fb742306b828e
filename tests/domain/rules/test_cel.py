"""Google's CEL engine judges the language: what both read, both answer alike, and the rest is refused."""

import re
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings

from cagnotte.domain.rules import BOOL, within_bounds
from domain.rules.cel_judge import CelJudge
from domain.rules.random_rules import DICE, RandomRules, random_facts
from domain.rules.sample_scope import SCOPE, Facts, Line, faults_of, value_of

PAGE = Path(__file__).parents[3].joinpath("docs/reference/rules.md").read_text(encoding="utf-8")
DIFFERENCES = PAGE.partition("## How it differs from CEL")[2].partition("## Limits")[0]
REFUSED = re.findall(r"^\| `{1,2}(.+?)`{1,2} \| `([a-z0-9_]+)` \|$", DIFFERENCES, re.MULTILINE)
JUDGE = CelJudge(SCOPE)
SALE = Facts(lines=(Line(tags=("organic",)), Line(paid=-5, quantity=3)))
JUDGED_SALE = JUDGE.facts(SALE)
SLIPS = ["", *"()[]{}!-+.,?:&|<>=%/*0123456789'`\\ultrbeE_x", '"', "\n", " ", "//", "&&", "||", "==", " in ", "!("]


@settings(deadline=None, max_examples=250)
@given(dice=DICE)
def test_random_rules_on_random_baskets_give_what_cel_gives(dice: Random) -> None:
    baskets = [random_facts(dice) for _ in range(5)]
    judged = [JUDGE.facts(facts) for facts in baskets]
    rules = [RandomRules(dice).number_rule(), RandomRules(dice).condition_rule()]

    answers = [[rule.evaluate(facts) for facts in baskets] for rule in rules]

    assert answers == [[JUDGE.value(rule.source, facts) for facts in judged] for rule in rules]
    assert [within_bounds(SCOPE, facts) for facts in baskets] == [None] * 5


@settings(deadline=None, max_examples=250)
@given(dice=DICE)
def test_a_text_with_a_slip_is_refused_or_means_what_it_means_in_cel(dice: Random) -> None:
    source = RandomRules(dice).condition_rule(depth=2).source
    at, keep = dice.randrange(len(source) + 1), dice.randrange(2)
    slipped = source[:at] + dice.choice(SLIPS) + source[at + keep :]

    if not faults_of(slipped):
        assert JUDGE.value(slipped, JUDGED_SALE) is value_of(slipped, SALE, gives=BOOL)


def test_the_page_lists_what_of_cel_is_refused() -> None:
    assert len(REFUSED) == 52


@pytest.mark.parametrize(("source", "code"), REFUSED)
def test_cel_that_is_not_in_the_language_is_refused(source: str, code: str) -> None:
    faults = faults_of(source)

    assert [fault.code for fault in faults][:1] == [code]
    assert JUDGE.reads(source) is not None


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("007 == 7", True),
        ("--5 == 5", True),
        ("weekday in [1, 2,]", True),
        ("-9223372036854775808 < 0", True),
        ("-7 / 2 == -3 && -7 % 2 == -1 && 7 / -2 == -3", True),
        ('"\\ue000" < "😀" && "é" != "e\u0301" && size("e\u0301😀") == 3', True),
        ("tier == 'gold' ? true : false ? false : true", True),
        ("true || false && false", True),
        ("-weekday + 5 == 3", True),
        ('!lines.exists(l, "organic" in l.tags)', False),
        ("lines.exists_one(l, l.quantity > 1)", True),
        ("lines.filter(l, l.paid > 0).map(l, l.paid).size() == 1", True),
        ('tier.contains("") && tier.startsWith("") && tier.endsWith("")', True),
        ("size(lines) == lines.size()", True),
    ],
)
def test_what_is_easily_read_in_two_ways_is_read_as_cel_reads_it(source: str, expected: bool) -> None:
    judged: Any = JUDGE.value(source, JUDGED_SALE)

    assert judged is value_of(source, SALE, gives=BOOL) is expected
