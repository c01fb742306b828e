"""One offer given on the bill as it is: all of its effects, one after the other."""

from collections.abc import Sequence

import msgspec

from cagnotte.domain.earning.terms import BASIS
from cagnotte.domain.offers.bill import Bill
from cagnotte.domain.offers.bundles import bundles
from cagnotte.domain.offers.discounts import discount, steps
from cagnotte.domain.offers.effects import (
    Bundle,
    BuyGet,
    Discount,
    Effect,
    GroupOff,
    PointsBonus,
    PointsMultiplier,
    Present,
    ShownMessage,
    Steps,
    Voucher,
)
from cagnotte.domain.offers.exchange import buy_get
from cagnotte.domain.offers.giving import Giving
from cagnotte.domain.offers.goods import Goods
from cagnotte.domain.offers.grouped import group_off
from cagnotte.domain.offers.needs import times_met, use_up
from cagnotte.domain.offers.policy import OverBudget, Units
from cagnotte.domain.offers.terms import Offer, Uses
from cagnotte.domain.offers.values import OfferGiven, OfferReason, OfferRefused


class Standing(msgspec.Struct, frozen=True):
    """An offer whose life, coupon and condition hold; `place` is its turn. `left` and `budget`: None: no limit."""

    offer: Offer
    place: int
    coupon: str = ""
    left: int | None = None
    budget: int | None = None


class _Given(msgspec.Struct):
    """What is collected while the effects of one offer are given."""

    times: int = 0
    next_step: int = 0
    presents: list[Present] = []
    vouchers: list[Voucher] = []
    points: list[tuple[str, int]] = []
    multipliers: list[PointsMultiplier] = []
    messages: list[ShownMessage] = []


def give(
    standing: Standing, goods: Goods, bill: Bill, ceiling: int | None = None
) -> tuple[OfferGiven | OfferRefused, int]:
    """Give one offer; the bill is changed when it is. Beside it, what is missing for its next step, or 0.

    `ceiling`: what all offers together may still take off.
    """
    offer = standing.offer
    times = times_met(offer, goods, bill)
    if isinstance(times, OfferRefused):
        return msgspec.structs.replace(times, coupon=standing.coupon), 0
    most_times = _least(offer.times, standing.left if offer.uses is Uses.TIMES else None)
    if offer.repeat and most_times is not None:
        times = min(times, most_times)
    uses_units, refuses = offer.reckoning.units is Units.ONCE, offer.reckoning.over_budget is OverBudget.REFUSE
    kept = bill.copy() if uses_units or refuses else None
    unused = [bill.unused(number) for number in range(len(bill.left))] if uses_units else []
    left = bill.left.copy()
    money = _least(offer.most, ceiling, None if refuses else standing.budget)
    giving = Giving(offer, goods, bill, times=times, most_times=most_times, money=money)
    given = _Given()
    for effect in offer.effects:
        _give_effect(giving, effect, given)
    found = _collected(standing, giving, given, left)
    refusal = _refused(standing, found, refuses=refuses)
    if refusal is OfferReason.NOTHING_TO_GIVE and giving.missing > 0:
        refusal = OfferReason.BUY_MORE
    if refusal is not None:
        if kept is not None:
            bill.become(kept)
        missing = giving.missing if refusal is OfferReason.BUY_MORE else 0
        return OfferRefused(offer.code, refusal, missing, standing.coupon), given.next_step
    if uses_units:
        use_up(offer, times, goods, bill, unused)
    return found, given.next_step


def _give_effect(giving: Giving, effect: Effect, given: _Given) -> None:
    match effect:
        case Discount():
            discount(giving, effect)
        case Steps():
            given.next_step = steps(giving, effect)
        case GroupOff():
            given.times = max(given.times, group_off(giving, effect))
        case Bundle():
            given.times = max(given.times, bundles(giving, effect))
        case BuyGet():
            times, presents = buy_get(giving, effect)
            given.times = max(given.times, times)
            given.presents += presents
        case Present():
            more = effect.quantity * giving.times
            given.presents.append(msgspec.structs.replace(effect, quantity=more))
        case Voucher():
            _add_voucher(giving, effect, given)
        case PointsBonus():
            _add_points(giving, effect, given)
        case PointsMultiplier():
            given.multipliers.append(effect)
        case ShownMessage():
            given.messages.append(effect)


def _add_voucher(giving: Giving, effect: Voucher, given: _Given) -> None:
    amount = effect.amount_minor
    if effect.basis_points:
        amount = sum([giving.bill.left[number] for number in giving.lines(None)]) * effect.basis_points // BASIS
    if amount:
        quantity = effect.quantity * giving.times
        given.vouchers.append(Voucher(amount, effect.valid_for, quantity))


def _add_points(giving: Giving, effect: PointsBonus, given: _Given) -> None:
    points = effect.points * giving.times
    if effect.per:
        left = sum([giving.bill.left[number] for number in giving.lines(effect.lines)])
        exchange = giving.goods.sale.exchange
        if exchange is not None:  # points are worth the same everywhere
            left = exchange.home(left)
        points = effect.points * (left // effect.per)
    if points:
        given.points.append((effect.wallet, points))


def _collected(standing: Standing, giving: Giving, given: _Given, before: Sequence[int]) -> OfferGiven:
    offer = standing.offer
    now = giving.bill.left
    times = max(given.times or giving.given_times, 1)
    return OfferGiven(
        offer=offer.code,
        coupon=standing.coupon,
        lines=tuple([(n, was - now[n]) for n, was in enumerate(before) if was > now[n]]),
        delivery=giving.delivery_off,
        times=times,
        uses=times if offer.uses is Uses.TIMES else 1,
        presents=tuple(given.presents),
        vouchers=tuple(given.vouchers),
        points=tuple(given.points),
        multipliers=tuple(given.multipliers),
        messages=tuple(given.messages),
    )


def _refused(standing: Standing, given: OfferGiven, *, refuses: bool) -> OfferReason | None:
    if refuses and standing.budget is not None and given.saving > standing.budget:
        return OfferReason.BUDGET_SPENT
    gives = given.saving or given.presents or given.vouchers or given.points or given.multipliers
    if gives or all(isinstance(effect, ShownMessage) for effect in standing.offer.effects):
        return None
    return OfferReason.NOTHING_TO_GIVE


def _least(*limits: int | None) -> int | None:
    return min([limit for limit in limits if limit is not None], default=None)
