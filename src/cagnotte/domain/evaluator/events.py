"""What can happen to a member: what goes into a decision besides the facts."""

from datetime import date, datetime

import msgspec

from cagnotte.domain.baskets.basket import Basket
from cagnotte.domain.earning.tallies import Progress, Tally
from cagnotte.domain.evaluator.decision import Decision, UsedFacts
from cagnotte.domain.evaluator.effects import SaleCorrected
from cagnotte.domain.kernel import EventId, LotId, MemberId, TransferId
from cagnotte.domain.members.profile import NO_ATTRIBUTES, Attributes, Profile
from cagnotte.domain.points.holds import HoldEnd
from cagnotte.domain.points.lots import Lot
from cagnotte.domain.tiers.days import DayTotal
from cagnotte.domain.tiers.terms import HeldBy, TierHeld


def is_correction(decision: Decision) -> bool:
    return any(isinstance(effect, SaleCorrected) for effect in decision.effects)


class Sale(msgspec.Struct, frozen=True, tag=True):
    """A sale of a member. `event_id` is made by the caller, at random or in order, never by a decision."""

    event_id: EventId
    basket: Basket


class SaleTaken(msgspec.Struct, frozen=True):
    """A sale as it was decided, and every return and correction of it decided since, oldest first.

    `expired`: points of the lots that the sale gave which expired since, by wallet: they are gone already.
    """

    sale: Sale
    decisions: tuple[Decision, ...]
    expired: tuple[tuple[str, int], ...] = ()

    @property
    def used(self) -> UsedFacts:
        """What the rules were told of the member: then, or as a late event has put it right since."""
        used = next((each.used for each in reversed(self.decisions) if each.used is not None), None)
        assert used is not None, self.sale.event_id
        return used

    @property
    def granted(self) -> tuple[Decision, ...]:
        """The sale's decision and the corrections of it, without its returns."""
        return self.decisions[:1] + tuple([each for each in self.decisions[1:] if is_correction(each)])

    @property
    def undone(self) -> tuple[Decision, ...]:
        """Its returns."""
        return tuple([each for each in self.decisions[1:] if not is_correction(each)])


class Return(msgspec.Struct, frozen=True, tag=True):
    """Lines of an earlier sale are brought back at local time `at`: (position of the line from 0, quantity).

    `lines` None: everything that was not brought back yet. `amount`: no article comes back, but the member is
    refunded so many minor units of what the goods cost: of the line at position `of_line`, or of all (None).
    """

    event_id: EventId
    at: datetime
    taken: SaleTaken
    lines: tuple[tuple[int, int], ...] | None = None
    amount: int | None = None
    of_line: int | None = None


class Settled(msgspec.Struct, frozen=True):
    """How the member stands otherwise when everything is told in order: differences of `tallies` and, by day, of
    `measures`; of achievements and tiers (code, as it was, as it is): where it was something else, it stays."""

    tallies: tuple[Tally, ...] = ()
    progress: tuple[tuple[str, Progress | None, Progress | None], ...] = ()
    held: tuple[tuple[str, TierHeld | None, TierHeld | None], ...] = ()
    measures: tuple[DayTotal, ...] = ()


class Correction(msgspec.Struct, frozen=True, tag=True):
    """The points of a sale are put right after an event that arrived late; `at`: the sale's own local time.

    `late`: that event; `because`: the caller's word for it. `earned`: (rule, wallet, points more, or less).
    `used`: the facts with which the sale is decided now (None: as they were). `settled`: with the last correction
    of a late event, how the member stands.
    """

    event_id: EventId
    at: datetime
    taken: SaleTaken
    late: EventId
    because: str
    earned: tuple[tuple[str, str, int], ...]
    used: UsedFacts | None = None
    settled: Settled | None = None


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
    """For the sender: points go to another member, who is closed or not. `member`: the sender's own id."""

    event_id: EventId
    at: datetime
    wallet: str
    points: int
    member: MemberId
    to: MemberId
    reason: str = ""
    to_closed: bool = False


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
    | Correction
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
