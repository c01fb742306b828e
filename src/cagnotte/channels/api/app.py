"""The WSGI application of /v1."""

import logging
import time
from collections.abc import Callable
from datetime import datetime

import falcon
from psycopg_pool import ConnectionPool

from cagnotte.application.close_member import CloseMember, ReopenMember
from cagnotte.channels.api.access import Access
from cagnotte.channels.api.members import Conversions, Members
from cagnotte.channels.api.operations import OPERATIONS
from cagnotte.channels.api.pages import Documentation, HealthCheck, OpenApi, ProblemPages
from cagnotte.channels.api.points import add_points_routes
from cagnotte.channels.api.problems import answer_with_problems
from cagnotte.channels.api.requests import Approvals, Closings, PointsRequests, Refusals, Withdrawals
from cagnotte.channels.api.sales import Evaluations, Returns, Sales, Voids

_log = logging.getLogger("cagnotte.api")


def make_api(
    pool: ConnectionPool,
    *,
    clock: Callable[[], datetime],
    monotonic: Callable[[], float] = time.monotonic,
    aside: ConnectionPool | None = None,
) -> falcon.App[falcon.Request, falcon.Response]:
    """`pool` gives connections in autocommit mode; `clock` gives the current time with its zone.

    `monotonic` counts seconds, see Access. `aside`: connections for the question whether all is well, which is not
    to wait behind the rest (None: those of `pool`).
    """
    scopes = {(each.method, each.path): each.scope for each in OPERATIONS if each.scope is not None}
    app: falcon.App[falcon.Request, falcon.Response] = falcon.App()
    app.add_middleware([RequestLog(), Access(pool, scopes, monotonic)])
    answer_with_problems(app)
    app.add_route("/v1/sales:evaluate", Evaluations(pool, clock))
    app.add_route("/v1/sales/{sale_id}", Sales(pool, clock))
    app.add_route("/v1/sales/{sale_id}/returns", Returns(pool, clock))
    app.add_route("/v1/sales/{sale_id}:void", Voids(pool, clock))
    app.add_route("/v1/members/{member}", Members(pool, clock))
    app.add_route("/v1/members/{member}/conversions", Conversions(pool, clock))
    app.add_route("/v1/members/{member}:close", Closings(pool, clock, CloseMember))
    app.add_route("/v1/members/{member}:reopen", Closings(pool, clock, ReopenMember))
    add_points_routes(app, pool, clock)
    app.add_route("/v1/points-requests", PointsRequests(pool, clock))
    app.add_route("/v1/points-requests/{request}:approve", Approvals(pool, clock))
    app.add_route("/v1/points-requests/{request}:refuse", Refusals(pool, clock))
    app.add_route("/v1/points-requests/{request}:withdraw", Withdrawals(pool, clock))
    app.add_route("/v1/health", HealthCheck(aside or pool))
    app.add_route("/v1/openapi.json", OpenApi())
    app.add_route("/v1/docs", Documentation())
    app.add_route("/v1/problems/{code}", ProblemPages())
    return app


class RequestLog:
    """Falcon middleware: one line per request, by route and never by path, which may name a member."""

    def process_request(self, req: falcon.Request, resp: falcon.Response) -> None:
        req.context.began = time.perf_counter()
        resp.set_header("Cache-Control", "no-store")
        resp.set_header("X-Content-Type-Options", "nosniff")

    def process_response(
        self, req: falcon.Request, resp: falcon.Response, resource: object, req_succeeded: bool
    ) -> None:
        taken_ms = (time.perf_counter() - req.context.began) * 1000
        status = resp.status_code
        _log.info(
            "api_request method=%s route=%s status=%d ms=%.1f", req.method, req.uri_template, status, taken_ms
        )
