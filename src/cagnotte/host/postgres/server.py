"""The program's one database server: the operator's when DATABASE_URL names it, else our own."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Protocol

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from cagnotte.host.postgres.binaries import SUPPORTED
from cagnotte.host.postgres.databases import create_database
from cagnotte.host.postgres.embedded import EmbeddedPostgres
from cagnotte.host.postgres.unavailable import AddressMalformed, ServerUnreachable, VersionUnsupported
from cagnotte.host.settings import Settings

CONNECT_TIMEOUT_S = 10


class Server(Protocol):
    @property
    def kind(self) -> Literal["embedded", "external"]: ...

    def dsn(self, database: str | None = None) -> str:
        """libpq's connection string; without a name, to the program's own database."""

    def ensure_database(self, name: str) -> None:
        """Create the database when it is missing. Raises DatabaseUnavailable."""

    def revive(self) -> bool:
        """Bring back an embedded server that has ended by itself; whether it had. Raises DatabaseUnavailable."""

    def stop(self) -> None:
        """Let go of the server; an embedded one ends with its last user, an external one stays."""


class ExternalPostgres:
    """The operator's server. `url` is a URL or a libpq connection string."""

    kind: Literal["external"] = "external"

    def __init__(self, url: str) -> None:
        self._url = url

    def dsn(self, database: str | None = None) -> str:
        return self._url if database is None else make_conninfo(self._url, dbname=database)

    def ensure_database(self, name: str) -> None:
        create_database(self._url, name)

    def revive(self) -> bool:
        """Nothing: the operator starts it again."""
        return False

    def stop(self) -> None:
        """Nothing: the operator starts and stops it."""


def open_server(settings: Settings) -> Server:
    """A server that answers: DATABASE_URL, else embedded from the wheel, else from the machine's PostgreSQL.

    The database of `dsn()` exists. Call stop() when done. Raises DatabaseUnavailable.
    """
    if settings.database_url:
        _check(settings.database_url)
        return ExternalPostgres(settings.database_url)
    embedded = EmbeddedPostgres(embedded_home(settings)).start()
    embedded.ensure_database("cagnotte")
    return embedded


def embedded_home(settings: Settings) -> Path:
    """Where the embedded server keeps its files."""
    return settings.data_dir / "postgres"


def _check(url: str) -> None:
    try:
        with psycopg.connect(url, connect_timeout=CONNECT_TIMEOUT_S) as conn:
            version = conn.info.server_version // 10_000
    except psycopg.ProgrammingError:
        # The fault quotes the text, password and all.
        raise AddressMalformed(
            "DATABASE_URL is not a PostgreSQL URL: write postgresql://user:password@host:5432/name."
        ) from None
    except psycopg.OperationalError as fault:
        raise ServerUnreachable(
            f"The server of DATABASE_URL ({_place(url)}) does not let us in: {fault}\n"
            "Start it, correct the address, or unset DATABASE_URL to use the embedded server."
        ) from fault
    if version not in SUPPORTED:
        raise VersionUnsupported(
            f"The server of DATABASE_URL is PostgreSQL {version}; this program needs 15 to 18: "
            "upgrade it, or unset DATABASE_URL to use the embedded server."
        )


def _place(url: str) -> str:
    """Host, port and database of `url`, without its password."""
    parts = conninfo_to_dict(url)
    return " ".join(f"{key}={parts[key]}" for key in ("host", "port", "dbname") if key in parts)
