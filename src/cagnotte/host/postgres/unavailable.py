"""Why there is no database, in words that say what to do."""

from __future__ import annotations

import psycopg


class DatabaseUnavailable(Exception):
    """No usable PostgreSQL. The message says what to do, and ends with the server's last lines, if any."""


class BinariesMissing(DatabaseUnavailable):
    """Neither the wheel nor the machine has a PostgreSQL 15 to 18 that runs."""


class ServerUnreachable(DatabaseUnavailable, psycopg.OperationalError):
    """DATABASE_URL names a server that does not answer or refuses us. Who can wait may ask again."""


class AddressMalformed(DatabaseUnavailable):
    """DATABASE_URL is no address of a server."""


class VersionUnsupported(DatabaseUnavailable):
    """The server, or the data folder, is of a PostgreSQL version that we do not support."""


class FolderUnusable(DatabaseUnavailable):
    """The data folder cannot be written, locked or handed to the account that runs the server."""


class StartFailed(DatabaseUnavailable, psycopg.OperationalError):
    """The embedded server ended, or did not answer in time, while it was being started or stopped. As above."""
