"""Sentences for acts on drafts and versions: states, what was done, and why an act is refused."""

from cagnotte.application.errors import RequestError
from cagnotte.application.programme_versions import VersionState
from cagnotte.channels.wording.speech import N_, Speech
from cagnotte.domain.programme.life import Act, DraftState

REFUSALS: dict[str, str] = {
    "programme_in_past": N_(
        "A version that takes force at %(effective_from)s would come before the one published for %(latest)s:"
        " choose a later time."
    ),
    "not_allowed": N_("%(who)s may not do this: the permission %(permission)s is missing."),
    "unknown_staff": N_("Nobody who may sign in is called “%(who)s”. Add an account: cagnotte staff add USER"),
    "bad_draft_name": N_(
        "“%(draft)s” cannot be the name of a draft: use small letters, digits, “-” and “_”, beginning with a"
        " letter, 63 characters at most."
    ),
    "unknown_draft": N_("There is no draft “%(draft)s”."),
    "draft_changed": N_(
        "%(author)s saved the draft “%(draft)s” since you read it: read it again. Nothing was changed."
    ),
    "not_the_author": N_(
        "Only who wrote the draft “%(draft)s” asks for its review (%(authors)s), and not %(who)s."
    ),
    "review_not_asked": N_("Nobody asked for a review of the draft “%(draft)s” as it stands."),
    "review_asked_already": N_(
        "There is nothing to ask: the draft “%(draft)s” is in review, approved, published or discarded."
    ),
    "approval_by_author": N_(
        "%(who)s wrote in the draft “%(draft)s”: a second person must approve it or send it back."
    ),
    "draft_not_approved": N_("The draft “%(draft)s” as it stands was not approved by a second person."),
    "draft_over": N_("The draft “%(draft)s” was published or discarded already: save it to begin it anew."),
    "nothing_new": N_("Version %(version)s is this text already: there is nothing to publish."),
    "other_programme": N_(
        "This database holds the programme “%(known)s”: publish “%(code)s” in a database of its own."
    ),
    "version_in_past": N_(
        "A version never begins in the past: %(effective_from)s lies before now, %(now)s. Choose a later time."
    ),
    "sales_since": N_(
        "Sales since %(effective_from)s are recorded already, and a version never changes how they were judged:"
        " choose a later time."
    ),
    "two_people_publish": N_(
        "A second person approves versions here, so none is published past them. Save the text as a draft:"
        " cagnotte programme draft NAME FILE --as USER"
    ),
    "unknown_version": N_("No version %(version)s stands that could be retired."),
    "version_over": N_("Version %(next)s follows version %(version)s: retire or withdraw version %(next)s first."),
    "version_ended": N_("Version %(version)s was given an end already: %(ends_at)s."),
    "end_in_past": N_("A version cannot end at %(ends_at)s: it ends after %(earliest)s at the earliest."),
}

DRAFT_STATES: dict[DraftState, str] = {
    DraftState.DRAFT: N_("Draft"),
    DraftState.IN_REVIEW: N_("In review"),
    DraftState.APPROVED: N_("Approved"),
    DraftState.PUBLISHED: N_("Published"),
    DraftState.DISCARDED: N_("Discarded"),
}

VERSION_STATES: dict[VersionState, str] = {
    VersionState.COMING: N_("Coming"),
    VersionState.IN_FORCE: N_("In force"),
    VersionState.REPLACED: N_("Replaced"),
    VersionState.RETIRED: N_("Retired"),
    VersionState.WITHDRAWN: N_("Withdrawn"),
}

ACTS: dict[Act, str] = {
    Act.SAVED: N_("%(who)s saved revision %(revision)s."),
    Act.REVIEW_ASKED: N_("%(who)s asked for a review of revision %(revision)s."),
    Act.SENT_BACK: N_("%(who)s sent revision %(revision)s back."),
    Act.APPROVED: N_("%(who)s approved revision %(revision)s."),
    Act.PUBLISHED: N_("%(who)s published it as version %(version)s."),
    Act.PUBLISHED_DIRECTLY: N_("%(who)s published version %(version)s directly."),
    Act.DISCARDED: N_("%(who)s discarded it."),
    Act.WITHDRAWN: N_("%(who)s withdrew version %(version)s before it began."),
    Act.RETIRED: N_("%(who)s retired version %(version)s."),
}


def refusal(error: RequestError, speech: Speech) -> str:
    """Why an act was refused. Raises KeyError for an error of other acts."""
    return speech.say(REFUSALS[error.code], **error.params) if error.params else speech.say(REFUSALS[error.code])
