"""Acts by hand that wait for a second person: listed, approved, refused, taken back; and closed members."""

from collections.abc import Callable
from datetime import datetime

import falcon
import msgspec
from psycopg_pool import ConnectionPool

from cagnotte.application.answer_requests import AnswerRequest, approve_request, refuse_request, withdraw_request
from cagnotte.application.close_member import CloseMember, close_member
from cagnotte.application.points_requests import show_requests
from cagnotte.application.published import load_published
from cagnotte.channels.api.connections import connection
from cagnotte.channels.api.decoding import read_body, read_id, read_if_match, read_key
from cagnotte.channels.api.people import actor_of_key, check_bound, check_speaks_for
from cagnotte.channels.api.problems import RequestRefused
from cagnotte.channels.api.refusals import ToldPointsAnswer, in_words
from cagnotte.channels.api.replies import reply, reply_recorded
from cagnotte.channels.api.wire import ApprovalRequest, ClosingRequest, WithdrawalRequest

STATES = ("open", "ended")
_MOST = 100
_APPROVAL = msgspec.json.Decoder(ApprovalRequest)
_WITHDRAWAL = msgspec.json.Decoder(WithdrawalRequest)
_CLOSING = msgspec.json.Decoder(ClosingRequest)

type Clock = Callable[[], datetime]


class PointsRequests:
    def __init__(self, pool: ConnectionPool, clock: Clock) -> None:
        self._pool, self._clock = pool, clock

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """GET /v1/points-requests: 200 with up to 100 of them."""
        state = req.get_param("state", default="open")
        if state not in STATES:
            raise RequestRefused("bad_request", reason=f"Expected `state` to be one of {', '.join(STATES)}.")
        after = req.get_param("after", default="")
        with connection(self._pool, req) as conn:
            page = show_requests(conn, now=self._clock(), ended=state == "ended", after=after, most=_MOST)
        reply(resp, page)


class Approvals:
    def __init__(self, pool: ConnectionPool, clock: Clock) -> None:
        self._pool, self._clock = pool, clock

    def on_post(self, req: falcon.Request, resp: falcon.Response, request: str) -> None:
        """POST /v1/points-requests/{request}:approve: 201 with what the act did, 409 with why it did nothing."""
        check_bound(req)
        asked = read_body(req, _APPROVAL)
        command = AnswerRequest(read_id(request), asked.reason, req.context.staff)
        with connection(self._pool, req) as conn:
            actor = actor_of_key(conn, req)
            acted = approve_request(conn, load_published(conn), command, now=self._clock(), actor=actor)
        reply_recorded(resp, in_words(req, resp, acted, ToldPointsAnswer))


class Refusals:
    def __init__(self, pool: ConnectionPool, clock: Clock) -> None:
        self._pool, self._clock = pool, clock

    def on_post(self, req: falcon.Request, resp: falcon.Response, request: str) -> None:
        """POST /v1/points-requests/{request}:refuse: 200 with the request, which is over."""
        check_bound(req)
        asked = read_body(req, _APPROVAL)
        command = AnswerRequest(read_id(request), asked.reason, req.context.staff)
        with connection(self._pool, req) as conn:
            reply(resp, refuse_request(conn, command, now=self._clock(), actor=actor_of_key(conn, req)))


class Withdrawals:
    def __init__(self, pool: ConnectionPool, clock: Clock) -> None:
        self._pool, self._clock = pool, clock

    def on_post(self, req: falcon.Request, resp: falcon.Response, request: str) -> None:
        """POST /v1/points-requests/{request}:withdraw: 200 with the request, which is over."""
        asked = read_body(req, _WITHDRAWAL)
        check_speaks_for(req, asked.made_by)
        command = AnswerRequest(read_id(request), asked.reason, asked.made_by)
        with connection(self._pool, req) as conn:
            reply(resp, withdraw_request(conn, command, now=self._clock(), actor=actor_of_key(conn, req)))


class Closings:
    """POST /v1/members/{member}:close and :reopen: 201, also when it was so already."""

    def __init__(self, pool: ConnectionPool, clock: Clock, command: type[CloseMember]) -> None:
        self._pool, self._clock, self._command = pool, clock, command

    def on_post(self, req: falcon.Request, resp: falcon.Response, member: str) -> None:
        key, asked = read_key(req), read_body(req, _CLOSING)
        check_speaks_for(req, asked.made_by)
        command, seen = self._command(read_id(member), asked.reason, asked.made_by), read_if_match(req)
        with connection(self._pool, req) as conn:
            acted = close_member(
                conn,
                load_published(conn),
                command,
                key=key,
                now=self._clock(),
                if_version=seen,
                actor=actor_of_key(conn, req),
            )
        reply_recorded(resp, in_words(req, resp, acted, ToldPointsAnswer))
