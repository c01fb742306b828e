"""Answers already given: a request that is repeated with its key changes nothing and is answered the same."""

import hashlib

import msgspec
import psycopg

from cagnotte.application.errors import KeyReused
from cagnotte.domain.kernel import MemberId
from cagnotte.storage.packing import pack, unpack

DAYS_KEPT = 30
_HASHED = 8  # bytes of a request's hash that are kept: it is compared with one other

_LOCK = "SELECT pg_advisory_xact_lock(%(lock)s)"
_ANSWERS = """
SELECT member_id, request_hash, status, body
  FROM idempotency_answer
 WHERE key = %(key)s
   AND created_at > now() - make_interval(days => %(days)s)
"""
# An answer too old to count gives its place to the new one; one that counts is never replaced.
_KEEP = """
INSERT INTO idempotency_answer AS kept (member_id, key, request_hash, status, body)
VALUES (%(member_id)s, %(key)s, %(request_hash)s, %(status)s, %(body)s)
    ON CONFLICT (key) DO UPDATE
       SET member_id = excluded.member_id, request_hash = excluded.request_hash, status = excluded.status,
           body = excluded.body, created_at = excluded.created_at
     WHERE kept.created_at <= now() - make_interval(days => %(days)s)
"""


class KeptAnswer(msgspec.Struct, frozen=True):
    """What was answered the first time: the status and the very bytes."""

    status: int
    body: bytes


def answered(conn: psycopg.Connection, *, member_id: MemberId, key: str, request_hash: bytes) -> KeptAnswer | None:
    """The answer already given to this request, or None the first time.

    Call it first in the transaction that does the work: until that ends, any other request with the same
    key waits here. Answers count for 30 days.
    Raises KeyReused when the key answered another request, be it of another member.
    """
    with conn.pipeline():  # one round trip
        found = ask_answers(conn, key)
    return read_answers(found, member_id=member_id, key=key, request_hash=request_hash)


def ask_answers(conn: psycopg.Connection, key: str, *, locked: bool = True) -> psycopg.Cursor:
    """Ask for the answers of a key, inside a pipeline with whatever else is asked.

    `locked`: until the transaction ends any other request with the key waits; otherwise look again when writing.
    """
    if locked:
        conn.execute(_LOCK, {"lock": lock_of(key)})
    return conn.execute(_ANSWERS, {"key": key, "days": DAYS_KEPT})  # sees what the lock waited for


def read_answers(
    found: psycopg.Cursor, *, member_id: MemberId, key: str, request_hash: bytes, before: MemberId | None = None
) -> KeptAnswer | None:
    """As `answered`. `before`: the account that the answer was kept with when the member was not known yet."""
    answer: KeptAnswer | None = None
    for owner, kept_hash, status, body in found.fetchall():
        if owner not in {member_id, before} or kept_hash != request_hash[:_HASHED]:
            raise KeyReused(key=key)
        answer = KeptAnswer(status, unpack(body))
    return answer


def keep_answer(
    conn: psycopg.Connection, *, member_id: MemberId, key: str, request_hash: bytes, status: int, body: bytes
) -> None:
    """Keep what is answered to this request, in the transaction that does the work, after `answered`."""
    kept = answer_row(member_id=member_id, key=key, request_hash=request_hash, status=status, body=body)
    names = ("member_id", "key", "request_hash", "status", "body")
    conn.execute(_KEEP, {**dict(zip(names, kept, strict=True)), "days": DAYS_KEPT})


def answer_row(
    *, member_id: MemberId, key: str, request_hash: bytes, status: int, body: bytes
) -> tuple[object, ...]:
    """The row of an answer, for who writes it with all the rest."""
    return (member_id, key, request_hash[:_HASHED], status, pack(body))


def lock_of(key: str) -> int:
    """The advisory lock of a key."""
    digest = hashlib.sha256(b"idempotency:" + key.encode()).digest()
    return int.from_bytes(digest[:8], signed=True)
