"""What goes into a decision about offers and what comes out of it."""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec

from cagnotte.domain.baskets.basket import Line
from cagnotte.domain.baskets.exchange import Exchange
from cagnotte.domain.offers.effects import PointsMultiplier, Present, ShownMessage, Voucher
from cagnotte.domain.offers.terms import Offer


def _no_limit(_: Offer) -> int | None:
    return None


class OfferSale(msgspec.Struct, frozen=True):
    """A sale as offers see it. Amounts in minor units.

    `order_discount`: what the till took off the whole order already. `coupons`: as `normal_code` writes them,
    in the order typed. `at`: local time. `facts`: what rules are told; `facts.line` is set while lines are
    looked at. `left`: how many more uses the limits of an offer allow (None: no limit); `budget_left`: how
    much money its budgets do. `exchange`: of a sale in another currency than the programme's, whose offers and
    amounts are all in the sale's; `facts` are as the programme counts.
    """

    lines: tuple[Line, ...]
    at: datetime
    facts: Any
    delivery: int = 0
    order_discount: int = 0
    coupons: tuple[str, ...] = ()
    left: Callable[[Offer], int | None] = _no_limit
    budget_left: Callable[[Offer], int | None] = _no_limit
    exchange: Exchange | None = None


class OfferGiven(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one offer gives.

    `lines`: (position of the line from 0, minor units > 0). `times`: how often it was given in this sale;
    `uses`: what its limits count. `points`: (wallet, points).
    """

    offer: str
    coupon: str = ""
    lines: tuple[tuple[int, int], ...] = ()
    delivery: int = 0
    times: int = 1
    uses: int = 1
    presents: tuple[Present, ...] = ()
    vouchers: tuple[Voucher, ...] = ()
    points: tuple[tuple[str, int], ...] = ()
    multipliers: tuple[PointsMultiplier, ...] = ()
    messages: tuple[ShownMessage, ...] = ()

    @property
    def saving(self) -> int:
        """What it takes off the lines and the delivery."""
        return sum([minor for _, minor in self.lines]) + self.delivery


class OfferReason(StrEnum):
    """Why an offer was not given."""

    NOT_BEGUN = "not_begun"
    ENDED = "ended"
    NOT_DURING = "not_during"  # none of its calendars holds now
    COUPON_MISSING = "coupon_missing"
    CONDITION = "condition"  # `when` does not hold
    NO_LINES = "no_lines"  # nothing in the basket qualifies
    SPEND_MORE = "spend_more"  # `missing` minor units
    BUY_MORE = "buy_more"  # `missing` articles
    MORE_PRODUCTS = "more_products"  # `missing` different articles
    LIMIT_REACHED = "limit_reached"
    BUDGET_SPENT = "budget_spent"
    NOTHING_TO_GIVE = "nothing_to_give"  # it holds, but takes nothing off this basket
    LOST = "lost"  # it may not be combined with those in `lost_to`
    NEXT_STEP = "next_step"  # it was given; `missing` more would give the next step


class OfferRefused(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why an offer was not given; `alone`: what it would have taken off on its own, for those that lost."""

    offer: str
    reason: OfferReason
    missing: int = 0
    coupon: str = ""
    lost_to: tuple[str, ...] = ()
    alone: int = 0


class OffersDecided(msgspec.Struct, frozen=True, omit_defaults=True):
    """The offers of one sale, in the order in which they are given.

    `is_proven`: no other allowed combination is better by the objective. `bound`: what no combination can
    save more than, when that is not proven. `coupons_not_applied`: codes that are known but gave nothing,
    each with the offer and the reason in `refused`.
    """

    given: tuple[OfferGiven, ...] = ()
    refused: tuple[OfferRefused, ...] = ()
    coupons_unknown: tuple[str, ...] = ()
    coupons_not_applied: tuple[str, ...] = ()
    is_proven: bool = True
    bound: int = 0

    @property
    def saving(self) -> int:
        return sum([each.saving for each in self.given])

    @property
    def delivery(self) -> int:
        return sum([each.delivery for each in self.given])

    def line_discounts(self, lines: int) -> list[int]:
        """What the offers together take off each of the sale's `lines`."""
        off = [0] * lines
        for given in self.given:
            for number, minor in given.lines:
                off[number] += minor
        return off
