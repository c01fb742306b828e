"""Why an act by hand, or the approval of one, is refused: codes for ever, sentences are made at the edge."""

from cagnotte.application.errors import RequestError


class OwnAccount(RequestError):
    """Who acts is the member, and nobody moves their own points by hand. Params: who, member."""

    code = "own_account"


class UnknownRequest(RequestError):
    """Nobody asked for an act by hand under this id. Params: request."""

    code = "unknown_request"


class RequestOver(RequestError):
    """The request was approved, refused, withdrawn or timed out before. Params: request, how."""

    code = "request_over"


class ApprovalByAsker(RequestError):
    """Who asked cannot approve or refuse it. Params: who, request."""

    code = "approval_by_asker"


class NotTheAsker(RequestError):
    """Only who asked takes the request back. Params: who, request."""

    code = "not_the_asker"


class CeilingTooLow(RequestError):
    """Who approves may not move so many points themselves. Params: who, points, most."""

    code = "ceiling_too_low"


class NoAccount(RequestError):
    """Who approves has an account of the back office. Params: who."""

    code = "no_account"
