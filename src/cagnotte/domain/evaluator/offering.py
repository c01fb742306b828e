"""Offers of a sale: what the offers room decides, as effects, totals and points."""

from collections.abc import Sequence
from datetime import date

import msgspec

from cagnotte.domain.baskets.basket import Basket, SaleTotals, shares
from cagnotte.domain.baskets.exchange import Exchange
from cagnotte.domain.earning.caps import Counting
from cagnotte.domain.earning.terms import BASIS, Cap, CapUnit
from cagnotte.domain.evaluator.decision import RefusalCode
from cagnotte.domain.evaluator.effects import DiscountGiven, GiftGiven, MessageShown, VoucherGiven
from cagnotte.domain.evaluator.following import Bonus
from cagnotte.domain.evaluator.gains import EligibleLines, Gain, lines_that_meet
from cagnotte.domain.evaluator.making import Making
from cagnotte.domain.evaluator.prepared import Prepared
from cagnotte.domain.evaluator.seen import RuleFacts
from cagnotte.domain.kernel import day_after
from cagnotte.domain.offers.decide import decide_offers
from cagnotte.domain.offers.effects import PointsMultiplier
from cagnotte.domain.offers.terms import Offer
from cagnotte.domain.offers.values import OfferGiven, OfferReason, OfferSale, OffersDecided

_NOTHING = OffersDecided()


class Offered(msgspec.Struct, frozen=True, gc=False):
    """What offers give on a sale, its totals with them, and the points that they add."""

    totals: SaleTotals
    decided: OffersDecided = _NOTHING
    bonuses: tuple[Bonus, ...] = ()

    @property
    def discounts(self) -> tuple[DiscountGiven, ...]:
        return tuple(
            DiscountGiven(each.offer, each.lines, each.coupon, each.delivery, each.times)
            for each in self.decided.given
            if each.lines or each.delivery
        )


def offered(ready: Prepared, basket: Basket, before: SaleTotals, facts: RuleFacts, counting: Counting) -> Offered:
    """The offers of the sale, and its totals, which were `before`; limits are counted in `counting`."""
    if not ready.programme.offers:
        return Offered(before)
    exchange, book = ready.abroad(basket.currency) if basket.currency else (None, ready.book)
    sale = offer_sale(basket, facts, counting, exchange)
    decided = decide_offers(book, ready.programme.offer_policy, sale)
    count_uses(ready, decided, counting, exchange)
    return Offered(_totals(basket, before, decided), decided)


def count_uses(
    ready: Prepared, decided: OffersDecided, counting: Counting, exchange: Exchange | None = None
) -> None:
    """Count what the limits of these offers count; money in the programme's currency."""
    for given in decided.given:
        for cap in ready.offers[given.offer].caps:
            counting.add(cap, _counts(cap, given, exchange))


def offer_sale(
    basket: Basket, facts: RuleFacts, counting: Counting, exchange: Exchange | None = None
) -> OfferSale:
    """The sale as offers see it: its own prices, with the facts as the programme counts them."""
    return OfferSale(
        lines=basket.lines,
        at=basket.at,
        facts=facts,
        delivery=basket.delivery,
        order_discount=basket.order_discount,
        coupons=facts.coupons,
        left=lambda offer: _left(offer, CapUnit.TIMES, counting),
        budget_left=lambda offer: _budget_left(offer, counting, exchange),
        exchange=exchange,
    )


def with_points(found: Offered, gains: Sequence[Gain], facts: RuleFacts, lines: EligibleLines) -> Offered:
    """With the points that offers add: fixed ones, and more of what the rules gave."""
    if not found.decided.given:
        return found
    bonuses = []
    for given in found.decided.given:
        bonuses += [Bonus(given.offer, wallet, points) for wallet, points in given.points if points > 0]
        for multiplier in given.multipliers:
            points = _multiplied(multiplier, gains, facts, lines)
            if points > 0:
                bonuses.append(Bonus(given.offer, multiplier.wallet, points))
    return msgspec.structs.replace(found, bonuses=tuple(bonuses)) if bonuses else found


def record_offers(making: Making, found: Offered, day: date) -> None:
    """Write what the offers give, and say of each code why it gave nothing."""
    for given in found.decided.given:
        if given.lines or given.delivery:
            making.add(DiscountGiven(given.offer, given.lines, given.coupon, given.delivery, given.times))
        for present in given.presents:
            making.add(GiftGiven(given.offer, present.kind, present.what, present.quantity, present.choices))
        for voucher in given.vouchers:
            ends = None if voucher.valid_for is None else day_after(day, voucher.valid_for)
            making.add(VoucherGiven(given.offer, voucher.quantity, voucher.amount_minor, day, ends))
        for message in given.messages:
            making.add(MessageShown(given.offer, message.place, message.text))


def refuse_coupons(making: Making, basket_coupons: Sequence[str], found: Offered, gains: Sequence[Gain]) -> None:
    """Codes that gave nothing: unknown ones, and known ones with the reason of their offer."""
    if not basket_coupons:
        return
    earning = {rule.coupon for rule in making.programme.earn if rule.coupon}
    applied = {given.coupon for given in found.decided.given}
    applied |= {gain.rule.coupon for gain in gains if gain.points > 0}
    reasons = {each.coupon: each for each in found.decided.refused if each.coupon}
    for code in dict.fromkeys(basket_coupons):
        refused = reasons.get(code)
        if code in applied:
            continue
        if refused is not None:
            making.refuse(RefusalCode.COUPON_NOT_APPLIED, code, refused.missing, refused.reason.value)
        elif code in earning:
            making.refuse(RefusalCode.COUPON_NOT_APPLIED, code, 0, OfferReason.CONDITION.value)
        else:
            making.refuse(RefusalCode.UNKNOWN_COUPON, code)


def _left(offer: Offer, unit: CapUnit, counting: Counting) -> int | None:
    return min((counting.left(cap) for cap in offer.caps if cap.unit is unit), default=None)


def _budget_left(offer: Offer, counting: Counting, exchange: Exchange | None) -> int | None:
    left = _left(offer, CapUnit.MONEY, counting)
    return left if left is None or exchange is None else exchange.own_left(left)


def _counts(cap: Cap, given: OfferGiven, exchange: Exchange | None) -> int:
    match cap.unit:
        case CapUnit.TIMES:
            return given.uses
        case CapUnit.MONEY:
            return given.saving if exchange is None else exchange.home(given.saving)
        case CapUnit.POINTS:
            return sum(points for _, points in given.points)


def _totals(basket: Basket, before: SaleTotals, decided: OffersDecided) -> SaleTotals:
    if not decided.saving:
        return before
    off = decided.line_discounts(len(basket.lines))
    left = [line.paid - minor for line, minor in zip(basket.lines, off, strict=True)]
    on_order = min(basket.order_discount, sum(max(each, 0) for each in left))
    of_order = shares(on_order, left)
    line_discounts = tuple(minor + part for minor, part in zip(off, of_order, strict=True))
    discount = on_order + decided.saving
    return SaleTotals(
        goods=before.goods,
        delivery=basket.delivery,
        discount=discount,
        points_paid=0,
        payable=before.goods + basket.delivery - discount,
        line_discounts=line_discounts,
        delivery_discount=decided.delivery,
        order_shares=tuple(of_order) if on_order else (),
    )


def _multiplied(
    multiplier: PointsMultiplier, gains: Sequence[Gain], facts: RuleFacts, lines: EligibleLines
) -> int:
    """What the multiplier adds to the wallet's points; of some lines, their share of the eligible amount."""
    points = sum(gain.points for gain in gains if gain.rule.wallet == multiplier.wallet)
    extra = points * (multiplier.basis_points - BASIS)
    if multiplier.lines is None:
        return extra // BASIS
    of_lines = sum(lines_that_meet(multiplier.lines, lines, facts).amounts)
    total = sum(lines.amounts)
    return extra * max(of_lines, 0) // (BASIS * total) if total > 0 else 0
