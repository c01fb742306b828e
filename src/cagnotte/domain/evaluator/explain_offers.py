"""Why each offer of the programme was given on a sale, or was not: what lacked, and what it lost to."""

import msgspec

from cagnotte.domain.baskets.basket import Basket, without_offers
from cagnotte.domain.baskets.exchange import totals_at_home
from cagnotte.domain.earning.caps import Counting
from cagnotte.domain.evaluator.decision import UsedFacts
from cagnotte.domain.evaluator.gains import eligible_facts
from cagnotte.domain.evaluator.offering import offer_sale
from cagnotte.domain.evaluator.prepared import prepared
from cagnotte.domain.evaluator.sale import as_counted, eligible_of
from cagnotte.domain.evaluator.seen import sale_facts
from cagnotte.domain.offers.decide import decide_offers
from cagnotte.domain.offers.values import OfferReason
from cagnotte.domain.programme.document import Programme
from cagnotte.domain.rules import Clause, explain


class OfferExplained(msgspec.Struct, frozen=True):
    """One offer on one sale. `saving`: what it takes off; 0 when it was not given.

    Amounts are in the sale's currency. `missing`: minor units or articles that lack, as `reason` says. `lost_to`:
    the offers that were given instead; `alone`: what this one would have taken off without them. `clauses`: of its
    condition.
    """

    offer: str
    is_given: bool
    saving: int = 0
    reason: OfferReason | None = None
    missing: int = 0
    lost_to: tuple[str, ...] = ()
    alone: int = 0
    clauses: tuple[Clause, ...] = ()


def explain_offers(programme: Programme, basket: Basket, used: UsedFacts) -> tuple[OfferExplained, ...]:
    """Every offer, in the programme's order; the same facts give the same savings as `decide`."""
    ready, before = prepared(programme), without_offers(basket)
    household = used.profile.household
    counting = Counting(used.tallies, used.shared, at=basket.at, store=basket.store, household=household)
    exchange, book = ready.abroad(basket.currency) if basket.currency else (None, ready.book)
    sold = as_counted(ready, basket)
    counted = before if exchange is None else totals_at_home(before, sold, exchange)
    facts = sale_facts(ready, sold, used, counted.goods)
    facts.eligible = eligible_facts(facts, eligible_of(ready, sold, counted, facts))
    sale = offer_sale(basket, facts, counting, exchange)
    decided = decide_offers(book, programme.offer_policy, sale, explain=True)
    given = {each.offer: each for each in decided.given}
    refused = {each.offer: each for each in decided.refused}
    told = []
    for offer in programme.offers:
        clauses = explain(offer.when, facts) if offer.when else ()
        if offer.code in given:
            told.append(OfferExplained(offer.code, True, given[offer.code].saving, clauses=clauses))
        elif offer.code in refused:
            why = refused[offer.code]
            told.append(
                OfferExplained(offer.code, False, 0, why.reason, why.missing, why.lost_to, why.alone, clauses)
            )
    return tuple(told)
