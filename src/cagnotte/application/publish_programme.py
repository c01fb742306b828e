"""Publish a version of the programme: checked, numbered, dated, and never changed afterwards."""

import hashlib
from datetime import UTC, datetime

import msgspec
import psycopg

from cagnotte.application.errors import ProgrammeInPast
from cagnotte.application.programme_drafts import Draft, lock_programme, locked_draft
from cagnotte.application.programme_refusals import (
    DraftOver,
    NotApproved,
    NothingNew,
    OtherProgramme,
    SalesSince,
    TwoPeoplePublish,
    VersionInPast,
)
from cagnotte.application.programme_staff import Actor, Permission
from cagnotte.application.programme_versions import VersionRow, all_versions, standing_versions
from cagnotte.application.published import parsed
from cagnotte.domain.programme.life import Act, ActDone, DraftState
from cagnotte.storage.programme_drafts import add_act

FROM_THE_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
OPERATOR = "operator"  # who publishes directly: whoever holds the keys of the database

_ADD = """
INSERT INTO programme_version
       (programme, version, effective_from, document, sha256, author, approver, draft, revision, published_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
_SALES_SINCE = "SELECT EXISTS (SELECT FROM sale WHERE happened_at >= %s)"


class PublishedVersion(msgspec.Struct, frozen=True):
    """`new` False: the same text was the newest version already, and nothing was written."""

    code: str
    version: int
    effective_from: datetime
    new: bool


def publish_programme(
    conn: psycopg.Connection,
    document: str,
    *,
    effective_from: datetime | None,
    past: bool = False,
    now: datetime | None = None,
) -> PublishedVersion:
    """Publish a text directly, without draft and second person: for set-up and sandboxes.

    Sales from `effective_from` on are judged by it; None: the first version rules from the beginning of time,
    a later one from now. `past`: a later version may begin in the past as long as no sale from then on is
    recorded. Publishing the newest text again changes nothing.

    Raises ProgrammeError with the faults of the document, ProgrammeInPast when a published version begins at
    the same time or later, VersionInPast, SalesSince, OtherProgramme, or TwoPeoplePublish once a version here
    was approved by a second person.
    """
    code = parsed(document).code
    at = now or datetime.now(UTC)
    with conn.transaction():
        lock_programme(conn)
        latest = _latest(conn, code)
        if latest is not None and _is_newest_text(latest, document):
            return PublishedVersion(code, latest.version, latest.effective_from, new=False)
        if any(row.approver is not None for row in all_versions(conn)):
            raise TwoPeoplePublish
        begins = _beginning(latest, effective_from, at, past=past)
        if past and latest is not None:
            _check_no_sale_since(conn, begins)
        version = _next_version(conn)
        conn.execute(_ADD, (code, version, begins, document, _sha256(document), None, None, None, None, at))
        done = ActDone(
            Act.PUBLISHED_DIRECTLY, OPERATOR, at, version=version, takes_effect=begins, channel="terminal"
        )
        add_act(conn, done)
    return PublishedVersion(code, version, begins, new=True)


def publish_draft(
    conn: psycopg.Connection,
    name: str,
    *,
    actor: Actor,
    now: datetime,
    effective_from: datetime | None = None,
    revision: int | None = None,
    comment: str = "",
) -> PublishedVersion:
    """Publish the draft that a second person approved, from an instant; None as for `publish_programme`.

    Raises NotAllowed, UnknownDraft, DraftChanged, DraftOver, NotApproved, NothingNew, OtherProgramme,
    VersionInPast, ProgrammeInPast, or ProgrammeError.
    """
    actor.check(Permission.PUBLISH)
    with conn.transaction():
        draft = locked_draft(conn, name, revision)
        approver = _approved_by(draft)
        code = parsed(draft.document).code
        latest = _latest(conn, code)
        if latest is not None and _is_newest_text(latest, draft.document):
            raise NothingNew(version=str(latest.version))
        begins = _beginning(latest, effective_from, now, past=False)
        version = _next_version(conn)
        texts = (draft.document, draft.text.sha256)
        people = (draft.text.author, approver, name, draft.revision)
        conn.execute(_ADD, (code, version, begins, *texts, *people, now))
        about = ActDone(
            Act.PUBLISHED, actor.name, now, comment, name, draft.revision, version, begins, actor.channel
        )
        add_act(conn, about)
    return PublishedVersion(code, version, begins, new=True)


def _approved_by(draft: Draft) -> str:
    if draft.state in {DraftState.PUBLISHED, DraftState.DISCARDED}:
        raise DraftOver(draft=draft.name)
    if draft.state is not DraftState.APPROVED or draft.approver is None:
        raise NotApproved(draft=draft.name)
    return draft.approver


def _latest(conn: psycopg.Connection, code: str) -> VersionRow | None:
    """The version that takes force last; one database holds one programme."""
    standing = standing_versions(conn)
    others = [row for row in standing if row.code != code]
    if others:
        raise OtherProgramme(code=code, known=others[0].code)
    return standing[-1] if standing else None


def _is_newest_text(latest: VersionRow, document: str) -> bool:
    """A retired version may be published again: it takes force anew."""
    return latest.sha256 == _sha256(document) and latest.ends_at is None


def _beginning(latest: VersionRow | None, wanted: datetime | None, now: datetime, *, past: bool) -> datetime:
    if latest is None:
        return wanted or FROM_THE_BEGINNING
    begins = wanted or now
    if begins <= latest.effective_from:
        raise ProgrammeInPast(effective_from=begins.isoformat(), latest=latest.effective_from.isoformat())
    if begins < now and not past:
        raise VersionInPast(effective_from=begins.isoformat(), now=now.isoformat(timespec="seconds"))
    return begins


def _check_no_sale_since(conn: psycopg.Connection, begins: datetime) -> None:
    if conn.execute(_SALES_SINCE, (begins,)).fetchone() == (True,):
        raise SalesSince(effective_from=begins.isoformat())


def _next_version(conn: psycopg.Connection) -> int:
    return max((row.version for row in all_versions(conn)), default=0) + 1


def _sha256(document: str) -> str:
    return hashlib.sha256(document.encode()).hexdigest()
