"""Every problem the API answers with: its code for ever, its status, what the caller can do about it.

`detail` is for the developer, its placeholders are the problem's params; `customer` is what a cashier may
read aloud, in each language.
"""

from http import HTTPStatus

import msgspec


class Sentence(msgspec.Struct, frozen=True):
    en: str
    fr: str

    def in_language(self, language: str) -> str:
        return self.fr if language == "fr" else self.en


class Kind(msgspec.Struct, frozen=True):
    """`retryable`: the same request, unchanged and with the same key, may succeed later; `retry_after_s`: when."""

    status: HTTPStatus
    title: str
    detail: str
    customer: Sentence
    retryable: bool = False
    retry_after_s: int | None = None


_NOT_COUNTED = Sentence(
    en="We could not update your loyalty account for this purchase. Please keep your receipt.",
    fr="Nous n'avons pas pu mettre à jour votre compte fidélité pour cet achat. Conservez votre ticket.",
)
_LATER = Sentence(
    en="Your loyalty account cannot be reached right now. Please try again in a moment.",
    fr="Votre compte fidélité est momentanément indisponible. Merci de réessayer dans un instant.",
)
_NOT_FOUND = Sentence(
    en="We cannot find this loyalty account. Please check the number.",
    fr="Nous ne trouvons pas ce compte fidélité. Merci de vérifier le numéro.",
)
_ALREADY_RECORDED = Sentence(
    en="This purchase is already recorded in another form. Please ask the staff to check it.",
    fr="Cet achat est déjà enregistré sous une autre forme. Demandez à l'équipe de le vérifier.",
)
_CHANGED_MEANWHILE = Sentence(
    en="Your loyalty account has just changed. Please look at it again before going on.",
    fr="Votre compte fidélité vient de changer. Merci de le regarder à nouveau avant de continuer.",
)
_WRONG_CLOCK = Sentence(
    en="This purchase could not be counted: the date at the till is wrong.",
    fr="Cet achat n'a pas pu être pris en compte : la date de la caisse est incorrecte.",
)
_NO_PROGRAMME = Sentence(
    en="The loyalty programme is not open yet.",
    fr="Le programme de fidélité n'est pas encore ouvert.",
)
_NOT_YOU = Sentence(
    en="This has to be done by somebody else of the staff.",
    fr="Une autre personne de l'équipe doit s'en charger.",
)
_CHECK_REQUEST = Sentence(
    en="This request could not be understood. Please ask the staff for help.",
    fr="Cette demande n'a pas pu être comprise. Demandez de l'aide à l'équipe.",
)

CATALOGUE: dict[str, Kind] = {
    "bad_request": Kind(HTTPStatus.BAD_REQUEST, "Bad request", "{reason}", _CHECK_REQUEST),
    "invalid_utf8": Kind(
        HTTPStatus.BAD_REQUEST,
        "The body is not UTF-8",
        "Byte {byte} of the body is not valid UTF-8. Encode the JSON text as UTF-8.",
        _CHECK_REQUEST,
    ),
    "invalid_json": Kind(
        HTTPStatus.BAD_REQUEST,
        "The body is not JSON",
        "{reason}. Send one JSON object.",
        _CHECK_REQUEST,
    ),
    "invalid_id": Kind(
        HTTPStatus.BAD_REQUEST,
        "The id in the path cannot be used",
        "An id in a path has 1 to 255 characters, no control characters, and is percent-encoded UTF-8.",
        _CHECK_REQUEST,
    ),
    "idempotency_key_missing": Kind(
        HTTPStatus.BAD_REQUEST,
        "The header Idempotency-Key is missing",
        "Send a header Idempotency-Key, new for each act and the same for its repeats, such as a UUID.",
        _CHECK_REQUEST,
    ),
    "idempotency_key_invalid": Kind(
        HTTPStatus.BAD_REQUEST,
        "The header Idempotency-Key cannot be used",
        "An Idempotency-Key has 1 to 255 visible ASCII characters, without spaces; this one has {length}.",
        _CHECK_REQUEST,
    ),
    "unauthenticated": Kind(
        HTTPStatus.UNAUTHORIZED,
        "No valid API key",
        "Send a header 'Authorization: Bearer <prefix>.<secret>' with a key that is not revoked.",
        _NOT_COUNTED,
    ),
    "scope_missing": Kind(
        HTTPStatus.FORBIDDEN,
        "The API key lacks a scope",
        "This operation needs the scope {scope}, which this key does not have.",
        _NOT_COUNTED,
    ),
    "own_account": Kind(
        HTTPStatus.FORBIDDEN,
        "One's own account",
        "{who} is the member {member}: nobody moves their own points by hand, or decides about it.",
        _NOT_YOU,
    ),
    "approval_by_asker": Kind(
        HTTPStatus.FORBIDDEN,
        "Asked by the same person",
        "{who} asked for it: another person approves or refuses it. Who asked can withdraw it.",
        _NOT_YOU,
    ),
    "not_the_asker": Kind(
        HTTPStatus.FORBIDDEN,
        "Asked by another person",
        "Only who asked withdraws the request, and that is not {who}. Others refuse it.",
        _NOT_YOU,
    ),
    "ceiling_too_low": Kind(
        HTTPStatus.FORBIDDEN,
        "More than the person may approve",
        "{points} points are more than {who} may move by hand today: the ceiling is {most}.",
        _NOT_YOU,
    ),
    "no_account": Kind(
        HTTPStatus.FORBIDDEN,
        "Nobody of the back office",
        "{who} has no active account of the back office, and so approves and refuses nothing.",
        _NOT_YOU,
    ),
    "unknown_staff": Kind(
        HTTPStatus.FORBIDDEN,
        "The person of the API key is gone",
        "{who}, for whom this key speaks, has no active account of the back office.",
        _NOT_YOU,
    ),
    "not_allowed": Kind(
        HTTPStatus.FORBIDDEN,
        "The person of the API key may not",
        "{who}, for whom this key speaks, lacks the permission {permission}.",
        _NOT_YOU,
    ),
    "key_of_another": Kind(
        HTTPStatus.FORBIDDEN,
        "The API key is another person's",
        "This key speaks for one person, who is not {who}. Send that person's name, or use a key of {who}.",
        _NOT_YOU,
    ),
    "person_needed": Kind(
        HTTPStatus.FORBIDDEN,
        "The API key is nobody's",
        "A person approves and refuses: use a key bound to one: 'cagnotte key add NAME --staff USER'.",
        _NOT_YOU,
    ),
    "unknown_request": Kind(
        HTTPStatus.NOT_FOUND,
        "Unknown request",
        "Nobody asked for an act by hand under this id.",
        _CHECK_REQUEST,
    ),
    "request_over": Kind(
        HTTPStatus.CONFLICT,
        "The request is over",
        "The request ended before: {how}. It stays as it is; ask anew where it is still wanted.",
        _CHECK_REQUEST,
    ),
    "route_not_found": Kind(
        HTTPStatus.NOT_FOUND,
        "No such address",
        "Nothing is served at this path. The list of all paths is at /v1/openapi.json.",
        _CHECK_REQUEST,
    ),
    "unknown_member": Kind(
        HTTPStatus.NOT_FOUND,
        "Unknown member",
        "No member has this identifier: external id, card, e-mail or phone.",
        _NOT_FOUND,
    ),
    "unknown_hold": Kind(
        HTTPStatus.NOT_FOUND,
        "Unknown hold",
        "The member has never had a hold of this id.",
        _CHECK_REQUEST,
    ),
    "if_match_invalid": Kind(
        HTTPStatus.BAD_REQUEST,
        "If-Match cannot be read",
        "The header If-Match is '*' or a list of entity tags as a member's ETag is, such as \"42\".",
        _CHECK_REQUEST,
    ),
    "books_changed": Kind(
        HTTPStatus.PRECONDITION_FAILED,
        "The member's books have changed",
        "The member's books are at version {version}, which If-Match does not name. Read the member again, "
        "look at what changed, and send the act with the new ETag.",
        _CHANGED_MEANWHILE,
    ),
    "reason_missing": Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "A reason is missing",
        "What is done by hand is kept with its reason: say why in 'reason'.",
        _CHECK_REQUEST,
    ),
    "act_in_future": Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "The time lies in the future",
        "The time {at} is later than {now} by more than the tolerance of ten minutes. Check the till's clock.",
        _WRONG_CLOCK,
    ),
    "method_not_allowed": Kind(
        HTTPStatus.METHOD_NOT_ALLOWED,
        "Method not allowed",
        "This path does not serve this method; the header Allow lists those it does.",
        _CHECK_REQUEST,
    ),
    "sale_conflict": Kind(
        HTTPStatus.CONFLICT,
        "The sale is already recorded with other content",
        "A sale {sale} with other content is already recorded. A sale is never changed: use a new id.",
        _ALREADY_RECORDED,
    ),
    "no_programme": Kind(
        HTTPStatus.CONFLICT,
        "No programme in force",
        "No version of the programme is in force at that time. Publish one, or check the sale's time.",
        _NO_PROGRAMME,
    ),
    "length_required": Kind(
        HTTPStatus.LENGTH_REQUIRED,
        "The header Content-Length is missing",
        "Send the body in one piece, with its Content-Length.",
        _CHECK_REQUEST,
    ),
    "body_too_large": Kind(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        "The body is too large",
        "A body has at most {limit} bytes.",
        _NOT_COUNTED,
    ),
    "unsupported_media_type": Kind(
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        "The body is not sent as JSON",
        "Send 'Content-Type: application/json'.",
        _CHECK_REQUEST,
    ),
    "unknown_field": Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "Unknown field",
        "There is no field '{field}' here.{advice}",
        _CHECK_REQUEST,
    ),
    "missing_field": Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "Missing field",
        "The field '{field}' is required here.",
        _CHECK_REQUEST,
    ),
    "wrong_type": Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "Wrong type",
        "{reason}.",
        _CHECK_REQUEST,
    ),
    "out_of_range": Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "Out of range",
        "{reason}.",
        _CHECK_REQUEST,
    ),
    "too_many_lines": Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "Too many lines",
        "A sale has at most {limit} lines.",
        _NOT_COUNTED,
    ),
    "invalid_value": Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "Invalid value",
        "{reason}.",
        _CHECK_REQUEST,
    ),
    "unknown_attribute": Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "Unknown attribute",
        "The programme in force at the sale's time declares no attribute '{name}' here. It knows: {known}.",
        _NOT_COUNTED,
    ),
    "wrong_attribute": Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "Wrong type of an attribute",
        "The programme declares the attribute '{name}' as {expected}; a date is a text such as 2026-03-10.",
        _NOT_COUNTED,
    ),
    "sale_too_large": Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "The sale is too large",
        "The amounts of the lines, signs left out, add up to more than {most}: rules could not count it exactly.",
        _NOT_COUNTED,
    ),
    "unknown_currency": Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "The programme does not count in this currency",
        "A sale cannot be in {found}: the programme counts in {known}.",
        _NOT_COUNTED,
    ),
    "sale_in_future": Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "The sale lies in the future",
        "The sale's time {at} lies after the server's time {now}. Check the till's clock and its offset.",
        _WRONG_CLOCK,
    ),
    "key_reused": Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "The idempotency key was used for another request",
        "This Idempotency-Key already answered a different request. Make a new key for each act.",
        _NOT_COUNTED,
    ),
    "internal_error": Kind(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "Our mistake",
        "The server failed. Repeat with the same Idempotency-Key; if it lasts, tell the operator.",
        _LATER,
        retryable=True,
    ),
    "database_unavailable": Kind(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "The database is not available",
        "Repeat the same request with the same Idempotency-Key after the seconds that Retry-After says.",
        _LATER,
        retryable=True,
        retry_after_s=5,
    ),
    "database_full": Kind(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "The database has no room left",
        "Nothing is written until the operator makes room on its disk; reads are answered. Keep the request, tell "
        "the operator, and repeat it with the same Idempotency-Key.",
        _LATER,
        retryable=True,
        retry_after_s=30,
    ),
    "too_busy": Kind(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "Too much at once",
        "Nothing was done: too many requests wait, or another one holds what this one needs. Repeat it with the "
        "same Idempotency-Key after the seconds that Retry-After says, and send fewer at once.",
        _LATER,
        retryable=True,
        retry_after_s=1,
    ),
}
