"""What offers give on one sale: a pure function of the offers, the policy and the sale."""

from collections.abc import Sequence

import msgspec

from cagnotte.domain.offers.book import OfferBook
from cagnotte.domain.offers.combination import combine
from cagnotte.domain.offers.eligibility import standing
from cagnotte.domain.offers.given import Standing
from cagnotte.domain.offers.goods import Goods
from cagnotte.domain.offers.policy import OfferPolicy
from cagnotte.domain.offers.rivalry import conflict
from cagnotte.domain.offers.search import Combination
from cagnotte.domain.offers.terms import Offer
from cagnotte.domain.offers.turns import in_turn, take_turns
from cagnotte.domain.offers.values import (
    OfferGiven,
    OfferReason,
    OfferRefused,
    OfferSale,
    OffersDecided,
)

_WORTH_SAYING = frozenset(
    {
        OfferReason.SPEND_MORE,
        OfferReason.BUY_MORE,
        OfferReason.MORE_PRODUCTS,
        OfferReason.LOST,
        OfferReason.LIMIT_REACHED,
        OfferReason.BUDGET_SPENT,
        OfferReason.NEXT_STEP,
    }
)


def decide_offers(
    offers: Sequence[Offer] | OfferBook, policy: OfferPolicy, sale: OfferSale, *, explain: bool = False
) -> OffersDecided:
    """The offers that the sale gets, and why it does not get the others.

    Without `explain` only refusals are told that the customer can do something about, or whose code was typed;
    with it all of them, and what an offer that lost would have given alone. Totals are the same whatever the
    order of coupons, unless the policy says that codes count as they are claimed. A caller with many sales
    makes the OfferBook once: then offers that cannot hold are not tried.
    """
    is_prepared = isinstance(offers, OfferBook)
    book = offers if isinstance(offers, OfferBook) else OfferBook(offers)
    typed = tuple(dict.fromkeys(sale.coupons))
    known = book.by_code
    sale = msgspec.structs.replace(sale, coupons=typed)
    goods = Goods(sale, policy)
    found, refused = _standing(book.looked_at(sale) if is_prepared and not explain else book.everything(), goods)
    combination = combine(in_turn(found, policy, typed), goods, policy)
    refused += combination.outcome.refused
    refused += _lost(found, combination, goods, policy, explain=explain)
    given = tuple([_with_tax(each, goods) for each in combination.outcome.given])
    applied = {each.coupon for each in given}
    refused += _second_codes(book, typed, given)
    told = [each for each in refused if explain or each.coupon or each.reason in _WORTH_SAYING]
    return OffersDecided(
        given=given,
        refused=tuple(told),
        coupons_unknown=tuple([code for code in typed if code not in known]),
        coupons_not_applied=tuple([code for code in typed if code in known and code not in applied]),
        is_proven=combination.is_proven,
        bound=combination.bound,
    )


def _standing(offers: Sequence[tuple[int, Offer]], goods: Goods) -> tuple[list[Standing], list[OfferRefused]]:
    bill = goods.bill()
    found: list[Standing] = []
    refused: list[OfferRefused] = []
    for place, offer in offers:
        answer = standing(offer, place, goods, bill)
        if isinstance(answer, OfferRefused):
            refused.append(answer)
        else:
            found.append(answer)
    return found, refused


def _lost(
    found: Sequence[Standing], combination: Combination, goods: Goods, policy: OfferPolicy, *, explain: bool
) -> list[OfferRefused]:
    """The offers that would hold, but lost to others."""
    chosen = {each.place for each in combination.chosen}
    lost = []
    for each in found:
        if each.place not in chosen:
            winners = [
                other.offer.code
                for other in combination.chosen
                if conflict(each.offer, other.offer, policy) or conflict(other.offer, each.offer, policy)
            ]
            alone = take_turns([each], goods).saving if explain else 0
            lost.append(
                OfferRefused(
                    each.offer.code, OfferReason.LOST, coupon=each.coupon, lost_to=tuple(winners), alone=alone
                )
            )
    return lost


def _second_codes(book: OfferBook, typed: Sequence[str], given: Sequence[OfferGiven]) -> list[OfferRefused]:
    """Typed codes of an offer that was given for another of its codes."""
    used = {each.offer: each.coupon for each in given if each.coupon}
    return [
        OfferRefused(offer.code, OfferReason.LOST, coupon=code, lost_to=(offer.code,))
        for code in typed
        for offer in [book.offers[place] for place in book.by_code.get(code, ())]
        if used.get(offer.code, code) != code
    ]


def _with_tax(given: OfferGiven, goods: Goods) -> OfferGiven:
    if goods.policy.tax_included:
        return given
    lines = tuple([(line, goods.with_tax(line, minor)) for line, minor in given.lines])
    return msgspec.structs.replace(given, lines=lines)
