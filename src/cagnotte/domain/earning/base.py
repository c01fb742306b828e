"""What of a sale counts for earning: an amount per line, as the programme's `[earning]` table says."""

from collections.abc import Callable, Sequence

from cagnotte.domain.baskets.basket import Basket, Line, SaleTotals, shares, without_offers
from cagnotte.domain.earning.terms import BothMatch, EarnPolicy, Price

type LineTest = Callable[[int], bool]  # of the position of a line


def line_bases(policy: EarnPolicy, basket: Basket, totals: SaleTotals) -> list[int]:
    """What each line counts, in minor units, eligible or not; they may be negative.

    Our discounts, the till's discount on the order and what points paid are spread over the lines by what
    they cost, and the tax of a line shrinks with it.
    """
    if policy.price is Price.PAID and policy.tax_included and not totals.discount and not totals.points_paid:
        return [line.paid for line in basket.lines]
    taken = _taken(policy, basket, totals)
    return [_base(policy, line, off) for line, off in zip(basket.lines, taken, strict=True)]


def delivery_base(policy: EarnPolicy, basket: Basket, totals: SaleTotals) -> int:
    """What the delivery counts where it counts, in minor units: points pay the goods first, then the delivery."""
    if not totals.delivery:
        return 0
    left = totals.delivery - (totals.delivery_discount if policy.after_offers else 0)
    if policy.after_points_payment and totals.points_paid:
        left -= max(totals.points_paid - sum(_left_of_goods(basket, totals)), 0)
    return max(left, 0)


def eligible_lines(
    policy: EarnPolicy, count: int, *, excluded: LineTest | None, included: LineTest | None
) -> list[bool]:
    """Whether each line may earn; the tests are those of the policy's `exclude` and `include`."""
    if excluded is None and included is None:
        return [True] * count
    return [_is_eligible(policy, number, excluded, included) for number in range(count)]


def _is_eligible(policy: EarnPolicy, number: int, excluded: LineTest | None, included: LineTest | None) -> bool:
    if included is not None and not included(number):
        return False
    is_out = excluded is not None and excluded(number)
    return not is_out or (included is not None and policy.both_match is BothMatch.INCLUDE)


def _taken(policy: EarnPolicy, basket: Basket, totals: SaleTotals) -> Sequence[int]:
    """What is taken off each line before it counts."""
    taken = _discounts(policy, basket, totals)
    if policy.after_points_payment and totals.points_paid:
        left = _left_of_goods(basket, totals)
        on_goods = min(totals.points_paid, sum(left))
        taken = [off + part for off, part in zip(taken, shares(on_goods, left), strict=True)]
    return taken


def _discounts(policy: EarnPolicy, basket: Basket, totals: SaleTotals) -> Sequence[int]:
    """Our offers where they count, and the till's discount on the order where it is spread: each for itself."""
    if not policy.after_offers:
        nothing = [0] * len(basket.lines)
        return without_offers(basket).line_discounts if policy.order_discount_spread else nothing
    if policy.order_discount_spread or not totals.order_shares:
        return totals.line_discounts
    return [whole - part for whole, part in zip(totals.line_discounts, totals.order_shares, strict=True)]


def _left_of_goods(basket: Basket, totals: SaleTotals) -> list[int]:
    """What is left to pay of each line; what is taken back pays nothing."""
    return [max(line.paid - off, 0) for line, off in zip(basket.lines, totals.line_discounts, strict=True)]


def _base(policy: EarnPolicy, line: Line, off: int) -> int:
    price = line.list_price if policy.price is Price.LIST else line.paid
    left = price - off
    if policy.tax_included or not line.tax or line.paid == 0:
        return left
    return left - _scaled(line.tax, left, line.paid)


def _scaled(tax: int, left: int, paid: int) -> int:
    """The tax within `left` when `tax` is within `paid`, to the nearest minor unit, halves up."""
    return (2 * tax * left + paid) // (2 * paid)
