"""Each operator, function and method of the language, by example."""

import pytest

from cagnotte.domain.rules import BOOL, TEXT, Value
from domain.rules.sample_scope import Eligible, Facts, Line, Member, Sale, value_of

BASKET = Facts(
    eligible=Eligible(paid=-199, quantity=2),
    lines=(
        Line(category="wine", paid=1200, tags=("organic", "local")),
        Line(category="dairy", paid=-50, quantity=-1, tags=("organic",)),
        Line(category="été", brand="o'k", paid=300, quantity=3, is_discounted=True),
    ),
    member=Member(spend_365d=50_000, refused=("mail",), visits=(3, 1, 4)),
)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("10 - 4 - 3", 3),
        ("-weekday", -2),
        ("--weekday", 2),
        ("- 5 + 1", -4),
        ("-9223372036854775808", -(2**63)),
        ("007", 7),
        ("from + 1", 5),
        ("weekday == 2 ? 10 : 20", 10),
        ("weekday == 3 ? 10 : hour == 18 ? 30 : 40", 30),
        ("min(weekday, 5) + max(weekday, 5)", 7),
        ("min(weekday + 9, 5) + max(weekday + 9, 5)", 16),
        ("size(lines)", 3),
        ("lines.size()", 3),
        ("size(tier)", 4),
        ("'été'.size()", 3),
        ("lines.map(l, l.paid).sum()", 1450),
        ("lines.filter(l, l.paid > 0).map(l, l.quantity).sum()", 4),
        ("lines.filter(l, l.paid > 0).filter(m, m.quantity > 1).size()", 1),
        ("lines.map(l, l.paid * 2).filter(p, p > 0).map(p, p + p % 7).sum()", 3011),
        ('lines.filter(l, "organic" in l.tags).map(l, l.paid).sum() / 50', 23),
        ("lines.map(l, lines.filter(m, m.paid > l.paid).size()).sum()", 3),
        ("member.visits.sum()", 8),
        ("[1, 2, weekday].sum()", 5),
        ("lines.filter(l, l.paid > 99999).map(l, l.paid).sum()", 0),
        ("1 + size(\n\tlines\r\n)", 4),
        ("lines.map(l, l.paid).min()", -50),
        ("lines.map(l, l.paid).max()", 1200),
        ("lines.filter(l, l.paid > 0).map(l, l.paid).min()", 300),
        ("lines.filter(l, l.paid > 99999).map(l, l.paid).min()", 0),
        ("lines.filter(l, l.paid > 99999).map(l, l.paid).max()", 0),
        ("member.visits.max() - member.visits.min()", 3),
        ("[weekday, 7].min() + [weekday, 7].max()", 9),
        ('date("1970-01-01")', 0),
        ('date("1969-12-31")', -1),
        ("date('2024-02-29')", 19_782),
        ('date("0001-01-01")', -719_162),
        ('date("9999-12-31")', 2_932_896),
        ('date("2026-12-25") - day', 297),
        ("weekday_of(0)", 4),
        ("weekday_of(day)", 2),
        ('weekday_of(date("1969-12-28"))', 7),
        ("year_of(day) * 10000 + month_of(day) * 100 + day_of_month_of(day)", 20_260_303),
        ('month_of(date("2024-02-29") + 1)', 3),
        ("year_of(-99999999)", 1),
        ("year_of(99999999) * 100 + month_of(99999999)", 999_912),
    ],
)
def test_a_number_rule_gives(source: str, expected: int) -> None:
    assert value_of(source, BASKET) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("true || false", True),
        ("true && false", False),
        ("!is_birthday_month", True),
        ("!!true", True),
        ("weekday == 2", True),
        ("weekday != 2", False),
        ("weekday < 2", False),
        ("weekday <= 2", True),
        ("weekday > 1", True),
        ("weekday >= 3", False),
        ("is_birthday_month == false", True),
        ('tier < "silver"', True),
        ('"Z" < "a"', True),
        ('"été" > "zoo"', True),
        ("weekday in [1, 2, 3]", True),
        ("weekday in [weekday + 1, hour]", False),
        ("weekday in []", False),
        ('tier in ["gold", "silver",]', True),
        ('"mail" in member.refused', True),
        ('!("sms" in member.refused)', True),
        ("lines.exists(l, l.paid < 0)", True),
        ("lines.all(l, l.paid < 0)", False),
        ("lines.filter(l, l.paid > 0).all(l, l.quantity > 0)", True),
        ("lines.exists(l, l.brand == 'o\\'k')", True),
        ("lines.exists(l, l.category == '\\u00e9t\\u00E9')", True),
        ("lines.exists(l, lines.all(m, m.paid <= l.paid))", True),
        ("[1, 2].exists(x, x == weekday)", True),
        ('tier.startsWith("go")', True),
        ('tier.endsWith("go")', False),
        ('tier.contains("ol")', True),
        ("tier.contains(channel)", False),
        ("lines.exists_one(l, l.paid < 0)", True),
        ("lines.exists_one(l, l.paid > 0)", False),
        ("lines.exists_one(l, l.paid > 99999)", False),
        ('lines.exists_one(l, l.tags.exists_one(t, t == "local"))', True),
    ],
)
def test_a_condition_gives(source: str, expected: bool) -> None:
    assert value_of(source, BASKET, gives=BOOL) is expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (r'"a\\b\"c\'d\ne\tf\u00e9"', "a\\b\"c'd\ne\tfé"),
        ("'single \"double\" inside'", 'single "double" inside'),
        ('"l\'été"', "l'été"),
        ('weekday == 2 ? tier : "none"', "gold"),
    ],
)
def test_a_text_rule_gives(source: str, expected: str) -> None:
    assert value_of(source, BASKET, gives=TEXT) == expected


@pytest.mark.parametrize(
    ("dividend", "divisor", "quotient", "remainder"),
    [(7, 2, 3, 1), (-7, 2, -3, -1), (7, -2, -3, 1), (-7, -2, 3, -1), (-199, 100, -1, -99), (0, 5, 0, 0)],
)
def test_division_truncates_towards_zero_and_the_remainder_has_the_sign_of_the_dividend(
    dividend: int, divisor: int, quotient: int, remainder: int
) -> None:
    facts = Facts(weekday=dividend)

    by_name = value_of(f"weekday / {divisor}", facts), value_of(f"weekday % {divisor}", facts)
    by_expression = (
        value_of(f"(weekday + 0) / {divisor}", facts),
        value_of(f"(weekday + 0) % {divisor}", facts),
    )

    assert by_name == by_expression == (quotient, remainder)


@pytest.mark.parametrize(
    ("bare", "grouped"),
    [
        ("true || true && false", "true || (true && false)"),
        ("false && false || true", "(false && false) || true"),
        ("weekday == 2 && hour > 3", "(weekday == 2) && (hour > 3)"),
        ("!is_birthday_month == true", "(!is_birthday_month) == true"),
        ("is_birthday_month == false || true", "(is_birthday_month == false) || true"),
        ("weekday + 1 < hour * 2", "(weekday + 1) < (hour * 2)"),
        ("weekday + 1 in [3]", "(weekday + 1) in [3]"),
        ("true || false ? false : true", "(true || false) ? false : true"),
        ("2 - 1 - 1 == 0", "((2 - 1) - 1) == 0"),
        ("16 / 4 / 2 == 2", "((16 / 4) / 2) == 2"),
        ("7 % 4 * 2 == 6", "((7 % 4) * 2) == 6"),
        ("2 + 3 * 4 == 14", "(2 + (3 * 4)) == 14"),
        ("-weekday * 2 == -4", "((-weekday) * 2) == -4"),
        ("-weekday + 5 == 3", "((-weekday) + 5) == 3"),
        ("-eligible.paid == 199", "(-(eligible.paid)) == 199"),
        ("!lines.exists(l, true) == false", "(!(lines.exists(l, true))) == false"),
        ("false ? true : false ? false : true", "false ? true : (false ? false : true)"),
    ],
)
def test_operators_bind_as_in_cel(bare: str, grouped: str) -> None:
    first: Value = value_of(bare, BASKET, gives=BOOL)

    assert first == value_of(grouped, BASKET, gives=BOOL)


def test_a_basket_without_lines_sums_to_nothing_and_every_line_agrees() -> None:
    nothing = Facts(lines=())

    assert value_of("lines.map(l, l.paid).sum() + size(lines)", nothing) == 0
    assert value_of("lines.all(l, false)", nothing, gives=BOOL) is True
    assert value_of("lines.exists(l, true)", nothing, gives=BOOL) is False


def test_a_long_chain_of_maps_costs_one_step_each() -> None:
    reading_twice = "lines.map(l, l.quantity)" + ".map(x, (x + x) / 2)" * 50 + ".sum()"

    assert value_of(reading_twice, Facts(lines=(Line(quantity=3),))) == 3


def test_a_field_of_the_programme_reads_the_attributes_of_its_owner() -> None:
    lines = (Line(attributes={"colour": "red", "grams": 250, "is_local": True, "class": "A"}), Line(paid=5))
    facts = Facts(
        lines=lines, sale=Sale({"weather": "rain"}), member=Member(attributes={"children": 2, "birthday": -3})
    )

    assert value_of('lines.filter(l, l.colour == "red" && l.class == "A").size()', facts) == 1
    assert value_of("lines.map(l, l.grams).sum() + member.children * 1000 + member.birthday", facts) == 2247
    assert value_of('sale.weather == "rain" && lines.exists(l, l.is_local)', facts, gives=BOOL) is True


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('lines.all(l, l.colour == "" && l.grams == 0 && !l.is_local)', True),
        ("lines.exists(l, l.labels.size() > 0 || l.sizes.sum() > 0)", False),
        ('sale.weather == "" && sale.rating == 0 && member.children == 0', True),
        ('lines.exists(l, "bio" in l.labels)', False),
    ],
)
def test_a_field_of_the_programme_that_has_no_value_is_empty(source: str, expected: bool) -> None:
    assert value_of(source, Facts(lines=(Line(), Line())), gives=BOOL) is expected


def test_a_search_reads_no_item_after_the_one_that_decides() -> None:
    read: list[int] = []

    class Watched(int):
        def __gt__(self, other: int) -> bool:
            read.append(int(self))
            return int(self) > other

    facts = Facts(member=Member(visits=(Watched(1), Watched(5), Watched(9))))

    assert value_of("member.visits.exists(v, v > 3)", facts, gives=BOOL) is True
    assert value_of("member.visits.all(v, v > 3)", facts, gives=BOOL) is False
    assert read == [1, 5, 1]


def test_a_search_inside_a_search_sees_the_items_of_both() -> None:
    source = 'lines.exists(l, lines.exists(m, m.paid > l.paid && m.category == "r_tier v1") && l.brand == tier)'
    facts = Facts(tier="b2", lines=(Line(paid=9, category="r_tier v1"), Line(paid=5, brand="b2")))

    assert value_of(source, facts, gives=BOOL) is True


def test_the_deepest_rule_still_compiles_to_python() -> None:
    deepest = "weekday"
    for _ in range(31):
        deepest = f"min({deepest} + 1, 1000)"

    assert value_of(deepest, Facts(weekday=0)) == 31
    assert value_of("!" * 62 + "true", gives=BOOL) is True
