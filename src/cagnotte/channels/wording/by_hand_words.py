"""Acts by hand in words: what is asked, why, how it ended, and why an answer to it is refused."""

from cagnotte.application.errors import RequestError
from cagnotte.application.points_requests import RequestAnswer
from cagnotte.channels.wording.programme_acts import REFUSALS as ACTS
from cagnotte.channels.wording.speech import N_, Nn_, Speech
from cagnotte.domain.points.requests import Ending

REFUSALS: dict[str, str] = {
    "own_account": N_("%(who)s is the member %(member)s: nobody moves their own points, or decides about it."),
    "unknown_request": N_("Nobody asked for anything under the number %(request)s."),
    "approval_by_asker": N_("%(who)s asked for it: another person must approve or refuse it."),
    "not_the_asker": N_("%(who)s did not ask for it: only who asked withdraws it."),
    "ceiling_too_low": N_(
        "%(points)s points are more than %(who)s may move by hand today. The ceiling is %(most)s."
    ),
    "no_account": N_("%(who)s has no active account of the back office, and so approves and refuses nothing."),
}
_OF_ANY_ACT = {
    "reason_missing": N_("Say why: what is done by hand is kept with its reason."),
    "key_reused": N_("The key was already used for another request: choose a new one."),
    "unknown_member": N_("No member has the identifier “%(member)s”."),
    "no_programme": N_("No programme is in force now: nothing can be posted."),
}
_OVER: dict[Ending, str] = {
    Ending.APPROVED: N_("The request was approved already."),
    Ending.REFUSED: N_("The request was refused already."),
    Ending.WITHDRAWN: N_("The request was withdrawn already."),
    Ending.TIMED_OUT: N_("Nobody answered the request in time: it is over."),
    Ending.NOT_POSSIBLE: N_("The request was approved, but the programme refused it: it is over."),
}
ENDINGS: dict[Ending, str] = {
    Ending.APPROVED: N_("Approved"),
    Ending.REFUSED: N_("Refused"),
    Ending.WITHDRAWN: N_("Withdrawn"),
    Ending.TIMED_OUT: N_("Timed out"),
    Ending.NOT_POSSIBLE: N_("Not possible"),
}
_ASKED = {
    "given": Nn_("give %(number)s point", "give %(number)s points"),
    "taken": Nn_("take %(number)s point", "take %(number)s points"),
    "extension": Nn_("let %(number)s point live longer", "let %(number)s points live longer"),
    "reinstatement": Nn_("give %(number)s expired point again", "give %(number)s expired points again"),
}
_ABOVE = {
    "gesture": Nn_(
        "above the ceiling of %(number)s point at a time", "above the ceiling of %(number)s points at a time"
    ),
    "day": Nn_("above the ceiling of %(number)s point a day", "above the ceiling of %(number)s points a day"),
}


def asked_in_words(request: RequestAnswer, speech: Speech) -> str:
    """`give 500 points`."""
    kind = request.kind
    if kind == "adjustment":
        kind = "given" if request.points > 0 else "taken"
    return speech.count(_ASKED[kind], abs(request.points))


def above_in_words(request: RequestAnswer, speech: Speech) -> str:
    """Which ceiling it is above."""
    return speech.count(_ABOVE[request.above], request.most)


def refused_in_words(error: RequestError, speech: Speech) -> str:
    """Why an act by hand, or an answer to one, was refused. Raises KeyError for an error of other acts."""
    if error.code == "request_over":
        return speech.say(_OVER[Ending(error.params["how"])])
    params = {name: _number(name, value, speech) for name, value in error.params.items()}
    return speech.say({**ACTS, **_OF_ANY_ACT, **REFUSALS}[error.code], **params)


def _number(name: str, value: str, speech: Speech) -> str:
    return speech.number(int(value)) if name in {"points", "most"} else value
