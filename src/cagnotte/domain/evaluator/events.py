"""What can happen to a member: what goes into a decision besides the facts."""

from datetime import date, datetime

import msgspec

from cagnotte.domain.baskets.basket import Basket
from cagnotte.domain.evaluator.decision import Decision
from cagnotte.domain.kernel import EventId, LotId, MemberId, TransferId
from cagnotte.domain.members.profile import NO_ATTRIBUTES, Attributes, Profile
from cagnotte.domain.points.holds import HoldEnd
from cagnotte.domain.points.lots import Lot
from cagnotte.domain.tiers.terms import HeldBy


class Sale(msgspec.Struct, frozen=True, tag=True):
    """A sale of a member. `event_id` is made by the caller, at random or in order, never by a decision."""

    event_id: EventId
    basket: Basket


class SaleTaken(msgspec.Struct, frozen=True):
    """A sale as it was decided, and every return of it decided since, oldest first.

    `expired`: points of the lots that the sale gave which expired since, by wallet: they are gone already.
    """

    sale: Sale
    decisions: tuple[Decision, ...]
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
    pooled: bool = False  # by a member of the household: the lots keep their days


class Purse(msgspec.Struct, frozen=True):
    """What another member of the household can give: usable lots, and how many points of them (None: all)."""

    member: MemberId
    lots: tuple[Lot, ...]
    left: int | None = None


class PoolAsked(msgspec.Struct, frozen=True, tag=True):
    """The member asks to spend points with those of the household; `purses`: of its other members."""

    event_id: EventId
    at: datetime
    wallet: str
    points: int
    purses: tuple[Purse, ...]


class PointsPooled(msgspec.Struct, frozen=True, tag=True):
    """For a member who gives: the share of what another member of the household, `to`, spends."""

    event_id: EventId
    at: datetime
    wallet: str
    points: int
    to: MemberId
    reference: str = ""


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
    given: Decision


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
    | PoolAsked
    | PointsPooled
    | ExchangeAsked
    | PointsBought
    | LotsExtended
    | PointsReinstated
)
