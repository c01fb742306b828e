"""Ask for the review of a draft; a second person approves it or sends it back."""

from datetime import datetime

import psycopg

from cagnotte.application.programme_drafts import Draft, load_draft, locked_draft
from cagnotte.application.programme_refusals import ApprovalByAuthor, AskedAlready, NotAsked, NotTheAuthor
from cagnotte.application.programme_staff import Actor, Permission
from cagnotte.application.published import parsed
from cagnotte.domain.programme.life import Act, ActDone, DraftState
from cagnotte.storage.programme_drafts import add_act


def ask_review(
    conn: psycopg.Connection,
    name: str,
    *,
    actor: Actor,
    now: datetime,
    revision: int | None = None,
    comment: str = "",
) -> Draft:
    """One of its authors asks for the review of the draft. `revision`: the one they looked at.

    Raises NotAllowed, UnknownDraft, DraftChanged, AskedAlready, NotTheAuthor, or ProgrammeError with the
    faults of the text: a faulty draft cannot go to review.
    """
    actor.check(Permission.REVIEW)
    with conn.transaction():
        draft = locked_draft(conn, name, revision)
        if draft.state is not DraftState.DRAFT:
            raise AskedAlready(draft=name)
        if actor.name not in draft.authors:
            raise NotTheAuthor(draft=name, who=actor.name, authors=", ".join(draft.authors))
        parsed(draft.document)
        return _keep(conn, draft, Act.REVIEW_ASKED, actor, now=now, comment=comment)


def approve_draft(
    conn: psycopg.Connection,
    name: str,
    *,
    actor: Actor,
    now: datetime,
    revision: int | None = None,
    comment: str = "",
) -> Draft:
    """A second person approves the draft that is in review. `revision`: the one they looked at.

    Raises NotAllowed, UnknownDraft, DraftChanged, ApprovalByAuthor for anyone who wrote in it, NotAsked, or
    ProgrammeError.
    """
    return _reviewed(conn, name, Act.APPROVED, actor, now=now, revision=revision, comment=comment)


def send_back_draft(
    conn: psycopg.Connection,
    name: str,
    *,
    actor: Actor,
    now: datetime,
    revision: int | None = None,
    comment: str = "",
) -> Draft:
    """A second person gives the draft that is in review back to its author. Raises as `approve_draft`."""
    return _reviewed(conn, name, Act.SENT_BACK, actor, now=now, revision=revision, comment=comment)


def _reviewed(
    conn: psycopg.Connection,
    name: str,
    act: Act,
    actor: Actor,
    *,
    now: datetime,
    revision: int | None,
    comment: str,
) -> Draft:
    actor.check(Permission.APPROVE)
    with conn.transaction():
        draft = locked_draft(conn, name, revision)
        if actor.name in draft.authors:
            raise ApprovalByAuthor(draft=name, who=actor.name)
        if draft.state is not DraftState.IN_REVIEW:
            raise NotAsked(draft=name)
        if act is Act.APPROVED:
            parsed(draft.document)  # the checks may have become stricter since the review was asked
        return _keep(conn, draft, act, actor, now=now, comment=comment)


def _keep(conn: psycopg.Connection, draft: Draft, act: Act, actor: Actor, *, now: datetime, comment: str) -> Draft:
    add_act(
        conn,
        ActDone(act, actor.name, now, comment, draft.name, draft.revision, channel=actor.channel),
    )
    return load_draft(conn, draft.name)
