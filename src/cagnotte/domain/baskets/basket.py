"""What was bought: the lines of a sale as the till reports them."""

from collections.abc import Iterable
from datetime import date, datetime

import msgspec

from cagnotte.domain.members.profile import NO_ATTRIBUTES, Attributes

LINES_MOST = 10_000
AMOUNT_MOST = 2**40 - 1  # of a line or a sale, in minor units, either sign: rules count in 64 bits
QUANTITY_MOST = 2**31 - 1


class Line(msgspec.Struct, frozen=True, gc=False):
    """One line of a sale. Amounts are of the whole line, in minor units; they may be negative.

    `paid`: what the till asks for it, after its own reductions and before ours. `listed`: the price before
    any reduction (None: as paid). `tax`: the tax within `paid`. `cost`: what the goods cost the store (None:
    not known). `attributes` must not refer to themselves: lines are not tracked by the garbage collector.
    """

    sku: str
    quantity: int
    paid: int
    category: str = ""
    department: str = ""
    brand: str = ""
    supplier: str = ""
    tags: tuple[str, ...] = ()
    listed: int | None = None
    tax: int = 0
    cost: int | None = None
    attributes: Attributes = NO_ATTRIBUTES

    @property
    def list_price(self) -> int:
        return self.paid if self.listed is None else self.listed

    @property
    def is_reduced(self) -> bool:
        return self.listed is not None and self.paid < self.listed

    @property
    def margin(self) -> int:
        """What is left of `paid` without tax after the cost of the goods; 0 when that is not known."""
        return 0 if self.cost is None else self.paid - self.tax - self.cost


class PointsPayment(msgspec.Struct, frozen=True):
    """The member pays a part of the sale with `points` of the wallet."""

    wallet: str
    points: int


class Basket(msgspec.Struct, frozen=True):
    """The lines of one sale and where and when it was made; `at` is local wall-clock time, without zone.

    `order_discount`: what the till took off the whole order, not yet in the lines (>= 0). `delivery`: its
    price, not in the lines. `currency`: of all amounts, when it is not the programme's ("": it is).
    """

    at: datetime
    store: str
    lines: tuple[Line, ...]
    channel: str = "store"
    region: str = ""
    till: str = ""
    coupons: tuple[str, ...] = ()
    payments: tuple[PointsPayment, ...] = ()
    order_discount: int = 0
    delivery: int = 0
    attributes: Attributes = NO_ATTRIBUTES
    currency: str = ""


class SaleTotals(msgspec.Struct, frozen=True):
    """What a sale comes to, in minor units: `goods` + `delivery` - `discount` - `points_paid` = `payable`.

    `line_discounts`: per line, in their order; they add up to `discount` - `delivery_discount`.
    `order_shares`: what of each is its share of the till's discount on the order; empty without one.
    """

    goods: int
    delivery: int
    discount: int
    points_paid: int
    payable: int
    line_discounts: tuple[int, ...]
    delivery_discount: int = 0
    order_shares: tuple[int, ...] = ()


def total_paid(basket: Basket) -> int:
    """Sum over the lines, in minor units; negative when more was taken back than sold."""
    return sum([line.paid for line in basket.lines])


def local_day(basket: Basket) -> date:
    return basket.at.date()


def without_offers(basket: Basket) -> SaleTotals:
    """The totals of a sale on which nothing of ours was given."""
    goods, delivery = total_paid(basket), basket.delivery
    discount = min(basket.order_discount, max(goods, 0))  # a till's discount leaves nothing to pay, never less
    if not discount:
        return SaleTotals(goods, delivery, 0, 0, goods + delivery, (0,) * len(basket.lines))
    off = tuple(shares(discount, [line.paid for line in basket.lines]))
    return SaleTotals(goods, delivery, discount, 0, goods + delivery - discount, off, 0, off)


def shares(total: int, weights: Iterable[int]) -> list[int]:
    """`total` >= 0 split by weight into whole parts that add up to it (largest remainder, ties to the first).

    Weights of 0 or less get nothing; without any positive weight all parts are 0, and nothing is split.
    """
    counted = [max(weight, 0) for weight in weights]
    whole = sum(counted)
    if whole == 0:
        return [0] * len(counted)
    parts = [total * weight // whole for weight in counted]
    left = total - sum(parts)
    by_remainder = sorted(range(len(counted)), key=lambda n: (-(total * counted[n] % whole), n))
    for n in by_remainder[:left]:
        parts[n] += 1
    return parts
