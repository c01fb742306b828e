"""The shop that a command works on: its server, its database, brought to the newest schema."""

from pathlib import Path

import psycopg

from cagnotte.host.postgres import Server, open_server
from cagnotte.host.settings import Settings
from cagnotte.storage.migrations import migrate
from cagnotte.storage.safety import options_off

_CURRENT = "current-database"  # which database of the embedded server commands work on
_DEFAULT = "cagnotte"


class OpenShop:
    """Starts the database when it is first asked for, and gives it back with `close`."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._server: Server | None = None
        self._migrated: set[str] = set()

    @property
    def server(self) -> Server:
        if self._server is None:
            self._server = open_server(self.settings)
        return self._server

    def dsn(self) -> str:
        """The database that commands work on. Raises DatabaseUnavailable or MigrationChanged.

        An embedded server that has ended by itself is brought back.
        """
        self.server.revive()
        return self._ready(self.current_database())

    def unsafe_options(self) -> tuple[str, ...]:
        if self.settings.allow_unsafe_database:
            return ()
        with psycopg.connect(self.server.dsn()) as conn:
            return options_off(conn)

    def use(self, database: str) -> str:
        """Work on this database of the embedded server from now on, also in later commands."""
        if self.server.kind == "embedded":
            self.server.ensure_database(database)
            self._note.write_text(database, encoding="utf-8")
        return self.dsn()

    def current_database(self) -> str | None:
        """Name of the embedded server's database in use; None: the one that DATABASE_URL names."""
        if self.server.kind != "embedded":
            return None
        return self._note.read_text(encoding="utf-8") if self._note.exists() else _DEFAULT

    def close(self) -> None:
        if self._server is not None:
            self._server.stop()
            self._server = None

    @property
    def _note(self) -> Path:
        return self.settings.data_dir / _CURRENT

    def _ready(self, database: str | None) -> str:
        if database is not None:
            self.server.ensure_database(database)
        dsn = self.server.dsn(database)
        if dsn not in self._migrated:
            migrate(dsn)
            self._migrated.add(dsn)
        return dsn
