"""What an offer asks of the basket: how much of which lines, how often it is there, and what is missing."""

from collections.abc import Sequence

from cagnotte.domain.offers.bill import Bill
from cagnotte.domain.offers.goods import Goods
from cagnotte.domain.offers.policy import Threshold, Units
from cagnotte.domain.offers.terms import Need, Offer
from cagnotte.domain.offers.values import OfferReason, OfferRefused


def times_met(offer: Offer, goods: Goods, bill: Bill) -> int | OfferRefused:
    """How often the basket holds what the offer asks; 1 for an offer that does not repeat."""
    lines = goods.qualifying(offer)
    if not lines and offer.lines is not None and not (offer.spend or offer.quantity or offer.products):
        return OfferRefused(offer.code, OfferReason.NO_LINES, 1)
    own = Need(None, offer.spend, offer.quantity, offer.products)
    times = _times(offer, own, lines, goods, bill)
    for need in offer.needs:
        if isinstance(times, OfferRefused):
            return times
        found = _times(offer, need, goods.within(offer, need.lines), goods, bill)
        times = found if isinstance(found, OfferRefused) else min(times, found)
    if isinstance(times, OfferRefused):
        return times
    if not offer.repeat:
        return 1
    return times if offer.times is None else min(times, offer.times)


def spent(offer: Offer, lines: Sequence[int], goods: Goods, bill: Bill) -> int:
    """What these lines come to for the offer's thresholds, in minor units."""
    reckoning = offer.reckoning
    left = bill.left if reckoning.threshold is Threshold.AFTER else goods.original
    if reckoning.units is Units.ONCE:
        left = [_unused_value(bill, number, value) for number, value in enumerate(left)]
    return goods.spend(lines, left, with_tax=reckoning.threshold_with_tax)


def bought(offer: Offer, lines: Sequence[int], goods: Goods, bill: Bill) -> int:
    """How many articles of these lines count for the offer."""
    if offer.reckoning.units is Units.ONCE:
        return sum([bill.unused(number) for number in lines])
    return sum([goods.quantities[number] for number in lines])


def use_up(offer: Offer, times: int, goods: Goods, bill: Bill, used_before: Sequence[int]) -> None:
    """The articles that met the needs count for no other offer; dearest first, beside those that got something.

    `used_before`: per line the articles that were unused before the offer was given.
    """
    own = Need(offer.lines, offer.spend, offer.quantity, offer.products)
    for need in (own, *offer.needs):
        lines = goods.within(offer, need.lines)
        taken = sum([used_before[number] - bill.unused(number) for number in lines])
        wanted = max(need.quantity, need.products) * times - taken
        runs = [run for number in lines for run in bill.runs(number, unused_only=True)]
        runs.sort(key=lambda run: (-run.price, run.line, run.piece))
        money = need.spend * times
        for run in runs:
            count = min(run.count, max(wanted, -(-money // run.price) if run.price else 0))
            if count > 0:
                bill.use(run, count)
                wanted -= count
                money -= count * run.price


def _times(offer: Offer, need: Need, lines: Sequence[int], goods: Goods, bill: Bill) -> int | OfferRefused:
    """How often one need is met."""
    often = [_MANY]
    if need.spend:
        value = spent(offer, lines, goods, bill)
        if value < need.spend:
            return OfferRefused(offer.code, OfferReason.SPEND_MORE, need.spend - value)
        often.append(value // need.spend)
    if need.quantity:
        count = bought(offer, lines, goods, bill)
        if count < need.quantity:
            return OfferRefused(offer.code, OfferReason.BUY_MORE, need.quantity - count)
        often.append(count // need.quantity)
    if need.products:
        skus = {goods.sale.lines[number].sku for number in lines if bill.unused(number) > 0}
        if len(skus) < need.products:
            return OfferRefused(offer.code, OfferReason.MORE_PRODUCTS, need.products - len(skus))
        often.append(len(skus) // need.products)
    return min(often)


def _unused_value(bill: Bill, number: int, value: int) -> int:
    if bill.is_whole(number):
        return value
    quantity = bill.quantities[number]
    return value * bill.unused(number) // quantity if quantity else value


_MANY = 2**31  # without a threshold nothing bounds how often; an offer that repeats must have one
