"""Documents whose points could not be given as they say: too many lots at once, ends that cannot be kept, groups
whose best rule cannot be told."""

import pytest

from cagnotte.domain.evaluator.effects import DebtMoved, LotOpened
from cagnotte.domain.evaluator.facts import Facts
from cagnotte.domain.programme.faults import ProgrammeFaultCode as Code
from domain.evaluator.lives import MONDAY, Life
from domain.programmes import HEAD, faults_of, programme_of

START = f"{HEAD}[wallets.points]\n"


def rules(count: int, on: str = "purchase", after: int = 1) -> str:
    return "".join(
        f'[[earn]]\ncode = "{on}{n}"\non = "{on}"\npoints = 3\nexpiry = {{ after = "{n + after} days" }}\n'
        for n in range(count)
    )


def achievements(count: int, points: int = 1) -> str:
    return "".join(f'[[achievements]]\ncode = "badge{n}"\ntarget = 1\npoints = {points}\n' for n in range(count))


def codes(text: str) -> list[tuple[str, str]]:
    return [(fault.code, text[fault.start : fault.end]) for fault in faults_of(text)]


def test_the_most_lots_that_a_programme_may_give_are_given_to_a_member_who_owes_points() -> None:
    text = START + rules(100) + achievements(27)
    life = Life(programme_of(text), Facts(MONDAY, debts=(("points", 10_000),)))

    decision = life.buy(1_000)

    assert sum(isinstance(effect, LotOpened) for effect in decision.effects) == 127
    assert sum(isinstance(effect, DebtMoved) for effect in decision.effects) == 127
    assert life.facts.debts == (("points", 10_000 - 100 * 3 - 27),)


def test_more_lots_than_one_event_can_make_are_refused_at_the_rule_that_is_too_much() -> None:
    assert codes(START + rules(128)) == [(Code.TOO_MANY_LOTS, '"purchase127"')]
    assert codes(START + rules(100) + achievements(28)) == [(Code.TOO_MANY_LOTS, '"badge27"')]
    assert codes(START + rules(100) + rules(100, "enrolment") + achievements(500, points=0)) == []


def test_rules_with_the_same_terms_share_a_lot_however_many_they_are() -> None:
    text = START + "".join(
        f'[[earn]]\ncode = "r{n}"\npoints = 1\nexpiry = {{ after = "{n % 90 + 1} days" }}\n' for n in range(1_000)
    )

    decision = Life(programme_of(text)).buy(1_000)

    assert sum(isinstance(effect, LotOpened) for effect in decision.effects) == 90


def test_birthday_and_anniversary_may_fall_on_one_day() -> None:
    assert codes(START + rules(63, "birthday") + rules(64, "anniversary")) == []
    assert codes(START + rules(64, "birthday") + rules(64, "anniversary")) == [
        (Code.TOO_MANY_LOTS, '"anniversary63"')
    ]


def test_each_tier_that_an_event_may_lead_to_gives_its_lots_too() -> None:
    tiers = "".join(f'[[tiers]]\ncode = "t{n}"\nreach = {{ spend = {n} }}\n' for n in range(40))

    assert codes(START + tiers + rules(40) + rules(2, "tier")) == []
    assert codes(START + tiers + rules(60) + rules(2, "tier")) == [(Code.TOO_MANY_LOTS, '"tier1"')]


AWAITED = '[events.delivered]\n[[earn]]\ncode = "base"\npoints = 1\nper = 100\n'
OF_WALLET = '{ after = "12 months", counts_from = "usable" }'
WALLET = f'{HEAD}[wallets.points]\npending = {{ event = "delivered" }}\n'


@pytest.mark.parametrize(
    ("wallet", "rule", "found"),
    [
        ("", '{ after = "1 month", counts_from = "usable" }', [Code.END_NOT_KEPT]),
        (OF_WALLET, '{ after = "1 month", counts_from = "usable" }', [Code.END_NOT_KEPT]),
        (OF_WALLET, '{ after = "1 month" }', [Code.END_NOT_KEPT]),
        (OF_WALLET, '"never"', [Code.END_NOT_KEPT]),
        (OF_WALLET, OF_WALLET, []),
        (OF_WALLET, "", []),
        ('{ after = "12 months" }', '{ after = "1 month" }', []),
    ],
)
def test_points_that_await_an_event_have_the_wallets_end_where_it_counts_from_the_event(
    wallet: str, rule: str, found: list[str]
) -> None:
    text = WALLET + (f"expiry = {wallet}\n" if wallet else "") + AWAITED + (f"expiry = {rule}\n" if rule else "")

    assert codes(text) == [(code, rule) for code in found]


def test_an_end_of_its_own_may_count_from_a_known_day() -> None:
    text = f'{WALLET}expiry = {OF_WALLET}\n{AWAITED}pending = {{ for = "3 days" }}\nexpiry = "never"\n'

    assert codes(text) == []


def test_a_group_is_of_multipliers_or_of_rules_that_give_points_on_their_own() -> None:
    base = '[[earn]]\ncode = "base"\npoints = 1\nper = 100\n'
    flat, double, triple = (
        f'[[earn]]\ncode = "{code}"\n{amount}\ngroup = "best"\n'
        for code, amount in (("flat", "points = 30"), ("double", "multiply = 2"), ("triple", "multiply = 3"))
    )

    assert codes(START + base + flat + double) == [(Code.GROUP_MIXED, '"best"')]
    assert codes(START + base + double + triple) == []
