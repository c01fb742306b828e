"""The keys of the tables about the programme itself, its members and its tiers; and all tables together."""

from cagnotte.domain.earning.terms import Mode
from cagnotte.domain.kernel import TRANSFERS_PER_EVENT
from cagnotte.domain.programme.currencies import DECIMALS
from cagnotte.domain.programme.document import (
    Announce,
    AttributeType,
    LateCorrection,
    LeapBirthday,
    ReturnedDiscounts,
    ReturnedPoints,
    SpentBack,
)
from cagnotte.domain.programme.shapes import (
    CODE_PATTERN,
    COUNTRY_PATTERN,
    LANGUAGE_PATTERN,
    WORD_PATTERN,
    WORTH_PATTERN,
    ByCode,
    ByName,
    CodeOf,
    Codes,
    Flag,
    Inner,
    Key,
    Kind,
    Named,
    Period,
    Rows,
    Shape,
    Text,
    Whole,
    Word,
    Written,
)
from cagnotte.domain.programme.tables_accounting import ACCOUNTING
from cagnotte.domain.programme.tables_adjustments import ADJUSTMENTS
from cagnotte.domain.programme.tables_earning import (
    ACHIEVEMENT,
    BEGINS,
    CALENDAR,
    CAP,
    EARN,
    EARNING,
    ENDS,
    MEASURE,
    REFERRAL,
    WHEN,
)
from cagnotte.domain.programme.tables_offers import OFFER, OFFER_POLICY
from cagnotte.domain.programme.tables_points import CODE, CONVERSION, EXCHANGE, NAME, POOLING, SENDING, WALLET
from cagnotte.domain.tiers.terms import Drop, MeasuredIn, Review

GOALS = (
    "win_customers",
    "keep_customers",
    "share_of_wallet",
    "more_purchases",
    "cross_sell",
    "profitable",
    "gather_data",
    "ease_communication",
    "differentiate_service",
    "value_proposition",
)
PLACES = ("receipt", "till", "screen")
WINDOWS_OF_TIERS = tuple(window.value for window in MeasuredIn if window is not MeasuredIn.ROLLING)
COUNTED = ("spend", "visits", "points", "measure")

_CURRENCY = CodeOf("currency of ISO 4217", tuple(DECIMALS))
_TIMEZONE = CodeOf("IANA time zone, as `Europe/Paris`")
_TYPE = Word(tuple(AttributeType))
_ON = Key(
    "on", CodeOf("occasion"), "a purchase, an occasion of the member's life, or an event", default="purchase"
)

PROGRAMME = Shape(
    "programme",
    "What the programme is called, its currency and its clock",
    (
        CODE,
        NAME,
        Key("currency", _CURRENCY, "of the programme's amounts, and of sales that say no other", required=True),
        Key("timezone", _TIMEZONE, "the clock of days, weekdays and hours", required=True),
        Key("audience", Written(), "who may take part, as `member.age >= 18`", without="everyone"),
        BEGINS,
        ENDS,
        Key("announce", Word(tuple(Announce)), "of several tiers passed at once: the highest, or each",
            default="highest"),
        Key("leap_birthday", Word(tuple(LeapBirthday)), "when a birthday of 29 February is kept in other years",
            default="28 february"),
    ),
)  # fmt: skip
GOAL = Shape(
    "goals",
    "What the programme is for, and how success is measured",
    (
        CODE,
        NAME,
        Key("kind", Word(GOALS), "what the goal is about", required=True),
        Key("measured_by", Text(), "how success will be evaluated", without="not said"),
        Key("success", Text(), "what would be success", without="not said"),
        Key("strategy", Text(), "the link to the wider marketing strategy", without="not said"),
    ),
)
BRAND = Shape("brands.CODE", "A brand that members belong to", (NAME,))
COUNTRY = Shape(
    "countries.XX",
    "What differs in one country of an international programme",
    (
        Key("timezone", _TIMEZONE, "the clock of this country", without="the programme's"),
        Key("currency", _CURRENCY, "of its sales, where they do not say another", without="the programme's"),
        Key("worth", Text(WORTH_PATTERN), 'what one unit of its currency is worth in the programme\'s: `"1.05"`',
            without="required with another currency"),
        Key("language", Text(LANGUAGE_PATTERN), "two or three small letters, as `fr`", without="the member's"),
    ),
)  # fmt: skip
ATTRIBUTES = Shape(
    "attributes",
    "Facts of the programme's own, which rules can read",
    (
        Key("member", ByName(_TYPE, WORD_PATTERN), "read as `member.NAME`", without="none"),
        Key("sale", ByName(_TYPE, WORD_PATTERN), "read as `sale.NAME`", without="none"),
        Key("line", ByName(_TYPE, WORD_PATTERN), "of each line", without="none"),
    ),
)
EVENT = Shape(
    "events.CODE",
    "Something that members do besides buying",
    (NAME, Key("fields", ByName(_TYPE, WORD_PATTERN), "read as `event.NAME`", without="none")),
)
PLAN = Shape(
    "plans.CODE",
    "A membership, free or paid",
    (
        NAME,
        Key("fee", Whole(0, is_amount=True), "what it costs", default=0),
        Key("valid_for", Period(), "how long it lasts", without="without end"),
        Key("tier", CodeOf("tier"), "the tier that it brings", without="none"),
        Key("renewable_from", Period(), "how long before its end it can be renewed without losing a day",
            without="at any time"),
    ),
    needs=(("renewable_from", "valid_for"),),
)  # fmt: skip
MESSAGE = Shape(
    "messages",
    "A text for the receipt, the till or the seller's screen",
    (
        CODE,
        Key("text", Named(), "what is shown", required=True),
        Key("place", Word(PLACES), "where", default="receipt"),
        _ON,
        WHEN,
    ),
)
RETURNS = Shape(
    "returns",
    "What a return takes back and gives back",
    (
        Key("points", Word(tuple(ReturnedPoints)),
            "the sale is decided again without the lines, loses their share of its points, loses all once all"
            " comes back, or keeps them",
            default="decided_again"),
        Key("rounding", Word(tuple(Mode)),
            "which way points that are taken back in proportion are rounded, all returns of the sale together",
            default="up"),
        Key("discounts", Word(tuple(ReturnedDiscounts)),
            "offers are decided again for what stays, or each line keeps its share of the discounts",
            default="decided_again"),
        Key("give_back_spent", Flag(), "points that paid for the lines go back to their lots", default=True),
        Key("spent", Word(tuple(SpentBack)),
            "points that paid come back with each return, or once all of the sale has come back",
            default="by_line"),
        Key("spent_lives", Period(), "how long points that come back live when their lot has ended",
            without="they end at once"),
        Key("give_back_uses", Flag(),
            "limits and coupons that the sale used are free again when all of it is returned", default=True),
    ),
)  # fmt: skip
LATE = Shape(
    "late",
    "What a sale or a return that arrives late corrects",
    (
        Key("correct", Word(tuple(LateCorrection)),
            "the sales after it are decided again as if it had come in time, and the difference is posted; or not",
            default="always"),
        Key("within", Period(), "for what happened no longer ago than this when it arrives", default="3 months"),
    ),
)  # fmt: skip
SHARE_OF_WALLET = Shape(
    "share_of_wallet",
    "How the share of what members spend on such goods is estimated",
    (
        Key("peers", Codes("attribute"), "what members have in common who are compared; what matters most first",
            without="all members"),
        Key("quantile", Whole(1), "the wallet: so many percent of the peers spend no more; 50 to 99", default=90),
        Key("confidence", Whole(1), "how sure the interval is, in percent; 50 to 99", default=90),
        Key("within", Period(), "what was spent within this period, up to the end of the history",
            default="12 months"),
        Key("least_peers", Whole(1), "with fewer peers than this who bought, the last of `peers` is left out",
            default=30),
        Key("declared", CodeOf("attribute"),
            "holds what the member says to spend within the period, as an amount; 0: not said", without="none"),
    ),
)  # fmt: skip
REACH = Shape(
    "reach",
    "A threshold",
    (
        Key("spend", Whole(0, is_amount=True), "spent at least so much", without="this or another"),
        Key("visits", Whole(0), "at least so many sales", without="this or another"),
        Key("points", Whole(0), "earned at least so many points", without="this or another"),
        Key("wallet", CodeOf("wallet"), "in which wallet; with `points` only", without="the first wallet"),
        Key("measure", CodeOf("measure"), "the figure that `at_least` is about", without="this or another"),
        Key("at_least", Whole(0), "what the measure must reach", without="needed with `measure`"),
        Key("within", Period(), "how long a day counts", without="`window`"),
        Key("window", Word(WINDOWS_OF_TIERS), "since 1 January, the last anniversary of joining, or ever",
            default="ever"),
        Key("when", Written(), "a condition besides, or alone", without="always"),
    ),
    one_of=(COUNTED, ("within", "window")),
    some_of=((*COUNTED, "when"),),
    needs=(("wallet", "points"), ("at_least", "measure"), ("measure", "at_least")),
)  # fmt: skip
_KEEP = Shape(
    "keep",
    "How a tier is kept",
    (
        Key("review", Word(tuple(Review)), "when a tier that is no longer reached may be lost", default="rolling"),
        Key("reach", Inner(REACH), "another threshold for keeping than for reaching", without="the same"),
        Key("grace", Period(),
            "held that long after a missed review, and kept when the threshold is met meanwhile", without="none"),
        Key("drop", Word(tuple(Drop)), "to the tier still reached, by one level at most, or to none",
            default="reached"),
    ),
)  # fmt: skip
TIER = Shape(
    "tiers",
    "One status, from the lowest to the highest",
    (
        CODE,
        NAME,
        Key("family", Text(WORD_PATTERN), "tiers of one family stand above each other", default="main"),
        Key("reach", Inner(REACH), "what it takes", without="only given or paid"),
        Key("keep", Inner(_KEEP), "how it is kept", without="as below"),
        Key("floor", Flag(), "once held, the member never falls below it", default=False),
    ),
)

_OF_TRANSFERS = TRANSFERS_PER_EVENT // 16  # wallets, and conversions: all their transfers fit in one event


def _by_code(shape: Shape, most: int, pattern: str = CODE_PATTERN) -> Kind:
    return ByCode(shape, most, pattern)


DOCUMENT = Shape(
    "",
    "A loyalty programme",
    (
        Key("programme", Inner(PROGRAMME), required=True),
        Key("goals", Rows(GOAL, 200)),
        Key("brands", _by_code(BRAND, 1_000)),
        Key("countries", _by_code(COUNTRY, 300, COUNTRY_PATTERN)),
        Key("attributes", Inner(ATTRIBUTES)),
        Key("events", _by_code(EVENT, 1_000)),
        Key("calendars", _by_code(CALENDAR, 200, WORD_PATTERN)),
        Key("measures", _by_code(MEASURE, 1_000, WORD_PATTERN)),
        Key("wallets", _by_code(WALLET, _OF_TRANSFERS), required=True),
        Key("earning", Inner(EARNING)),
        Key("returns", Inner(RETURNS)),
        Key("late", Inner(LATE)),
        Key("caps", _by_code(CAP, 10_000)),
        Key("earn", Rows(EARN, 10_000)),
        Key("achievements", Rows(ACHIEVEMENT, 1_000)),
        Key("referral", Inner(REFERRAL)),
        Key("plans", _by_code(PLAN, 200)),
        Key("messages", Rows(MESSAGE, 1_000)),
        Key("share_of_wallet", Inner(SHARE_OF_WALLET)),
        Key("tiers", Rows(TIER, 200)),
        Key("conversions", Rows(CONVERSION, _OF_TRANSFERS)),
        Key("transfers", Inner(SENDING)),
        Key("households", Inner(POOLING)),
        Key("exchanges", Rows(EXCHANGE, 200)),
        Key("offers", Rows(OFFER, 10_000)),
        Key("offer_policy", Inner(OFFER_POLICY)),
        Key("accounting", Inner(ACCOUNTING)),
        Key("adjustments", Inner(ADJUSTMENTS)),
    ),
)
"""Every table of a programme, with how many there may be of each."""
