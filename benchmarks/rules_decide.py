"""The whole decision of a sale, and the whole explanation, under programmes of invented rules."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial

from benchmarks.rules_invented import BasketInvented, RuleWritten
from cagnotte.application.recurrences import days_of_recurrence
from cagnotte.domain.baskets.basket import Basket, Line
from cagnotte.domain.evaluator import decide
from cagnotte.domain.evaluator.decision import UsedFacts
from cagnotte.domain.evaluator.events import Sale
from cagnotte.domain.evaluator.explain import explain_rules
from cagnotte.domain.evaluator.facts import Facts
from cagnotte.domain.kernel import TRANSFERS_PER_EVENT, EventId
from cagnotte.domain.programme.check import check_programme
from cagnotte.domain.programme.document import Programme
from cagnotte.domain.tiers.days import DayTotal
from cagnotte.domain.tiers.terms import MAIN, TierHeld

_TIMEZONE = "Europe/Paris"
_HEAD = f"""[programme]
code = "bench"
name = {{ en = "Bench" }}
currency = "EUR"
timezone = "{_TIMEZONE}"

[wallets.points]
expiry = {{ after = "12 months", rounded_to = "month" }}
"""
_SPENT = {"": 0, "silver": 100_000, "gold": 300_000, "platinum": 900_000}  # before the sale, in the last year

type Call = Callable[[], object]


def programme_text(rules: Sequence[RuleWritten]) -> str:
    """A document with these earn rules, a wallet and three tiers by spend."""
    earn = [
        f"[[earn]]\ncode = \"r{number}\"\nwhen = '{rule.when}'\npoints = '{rule.points}'\n"
        for number, rule in enumerate(rules)
    ]
    tiers = [
        f'[[tiers]]\ncode = "{code}"\nreach = {{ spend = {spent}, within = "12 months" }}\n'
        for code, spent in _SPENT.items()
        if code
    ]
    return "\n".join([_HEAD, *earn, *tiers])


def programme_of(rules: Sequence[RuleWritten]) -> Programme:
    return check_programme(
        programme_text(rules), timezones=frozenset({_TIMEZONE}), calendar_days=days_of_recurrence
    )


def decisions(programme: Programme, baskets: Sequence[BasketInvented]) -> list[Call]:
    """For each basket a call that decides it as a sale of a member who has its tier."""
    return [
        partial(decide, programme, _facts(basket), Sale(EventId(number * TRANSFERS_PER_EVENT), _sold(basket)))
        for number, basket in enumerate(baskets)
    ]


def explanations(programme: Programme, baskets: Sequence[BasketInvented]) -> list[Call]:
    """For each basket a call that explains every rule, whether it gave points or not."""
    return [
        partial(explain_rules, programme, _sold(basket), UsedFacts(basket.tier or None, 0)) for basket in baskets
    ]


def _facts(basket: BasketInvented) -> Facts:
    yesterday = basket.at.date() - timedelta(days=1)
    held = (TierHeld(MAIN, basket.tier, yesterday),) if basket.tier else ()
    return Facts(yesterday, days=(DayTotal(yesterday, _SPENT[basket.tier]),), held=held)


def _sold(basket: BasketInvented) -> Basket:
    lines = tuple(
        Line(line.sku, line.quantity, line.paid, category=line.category, brand=line.brand, tags=line.tags)
        for line in basket.lines
    )
    return Basket(basket.at, basket.store, lines, basket.channel)
