"""A refund without goods: lines that stay cost less than they did, and the sale is worked out on what is left.

The offers are not decided again for it: what they took off stays, and of the points that they added the share of
the amount that stays, rounded down.
"""

from collections.abc import Sequence

import msgspec

from cagnotte.domain.baskets.basket import Basket, Line, SaleTotals, shares
from cagnotte.domain.evaluator.events import SaleTaken
from cagnotte.domain.evaluator.kept import Kept, kept_with, offers_shared, totals_with
from cagnotte.domain.evaluator.making import Making


class Lowered(msgspec.Struct, frozen=True):
    """A line was lowered by `minor` while `articles` of it had not come back."""

    place: int
    articles: int
    minor: int


class Costs(msgspec.Struct, frozen=True):
    """The lines that are left: where they stood in the sale, their articles, and what each costs after its
    discounts, in minor units, whoever pays it."""

    places: tuple[int, ...]
    articles: tuple[int, ...]
    minor: tuple[int, ...]


def costs_of(basket: Basket, places: tuple[int, ...], totals: SaleTotals) -> Costs:
    """Of a basket that was not lowered, its lines at these places of the sale."""
    minor = tuple(line.paid - off for line, off in zip(basket.lines, totals.line_discounts, strict=True))
    return Costs(places, tuple(line.quantity for line in basket.lines), minor)


def less_of(costs: Costs, refunds: Sequence[Lowered]) -> list[int]:
    """By how much each line is lowered: articles that came back took their share of the refund with them.

    A line is never lowered by more than it costs.
    """
    less = [0] * len(costs.places)
    for number, place in enumerate(costs.places):
        there = costs.articles[number]
        asked = sum(each.minor * there // each.articles for each in refunds if each.place == place)
        less[number] = min(asked, max(costs.minor[number], 0))
    return less


def lowered(making: Making, taken: SaleTaken, kept: Kept, refunds: Sequence[Lowered]) -> Kept:
    """The sale as it stands when its lines cost so much less."""
    less = less_of(costs_of(kept.basket, kept.places, kept.totals), refunds) if refunds else []
    if not any(less):
        return kept
    totals = kept.totals
    basket = basket_lowered(kept.basket, less)
    after = totals_with(basket, totals.line_discounts, totals.order_shares, totals.delivery_discount)
    shared = offers_shared(kept, after, [each.lines for each in kept.result.offered.decided.given])
    return kept_with(making, taken, basket, kept.places, shared)


def spread(amount: int, costs: Sequence[int]) -> list[int]:
    """The refund over the lines, by what they cost (largest remainder, the first of equals)."""
    return shares(amount, costs)


def basket_lowered(basket: Basket, less: Sequence[int]) -> Basket:
    """The basket with lines that cost so much less; the tax of a line shrinks with it."""
    lines = tuple(_lowered(line, minor) for line, minor in zip(basket.lines, less, strict=True))
    return msgspec.structs.replace(basket, lines=lines)


def _lowered(line: Line, minor: int) -> Line:
    if not minor:
        return line
    paid = line.paid - minor
    return msgspec.structs.replace(line, paid=paid, tax=line.tax * paid // line.paid)
