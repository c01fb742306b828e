"""Every published version with how it came and how it ended; also those that were withdrawn."""

from datetime import datetime
from enum import StrEnum

import msgspec
import psycopg

_ALL = """
SELECT v.programme, v.version, v.effective_from, e.ends_at, v.published_at, v.author, v.approver, v.draft, v.sha256
  FROM programme_version v LEFT JOIN programme_version_end e USING (programme, version)
 ORDER BY v.version
"""
_TEXT = "SELECT document FROM programme_version WHERE version = %s ORDER BY effective_from DESC LIMIT 1"


class VersionState(StrEnum):
    COMING = "coming"
    IN_FORCE = "in_force"
    REPLACED = "replaced"
    RETIRED = "retired"
    WITHDRAWN = "withdrawn"


class VersionRow(msgspec.Struct, frozen=True):
    """`ends_at`: first instant it no longer judges, by its own end; what a later version does is not in it."""

    code: str
    version: int
    effective_from: datetime
    ends_at: datetime | None
    published_at: datetime
    author: str | None
    approver: str | None
    draft: str | None
    sha256: str

    @property
    def withdrawn(self) -> bool:
        return self.ends_at is not None and self.ends_at <= self.effective_from


def all_versions(conn: psycopg.Connection) -> list[VersionRow]:
    """In the order of their numbers."""
    return [VersionRow(*row) for row in conn.execute(_ALL)]


def standing_versions(conn: psycopg.Connection) -> list[VersionRow]:
    """Those that were not withdrawn, in the order in which they take force."""
    standing = [row for row in all_versions(conn) if not row.withdrawn]
    return sorted(standing, key=lambda row: row.effective_from)


def version_text(conn: psycopg.Connection, version: int) -> str | None:
    row = conn.execute(_TEXT, (version,)).fetchone()
    return None if row is None else str(row[0])


def states_of(rows: list[VersionRow], now: datetime) -> dict[int, VersionState]:
    """Version -> what it is at an instant."""
    standing = sorted((row for row in rows if not row.withdrawn), key=lambda row: row.effective_from)
    begun = [row for row in standing if row.effective_from <= now]
    return {row.version: _state(row, begun, now) for row in rows}


def _state(row: VersionRow, begun: list[VersionRow], now: datetime) -> VersionState:
    if row.withdrawn:
        return VersionState.WITHDRAWN
    if row not in begun:
        return VersionState.COMING
    if row.ends_at is not None and row.ends_at <= now:
        return VersionState.RETIRED
    return VersionState.IN_FORCE if row == begun[-1] else VersionState.REPLACED
