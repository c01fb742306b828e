"""A PostgreSQL of the bench's own in a temporary folder, and databases in it that last one round."""

import secrets
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import psycopg
from psycopg import sql

from cagnotte.host.memory import postmaster_pid
from cagnotte.host.postgres import Server, open_server
from cagnotte.host.settings import Settings
from cagnotte.storage.migrations import migrate


class Place(msgspec.Struct, frozen=True):
    """A running embedded server with the program's own options; gone with its folder when the bench ends."""

    folder: Path
    server: Server

    @property
    def postmaster(self) -> int | None:
        return postmaster_pid(self.folder)

    @contextmanager
    def database(self, purpose: str, *, migrated: bool) -> Iterator[str]:
        """The DSN of a new database, dropped afterwards; what was written before it is on disk by then."""
        name = f"bench_{purpose}_{secrets.token_hex(4)}"
        self.server.ensure_database(name)
        dsn = self.server.dsn(name)
        if migrated:
            migrate(dsn)
        with psycopg.connect(dsn, autocommit=True) as conn:
            conn.execute("CHECKPOINT")  # no round pays for writing what the one before it left in memory
        try:
            yield dsn
        finally:
            self._drop(name)

    def _drop(self, name: str) -> None:
        statement = sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
        with psycopg.connect(self.server.dsn("postgres"), autocommit=True) as conn:
            conn.execute(statement)


@contextmanager
def temporary_place() -> Iterator[Place]:
    """Raises DatabaseUnavailable when no server can be started."""
    with tempfile.TemporaryDirectory(prefix="cagnotte-bench-", ignore_cleanup_errors=True) as folder:
        server = open_server(Settings(data_dir=Path(folder)))
        try:
            yield Place(Path(folder), server)
        finally:
            server.stop()


def say(text: str) -> None:
    """How far the bench is: the standard error, so that `--json` stays one object."""
    print(text, file=sys.stderr, flush=True)
