"""The keys of [offer_policy], and of what an offer has otherwise."""

import msgspec

from cagnotte.domain.earning.terms import Mode
from cagnotte.domain.offers.policy import (
    Choose,
    CouponOrder,
    FloorRefused,
    Gift,
    Groups,
    Objective,
    OddCents,
    OverBudget,
    Pick,
    PriceBase,
    RoundedTo,
    ShareBy,
    Threshold,
    Units,
    WorksOn,
)
from cagnotte.domain.programme.shapes import Flag, Inner, Key, Shape, Whole, Word, Written

_ROUNDING = Shape(
    "rounding",
    "How a share of a price becomes whole",
    (
        Key("mode", Word(tuple(Mode)), "which way; halves up, or to the even number", default="half_up"),
        Key(
            "per",
            Word(tuple(RoundedTo)),
            "what is rounded; target: the basket for an effect on it, else each line",
            default="target",
        ),
    ),
)
_RECKONING = (
    Key(
        "price",
        Word(tuple(PriceBase)),
        "percentages of the price paid or of the list price; list_instead: what the"
        " till's reduction already gives counts towards it",
        default="paid",
    ),
    Key(
        "works_on", Word(tuple(WorksOn)), "what offers before left, or the price before all offers", default="left"
    ),
    Key("rounding", Inner(_ROUNDING), "of shares of a price", without="as below"),
    Key(
        "share_by",
        Word(tuple(ShareBy)),
        "an amount for several lines is shared by what they cost, by their articles, or the same for each",
        default="value",
    ),
    Key(
        "odd_cents",
        Word(tuple(OddCents)),
        "who gets the odd cents of an amount that is shared",
        default="remainder",
    ),
    Key(
        "threshold",
        Word(tuple(Threshold)),
        "a minimum spend is measured before or after earlier offers",
        default="before",
    ),
    Key(
        "threshold_tax",
        Word(("included", "excluded")),
        "whether tax counts for a minimum spend",
        default="included",
    ),
    Key(
        "groups",
        Word(tuple(Groups)),
        "which articles make a group: dearest first, as in the basket, or so that the cheapest of all are given",
        default="best",
    ),
    Key("pick", Word(tuple(Pick)), "which articles are given or reduced", default="cheapest"),
    Key(
        "gift",
        Word(tuple(Gift)),
        "what is got for buying is in the basket besides, among what is bought, or handed out on top",
        default="in_basket",
    ),
    Key("partial", Flag(), "a group that lacks articles to give gives those that it has", default=False),
    Key(
        "floor_refused",
        Word(tuple(FloorRefused)),
        "what a floor refuses is lost, or moved to other lines",
        default="lost",
    ),
    Key("over_budget", Word(tuple(OverBudget)), "cut to what is left of a budget, or not given", default="cut"),
    Key(
        "units",
        Word(tuple(Units)),
        "once: an article that counted for an offer counts for no other that says so",
        default="shared",
    ),
)
POLICY_OF_OFFER = Shape(
    "policy",
    "What this offer has otherwise than `[offer_policy]`",
    tuple(msgspec.structs.replace(key, default=None, without="as `[offer_policy]`") for key in _RECKONING),
)
OFFER_POLICY = Shape(
    "offer_policy",
    "How offers are worked out and combined: where retailers differ",
    (
        *_RECKONING,
        Key("choose", Word(tuple(Choose)), "which offers are given when not all can be", default="best"),
        Key("objective", Word(tuple(Objective)), "what is best", default="member_saving"),
        Key(
            "coupons",
            Word(tuple(CouponOrder)),
            "codes in the order of their offers, or as they are typed",
            default="priority",
        ),
        Key("coupons_most", Whole(1), "at most so many offers with a code in one sale", without="no limit"),
        Key("offers_most", Whole(1), "at most so many offers that take something off", without="no limit"),
        Key("one_basket_percentage", Flag(), "one percentage on the whole basket per sale", default=False),
        Key(
            "tax", Word(("included", "excluded")), "amounts of offers are with or without tax", default="included"
        ),
        Key("exclude", Written(), "lines that no offer looks at", without="none"),
        Key(
            "most_percent",
            Whole(1),
            "all offers together take at most this share off the goods",
            without="no limit",
        ),
        Key(
            "below_zero",
            Flag(),
            "whether offers may take more off than the goods come to, less what is brought back in the same sale",
            default=True,
        ),
    ),
)
