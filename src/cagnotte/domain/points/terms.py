"""What a programme says of a kitty of points: when they can be used, when they end, what they are worth, and how
they move to other members and wallets."""

from datetime import date
from enum import StrEnum

import msgspec

from cagnotte.domain.kernel import Period

Name = dict[str, str]  # language code -> what people read


class RoundedTo(StrEnum):
    """Points live to the end of this calendar period of their last day."""

    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class ExpiryStart(StrEnum):
    EARNED = "earned"  # the day of the sale
    USABLE = "usable"  # the day pending points became usable


class Expiry(msgspec.Struct, frozen=True):
    """When points end; all None: never. Of `after` and `on` the later rules, when both are said.

    `after`: that long after `counts_from`, then rounded. `on`: the (month, day) of each year on which
    points end, at 00:00. `idle`: all points of the wallet end when the member did nothing for that long;
    each purchase or declared activity begins the period anew. `by_tier`: another `after` for who holds
    that tier when the points are earned.
    """

    after: Period | None = None
    rounded_to: RoundedTo = RoundedTo.DAY
    counts_from: ExpiryStart = ExpiryStart.EARNED
    on: tuple[int, int] | None = None
    idle: Period | None = None
    by_tier: tuple[tuple[str, Period], ...] = ()


class Pending(msgspec.Struct, frozen=True):
    """How long earned points wait before they can be used; one of the three."""

    period: Period | None = None  # usable from 00:00 of the day that lies this period after the sale's
    until: date | None = None  # usable from 00:00 of that day
    event: str = ""  # usable when an event of that name is reported for the sale


class Negative(StrEnum):
    """Whether a balance may fall below zero; the next earn pays the debt."""

    NEVER = "never"  # what cannot be taken back is forgiven, and said
    CLAWBACK_ONLY = "clawback_only"  # only when points of a returned sale are taken back
    ALLOWED = "allowed"


class BurnOrder(StrEnum):
    SOONEST_EXPIRY = "soonest_expiry"  # ties: oldest first, then by id; points that never end come last
    OLDEST = "oldest"
    NEWEST = "newest"


class OverAsked(StrEnum):
    REFUSE = "refuse"
    CUT = "cut"  # burn what there is


class UnitValue(msgspec.Struct, frozen=True):
    """`points` are worth `amount_minor` when they pay at the till."""

    points: int
    amount_minor: int


class EstimateTerms(msgspec.Struct, frozen=True):
    """How the accounts use what is estimated of breakage, in basis points: never below `floor` or above `ceiling`.

    `constrained`: only what is highly probable counts, the lower end of the interval (IFRS 15.B46 and 56 to 58);
    else the estimate itself. `confidence` of the interval in percent.
    """

    floor: int = 0
    ceiling: int = 10_000
    constrained: bool = True
    confidence: int = 90


class WalletAccounts(msgspec.Struct, frozen=True):
    """How points of a wallet are valued in the accounts.

    `value`: what so many points save who uses them; None: as they pay at the till, or as the best conversion says.
    `breakage`: basis points of all points given that are expected never to be used, where it is not estimated.
    `estimate`: closing a month estimates it from the books; None: it does not count there.
    """

    value: UnitValue | None = None
    breakage: int = 0
    estimate: EstimateTerms | None = None


class Wallet(msgspec.Struct, frozen=True):
    """A kitty of points. `step`: burned in multiples of it; `least`: never fewer than these at a time.

    `owed_most`: where the balance may fall below zero, a burn or points taken by hand leave no more owed.
    """

    code: str
    expiry: Expiry = Expiry()
    pending: Pending | None = None
    negative: Negative = Negative.NEVER
    order: BurnOrder = BurnOrder.SOONEST_EXPIRY
    over_asked: OverAsked = OverAsked.REFUSE
    step: int = 1
    least: int = 1
    value: UnitValue | None = None  # None: points of this wallet cannot pay
    price: UnitValue | None = None  # what so many points cost a member; None: they are not for sale
    hold_minutes: int = 30  # how long points are set aside for an order that says nothing
    shown_as_money: bool = False
    owed_most: int | None = None
    accounts: WalletAccounts = WalletAccounts()
    name: Name = {}


class Sending(msgspec.Struct, frozen=True):
    """What members may send each other. `most`: at one time (None: no limit). `caps`: what the sender sends.

    `keeps_dates`: lots keep their days on the way; otherwise they begin anew on the receiver's wallet's terms.
    """

    wallets: tuple[str, ...]
    least: int = 1
    most: int | None = None
    caps: tuple[str, ...] = ()
    keeps_dates: bool = True


class Pooling(msgspec.Struct, frozen=True):
    """What the members of a household may spend together.

    `most`: of the others' points at one time (None: no limit). `caps`: what a member gives. `after`: how long who
    spends or gives has belonged to it (None: at once).
    """

    wallets: tuple[str, ...]
    most: int | None = None
    caps: tuple[str, ...] = ()
    members_most: int = 8
    after: Period | None = None


class Partner(msgspec.Struct, frozen=True):
    """Who pays for points that rules and offers give in its name: `price` for so many of them."""

    code: str
    price: UnitValue
    name: Name = {}


class Exchange(msgspec.Struct, frozen=True):
    """Each `give` points of `wallet` become `get` points of `into`, on that wallet's terms."""

    code: str
    wallet: str
    into: str
    give: int
    get: int
    name: Name = {}
