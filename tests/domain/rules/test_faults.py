"""Each fault, with its code, its exact place and the values its sentence needs."""

import pytest

from cagnotte.domain.rules import BOOL, INT, RuleError, RuleFault, RuleFaultCode, compile_rule, is_rule_name
from domain.rules.sample_scope import SCOPE, faults_of

# The blamed place stands between « and ».
CASES: list[tuple[str, str, dict[str, str]]] = [
    ("weekday «=» 2", "single_equals", {"found": "=", "suggestion": "=="}),
    ("true «&» false", "foreign_operator", {"found": "&", "suggestion": "&&"}),
    ("true «|» false", "foreign_operator", {"found": "|", "suggestion": "||"}),
    ("weekday «<>» 2", "foreign_operator", {"found": "<>", "suggestion": "!="}),
    ("weekday «===» 2", "foreign_operator", {"found": "===", "suggestion": "=="}),
    ("weekday «!==» 2", "foreign_operator", {"found": "!==", "suggestion": "!="}),
    ("weekday «=>» 2", "foreign_operator", {"found": "=>", "suggestion": ">="}),
    ("weekday «=<» 2", "foreign_operator", {"found": "=<", "suggestion": "<="}),
    ("weekday «//» 2 == 1", "foreign_operator", {"found": "//", "suggestion": "/"}),
    ("true «and» false", "foreign_word", {"found": "and", "suggestion": "&&"}),
    ("true «AND» false", "foreign_word", {"found": "AND", "suggestion": "&&"}),
    ("true «or» false", "foreign_word", {"found": "or", "suggestion": "||"}),
    ("true «et» false", "foreign_word", {"found": "et", "suggestion": "&&"}),
    ("«not» true", "foreign_word", {"found": "not", "suggestion": "!"}),
    ("«NOT»(true)", "foreign_word", {"found": "NOT", "suggestion": "!"}),
    ("tier == «null»", "null", {"found": "null"}),
    ("tier == «None»", "null", {"found": "None"}),
    ("«if» true", "reserved_word", {"found": "if", "suggestion": "? :"}),
    ("«let» == 2", "reserved_word", {"found": "let"}),
    ("weekday > «1.5»", "decimal_number", {"found": "1.5"}),
    ("weekday > «.5»", "decimal_number", {"found": ".5"}),
    ("weekday > «2.»", "decimal_number", {"found": "2."}),
    ("weekday > «1e3»", "decimal_number", {"found": "1e3"}),
    ("weekday > «1,5»", "decimal_number", {"found": "1,5"}),
    ("weekday > «1_000»", "malformed_number", {"found": "1_000", "suggestion": "1000"}),
    ("weekday > «10 000»", "malformed_number", {"found": "10 000", "suggestion": "10000"}),
    ("weekday > «0x1F»", "malformed_number", {"found": "0x1F"}),
    ("weekday > «9223372036854775808»", "number_too_big", {"limit": "9223372036854775807"}),
    ("weekday > «-9223372036854775809»", "number_too_big", {"limit": "9223372036854775807"}),
    ("tier == «'gold»", "unclosed_text", {"expected": "'"}),
    ('tier == «"gold»\n"', "unclosed_text", {"expected": '"'}),
    ('tier == «"\\"»', "unclosed_text", {"expected": '"'}),
    ('tier == "a«\\q»"', "unknown_escape", {"found": "\\q"}),
    ('tier == "«\\ud800»"', "unknown_escape", {"found": "\\ud800"}),
    ('tier == "«\\u»12"', "unknown_escape", {"found": "\\u"}),
    ('tier == "«\\u0000»"', "unknown_escape", {"found": "\\u0000"}),
    ("weekday«\u00a0»== 2", "unexpected_character", {"found": "U+00A0", "suggestion": " "}),
    ("tier == «“»gold”", "unexpected_character", {"found": "“", "suggestion": '"'}),
    ("weekday «≥» 2", "unexpected_character", {"found": "≥", "suggestion": ">="}),
    ("weekday > 2«€»", "unexpected_character", {"found": "€"}),
    ('tier == "a«\x00»"', "unexpected_character", {"found": "U+0000"}),
    ('tier == "«\ud800»"', "unexpected_character", {"found": "U+D800"}),
    ("lines«[»0] == 2", "unexpected_token", {"found": "[", "expected": "operator"}),
    ("true«)»", "unexpected_token", {"found": ")", "expected": "operator"}),
    ("«*» 2", "unexpected_token", {"found": "*", "expected": "value"}),
    ("min(1, 2,«)» > 1", "unexpected_token", {"found": ")", "expected": "value"}),
    ("1 < weekday «<» 3", "chained_comparison", {"operator": "<"}),
    ("weekday == hour «==» true", "chained_comparison", {"operator": "=="}),
    ("«weekdy» == 2", "unknown_name", {"name": "weekdy", "suggestion": "weekday"}),
    ("«WEEKDAY» == 2", "unknown_name", {"name": "WEEKDAY", "suggestion": "weekday"}),
    ("«zzz» == 2", "unknown_name", {"name": "zzz"}),
    ("«True»", "unknown_name", {"name": "True", "suggestion": "true"}),
    (
        "lines.exists(l, l.«paidd» > 0)",
        "unknown_field",
        {"name": "paidd", "record": "line", "suggestion": "paid"},
    ),
    ("weekday.«paid» > 0", "unknown_field", {"name": "paid", "record": "int"}),
    ("lines.«size» > 0", "unknown_field", {"name": "size", "record": "list(line)", "suggestion": "size()"}),
    (
        "lines.«exist»(l, true)",
        "unknown_method",
        {"name": "exist", "type": "list(line)", "suggestion": "exists"},
    ),
    ("lines.«any»(l, true)", "unknown_method", {"name": "any", "type": "list(line)", "suggestion": "exists"}),
    (
        'tier.«startswith»("g")',
        "unknown_method",
        {"name": "startswith", "type": "text", "suggestion": "startsWith"},
    ),
    ("weekday.«size»() > 2", "unknown_method", {"name": "size", "type": "int"}),
    ("«len»(lines) > 2", "unknown_function", {"name": "len", "suggestion": "size"}),
    ("«sum»(lines) > 2", "unknown_function", {"name": "sum", "suggestion": ".sum()"}),
    ("«now»() > 2", "unknown_function", {"name": "now"}),
    ("«min(1)» > 0", "wrong_argument_count", {"name": "min", "expected": "2", "found": "1"}),
    ("«lines.exists(true)»", "wrong_argument_count", {"name": "exists", "expected": "2", "found": "1"}),
    ("«1» && true", "wrong_type", {"place": "&&", "expected": "bool", "found": "int"}),
    ("«tier» + 1 > 2", "wrong_type", {"place": "+", "expected": "int", "found": "text"}),
    ("«true» < false", "wrong_type", {"place": "<", "expected": "int | text", "found": "bool"}),
    (
        "«lines» == lines",
        "wrong_type",
        {"place": "==", "expected": "int | text | bool", "found": "list(line)"},
    ),
    (
        "!«weekday» >= 2",
        "wrong_type",
        {"place": "!", "expected": "bool", "found": "int", "suggestion": "!(weekday >= 2)"},
    ),
    (
        '!«"mail"» in member.refused',
        "wrong_type",
        {"place": "!", "expected": "bool", "found": "text", "suggestion": '!("mail" in member.refused)'},
    ),
    (
        "lines.map(l, «l.tags»).size() > 0",
        "wrong_type",
        {"place": "map", "expected": "int | text | bool", "found": "list(text)"},
    ),
    (
        "lines.filter(l, «l.paid»).size() > 0",
        "wrong_type",
        {"place": "filter", "expected": "bool", "found": "int"},
    ),
    ("«lines».sum() > 0", "wrong_type", {"place": "sum", "expected": "list(int)", "found": "list(line)"}),
    ("«weekday == tier»", "types_differ", {"place": "==", "left": "int", "right": "text"}),
    ('«true ? 1 : "a"»', "types_differ", {"place": "?:", "left": "int", "right": "text"}),
    ("«weekday in member.refused»", "types_differ", {"place": "in", "left": "int", "right": "list(text)"}),
    ("«weekday + 1»", "wrong_result", {"expected": "bool", "found": "int"}),
    ('weekday in [1, «"2"»]', "mixed_list", {"expected": "int", "found": "text"}),
    ("«[]».size() > 1", "empty_list", {}),
    ("2 in «weekday»", "in_needs_list", {"found": "int"}),
    ("tier in «lines.map(l, l.brand)»", "in_needs_list", {"found": "list(text)"}),
    ("weekday / «0» > 1", "division_by_zero", {"operator": "/"}),
    ("weekday % «-0» > 1", "division_by_zero", {"operator": "%"}),
    ("weekday / («1 + 1») > 1", "division_by_expression", {"operator": "/"}),
    ("9 % «weekday» > 1", "division_by_expression", {"operator": "%"}),
    ("lines.exists(«1», true)", "variable_expected", {}),
    ("lines.exists(«weekday», true)", "variable_shadows", {"name": "weekday"}),
    ("lines.exists(l, lines.exists(«l», true))", "variable_shadows", {"name": "l"}),
    (
        "lines.exists(a, lines.exists(b, «lines.exists(c, true)»))",
        "loops_too_deep",
        {"name": "exists", "limit": "2"},
    ),
    ("(true «true»)", "unexpected_token", {"found": "true", "expected": ")"}),
    ("true ? true «?» true : true : true", "unexpected_token", {"found": "?", "expected": ":"}),
    ("lines.«in»(2)", "unexpected_token", {"found": "in", "expected": "name"}),
    ("lines«.5»", "decimal_number", {"found": ".5"}),
    ('day == date(«"2026-02-30"»)', "bad_date", {"found": '"2026-02-30"'}),
    ('day == date(«"25/12/2026"»)', "bad_date", {"found": '"25/12/2026"'}),
    ('day == date(«"20261225"»)', "bad_date", {"found": '"20261225"'}),
    ("day == date(«tier»)", "bad_date", {"found": "tier"}),
    ("day == «date()»", "wrong_argument_count", {"name": "date", "expected": "1", "found": "0"}),
    ("weekday_of(«tier») == 1", "wrong_type", {"place": "weekday_of", "expected": "int", "found": "text"}),
    ("«weekday_off»(day) == 1", "unknown_function", {"name": "weekday_off", "suggestion": "weekday_of"}),
    ("«lines».max() > 1", "wrong_type", {"place": "max", "expected": "list(int)", "found": "list(line)"}),
    ("«lines.map(l, l.paid).min(1)» > 1", "wrong_argument_count", {"name": "min", "expected": "0", "found": "1"}),
    (
        "lines.exists_one(l, «l.paid»)",
        "wrong_type",
        {"place": "exists_one", "expected": "bool", "found": "int"},
    ),
    (
        "lines.exists(l, l.«color» == tier)",
        "unknown_field",
        {"name": "color", "record": "line", "suggestion": "colour"},
    ),
    ('tier == «r»"gold"', "foreign_word", {"found": "r"}),
    ("tier == «b»'gold'", "foreign_word", {"found": "b"}),
    ('tier == «"""»gold"""', "foreign_operator", {"found": '"""', "suggestion": '"'}),
    (
        "(«eligible.paid * from») / 100 > 5",
        "beyond_64_bits",
        {
            "part": "eligible.paid * from",
            "limit": "9223372036854775807",
            "suggestion": "eligible.paid / 100 * from",
        },
    ),
    ("weekday ==«»", "unexpected_end", {"expected": "value"}),
    ("true ? true«»", "unexpected_end", {"expected": ":"}),
    ("(weekday == 2«»", "missing_closing", {"expected": ")", "opened_at": "0"}),
    ("weekday in [1, (2«]»", "missing_closing", {"expected": ")", "opened_at": "15"}),
    ("size(lines«»", "missing_closing", {"expected": ")", "opened_at": "4"}),
    ("«»", "empty", {}),
    ("« \n »", "empty", {}),
]


@pytest.mark.parametrize(("marked", "code", "params"), CASES)
def test_a_wrong_rule_is_blamed_at_its_exact_place(marked: str, code: str, params: dict[str, str]) -> None:
    source = marked.replace("«", "").replace("»", "")

    faults = faults_of(source)

    assert faults == (RuleFault(RuleFaultCode(code), marked.index("«"), marked.index("»") - 1, params),)


def test_every_fault_has_an_example() -> None:
    tried = {code for _, code, _ in CASES}

    assert set(RuleFaultCode) - tried == {"too_long", "too_deep", "too_many_nodes", "too_much_work"}


def test_all_type_faults_are_told_in_text_order() -> None:
    source = 'weekdey == 2 && teir == "x" && (hour + tier > 1) && lines.exists(l, l.payd > hour / 0)'

    faults = faults_of(source)

    assert [(fault.code, source[fault.start : fault.end]) for fault in faults] == [
        ("unknown_name", "weekdey"),
        ("unknown_name", "teir"),
        ("wrong_type", "tier"),
        ("unknown_field", "payd"),
        ("division_by_zero", "0"),
    ]


def test_only_the_first_syntax_fault_is_told() -> None:
    assert [fault.code for fault in faults_of("weekdey = 2 && (tier == 'x'")] == ["single_equals"]


def test_a_rule_of_4000_characters_is_read_and_one_more_is_not() -> None:
    assert faults_of("true" + " " * 3_996) == ()
    assert faults_of("true" + " " * 3_997) == (RuleFault(RuleFaultCode.TOO_LONG, 4_000, 4_001, {"limit": "4000"}),)


def test_a_tree_of_depth_64_is_read_and_one_more_is_not() -> None:
    assert faults_of("!" * 63 + "true") == ()
    assert faults_of("!" * 64 + "true")[0].code is RuleFaultCode.TOO_DEEP
    assert faults_of("+".join(["1"] * 64), gives=INT) == ()
    assert faults_of("+".join(["1"] * 65), gives=INT) == (
        RuleFault(RuleFaultCode.TOO_DEEP, 0, 1, {"limit": "64"}),
    )


@pytest.mark.parametrize(
    "opening",
    ["(", "[", "!", "-", "min(", "size(", "true ? true : ", "lines.map(x, ", "1+(", "true||(", "[("],
)
def test_endless_nesting_is_refused_without_exhausting_the_stack(opening: str) -> None:
    nested = (opening * 4_000)[:4_000]

    assert [fault.code for fault in faults_of(nested)] == [RuleFaultCode.TOO_DEEP]


def test_a_tree_of_1000_nodes_is_read_and_one_more_is_not() -> None:
    within, beyond = (f"1 in [{','.join(['1'] * count)}]" for count in (997, 998))

    assert faults_of(within) == ()
    assert faults_of(beyond) == (RuleFault(RuleFaultCode.TOO_MANY_NODES, 0, len(beyond), {"limit": "1000"}),)


def test_a_number_cannot_be_squared_without_end() -> None:
    squares = "lines.map(l, l.quantity)" + ".map(x, x * x)"

    assert faults_of(f"{squares}.max()", gives=INT) == ()
    assert faults_of(f"{squares}.map(x, x * x).max()", gives=INT) == (
        RuleFault(RuleFaultCode.BEYOND_64_BITS, 46, 51, {"part": "x * x", "limit": "9223372036854775807"}),
    )


def test_a_rule_of_250000_steps_is_taken_and_a_longer_one_is_not() -> None:
    # 100 lines by 100 lines: what stands in both loops is done 10,000 times.
    within, beyond = (f"lines.exists(l, lines.exists(m, m.paid{' + 1' * count} > 0))" for count in (10, 11))

    assert faults_of(within) == ()
    assert faults_of(beyond) == (
        RuleFault(RuleFaultCode.TOO_MUCH_WORK, 0, len(beyond), {"limit": "250000", "lines": "100"}),
    )
    assert faults_of(f"lines.exists(l, lines.exists(m, m.paid in [{', '.join(['5'] * 900)}]))") == ()


def test_the_error_lists_its_faults() -> None:
    with pytest.raises(RuleError, match=r"^unknown_name@0:1$") as caught:
        compile_rule("z", gives=BOOL, scope=SCOPE)

    assert caught.value.faults == faults_of("z")


@pytest.mark.parametrize("name", ["weekday", "spend_365d", "_x", "class", "size", "ou"])
def test_a_programme_may_declare_the_name(name: str) -> None:
    assert is_rule_name(name)


@pytest.mark.parametrize("name", ["", "2x", "été", "a b", "true", "in", "and", "OR", "null", "for", "a\n"])
def test_a_programme_may_not_declare_the_name(name: str) -> None:
    assert not is_rule_name(name)
