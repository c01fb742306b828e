"""What a programme says of earning: rules, amounts, caps, and the policies that retailers differ on."""

from datetime import date, datetime
from enum import StrEnum

import msgspec

from cagnotte.domain.kernel import Period
from cagnotte.domain.points.terms import Expiry, Name, Pending
from cagnotte.domain.rules import Rule

BASIS = 10_000  # basis points in one whole


class Mode(StrEnum):
    """How a share of a point becomes a whole one."""

    DOWN = "down"
    HALF_UP = "half_up"
    HALF_EVEN = "half_even"
    UP = "up"


class RoundedPer(StrEnum):
    RULE = "rule"  # each rule's points on their own
    LINE = "line"  # each line's points of a rate on their own
    SALE = "sale"  # the sum of all rules of one wallet


class Rounding(msgspec.Struct, frozen=True):
    mode: Mode = Mode.DOWN
    per: RoundedPer = RoundedPer.RULE


class Formula(msgspec.Struct, frozen=True, tag=True):
    """`points` as a rule gives them, whole already. A fixed bonus when the rule is one written number."""

    points: Rule


class Rate(msgspec.Struct, frozen=True, tag=True):
    """`points` per `per` of `of` (None: per minor unit of the eligible amount), in exact fractions."""

    points: int
    per: int
    of: Rule | None = None


class Band(msgspec.Struct, frozen=True):
    """`points` per `per`, up to and with `upto` (None: the last band)."""

    upto: int | None
    points: int
    per: int


class Bands(msgspec.Struct, frozen=True, tag=True):
    """A rate that changes with the amount.

    Marginal: each band's rate counts for the part inside it. Otherwise the rate of the band that the
    whole amount lies in counts for all of it.
    """

    bands: tuple[Band, ...]
    marginal: bool = True
    of: Rule | None = None


class Multiplier(msgspec.Struct, frozen=True, tag=True):
    """Adds what lacks to `basis_points` times the points of `rules` (empty: all rules of the same wallet)."""

    basis_points: int
    rules: tuple[str, ...] = ()


type Amount = Formula | Rate | Bands | Multiplier


class Life(msgspec.Struct, frozen=True):
    """Local wall-clock time; None: open. Whether `ends` itself still counts is the programme's policy."""

    begins: datetime | None = None
    ends: datetime | None = None


class Scope(StrEnum):
    """Whose doings a cap or a measure counts together; a measure those of a member or a household."""

    MEMBER = "member"
    HOUSEHOLD = "household"  # a member without one is a household alone
    STORE = "store"
    PROGRAMME = "programme"


class Every(StrEnum):
    """When a cap begins to count anew, in local time; weeks begin on Monday."""

    SALE = "sale"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    ROLLING = "rolling"  # counts the days of `within`, today with them
    EVER = "ever"


class CapUnit(StrEnum):
    POINTS = "points"
    MONEY = "money"  # minor units of the amount that rules count
    TIMES = "times"


class Cap(msgspec.Struct, frozen=True):
    """At most `most` of `unit` per `scope` and `every`. What passes it is cut to what is left.

    `code`: rules that name the same cap share what is left; a rule's own cap has the code `earn.RULE` or
    `earn.RULE.N`.
    """

    code: str
    unit: CapUnit
    most: int
    scope: Scope = Scope.MEMBER
    every: Every = Every.EVER
    within: Period | None = None


class EarnRule(msgspec.Struct, frozen=True):
    """Points for `wallet` on each occasion `on` at which everything holds.

    `on`: "purchase", an occasion of the member's life, or a declared event. `lines` restricts what counts
    as eligible for this rule. Of rules of one `group` only the one that gives most counts (a tie: the one
    written first). `coupon`: the code must come with the sale. `funded_by`: the partner who pays for the points.
    """

    code: str
    wallet: str
    amount: Amount
    on: str = "purchase"
    when: Rule | None = None
    lines: Rule | None = None
    life: Life = Life()
    during: tuple[str, ...] = ()
    group: str = ""
    coupon: str = ""
    caps: tuple[str, ...] = ()
    rounding: Rounding | None = None
    pending: Pending | None = None
    expiry: Expiry | None = None
    funded_by: str = ""
    name: Name = {}


class Calendar(msgspec.Struct, frozen=True):
    """Days (as day numbers since 1970-01-01) worked out from a recurrence rule, and hours of these days.

    `hours`: (first minute of the day, first minute after); empty: the whole day. A range that passes
    midnight belongs to the day on which it begins.
    """

    code: str
    days: frozenset[int]
    hours: tuple[tuple[int, int], ...] = ()
    name: Name = {}


class Achievement(msgspec.Struct, frozen=True):
    """A badge: `target` reached by adding `counts` on each occasion. With `streak`, by periods in a row.

    `repeats`: begins anew once reached. `points` go to `wallet`; 0: the badge alone.
    """

    code: str
    on: str
    target: int
    counts: Rule
    when: Rule | None = None
    streak: Every | None = None  # day, week or month: at least one occasion in each, without a gap
    repeats: bool = False
    points: int = 0
    wallet: str = ""
    name: Name = {}


class Price(StrEnum):
    PAID = "paid"
    LIST = "list"


class MultiplyOn(StrEnum):
    ROUNDED = "rounded"  # the base rules' whole points
    EXACT = "exact"


class Combine(StrEnum):
    """How several multipliers of the same points work together: x2 and x3 give x4, x6 or x3."""

    ADD = "add"
    MULTIPLY = "multiply"
    BEST = "best"


class TierOf(StrEnum):
    BEFORE = "before"  # the tier held before the sale
    AFTER = "after"  # the one that the sale itself leads to


class BothMatch(StrEnum):
    EXCLUDE = "exclude"
    INCLUDE = "include"


class EarnPolicy(msgspec.Struct, frozen=True):
    """The `[earning]` table: what differs between retailers, with our defaults."""

    price: Price = Price.PAID
    tax_included: bool = True
    after_offers: bool = True
    after_points_payment: bool = True
    delivery_counts: bool = False
    order_discount_spread: bool = True  # False: a discount on the whole order leaves the lines as they are
    exclude: Rule | None = None  # lines that never earn
    include: Rule | None = None  # if said, only these lines earn
    both_match: BothMatch = BothMatch.EXCLUDE
    rounding: Rounding = Rounding()
    multiply_on: MultiplyOn = MultiplyOn.ROUNDED
    multiply_fixed: bool = False
    combine: Combine = Combine.ADD
    tier: TierOf = TierOf.BEFORE
    ends_inclusive: bool = False


class Measure(msgspec.Struct, frozen=True):
    """A figure of the member's, added up over occasions: rules read it, tiers and achievements ask for it.

    `counts` is added on each occasion `on` at which `when` holds; what counts is that of `within`
    (None: since the member joined). `of` a household: what its members did while they belonged to it, for
    each of them; of a member without one, what was done without one.
    """

    code: str
    counts: Rule
    on: str = "purchase"
    when: Rule | None = None
    within: Period | None = None
    of: Scope = Scope.MEMBER
    name: Name = {}


class Referral(msgspec.Struct, frozen=True):
    """Both sides of a referral, given once per friend, at the friend's first sale for which `when` holds.

    `within`: counted from the friend's enrolment. `after`: how long both wait for their points.
    `most_per_year`: friends per sponsor and calendar year; None: without limit.
    """

    sponsor_points: int
    friend_points: int
    sponsor_wallet: str
    friend_wallet: str
    when: Rule | None = None
    within: Period | None = None
    after: Period | None = None
    most_per_year: int | None = None


class Recurrence(msgspec.Struct, frozen=True):
    """What a calendar's text says, before its days are worked out: an RFC 5545 rule and its first day."""

    rule: str
    begins: date
    ends: date | None = None
