"""The report of a replay: every figure under both programmes, and their difference."""

from datetime import date

import msgspec

from cagnotte.analytics.replay.sums import MemberChange


class Measured(msgspec.Struct, frozen=True):
    """One figure under both programmes."""

    current: int
    draft: int
    difference: int

    @classmethod
    def of(cls, current: int, draft: int) -> "Measured":
        return cls(current, draft, draft - current)


class Flows(msgspec.Struct, frozen=True):
    """Points and money of a month, a store, a segment or everything; money in minor units.

    `cost`: estimated, of the points issued, at what a point of their wallet is worth; wallets without such a
    value cost nothing. `vouchers_cost`: of the vouchers issued. `discounts`: what offers took off.
    """

    issued: Measured
    burned: Measured
    expired: Measured
    taken_back: Measured
    cost: Measured
    vouchers: Measured
    vouchers_cost: Measured
    discounts: Measured


class WalletRow(msgspec.Struct, frozen=True):
    """One wallet. Points open at the end are outstanding: usable, or pending. `liability`: what they are worth,
    in minor units (0 where the programme gives them no value)."""

    wallet: str
    issued: Measured
    burned: Measured
    expired: Measured
    taken_back: Measured
    outstanding: Measured
    pending: Measured
    cost: Measured
    liability: Measured


class RuleRow(msgspec.Struct, frozen=True):
    """One rule, achievement or offer's bonus: its points, how often it gave some, and to how many members."""

    rule: str
    wallet: str
    points: Measured
    times: Measured
    members: Measured
    cost: Measured


class OfferRow(msgspec.Struct, frozen=True):
    """One offer: discounts and vouchers in minor units, how often, to how many members."""

    offer: str
    given: Measured
    times: Measured
    members: Measured


class MonthRow(msgspec.Struct, frozen=True):
    """`month`: its first day."""

    month: date
    flows: Flows


class StoreRow(msgspec.Struct, frozen=True):
    """`store`: "" for what happened without a sale, such as expiry."""

    store: str
    name: str
    flows: Flows


class SegmentRow(msgspec.Struct, frozen=True):
    """Members of one kind: tier under the current programme at the end ("" none), quarter of spend ("1" the
    lowest to "4"), or days since the last purchase (up to "30", "90", "180", more: "181"); "never" bought.

    `outstanding`: points open at the end. `winners`, `losers`: members who get more or fewer points.
    """

    kind: str
    value: str
    members: int
    winners: int
    losers: int
    flows: Flows
    outstanding: Measured


class TierRow(msgspec.Struct, frozen=True):
    """Members who hold the tier at the end; "" of the main family: those who hold none."""

    family: str
    tier: str
    members: Measured


class TierMove(msgspec.Struct, frozen=True):
    """Members who hold `current` under the one programme and `draft` under the other at the end; "": none."""

    current: str
    draft: str
    members: int


class Spread(msgspec.Struct, frozen=True):
    """How a difference (draft less current) is spread over the members: those who win, lose, and stay.

    `won`, `lost`: summed differences, lost < 0. `deciles`: smallest, the nine deciles, largest (nearest rank).
    """

    winners: int
    losers: int
    unchanged: int
    won: int
    lost: int
    deciles: tuple[int, ...]


class Side(msgspec.Struct, frozen=True):
    """One of the two programmes: as it was named on the command line, its code and its name in all languages."""

    named: str
    code: str
    name: dict[str, str]
    names: dict[str, dict[str, str]]  # code of a rule, wallet, tier or offer -> its name


class Note(msgspec.Struct, frozen=True):
    """Something the reader must know of these figures; a code and what it is about."""

    code: str
    subject: str = ""


class Measures(msgspec.Struct, frozen=True):
    """What the replay itself took."""

    seconds: float
    cpu_s: float
    workers: int
    peak_mb: int


class Report(msgspec.Struct, frozen=True):
    """Everything; amounts in minor units of `currency`, which has `decimals`. `same`: no member differs."""

    current: Side
    draft: Side
    currency: str
    decimals: int
    first_day: date | None
    last_day: date | None
    members: int
    sales: int
    lines: int
    paid: int
    same: bool
    members_differing: int
    totals: Flows
    outstanding: Measured
    pending: Measured
    liability: Measured
    wallets: tuple[WalletRow, ...]
    rules: tuple[RuleRow, ...]
    offers: tuple[OfferRow, ...]
    months: tuple[MonthRow, ...]
    stores: tuple[StoreRow, ...]
    segments: tuple[SegmentRow, ...]
    tiers: tuple[TierRow, ...]
    moves: tuple[TierMove, ...]
    points_spread: Spread
    benefit_spread: Spread
    most_changed: tuple[MemberChange, ...]
    notes: tuple[Note, ...]
    took: Measures
