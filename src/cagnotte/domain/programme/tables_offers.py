"""The keys of [[offers]] and [offer_policy]."""

from cagnotte.domain.earning.terms import Scope
from cagnotte.domain.offers.effects import On, Per, StepsBy
from cagnotte.domain.offers.policy import (
    Pick,
)
from cagnotte.domain.offers.terms import BestPer, Prices, Uses
from cagnotte.domain.programme.shapes import (
    Codes,
    Factor,
    Flag,
    Inner,
    InnerOrRows,
    Key,
    Named,
    Period,
    Rows,
    Shape,
    Text,
    Whole,
    Word,
    Written,
)
from cagnotte.domain.programme.tables_earning import BEGINS, ENDS, WHEN, WINDOWS_OF_CAPS
from cagnotte.domain.programme.tables_offer_policy import OFFER_POLICY, POLICY_OF_OFFER
from cagnotte.domain.programme.tables_points import AMOUNT, CODE, FUNDED_BY, NAME, WALLET_KEY

__all__ = ["EFFECT", "KINDS", "MESSAGE_PLACES", "OFFER", "OFFERS_MOST", "OFFER_POLICY", "PLACES_MOST", "PRESENTS"]

OFFERS_MOST = 10_000
PLACES_MOST = 50  # of a group
PRESENTS = (
    "product",
    "service",
    "experience",
    "access",
    "charity",
    "partner",
    "game",
    "tier",
    "gift_card",
    "other",
)
MESSAGE_PLACES = ("receipt", "till", "screen")
KINDS: dict[str, tuple[str, ...]] = {
    "percent_off": ("percent", "basis_points", "on", "lines", "units", "units_per_line", "most"),
    "amount_off": ("amount", "per", "first", "on", "lines", "units", "units_per_line", "most"),
    "fixed_price": ("price", "per", "on", "lines", "units", "units_per_line", "most"),
    "free_delivery": (),
    "nth_off": (
        "every",
        "units",
        "percent",
        "basis_points",
        "amount",
        "price",
        "places",
        "lines",
        "pick",
        "by_line",
    ),
    "buy_get": (
        "buy",
        "spend",
        "get",
        "get_lines",
        "percent",
        "basis_points",
        "amount",
        "price",
        "per",
        "pick",
    ),
    "bundle": ("quantity", "parts", "percent", "basis_points", "amount", "price"),
    "steps": (
        "by",
        "steps",
        "every",
        "percent",
        "basis_points",
        "amount",
        "on",
        "per",
        "lines",
        "units",
        "by_line",
        "most",
    ),
    "gift": ("of", "what", "choices", "quantity"),
    "voucher": ("amount", "percent", "basis_points", "quantity", "valid_for"),
    "points_bonus": ("points", "per_amount", "wallet", "lines"),
    "points_multiplier": ("multiply", "wallet", "lines"),
    "message": ("text", "place"),
}
"""The keys of an effect, by its kind."""

_PERCENT = Key("percent", Factor(), 'a share of the price, as `20` or `"12.5"`', without="this or another")
_BASIS_POINTS = Key("basis_points", Whole(1), "the same in hundredths of a percent", without="this or another")
_AMOUNT = Key("amount", AMOUNT, "so much off", without="this or another")
_PRICE = Key("price", Whole(0, is_amount=True), "what it costs afterwards", without="this or another")
_CUTS = (_PERCENT, _BASIS_POINTS, _AMOUNT, _PRICE)
_ONE_CUT = ("percent", "basis_points", "amount", "price")
_LINES = Key("lines", Written(), 'only these lines, as `line.brand == "acme"`', without="all lines")
_UNITS = Key(
    "units", Whole(1), "at most so many articles; of each group, for nth_off", without="all; 1 for nth_off"
)
_SPEND = Key("spend", AMOUNT, "spend at least so much", without="any amount")
_QUANTITY = Key("quantity", Whole(1), "at least so many articles", without="any number")
_PRODUCTS = Key("products", Whole(1), "at least so many different articles", without="any number")

_PART = Shape(
    "parts",
    "One part of a bundle",
    (
        Key("lines", Written(), "articles of these lines", without="the lines that qualify"),
        Key("quantity", Whole(1), "how many", without="1"),
    ),
)
_PLACE = Shape(
    "places",
    "What is off at one place of a group, from the dearest; an empty table: nothing",
    _CUTS,
    one_of=(_ONE_CUT,),
)
_STEP = Shape(
    "steps",
    "One step",
    (Key("from", Whole(1), "from this amount, or this number of articles, on", required=True), *_CUTS),
    one_of=(_ONE_CUT,),
    some_of=(_ONE_CUT,),
)
EFFECT = Shape(
    "effect",
    "What an offer gives; which keys mean something depends on the kind",
    (
        Key("kind", Word(tuple(KINDS)), "what it is", required=True),
        *_CUTS,
        Key(
            "on",
            Word(tuple(On)),
            "the whole basket, each line that qualifies, each line, one article, or the delivery",
            without="the lines that qualify when there is a rule for them, else the basket",
        ),
        _LINES,
        Key(
            "per",
            Word(tuple(Per)),
            "once, for each line, or for each article",
            without="once; a fixed price and what is got for buying: for each article",
        ),
        Key("first", Whole(0, is_amount=True), "another amount for the first article", without="the same"),
        _UNITS,
        Key("units_per_line", Whole(1), "at most so many articles of each line", without="all"),
        Key("most", AMOUNT, "at most so much off", without="no limit"),
        Key(
            "every", Whole(1), "nth_off: articles in a group; steps: for each so much, or so many", without="none"
        ),
        Key(
            "places",
            Rows(_PLACE, PLACES_MOST),
            "what is off at each place of a group, from the dearest",
            without="the last `units` get the discount",
        ),
        Key("pick", Word(tuple(Pick)), "which articles get the discount", without="the policy's"),
        Key("by_line", Flag(), "each line on its own", default=False),
        Key("buy", Whole(1), "so many articles of the lines that qualify", without="`spend`"),
        Key("spend", AMOUNT, "or so much spent on them", without="`buy`"),
        Key("get", Whole(1), "so many articles get the discount", without="1"),
        Key("get_lines", Written(), "of these lines", without="the lines that qualify"),
        _QUANTITY,
        Key("parts", Rows(_PART, PLACES_MOST), "what makes a bundle", without="`quantity`"),
        Key("by", Word(tuple(StepsBy)), "what reaches steps", default="spend"),
        Key("steps", Rows(_STEP, 100), "the highest that is reached counts", without="`every`"),
        Key("of", Word(PRESENTS), "what sort of gift", default="product"),
        Key("what", Text(), "the gift's own code: an article's SKU, a service", without="`choices`"),
        Key("choices", Codes("gift"), "what the member may choose from", without="`what`"),
        Key("valid_for", Period(), "how long the voucher can be used", without="without limit"),
        Key("points", Whole(1), "how many points", without="needed for points_bonus"),
        Key("per_amount", AMOUNT, "`points` for each of this", without="`points` once"),
        WALLET_KEY,
        Key(
            "multiply",
            Factor(),
            'times the points of the sale, as `2` or `"1.5"`',
            without="needed for points_multiplier",
        ),
        Key("text", Named(), "what is shown", without="needed for message"),
        Key("place", Word(MESSAGE_PLACES), "where", default="receipt"),
    ),
    one_of=(_ONE_CUT,),
)
_NEED = Shape(
    "needs",
    "What the basket must hold besides",
    (_LINES, _SPEND, _QUANTITY, _PRODUCTS),
    some_of=(("spend", "quantity", "products"),),
)
_STACK = Shape(
    "stack",
    "How an offer goes with others",
    (
        Key("group", Text(), "a name that offers share", without="none"),
        Key(
            "exclusive",
            Flag(),
            "never with another of its group; without a group, with no other at all",
            default=False,
        ),
        Key("combines_with", Codes("group of offers"), "only with offers of these groups", without="with all"),
        Key(
            "best_per",
            Word(tuple(BestPer)),
            "line: on each line only the best of the group counts",
            default="sale",
        ),
        Key("last", Flag(), "no offer that would come after it is given", default=False),
        Key(
            "on_discounted",
            Flag(),
            "false: lines that an offer before took something off are left out",
            default=True,
        ),
    ),
)
_LIMIT = Shape(
    "limit",
    "How often, or how much in all",
    (
        Key("times", Whole(1), "at most so many times", without="this or the other"),
        Key("money", AMOUNT, "at most so much off: a budget", without="this or the other"),
        Key("per", Word(tuple(Scope)), "whose uses count together", default="member"),
        Key("every", Word(WINDOWS_OF_CAPS), "when it begins to count anew, in local time", default="ever"),
        Key("within", Period(), "counts the days of this period, today with them", without="`every`"),
    ),
    one_of=(("times", "money"), ("every", "within")),
    some_of=(("times", "money"),),
)
OFFER = Shape(
    "offers",
    "One offer: when it holds, and what it gives",
    (
        CODE,
        NAME,
        Key("effect", InnerOrRows(EFFECT), "what it gives", without="`effects`"),
        Key("effects", Rows(EFFECT, PLACES_MOST), "the same, for several", without="`effect`"),
        WHEN,
        _LINES,
        Key("exclude", Written(), "lines that neither count nor get anything", without="none"),
        Key("prices", Word(tuple(Prices)), "only lines at the list price, or only reduced ones", default="any"),
        _SPEND,
        _QUANTITY,
        _PRODUCTS,
        Key("needs", Rows(_NEED, PLACES_MOST), "what the basket must hold besides", without="nothing"),
        Key("repeat", Flag(), "given as often as `spend`, `quantity` or `needs` fit", default=False),
        Key("times", Whole(1), "at most so often in one sale", without="no limit"),
        Key("most", AMOUNT, "at most so much off in one sale", without="no limit"),
        Key("floor", Whole(0, is_amount=True), "no article below this price", default=0),
        Key("floor_at_cost", Flag(), "no article below its cost", default=False),
        Key(
            "worth",
            Whole(0, is_amount=True),
            "what it counts, beside what it takes off, among competing offers",
            default=0,
        ),
        Key("coupon", Text(), "the code that must come with the sale", without="none"),
        Key("coupons", Codes("coupon"), "one of these codes", without="none"),
        BEGINS,
        ENDS,
        Key("during", Codes("calendar"), "only while one of these calendars holds", without="always"),
        Key("limit", InnerOrRows(_LIMIT), "how often, or how much in all", without="no limit"),
        Key("limits", Rows(_LIMIT, PLACES_MOST), "the same, for several", without="no limit"),
        Key("uses", Word(tuple(Uses)), "limits count sales, or each time it is given", default="sale"),
        Key("priority", Whole(0), "larger comes first; ties: the order of the document", default=0),
        Key("stack", Inner(_STACK), "how it goes with others", without="with all others"),
        FUNDED_BY,
        Key("policy", Inner(POLICY_OF_OFFER), "otherwise than `[offer_policy]`", without="as it says"),
    ),
    one_of=(("effect", "effects"), ("coupon", "coupons"), ("limit", "limits")),
    some_of=(("effect", "effects"),),
)
