"""Offers for a sale in another currency: every fixed amount that an offer names, in the sale's own.

Shares of prices, quantities and points stay as they are. Amounts are rounded to the smallest unit, halves up; what
must be reached never becomes nothing.
"""

from msgspec.structs import replace

from cagnotte.domain.baskets.exchange import Exchange
from cagnotte.domain.offers.effects import (
    Amount,
    Bundle,
    BuyGet,
    Cut,
    Discount,
    Effect,
    GroupOff,
    Price,
    Step,
    Steps,
    StepsBy,
    Voucher,
)
from cagnotte.domain.offers.terms import Need, Offer


def offer_abroad(offer: Offer, exchange: Exchange) -> Offer:
    """The offer in the currency of the exchange. Its budgets stay the programme's: they are counted there."""
    return replace(
        offer,
        effects=tuple([_effect(effect, exchange) for effect in offer.effects]),
        spend=exchange.own_threshold(offer.spend),
        needs=tuple([_need(need, exchange) for need in offer.needs]),
        most=_maybe(offer.most, exchange),
        floor=exchange.own(offer.floor),
        worth=exchange.own(offer.worth),
    )


def _need(need: Need, exchange: Exchange) -> Need:
    return replace(need, spend=exchange.own_threshold(need.spend))


def _effect(effect: Effect, exchange: Exchange) -> Effect:  # noqa: PLR0911 - one plain list
    match effect:
        case Discount():
            return _discount(effect, exchange)
        case GroupOff(cuts=cuts):
            return replace(effect, cuts=tuple([None if cut is None else _cut(cut, exchange) for cut in cuts]))
        case BuyGet(cut=cut, spend=spend):
            return replace(effect, cut=_cut(cut, exchange), spend=exchange.own_threshold(spend))
        case Bundle():
            return replace(effect, cut=_cut(effect.cut, exchange))
        case Steps():
            return _steps(effect, exchange)
        case Voucher(amount_minor=amount):
            return replace(effect, amount_minor=exchange.own(amount))
        case _:
            return effect  # points are worth the same everywhere: `per` of a bonus is of what the programme counts


def _discount(effect: Discount, exchange: Exchange) -> Discount:
    first, most = _maybe(effect.first, exchange), _maybe(effect.most, exchange)
    return replace(effect, cut=_cut(effect.cut, exchange), first=first, most=most)


def _steps(effect: Steps, exchange: Exchange) -> Steps:
    by_spend = effect.by is StepsBy.SPEND
    return replace(
        effect,
        steps=tuple(
            [
                Step(exchange.own_threshold(step.least) if by_spend else step.least, _cut(step.cut, exchange))
                for step in effect.steps
            ]
        ),
        every=exchange.own_threshold(effect.every) if by_spend else effect.every,
        most=_maybe(effect.most, exchange),
    )


def _cut(cut: Cut, exchange: Exchange) -> Cut:
    match cut:
        case Amount(minor=minor):
            return Amount(exchange.own(minor))
        case Price(minor=minor):
            return Price(exchange.own(minor))
        case _:
            return cut


def _maybe(minor: int | None, exchange: Exchange) -> int | None:
    return None if minor is None else exchange.own(minor)
