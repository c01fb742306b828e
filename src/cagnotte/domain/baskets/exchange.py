"""A sale in another currency than the programme's: what its amounts are worth there, to the smallest unit.

Offers work on the sale's own prices. Everything else reads the sale as the programme counts: line by line, so that
the lines add up to what the whole sale is worth.
"""

from collections.abc import Sequence
from math import gcd

import msgspec

from cagnotte.domain.baskets.basket import AMOUNT_MOST, Basket, Line, SaleTotals
from cagnotte.domain.kernel import nearest


class Exchange(msgspec.Struct, frozen=True):
    """`denominator` minor units of `currency` are worth `numerator` minor units of the programme's currency."""

    currency: str
    numerator: int
    denominator: int

    def home(self, minor: int) -> int:
        """An amount of the sale in the programme's currency; halves away from 0."""
        return nearest(minor * self.numerator, self.denominator)

    def own(self, minor: int) -> int:
        """An amount of the programme in the sale's currency; halves away from 0."""
        return nearest(minor * self.denominator, self.numerator)

    def own_threshold(self, minor: int) -> int:
        """The same for what must be reached: never nothing where the programme asks for something."""
        return max(self.own(minor), 1) if minor > 0 else 0

    def own_left(self, minor: int) -> int:
        """The same for what is left of a limit: rounded down, so that it is never passed."""
        return minor * self.denominator // self.numerator

    def home_left(self, minor: int) -> int:
        """An amount of the sale in the programme's currency, rounded down: what it can pay for at most."""
        return minor * self.numerator // self.denominator

    def home_reaching(self, minor: int) -> int:
        """The smallest amount of the programme that is worth `minor` > 0 of the sale, once it is rounded."""
        return -(-(2 * minor - 1) * self.numerator // (2 * self.denominator))

    def home_parts(self, amounts: Sequence[int]) -> list[int]:
        """Each amount in the programme's currency: they add up to what their sum is worth (largest remainder,
        ties to the first), and none is further than one unit from what it is worth itself."""
        parts, remainders = [], []
        for amount in amounts:
            whole, rest = divmod(amount * self.numerator, self.denominator)
            parts.append(whole)
            remainders.append(rest)
        left = self.home(sum(amounts)) - sum(parts)
        for place in sorted(range(len(parts)), key=lambda n: (-remainders[n], n))[:left]:
            parts[place] += 1
        return parts

    @property
    def most(self) -> int:
        """The largest amount of a sale, in its currency, that rules can still count in the programme's."""
        return min(AMOUNT_MOST, (AMOUNT_MOST - 1) * self.denominator // self.numerator)


def basket_at_home(basket: Basket, exchange: Exchange) -> Basket:
    """The sale as the programme counts it. Quantities stay; what the till did not reduce is not reduced here."""
    lines = basket.lines
    paid = exchange.home_parts([line.paid for line in lines])
    reduced = exchange.home_parts([line.list_price - line.paid for line in lines])
    taxes = exchange.home_parts([line.tax for line in lines])
    costs = exchange.home_parts([line.cost or 0 for line in lines])
    return msgspec.structs.replace(
        basket,
        lines=tuple([_line(*each) for each in zip(lines, paid, reduced, taxes, costs, strict=True)]),
        order_discount=exchange.home(basket.order_discount),
        delivery=exchange.home(basket.delivery),
    )


def totals_at_home(totals: SaleTotals, at_home: Basket, exchange: Exchange) -> SaleTotals:
    """The totals of the sale as the programme counts them: nothing is taken off a line that it does not cost."""
    lines = at_home.lines
    asked = exchange.home_parts(totals.line_discounts)
    off = tuple([min(minor, max(line.paid, 0)) for minor, line in zip(asked, lines, strict=True)])
    of_order = exchange.home_parts(totals.order_shares)
    goods = sum([line.paid for line in lines])
    delivery_off = min(exchange.home(totals.delivery_discount), at_home.delivery)
    discount = sum(off) + delivery_off
    due = goods + at_home.delivery - discount
    points_paid = min(exchange.home(totals.points_paid), max(due, 0))
    return SaleTotals(
        goods=goods,
        delivery=at_home.delivery,
        discount=discount,
        points_paid=points_paid,
        payable=due - points_paid,
        line_discounts=off,
        delivery_discount=delivery_off,
        order_shares=tuple([min(part, minor) for part, minor in zip(of_order, off, strict=False)]),
    )


def exchange_of(worth: str, currency: str, decimals: int, decimals_at_home: int) -> Exchange:
    """From a decimal text: what one unit of the currency is worth in units of the programme's."""
    whole, _, part = worth.partition(".")
    numerator = int(whole + part) * 10**decimals_at_home
    denominator = 10 ** (len(part) + decimals)
    divisor = gcd(numerator, denominator)
    return Exchange(currency, numerator // divisor, denominator // divisor)


def _line(line: Line, paid: int, reduced: int, tax: int, cost: int) -> Line:
    return msgspec.structs.replace(
        line,
        paid=paid,
        listed=None if line.listed is None else paid + reduced,
        tax=tax,
        cost=None if line.cost is None else cost,
    )
