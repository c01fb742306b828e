"""The one WSGI entry: the API below /v1, the screens everywhere else."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.conf import settings as django_settings

from cagnotte.channels.api.app import make_api
from cagnotte.host.web import WsgiApp, configure_django, is_configured, make_django_app

_API = "/v1"


def make_app(dsn: str, session_key: str, hosts: tuple[str, ...], *, threads: int, connections: int) -> WsgiApp:
    """Screens and API over one migrated database; Django is set up once per process.

    Fewer requests wait for a connection than there are `threads`: what needs none, or has its own, is answered.
    """
    if not is_configured():
        configure_django(
            dsn,
            secret_key=session_key,
            allowed_hosts=hosts,
            connections_max=connections,
            waiting_max=max(connections, threads // 2),  # of few threads all, while connections are made
        )
    screens = make_django_app()
    pool, aside = django_settings.CAGNOTTE_POOL, django_settings.CAGNOTTE_POOL_ASIDE
    api: Any = make_api(pool, clock=lambda: datetime.now(UTC), aside=aside)

    def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        door = api if path == _API or path.startswith(f"{_API}/") else screens
        answer: Iterable[bytes] = door(environ, start_response)
        return answer

    return app
