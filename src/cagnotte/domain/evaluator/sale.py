"""What a sale gives: offers, payment with points, earning, then everything that follows from them."""

from collections.abc import Callable
from datetime import date, datetime

import msgspec

from cagnotte.domain.baskets.basket import Basket, SaleTotals, local_day, total_paid, without_offers
from cagnotte.domain.baskets.exchange import basket_at_home, totals_at_home
from cagnotte.domain.earning.base import delivery_base, eligible_lines, line_bases
from cagnotte.domain.earning.caps import Counting
from cagnotte.domain.earning.terms import TierOf
from cagnotte.domain.evaluator.decision import RefusalCode, UsedFacts
from cagnotte.domain.evaluator.earning import gains_of, within_life
from cagnotte.domain.evaluator.effects import Tallied
from cagnotte.domain.evaluator.events import Sale
from cagnotte.domain.evaluator.following import (
    follow,
    give_points,
    holding,
    measured,
    tiers_seen,
)
from cagnotte.domain.evaluator.gains import Asking, EligibleLines, Gain, eligible_facts, line_test
from cagnotte.domain.evaluator.households import count_day
from cagnotte.domain.evaluator.making import Making
from cagnotte.domain.evaluator.offering import Offered, offered, record_offers, refuse_coupons, with_points
from cagnotte.domain.evaluator.paying import pay_with_points
from cagnotte.domain.evaluator.prepared import Prepared
from cagnotte.domain.evaluator.referring import refer
from cagnotte.domain.evaluator.seen import RuleFacts, sale_facts, used_facts
from cagnotte.domain.programme.vocabulary import PURCHASE
from cagnotte.domain.tiers.days import DayTotal, with_day
from cagnotte.domain.tiers.qualification import tier_now
from cagnotte.domain.tiers.terms import MAIN


class SaleResult(msgspec.Struct, frozen=True, gc=False):
    """One sale worked out: what rules saw, what they gave, what it came to. Nothing is changed by it."""

    facts: RuleFacts
    lines: EligibleLines
    gains: list[Gain]
    totals: SaleTotals  # in the sale's currency
    counted: SaleTotals  # as the programme counts them, in its own
    offered: Offered
    counting: Counting


def decide_sale(making: Making, sale: Sale) -> tuple[date, SaleTotals | None]:
    """Write the sale's effects; its local day, and its totals when something of ours was given or paid."""
    basket, programme = sale.basket, making.programme
    day = local_day(basket)
    used = used_facts(making.ready, making.facts, day, making.ahead.lots if making.ahead else None)
    if programme.earning.tier is TierOf.AFTER:
        used = _with_tier_after(making, basket, used)
    making.used = used
    if not _may_take_part(making, basket, used):
        return day, None
    result = work_out(making.ready, basket, used, lambda totals: pay_with_points(making, basket, totals))
    record_offers(making, result.offered, day)
    refuse_coupons(making, result.facts.coupons, result.offered, result.gains)
    is_sale = result.totals.goods > 0
    if not is_sale:
        making.refuse(RefusalCode.NOTHING_PAID)
    earned = give_points(making, result.gains, day, result.offered.bonuses)
    if added := result.counting.added():
        making.add(Tallied(added))
    values = measured(making, PURCHASE, result.facts) if is_sale else ()
    by_wallet = tuple(earned.items()) if len(earned) < 2 else tuple(sorted(earned.items()))  # noqa: PLR2004
    total = DayTotal(day, spent_on(result.counted), by_wallet, int(is_sale), values)
    count_day(making, total, used.profile.household, active=is_sale)
    if is_sale:
        refer(making, result.facts, basket.at)
    follow(making, PURCHASE, result.facts, basket.at, counts=is_sale)
    is_plain = not result.totals.discount and not result.totals.points_paid and not basket.delivery
    return day, None if is_plain else result.totals


def spent_on(totals: SaleTotals) -> int:
    """What counts as spent: the goods less what was taken off them. What points paid is spent too."""
    return totals.goods - totals.discount + totals.delivery_discount


def work_out(
    ready: Prepared,
    basket: Basket,
    used: UsedFacts,
    pay: Callable[[SaleTotals], int],
    shared: Offered | None = None,
) -> SaleResult:
    """The sale under these facts; `pay` says how much of the totals, in minor units, points pay.

    `shared`: what offers give, when that is not decided but known; their limits are not counted then.
    """
    programme = ready.programme
    counting = _counting(ready, basket, used)
    before = without_offers(basket)
    sold = as_counted(ready, basket)
    counted = before if sold is basket else _totals_counted(ready, before, sold)
    facts = sale_facts(ready, sold, used, counted.goods)
    lines = eligible_of(ready, sold, counted, facts)
    facts.eligible = eligible_facts(facts, lines)
    found = offered(ready, basket, before, facts, counting) if shared is None else shared
    totals = _with_payment(found.totals, pay(found.totals))
    if totals is not before:
        counted = totals if sold is basket else _totals_counted(ready, totals, sold)
        lines = eligible_of(ready, sold, counted, facts)
        facts.eligible = eligible_facts(facts, lines)
    if programme.earning.delivery_counts:
        facts.eligible = eligible_facts(facts, lines, delivery_base(programme.earning, sold, counted))
    asking = Asking(facts, lines, basket.at, facts.coupons)
    gains = gains_of(programme, ready.on(PURCHASE), asking, counting) if totals.goods > 0 else []
    return SaleResult(facts, lines, gains, totals, counted, with_points(found, gains, facts, lines), counting)


def as_counted(ready: Prepared, basket: Basket) -> Basket:
    """The sale as the programme counts it: in its own currency, which the sale mostly is in."""
    if not basket.currency:
        return basket
    exchange, _ = ready.abroad(basket.currency)
    return basket_at_home(basket, exchange)


def _totals_counted(ready: Prepared, totals: SaleTotals, sold: Basket) -> SaleTotals:
    exchange, _ = ready.abroad(sold.currency)
    return totals_at_home(totals, sold, exchange)


def _counting(ready: Prepared, basket: Basket, used: UsedFacts) -> Counting:
    if not ready.has_caps:
        return _NO_CAPS
    household = used.profile.household
    return Counting(used.tallies, used.shared, at=basket.at, store=basket.store, household=household)


_NO_CAPS = Counting((), (), at=datetime(1970, 1, 1), store="", household="")  # noqa: DTZ001 - for all: none adds to it


def _with_payment(totals: SaleTotals, paid: int) -> SaleTotals:
    if not paid:
        return totals
    return msgspec.structs.replace(totals, points_paid=paid, payable=totals.payable - paid)


def eligible_of(ready: Prepared, basket: Basket, totals: SaleTotals, facts: RuleFacts) -> EligibleLines:
    policy = ready.programme.earning
    bases = line_bases(policy, basket, totals)
    if policy.exclude is None and policy.include is None:
        return EligibleLines(range(len(bases)), bases)
    excluded = line_test(policy.exclude.evaluate, facts) if policy.exclude else None
    included = line_test(policy.include.evaluate, facts) if policy.include else None
    eligible = eligible_lines(policy, len(bases), excluded=excluded, included=included)
    numbers = [number for number, is_eligible in enumerate(eligible) if is_eligible]
    return EligibleLines(numbers, [bases[number] for number in numbers])


def _may_take_part(making: Making, basket: Basket, used: UsedFacts) -> bool:
    """Whether the programme runs at the sale's time, and the member is open and belongs to its audience."""
    programme = making.programme
    if not within_life(programme.life, basket.at, programme.earning.ends_inclusive):
        making.refuse(RefusalCode.PROGRAMME_NOT_RUNNING)
        return False
    if used.profile.is_closed(local_day(basket)):
        making.refuse(RefusalCode.MEMBER_CLOSED)
        return False
    if programme.audience is None:
        return True
    sold = as_counted(making.ready, basket)
    facts = sale_facts(making.ready, sold, used, total_paid(sold))
    if not programme.audience.evaluate(facts):
        making.refuse(RefusalCode.NOT_IN_AUDIENCE)
        return False
    return True


def _with_tier_after(making: Making, basket: Basket, used: UsedFacts) -> UsedFacts:
    """The tiers that the sale's own spend and visit lead to, before any points of it."""
    paid = spent_on(without_offers(as_counted(making.ready, basket)))
    if paid <= 0:
        return used
    day = local_day(basket)
    seen = tiers_seen(making, max(day, making.facts.as_of))
    seen = msgspec.structs.replace(seen, days=with_day(seen.days, DayTotal(day, paid, (), 1)))
    after = {}
    for family, tiers in making.ready.families.items():
        now = tier_now(tiers, holding(making.facts.held, family), seen)
        if now is not None:
            after[family] = now.tier
    main = after.pop(MAIN, None)
    return msgspec.structs.replace(used, tier=main, tiers=tuple(sorted(after.items())))
