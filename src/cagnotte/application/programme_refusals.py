"""Why an act on a draft or a version is refused: codes for ever, sentences are made at the edge."""

from typing import ClassVar

from cagnotte.application.errors import RequestError


class ActRefused(RequestError):
    """Base of all refused acts on programmes. Nothing was written."""

    code: ClassVar[str] = "act_refused"


class NotAllowed(ActRefused):
    """The person lacks the permission of the act. Params: who, permission."""

    code = "not_allowed"


class UnknownStaff(ActRefused):
    """Nobody who may sign in to the back office has this name. Params: who."""

    code = "unknown_staff"


class BadDraftName(ActRefused):
    """A draft is called by small letters, digits, - and _, beginning with a letter. Params: draft."""

    code = "bad_draft_name"


class UnknownDraft(ActRefused):
    """No draft has this name. Params: draft."""

    code = "unknown_draft"


class DraftChanged(ActRefused):
    """Someone saved the draft since this text was read. Params: draft, author."""

    code = "draft_changed"


class NotTheAuthor(ActRefused):
    """Only who wrote the draft asks for its review. Params: draft, who, authors."""

    code = "not_the_author"


class NotAsked(ActRefused):
    """Nobody asked for a review of the draft as it stands. Params: draft."""

    code = "review_not_asked"


class AskedAlready(ActRefused):
    """The text is in review, approved or published: there is nothing to ask. Params: draft."""

    code = "review_asked_already"


class ApprovalByAuthor(ActRefused):
    """Who wrote a draft cannot approve it. Params: draft, who."""

    code = "approval_by_author"


class NotApproved(ActRefused):
    """The draft as it stands is not approved by a second person. Params: draft."""

    code = "draft_not_approved"


class DraftOver(ActRefused):
    """The draft was published or discarded already. Params: draft."""

    code = "draft_over"


class NothingNew(ActRefused):
    """The text is that of the newest version. Params: version."""

    code = "nothing_new"


class OtherProgramme(ActRefused):
    """This database holds the versions of another programme. Params: code, known."""

    code = "other_programme"


class VersionInPast(ActRefused):
    """A version never begins in the past. Params: effective_from, now."""

    code = "version_in_past"


class SalesSince(ActRefused):
    """A version of the past would judge sales that are recorded already. Params: effective_from."""

    code = "sales_since"


class TwoPeoplePublish(ActRefused):
    """Versions were approved by a second person here: none is published past them."""

    code = "two_people_publish"


class UnknownVersion(ActRefused):
    """No version with this number stands. Params: version."""

    code = "unknown_version"


class VersionOver(ActRefused):
    """A later version took over, or takes over before that time. Params: version, next."""

    code = "version_over"


class EndedAlready(ActRefused):
    """The version has an end already. Params: version, ends_at."""

    code = "version_ended"


class EndInPast(ActRefused):
    """A version never ends in the past, nor before it begins. Params: ends_at, earliest."""

    code = "end_in_past"
