"""From a step that sets points aside, sends, exchanges, buys, extends or gives them again to its event."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

import msgspec

from cagnotte.application.trials.baskets import within
from cagnotte.application.trials.cases import (
    ExchangeMade,
    Extension,
    HoldAsked,
    HoldConfirmed,
    PointsAsked,
    PointsSentTo,
    Reinstatement,
)
from cagnotte.application.trials.problems import CaseProblem, unknown
from cagnotte.application.trials.values import Word
from cagnotte.domain.evaluator.events import (
    Event,
    ExchangeAsked,
    HoldEnding,
    LotsExtended,
    PointsBought,
    PointsHeld,
    PointsReinstated,
    PointsSent,
    PoolAsked,
    Purse,
)
from cagnotte.domain.kernel import POINTS_MOST, EventId, LotId, MemberId, TransferId
from cagnotte.domain.points.holds import HoldEnd
from cagnotte.domain.points.lots import Lot

_MINUTES_MOST = 366 * 24 * 60


class Points(msgspec.Struct, frozen=True):
    """What such steps refer to. `opened`: the lots that the step of an id gave; `expired`: the member's."""

    first_wallet: str
    member: MemberId
    members: Mapping[str, MemberId]
    holds: Mapping[str, TransferId]
    opened: Mapping[str, tuple[LotId, ...]]
    expired: tuple[Lot, ...]
    purses: tuple[Purse, ...]  # of the others of the household


def points_event(kind: str, said: object, event_id: EventId, at: datetime, around: Points) -> Event | None:  # noqa: PLR0911, PLR0912 - one plain list
    """None for a step of another kind. Raises CaseProblem."""
    match said:
        case int() as points if kind == "hold":
            return _held(HoldAsked(points), event_id, at, around)
        case HoldAsked():
            return _held(said, event_id, at, around)
        case str() if kind == "confirm":
            return HoldEnding(event_id, at, _hold(said, around), HoldEnd.CONFIRMED)
        case HoldConfirmed(hold=hold, points=points):
            spent = None if points is None else within(points, POINTS_MOST)
            return HoldEnding(event_id, at, _hold(str(hold), around), HoldEnd.CONFIRMED, spent)
        case str() if kind == "release":
            return HoldEnding(event_id, at, _hold(said, around), HoldEnd.RELEASED)
        case PointsSentTo():
            return _sent(said, event_id, at, around)
        case int() as points if kind == "burn_together":
            return _pooled(PointsAsked(points), event_id, at, around)
        case PointsAsked() if kind == "burn_together":
            return _pooled(said, event_id, at, around)
        case str() if kind == "exchange":
            return ExchangeAsked(event_id, at, said)
        case ExchangeMade(exchange=code, times=times):
            return ExchangeAsked(event_id, at, str(code), within(times, POINTS_MOST))
        case int() as points if kind == "buy_points":
            return PointsBought(event_id, at, around.first_wallet, within(points, POINTS_MOST))
        case PointsAsked(points=points, wallet=wallet) if kind == "buy_points":
            return PointsBought(event_id, at, _wallet(wallet, around), within(points, POINTS_MOST))
        case date() if kind == "extend":
            return _extended(Extension(said), event_id, at, around)
        case Extension():
            return _extended(said, event_id, at, around)
        case date() if kind == "reinstate":
            return _reinstated(Reinstatement(said), event_id, at, around)
        case Reinstatement():
            return _reinstated(said, event_id, at, around)
        case _:
            return None


def _wallet(said: Word, around: Points) -> str:
    return str(said) or around.first_wallet


def _held(said: HoldAsked, event_id: EventId, at: datetime, around: Points) -> PointsHeld:
    if said.until is not None and said.minutes is not None:
        raise CaseProblem("until_or_minutes")
    until = said.until.at if said.until else None
    if said.minutes is not None:
        until = at + timedelta(minutes=within(said.minutes, _MINUTES_MOST))
    points = within(said.points, POINTS_MOST)
    return PointsHeld(event_id, at, _wallet(said.wallet, around), points, until, str(said.reference))


def _hold(said: str, around: Points) -> TransferId:
    if said not in around.holds:
        raise unknown("unknown_hold", said, around.holds)
    return around.holds[said]


def _sent(said: PointsSentTo, event_id: EventId, at: datetime, around: Points) -> PointsSent:
    if said.to not in around.members:
        raise unknown("unknown_member", said.to, around.members)
    points, to = within(said.points, POINTS_MOST), around.members[said.to]
    return PointsSent(event_id, at, _wallet(said.wallet, around), points, around.member, to, str(said.reason))


def _pooled(said: PointsAsked, event_id: EventId, at: datetime, around: Points) -> PoolAsked:
    points = within(said.points, POINTS_MOST)
    return PoolAsked(event_id, at, _wallet(said.wallet, around), points, around.purses)


def _extended(said: Extension, event_id: EventId, at: datetime, around: Points) -> LotsExtended:
    lots = None
    if said.of is not None:
        if said.of not in around.opened:
            raise unknown("unknown_sale", said.of, around.opened)
        lots = around.opened[said.of]
    return LotsExtended(event_id, at, _wallet(said.wallet, around), said.until, lots, str(said.reason))


def _reinstated(said: Reinstatement, event_id: EventId, at: datetime, around: Points) -> PointsReinstated:
    wallet = _wallet(said.wallet, around)
    expired = tuple(lot for lot in around.expired if lot.wallet == wallet)
    points = None if said.points is None else within(said.points, POINTS_MOST)
    return PointsReinstated(event_id, at, wallet, said.until, expired, points, str(said.reason))
