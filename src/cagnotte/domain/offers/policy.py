"""The `[offer_policy]` table: what differs between retailers when offers are worked out, with our defaults."""

from enum import StrEnum

import msgspec

from cagnotte.domain.earning.terms import Mode
from cagnotte.domain.rules import Rule


class PriceBase(StrEnum):
    """The price that a percentage is of."""

    PAID = "paid"  # what the till asks, after its own reductions
    LIST = "list"  # the list price: the till's reduction stays, and this comes on top
    LIST_INSTEAD = "list_instead"  # the list price: what the till's reduction already gives counts towards it


class WorksOn(StrEnum):
    LEFT = "left"  # each offer on what the ones before it left: 20 % and 10 % make 28 %
    ORIGINAL = "original"  # each offer on the price before all of them: 30 %


class RoundedTo(StrEnum):
    """What a percentage is rounded on."""

    TARGET = "target"  # the whole basket when the effect is on the basket, else each line
    UNIT = "unit"
    LINE = "line"
    BASKET = "basket"  # the sum of all lines concerned, shared afterwards


class ShareBy(StrEnum):
    """By what an amount for several lines is shared."""

    VALUE = "value"  # what is left to pay of each line
    QUANTITY = "quantity"  # the articles of each line
    LINES = "lines"  # each line the same


class OddCents(StrEnum):
    """Who gets the cents that are left when an amount is shared."""

    REMAINDER = "remainder"  # one each, by largest remainder; ties: the first
    FIRST = "first"  # one each, from the first line
    LAST = "last"  # one each, from the last line
    LARGEST = "largest"  # one each, from the line of most value
    REST_TO_LAST = "rest_to_last"  # each part rounded half up, the last one takes what is left


class Threshold(StrEnum):
    """On which value a minimum spend is measured."""

    BEFORE = "before"  # before any offer
    AFTER = "after"  # after the offers that come before it


class Groups(StrEnum):
    """Which articles make a group (three for two, a bundle) when there are more than one group needs."""

    BEST = "best"  # dearest first: the member saves most
    BASKET_ORDER = "basket_order"
    LEAST = "least"  # of all articles in full groups the cheapest are the ones given


class Pick(StrEnum):
    CHEAPEST = "cheapest"
    DEAREST = "dearest"


class Gift(StrEnum):
    """Where the articles of a "buy 2, get 1" come from."""

    IN_BASKET = "in_basket"  # the third one of the basket
    AMONG = "among"  # one of the two that are bought
    ADDED = "added"  # handed out besides: the price of the basket stays


class FloorRefused(StrEnum):
    """What becomes of a discount that a floor does not allow on a line."""

    LOST = "lost"
    MOVED = "moved"  # to the other lines, for a discount that is shared by several lines


class OverBudget(StrEnum):
    CUT = "cut"  # the discount is cut to what is left of the budget
    REFUSE = "refuse"


class Units(StrEnum):
    SHARED = "shared"
    ONCE = "once"  # an article that counted for this offer counts for no other that says so


class Reckoning(msgspec.Struct, frozen=True):
    """How one offer is worked out: the part of the policy that an offer can have otherwise."""

    price: PriceBase = PriceBase.PAID
    works_on: WorksOn = WorksOn.LEFT
    rounding: Mode = Mode.HALF_UP
    rounded_per: RoundedTo = RoundedTo.TARGET
    share_by: ShareBy = ShareBy.VALUE
    odd_cents: OddCents = OddCents.REMAINDER
    threshold: Threshold = Threshold.BEFORE
    threshold_with_tax: bool = True
    groups: Groups = Groups.BEST
    pick: Pick = Pick.CHEAPEST
    gift: Gift = Gift.IN_BASKET
    partial: bool = False  # a group that lacks articles to give gives those it has
    floor_refused: FloorRefused = FloorRefused.LOST
    over_budget: OverBudget = OverBudget.CUT
    units: Units = Units.SHARED


class Choose(StrEnum):
    """Which offers are given when not all can be."""

    BEST = "best"  # the combination that the objective likes best; nothing that could be added is withheld
    BEST_OF_ALL = "best_of_all"  # as best, and an offer is withheld when others give more without it
    PRIORITY = "priority"  # the first by priority, then each that goes with those before it
    EXCLUSIVE_FIRST = "exclusive_first"  # as priority, but exclusive offers choose first


class Objective(StrEnum):
    MEMBER_SAVING = "member_saving"  # most off, with `worth`
    MARGIN = "margin"  # least off, of the combinations to which nothing could be added
    POINTS_COST = "points_cost"  # fewest points, of the same; then most off


class CouponOrder(StrEnum):
    PRIORITY = "priority"  # codes are given in the order of their offers, however they are typed
    CLAIMED = "claimed"  # offers with a code come after the others, in the order in which codes are typed


class OfferPolicy(msgspec.Struct, frozen=True):
    """`reckoning` holds for every offer that does not say otherwise; the rest is about the sale as a whole.

    `tax_included` False: all amounts that offers name are without tax, and what they take off also takes the
    tax on it off. `most_basis_points`: all offers together take off at most this share of the goods.
    `below_zero` False: they take off no more than the goods come to, less what is brought back in the same sale.
    """

    reckoning: Reckoning = Reckoning()
    choose: Choose = Choose.BEST
    objective: Objective = Objective.MEMBER_SAVING
    coupon_order: CouponOrder = CouponOrder.PRIORITY
    coupons_most: int | None = None  # offers with a code in one sale
    offers_most: int | None = None  # offers that take something off in one sale
    one_basket_percentage: bool = False
    tax_included: bool = True
    exclude: Rule | None = None  # lines that no offer looks at
    most_basis_points: int | None = None
    below_zero: bool = True
    ends_inclusive: bool = False
