"""What needs no key: the state of the service, the OpenAPI document, and the pages made from it."""

import falcon
import msgspec
from psycopg_pool import ConnectionPool

from cagnotte.channels.api.catalogue import CATALOGUE
from cagnotte.channels.api.connections import connection
from cagnotte.channels.api.documentation import CONTENT_SECURITY_POLICY, api_page, problem_page
from cagnotte.channels.api.openapi import openapi_document
from cagnotte.channels.api.problems import RequestRefused
from cagnotte.channels.api.replies import reply
from cagnotte.channels.api.wire import Health


class HealthCheck:
    """`pool`: has a connection that no other call takes."""

    def __init__(self, pool: ConnectionPool) -> None:
        self._pool = pool

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """GET /v1/health: 200 when the database answers, else the problem database_unavailable."""
        with connection(self._pool, req) as conn:
            conn.execute("SELECT 1")
        reply(resp, Health())


class OpenApi:
    def __init__(self) -> None:
        self._text = msgspec.json.encode(openapi_document())

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        resp.content_type = "application/json"
        resp.data = self._text


class Documentation:
    def __init__(self) -> None:
        self._document = openapi_document()

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        _html(resp, api_page(self._document, req.prefix))


class ProblemPages:
    def on_get(self, req: falcon.Request, resp: falcon.Response, code: str) -> None:
        if code not in CATALOGUE:
            raise RequestRefused("route_not_found")
        _html(resp, problem_page(code))


def _html(resp: falcon.Response, page: str) -> None:
    resp.content_type = "text/html; charset=utf-8"
    resp.set_header("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    resp.text = page
