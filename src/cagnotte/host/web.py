"""Django for the screens: set up in code from arguments, its own tables, its WSGI callable."""

import atexit
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import django
import psycopg
from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.db import connections
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from cagnotte.channels.backoffice.settings import BACK_OFFICE
from cagnotte.storage.database import APP_ROLE, CALLERS_WAIT, GIVES_UP_S, check_open_still, make_pool

type WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

LANGUAGES = [("en", "English"), ("fr", "Français")]
LOCAL_HOSTS = ("127.0.0.1", "localhost")
_PACKAGE = Path(__file__).resolve().parent.parent
_PATIENCE_S = 0.6  # a page waits twice at most: for who is signed in, and for what it shows
_OWNER = "owner"  # alias of the connection that makes Django's own tables


def configure_django(
    dsn: str,
    *,
    secret_key: str,
    debug: bool = False,
    allowed_hosts: Sequence[str] = LOCAL_HOSTS,
    secure: bool = False,
    connections_max: int = 8,
    waiting_max: int = 64,
) -> None:
    """Set Django up, once per process, on a database that `cagnotte.storage.migrations` has migrated.

    `secure`: the pages are reached by https, so cookies are never sent in clear.
    Each of the two pools (Django's and the program's) holds at most `connections_max` connections; `waiting_max`
    callers wait for the program's, and half as many for Django's (or as many as it has connections). One
    connection more stands aside for who asks whether all is well.
    Raises psycopg.OperationalError when the database does not answer, RuntimeError the second time.
    """
    pool = make_pool(dsn, size=connections_max, waiting=waiting_max, patience_s=_PATIENCE_S)
    settings.configure(
        **BACK_OFFICE,
        SECRET_KEY=secret_key,
        DEBUG=debug,
        ALLOWED_HOSTS=list(allowed_hosts),
        DATABASES=_databases(dsn, connections_max, max(connections_max, waiting_max // 2)),
        CAGNOTTE_POOL=pool,
        CAGNOTTE_POOL_ASIDE=make_pool(dsn, size=1),
        LANGUAGES=LANGUAGES,
        LOCALE_PATHS=[_PACKAGE / "locale"],
        SESSION_COOKIE_SECURE=secure,
        CSRF_COOKIE_SECURE=secure,
        LANGUAGE_COOKIE_SECURE=secure,
    )
    django.setup()
    atexit.register(close_django)


def close_django() -> None:
    """Give back every connection of both pools; may be called again."""
    atexit.unregister(close_django)
    settings.CAGNOTTE_POOL.close()
    settings.CAGNOTTE_POOL_ASIDE.close()
    connections.close_all()
    connections["default"].close_pool()


def make_django_app() -> WsgiApp:
    """The WSGI callable of all screens; `configure_django` comes first."""
    application: WsgiApp = get_wsgi_application()
    return application


def migrate_django(dsn: str) -> None:
    """Make or update Django's own tables and the permissions of ours, and let the program use them.

    Runs as the owner of the tables; safe to call again. `dsn` is the one Django was configured with.
    """
    call_command("migrate", database=_OWNER, verbosity=0, interactive=False)
    owner = connections[_OWNER]
    tables = owner.introspection.django_table_names(only_existing=True, include_views=False)
    owner.close()
    with psycopg.connect(dsn) as conn:
        if _may_be_program(conn):
            grant = sql.SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON {} TO {}")
            names = sql.SQL(", ").join(map(sql.Identifier, tables))
            conn.execute(grant.format(names, sql.Identifier(APP_ROLE)))


def ensure_staff_user(username: str, password: str) -> None:
    """An account that may see and do everything; an existing one gets this password again."""
    users = get_user_model().objects
    user, _made = users.get_or_create(username=username, defaults={"first_name": username.capitalize()})
    user.is_staff = user.is_superuser = user.is_active = True
    user.set_password(password)
    user.save()


def staff_count() -> int:
    """How many accounts may sign in to the back office."""
    return int(get_user_model().objects.filter(is_staff=True, is_active=True).count())


def _databases(dsn: str, connections_max: int, waiting_max: int) -> dict[str, dict[str, Any]]:
    with psycopg.connect(dsn) as conn:
        as_program = _may_be_program(conn)
    given = str(conninfo_to_dict(dsn).get("options") or "")
    # Not Django's `assume_role`: with a pool it asks for a second connection while making the first.
    chosen = {"jit": "off"} | CALLERS_WAIT | ({"role": APP_ROLE} if as_program else {})
    options: dict[str, Any] = {
        "pool": {
            "min_size": 1,
            "max_size": connections_max,
            "max_waiting": waiting_max,
            "timeout": _PATIENCE_S,
            "reconnect_timeout": GIVES_UP_S,
            "check": _check_open_still,
        },
        "options": " ".join([given, *(f"-c {name}={value}" for name, value in chosen.items())]).strip(),
    }
    return {"default": _database(dsn, options), _OWNER: _database(dsn, {})}


def _check_open_still(conn: psycopg.Connection) -> None:
    check_open_still(conn, connections["default"].pool)


def _database(dsn: str, options: dict[str, Any]) -> dict[str, Any]:
    parts = dict(conninfo_to_dict(dsn))
    known = {
        "NAME": parts.pop("dbname", None) or parts.get("user") or "",
        "USER": parts.pop("user", None) or "",
        "PASSWORD": parts.pop("password", None) or "",
        "HOST": parts.pop("host", None) or "",
        "PORT": str(parts.pop("port", None) or ""),
    }
    return {"ENGINE": "django.db.backends.postgresql", **known, "OPTIONS": {**parts, **options}}


def _may_be_program(conn: psycopg.Connection) -> bool:
    known = conn.execute("SELECT pg_has_role(oid, 'MEMBER') FROM pg_roles WHERE rolname = %s", (APP_ROLE,))
    return known.fetchone() == (True,)


def is_configured() -> bool:
    """Whether this process has already set Django up."""
    return bool(settings.configured) and apps.ready
