"""The caller is wrong: an exception with a code for ever and the values that its sentence names."""

from typing import ClassVar


class RequestError(Exception):
    """Base of all requests that are refused because of what the caller sent. Nothing was written."""

    code: ClassVar[str]

    def __init__(self, **params: str) -> None:
        super().__init__(self.code, params)
        self.params = params


class KeyReused(RequestError):
    """The idempotency key was already used for a different request."""

    code = "key_reused"


class SaleConflict(RequestError):
    """A sale with this id and other content is already recorded. Params: sale."""

    code = "sale_conflict"


class SaleInFuture(RequestError):
    """The sale's time lies more than the tolerance after now. Params: at, now."""

    code = "sale_in_future"


class ActInFuture(RequestError):
    """The time of an act lies more than the tolerance after now. Params: at, now."""

    code = "act_in_future"


class BooksChanged(RequestError):
    """The member's books have moved on since they were read. Params: version (of now)."""

    code = "books_changed"


class ReasonMissing(RequestError):
    """An act by hand needs a reason, which is kept with it."""

    code = "reason_missing"


class NotSealed(RequestError):
    """No run of seals before that instant. Params: at."""

    code = "not_sealed"


class UnknownSeal(RequestError):
    """These books have no run of seals with the number that was kept outside. Params: seal."""

    code = "unknown_seal"


class UnknownHold(RequestError):
    """The member has never had a hold of this id. Params: hold."""

    code = "unknown_hold"


class UnknownMember(RequestError):
    """No member has this identifier. Params: member."""

    code = "unknown_member"


class NoPartners(RequestError):
    """No version of the programme has any partner."""

    code = "no_partners"


class UnknownPartner(RequestError):
    """No version of the programme has this partner. Params: partner, known."""

    code = "unknown_partner"


class NoProgramme(RequestError):
    """No programme is published, or none is in force at that time. Params: at."""

    code = "no_programme"


class ProgrammeInPast(RequestError):
    """A version would take force before one that is already published. Params: effective_from, latest."""

    code = "programme_in_past"


class PostingEnded(RequestError):
    """A process that posted sets of a load was ended from outside; the sets that were posted are whole."""

    code = "posting_ended"


class LoadRunning(RequestError):
    """Another load of sales is running on this database."""

    code = "load_running"


class UnknownAttribute(RequestError):
    """The programme declares no attribute of this name here. Params: name, known, pointer."""

    code = "unknown_attribute"


class WrongAttribute(RequestError):
    """An attribute is not of the type that the programme declares. Params: name, expected, pointer."""

    code = "wrong_attribute"


class UnknownCurrency(RequestError):
    """The sale is in a currency that is neither the programme's nor a country's. Params: found, known, pointer."""

    code = "unknown_currency"


class SaleTooLarge(RequestError):
    """The lines of a sale add up to more than rules can count exactly. Params: most, pointer."""

    code = "sale_too_large"
