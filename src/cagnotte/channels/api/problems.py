"""RFC 9457 problems: how every fault leaves the API."""

import logging
from typing import Any

import falcon
import msgspec

from cagnotte.application.errors import RequestError
from cagnotte.channels.api.catalogue import CATALOGUE
from cagnotte.channels.api.language import Language, preferred_language
from cagnotte.storage.trouble import AWAY, trouble_of

MEDIA_TYPE = "application/problem+json"

_log = logging.getLogger("cagnotte.api")
EXAMPLE_PARAMS: dict[str, object] = {
    "advice": " Did you mean 'quantity'?",
    "at": "2026-01-17T18:30:00+01:00",
    "byte": 112,
    "expected": "int",
    "how": "refused",
    "member": "1",
    "permission": "points.adjust",
    "points": "500",
    "who": "anne.martin",
    "field": "quantty",
    "found": "USD",
    "known": "colour, gift",
    "length": 300,
    "limit": 10_000,
    "most": "1099511627775",
    "name": "color",
    "now": "2026-01-15T17:30:04+00:00",
    "reason": "Expected int, got str",
    "sale": "ticket-2026-000123",
    "scope": "sales.write",
    "version": 43,
}
EXAMPLE_POINTERS = {
    "invalid_value": "/lines/0/quantity",
    "missing_field": "/lines/0/quantity",
    "out_of_range": "/lines/0/quantity",
    "sale_too_large": "/lines",
    "unknown_currency": "/currency",
    "too_many_lines": "/lines",
    "unknown_attribute": "/lines/0/attributes/color",
    "unknown_field": "/lines/0/quantty",
    "wrong_attribute": "/attributes/gift",
    "wrong_type": "/lines/0/quantity",
}
_CODE_OF_STATUS = {404: "route_not_found", 405: "method_not_allowed"}


class Problem(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What went wrong, by RFC 9457.

    `type` is the path of a page about the code; `pointer` (RFC 6901) is the place in the body that is wrong;
    `customer_message` is a sentence for the customer in the language of Accept-Language, `detail` one for
    the developer. `retryable`: the same request with the same key may succeed later.
    """

    type: str
    title: str
    status: int
    code: str
    detail: str
    retryable: bool
    customer_message: str
    pointer: str | None = None


class RequestRefused(Exception):
    """Stops a request with a problem of the catalogue."""

    def __init__(
        self, code: str, *, pointer: str | None = None, headers: dict[str, str] | None = None, **params: object
    ) -> None:
        super().__init__(code)
        self.code = code
        self.pointer = pointer
        self.headers = headers or {}
        self.params = params


def problem(
    code: str, params: dict[str, Any], *, language: Language = "en", pointer: str | None = None
) -> Problem:
    kind = CATALOGUE[code]
    return Problem(
        type=f"/v1/problems/{code}",
        title=kind.title,
        status=kind.status,
        code=code,
        detail=kind.detail.format_map(params),
        retryable=kind.retryable,
        customer_message=kind.customer.in_language(language),
        pointer=pointer,
    )


def example_problem(code: str) -> Problem:
    """The problem as the documents show it."""
    return problem(code, EXAMPLE_PARAMS, pointer=EXAMPLE_POINTERS.get(code))


def answer_with_problems(app: falcon.App[falcon.Request, falcon.Response]) -> None:
    """Make every exception that reaches the app a problem."""
    app.add_error_handler(RequestRefused, _refused)
    app.add_error_handler(RequestError, _request_error)
    for away in AWAY:
        app.add_error_handler(away, _database_away)
    app.add_error_handler(falcon.HTTPError, _http_error)
    app.add_error_handler(Exception, _defect)


def _refused(req: falcon.Request, resp: falcon.Response, fault: RequestRefused, _: dict[str, Any]) -> None:
    resp.set_headers(fault.headers)
    _reply(req, resp, fault.code, fault.params, pointer=fault.pointer)


def _request_error(req: falcon.Request, resp: falcon.Response, fault: RequestError, _: dict[str, Any]) -> None:
    _reply(req, resp, fault.code, fault.params, pointer=fault.params.get("pointer"))


def _database_away(req: falcon.Request, resp: falcon.Response, fault: Exception, _: dict[str, Any]) -> None:
    trouble = trouble_of(fault)
    assert trouble is not None, fault
    _log.error("%s error=%s", trouble.value, type(fault).__name__)
    _reply(req, resp, trouble.value, {})


def _http_error(req: falcon.Request, resp: falcon.Response, fault: falcon.HTTPError, _: dict[str, Any]) -> None:
    resp.set_headers(fault.headers or {})
    code = _CODE_OF_STATUS.get(fault.status_code, "bad_request")
    _reply(req, resp, code, {"reason": fault.description or fault.title or "The request is not valid HTTP."})


def _defect(req: falcon.Request, resp: falcon.Response, fault: Exception, _: dict[str, Any]) -> None:
    _log.error("api_defect method=%s route=%s", req.method, req.uri_template, exc_info=fault)
    _reply(req, resp, "internal_error", {})


def _reply(
    req: falcon.Request,
    resp: falcon.Response,
    code: str,
    params: dict[str, Any],
    *,
    pointer: str | None = None,
) -> None:
    language = preferred_language(req.get_header("Accept-Language"))
    body = problem(code, params, language=language, pointer=pointer)
    resp.status = body.status
    resp.content_type = MEDIA_TYPE
    if (wait_s := CATALOGUE[code].retry_after_s) is not None:
        resp.set_header("Retry-After", str(wait_s))
    resp.set_header("Content-Language", language)
    resp.set_header("Vary", "Accept-Language")
    resp.data = msgspec.json.encode(body)
