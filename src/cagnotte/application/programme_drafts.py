"""Drafts as people see them: the text, who wrote it, what was done with it, and the state that gives."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
import psycopg

from cagnotte.application.programme_refusals import DraftChanged, UnknownDraft
from cagnotte.domain.programme.life import Act, ActDone, DraftState, approver_of, authors_of, state_of
from cagnotte.storage.programme_drafts import DraftText, acts_of_drafts, draft_text

_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('programme', 0))"


class Draft(msgspec.Struct, frozen=True):
    """A draft as it stands. `acts`: everything done with it, oldest first."""

    text: DraftText
    acts: tuple[ActDone, ...]

    @property
    def name(self) -> str:
        return self.text.draft

    @property
    def document(self) -> str:
        return self.text.document

    @property
    def revision(self) -> int:
        return self.text.revision

    @property
    def state(self) -> DraftState:
        return state_of(self.acts)

    @property
    def authors(self) -> tuple[str, ...]:
        """Everyone who wrote in the text as it stands."""
        return authors_of(self.acts)

    @property
    def approver(self) -> str | None:
        return approver_of(self.acts)

    @property
    def version(self) -> int | None:
        """The version that its last publication made."""
        return next((act.version for act in reversed(self.acts) if act.act is Act.PUBLISHED), None)

    @property
    def changed_at(self) -> datetime:
        return self.acts[-1].at


class DraftRow(msgspec.Struct, frozen=True):
    """A draft in a list, without its text."""

    name: str
    state: DraftState
    authors: tuple[str, ...]
    approver: str | None
    begun_at: datetime
    changed_at: datetime


def load_draft(conn: psycopg.Connection, name: str) -> Draft:
    """Raises UnknownDraft."""
    text = draft_text(conn, name)
    if text is None:
        raise UnknownDraft(draft=name)
    return Draft(text, tuple(acts_of_drafts(conn, [name])[name]))


def list_drafts(conn: psycopg.Connection) -> list[DraftRow]:
    """All drafts, the one that changed last first."""
    rows = [_row(name, acts) for name, acts in acts_of_drafts(conn).items()]
    return sorted(rows, key=lambda row: row.changed_at, reverse=True)


def lock_programme(conn: psycopg.Connection) -> None:
    """One act on drafts and versions at a time, until the transaction ends."""
    conn.execute(_LOCK)


def locked_draft(conn: psycopg.Connection, name: str, revision: int | None) -> Draft:
    """The draft under the lock. Raises UnknownDraft, or DraftChanged when it is past `revision`."""
    lock_programme(conn)
    draft = load_draft(conn, name)
    if revision is not None and revision != draft.revision:
        raise DraftChanged(draft=name, author=draft.text.author)
    return draft


def _row(name: str, acts: Sequence[ActDone]) -> DraftRow:
    return DraftRow(name, state_of(acts), authors_of(acts), approver_of(acts), acts[0].at, acts[-1].at)
