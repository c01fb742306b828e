"""What a decision moves in the books: its transfers, each with a member's side and the programme's."""

from collections.abc import Iterator, Mapping

import msgspec

from cagnotte.domain.evaluator.values import (
    DebtMoved,
    Decision,
    DrawReason,
    LinesReturned,
    LotOpened,
    LotsDrawn,
    LotSource,
    LotsRefilled,
)
from cagnotte.domain.kernel import LotId, TransferId
from cagnotte.domain.points.lots import Lot

AVAILABLE, DEBT = "available", "debt"  # the accounts on the member's side: open lots, and what is owed
MOVING = frozenset({LotOpened, LotsDrawn, LotsRefilled, DebtMoved})  # the effects that are transfers
OWED = "owed"  # the kind of a transfer that begins a debt
IDLE = "idle"  # an expiry before the lots' own day, because the member did nothing

_OPENED = {
    LotSource.EARNED: ("earn", "issued"),
    LotSource.REFERRAL: ("earn", "issued"),
    LotSource.ACHIEVEMENT: ("earn", "issued"),
    LotSource.GIVEN: ("given", "adjusted"),
    LotSource.GIVEN_BACK: ("given_back", "redeemed"),
}
_DRAWN = {
    DrawReason.CONVERSION: "redeemed",
    DrawReason.BURN: "redeemed",
    DrawReason.PAYMENT: "redeemed",
    DrawReason.EXPIRY: "expired",
    DrawReason.CLAWBACK: "issued",  # it undoes an earn
    DrawReason.ADJUSTMENT: "adjusted",
    DrawReason.DEBT: DEBT,
}


class Movement(msgspec.Struct, frozen=True, gc=False):
    """One transfer. `sides`: (points, lot; None: debt) of the member; `contra`: the account of the other side."""

    transfer_id: TransferId
    wallet: str
    kind: str
    contra: str
    sides: tuple[tuple[int, LotId | None], ...]


def movements(decision: Decision, lots: Mapping[LotId, Lot]) -> Iterator[Movement]:
    """The decision's transfers in order; `lots` are all that it draws from, with their dates.

    A debt that an earn pays is moved by the draw that pays it.
    """
    for effect in decision.effects:
        if type(effect) not in MOVING:
            continue
        match effect:
            case LotOpened(lot=lot, source=source):
                kind, contra = _OPENED[source]
                own = ((int(lot.points_open), lot.lot_id),)
                yield Movement(TransferId(lot.lot_id), lot.wallet, kind, contra, own)
            case LotsDrawn():
                taken = tuple((-draw.points, draw.lot_id) for draw in effect.draws)
                contra = _DRAWN[effect.reason]
                yield Movement(effect.transfer_id, effect.wallet, _kind(effect, lots), contra, taken)
            case LotsRefilled():
                back = tuple((int(draw.points), draw.lot_id) for draw in effect.draws)
                yield Movement(effect.transfer_id, effect.wallet, "given_back", "redeemed", back)
            case DebtMoved(points=points) if points > 0:
                contra = _owed_for(decision, effect)
                yield Movement(effect.transfer_id, effect.wallet, OWED, contra, ((-points, None),))


def _kind(effect: LotsDrawn, lots: Mapping[LotId, Lot]) -> str:
    if effect.reason is DrawReason.EXPIRY:
        in_time = all(lots[draw.lot_id].expires_on == effect.on for draw in effect.draws)
        return effect.reason.value if in_time else IDLE
    return effect.reason.value


def _owed_for(decision: Decision, debt: DebtMoved) -> str:
    """The side that what could not be drawn belongs to: that of the draw of the same wallet before it."""
    for effect in reversed(decision.effects):
        if isinstance(effect, LotsDrawn) and effect.wallet == debt.wallet and effect.reason is not DrawReason.DEBT:
            return _DRAWN[effect.reason]
    return "issued" if any(isinstance(effect, LinesReturned) for effect in decision.effects) else "redeemed"
