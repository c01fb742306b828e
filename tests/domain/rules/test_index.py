"""An index leaves out only rules that do not hold, whatever the rules and the facts."""

from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from cagnotte.domain.rules import (
    BOOL,
    INT,
    TEXT,
    Record,
    Rule,
    RuleFaultCode,
    Type,
    compile_rule,
    compile_rules,
    list_of,
)
from cagnotte.domain.rules.bit_tables import BLOCK
from cagnotte.domain.rules.index import Asked, build_index, compile_indexed
from cagnotte.domain.rules.predicates import Contains, OneOf, Step, Within
from domain.rules.invented_rules import FACTS, Node, bool_trees, int_trees, text_of
from domain.rules.sample_scope import (
    LINE,
    SCOPE,
    Eligible,
    Facts,
    Line,
    Member,
    Sale,
    condition,
    faults_of,
    points,
)

# The time of one case says nothing on a shared machine.
patiently = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
MISWRITTEN = {
    RuleFaultCode.UNEXPECTED_TOKEN,
    RuleFaultCode.UNKNOWN_NAME,
    RuleFaultCode.UNKNOWN_FIELD,
    RuleFaultCode.TYPES_DIFFER,
    RuleFaultCode.WRONG_TYPE,
    RuleFaultCode.WRONG_RESULT,
}
A, B, C = '"gold"', '"wine"', '"été"'  # words that the invented facts hold too
WORD = st.sampled_from([A, B, C, '""'])
SMALL = st.integers(-3, 5)
BOUND = st.sampled_from([-10_000, -3, 0, 1, 2, 5, 9, 10_000, 2**63 - 1])
ORDER = st.sampled_from(["<", "<=", ">", ">=", "==", "!="])


class Own(msgspec.Struct, frozen=True):
    attributes: dict[str, Any]


class Person(msgspec.Struct, frozen=True):
    member: Own


class OneLine:
    """Facts with one of their lines."""

    def __init__(self, facts: Facts, line: Line) -> None:
        self._facts = facts
        self.line = line

    def __getattr__(self, name: str) -> Any:
        return getattr(self._facts, name)


def compiled(source: str, *, gives: Type) -> Rule:
    """An invented rule; one beyond the limits is not a case."""
    faults = faults_of(source, gives=gives)
    assert not {fault.code for fault in faults} & MISWRITTEN, source
    assume(not faults)
    return compile_rule(source, gives=gives, scope=SCOPE)


def invented(trees: st.SearchStrategy[Node], *, gives: Type) -> st.SearchStrategy[Rule]:
    return trees.map(lambda tree: compiled(text_of(tree), gives=gives))


def scalar_tests(
    texts: list[str], numbers: list[str], flags: list[str], lists: list[str]
) -> st.SearchStrategy[str]:
    text, number = st.sampled_from(texts), st.sampled_from(numbers)
    words = st.lists(WORD, max_size=3).map(", ".join)
    return st.one_of(
        st.builds("{} {} {}".format, text, st.sampled_from(["==", "!="]), WORD),
        st.builds("{1} == {0}".format, text, WORD),
        st.builds("{} in [{}]".format, text, words),
        st.builds("{} {} {}".format, number, ORDER, SMALL | BOUND),
        st.builds("{1} {2} {0}".format, number, SMALL | BOUND, ORDER),
        st.builds("{} in [{}, {}]".format, number, SMALL, SMALL),
        st.sampled_from(flags),
        st.builds("{1} in {0}".format, st.sampled_from(lists), WORD),
    )


def combined(tests: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Single tests, their opposites, one or the other, and several together."""
    single = tests | tests.map("!({})".format) | st.builds("({} || {})".format, tests, tests)
    return single | st.lists(single, min_size=1, max_size=3).map(" && ".join)


LINE_TESTS = combined(
    scalar_tests(
        ["l.sku", "l.category", "l.colour"],
        ["l.quantity", "l.paid", "l.grams"],
        ["l.is_discounted", "l.is_local"],
        ["l.tags", "l.labels"],
    )
    | st.sampled_from(['l.sku.contains("o")', "weekday == 2", "l.tags.exists(t, t == tier)"])
)


@st.composite
def list_tests(draw: st.DrawFn) -> str:
    filters = "".join(f".filter(l, {draw(LINE_TESTS)})" for _ in range(draw(st.integers(0, 2))))
    mapped = draw(st.sampled_from(["", ".map(l, l.quantity)", ".map(l, l.paid)"]))
    if not mapped and draw(st.booleans()):
        return f"lines{filters}.{draw(st.sampled_from(['exists', 'all']))}(l, {draw(LINE_TESTS)})"
    if mapped and draw(st.booleans()):
        filters += f"{mapped}.{draw(st.sampled_from(['exists', 'all']))}(n, n {draw(ORDER)} {draw(SMALL)})"
        return f"lines{filters}"
    number = f"lines{filters}{mapped}.{'sum' if mapped and draw(st.booleans()) else 'size'}()"
    number = draw(st.sampled_from(["{}", "{} / 2", "-{}", "3 * {}", "{} % 3"])).format(number)
    return f"{number} {draw(ORDER)} {draw(SMALL)}"


FACTS_TESTS = combined(
    scalar_tests(
        ["tier", "channel", "sale.weather"],
        ["weekday", "hour", "from", "eligible.paid", "member.spend_365d"],
        ["is_birthday_month"],
        ["member.refused"],
    )
    | list_tests()
)
USUAL = st.lists(FACTS_TESTS, min_size=1, max_size=4).map(lambda tests: compiled(" && ".join(tests), gives=BOOL))
CONDITIONS = st.none() | USUAL | invented(bool_trees(depth=3), gives=BOOL)
GAINS = st.sampled_from(
    [
        "7",
        "0",
        "eligible.paid / 100",
        'lines.filter(l, l.category == "wine").map(l, l.paid).sum() / 5',
        'weekday * lines.filter(l, "gold" in l.tags && l.paid > 0).size()',
        'lines.filter(l, l.sku == "été").map(l, l.paid).filter(n, n > 3).sum()',
    ]
).map(points)


@settings(patiently, max_examples=250)
@given(conditions=st.lists(CONDITIONS, max_size=8), facts=FACTS)
def test_every_condition_that_holds_is_a_candidate(conditions: list[Rule | None], facts: Facts) -> None:
    candidates = build_index([Asked(when) for when in conditions]).candidates(facts)

    holding = [number for number, when in enumerate(conditions) if when is None or when.evaluate(facts)]
    assert candidates == sorted(set(candidates))
    assert set(holding) <= set(candidates)


@settings(patiently, max_examples=250)
@given(conditions=st.lists(CONDITIONS, max_size=8), facts=FACTS)
def test_a_candidate_with_nothing_left_to_try_holds(conditions: list[Rule | None], facts: Facts) -> None:
    index = build_index([Asked(when) for when in conditions])

    candidates = index.candidates(facts)

    sure = [conditions[number] for number in candidates if not index.rest[number]]
    assert all(when is None or when.evaluate(facts) for when in sure)


@settings(patiently, max_examples=250)
@given(
    pairs=st.lists(st.tuples(CONDITIONS, GAINS | invented(int_trees(depth=3), gives=INT)), max_size=8), facts=FACTS
)
def test_the_index_gives_for_random_rules_what_trying_each_of_them_gives(
    pairs: list[tuple[Rule | None, Rule]], facts: Facts
) -> None:
    found = compile_indexed(pairs, indexed_from=0)(facts)

    assert found == compile_rules(pairs)(facts)


BASKET = Facts(lines=(Line(sku="a", category="wine"), Line(sku="b", category="beer", tags=("bio",))))
RULED_OUT = [
    ('tier == "gold"', Facts(tier="silver")),
    ('"gold" == tier', Facts(tier="silver")),
    ('tier != "gold"', Facts(tier="gold")),
    ('!(tier == "gold")', Facts(tier="gold")),
    ('tier in ["gold", "silver"]', Facts(tier="")),
    ('!(tier in ["gold", "silver"])', Facts(tier="silver")),
    ('tier == "gold" || tier in ["silver"] || "iron" == tier', Facts(tier="")),
    ('tier == "gold" && tier == "silver"', Facts(tier="gold")),
    ('tier in ["gold", "silver"] && tier != "silver"', Facts(tier="silver")),
    ("tier in []", Facts()),
    ("is_birthday_month", Facts(is_birthday_month=False)),
    ("!is_birthday_month", Facts(is_birthday_month=True)),
    ("is_birthday_month == false", Facts(is_birthday_month=True)),
    ("eligible.paid >= 5000", Facts(eligible=Eligible(paid=4_999))),
    ("eligible.paid > 5000", Facts(eligible=Eligible(paid=5_000))),
    ("5000 <= eligible.paid", Facts(eligible=Eligible(paid=4_999))),
    ("!(eligible.paid < 5000)", Facts(eligible=Eligible(paid=4_999))),
    ("hour >= 9 && hour < 18", Facts(hour=18)),
    ("hour >= 9 && hour < 18", Facts(hour=8)),
    ("hour > 9 && hour < 10", Facts(hour=9)),
    ('"mail" in member.refused', Facts(member=Member(refused=("sms",)))),
    ('"mail" in member.refused || "sms" in member.refused', Facts()),
    ('!("mail" in member.refused)', Facts(member=Member(refused=("sms", "mail")))),
    ("7 in member.visits", Facts(member=Member(visits=(1, 2)))),
    ('lines.exists(l, l.sku == "c")', BASKET),
    ('lines.exists(l, l.sku == "a" && l.category == "beer")', BASKET),
    ('lines.exists(l, l.category in ["bread", "fish"] && !l.is_discounted)', BASKET),
    ('lines.exists(l, "bio" in l.tags && l.sku == "a")', BASKET),
    ('lines.exists(l, l.sku == "a") && lines.exists(l, l.sku == "c")', BASKET),
    ('lines.exists(l, l.sku == "c") || lines.exists(l, l.sku == "d")', BASKET),
    ('lines.filter(l, l.category == "wine").exists(l, l.sku == "b")', BASKET),
    ('!lines.exists(l, l.category == "wine")', BASKET),
    ('lines.all(l, l.category != "wine")', BASKET),
    ('lines.filter(l, l.category == "fish").size() > 0', BASKET),
    ('lines.filter(l, l.category == "fish").map(l, l.paid).size() != 0', BASKET),
]
RULED_OUT_BEFORE_IT_IS_TRIED = [
    ('lines.filter(l, l.category == "fish").size() >= 2', BASKET),
    ('lines.filter(l, l.category == "fish").map(l, l.paid).sum() >= 100', BASKET),
    ('100 <= lines.filter(l, l.category == "fish").map(l, l.paid).sum() / 2', BASKET),
    ('3 * -lines.filter(l, "new" in l.tags).map(l, l.paid).sum() % 9 == 2', BASKET),
    ('lines.filter(l, l.sku == "c").map(l, l.paid).exists(n, n > 7)', BASKET),
    ('lines.exists(l, l.sku == "c" && l.paid > l.quantity)', BASKET),
    ('lines.exists(l, l.sku == "c" && "new" in l.tags && "bio" in l.tags)', BASKET),
    ('tier == "gold" && tier < channel', Facts(tier="silver")),
]
NEVER_RULED_OUT = [
    "true",
    "false",
    "tier == channel",
    'tier < "h"',
    'tier.contains("z")',
    'weekday == 1 || tier == "none"',
    "tier in [channel]",
    "lines.size() > 99",
    "lines.exists(l, l.paid > l.quantity)",
    "lines.exists(l, weekday == 1)",
    'lines.filter(l, l.sku == "c").size() < 5',
    'lines.filter(l, l.sku == "c").size() == 0 && lines.map(l, l.paid).sum() > 5',
    'weekday == 2 ? tier == "none" : false',
]


@pytest.mark.parametrize(("source", "facts"), RULED_OUT)
def test_what_compares_paths_with_literals_is_only_looked_up(source: str, facts: Facts) -> None:
    index = build_index([Asked(condition(source))])

    assert index.candidates(facts) == []
    assert index.rest == [()]


@pytest.mark.parametrize(("source", "facts"), RULED_OUT_BEFORE_IT_IS_TRIED)
def test_what_must_be_computed_is_left_out_where_what_it_requires_is_not_there(source: str, facts: Facts) -> None:
    index = build_index([Asked(condition(source))])

    assert index.candidates(facts) == []
    assert [len(parts) for parts in index.rest] == [1]


@pytest.mark.parametrize("source", NEVER_RULED_OUT)
def test_what_cannot_be_looked_up_is_always_tried(source: str) -> None:
    index = build_index([Asked(condition(source))])

    assert index.candidates(Facts()) == [0]
    assert [len(parts) > 0 for parts in index.rest] == [True]


def test_a_fourth_condition_on_the_items_of_a_list_is_tried() -> None:
    asked = [f'lines.exists(l, l.sku == "{sku}")' for sku in "abcd"]
    index = build_index([Asked(condition(" && ".join(asked)))])
    abc = tuple(Line(sku=sku) for sku in "abc")

    candidates = [index.candidates(Facts(lines=lines)) for lines in (abc[:2], abc)]

    assert candidates == [[], [0]]
    assert [len(parts) for parts in index.rest] == [1]


def test_a_second_text_asked_of_one_list_is_tried() -> None:
    index = build_index([Asked(condition('"mail" in member.refused && "sms" in member.refused'))])

    candidates = [index.candidates(Facts(member=Member(refused=texts))) for texts in (("sms",), ("mail",))]

    assert candidates == [[], [0]]
    assert [len(parts) for parts in index.rest] == [1]


def test_nothing_is_looked_up_of_a_root_that_the_caller_changes() -> None:
    asked = Asked(condition("eligible.paid >= 5000 && weekday == 2"))
    index = build_index([asked], changing=frozenset({"eligible"}))

    candidates = [index.candidates(Facts(weekday=day)) for day in (2, 3)]

    assert candidates == [[0], []]
    assert [len(parts) for parts in index.rest] == [1]


def test_a_programmes_own_attributes_are_looked_up_like_other_fields() -> None:
    own = Record("member", {}).with_attributes({"team": TEXT, "is_staff": BOOL, "likes": list_of(TEXT)})
    texts = ['member.team == ""', 'member.team == "red"', "!member.is_staff", '"tea" in member.likes']
    index = build_index([Asked(compile_rule(text, gives=BOOL, scope={"member": own})) for text in texts])
    people = [Person(Own({})), Person(Own({"team": "red", "is_staff": True, "likes": ("tea",)}))]

    candidates = [index.candidates(person) for person in people]

    assert candidates == [[0, 2], [1, 3]]
    assert index.rest == [(), (), (), ()]


def test_thousands_of_rules_stand_in_blocks_and_keep_their_order() -> None:
    count = 2 * BLOCK + 5
    pairs = [(condition(f"weekday == {day}"), points(f"hour + {day}")) for day in range(1, 8)]
    many = [pairs[number % 7] for number in range(count)]

    given = compile_indexed(many)(Facts(weekday=2, hour=18))

    assert given == [(number, 20) for number in range(1, count, 7)]


def test_no_rules_give_nothing() -> None:
    assert compile_indexed([], indexed_from=0)(Facts()) == []


@settings(patiently, max_examples=300)
@given(sources=st.lists(LINE_TESTS, max_size=6), facts=FACTS)
def test_a_rule_over_one_line_is_a_candidate_when_it_holds_for_a_line(sources: list[str], facts: Facts) -> None:
    scope = {**SCOPE, "line": LINE}
    rules = [compile_rule(source.replace("l.", "line."), gives=BOOL, scope=scope) for source in sources]

    candidates = build_index([Asked(None, line=rule) for rule in rules]).candidates(facts)

    holding = [
        number
        for number, rule in enumerate(rules)
        if any(rule.evaluate(OneLine(facts, line)) for line in facts.lines)
    ]
    assert set(holding) <= set(candidates)


def test_a_rule_over_one_line_is_left_out_when_no_line_has_its_category() -> None:
    scope = {"line": LINE}
    rules = [compile_rule(f'line.category == "{name}"', gives=BOOL, scope=scope) for name in ("wine", "fish")]

    candidates = build_index([Asked(None, line=rule) for rule in rules]).candidates(BASKET)

    assert candidates == [0]


def test_what_a_caller_asks_besides_is_looked_up_too() -> None:
    weather = (Step("sale"), Step("weather", absent=""))
    also = [
        (Within((Step("day"),), 20_000, 20_999),),
        (Within((Step("day"),), 21_000, None),),
        (Contains((Step("member"), Step("refused")), frozenset({"sms"})),),
        (OneOf(weather, frozenset({"rain"})),),
    ]
    pairs = [(condition("weekday == 2"), points("5")) for _ in also]
    facts = Facts(day=20_515, member=Member(refused=("mail", "sms")), sale=Sale({"weather": "sun"}))

    given = compile_indexed(pairs, also=also, indexed_from=0)(facts)

    assert given == [(0, 5), (2, 5)]


def test_rules_with_the_same_points_are_each_tried_by_their_own_condition() -> None:
    texts = [f"lines.exists(l, l.paid > {factor} * l.quantity)" for factor in (1, 1_000, 2)]
    pairs = [(condition(text), points("hour / 2")) for text in [*texts, "weekday == 2", "weekday == 3"]]

    given = compile_indexed(pairs, indexed_from=0)(Facts(hour=18, weekday=2, lines=(Line(paid=100),)))

    assert given == [(0, 9), (2, 9), (3, 9)]
