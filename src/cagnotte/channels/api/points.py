"""What a till does with a member's points: spend, set aside, send, exchange, buy."""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Protocol

import falcon
import msgspec
from psycopg import Connection
from psycopg_pool import ConnectionPool

from cagnotte.application.acting import Acted
from cagnotte.application.adjust_points import AdjustPoints, adjust_points
from cagnotte.application.burn_points import BurnPoints, burn_points
from cagnotte.application.buy_points import BuyPoints, buy_points
from cagnotte.application.end_hold import EndHold, end_hold
from cagnotte.application.exchange_points import ExchangePoints, exchange_points
from cagnotte.application.extend_lots import ExtendLots, extend_lots
from cagnotte.application.hold_points import HoldPoints, hold_points
from cagnotte.application.programme_staff import Actor
from cagnotte.application.published import Published, load_published
from cagnotte.application.reinstate_points import ReinstatePoints, reinstate_points
from cagnotte.application.send_points import SendPoints, send_points
from cagnotte.application.spend_together import SpendTogether, spend_together
from cagnotte.channels.api.connections import connection
from cagnotte.channels.api.decoding import check_year, read_body, read_id, read_if_match, read_key
from cagnotte.channels.api.people import actor_of_key, check_speaks_for
from cagnotte.channels.api.refusals import ToldPointsAnswer, in_words
from cagnotte.channels.api.replies import reply_recorded
from cagnotte.channels.api.wire import (
    AdjustmentRequest,
    BurnRequest,
    ConfirmRequest,
    ExchangeRequest,
    ExtensionRequest,
    HoldRequest,
    PurchaseRequest,
    ReinstatementRequest,
    ReleaseRequest,
    TransferRequest,
)
from cagnotte.domain.points.holds import HoldEnd


class Timed(Protocol):
    """A request that may say the till's time."""

    @property
    def at(self) -> datetime | None: ...


class TimedByHand(Timed, Protocol):
    @property
    def made_by(self) -> str: ...


class Act[C](Protocol):
    def __call__(
        self, conn: Connection, published: Published, command: C, *, key: str, now: datetime
    ) -> Acted: ...


class ActByHand[C](Protocol):
    def __call__(
        self,
        conn: Connection,
        published: Published,
        command: C,
        *,
        key: str,
        now: datetime,
        if_version: Collection[int] | None = None,
        actor: Actor | None = None,
    ) -> Acted: ...


class PointsActs[A: Timed, C]:
    """One act on points: 201 with what it did, 409 with why it was refused.

    `command` makes the act's command of the request, the member's identifier and the hold's id ("": none).
    """

    def __init__(
        self,
        pool: ConnectionPool,
        clock: Callable[[], datetime],
        request: type[A],
        command: Callable[[A, str, str], C],
        act: Act[C],
    ) -> None:
        self._pool, self._clock, self._command, self._act = pool, clock, command, act
        self._decoder = msgspec.json.Decoder(request)

    def on_post(self, req: falcon.Request, resp: falcon.Response, member: str, hold: str = "") -> None:
        key, act = read_key(req), self.act_of(req)
        asked = read_body(req, self._decoder)
        if asked.at is not None:
            check_year(asked.at, "/at")
        self.check(req, asked)
        command = self._command(asked, read_id(member), hold)
        with connection(self._pool, req) as conn:
            acted = act(conn, load_published(conn), command, key=key, now=self._clock())
        reply_recorded(resp, in_words(req, resp, acted, ToldPointsAnswer))

    def act_of(self, req: falcon.Request) -> Act[C]:
        """The act, with what the request's headers ask of it."""
        return self._act

    def check(self, req: falcon.Request, asked: A) -> None:
        """What is to be known before the act is done. Raises RequestRefused."""


class PointsActsByHand[A: TimedByHand, C](PointsActs[A, C]):
    """One that a person answers for: 202 when a second one must approve it, 412 when the member's books are no
    longer as If-Match says."""

    def __init__(
        self,
        pool: ConnectionPool,
        clock: Callable[[], datetime],
        request: type[A],
        command: Callable[[A, str, str], C],
        act: ActByHand[C],
    ) -> None:
        super().__init__(pool, clock, request, command, act)
        self._by_hand = act

    def act_of(self, req: falcon.Request) -> Act[C]:
        seen, by_hand = read_if_match(req), self._by_hand

        def act(conn: Connection, published: Published, command: C, *, key: str, now: datetime) -> Acted:
            actor = actor_of_key(conn, req)
            return by_hand(conn, published, command, key=key, now=now, if_version=seen, actor=actor)

        return act

    def check(self, req: falcon.Request, asked: A) -> None:
        check_speaks_for(req, asked.made_by)


def add_points_routes(
    app: falcon.App[falcon.Request, falcon.Response], pool: ConnectionPool, clock: Callable[[], datetime]
) -> None:
    """The routes of all acts on points."""
    of_member = "/v1/members/{member}"
    add, given = app.add_route, (pool, clock)
    add(f"{of_member}/burns", PointsActs(*given, BurnRequest, _burn, burn_points))
    add(f"{of_member}/household-burns", PointsActs(*given, BurnRequest, _spend_together, spend_together))
    add(f"{of_member}/holds", PointsActs(*given, HoldRequest, _hold, hold_points))
    add(f"{of_member}/holds/{{hold}}:confirm", PointsActs(*given, ConfirmRequest, _confirm, end_hold))
    add(f"{of_member}/holds/{{hold}}:release", PointsActs(*given, ReleaseRequest, _release, end_hold))
    add(f"{of_member}/transfers", PointsActs(*given, TransferRequest, _send, send_points))
    add(f"{of_member}/exchanges", PointsActs(*given, ExchangeRequest, _exchange, exchange_points))
    add(f"{of_member}/purchases", PointsActs(*given, PurchaseRequest, _buy, buy_points))
    add(f"{of_member}/adjustments", PointsActsByHand(*given, AdjustmentRequest, _adjust, adjust_points))
    add(f"{of_member}/extensions", PointsActsByHand(*given, ExtensionRequest, _extend, extend_lots))
    reinstatements = PointsActsByHand(*given, ReinstatementRequest, _reinstate, reinstate_points)
    add(f"{of_member}/reinstatements", reinstatements)


def _burn(asked: BurnRequest, member: str, hold: str) -> BurnPoints:
    return BurnPoints(member, asked.points, asked.wallet, asked.reference, asked.at)


def _spend_together(asked: BurnRequest, member: str, hold: str) -> SpendTogether:
    return SpendTogether(member, asked.points, asked.wallet, asked.reference, asked.at)


def _hold(asked: HoldRequest, member: str, hold: str) -> HoldPoints:
    return HoldPoints(member, asked.points, asked.wallet, asked.minutes, asked.reference, asked.at)


def _confirm(asked: ConfirmRequest, member: str, hold: str) -> EndHold:
    return EndHold(member, hold, HoldEnd.CONFIRMED, asked.points, asked.at)


def _release(asked: ReleaseRequest, member: str, hold: str) -> EndHold:
    return EndHold(member, hold, HoldEnd.RELEASED, None, asked.at)


def _send(asked: TransferRequest, member: str, hold: str) -> SendPoints:
    return SendPoints(member, asked.to, asked.points, asked.wallet, asked.reason, asked.at)


def _exchange(asked: ExchangeRequest, member: str, hold: str) -> ExchangePoints:
    return ExchangePoints(member, asked.exchange, asked.times, asked.at)


def _buy(asked: PurchaseRequest, member: str, hold: str) -> BuyPoints:
    return BuyPoints(member, asked.points, asked.wallet, asked.at)


def _adjust(asked: AdjustmentRequest, member: str, hold: str) -> AdjustPoints:
    return AdjustPoints(member, asked.points, asked.reason, asked.made_by, asked.wallet, asked.at)


def _extend(asked: ExtensionRequest, member: str, hold: str) -> ExtendLots:
    return ExtendLots(member, asked.until, asked.reason, asked.made_by, asked.wallet, asked.at)


def _reinstate(asked: ReinstatementRequest, member: str, hold: str) -> ReinstatePoints:
    return ReinstatePoints(member, asked.until, asked.reason, asked.made_by, asked.points, asked.wallet, asked.at)
