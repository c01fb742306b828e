"""What a case expects. Only what is written is compared, and exactly; every name is one that `--json` prints."""

from datetime import date

import msgspec
from msgspec import UNSET, UnsetType

from cagnotte.application.trials.values import Money, Word


class _Expected(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pass


class LotExpected(_Expected, frozen=True):
    """One lot; null means without that day."""

    points: int | UnsetType = UNSET
    wallet: Word | UnsetType = UNSET
    earned: date | UnsetType = UNSET
    usable_from: date | UnsetType | None = UNSET
    expires: date | UnsetType | None = UNSET
    awaits: Word | UnsetType = UNSET
    source: Word | UnsetType = UNSET


class TierMoveExpected(_Expected, frozen=True):
    """A tier changed; null means without a tier."""

    before: Word | UnsetType | None = UNSET
    after: Word | UnsetType | None = UNSET
    family: Word | UnsetType = UNSET
    on: date | UnsetType = UNSET
    cause: Word | UnsetType = UNSET


class VoucherExpected(_Expected, frozen=True):
    conversion: Word | UnsetType = UNSET
    count: int | UnsetType = UNSET
    amount: Money | UnsetType = UNSET
    issued: date | UnsetType = UNSET
    expires: date | UnsetType | None = UNSET


class RefusalExpected(_Expected, frozen=True):
    """`missing`: points, or amounts in the smallest unit, that lack."""

    code: Word | UnsetType = UNSET
    subject: Word | UnsetType = UNSET
    missing: int | UnsetType = UNSET
    reason: Word | UnsetType = UNSET


class Given(_Expected, frozen=True):
    """What a step gives and takes. In a case's own `expect`: all its steps together, and its last sale."""

    points: int | UnsetType = UNSET
    points_by_rule: dict[str, int] | UnsetType = UNSET
    points_by_wallet: dict[str, int] | UnsetType = UNSET
    points_cut: dict[str, int] | UnsetType = UNSET
    lots: tuple[LotExpected, ...] | UnsetType = UNSET
    goods: Money | UnsetType = UNSET
    delivery: Money | UnsetType = UNSET
    discount_total: Money | UnsetType = UNSET
    delivery_discount: Money | UnsetType = UNSET
    points_paid: Money | UnsetType = UNSET
    payable: Money | UnsetType = UNSET
    counted: Money | UnsetType = UNSET
    line_discounts: dict[str, Money] | UnsetType = UNSET
    discounts_of_lines: tuple[Money, ...] | UnsetType = UNSET
    line_totals: dict[str, Money] | UnsetType = UNSET
    offer_discounts: dict[str, Money] | UnsetType = UNSET
    offers: tuple[Word, ...] | UnsetType = UNSET
    refund: Money | UnsetType = UNSET
    refused: str | tuple[Word, ...] | UnsetType = UNSET
    refusals: tuple[RefusalExpected, ...] | UnsetType = UNSET
    repeated: bool | UnsetType = UNSET
    messages: tuple[Word, ...] | UnsetType = UNSET
    gifts: dict[str, int] | UnsetType = UNSET
    vouchers: dict[str, int] | UnsetType = UNSET
    vouchers_issued: tuple[VoucherExpected, ...] | UnsetType = UNSET
    achievements: tuple[Word, ...] | UnsetType = UNSET
    tier_changes: tuple[TierMoveExpected, ...] | UnsetType = UNSET
    tiers_announced: tuple[Word, ...] | UnsetType = UNSET
    burned: int | UnsetType = UNSET
    converted: int | UnsetType = UNSET
    paid_with_points: int | UnsetType = UNSET
    expired: int | UnsetType = UNSET
    taken: int | UnsetType = UNSET
    clawback_entries: tuple[int, ...] | UnsetType = UNSET
    forgiven: int | UnsetType = UNSET
    given_back: int | UnsetType = UNSET
    released: int | UnsetType = UNSET
    held: int | UnsetType = UNSET
    confirmed: int | UnsetType = UNSET
    freed: int | UnsetType = UNSET
    sent: int | UnsetType = UNSET
    received: int | UnsetType = UNSET
    pooled: int | UnsetType = UNSET
    from_pool: int | UnsetType = UNSET
    exchanged: int | UnsetType = UNSET
    bought: int | UnsetType = UNSET
    funded: dict[str, int] | UnsetType = UNSET
    price: Money | UnsetType = UNSET
    reinstated: int | UnsetType = UNSET
    fee: Money | UnsetType = UNSET


class Expected(Given, frozen=True):
    """What a step gives and takes, and the member afterwards.

    `members`: the same of other members of the case, by name. `nothing_else`: whatever a step can give or
    take and is not named here is expected to be nothing. `programme_faults`: the programme itself is refused
    with these codes.
    """

    balance: int | UnsetType = UNSET
    balances: dict[str, int] | UnsetType = UNSET
    pending: int | UnsetType = UNSET
    pendings: dict[str, int] | UnsetType = UNSET
    deficit: int | UnsetType = UNSET
    deficits: dict[str, int] | UnsetType = UNSET
    on_hold: int | UnsetType = UNSET
    on_holds: dict[str, int] | UnsetType = UNSET
    open_lots: tuple[int, ...] | UnsetType = UNSET
    lots_open: tuple[LotExpected, ...] | UnsetType = UNSET
    tier: Word | UnsetType | None = UNSET
    tiers: dict[str, str] | UnsetType = UNSET
    tier_until: date | UnsetType | None = UNSET
    tier_grace_until: date | UnsetType | None = UNSET
    purchases: int | UnsetType = UNSET
    badges: tuple[Word, ...] | UnsetType = UNSET
    progress: dict[str, int] | UnsetType = UNSET
    measures: dict[str, int] | UnsetType = UNSET
    left: dict[str, int] | UnsetType = UNSET
    plan: Word | UnsetType | None = UNSET
    plan_until: date | UnsetType | None = UNSET
    members: "dict[str, Expected] | UnsetType" = UNSET
    nothing_else: bool = False
    programme_faults: tuple[Word, ...] | UnsetType = UNSET
