"""The evaluator against a naive model of the terms: points of each rule, cuts, and what caps counted."""

import os

from hypothesis import HealthCheck, Phase, assume, event, given, settings
from hypothesis import strategies as st

from cagnotte.domain.baskets.basket import Basket
from cagnotte.domain.evaluator.effects import RuleEarned
from cagnotte.domain.evaluator.facts import Facts
from cagnotte.domain.members.profile import Profile
from cagnotte.domain.programme.document import Programme
from cagnotte.domain.programme.faults import ProgrammeError
from domain.evaluator.invented_earning import FIRST, baskets, earning_texts
from domain.evaluator.lives import Life, a_programme
from domain.evaluator.model_caps import Occasion, Use
from domain.evaluator.model_earning import given as given_by_model
from domain.evaluator.model_names import sale_names

EXAMPLES = int(os.environ.get("CAGNOTTE_EXAMPLES", "100"))
PHASES = [Phase.generate] if os.environ.get("CAGNOTTE_QUICK") else list(Phase)
patiently = settings(
    max_examples=EXAMPLES,
    phases=PHASES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)


def in_turn(baskets_: list[Basket]) -> list[Basket]:
    return sorted(baskets_, key=lambda basket: basket.at)


def sound(text: str) -> Programme:
    """The invented programme; one that its check refuses is not a case."""
    try:
        return a_programme(text)
    except ProgrammeError as refused:
        event(f"refused: {sorted({str(fault.code) for fault in refused.faults})}")
        assume(False)
        raise


@patiently
@given(earning_texts(), st.lists(baskets(), min_size=1, max_size=5).map(in_turn))
def test_each_rule_gives_what_the_model_gives(text: str, sales: list[Basket]) -> None:
    life = Life(sound(text), Facts(FIRST, profile=Profile(household="h1")), FIRST)
    uses: list[Use] = []

    for number, basket in enumerate(sales):
        life.upto(basket.at.date())
        names = sale_names(life.programme, life.facts, basket)
        seen = Occasion("purchase", basket.at, basket.store, "h1", number, names, basket)
        gifts, fresh = given_by_model(life.programme, seen, uses)
        uses += fresh

        decision = life.buy(
            *basket.lines,
            on=basket.at.date(),
            at=basket.at.time(),
            store=basket.store,
            coupons=basket.coupons,
            order_discount=basket.order_discount,
            delivery=basket.delivery,
        )

        earned = {e.rule: int(e.points) for e in decision.effects if isinstance(e, RuleEarned)}
        assert earned == {gift.rule.code: gift.points for gift in gifts if gift.points}
        # what the shared tallies count is handed on from sale to sale
