"""What an event does to a member: the parts of a decision, which `apply` turns into new facts."""

from datetime import date
from enum import StrEnum

import msgspec

from cagnotte.domain.earning.tallies import Progress, Tally
from cagnotte.domain.kernel import MemberId, Points, TransferId
from cagnotte.domain.members.profile import Membership, Profile
from cagnotte.domain.points.holds import Hold, HoldEnd
from cagnotte.domain.points.lots import Draw, Lot
from cagnotte.domain.points.terms import Name
from cagnotte.domain.tiers.days import DayTotal
from cagnotte.domain.tiers.terms import MAIN, TierCause, TierHeld


class DrawReason(StrEnum):
    CONVERSION = "conversion"
    EXPIRY = "expiry"
    BURN = "burn"
    PAYMENT = "payment"  # points that pay at the till
    CLAWBACK = "clawback"
    CORRECTION = "correction"  # a sale gave more than it would have, had everything been told in order
    ADJUSTMENT = "adjustment"
    DEBT = "debt"  # what an earn paid of a debt
    HOLD = "hold"  # set aside
    SENT = "sent"  # to another member
    EXCHANGE = "exchange"  # into another wallet
    POOLED = "pooled"  # for a member of the household, who spends them


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
    FROM_POOL = "from_pool"  # of a member of the household, to be spent at once
    CORRECTED = "corrected"  # a sale gave less than it would have, had everything been told in order


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
    pooled: bool = False  # for the household: they are spent by the same act


class PoolDue(msgspec.Struct, frozen=True, tag=True, gc=False):
    """`points` are spent, of which others give their `shares`: (member, points), by member. The caller hands each
    share on as PointsPooled, then burns."""

    wallet: str
    points: int
    shares: tuple[tuple[MemberId, int], ...]


class PointsSold(msgspec.Struct, frozen=True, tag=True, gc=False):
    """What the member pays for points bought, in minor units."""

    wallet: str
    points: int
    amount_minor: int


class DebtMoved(msgspec.Struct, frozen=True, tag=True, gc=False):
    """More (positive) or less debt in a wallet. The transfer is the clawback's, or the earn's that pays.

    `reason`: what the points would have been drawn for, had they been there; DEBT where a debt is paid, and in
    decisions that were kept before it was said.
    """

    transfer_id: TransferId
    wallet: str
    points: int
    reason: DrawReason = DrawReason.DEBT


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


class PointsFunded(msgspec.Struct, frozen=True, tag=True, gc=False):
    """The partner pays for `points` that were given in its name; below 0 where they were taken back."""

    transfer_id: TransferId
    partner: str
    wallet: str
    points: Points


class LinesReturned(msgspec.Struct, frozen=True, tag=True, gc=False):
    """(position of the line, quantity) brought back by this return, and what the member gets for them.

    `amounts`: (position of the line, minor units) that a refund took off lines of which nothing came back.
    """

    lines: tuple[tuple[int, int], ...]
    refund_minor: int
    amounts: tuple[tuple[int, int], ...] = ()


class SaleCorrected(msgspec.Struct, frozen=True, tag=True, gc=False):
    """The points of a sale are put right, since the event `late` arrived after it and happened before."""

    sale: int
    late: int


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
    | PoolDue
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
    | PointsFunded
    | SaleCorrected
)
