"""The life of a programme version: which acts there are, and the state that a draft's acts leave it in."""

import re
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

import msgspec

_DRAFT_NAME = re.compile(r"[a-z][a-z0-9_-]{0,62}")


class Act(StrEnum):
    """What people do to drafts and versions; codes are for ever."""

    SAVED = "saved"
    REVIEW_ASKED = "review_asked"
    SENT_BACK = "sent_back"
    APPROVED = "approved"
    PUBLISHED = "published"
    PUBLISHED_DIRECTLY = "published_directly"
    DISCARDED = "discarded"
    WITHDRAWN = "withdrawn"
    RETIRED = "retired"


class DraftState(StrEnum):
    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    PUBLISHED = "published"
    DISCARDED = "discarded"


class ActDone(msgspec.Struct, frozen=True):
    """One act as it was kept. `revision`: the text it was about; `takes_effect`: of a version or its end."""

    act: Act
    by: str
    at: datetime
    comment: str = ""
    draft: str | None = None
    revision: int | None = None
    version: int | None = None
    takes_effect: datetime | None = None
    channel: str = ""


_LEADS_TO = {
    Act.SAVED: DraftState.DRAFT,  # a changed text needs a new review and a new approval
    Act.REVIEW_ASKED: DraftState.IN_REVIEW,
    Act.SENT_BACK: DraftState.DRAFT,
    Act.APPROVED: DraftState.APPROVED,
    Act.PUBLISHED: DraftState.PUBLISHED,
    Act.DISCARDED: DraftState.DISCARDED,
}
_ENDS = {Act.PUBLISHED, Act.DISCARDED}


def is_draft_name(name: str) -> bool:
    return _DRAFT_NAME.fullmatch(name) is not None


def state_of(acts: Sequence[ActDone]) -> DraftState:
    """The state after a draft's acts, oldest first; the last one decides."""
    return _LEADS_TO[acts[-1].act]


def authors_of(acts: Sequence[ActDone]) -> tuple[str, ...]:
    """Who wrote the text as it stands: everyone who saved it since it was last published or discarded."""
    return tuple(dict.fromkeys(act.by for act in _this_round(acts) if act.act is Act.SAVED))


def approver_of(acts: Sequence[ActDone]) -> str | None:
    """Who approved the text as it stands, or as it was published; None: nobody did."""
    for act in reversed(acts):
        if act.act is Act.APPROVED:
            return act.by
        if act.act in {Act.SAVED, Act.SENT_BACK, Act.REVIEW_ASKED}:
            return None
    return None


def _this_round(acts: Sequence[ActDone]) -> Sequence[ActDone]:
    """Without what came before the text was begun anew."""
    begins = 0
    for place, act in enumerate(acts[:-1]):
        if act.act in _ENDS:
            begins = place + 1
    return acts[begins:]
