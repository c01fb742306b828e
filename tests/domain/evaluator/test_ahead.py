"""What a fold knows of the days ahead saves work and changes nothing: every step is the same without it."""

from datetime import date, datetime, timedelta

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from cagnotte.domain.baskets.basket import Basket, Line
from cagnotte.domain.evaluator import Ahead
from cagnotte.domain.evaluator.decision import Decision
from cagnotte.domain.evaluator.effects import TierChanged
from cagnotte.domain.evaluator.events import Sale
from cagnotte.domain.kernel import TRANSFERS_PER_EVENT, EventId
from cagnotte.domain.members.profile import Profile
from cagnotte.domain.tiers.days import DayTotal
from domain.evaluator.invented_earning import FIRST
from domain.evaluator.invented_lives import HISTORIES, PROFILES, Act, life_texts
from domain.evaluator.lives import NOON, a_programme
from domain.evaluator.played_lives import Played, played
from domain.evaluator.test_invented_lives import patiently, sound

TIERS = """
[[tiers]]
code = "silver"
reach = { spend = 10000, within = "3 months" }
[[tiers]]
code = "gold"
reach = { points = 300, within = "6 months" }
[[tiers]]
code = "regular"
family = "visits"
reach = { visits = 4, within = "40 days" }
"""
LADDER = a_programme('[[earn]]\ncode = "base"\npoints = "eligible.paid / 100"\n' + TIERS)
SALES = st.lists(
    st.tuples(st.integers(0, 45), st.integers(-4_000, 9_000) | st.integers(0, 9_000)), min_size=1, max_size=25
)


@patiently
@given(life_texts(), PROFILES, HISTORIES)
def test_an_invented_life_is_the_same_step_by_step(text: str, profile: Profile, acts: list[Act]) -> None:
    programme = sound(text)

    known, anew = played(programme, profile, acts, Ahead()), played(programme, profile, acts)

    assert _steps(known) == _steps(anew)


@settings(deadline=None)
@given(SALES)
def test_tiers_rise_and_fall_on_the_same_sales_and_days(sales: list[tuple[int, int]]) -> None:
    known, anew = Played(LADDER, Profile(), Ahead()), Played(LADDER, Profile())
    day = FIRST
    for number, (days, paid) in enumerate(sales):
        day += timedelta(days=days)
        for life in (known, anew):
            life.upto(max(day, life.facts.as_of))
            life.take(_sale(day, paid, number))

    assert _steps(known) == _steps(anew)


def test_facts_that_were_changed_elsewhere_are_looked_at() -> None:
    life = Played(LADDER, Profile(), Ahead())
    life.take(_sale(FIRST, 200, 0))
    life.upto(FIRST + timedelta(days=1))  # now it is known that no tier changes before long
    life.facts = msgspec.structs.replace(life.facts, days=(DayTotal(FIRST, 9_900, visits=1),))

    life.take(_sale(FIRST + timedelta(days=1), 100, 1))

    assert _tiers_reached(life.steps[-1].decision) == ["silver"]


def test_another_programme_is_looked_at() -> None:
    life = Played(LADDER, Profile(), Ahead())
    life.take(_sale(FIRST, 200, 0))
    life.upto(FIRST + timedelta(days=1))
    life.programme = a_programme(TIERS.replace("10000", "100"))

    life.take(_sale(FIRST + timedelta(days=1), 1, 1))

    assert _tiers_reached(life.steps[-1].decision) == ["silver"]


def _sale(day: date, paid: int, number: int) -> Sale:
    basket = Basket(datetime.combine(day, NOON), "paris", (Line("soap", 1, paid),))
    return Sale(EventId((1_000 + number) * TRANSFERS_PER_EVENT), basket)


def _tiers_reached(decision: Decision) -> list[str | None]:
    return [effect.after for effect in decision.effects if isinstance(effect, TierChanged)]


def _steps(life: Played) -> list[tuple[bytes, bytes]]:
    return [(msgspec.json.encode(step.decision), msgspec.json.encode(step.after)) for step in life.steps]
