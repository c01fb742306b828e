"""A browser's part of a WSGI conversation: cookies, forms and whole answers, without a socket."""

import io
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode
from wsgiref.util import setup_testing_defaults

import msgspec

from cagnotte.host.web import WsgiApp


class Answer(msgspec.Struct, frozen=True):
    status: int
    headers: dict[str, str]
    body: bytes


class WsgiClient:
    """One visitor with one jar of cookies."""

    def __init__(self, app: WsgiApp) -> None:
        self._app = app
        self._cookies: SimpleCookie = SimpleCookie()

    def get(self, path: str) -> Answer:
        return self._ask({"REQUEST_METHOD": "GET", "PATH_INFO": path, "wsgi.input": io.BytesIO()})

    def post(self, path: str, form: dict[str, str]) -> Answer:
        body = urlencode(form).encode()
        return self._ask(
            {
                "REQUEST_METHOD": "POST",
                "PATH_INFO": path,
                "CONTENT_TYPE": "application/x-www-form-urlencoded",
                "CONTENT_LENGTH": str(len(body)),
                "wsgi.input": io.BytesIO(body),
            }
        )

    def cookie(self, name: str) -> str:
        return self._cookies[name].value if name in self._cookies else ""

    def _ask(self, environ: dict[str, Any]) -> Answer:
        environ["HTTP_COOKIE"] = "; ".join(f"{name}={kept.value}" for name, kept in self._cookies.items())
        environ["QUERY_STRING"] = ""
        setup_testing_defaults(environ)
        begun: list[tuple[str, list[tuple[str, str]]]] = []
        parts = self._app(environ, lambda status, headers, *_: begun.append((status, headers)))
        body = b"".join(parts)
        if callable(close := getattr(parts, "close", None)):
            close()  # this is where Django gives its connection back
        status, headers = begun[-1]
        for name, value in headers:
            if name.lower() == "set-cookie":
                self._cookies.load(value)
        return Answer(int(status.split()[0]), {name.lower(): value for name, value in headers}, body)
