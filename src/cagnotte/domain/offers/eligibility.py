"""Whether an offer is to be had in this sale at all: its life, its coupon, its condition, its limits."""

from datetime import datetime

from cagnotte.domain.offers.bill import Bill
from cagnotte.domain.offers.given import Standing
from cagnotte.domain.offers.goods import Goods
from cagnotte.domain.offers.needs import times_met
from cagnotte.domain.offers.policy import OfferPolicy
from cagnotte.domain.offers.terms import Offer
from cagnotte.domain.offers.values import OfferReason, OfferRefused, OfferSale


def standing(offer: Offer, place: int, goods: Goods, bill: Bill) -> Standing | OfferRefused:
    """The offer with its turn in the document, or the first thing that stands against it.

    `bill`: nothing given yet, so that a threshold after other offers is asked again when its turn comes.
    """
    sale = goods.sale
    coupon = coupon_of(offer, sale.coupons)
    reason = _against(offer, sale, goods.policy, coupon)
    if reason is not None:
        return OfferRefused(offer.code, reason, coupon=coupon or "")
    met = times_met(offer, goods, bill)
    if isinstance(met, OfferRefused):
        return OfferRefused(offer.code, met.reason, met.missing, coupon or "")
    left, budget = (sale.left(offer), sale.budget_left(offer)) if offer.caps else (None, None)
    if left is not None and left <= 0:
        return OfferRefused(offer.code, OfferReason.LIMIT_REACHED, coupon=coupon or "")
    if budget is not None and budget <= 0:
        return OfferRefused(offer.code, OfferReason.BUDGET_SPENT, coupon=coupon or "")
    return Standing(offer, place, coupon or "", left, budget)


def coupon_of(offer: Offer, typed: tuple[str, ...]) -> str | None:
    """The first of the offer's codes that was typed; "" when it needs none; None when it lacks one."""
    if not offer.coupons:
        return ""
    return next((code for code in offer.coupons if code in typed), None)


def _against(offer: Offer, sale: OfferSale, policy: OfferPolicy, coupon: str | None) -> OfferReason | None:
    if coupon is None:
        return OfferReason.COUPON_MISSING
    life = _out_of_life(offer, sale.at, inclusive=policy.ends_inclusive)
    if life is not None:
        return life
    if offer.during and not _is_during(offer, sale):
        return OfferReason.NOT_DURING
    if offer.when is not None and not offer.when.evaluate(sale.facts):
        return OfferReason.CONDITION
    return None


def _is_during(offer: Offer, sale: OfferSale) -> bool:
    """Whether any of the offer's calendars holds; the facts know which ones do."""
    now = sale.facts.during.attributes
    return any(now.get(code, False) for code in offer.during)


def _out_of_life(offer: Offer, at: datetime, *, inclusive: bool) -> OfferReason | None:
    life = offer.life
    if life.begins is not None and at < life.begins:
        return OfferReason.NOT_BEGUN
    if life.ends is not None and (at > life.ends if inclusive else at >= life.ends):
        return OfferReason.ENDED
    return None
