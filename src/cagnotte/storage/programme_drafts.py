"""Texts of drafts, acts, and ends of versions: rows are added, never changed."""

from collections.abc import Iterable
from datetime import datetime

import msgspec
import psycopg

from cagnotte.domain.programme.life import Act, ActDone

_ACTS = """
SELECT act, by_name, done_at, comment, draft, revision, version, takes_effect, channel FROM programme_act
"""
_ADD_ACT = """
INSERT INTO programme_act (act, by_name, done_at, comment, draft, revision, version, takes_effect, channel)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
_TEXT = """
SELECT draft, revision, document, sha256, author, saved_at FROM programme_draft_text
 WHERE draft = %(draft)s AND revision = coalesce(%(revision)s, revision) ORDER BY revision DESC LIMIT 1
"""
_ADD_TEXT = """
INSERT INTO programme_draft_text (draft, revision, document, sha256, author, saved_at)
VALUES (%s, %s, %s, %s, %s, %s)
"""
_END = "INSERT INTO programme_version_end (programme, version, ends_at) VALUES (%s, %s, %s)"


class DraftText(msgspec.Struct, frozen=True):
    """One saved text of a draft; revisions count from 1."""

    draft: str
    revision: int
    document: str
    sha256: str
    author: str
    saved_at: datetime


def acts_of_drafts(conn: psycopg.Connection, names: Iterable[str] | None = None) -> dict[str, list[ActDone]]:
    """Draft -> its acts, oldest first; None: of all drafts, in the order in which they were begun."""
    wanted = None if names is None else list(names)
    statement = f"{_ACTS} WHERE draft IS NOT NULL AND (%(names)s::text[] IS NULL OR draft = ANY (%(names)s))"
    found: dict[str, list[ActDone]] = {}
    for row in conn.execute(f"{statement} ORDER BY act_id".encode(), {"names": wanted}):
        act = _act(row)
        found.setdefault(act.draft or "", []).append(act)
    return found


def acts_on_versions(conn: psycopg.Connection) -> list[ActDone]:
    """Every act that published or ended a version, the newest first."""
    rows = conn.execute(f"{_ACTS} WHERE version IS NOT NULL ORDER BY act_id DESC".encode())
    return [_act(row) for row in rows]


def add_act(conn: psycopg.Connection, done: ActDone) -> None:
    values = (done.act.value, done.by, done.at, done.comment, done.draft, done.revision)
    conn.execute(_ADD_ACT, (*values, done.version, done.takes_effect, done.channel))


def draft_text(conn: psycopg.Connection, draft: str, revision: int | None = None) -> DraftText | None:
    """A revision of a draft, the newest by default."""
    row = conn.execute(_TEXT, {"draft": draft, "revision": revision}).fetchone()
    return None if row is None else DraftText(*row)


def add_draft_text(conn: psycopg.Connection, text: DraftText) -> None:
    conn.execute(_ADD_TEXT, msgspec.structs.astuple(text))


def end_version(conn: psycopg.Connection, programme: str, version: int, ends_at: datetime) -> None:
    """Raises psycopg.errors.UniqueViolation when the version has an end already."""
    conn.execute(_END, (programme, version, ends_at))


def _act(row: tuple[object, ...]) -> ActDone:
    act, *rest = row
    return ActDone(Act(str(act)), *rest)  # type: ignore[arg-type]  # the columns have the fields' types
