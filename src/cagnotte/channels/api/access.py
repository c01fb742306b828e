"""Who may call what: API keys with scopes, asked of the database at most twice a minute per key."""

import re
from collections.abc import Callable, Mapping
from typing import Any

import falcon
from psycopg_pool import ConnectionPool

from cagnotte.channels.api.connections import connection
from cagnotte.channels.api.problems import RequestRefused
from cagnotte.storage.api_keys import ApiKey, Scope, find_api_key

SECONDS_KNOWN = 30.0  # a revoked key is refused after this long at the latest


_BEARER = re.compile(r"Bearer +(?P<prefix>[A-Za-z0-9_]{1,64})\.(?P<secret>[A-Za-z0-9_-]{1,256})", re.IGNORECASE)
_MAX_KNOWN = 10_000


class Access:
    """Falcon middleware. A route that `scopes` does not name is open to everyone.

    `monotonic` counts seconds and never goes back; it only ages what is remembered of a key.
    """

    def __init__(
        self,
        pool: ConnectionPool,
        scopes: Mapping[tuple[str, str], Scope],
        monotonic: Callable[[], float],
    ) -> None:
        self._pool = pool
        self._scopes = scopes
        self._monotonic = monotonic
        self._known: dict[str, tuple[ApiKey, float]] = {}

    def process_resource(
        self, req: falcon.Request, resp: falcon.Response, resource: object, params: dict[str, Any]
    ) -> None:
        """Raises RequestRefused: unauthenticated, or scope_missing."""
        scope = self._scopes.get((req.method, req.uri_template or ""))
        if scope is None:
            return
        key = self._authenticated(req)
        if scope not in key.scopes:
            raise RequestRefused("scope_missing", scope=scope.value)
        req.context.staff = key.staff

    def _authenticated(self, req: falcon.Request) -> ApiKey:
        found = _BEARER.fullmatch(req.get_header("Authorization") or "")
        key = self._key(found["prefix"], req) if found else None
        if found is None or key is None or not key.opens_with(found["secret"]):
            raise RequestRefused("unauthenticated", headers={"WWW-Authenticate": 'Bearer realm="cagnotte"'})
        return key

    def _key(self, prefix: str, req: falcon.Request) -> ApiKey | None:
        now = self._monotonic()
        known, until = self._known.get(prefix, (None, now))
        if now < until:
            return known
        with connection(self._pool, req) as conn:
            key = find_api_key(conn, prefix)
        self._remember(prefix, key, now)
        return key

    def _remember(self, prefix: str, key: ApiKey | None, now: float) -> None:
        if key is None:
            self._known.pop(prefix, None)
            return
        if len(self._known) >= _MAX_KNOWN:
            self._known.clear()
        self._known[prefix] = (key, now + SECONDS_KNOWN)
