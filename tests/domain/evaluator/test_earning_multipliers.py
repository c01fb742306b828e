"""Multipliers with lines of their own: double points on wine."""

import pytest

from cagnotte.domain.earning.amounts import by_weight
from cagnotte.domain.evaluator.decision import UsedFacts
from cagnotte.domain.evaluator.explain import RuleOutcome, explain_rules
from domain.evaluator.lives import Life, a_line, a_programme, by_rule

RATE = '[[earn]]\ncode = "base"\npoints = 1\nper = 100\n'
WINE = "lines = 'line.category == \"wine\"'\n"


def times(code: str, factor: str, lines: str = WINE, more: str = "") -> str:
    return f'[[earn]]\ncode = "{code}"\nmultiply = {factor}\n{lines}{more}'


def earned(text: str, *lines: object, **more: object) -> dict[str, int]:
    return by_rule(Life(a_programme(text)).buy(*lines, **more))  # type: ignore[arg-type]


def test_a_multiplier_with_lines_adds_to_the_points_of_these_lines_alone() -> None:
    lines = (a_line(1_000, "wine"), a_line(500, "tea"))

    assert earned(RATE + times("wine", "3"), *lines) == {"base": 15, "wine": 20}
    assert earned(RATE + times("wine", "3"), a_line(500, "tea")) == {"base": 5}


@pytest.mark.parametrize(
    ("wine", "tea", "added"),
    [
        (1_000, 999, 20),  # 10 points of wine, though the rule rounds 19.99 to 19
        (150, 50, 3),  # one and a half of two points, twice
        (199, 0, 2),  # all lines are wine: as without lines, of the one whole point
        (150, 49, 2),  # of 1.99 the rule gives 1, and no more than that is wine's
    ],
)
def test_lines_count_exactly_up_to_what_the_rule_gave(wine: int, tea: int, added: int) -> None:
    found = earned(RATE + times("wine", "3"), a_line(wine, "wine"), a_line(tea, "tea"))

    assert found["wine"] == added


def test_the_sum_of_exact_points_is_rounded_once() -> None:
    """19.99 and 10 more for the wine are 29.99."""
    policy = '[earning]\nmultiply = { on = "exact" }\n'

    found = earned(policy + RATE + times("wine", "2"), a_line(1_000, "wine"), a_line(999, "tea"))

    assert found == {"base": 19, "wine": 10}
    found = earned(policy + RATE + times("wine", "2"), a_line(1_050, "wine"), a_line(999, "tea"))
    assert sum(found.values()) == 30  # 20.49 and 10.50 are 30.99


@pytest.mark.parametrize(("combine", "total"), [("add", 60), ("multiply", 80), ("best", 50)])
def test_each_line_has_the_multipliers_that_it_meets(combine: str, total: int) -> None:
    """10.00 of wine and 10.00 of tea: wine times three, everything times two. The 10 points of tea become 20,
    those of wine 40, 60 or 30."""
    text = f'[earning]\nmultiply = {{ combine = "{combine}" }}\n{RATE}{times("all", "2", "")}{times("wine", "3")}'

    found = earned(text, a_line(1_000, "wine"), a_line(1_000, "tea"))

    assert sum(found.values()) == total


def test_a_rule_with_lines_and_a_multiplier_with_lines_meet_where_both_hold() -> None:
    red = '[[earn]]\ncode = "red"\npoints = 2\nper = 100\nlines = \'"red" in line.tags\'\n'
    lines = (a_line(1_000, "wine", tags=("red",)), a_line(3_000, "wine"), a_line(500, "tea", tags=("red",)))

    assert earned(red + times("wine", "2"), *lines) == {"red": 30, "wine": 20}


def test_what_a_cap_cut_is_cut_of_every_line_alike() -> None:
    capped = RATE + "cap = { points = 6 }\n"

    assert earned(capped + times("wine", "2"), a_line(1_000, "wine"), a_line(2_000, "tea")) == {
        "base": 6,
        "wine": 2,
    }


def test_of_a_formula_and_of_bands_lines_have_their_share_of_the_eligible_amount() -> None:
    formula = "[[earn]]\ncode = \"base\"\npoints = 'eligible.paid > 2000 ? 30 : 10'\n"
    bands = (
        '[[earn]]\ncode = "base"\nbands = [{ upto = 1000, points = 1, per = 100 }, { points = 3, per = 100 }]\n'
    )
    lines = (a_line(1_000, "wine"), a_line(2_000, "tea"))

    assert earned(formula + times("wine", "2"), *lines) == {"base": 30, "wine": 10}
    assert earned(bands + times("wine", "2"), *lines) == {"base": 70, "wine": 23}


def test_where_lines_are_rounded_a_multiplier_sees_the_points_of_its_lines() -> None:
    policy = '[earning]\nrounding = { per = "line" }\n'
    lines = (a_line(99, "wine"), a_line(299, "wine"), a_line(301, "tea"))

    assert earned(policy + RATE + times("wine", "2"), *lines) == {"base": 5, "wine": 2}


def test_delivery_that_counts_is_nobodys_line() -> None:
    policy = '[earning]\ndelivery = "counted"\n'

    assert earned(policy + RATE + times("wine", "2"), a_line(1_000, "wine"), delivery=500) == {
        "base": 15,
        "wine": 10,
    }
    assert earned(policy + RATE + times("all", "2", ""), 1_000, delivery=500) == {"base": 15, "all": 15}


def test_lines_taken_back_never_make_the_others_worth_more_than_the_rule_gave() -> None:
    back = a_line(-500, "tea", quantity=-1)

    assert earned(RATE + times("wine", "2"), a_line(1_000, "wine"), back) == {"base": 5, "wine": 5}
    assert earned(RATE + times("wine", "2"), a_line(1_000, "tea"), a_line(-500, "wine", quantity=-1)) == {
        "base": 5
    }


def test_points_for_no_amount_at_all_belong_to_no_line() -> None:
    text = (
        "[earning]\nexclude = 'line.category == \"card\"'\n"
        "[[earn]]\ncode = \"base\"\npoints = 'size(lines) * 4'\n" + times("wine", "2") + times("all", "3", "")
    )
    free = a_line(0, "wine")

    assert earned(text, a_line(1_000, "card"), free) == {"base": 8, "all": 16}


def test_only_so_much_wine_is_doubled_where_a_cap_in_money_says_so() -> None:
    text = RATE + times("wine", "2", WINE, "cap = { money = 1500 }\n")
    life = Life(a_programme(text))

    points = [by_rule(life.buy(a_line(1_000, "wine"), a_line(5_000, "tea"))) for _ in range(3)]

    assert points == [{"base": 60, "wine": 10}, {"base": 60, "wine": 5}, {"base": 60}]


def test_a_multiplier_whose_lines_are_not_there_is_explained() -> None:
    life = Life(a_programme(RATE + times("wine", "2")))
    life.buy(a_line(500, "tea"))

    explained = explain_rules(life.programme, life.sales["sale"].sale.basket, UsedFacts())

    assert [each.outcome for each in explained] == [RuleOutcome.EARNED, RuleOutcome.NO_LINES]


def test_a_return_takes_back_what_the_multiplier_gave_for_the_lines() -> None:
    life = Life(a_programme(RATE + times("wine", "3")))
    life.buy(a_line(1_000, "wine"), a_line(500, "tea"))

    back = life.bring_back(lines=((0, 1),))

    assert by_rule(back) == {"base": -10, "wine": -20}
    assert life.balance() == 5


@pytest.mark.parametrize("worth", [0, 1, 7, 12, 15])
def test_parts_by_weight_add_up_to_what_there_is_and_none_is_below_0(worth: int) -> None:
    parts = by_weight({(): 333, (0,): 500, (0, 1): 200, (1,): -90}, 10, worth)

    assert sum(part for _, part in parts) == worth
    assert all(part >= 0 for _, part in parts)
