"""What an offer can take off at most, whatever other offers it is given with."""

from cagnotte.domain.offers.effects import (
    Bundle,
    BuyGet,
    Discount,
    Effect,
    GroupOff,
    On,
    Percent,
    Steps,
    Target,
)
from cagnotte.domain.offers.given import Standing
from cagnotte.domain.offers.goods import Goods
from cagnotte.domain.offers.policy import Groups, Pick, Reckoning, Units
from cagnotte.domain.offers.terms import Offer
from cagnotte.domain.offers.turns import take_turns

_MONEY = (Discount, GroupOff, BuyGet, Bundle, Steps)


def bound_alone(standing: Standing, goods: Goods, whole: int) -> int:
    """No company makes the offer take off more than this; `whole` is all that could be taken off."""
    offer = standing.offer
    if not takes_off(offer):
        return 0
    if all(_is_most_alone(effect, offer.reckoning) for effect in offer.effects):
        return take_turns([standing], goods).saving
    return whole


def takes_off(offer: Offer) -> bool:
    """Whether an offer takes something off the sale."""
    return any(isinstance(effect, _MONEY) for effect in offer.effects)


def has_basket_percentage(offer: Offer) -> bool:
    return any(
        isinstance(effect, Discount) and effect.target.on is On.BASKET and isinstance(effect.cut, Percent)
        for effect in offer.effects
    )


def _is_most_alone(effect: Effect, reckoning: Reckoning) -> bool:
    """Whether lower prices never make the effect take off more.

    They do where articles that others gave for nothing make room: the next cheapest is dearer.
    """
    if reckoning.units is Units.ONCE:
        return False
    match effect:
        case Discount() | Steps():
            return _means_same_articles(effect.target)
        case GroupOff():
            return (
                reckoning.groups is Groups.BEST
                and reckoning.pick is Pick.CHEAPEST
                and effect.pick in {None, Pick.CHEAPEST}
            )
        case BuyGet() | Bundle():
            return False
        case _:
            return True


def _means_same_articles(target: Target) -> bool:
    return target.on is not On.CHEAPEST and target.units is None and target.units_per_line is None
