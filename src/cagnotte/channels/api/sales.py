"""What a till does with a sale: ask what it would earn, record it, take goods back, void it."""

from collections.abc import Callable
from datetime import datetime

import falcon
import msgspec
from psycopg_pool import ConnectionPool

from cagnotte.application.evaluate_sale import evaluate_sale
from cagnotte.application.published import load_published
from cagnotte.application.record_sale import record_sale
from cagnotte.application.return_sale import ReturnSale, return_sale
from cagnotte.application.sale_command import SaleCommand, SaleLine
from cagnotte.application.void_sale import VoidSale, void_sale
from cagnotte.channels.api.connections import connection
from cagnotte.channels.api.decoding import check_year, read_body, read_id, read_key
from cagnotte.channels.api.problems import RequestRefused
from cagnotte.channels.api.refusals import ToldReturnAnswer, in_words
from cagnotte.channels.api.replies import reply, reply_recorded
from cagnotte.channels.api.wire import EvaluationRequest, ReturnRequest, SaleRequest, VoidRequest

_EVALUATION = msgspec.json.Decoder(EvaluationRequest)
_SALE = msgspec.json.Decoder(SaleRequest)
_RETURN = msgspec.json.Decoder(ReturnRequest)
_VOID = msgspec.json.Decoder(VoidRequest)


class Evaluations:
    def __init__(self, pool: ConnectionPool, clock: Callable[[], datetime]) -> None:
        self._pool = pool
        self._clock = clock

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """POST /v1/sales:evaluate: 200 with what the sale would earn; nothing is written."""
        asked = read_body(req, _EVALUATION)
        command = _command(asked, asked.sale_id)
        with connection(self._pool, req) as conn:
            answer = evaluate_sale(conn, load_published(conn), command, now=self._clock())
        reply(resp, answer)


class Sales:
    def __init__(self, pool: ConnectionPool, clock: Callable[[], datetime]) -> None:
        self._pool = pool
        self._clock = clock

    def on_put(self, req: falcon.Request, resp: falcon.Response, sale_id: str) -> None:
        """PUT /v1/sales/{sale_id}: 201 when it is recorded now, 200 when it already was, under another key."""
        key = read_key(req)
        command = _command(read_body(req, _SALE), read_id(sale_id))
        with connection(self._pool, req) as conn:
            recorded = record_sale(conn, load_published(conn), command, key=key, now=self._clock())
        reply_recorded(resp, recorded)


class Returns:
    def __init__(self, pool: ConnectionPool, clock: Callable[[], datetime]) -> None:
        self._pool = pool
        self._clock = clock

    def on_post(self, req: falcon.Request, resp: falcon.Response, sale_id: str) -> None:
        """POST /v1/sales/{sale_id}/returns: 201 when they came back, 409 when they cannot, 404: no such sale."""
        key = read_key(req)
        asked = read_body(req, _RETURN)
        _check_time(asked.at)
        lines = None if asked.lines is None else tuple((each.line, each.quantity) for each in asked.lines)
        _check_refund(asked)
        command = ReturnSale(
            read_id(sale_id),
            lines,
            asked.at,
            asked.reason,
            amount_minor=asked.amount_minor,
            of_line=asked.line,
        )
        with connection(self._pool, req) as conn:
            returned = return_sale(conn, load_published(conn), command, key=key, now=self._clock())
        reply_recorded(resp, in_words(req, resp, returned, ToldReturnAnswer))


class Voids:
    def __init__(self, pool: ConnectionPool, clock: Callable[[], datetime]) -> None:
        self._pool = pool
        self._clock = clock

    def on_post(self, req: falcon.Request, resp: falcon.Response, sale_id: str) -> None:
        """POST /v1/sales/{sale_id}:void: 201 when it is undone, 409 when nothing is left, 404: no such sale."""
        key = read_key(req)
        asked = read_body(req, _VOID)
        _check_time(asked.at)
        command = VoidSale(read_id(sale_id), asked.at, asked.reason)
        with connection(self._pool, req) as conn:
            voided = void_sale(conn, load_published(conn), command, key=key, now=self._clock())
        reply_recorded(resp, in_words(req, resp, voided, ToldReturnAnswer))


def _check_refund(asked: ReturnRequest) -> None:
    if asked.amount_minor is not None and asked.lines is not None:
        reason = "Expected `lines` of goods that come back, or `amount_minor` without goods, not both"
        raise RequestRefused("invalid_value", pointer="/amount_minor", reason=reason)
    if asked.amount_minor is None and asked.line is not None:
        raise RequestRefused("invalid_value", pointer="/line", reason="Expected `amount_minor` beside `line`")


def _check_time(at: datetime | None) -> None:
    if at is not None:
        check_year(at, "/at")


def _command(asked: SaleRequest, sale_id: str) -> SaleCommand:
    check_year(asked.at, "/at")
    return SaleCommand(
        sale_id=sale_id,
        store=asked.store,
        at=asked.at,
        lines=tuple(msgspec.convert(line, SaleLine, from_attributes=True) for line in asked.lines),
        member=asked.member,
        channel=asked.channel,
        region=asked.region,
        till=asked.till,
        coupons=asked.coupons,
        pay_with_points=asked.pay_with_points,
        order_discount_minor=asked.order_discount_minor,
        delivery_minor=asked.delivery_minor,
        currency=asked.currency,
        attributes=dict(asked.attributes),
    )
