"""Publish a version of the programme: checked, numbered, dated, and never changed afterwards."""

import hashlib
from datetime import UTC, datetime

import msgspec
import psycopg

from cagnotte.application.errors import ProgrammeInPast
from cagnotte.application.published import parsed

FROM_THE_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)

_LATEST = """
SELECT version, effective_from, sha256 FROM programme_version WHERE programme = %s ORDER BY version DESC LIMIT 1
"""
_ADD = """
INSERT INTO programme_version (programme, version, effective_from, document, sha256) VALUES (%s, %s, %s, %s, %s)
"""
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('programme', 0))"


class PublishedVersion(msgspec.Struct, frozen=True):
    """`new` False: the same text was the newest version already, and nothing was written."""

    code: str
    version: int
    effective_from: datetime
    new: bool


def publish_programme(
    conn: psycopg.Connection, document: str, *, effective_from: datetime | None
) -> PublishedVersion:
    """Publish the document; sales from `effective_from` on are judged by it.

    None: the first version rules from the beginning of time, a later one from now. Publishing the newest
    text again changes nothing. Raises ProgrammeError with the faults of the document, or ProgrammeInPast
    when a published version begins at the same time or later.
    """
    programme = parsed(document)
    sha256 = hashlib.sha256(document.encode()).hexdigest()
    with conn.transaction():
        conn.execute(_LOCK)
        latest = conn.execute(_LATEST, (programme.code,)).fetchone()
        if latest is not None and latest[2] == sha256:
            return PublishedVersion(programme.code, latest[0], latest[1], new=False)
        begins = effective_from or (datetime.now(UTC) if latest else FROM_THE_BEGINNING)
        if latest is not None and begins <= latest[1]:
            raise ProgrammeInPast(effective_from=begins.isoformat(), latest=latest[1].isoformat())
        version = latest[0] + 1 if latest else 1
        conn.execute(_ADD, (programme.code, version, begins, document, sha256))
    return PublishedVersion(programme.code, version, begins, new=True)
