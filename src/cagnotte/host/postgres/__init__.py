"""PostgreSQL for the program: an operator's own (DATABASE_URL) or one that comes with it."""

from cagnotte.host.postgres.embedded import EmbeddedPostgres
from cagnotte.host.postgres.reviving import kept_alive
from cagnotte.host.postgres.server import Server, open_server
from cagnotte.host.postgres.unavailable import DatabaseUnavailable

__all__ = ["DatabaseUnavailable", "EmbeddedPostgres", "Server", "kept_alive", "open_server"]
