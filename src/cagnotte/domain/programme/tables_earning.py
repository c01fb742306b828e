"""The keys of the tables that say what gives points: [earning], [caps], [measures], [[earn]] and their like."""

from cagnotte.domain.earning.terms import (
    BothMatch,
    Combine,
    Every,
    Mode,
    MultiplyOn,
    Price,
    RoundedPer,
    Scope,
    TierOf,
)
from cagnotte.domain.programme.shapes import (
    CodeOf,
    Codes,
    Day,
    Days,
    Factor,
    Flag,
    Hours,
    Inner,
    InnerOrRows,
    InnerOrWord,
    Key,
    Moment,
    Period,
    Rows,
    Shape,
    Text,
    Whole,
    WholeOrWritten,
    Word,
    Written,
)
from cagnotte.domain.programme.tables_points import (
    AMOUNT,
    CODE,
    EXPIRY_OF_RULE,
    FUNDED_BY,
    NAME,
    PENDING,
    WALLET_KEY,
)

BANDS_MOST = 100
STREAKS = (Every.DAY, Every.WEEK, Every.MONTH)
MEASURED_OF = (Scope.MEMBER, Scope.HOUSEHOLD)
WINDOWS_OF_CAPS = tuple(every.value for every in Every if every is not Every.ROLLING)

_ON = Key(
    "on", CodeOf("occasion"), "a purchase, an occasion of the member's life, or an event", default="purchase"
)
WHEN = Key("when", Written(), "only when this holds", without="always")
BEGINS = Key("begins", Moment(), "from this local time on; a date from its 00:00", without="open")
ENDS = Key("ends", Moment(), "up to this local time; a date with the whole of its day", without="open")

ROUNDING = Shape(
    "rounding",
    "How a share of a point becomes a whole one",
    (
        Key("mode", Word(tuple(Mode)), "which way; halves up, or to the even number", default="down"),
        Key("per", Word(tuple(RoundedPer)),
            "each rule alone, each line of a rate alone, or the sum of a wallet's rules", default="rule"),
    ),
)  # fmt: skip
_MULTIPLY = Shape(
    "multiply",
    "How multipliers work",
    (
        Key("on", Word(tuple(MultiplyOn)), "whole points of the base rules, or their exact fractions",
            default="rounded"),
        Key("fixed", Word(("included", "excluded")), "whether fixed bonuses are multiplied too",
            default="excluded"),
        Key("combine", Word(tuple(Combine)), "x2 and x3 together: x4 (add), x6 (multiply) or x3 (best)",
            default="add"),
    ),
)  # fmt: skip
EARNING = Shape(
    "earning",
    "What counts for earning: where retailers differ",
    (
        Key("price", Word(tuple(Price)), "the price paid, or the list price", default="paid"),
        Key("tax", Word(("included", "excluded")), "whether tax counts", default="included"),
        Key("offers", Word(("after", "before")), "the amount after or before our offers", default="after"),
        Key("points_payment", Word(("after", "before")), "the amount after or before what points paid",
            default="after"),
        Key("delivery", Word(("counted", "not_counted")), "whether delivery counts", default="not_counted"),
        Key("order_discount", Word(("spread", "apart")),
            "a discount on the whole order is spread over the lines, or leaves them as they are",
            default="spread"),
        Key("exclude", Written(), "lines that never earn, as `line.category == \"tobacco\"`", without="none"),
        Key("include", Written(), "only these lines earn", without="all lines"),
        Key("both_match", Word(tuple(BothMatch)), "what holds for a line that both name", default="exclude"),
        Key("rounding", Inner(ROUNDING), "of all rules that do not say otherwise", without="as below"),
        Key("multiply", Inner(_MULTIPLY), "how multipliers work", without="as below"),
        Key("tier", Word(tuple(TierOf)), "rules see the tier before the sale, or the one that it leads to",
            default="before"),
        Key("ends", Word(("inclusive", "exclusive")), "whether the instant `ends` of a life still counts",
            default="exclusive"),
    ),
)  # fmt: skip
CAP = Shape(
    "caps.CODE",
    "A cap: what passes it is cut to what is left",
    (
        Key("points", Whole(1), "at most so many points", without="this or another"),
        Key("money", AMOUNT, "points for at most so much money", without="this or another"),
        Key("times", Whole(1), "at most so many times", without="this or another"),
        Key("per", Word(tuple(Scope)), "whose doings count together", default="member"),
        Key("every", Word(WINDOWS_OF_CAPS), "when it begins to count anew, in local time; weeks begin on Monday",
            default="ever"),
        Key("within", Period(), "counts the days of this period, today with them", without="`every`"),
    ),
    one_of=(("points", "money", "times"), ("every", "within")),
    some_of=(("points", "money", "times"),),
)  # fmt: skip
MEASURE = Shape(
    "measures.CODE",
    "A figure of the member's, added up over occasions",
    (
        NAME,
        Key("counts", WholeOrWritten(), "what one occasion adds", required=True),
        _ON,
        WHEN,
        Key("within", Period(), "how long a day counts", without="the whole membership"),
        Key("of", Word(MEASURED_OF), "whose doings count together", default="member"),
    ),
)
_BAND = Shape(
    "bands",
    "One band of an amount",
    (
        Key("upto", AMOUNT, "the band goes up to and with this amount", without="the last band"),
        Key("points", Whole(0), "so many points", required=True),
        Key("per", AMOUNT, "for each of this", required=True),
    ),
)
EARN = Shape(
    "earn",
    "One rule that gives points",
    (
        CODE,
        NAME,
        _ON,
        WALLET_KEY,
        WHEN,
        Key("lines", Written(), "only these lines count for this rule, as `line.brand == \"acme\"`",
            without="all that may earn"),
        Key("points", WholeOrWritten(), "how many points; with `per`, a whole number", without="this or another"),
        Key("per", AMOUNT, "`points` for each of this, in exact fractions", without="`points` as they are"),
        Key("of", WholeOrWritten(), "what `per` and `bands` count", without="the eligible amount of the sale"),
        Key("bands", Rows(_BAND, BANDS_MOST), "a rate that changes with the amount", without="this or another"),
        Key("marginal", Flag(),
            "each band's rate for the part inside it, or the whole amount's rate for all of it", default=True),
        Key("multiply", Factor(), "times the points of other rules, as `2` or `\"1.5\"`",
            without="this or another"),
        Key("rules", Codes("rule"), "which rules are multiplied", without="all of the wallet"),
        BEGINS,
        ENDS,
        Key("during", Codes("calendar"), "only while one of these calendars holds", without="always"),
        Key("group", Text(), "of the rules of a group only the one that gives most counts", without="none"),
        Key("coupon", Text(), "the code that must come with the sale", without="none"),
        Key("cap", InnerOrRows(CAP), "caps of this rule alone", without="none"),
        Key("caps", Codes("cap"), "caps shared with other rules", without="none"),
        FUNDED_BY,
        Key("rounding", Inner(ROUNDING), "another than that of `[earning]`", without="that of `[earning]`"),
        Key("pending", InnerOrWord(PENDING, "none"), "another than the wallet's", without="the wallet's"),
        Key("expiry", InnerOrWord(EXPIRY_OF_RULE, "never"), "another than the wallet's", without="the wallet's"),
    ),
    one_of=(("points", "bands", "multiply"),),
    some_of=(("points", "bands", "multiply"),),
    needs=(("per", "points"), ("marginal", "bands"), ("rules", "multiply")),
)  # fmt: skip
CALENDAR = Shape(
    "calendars.CODE",
    "Days and hours",
    (
        NAME,
        Key("rule", Text(), "days that come back: a recurrence rule of RFC 5545, as `FREQ=WEEKLY;BYDAY=TU`",
            without="none"),
        Key("from", Day(), "first day of the rule", without="2010-01-01"),
        Key("until", Day(), "last day of the rule", without="2060-12-31, and 30 years at least"),
        Key("days", Days(), "single days besides", without="none"),
        Key("except", Days(), "days left out", without="none"),
        Key("hours", Hours(),
            "hours of these days, as `[\"17:00-19:00\"]`; past midnight they belong to the day before",
            without="the whole day"),
    ),
    some_of=(("rule", "days"),),
    needs=(("from", "rule"), ("until", "rule")),
)  # fmt: skip
ACHIEVEMENT = Shape(
    "achievements",
    "A badge, with progress",
    (
        CODE,
        NAME,
        _ON,
        WHEN,
        Key("counts", WholeOrWritten(), "what one occasion adds", default=1),
        Key("target", Whole(1), "reached at this sum, or after so many periods in a row", required=True),
        Key("streak", Word(STREAKS), "counts periods in a row with at least one occasion, without a gap",
            without="counts occasions"),
        Key("repeats", Flag(), "begins anew once reached", default=False),
        Key("points", Whole(0), "given when it is reached", default=0),
        WALLET_KEY,
    ),
    one_of=(("streak", "counts"),),
    needs=(("wallet", "points"),),
)  # fmt: skip
_SIDE = Shape(
    "points",
    "What one side of a referral gets",
    (Key("points", Whole(0), "how many", required=True), WALLET_KEY),
)
REFERRAL = Shape(
    "referral",
    "What both sides of a referral get, once per friend",
    (
        Key("sponsor", Inner(_SIDE), "who brought the friend", required=True),
        Key("friend", Inner(_SIDE), "who was brought", required=True),
        Key("when", Written(), "which sale of the friend's counts", without="the first"),
        Key("within", Period(), "how long after joining the friend's sale counts", without="without limit"),
        Key("after", Period(), "how long both wait for their points", without="at once"),
        Key("most_per_year", Whole(1), "friends per sponsor and calendar year", without="without limit"),
    ),
)
