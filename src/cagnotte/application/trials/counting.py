"""From decisions and facts to the figures of a case: what was given, and how the member stands."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

import msgspec

from cagnotte.application.sale_currency import paid_counted
from cagnotte.application.trials.adding import Adding, lot_found
from cagnotte.application.trials.found import GivenFound, RefusalFound, StandingFound
from cagnotte.application.trials.playing import Decided
from cagnotte.application.trials.values import written_amount
from cagnotte.domain.baskets.basket import Basket, SaleTotals, without_offers
from cagnotte.domain.earning.caps import Counting
from cagnotte.domain.earning.tallies import Tally
from cagnotte.domain.earning.terms import Every
from cagnotte.domain.evaluator.decision import Decision
from cagnotte.domain.evaluator.facts import Facts
from cagnotte.domain.evaluator.seen import measure_on, plan_in_force
from cagnotte.domain.points.holds import points_held
from cagnotte.domain.points.lots import points_usable
from cagnotte.domain.programme.currencies import DECIMALS
from cagnotte.domain.programme.document import Programme
from cagnotte.domain.tiers.terms import MAIN


def given_by(
    programme: Programme,
    decided: Sequence[Decided],
    sold: tuple[Basket, Decision] | None,
    *,
    currency: str = "",
    ripened: int = 0,
    repeated: bool = False,
    other_content: bool = False,
) -> GivenFound:
    """What these decisions give one member. `sold`: the sale whose totals are told; `currency`: of the sales among
    them, when it is not the programme's; `ripened`: pending points that days made usable."""
    adding = Adding(programme, currency)
    adding.sums["released"] = ripened
    for each in decided:
        adding.decision(each)
    refused = [
        RefusalFound(r.code.value, r.subject, r.missing, r.reason) for d in decided for r in d.decision.refusals
    ]
    if other_content:
        refused.append(RefusalFound("other_content", "", 0, ""))
    totals = _totals(programme, sold)
    return msgspec.structs.replace(
        GivenFound(),
        **totals,
        **adding.figures(),
        refused=tuple(each.code for each in refused),
        refusals=tuple(refused),
        repeated=repeated,
    )


def standing_of(
    programme: Programme, facts: Facts, *, at: datetime, store: str, shared: Sequence[Tally]
) -> StandingFound:
    """The member as the facts have it, on the later of that time's day and the facts' own."""
    day = max(at.date(), facts.as_of)
    wallets = [wallet.code for wallet in programme.wallets]
    balances = {code: int(points_usable(facts.lots, code, day)) for code in wallets}
    held = {code: sum(lot.points_open for lot in facts.lots if lot.wallet == code) for code in wallets}
    pendings = {code: held[code] - balances[code] for code in wallets}
    deficits = dict.fromkeys(wallets, 0) | dict(facts.debts)
    on_holds = {code: points_held(facts.holds, code) for code in wallets}
    main = next((each for each in facts.held if each.family == MAIN), None)
    counting = Counting(facts.tallies, shared, at=at, store=store, household=facts.profile.household)
    plan = plan_in_force(facts, day)
    return StandingFound(
        balance=balances[wallets[0]],
        balances=balances,
        pending=pendings[wallets[0]],
        pendings=pendings,
        deficit=deficits[wallets[0]],
        deficits=deficits,
        on_hold=on_holds[wallets[0]],
        on_holds=on_holds,
        open_lots=tuple(int(lot.points_open) for lot in facts.lots if lot.wallet == wallets[0]),
        lots_open=tuple(lot_found(lot) for lot in facts.lots),
        tier=facts.tier,
        tiers={each.family: each.tier for each in facts.held},
        tier_until=main.until if main else None,
        tier_grace_until=main.grace_until if main else None,
        purchases=facts.purchases,
        badges=tuple(each.achievement for each in facts.progress if each.times),
        progress={each.achievement: each.value for each in facts.progress},
        measures={each.code: measure_on(programme, facts, each.code, day) for each in programme.measures},
        left={cap.code: counting.left(cap) for cap in programme.caps if cap.every is not Every.SALE},
        plan=plan or None,
        plan_until=facts.membership.until if facts.membership and plan else None,
    )


def _counted(programme: Programme, basket: Basket | None) -> int:
    return 0 if basket is None else paid_counted(programme, basket)


def _totals(programme: Programme, sold: tuple[Basket, Decision] | None) -> dict[str, object]:
    basket, decision = sold or (None, None)
    totals = decision.totals if decision and decision.totals else None
    if totals is None:
        totals = without_offers(basket) if basket else SaleTotals(0, 0, 0, 0, 0, ())
    decimals = DECIMALS[(basket.currency if basket else "") or programme.currency]
    by_sku, left = Counter[str](), Counter[str]()
    for line, minor in zip(basket.lines if basket else (), totals.line_discounts, strict=True):
        by_sku[line.sku] += minor
        left[line.sku] += line.paid - minor
    return {
        "goods": written_amount(totals.goods, decimals),
        "delivery": written_amount(totals.delivery, decimals),
        "discount_total": written_amount(totals.discount, decimals),
        "delivery_discount": written_amount(totals.delivery_discount, decimals),
        "points_paid": written_amount(totals.points_paid, decimals),
        "counted": written_amount(_counted(programme, basket), DECIMALS[programme.currency]),
        "payable": written_amount(totals.payable, decimals),
        "line_discounts": {sku: written_amount(minor, decimals) for sku, minor in by_sku.items()},
        "line_totals": {sku: written_amount(minor, decimals) for sku, minor in left.items()},
        "discounts_of_lines": tuple(written_amount(minor, decimals) for minor in totals.line_discounts),
    }
