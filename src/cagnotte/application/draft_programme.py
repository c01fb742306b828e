"""Save a draft of the programme, faults and all, or discard it."""

import hashlib
from datetime import datetime

import psycopg

from cagnotte.application.programme_drafts import Draft, load_draft, lock_programme, locked_draft
from cagnotte.application.programme_refusals import BadDraftName, DraftChanged, DraftOver
from cagnotte.application.programme_staff import Actor, Permission
from cagnotte.domain.programme.life import Act, ActDone, DraftState, is_draft_name
from cagnotte.storage.programme_drafts import DraftText, add_act, add_draft_text, draft_text

ANY_REVISION = -1


def save_draft(
    conn: psycopg.Connection,
    name: str,
    document: str,
    *,
    actor: Actor,
    now: datetime,
    based_on: int = ANY_REVISION,
    comment: str = "",
) -> Draft:
    """Keep the text as the draft's newest revision; an approval or review of another text is void.

    `based_on`: the revision that the person changed, 0 for a draft that must be new. The same text again
    changes nothing. A published or discarded draft begins anew. Raises NotAllowed, BadDraftName, or
    DraftChanged when somebody else saved since.
    """
    actor.check(Permission.DRAFT)
    if not is_draft_name(name):
        raise BadDraftName(draft=name)
    with conn.transaction():
        lock_programme(conn)
        known = draft_text(conn, name)
        revision = known.revision if known else 0
        if based_on not in {ANY_REVISION, revision}:
            raise DraftChanged(draft=name, author=known.author if known else "")
        if known is None or known.document != document or _is_over(load_draft(conn, name)):
            sha256 = hashlib.sha256(document.encode()).hexdigest()
            add_draft_text(conn, DraftText(name, revision + 1, document, sha256, actor.name, now))
            add_act(conn, _act(Act.SAVED, actor, now, comment=comment, draft=name, revision=revision + 1))
        return load_draft(conn, name)


def discard_draft(conn: psycopg.Connection, name: str, *, actor: Actor, now: datetime, comment: str = "") -> Draft:
    """Put a draft away; its texts and acts stay. Raises NotAllowed, UnknownDraft or DraftOver."""
    actor.check(Permission.DRAFT)
    with conn.transaction():
        draft = locked_draft(conn, name, None)
        if _is_over(draft):
            raise DraftOver(draft=name)
        add_act(conn, _act(Act.DISCARDED, actor, now, comment=comment, draft=name, revision=draft.revision))
        return load_draft(conn, name)


def _is_over(draft: Draft) -> bool:
    return draft.state in {DraftState.PUBLISHED, DraftState.DISCARDED}


def _act(act: Act, actor: Actor, now: datetime, *, comment: str, draft: str, revision: int) -> ActDone:
    return ActDone(act, actor.name, now, comment, draft, revision, channel=actor.channel)
