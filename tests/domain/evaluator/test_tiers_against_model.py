"""Tiers, measures and the days they count, against a model that adds everything up from the start."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from hypothesis import given

from cagnotte.domain.baskets.basket import total_paid
from cagnotte.domain.evaluator.effects import RuleEarned
from cagnotte.domain.evaluator.events import Return, Sale
from cagnotte.domain.evaluator.facts import Facts
from cagnotte.domain.members.profile import Profile
from cagnotte.domain.programme.document import Programme
from domain.evaluator.invented_lives import HISTORIES, PROFILES, Act, life_texts
from domain.evaluator.model_tiers import reached
from domain.evaluator.played_lives import Step, played
from domain.evaluator.test_invented_lives import patiently, sound


@patiently
@given(life_texts(), PROFILES, HISTORIES)
def test_tiers_and_days_are_those_of_the_whole_history(text: str, profile: Profile, acts: list[Act]) -> None:
    programme = sound(text)
    life = played(programme, profile, acts)
    add_up(programme, life.steps, life.facts)


def add_up(programme: Programme, steps: Sequence[Step], last: Facts) -> None:
    spent, visits, earned = Counter[date](), Counter[date](), Counter[tuple[date, str]]()
    for step in steps:
        if isinstance(step.event, Return):
            return
        if step.event is not None:
            meets(programme, step.before)
        if isinstance(step.event, Sale):
            day, paid = step.decision.day, total_paid(step.event.basket)
            off = min(step.event.basket.order_discount, max(paid, 0))
            spent[day] += paid - off
            visits[day] += paid > 0
        for effect in step.decision.effects:
            if isinstance(effect, RuleEarned):
                earned[step.decision.day, effect.wallet] += effect.points
        if not any(isinstance(each.event, Sale) and each.event.basket.order_discount for each in steps):
            assert +spent == +Counter({total.day: total.paid for total in step.after.days})
        assert +visits == +Counter({total.day: total.visits for total in step.after.days})
        theirs = Counter({(total.day, code): points for total in step.after.days for code, points in total.earned})
        assert +earned == +theirs
    meets(programme, last)


def meets(programme: Programme, facts: Facts) -> None:
    expected = reached(programme, facts.days, facts.as_of, facts.profile.enrolled_on)
    assert {held.family: held.tier for held in facts.held} == expected
