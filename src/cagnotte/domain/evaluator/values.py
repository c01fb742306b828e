"""What goes into a decision and what comes out of it.

Facts, effects and decisions are not tracked by the garbage collector (`gc=False`): a load keeps millions of them,
and none can refer to itself, being frozen and made of what was there before.
"""

from datetime import date, datetime
from enum import StrEnum

import msgspec

from cagnotte.domain.baskets.basket import Basket, SaleTotals
from cagnotte.domain.earning.tallies import Progress, Tally
from cagnotte.domain.kernel import EventId, LotId, MemberId, Points, TransferId
from cagnotte.domain.members.profile import NO_ATTRIBUTES, Attributes, Membership, Profile
from cagnotte.domain.points.holds import Hold, HoldEnd
from cagnotte.domain.points.lots import Draw, Lot
from cagnotte.domain.points.terms import Name
from cagnotte.domain.tiers.days import DayTotal, HouseholdDays
from cagnotte.domain.tiers.terms import MAIN, HeldBy, TierCause, TierHeld


class Facts(msgspec.Struct, frozen=True, gc=False):
    """A member as the database or the till's snapshot knows it.

    `lots`: open lots of all wallets, usable or pending, in burn order. `days`: day totals, oldest first; days
    that nothing counts any more may be missing. `as_of`: the last local day up to which expiry, tiers and the
    days of the member's life are done. `held`: the tiers held, one per family. `tallies`: what caps counted
    for this member; `shared`: for the household, stores and the programme, as read for this event;
    `households`: what those that the event is about have measured, each household once.
    `debts`: wallet -> points owed (> 0). `purchases`: sales so far, returned ones with them. `referred`:
    whether the friend's purchase that a referral waits for has been. `holds`: points set aside, by id; their
    lots hold them no longer.
    """

    as_of: date
    lots: tuple[Lot, ...] = ()
    days: tuple[DayTotal, ...] = ()
    held: tuple[TierHeld, ...] = ()
    tallies: tuple[Tally, ...] = ()
    shared: tuple[Tally, ...] = ()
    progress: tuple[Progress, ...] = ()
    debts: tuple[tuple[str, int], ...] = ()
    profile: Profile = Profile()
    membership: Membership | None = None
    purchases: int = 0
    last_active: date | None = None
    referred: bool = False
    households: tuple[HouseholdDays, ...] = ()
    holds: tuple[Hold, ...] = ()

    @property
    def tier(self) -> str | None:
        """The tier held in the main family."""
        return self.tier_in(MAIN)

    def tier_in(self, family: str) -> str | None:
        for held in self.held:
            if held.family == family:
                return held.tier
        return None

    @property
    def household_days(self) -> tuple[DayTotal, ...]:
        """What the household that the member belongs to has measured."""
        for each in self.households:
            if each.household == self.profile.household:
                return each.days
        return ()


class Sale(msgspec.Struct, frozen=True, tag=True):
    """A sale of a member. `event_id` is made by the caller, at random or in order, never by a decision."""

    event_id: EventId
    basket: Basket


class SaleTaken(msgspec.Struct, frozen=True):
    """A sale as it was decided, and every return of it decided since, oldest first.

    `expired`: points of the lots that the sale gave which expired since, by wallet: they are gone already.
    """

    sale: Sale
    decisions: "tuple[Decision, ...]"
    expired: tuple[tuple[str, int], ...] = ()


class Return(msgspec.Struct, frozen=True, tag=True):
    """Lines of an earlier sale are brought back at local time `at`: (position of the line from 0, quantity).

    `lines` None: everything that was not brought back yet.
    """

    event_id: EventId
    at: datetime
    taken: SaleTaken
    lines: tuple[tuple[int, int], ...] | None = None


class Happened(msgspec.Struct, frozen=True, tag=True):
    """An event that is not a sale: a visit, a review, or any that the programme declares.

    `of_sale`: the sale it is about, for events that release its pending points.
    """

    event_id: EventId
    at: datetime
    name: str
    attributes: Attributes = NO_ATTRIBUTES
    store: str = ""
    channel: str = ""
    of_sale: EventId | None = None


class Burn(msgspec.Struct, frozen=True, tag=True):
    """The member spends points of one wallet; `reference` is the caller's word for what they buy."""

    event_id: EventId
    at: datetime
    wallet: str
    points: int
    reference: str = ""


class PointsGiven(msgspec.Struct, frozen=True, tag=True):
    """Points given by hand, on the wallet's terms, or with dates of their own when `by_terms` is False."""

    event_id: EventId
    at: datetime
    wallet: str
    points: int
    reason: str = ""
    by_terms: bool = True
    usable_from: date | None = None
    expires_on: date | None = None
    migrated: bool = False  # the balance of a programme before this one


class PointsTaken(msgspec.Struct, frozen=True, tag=True):
    """Points taken by hand; `from_lot` first, when they undo what was given by it. Never a burn."""

    event_id: EventId
    at: datetime
    wallet: str
    points: int
    reason: str = ""
    from_lot: LotId | None = None


class PointsHeld(msgspec.Struct, frozen=True, tag=True):
    """Points are set aside for an order. `until`: local time; None: as long as the wallet says."""

    event_id: EventId
    at: datetime
    wallet: str
    points: int
    until: datetime | None = None
    reference: str = ""


class HoldEnding(msgspec.Struct, frozen=True, tag=True):
    """A hold is confirmed, released, or over. `points`: how many are spent of a confirmed one (None: all)."""

    event_id: EventId
    at: datetime
    hold_id: TransferId
    how: HoldEnd
    points: int | None = None


class PointsSent(msgspec.Struct, frozen=True, tag=True):
    """For the sender: points go to another member. `member`: the sender's own id."""

    event_id: EventId
    at: datetime
    wallet: str
    points: int
    member: MemberId
    to: MemberId
    reason: str = ""


class PointsReceived(msgspec.Struct, frozen=True, tag=True):
    """For the receiver: the `lots` that another member sent, as `TransferDue` told them."""

    event_id: EventId
    at: datetime
    wallet: str
    sender: MemberId
    lots: tuple[Lot, ...]


class ExchangeAsked(msgspec.Struct, frozen=True, tag=True):
    """The member turns points of one wallet into points of another, `times` times what the exchange says."""

    event_id: EventId
    at: datetime
    exchange: str
    times: int = 1


class PointsBought(msgspec.Struct, frozen=True, tag=True):
    """The member buys points at the wallet's price."""

    event_id: EventId
    at: datetime
    wallet: str
    points: int


class LotsExtended(msgspec.Struct, frozen=True, tag=True):
    """Open lots of a wallet that end before `until` end then; `lots` None: all of them. Never a shorter life."""

    event_id: EventId
    at: datetime
    wallet: str
    until: date
    lots: tuple[LotId, ...] | None = None
    reason: str = ""


class PointsReinstated(msgspec.Struct, frozen=True, tag=True):
    """Points that expired are given again until `until`: of these `expired` parts of its lots.

    `points`: None: all of them; otherwise those of the lots that ended last.
    """

    event_id: EventId
    at: datetime
    wallet: str
    until: date
    expired: tuple[Lot, ...]
    points: int | None = None
    reason: str = ""


class DayBegun(msgspec.Struct, frozen=True, tag=True):
    """00:00 local time of `day`: lots whose expiry day has come are gone, pending ones whose day has come
    are usable, birthdays and anniversaries are kept, tiers are looked at again."""

    event_id: EventId
    day: date


class ConversionAsked(msgspec.Struct, frozen=True, tag=True):
    """The member asks to turn points into `times` vouchers, at local time `at`."""

    event_id: EventId
    at: datetime
    conversion: str
    times: int = 1


class Enrolled(msgspec.Struct, frozen=True, tag=True):
    """The member joins at local time `at` with this profile; its `enrolled_on` is set to that day.

    `member`: the member's own id, so that nobody is their own sponsor.
    """

    event_id: EventId
    at: datetime
    profile: Profile = Profile()
    member: MemberId | None = None


class ProfileChanged(msgspec.Struct, frozen=True, tag=True):
    event_id: EventId
    at: datetime
    profile: Profile


class MembershipBegun(msgspec.Struct, frozen=True, tag=True):
    """A membership is bought or renewed: `plan` is one of the programme's."""

    event_id: EventId
    at: datetime
    plan: str


class MembershipEnded(msgspec.Struct, frozen=True, tag=True):
    """The member gives the membership up at once."""

    event_id: EventId
    at: datetime


class TierGranted(msgspec.Struct, frozen=True, tag=True):
    """A tier is given as a gift or sold; guaranteed until 00:00 of `until` (None: without end)."""

    event_id: EventId
    at: datetime
    tier: str
    until: date | None = None
    by: HeldBy = HeldBy.GIFT


class FriendQualified(msgspec.Struct, frozen=True, tag=True):
    """For the sponsor: the purchase that a referral waits for has been made by this friend."""

    event_id: EventId
    at: datetime
    friend: MemberId


class FriendReturned(msgspec.Struct, frozen=True, tag=True):
    """For the sponsor: the purchase that a referral rewarded was brought back; `given` is what it had given."""

    event_id: EventId
    at: datetime
    friend: MemberId
    given: "Decision"


type Event = (
    Sale
    | Return
    | Happened
    | Burn
    | PointsGiven
    | PointsTaken
    | DayBegun
    | ConversionAsked
    | Enrolled
    | ProfileChanged
    | MembershipBegun
    | MembershipEnded
    | TierGranted
    | FriendQualified
    | FriendReturned
    | PointsHeld
    | HoldEnding
    | PointsSent
    | PointsReceived
    | ExchangeAsked
    | PointsBought
    | LotsExtended
    | PointsReinstated
)


class DrawReason(StrEnum):
    CONVERSION = "conversion"
    EXPIRY = "expiry"
    BURN = "burn"
    PAYMENT = "payment"  # points that pay at the till
    CLAWBACK = "clawback"
    ADJUSTMENT = "adjustment"
    DEBT = "debt"  # what an earn paid of a debt
    HOLD = "hold"  # set aside
    SENT = "sent"  # to another member
    EXCHANGE = "exchange"  # into another wallet


class LotSource(StrEnum):
    EARNED = "earned"
    GIVEN = "given"
    GIVEN_BACK = "given_back"  # points spent in a sale that was returned
    REFERRAL = "referral"
    ACHIEVEMENT = "achievement"
    MIGRATED = "migrated"  # from a programme before this one
    RECEIVED = "received"  # from another member
    EXCHANGED = "exchanged"  # out of another wallet
    BOUGHT = "bought"


class RefillOf(StrEnum):
    """Where points come back from to the very lots that they were taken from."""

    SPENT = "spent"
    HELD = "held"
    EXPIRED = "expired"


class RuleEarned(msgspec.Struct, frozen=True, tag=True, omit_defaults=True, gc=False):
    """What one rule gives; several rules of one wallet and the same terms make one lot.

    `cut`: points that caps took away. Negative `points`: taken back by a return.
    """

    rule: str
    wallet: str
    points: Points
    cut: int = 0


class LotOpened(msgspec.Struct, frozen=True, tag=True, omit_defaults=True, gc=False):
    """One transfer from the programme to the member. The lot's id is the transfer's."""

    lot: Lot
    source: LotSource = LotSource.EARNED
    reason: str = ""  # of points given by hand


class LotsDrawn(msgspec.Struct, frozen=True, tag=True, gc=False):
    """One transfer from the member's lots of one wallet; `source` is the conversion's code, if it is one, or the
    caller's word for what the points are spent on."""

    transfer_id: TransferId
    wallet: str
    reason: DrawReason
    on: date
    draws: tuple[Draw, ...]
    source: str = ""


class LotsRefilled(msgspec.Struct, frozen=True, tag=True, omit_defaults=True, gc=False):
    """One transfer back to the very lots that were drawn, with their dates; `lots` as they are then."""

    transfer_id: TransferId
    wallet: str
    on: date
    lots: tuple[Lot, ...]
    draws: tuple[Draw, ...]  # what each gets
    of: RefillOf = RefillOf.SPENT
    reason: str = ""  # of points given again by hand


class LotsReleased(msgspec.Struct, frozen=True, tag=True, gc=False):
    """Pending lots become usable; `lots` as they are then."""

    on: date
    lots: tuple[Lot, ...]


class LotsRedated(msgspec.Struct, frozen=True, tag=True, gc=False):
    """Lots end on another day; `lots` as they are then. No point moves."""

    on: date
    lots: tuple[Lot, ...]
    reason: str


class HoldBegun(msgspec.Struct, frozen=True, tag=True, gc=False):
    """What the draw before it, of the same transfer, was set aside for."""

    hold: Hold


class HoldEnded(msgspec.Struct, frozen=True, tag=True, omit_defaults=True, gc=False):
    """`points` of the hold are spent by the transfer; the rest has gone back to its lots."""

    hold_id: TransferId
    wallet: str
    how: HoldEnd
    points: int = 0
    transfer_id: TransferId | None = None  # None: no point of it is spent


class TransferDue(msgspec.Struct, frozen=True, tag=True, gc=False):
    """What another member is to receive; the caller hands it on as PointsReceived in the same transaction."""

    to: MemberId
    wallet: str
    lots: tuple[Lot, ...]


class PointsSold(msgspec.Struct, frozen=True, tag=True, gc=False):
    """What the member pays for points bought, in minor units."""

    wallet: str
    points: int
    amount_minor: int


class DebtMoved(msgspec.Struct, frozen=True, tag=True, gc=False):
    """More (positive) or less debt in a wallet. The transfer is the clawback's, or the earn's that pays."""

    transfer_id: TransferId
    wallet: str
    points: int


class PointsForgiven(msgspec.Struct, frozen=True, tag=True, gc=False):
    """What a return could not take back, since the member had spent it and the wallet allows no debt."""

    wallet: str
    points: int


class VouchersIssued(msgspec.Struct, frozen=True, tag=True, gc=False):
    """`count` gift vouchers of `amount_minor` each, paid for by the transfer."""

    conversion: str
    transfer_id: TransferId
    count: int
    amount_minor: int
    issued_on: date
    expires_on: date | None  # first day they cannot be used


class TierChanged(msgspec.Struct, frozen=True, tag=True, omit_defaults=True, gc=False):
    """`held`: how the member holds the tier afterwards; None when there is none."""

    on: date
    before: str | None
    after: str | None
    family: str = MAIN
    cause: TierCause = TierCause.REACHED
    held: TierHeld | None = None


class TierKept(msgspec.Struct, frozen=True, tag=True, gc=False):
    """The same tier held on other terms: a grace began or ended, a review was passed, a gift was prolonged."""

    on: date
    held: TierHeld


class TierPassed(msgspec.Struct, frozen=True, tag=True, gc=False):
    """A tier between the one before and the one reached, where the programme announces each."""

    on: date
    family: str
    tier: str


class DayCounted(msgspec.Struct, frozen=True, tag=True, omit_defaults=True, gc=False):
    """What the event adds to its day's totals, from which tiers and measures are worked out.

    `active`: the member did something, so that points which end by inactivity live on.
    """

    total: DayTotal
    active: bool = False


class HouseholdCounted(msgspec.Struct, frozen=True, tag=True, gc=False):
    """What the event adds to the measures of a household, on that day."""

    household: str
    total: DayTotal


class Tallied(msgspec.Struct, frozen=True, tag=True, gc=False):
    """What the event adds to tallies; `value` of each is the difference."""

    tallies: tuple[Tally, ...]


class ProgressMade(msgspec.Struct, frozen=True, tag=True, gc=False):
    progress: Progress


class AchievementReached(msgspec.Struct, frozen=True, tag=True, gc=False):
    achievement: str
    times: int


class DiscountGiven(msgspec.Struct, frozen=True, tag=True, omit_defaults=True, gc=False):
    """What an offer takes off: (position of the line from 0, minor units) and off the delivery.

    Negative amounts: a return takes the line's share back.
    """

    offer: str
    lines: tuple[tuple[int, int], ...]
    coupon: str = ""
    delivery: int = 0
    times: int = 1


class GiftGiven(msgspec.Struct, frozen=True, tag=True, omit_defaults=True, gc=False):
    """A product, service, experience or access that an offer gives besides discounts.

    `choices`: what the member may choose from instead of `what`.
    """

    offer: str
    kind: str
    what: str
    quantity: int = 1
    choices: tuple[str, ...] = ()


class VoucherGiven(msgspec.Struct, frozen=True, tag=True, gc=False):
    """`count` gift vouchers of `amount_minor` each, given by an offer."""

    offer: str
    count: int
    amount_minor: int
    issued_on: date
    expires_on: date | None  # first day they cannot be used


class PaidWithPoints(msgspec.Struct, frozen=True, tag=True, gc=False):
    """`points` of the wallet paid `amount_minor` of the sale, drawn by the transfer from these `lots`.

    Each lot holds the part that was drawn. Negative amounts and points: a return gave them back.
    """

    wallet: str
    points: Points
    amount_minor: int
    transfer_id: TransferId
    lots: tuple[Lot, ...]


class MessageShown(msgspec.Struct, frozen=True, tag=True, omit_defaults=True, gc=False):
    """A message of the programme, or of an offer with its `text`, for the receipt or the seller's screen."""

    message: str
    place: str
    text: Name = {}


class ReferralDue(msgspec.Struct, frozen=True, tag=True, gc=False):
    """The friend's purchase that the sponsor is rewarded for; the caller hands it on as FriendQualified."""

    sponsor: MemberId


class ReferralUndone(msgspec.Struct, frozen=True, tag=True):
    """The purchase that the sponsor was rewarded for came back; the caller hands it on as FriendReturned."""

    sponsor: MemberId


class ProfileSet(msgspec.Struct, frozen=True, tag=True, gc=False):
    profile: Profile


class MembershipSet(msgspec.Struct, frozen=True, tag=True, gc=False):
    """The membership afterwards; None: ended. `fee_minor` is what a paid one costs."""

    membership: Membership | None
    fee_minor: int = 0


class LinesReturned(msgspec.Struct, frozen=True, tag=True, gc=False):
    """(position of the line, quantity) brought back by this return, and what the member gets for them."""

    lines: tuple[tuple[int, int], ...]
    refund_minor: int


type Effect = (
    RuleEarned
    | LotOpened
    | LotsDrawn
    | LotsRefilled
    | LotsReleased
    | LotsRedated
    | HoldBegun
    | HoldEnded
    | TransferDue
    | PointsSold
    | DebtMoved
    | PointsForgiven
    | VouchersIssued
    | TierChanged
    | TierKept
    | TierPassed
    | DayCounted
    | HouseholdCounted
    | Tallied
    | ProgressMade
    | AchievementReached
    | DiscountGiven
    | GiftGiven
    | VoucherGiven
    | PaidWithPoints
    | MessageShown
    | ReferralDue
    | ReferralUndone
    | ProfileSet
    | MembershipSet
    | LinesReturned
)


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
    UNKNOWN_LINE = "unknown_line"
    MORE_THAN_SOLD = "more_than_sold"
    NOTHING_TO_RETURN = "nothing_to_return"
    RETURN_BEFORE_SALE = "return_before_sale"
    QUANTITY_MUST_BE_POSITIVE = "quantity_must_be_positive"
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
