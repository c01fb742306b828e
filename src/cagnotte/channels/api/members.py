"""What a till asks of a member: to be shown, and to turn points into vouchers."""

from collections.abc import Callable
from datetime import datetime

import falcon
import msgspec
from psycopg_pool import ConnectionPool

from cagnotte.application.convert_points import ConvertPoints, convert_points
from cagnotte.application.errors import UnknownMember
from cagnotte.application.published import load_published
from cagnotte.application.show_member import show_member_at
from cagnotte.channels.api.connections import connection
from cagnotte.channels.api.decoding import read_body, read_id, read_key
from cagnotte.channels.api.refusals import ToldConversionAnswer, in_words
from cagnotte.channels.api.replies import entity_tag, reply, reply_recorded
from cagnotte.channels.api.wire import ConversionRequest

_CONVERSION = msgspec.json.Decoder(ConversionRequest)


class Members:
    def __init__(self, pool: ConnectionPool, clock: Callable[[], datetime]) -> None:
        self._pool = pool
        self._clock = clock

    def on_get(self, req: falcon.Request, resp: falcon.Response, member: str) -> None:
        """GET /v1/members/{member}: 200 with the member as of their own today, 404 when nobody is it."""
        identifier = read_id(member)
        with connection(self._pool, req) as conn:
            published = load_published(conn)
            shown = show_member_at(conn, published, identifier, self._clock())
        if shown is None:
            raise UnknownMember(member=identifier)
        resp.set_header("ETag", entity_tag(shown.version))
        reply(resp, shown)


class Conversions:
    def __init__(self, pool: ConnectionPool, clock: Callable[[], datetime]) -> None:
        self._pool = pool
        self._clock = clock

    def on_post(self, req: falcon.Request, resp: falcon.Response, member: str) -> None:
        """POST /v1/members/{member}/conversions: 201 with the vouchers, 409 with why there are none."""
        key = read_key(req)
        asked = read_body(req, _CONVERSION)
        command = ConvertPoints(read_id(member), asked.conversion, asked.times)
        with connection(self._pool, req) as conn:
            converted = convert_points(conn, load_published(conn), command, key=key, now=self._clock())
        reply_recorded(resp, in_words(req, resp, converted, ToldConversionAnswer))
