"""Case files as values: a programme, its members, what happens to them in time, and what is expected."""

from datetime import date
from typing import Any

import msgspec

from cagnotte.application.trials.expected import Expected
from cagnotte.application.trials.values import Moment, Money, Word

type Tables = dict[str, Any]
FIRST_DAY = "2026-01-01"  # of a case whose first step says no time
MEMBER = "member"  # the member of a case that names none
# Texts that stand in the JSON Schema too, which takes no other type: words as they are read.
NOT_SAID: Any = ""
ITEM: Any = "item"
STORE: Any = "store-1"
CHANNEL: Any = "store"


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A part of a case file: a name that it does not know is a fault."""


class LineSold(_Part, frozen=True):
    """One line of a sale. `price`, `list_price` and `cost` are per article; `paid` and `tax` of the whole line.

    `paid` alone is enough; so is `price`, which is multiplied by `quantity`. `qty` is another word for it.
    """

    sku: Word = ITEM
    quantity: int | None = None
    qty: int | None = None
    price: Money | None = None
    paid: Money | None = None
    list_price: Money | None = None
    tax: Money | None = None
    cost: Money | None = None
    category: Word = NOT_SAID
    department: Word = NOT_SAID
    brand: Word = NOT_SAID
    supplier: Word = NOT_SAID
    tags: tuple[Word, ...] = ()
    attributes: Tables = {}


class SaleMade(_Part, frozen=True):
    """A sale: its `lines`, or one line `paid`. `pay_with_points`: of the first wallet, or wallet -> points."""

    lines: tuple[LineSold, ...] = ()
    paid: Money | None = None
    store: Word = STORE
    channel: Word = CHANNEL
    region: Word = NOT_SAID
    till: Word = NOT_SAID
    coupons: tuple[Word, ...] = ()
    pay_with_points: int | dict[str, int] | None = None
    order_discount: Money | None = None
    delivery: Money | None = None
    currency: Word | None = None  # of all amounts; the member's country's when not said
    attributes: Tables = {}


class LineReturned(_Part, frozen=True):
    """What comes back: lines of one `sku`, or the line of that number (from 1); without `quantity` all of it."""

    sku: Word | None = None
    line: int | None = None
    quantity: int | None = None


class ReturnMade(_Part, frozen=True):
    """Lines of the sale with this `id` come back: sku -> quantity, a list, or everything when not said.

    `points`: of a `credit` with this `id`, so many of its points. `amount`: no goods come back, so much of
    what they cost is refunded: of the `line` of that number (from 1), or of all.
    """

    sale: Word
    lines: dict[str, int] | tuple[LineReturned, ...] | None = None
    points: int | None = None
    amount: Money | None = None
    line: int | None = None


class EventReported(_Part, frozen=True):
    name: Word
    attributes: Tables = {}
    store: Word = NOT_SAID
    channel: Word = NOT_SAID
    sale: Word | None = None  # the id of the sale it is about


class PointsAsked(_Part, frozen=True):
    """Points burned or taken by hand. `wallet`: the first one when not said."""

    points: int
    wallet: Word = NOT_SAID
    reason: Word = NOT_SAID


class PointsCredited(_Part, frozen=True):
    """Points given by hand: on the wallet's terms, unless one of the two days is said (null: never, at once)."""

    points: int
    wallet: Word = NOT_SAID
    reason: Word = NOT_SAID
    usable_from: date | msgspec.UnsetType | None = msgspec.UNSET
    expires: date | msgspec.UnsetType | None = msgspec.UNSET
    migrated: bool = False  # a balance of the programme before this one


class HoldAsked(_Part, frozen=True):
    """Points set aside for an order, until a time or for so many minutes; neither said: as the wallet says."""

    points: int
    wallet: Word = NOT_SAID
    until: Moment | None = None
    minutes: int | None = None
    reference: Word = NOT_SAID


class HoldConfirmed(_Part, frozen=True):
    """The hold of the step with this `id` is spent: all of it, or so many `points`; the rest is free again."""

    hold: Word
    points: int | None = None


class PointsSentTo(_Part, frozen=True):
    """Points for another member of the case, by name."""

    points: int
    to: Word
    wallet: Word = NOT_SAID
    reason: Word = NOT_SAID


class ExchangeMade(_Part, frozen=True):
    exchange: Word
    times: int = 1


class Extension(_Part, frozen=True):
    """Lots that end before `until` end then; of the `credit` or sale with the id `of` only, where it is said."""

    until: date
    wallet: Word = NOT_SAID
    of: Word | None = None
    reason: Word = NOT_SAID


class Reinstatement(_Part, frozen=True):
    """Points that expired are given again until that day: all of them, or so many, the last to end first."""

    until: date
    points: int | None = None
    wallet: Word = NOT_SAID
    reason: Word = NOT_SAID


class ConversionMade(_Part, frozen=True):
    conversion: Word
    times: int = 1


class TierGiven(_Part, frozen=True):
    """`until`: the first day on which the tier is no longer guaranteed. `by`: "gift" or "paid"."""

    tier: Word
    until: date | None = None
    by: str = "gift"


class ProfileGiven(_Part, frozen=True):
    """What the programme knows of a person; at a `profile` step, what is named changes.

    `share_of_wallet`, `share_low` and `share_high` are in basis points; `sponsor` is the name of another member of
    the case.
    """

    enrolled: date | None = None
    born: date | None = None
    language: Word | None = None
    country: Word | None = None
    brand: Word | None = None
    home_store: Word | None = None
    household: Word | None = None
    household_since: date | None = None
    segments: tuple[Word, ...] | None = None
    share_of_wallet: int | None = None
    share_low: int | None = None
    share_high: int | None = None
    share_declared: bool | None = None
    sponsor: Word | None = None
    attributes: Tables | None = None


class LotHeld(_Part, frozen=True):
    """Points that a member begins with. `expires`: the first day on which they cannot be used (never)."""

    points: int
    wallet: Word = NOT_SAID
    earned: date | None = None
    usable_from: date | None = None
    expires: date | None = None
    awaits: Word = NOT_SAID


class DayLived(_Part, frozen=True):
    """What a member did on one day before the case: counted for tiers, measures and the number of purchases."""

    day: date
    spent: Money | None = None
    visits: int = 1
    points: int | dict[str, int] = 0
    measures: dict[str, int] = {}


class MemberGiven(ProfileGiven, frozen=True):
    """A member as the case begins. `points`: of the first wallet, or wallet -> points, without an end.

    `purchases`: sales before those of `history`. `tier`: held as a gift, or family -> tier; until `tier_until`.
    """

    points: int | dict[str, int] = 0
    lots: tuple[LotHeld, ...] = ()
    debts: dict[str, int] = {}
    tier: Word | None = None
    tiers: dict[str, str] = {}
    tier_since: date | None = None
    tier_until: date | None = None
    plan: Word | None = None
    plan_since: date | None = None
    plan_until: date | None = None
    purchases: int = 0
    history: tuple[DayLived, ...] = ()


class Step(_Part, frozen=True, rename={"return_": "return"}):
    """One thing that happens: exactly one of the words from `sale` to `expire`.

    `at`: the time of the step before when not said. `id`: a step whose id was there before changes nothing.
    """

    at: Moment | None = None
    member: Word | None = None
    id: Word | None = None
    note: Word | None = None
    sale: SaleMade | None = None
    evaluate: SaleMade | None = None
    return_: ReturnMade | str | None = None
    void: Word | None = None
    event: EventReported | str | None = None
    burn: PointsAsked | int | None = None
    burn_together: PointsAsked | int | None = None
    credit: PointsCredited | int | None = None
    debit: PointsAsked | int | None = None
    hold: HoldAsked | int | None = None
    confirm: HoldConfirmed | str | None = None
    release: Word | None = None
    send: PointsSentTo | None = None
    exchange: ExchangeMade | str | None = None
    buy_points: PointsAsked | int | None = None
    extend: Extension | date | None = None
    reinstate: Reinstatement | date | None = None
    convert: ConversionMade | str | None = None
    enrol: ProfileGiven | None = None
    profile: ProfileGiven | None = None
    begin_membership: Word | None = None
    end_membership: bool | None = None
    grant_tier: TierGiven | str | None = None
    clock: Moment | None = None
    expire: Moment | None = None
    expect: Expected | None = None


KINDS = (
    "sale",
    "evaluate",
    "return",
    "void",
    "event",
    "burn",
    "burn_together",
    "credit",
    "debit",
    "hold",
    "confirm",
    "release",
    "send",
    "exchange",
    "buy_points",
    "extend",
    "reinstate",
    "convert",
    "enrol",
    "profile",
    "begin_membership",
    "end_membership",
    "grant_tier",
    "clock",
    "expire",
)


class Described(_Part, frozen=True):
    """What people read of a case; `policy` is the setting on which its answer depends."""

    title: Word = NOT_SAID
    why: Word = NOT_SAID
    source: Word = NOT_SAID
    family: Word = NOT_SAID
    policy: Word = NOT_SAID
    note: Word = NOT_SAID


class Played(Described, frozen=True):
    """What is played: the changes of the programme, who takes part, and one `sale` or several `steps`.

    `start`: members are as described on the evening before that day (before the first step, when not said).
    """

    programme: Tables | None = None
    start: date | None = None
    members: dict[str, MemberGiven] = {}
    sale: SaleMade | None = None
    steps: tuple[Step, ...] = ()
    expect: Expected | None = None


class Variant(Played, frozen=True):
    """The same case with something else; only what differs is written."""

    id: Word | None = None


class Case(Played, frozen=True, kw_only=True):
    """`id` names the case, in the file and in what is printed."""

    id: Word
    variants: tuple[Variant, ...] = ()


class CaseFile(_Part, frozen=True):
    """`programme` holds for every case of the file; so does `members`, for cases that name none."""

    cases: tuple[Case, ...]
    programme: Tables | None = None
    members: dict[str, MemberGiven] = {}
    title: Word = NOT_SAID
    note: Word = NOT_SAID
