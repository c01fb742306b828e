"""A sale that is brought back whole leaves the member as without it, in one go or in parts."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cagnotte.domain.baskets.basket import Basket, total_paid
from cagnotte.domain.evaluator.effects import PointsForgiven, VouchersIssued
from cagnotte.domain.evaluator.facts import Facts
from cagnotte.domain.members.profile import Profile
from cagnotte.domain.programme.document import Programme
from domain.evaluator.invented_earning import LINES, SOLD, baskets
from domain.evaluator.invented_lives import (
    CODES,
    HISTORIES,
    PROFILES,
    Act,
    Bought,
    BroughtBack,
    life_texts,
    moment,
)
from domain.evaluator.played_lives import played
from domain.evaluator.test_invented_lives import patiently, sound

PAYS = st.one_of(st.just(()), st.tuples(st.tuples(CODES, st.integers(1, 40))))
LAST_SALES = st.builds(Bought, baskets(120, st.one_of(SOLD, SOLD, LINES)), PAYS)


@patiently
@given(life_texts(), PROFILES, HISTORIES, LAST_SALES, st.booleans())
def test_a_sale_brought_back_whole_leaves_the_member_as_without_it(
    text: str, profile: Profile, acts: list[Act], sale: Bought, in_parts: bool
) -> None:
    undone(sound(text), profile, acts, sale, in_parts)


def undone(programme: Programme, profile: Profile, acts: list[Act], sale: Bought, in_parts: bool) -> None:
    life = played(programme, profile, acts)
    basket = replace(sale.basket, at=max([sale.basket.at, *map(moment, acts)]))
    life.upto(basket.at.date())
    without = life.facts
    if not all(line.quantity > 0 and line.paid >= 0 for line in basket.lines) or total_paid(basket) <= 0:
        return
    life.do(replace(sale, basket=basket))

    for back in parts(basket) if in_parts else [BroughtBack(basket.at, 1, None)]:
        life.do(back)

    forgiven = any(
        isinstance(e, PointsForgiven | VouchersIssued) for step in life.steps for e in step.decision.effects
    )
    assert life.facts.purchases == without.purchases
    assert progress(programme, life.facts) == progress(programme, without)
    assert life.facts.tier == without.tier
    assert days(life.facts) == days(without)
    assert life.facts.referred == without.referred
    if programme.returns.give_back_uses:
        # A sale forgets windows long past, and its return does not remember them.
        assert set(life.facts.tallies) <= set(without.tallies)
        assert set(life.facts.shared) <= set(without.shared)
    if not forgiven:
        assert worth(life.facts) == worth(without)
        if not without.debts:
            assert life.facts.lots == without.lots


def worth(facts: Facts) -> Counter[str]:
    """By wallet, what is open less what is owed: a sale may pay a debt, and its return take other points."""
    found = Counter[str]()
    for lot in facts.lots:
        found[lot.wallet] += lot.points_open
    found.subtract(dict(facts.debts))
    return found


def progress(programme: Programme, facts: Facts) -> list[tuple[str, int, int]]:
    """What was counted, and how often reached; a row of a streak that a gap has ended counts for nothing."""
    streaks = {each.code for each in programme.achievements if each.streak}
    counted = [
        (each.achievement, 0 if each.achievement in streaks else each.value, each.times) for each in facts.progress
    ]
    return [each for each in counted if each[1:] != (0, 0)]


def parts(basket: Basket) -> list[BroughtBack]:
    """Article by article, the first lines first."""
    return [
        BroughtBack(basket.at, 1, (place,))
        for place, line in enumerate(basket.lines)
        for _ in range(line.quantity)
    ]


def days(facts: Facts) -> list[tuple[object, ...]]:
    """The days on which anything is left."""
    return [
        (total.day, total.paid, total.earned, total.visits, total.measured)
        for total in facts.days
        if total.paid or total.earned or total.visits or total.measured
    ]
