"""Every figure of a step or a case, under the names that `expect` uses. Amounts as case files write them."""

from datetime import date

import msgspec

_NOTHING = "0"


class LotFound(msgspec.Struct, frozen=True):
    points: int
    wallet: str
    earned: date
    usable_from: date | None
    expires: date | None
    awaits: str
    source: str | None  # None for open lots, whose origin the facts do not keep


class TierMove(msgspec.Struct, frozen=True):
    before: str | None
    after: str | None
    family: str
    on: date
    cause: str


class VoucherFound(msgspec.Struct, frozen=True):
    conversion: str
    count: int
    amount: str
    issued: date
    expires: date | None


class RefusalFound(msgspec.Struct, frozen=True):
    code: str
    subject: str
    missing: int
    reason: str


class GivenFound(msgspec.Struct, frozen=True):
    """What was given and taken; see docs/reference/cases.md for each name."""

    points: int = 0
    points_by_rule: dict[str, int] = {}
    points_by_wallet: dict[str, int] = {}
    points_cut: dict[str, int] = {}
    lots: tuple[LotFound, ...] = ()
    goods: str = _NOTHING
    delivery: str = _NOTHING
    discount_total: str = _NOTHING
    delivery_discount: str = _NOTHING
    points_paid: str = _NOTHING
    payable: str = _NOTHING
    counted: str = _NOTHING
    line_discounts: dict[str, str] = {}
    discounts_of_lines: tuple[str, ...] = ()
    line_totals: dict[str, str] = {}
    offer_discounts: dict[str, str] = {}
    offers: tuple[str, ...] = ()
    refund: str = _NOTHING
    refused: tuple[str, ...] = ()
    refusals: tuple[RefusalFound, ...] = ()
    repeated: bool = False
    messages: tuple[str, ...] = ()
    gifts: dict[str, int] = {}
    vouchers: dict[str, int] = {}
    vouchers_issued: tuple[VoucherFound, ...] = ()
    achievements: tuple[str, ...] = ()
    tier_changes: tuple[TierMove, ...] = ()
    tiers_announced: tuple[str, ...] = ()
    burned: int = 0
    converted: int = 0
    paid_with_points: int = 0
    expired: int = 0
    taken: int = 0
    clawback_entries: tuple[int, ...] = ()
    forgiven: int = 0
    given_back: int = 0
    released: int = 0
    held: int = 0
    confirmed: int = 0
    freed: int = 0
    sent: int = 0
    received: int = 0
    pooled: int = 0
    from_pool: int = 0
    exchanged: int = 0
    bought: int = 0
    funded: dict[str, int] = {}
    price: str = _NOTHING
    reinstated: int = 0
    fee: str = _NOTHING


class StandingFound(msgspec.Struct, frozen=True):
    """The member afterwards. Maps by wallet, family, achievement, measure and cap."""

    balance: int
    balances: dict[str, int]
    pending: int
    pendings: dict[str, int]
    deficit: int
    deficits: dict[str, int]
    on_hold: int
    on_holds: dict[str, int]
    open_lots: tuple[int, ...]
    lots_open: tuple[LotFound, ...]
    tier: str | None
    tiers: dict[str, str]
    tier_until: date | None
    tier_grace_until: date | None
    purchases: int
    badges: tuple[str, ...]
    progress: dict[str, int]
    measures: dict[str, int]
    left: dict[str, int]
    plan: str | None
    plan_until: date | None


class Figures(msgspec.Struct, frozen=True):
    """One member: what a step (or all of them) gave and took, and how the member stands afterwards."""

    given: GivenFound
    standing: StandingFound

    def flat(self) -> dict[str, object]:
        """Name -> figure, as `expect` names them."""
        parts = (self.given, self.standing)
        return {name: getattr(part, name) for part in parts for name in part.__struct_fields__}
