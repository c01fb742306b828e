"""What comes out of an event: its effects, and why something was not given."""

from datetime import date
from enum import StrEnum

import msgspec

from cagnotte.domain.baskets.basket import SaleTotals
from cagnotte.domain.earning.tallies import Tally
from cagnotte.domain.evaluator.effects import Effect
from cagnotte.domain.kernel import EventId, LotId, TransferId
from cagnotte.domain.members.profile import Profile


class RefusalCode(StrEnum):
    NOTHING_PAID = "nothing_paid"
    POINTS_TOO_LARGE = "points_too_large"  # a rule gave more than books and readers hold exactly
    UNKNOWN_CONVERSION = "unknown_conversion"
    COUNT_MUST_BE_POSITIVE = "count_must_be_positive"
    COUNT_TOO_LARGE = "count_too_large"  # more vouchers at once than VOUCHERS_MOST
    INSUFFICIENT_POINTS = "insufficient_points"
    POINTS_MUST_BE_POSITIVE = "points_must_be_positive"
    NOT_IN_STEPS = "not_in_steps"  # points are burned in multiples of the wallet's step
    FEWER_THAN_LEAST = "fewer_than_least"
    UNKNOWN_WALLET = "unknown_wallet"
    WALLET_CANNOT_PAY = "wallet_cannot_pay"
    MORE_THAN_PAYABLE = "more_than_payable"
    UNKNOWN_EVENT = "unknown_event"
    UNKNOWN_SALE = "unknown_sale"  # never recorded, or not yet
    UNKNOWN_LINE = "unknown_line"
    MORE_THAN_SOLD = "more_than_sold"
    NOTHING_TO_RETURN = "nothing_to_return"
    RETURN_BEFORE_SALE = "return_before_sale"
    QUANTITY_MUST_BE_POSITIVE = "quantity_must_be_positive"
    AMOUNT_MUST_BE_POSITIVE = "amount_must_be_positive"
    MORE_THAN_PAID = "more_than_paid"
    UNKNOWN_TIER = "unknown_tier"
    UNKNOWN_PLAN = "unknown_plan"
    NO_MEMBERSHIP = "no_membership"
    UNKNOWN_COUPON = "unknown_coupon"  # nothing in the programme takes this code, or not now
    COUPON_NOT_APPLIED = "coupon_not_applied"  # known, but its offer's condition does not hold
    CAP_REACHED = "cap_reached"
    PROGRAMME_NOT_RUNNING = "programme_not_running"  # outside the life of the programme
    NOT_IN_AUDIENCE = "not_in_audience"
    OWN_SPONSOR = "own_sponsor"
    ALREADY_ENROLLED = "already_enrolled"
    REFERRAL_LIMIT = "referral_limit"
    HOLD_NOT_OPEN = "hold_not_open"  # confirmed, released or over before, or never there
    MORE_THAN_HELD = "more_than_held"
    MUST_END_LATER = "must_end_later"  # an end that lies at or before its beginning
    CANNOT_BE_SENT = "cannot_be_sent"  # the programme does not let members send points of this wallet
    TO_ONESELF = "to_oneself"
    MORE_THAN_MOST = "more_than_most"
    UNKNOWN_EXCHANGE = "unknown_exchange"
    NOT_FOR_SALE = "not_for_sale"
    NOTHING_TO_EXTEND = "nothing_to_extend"
    MORE_THAN_EXPIRED = "more_than_expired"
    CANNOT_BE_POOLED = "cannot_be_pooled"  # the programme lets no household spend points of this wallet together
    NO_HOUSEHOLD = "no_household"
    HOUSEHOLD_TOO_LARGE = "household_too_large"  # more members than may spend together
    JOINED_TOO_LATELY = "joined_too_lately"  # `missing`: days
    POINTS_OWED = "points_owed"  # a member's debt is not paid by others
    MEMBER_CLOSED = "member_closed"  # the member, or who is to receive the points (subject `RECEIVER`), is closed


RECEIVER = "receiver"  # whom a refusal is about, when it is not the member who acts


class Refusal(msgspec.Struct, frozen=True, tag=True, gc=False):
    """Why something was not given. `missing`: points, minor units or articles that lack, where that can be said.

    `reason`: of a coupon that gave nothing, the reason of its offer.
    """

    code: RefusalCode
    subject: str = ""
    missing: int = 0
    reason: str = ""


class UsedFacts(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """What the rules were told of the member: with the sale's lines, enough to take the decision again.

    `balance` is that of the first wallet; `balances` those of the others that rules read. `measures`: as
    they stood before. `tallies`: of every cap and limit that the programme has, the member's and shared ones.
    """

    tier: str | None = None
    balance: int = 0
    tiers: tuple[tuple[str, str], ...] = ()
    balances: tuple[tuple[str, int], ...] = ()
    measures: tuple[tuple[str, int], ...] = ()
    purchases: int = 0
    profile: Profile = Profile()
    plan: str = ""
    badges: tuple[str, ...] = ()
    tallies: tuple[Tally, ...] = ()
    shared: tuple[Tally, ...] = ()


class Decision(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """What an event gives one member, in the order in which it happens."""

    event_id: EventId
    day: date
    effects: tuple[Effect, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    used: UsedFacts | None = None  # for a sale
    totals: SaleTotals | None = None  # for a sale on which something of ours was given or paid


def transfer_of(event_id: EventId, number: int) -> TransferId:
    """Id of the event's transfer `number` (0 to TRANSFERS_PER_EVENT - 1)."""
    return TransferId(event_id + number)


def lot_of(transfer_id: TransferId) -> LotId:
    return LotId(transfer_id)
