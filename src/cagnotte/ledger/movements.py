"""What a decision moves in the books: its transfers, each with a member's side and the programme's."""

from collections.abc import Mapping

import msgspec

from cagnotte.domain.evaluator.decision import Decision
from cagnotte.domain.evaluator.effects import (
    DebtMoved,
    DrawReason,
    Effect,
    HoldEnded,
    LotOpened,
    LotsDrawn,
    LotSource,
    LotsRefilled,
    PointsFunded,
    RefillOf,
)
from cagnotte.domain.kernel import LotId, TransferId
from cagnotte.domain.points.lots import Lot

AVAILABLE, DEBT, HELD = "available", "debt", "held"  # the member's side: open lots, owed, set aside
PARTNER, FUNDED = "partner", "funded"  # neither the member's: points that partners pay for
# The effects that are transfers.
MOVING = frozenset({LotOpened, LotsDrawn, LotsRefilled, DebtMoved, HoldEnded, PointsFunded})
OWED = "owed"  # the kind of a transfer that begins a debt
CONFIRMED = "confirmed"  # the kind of a transfer that spends what was set aside
IDLE = "idle"  # an expiry before the lots' own day, because the member did nothing

_OPENED = {
    LotSource.EARNED: ("earn", "issued"),
    LotSource.REFERRAL: ("earn", "issued"),
    LotSource.ACHIEVEMENT: ("earn", "issued"),
    LotSource.GIVEN: ("given", "adjusted"),
    LotSource.GIVEN_BACK: ("given_back", "redeemed"),
    LotSource.MIGRATED: ("opening", "migrated"),
    LotSource.RECEIVED: ("received", "transferred"),
    LotSource.EXCHANGED: ("exchanged", "exchanged"),
    LotSource.BOUGHT: ("bought", "issued"),
    LotSource.FROM_POOL: ("from_pool", "transferred"),
    LotSource.CORRECTED: ("correction", "issued"),
}
_REFILLED = {
    RefillOf.SPENT: ("given_back", "redeemed"),
    RefillOf.HELD: ("freed", HELD),
    RefillOf.EXPIRED: ("reinstated", "expired"),
}
_DRAWN = {
    DrawReason.CONVERSION: "redeemed",
    DrawReason.BURN: "redeemed",
    DrawReason.PAYMENT: "redeemed",
    DrawReason.EXPIRY: "expired",
    DrawReason.CLAWBACK: "issued",  # it undoes an earn
    DrawReason.CORRECTION: "issued",
    DrawReason.ADJUSTMENT: "adjusted",
    DrawReason.DEBT: DEBT,
    DrawReason.HOLD: HELD,
    DrawReason.SENT: "transferred",
    DrawReason.EXCHANGE: "exchanged",
    DrawReason.POOLED: "transferred",
}

type Side = tuple[str, int, LotId | None]
"""One entry of the member: the account, points, and of available points the lot."""


class Movement(msgspec.Struct, frozen=True, gc=False):
    """One transfer: the member's `sides`, and the account of the other side, which takes the rest to zero."""

    transfer_id: TransferId
    wallet: str
    kind: str
    contra: str
    sides: tuple[Side, ...]
    note: str = ""  # the reason of an act by hand, or the caller's word for what points are spent on
    opened: Lot | None = None  # the lot that it opens


def movement(effect: Effect, decision: Decision, lots: Mapping[LotId, Lot]) -> Movement | None:  # noqa: PLR0911 - one plain list
    """The transfer that the effect is, if it is one; `lots` are all that it draws from, with their dates.

    A debt that an earn pays is moved by the draw that pays it.
    """
    match effect:
        case LotOpened(lot=lot, source=source):
            kind, contra = _OPENED[source]
            own = ((AVAILABLE, int(lot.points_open), lot.lot_id),)
            return Movement(TransferId(lot.lot_id), lot.wallet, kind, contra, own, effect.reason, lot)
        case LotsDrawn():
            taken = tuple((AVAILABLE, -draw.points, draw.lot_id) for draw in effect.draws)
            contra = _DRAWN[effect.reason]
            note = "" if effect.reason is DrawReason.CONVERSION else effect.source  # the vouchers name theirs
            return Movement(effect.transfer_id, effect.wallet, _kind(effect, lots), contra, taken, note)
        case LotsRefilled():
            back = tuple((AVAILABLE, int(draw.points), draw.lot_id) for draw in effect.draws)
            return Movement(effect.transfer_id, effect.wallet, *_REFILLED[effect.of], back, effect.reason)
        case DebtMoved(points=points) if points > 0:
            contra = _DRAWN[effect.reason]
            return Movement(effect.transfer_id, effect.wallet, OWED, contra, ((DEBT, -points, None),))
        case HoldEnded(points=points, transfer_id=transfer_id) if transfer_id is not None:
            return Movement(transfer_id, effect.wallet, CONFIRMED, "redeemed", ((HELD, -points, None),))
        case PointsFunded():
            paid: Side = (PARTNER, int(effect.points), None)
            return Movement(effect.transfer_id, effect.wallet, FUNDED, FUNDED, (paid,), effect.partner)
        case _:
            return None


def _kind(effect: LotsDrawn, lots: Mapping[LotId, Lot]) -> str:
    if effect.reason is DrawReason.EXPIRY:
        ends = [lots[draw.lot_id].expires_on for draw in effect.draws]
        # Later than its day goes what had been set aside and comes back.
        return effect.reason.value if all(day is not None and day <= effect.on for day in ends) else IDLE
    return effect.reason.value
