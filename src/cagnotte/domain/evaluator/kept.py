"""A sale without what came back of it: decided again, or with the share of its discounts that stays."""

from collections.abc import Mapping, Sequence

import msgspec

from cagnotte.domain.baskets.basket import Basket, Line, SaleTotals, total_paid
from cagnotte.domain.earning.caps import Counting
from cagnotte.domain.evaluator.effects import PaidWithPoints
from cagnotte.domain.evaluator.events import SaleTaken
from cagnotte.domain.evaluator.following import Bonus
from cagnotte.domain.evaluator.making import Making
from cagnotte.domain.evaluator.offering import Offered, count_uses
from cagnotte.domain.evaluator.sale import SaleResult, spent_on, work_out
from cagnotte.domain.offers.values import OfferGiven, OffersDecided
from cagnotte.domain.programme.document import ReturnedDiscounts

type Quantities = Mapping[int, int]  # position of a line -> articles brought back so far


class Kept(msgspec.Struct, frozen=True):
    """The sale as it is without what came back. `places`: where its lines stood in the sale."""

    basket: Basket
    places: tuple[int, ...]
    result: SaleResult

    @property
    def totals(self) -> SaleTotals:
        return self.result.totals

    @property
    def counted(self) -> SaleTotals:
        """The totals as the programme counts them, in its own currency."""
        return self.result.counted

    @property
    def is_empty(self) -> bool:
        return not self.basket.lines

    @property
    def is_sale(self) -> bool:
        """Whether it counts as a purchase: a sale of 0 or below does not."""
        return self.totals.goods > 0


def whole_sale(making: Making, taken: SaleTaken) -> Kept:
    """The sale as it was, worked out on the facts of its time."""
    basket = taken.sale.basket
    result = work_out(making.ready, basket, taken.used, lambda totals: still_paid(taken, totals))
    return Kept(basket, tuple(range(len(basket.lines))), result)


def kept_of(making: Making, taken: SaleTaken, whole: Kept, returned: Quantities) -> Kept:
    """The sale without these articles, by the programme's policy. Its delivery stays until everything is back."""
    if not any(returned.values()):
        return whole
    basket, places = basket_without(taken.sale.basket, returned)
    if not basket.lines:
        return _nothing_of(whole, basket)
    shared = None
    if making.programme.returns.discounts is ReturnedDiscounts.AS_SHARED:
        shared, basket = _shared(whole, basket, places)
    return kept_with(making, taken, basket, places, shared)


def kept_with(
    making: Making, taken: SaleTaken, basket: Basket, places: tuple[int, ...], shared: Offered | None
) -> Kept:
    """The basket worked out on the facts of the sale, with the offers `shared`, or with those that are decided."""
    result = work_out(making.ready, basket, taken.used, lambda totals: still_paid(taken, totals), shared)
    if shared is not None:
        exchange = making.ready.abroad(basket.currency)[0] if basket.currency else None
        count_uses(making.ready, shared.decided, result.counting, exchange)
        result = msgspec.structs.replace(result, offered=shared)
    return Kept(basket, places, result)


def basket_without(sold: Basket, returned: Quantities) -> tuple[Basket, tuple[int, ...]]:
    """The basket that is left, and where its lines stood. Without any article left everything is gone."""
    lines = [
        (place, _part(line, line.quantity - returned.get(place, 0)) if place in returned else line)
        for place, line in enumerate(sold.lines)
    ]
    left = [(place, line) for place, line in lines if line.quantity != 0 or place not in returned]
    if not any(line.quantity > 0 for _, line in left):
        return msgspec.structs.replace(sold, lines=(), delivery=0, order_discount=0), ()
    goods, stays = total_paid(sold), sum(line.paid for _, line in left)
    discount = sold.order_discount * max(stays, 0) // goods if goods > 0 else 0
    basket = msgspec.structs.replace(sold, lines=tuple(line for _, line in left), order_discount=discount)
    return basket, tuple(place for place, _ in left)


def _part(line: Line, quantity: int) -> Line:
    """The line with fewer articles; amounts in proportion, cut to minor units."""
    return msgspec.structs.replace(
        line,
        quantity=quantity,
        paid=line.paid * quantity // line.quantity,
        listed=None if line.listed is None else line.listed * quantity // line.quantity,
        tax=line.tax * quantity // line.quantity,
        cost=None if line.cost is None else line.cost * quantity // line.quantity,
    )


def _nothing_of(whole: Kept, empty: Basket) -> Kept:
    """Nothing is left: no offer is looked for, also none that asks for nothing."""
    totals = SaleTotals(0, 0, 0, 0, 0, ())
    facts = whole.result.facts
    counting = Counting((), (), at=empty.at, store=empty.store, household="")
    return Kept(empty, (), SaleResult(facts, whole.result.lines, [], totals, totals, Offered(totals), counting))


def still_paid(taken: SaleTaken, totals: SaleTotals) -> int:
    """What of the points' payment stays, when the sale comes to these totals: its share, cut to minor units."""
    first = [effect for effect in taken.decisions[0].effects if isinstance(effect, PaidWithPoints)]
    paid = sum(effect.amount_minor for effect in first)
    if not paid:
        return 0
    original = taken.decisions[0].totals
    assert original is not None, taken.sale.event_id
    due = original.payable + original.points_paid
    return paid * max(totals.payable, 0) // due if due > 0 else 0


def _shared(whole: Kept, basket: Basket, places: Sequence[int]) -> tuple[Offered, Basket]:
    """The offers as they were: each line with its share of their discounts and of the till's own, and the
    points that they added with the share of the amount that stays, rounded down."""
    left = [
        (line.quantity, whole.basket.lines[place].quantity)
        for place, line in zip(places, basket.lines, strict=True)
    ]
    decided = whole.result.offered.decided
    by_offers = decided.line_discounts(len(whole.basket.lines))
    order = [whole.totals.line_discounts[place] - by_offers[place] for place in places]
    of_order = [_of(minor, *quantities) for minor, quantities in zip(order, left, strict=True)]
    lines = [_lines_shared(each, places, left) for each in decided.given]
    off = list(of_order)
    for number, minor in (part for parts in lines for part in parts):
        off[number] += minor
    totals = totals_with(basket, off, of_order, whole.totals.delivery_discount)
    return offers_shared(whole, totals, lines), msgspec.structs.replace(basket, order_discount=sum(of_order))


def offers_shared(whole: Kept, totals: SaleTotals, lines: Sequence[tuple[tuple[int, int], ...]]) -> Offered:
    """The offers with these parts of their discounts, and of the points that they added the share that stays."""
    value, stays = spent_on(whole.totals), max(spent_on(totals), 0)
    bonuses = tuple(Bonus(b.rule, b.wallet, _of(b.points, stays, value)) for b in whole.result.offered.bonuses)
    given = tuple(
        msgspec.structs.replace(
            each,
            lines=parts,
            points=tuple((wallet, _of(points, stays, value)) for wallet, points in each.points),
            multipliers=(),
        )
        for each, parts in zip(whole.result.offered.decided.given, lines, strict=True)
    )
    return Offered(totals, OffersDecided(given), bonuses)


def _lines_shared(
    given: OfferGiven, places: Sequence[int], left: Sequence[tuple[int, int]]
) -> tuple[tuple[int, int], ...]:
    taken_off = dict(given.lines)
    parts = [(number, _of(taken_off.get(place, 0), *left[number])) for number, place in enumerate(places)]
    return tuple([part for part in parts if part[1]])


def totals_with(basket: Basket, off: Sequence[int], of_order: Sequence[int], delivery_off: int) -> SaleTotals:
    """The totals when `off` is taken off the lines; `of_order`: what of it is the till's own discount."""
    goods, discount = total_paid(basket), sum(off) + delivery_off
    payable = goods + basket.delivery - discount
    shares = tuple(of_order) if any(of_order) else ()
    return SaleTotals(goods, basket.delivery, discount, 0, payable, tuple(off), delivery_off, shares)


def _of(number: int, part: int, whole: int) -> int:
    """The share of `part` in `whole`, rounded down."""
    return number * part // whole if whole else number
