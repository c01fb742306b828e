"""Keys of the machines that call the API: `<prefix>.<secret>`, of which only a hash of the secret is kept."""

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from enum import StrEnum

import msgspec
import psycopg

_CREATE = "INSERT INTO api_key (prefix, secret_sha256, name, scopes, staff) VALUES (%s, %s, %s, %s, %s)"
_FIND = """
SELECT prefix, secret_sha256, name, scopes, coalesce(staff, '')
  FROM api_key
 WHERE prefix = %s AND revoked_at IS NULL
"""
_REVOKE = "UPDATE api_key SET revoked_at = now() WHERE prefix = %s AND revoked_at IS NULL"


class Scope(StrEnum):
    SALES_WRITE = "sales.write"
    SALES_EVALUATE = "sales.evaluate"
    MEMBERS_READ = "members.read"
    MEMBERS_WRITE = "members.write"
    POINTS_ADJUST = "points.adjust"
    POINTS_APPROVE = "points.approve"
    MEMBERS_CLOSE = "members.close"


class ApiKey(msgspec.Struct, frozen=True):
    """`staff`: the only person for whom it speaks; "": a system that names its people itself."""

    prefix: str
    secret_sha256: bytes
    name: str
    scopes: tuple[str, ...]
    staff: str = ""

    def opens_with(self, secret: str) -> bool:
        """Whether this is the key's secret; takes the same time for every wrong one."""
        return hmac.compare_digest(self.secret_sha256, _digest(secret))


def create_api_key(conn: psycopg.Connection, name: str, scopes: Iterable[Scope], *, staff: str = "") -> str:
    """The whole new key, `<prefix>.<secret>`. The secret is shown this once and cannot be found again."""
    prefix = f"cag_{secrets.token_hex(6)}"
    # 256 random bits: a fast hash is enough, nobody can try them all.
    secret = secrets.token_urlsafe(32)
    conn.execute(
        _CREATE, (prefix, _digest(secret), name, sorted({scope.value for scope in scopes}), staff or None)
    )
    return f"{prefix}.{secret}"


def find_api_key(conn: psycopg.Connection, prefix: str) -> ApiKey | None:
    """The key that is not revoked, in one round trip on a connection in autocommit mode."""
    row = conn.execute(_FIND, (prefix,)).fetchone()
    return ApiKey(row[0], row[1], row[2], tuple(row[3]), row[4]) if row else None


def revoke_api_key(conn: psycopg.Connection, prefix: str) -> bool:
    """Whether a key was revoked; servers that used it lately refuse it within 30 seconds."""
    return conn.execute(_REVOKE, (prefix,)).rowcount == 1


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
