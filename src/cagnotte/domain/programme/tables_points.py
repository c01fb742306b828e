"""The keys of [wallets.CODE], [[conversions]], [transfers], [[exchanges]], and of what rules may say otherwise."""

from cagnotte.domain.points.terms import BurnOrder, ExpiryStart, Negative, OverAsked, RoundedTo
from cagnotte.domain.programme.shapes import (
    CODE_PATTERN,
    ByName,
    Code,
    CodeOf,
    Codes,
    Day,
    Flag,
    Inner,
    InnerOrWord,
    Key,
    MonthDay,
    Named,
    Period,
    Shape,
    Whole,
    Word,
)

CODE = Key("code", Code(), "", required=True)
NAME = Key("name", Named(), "", without="the code")
WALLET_KEY = Key("wallet", CodeOf("wallet"), "where the points go", without="the first wallet")
AMOUNT = Whole(1, is_amount=True)

_AFTER = Key("after", Period(), "how long points can be used", without="no such end")
_ROUNDED = Key(
    "rounded_to",
    Word(tuple(RoundedTo)),
    "points live to the end of this calendar period of their last day",
    default="day",
)
_FROM = Key(
    "counts_from",
    Word(tuple(ExpiryStart)),
    "the day of the sale, or the day on which pending points became usable",
    default="earned",
)
_ON = Key("on", MonthDay(), "points end at 00:00 of this day of each year, as `12-31`", without="no such end")
_IDLE = Key(
    "idle",
    Period(),
    "all points of the wallet end when the member did nothing for that long",
    without="no such end",
)
_BY_TIER = Key(
    "by_tier",
    ByName(Period(), CODE_PATTERN),
    "another `after` for who holds that tier when the points are earned",
    without="`after`",
)
_OF_AFTER = (("rounded_to", "after"), ("counts_from", "after"), ("by_tier", "after"))

EXPIRY = Shape(
    "expiry",
    "When points end",
    (_AFTER, _ROUNDED, _FROM, _ON, _IDLE, _BY_TIER),
    some_of=(("after", "on", "idle"),),
    needs=_OF_AFTER,
)
EXPIRY_OF_RULE = Shape(
    "expiry",
    "When the points of this rule end",
    (_AFTER, _ROUNDED, _FROM, _ON, _BY_TIER),
    some_of=(("after", "on"),),
    needs=_OF_AFTER,
)
PENDING = Shape(
    "pending",
    "How long earned points wait before they can be used",
    (
        Key("for", Period(), "usable at 00:00 of the day of the sale + the period", without="this or another"),
        Key("until", Day(), "usable at 00:00 of that day", without="this or another"),
        Key(
            "event", CodeOf("event"), "usable when this event is reported for the sale", without="this or another"
        ),
    ),
    one_of=(("for", "until", "event"),),
    some_of=(("for", "until", "event"),),
)
_BURN = Shape(
    "burn",
    "How points are spent",
    (
        Key("order", Word(tuple(BurnOrder)), "which points go first", default="soonest_expiry"),
        Key("over_asked", Word(tuple(OverAsked)),
            "more asked than there is, or than is left to pay: refuse, or burn what there is", default="refuse"),
        Key("step", Whole(1), "points are burned in multiples of this", default=1),
        Key("least", Whole(1), "never fewer points at a time", default=1),
    ),
)  # fmt: skip
_VALUE = Shape(
    "value",
    "What points are worth when they pay at the till",
    (
        Key("points", Whole(1), "so many points", required=True),
        Key("amount", AMOUNT, "are worth so much", required=True),
    ),
)
_STAND_ALONE = Shape(
    "value",
    "What points save who uses them",
    (
        Key("points", Whole(1), "so many points", required=True),
        Key("amount", AMOUNT, "save so much", required=True),
    ),
)
_PRICE = Shape(
    "price",
    "What points cost a member who buys them",
    (
        Key("points", Whole(1), "so many points, or a multiple of them", required=True),
        Key("amount", AMOUNT, "cost so much", required=True),
    ),
)
_PARTNER_PRICE = Shape(
    "price",
    "What a partner pays for points given in its name",
    (
        Key("points", Whole(1), "for so many points, and any part of them", required=True),
        Key("amount", AMOUNT, "the partner pays so much", required=True),
    ),
)
_ESTIMATE = Shape(
    "estimate",
    "Breakage as it is estimated from the books when a month is closed",
    (
        Key("floor", Whole(0), "the accounts never count with less, in basis points", default=0),
        Key(
            "ceiling",
            Whole(0),
            "the accounts never count with more, in basis points; at most 10000",
            default=10_000,
        ),
        Key(
            "constrained",
            Flag(),
            "only what is highly probable counts: the lower end of the interval",
            default=True,
        ),
        Key("confidence", Whole(1), "of the interval, in percent; at most 99", default=90),
    ),
)
_WALLET_ACCOUNTS = Shape(
    "accounting",
    "How the points of a wallet are valued in the accounts",
    (
        Key("value", Inner(_STAND_ALONE), "what points save who uses them",
            without="`value` of the wallet, else its best conversion, else it stands in no account"),
        Key("breakage", Whole(0), "basis points of the points given that are expected never to be used, where that"
            " is not estimated; at most 10000", default=0),
        Key("estimate", Inner(_ESTIMATE), "breakage is estimated when a month is closed, and counts from then on",
            without="it is estimated and shown, and does not count"),
    ),
)  # fmt: skip
WALLET = Shape(
    "wallets.CODE",
    "A kitty of points",
    (
        NAME,
        Key("expiry", InnerOrWord(EXPIRY, "never"), "when points end", default="never"),
        Key(
            "pending", InnerOrWord(PENDING, "none"), "how long points wait before they can be used", default="none"
        ),
        Key("negative", Word(tuple(Negative)), "whether the balance may fall below zero", default="never"),
        Key("owed_most", Whole(1), "spending leaves at most so many points owed", without="no limit"),
        Key("burn", Inner(_BURN), "how points are spent", without="as below"),
        Key("value", Inner(_VALUE), "what points are worth at the till", without="points cannot pay"),
        Key("price", Inner(_PRICE), "what points cost who buys them", without="they are not for sale"),
        Key("hold_minutes", Whole(1), "how long points are set aside for an order that names no end", default=30),
        Key(
            "shown_as",
            Word(("money", "points")),
            "how the balance is shown; `money` needs `value`",
            default="points",
        ),
        Key("accounting", Inner(_WALLET_ACCOUNTS), "how its points stand in the accounts", without="as below"),
    ),
)
SENDING = Shape(
    "transfers",
    "What members may send each other",
    (
        Key("wallets", Codes("wallet"), "points of which wallets", required=True),
        Key("least", Whole(1), "never fewer points at a time", default=1),
        Key("most", Whole(1), "never more points at a time", without="no limit"),
        Key("caps", Codes("cap"), "limits of what a member sends, of `[caps.CODE]`", without="none"),
        Key(
            "dates",
            Word(("kept", "anew")),
            "lots keep their days, or begin anew on the wallet's terms",
            default="kept",
        ),
    ),
)
POOLING = Shape(
    "households",
    "What the members of a household may spend together",
    (
        Key("pool", Word(("spend", "none")), "whether they spend each other's points", default="none"),
        Key("wallets", Codes("wallet"), "points of which wallets", without="all"),
        Key("most", Whole(1), "never more points of the others at a time", without="no limit"),
        Key("caps", Codes("cap"), "limits of what a member gives, of `[caps.CODE]` per member", without="none"),
        Key("members_most", Whole(1), "a household with more members, up to 50, cannot", default=8),
        Key("after", Period(), "how long who spends or gives has belonged to it", without="at once"),
    ),
)
PARTNER = Shape(
    "partners.CODE",
    "Who pays for points: a brand, a supplier, a partner",
    (
        NAME,
        Key("price", Inner(_PARTNER_PRICE), "what it pays for points given in its name", required=True),
    ),
)
FUNDED_BY = Key("funded_by", CodeOf("partner"), "who pays for these points", without="the programme itself")
EXCHANGE = Shape(
    "exchanges",
    "How many points of one wallet become points of another",
    (
        CODE,
        NAME,
        Key("wallet", CodeOf("wallet"), "which points are given up", without="the first wallet"),
        Key("into", CodeOf("wallet"), "which points they become", required=True),
        Key("give", Whole(1), "so many points", required=True),
        Key("get", Whole(1), "become so many of the other wallet", required=True),
    ),
)
_VOUCHER = Shape(
    "voucher",
    "A gift voucher",
    (
        Key("amount", AMOUNT, "what the voucher is worth", required=True),
        Key("valid_for", Period(),
            "how long it can be used; it ends as points do, at 00:00 of the day + the period",
            without="without limit"),
    ),
)  # fmt: skip
CONVERSION = Shape(
    "conversions",
    "How many points become which gift voucher",
    (
        CODE,
        NAME,
        Key("wallet", CodeOf("wallet"), "which points are burned", without="the first wallet"),
        Key("points", Whole(1), "how many points make one voucher", required=True),
        Key("voucher", Inner(_VOUCHER), "what the points become", required=True),
        Key("trigger", Word(("automatic", "on_request")), "right after each sale, or only when the member asks",
            default="automatic"),
    ),
)  # fmt: skip
