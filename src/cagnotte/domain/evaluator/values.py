"""What goes into a decision and what comes out of it."""

from datetime import date, datetime
from enum import StrEnum

import msgspec

from cagnotte.domain.baskets.basket import Basket
from cagnotte.domain.kernel import EventId, LotId, Points, TransferId
from cagnotte.domain.points.lots import Draw, Lot
from cagnotte.domain.tiers.qualification import DayTotal


class Facts(msgspec.Struct, frozen=True):
    """A member as the database or the till's snapshot knows it.

    `lots`: open lots of all wallets, in burn order. `days`: day totals, oldest first; days that no tier
    counts any more may be missing. `as_of`: the last local day up to which expiry and tiers are done.
    """

    as_of: date
    tier: str | None = None
    lots: tuple[Lot, ...] = ()
    days: tuple[DayTotal, ...] = ()


class Sale(msgspec.Struct, frozen=True, tag=True):
    """A sale of a member. `event_id` is made by the caller, at random or in order, never by a decision."""

    event_id: EventId
    basket: Basket


class DayBegun(msgspec.Struct, frozen=True, tag=True):
    """00:00 local time of `day`: lots whose expiry day has come are gone, tiers are looked at again."""

    event_id: EventId
    day: date


class ConversionAsked(msgspec.Struct, frozen=True, tag=True):
    """The member asks to turn points into `times` vouchers, at local time `at`."""

    event_id: EventId
    at: datetime
    conversion: str
    times: int = 1


type Event = Sale | DayBegun | ConversionAsked


class DrawReason(StrEnum):
    CONVERSION = "conversion"
    EXPIRY = "expiry"


class RuleEarned(msgspec.Struct, frozen=True, tag=True):
    """What one rule gives for a sale; several rules of one wallet make one lot."""

    rule: str
    wallet: str
    points: Points


class LotOpened(msgspec.Struct, frozen=True, tag=True):
    """One transfer from the programme to the member. The lot's id is the transfer's."""

    lot: Lot


class LotsDrawn(msgspec.Struct, frozen=True, tag=True):
    """One transfer from the member's lots of one wallet; `source` is the conversion's code, if it is one."""

    transfer_id: TransferId
    wallet: str
    reason: DrawReason
    on: date
    draws: tuple[Draw, ...]
    source: str = ""


class VouchersIssued(msgspec.Struct, frozen=True, tag=True):
    """`count` gift vouchers of `amount_minor` each, paid for by the transfer."""

    conversion: str
    transfer_id: TransferId
    count: int
    amount_minor: int
    issued_on: date
    expires_on: date | None  # first day they cannot be used


class TierChanged(msgspec.Struct, frozen=True, tag=True):
    on: date
    before: str | None
    after: str | None


class DayCounted(msgspec.Struct, frozen=True, tag=True):
    """What the sale adds to its day's totals, from which tiers are worked out."""

    total: DayTotal


type Effect = RuleEarned | LotOpened | LotsDrawn | VouchersIssued | TierChanged | DayCounted


class RefusalCode(StrEnum):
    NOTHING_PAID = "nothing_paid"
    POINTS_TOO_LARGE = "points_too_large"  # a rule gave more than books and readers hold exactly
    UNKNOWN_CONVERSION = "unknown_conversion"
    COUNT_MUST_BE_POSITIVE = "count_must_be_positive"
    COUNT_TOO_LARGE = "count_too_large"  # more vouchers at once than VOUCHERS_MOST
    INSUFFICIENT_POINTS = "insufficient_points"


class Refusal(msgspec.Struct, frozen=True, tag=True):
    """Why something was not given. `missing`: points that lack, where that can be said."""

    code: RefusalCode
    subject: str = ""
    missing: int = 0


class UsedFacts(msgspec.Struct, frozen=True):
    """What the rules were told of the member: with the sale's lines, enough to take the decision again."""

    tier: str | None
    balance: int


class Decision(msgspec.Struct, frozen=True, omit_defaults=True):
    """What an event gives one member, in the order in which it happens."""

    event_id: EventId
    day: date
    effects: tuple[Effect, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    used: UsedFacts | None = None  # for a sale


def transfer_of(event_id: EventId, number: int) -> TransferId:
    """Id of the event's transfer `number` (0 to TRANSFERS_PER_EVENT - 1)."""
    return TransferId(event_id + number)


def lot_of(transfer_id: TransferId) -> LotId:
    return LotId(transfer_id)
