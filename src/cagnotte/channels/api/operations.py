"""The table of what the API does: scopes, structs and problems. The OpenAPI document and access follow it."""

from collections.abc import Mapping

import msgspec

from cagnotte.application.points_requests import RequestsPage
from cagnotte.application.sale_answer import SaleAnswer
from cagnotte.application.show_member import MemberView
from cagnotte.channels.api import examples
from cagnotte.channels.api.refusals import ToldConversionAnswer, ToldPointsAnswer, ToldReturnAnswer
from cagnotte.channels.api.wire import (
    AdjustmentRequest,
    BurnRequest,
    ClosingRequest,
    ConfirmRequest,
    ConversionRequest,
    EvaluationRequest,
    ExchangeRequest,
    ExtensionRequest,
    Health,
    HoldRequest,
    PurchaseRequest,
    ReinstatementRequest,
    ReleaseRequest,
    ReturnRequest,
    SaleRequest,
    TransferRequest,
    VoidRequest,
)
from cagnotte.storage.api_keys import Scope


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    """`key_example`: empty where no Idempotency-Key is needed. `statuses`: those with the answer's struct.

    `scope` None: open to everyone. `query`: what may stand behind the path, with its schema. `waiting`: what 202
    means, and its answer.
    """

    method: str
    path: str
    operation_id: str
    summary: str
    description: str
    answer: type[msgspec.Struct]
    answer_example: msgspec.Struct
    statuses: Mapping[int, str]
    problems: tuple[str, ...]
    scope: Scope | None = None
    request: type[msgspec.Struct] | None = None
    request_example: msgspec.Struct | None = None
    path_ids: Mapping[str, str] = {}
    path_example: Mapping[str, str] = {}
    key_example: str = ""
    query: Mapping[str, tuple[str, Mapping[str, object]]] = {}
    waiting: tuple[str, msgspec.Struct] | None = None
    takes_if_match: bool = False
    gives_etag: bool = False


_ALWAYS = ("database_unavailable", "database_full", "too_busy", "internal_error", "bad_request")
_KEY = ("unauthenticated", "scope_missing", "no_programme", *_ALWAYS)
_BODY = (
    "invalid_utf8",
    "invalid_json",
    "length_required",
    "body_too_large",
    "unsupported_media_type",
    "unknown_field",
    "missing_field",
    "wrong_type",
    "out_of_range",
    "invalid_value",
)
_IDEMPOTENT = ("idempotency_key_missing", "idempotency_key_invalid", "key_reused")
_SALE = (
    "too_many_lines",
    "sale_too_large",
    "unknown_currency",
    "unknown_attribute",
    "wrong_attribute",
    "sale_in_future",
)
_MEMBER_IDS = {"member": "Any identifier of the member: external id, card, e-mail or phone."}

_REFUSAL = "A refusal is an answer too, kept with its `Idempotency-Key`: ask again with a new key."
_RETURN_STATUSES = {
    201: "Done.",
    404: "No such sale is recorded, or not yet: `refusals` says so, nothing was posted.",
    409: "Refused: `refusals` says why, nothing was posted.",
}
_WAITS = "Above the ceiling of who asks: nothing was posted, a second person decides about the request."
_PERSON = ("unknown_staff", "not_allowed")
_BY_HAND = ("reason_missing", "if_match_invalid", "books_changed", "own_account", "key_of_another", *_PERSON)
_ANSWERED = (*_KEY, *_BODY, "invalid_id", "unknown_request", "request_over")
_SECOND = ("reason_missing", "person_needed", "no_account", "approval_by_asker", "own_account", *_PERSON)
_POINTS = (*_KEY, *_BODY, *_IDEMPOTENT, "invalid_id", "unknown_member", "act_in_future")


def _on_points(  # one line of the table per act
    path: str,
    operation_id: str,
    summary: str,
    description: str,
    *,
    key: str,
    request: type[msgspec.Struct],
    example: msgspec.Struct,
    answer: msgspec.Struct = examples.MOVED,
    of_hold: bool = False,
    by_hand: bool = False,
) -> Operation:
    ids = {"hold": "The hold, as it was answered."} if of_hold else {}
    return Operation(
        method="POST",
        path=f"/v1/members/{{member}}{path}",
        operation_id=operation_id,
        summary=summary,
        description=f"{description} {_REFUSAL}",
        scope=Scope.POINTS_ADJUST if by_hand else Scope.MEMBERS_WRITE,
        takes_if_match=by_hand,
        key_example=f"0192f0c3-{key}-75a0-8a52-b1f2d7c0e6aa",
        path_ids=_MEMBER_IDS | ids,
        path_example={"member": "1"} | ({"hold": "438906118656"} if of_hold else {}),
        request=request,
        request_example=example,
        answer=ToldPointsAnswer,
        answer_example=answer,
        statuses={201: "Done.", 409: "Refused: `refusals` says why, nothing was posted."},
        waiting=(_WAITS, examples.WAITS) if by_hand else None,
        problems=(*_POINTS, *(("unknown_hold",) if of_hold else ()), *(_BY_HAND if by_hand else ())),
    )


POINTS: tuple[Operation, ...] = (
    _on_points(
        "/burns",
        "burnPoints",
        "Spend points",
        "Takes the points from the lots in the wallet's order, soonest to expire first.",
        key="2201",
        request=BurnRequest,
        example=examples.BURN,
    ),
    _on_points(
        "/household-burns",
        "spendTogether",
        "Spend points with the household",
        "The member's own points first, then those of the others, soonest to expire first, within the"
        " limits of the programme; all their books change in one transaction.",
        key="2211",
        request=BurnRequest,
        example=examples.BURN,
    ),
    _on_points(
        "/holds",
        "holdPoints",
        "Set points aside for an order",
        "The points are no longer available. The hold ends once: confirmed, released, or over at its time.",
        key="2202",
        request=HoldRequest,
        example=examples.HOLD,
        answer=examples.HELD,
    ),
    _on_points(
        "/holds/{hold}:confirm",
        "confirmHold",
        "Spend what was set aside",
        "All of it, or so many points; the rest goes back to the lots it came from.",
        key="2203",
        request=ConfirmRequest,
        example=examples.CONFIRM,
        answer=examples.ENDED,
        of_hold=True,
    ),
    _on_points(
        "/holds/{hold}:release",
        "releaseHold",
        "Give back what was set aside",
        "The points go back to the lots they came from, with their days.",
        key="2204",
        request=ReleaseRequest,
        example=examples.RELEASE,
        answer=msgspec.structs.replace(examples.ENDED, points=0),
        of_hold=True,
    ),
    _on_points(
        "/transfers",
        "sendPoints",
        "Send points to another member",
        "Within the limits of the programme; both members change in one transaction.",
        key="2205",
        request=TransferRequest,
        example=examples.TRANSFER,
    ),
    _on_points(
        "/exchanges",
        "exchangePoints",
        "Turn points of one wallet into another's",
        "All `times` or none.",
        key="2206",
        request=ExchangeRequest,
        example=examples.EXCHANGE,
    ),
    _on_points(
        "/purchases",
        "buyPoints",
        "Buy points",
        "In whole units of the wallet's price; `amount_minor` is what the member owes you.",
        key="2207",
        request=PurchaseRequest,
        example=examples.PURCHASE,
        answer=msgspec.structs.replace(examples.MOVED, points=100, amount_minor=250),
    ),
    _on_points(
        "/adjustments",
        "adjustPoints",
        "Give or take points by hand",
        "The reason and the name are kept with the entry.",
        key="2208",
        request=AdjustmentRequest,
        example=examples.ADJUSTMENT,
        answer=msgspec.structs.replace(examples.MOVED, points=25),
        by_hand=True,
    ),
    _on_points(
        "/extensions",
        "extendLots",
        "Let points live longer",
        "No point moves; the days that the lots had are kept.",
        key="2209",
        request=ExtensionRequest,
        example=examples.EXTENSION,
        by_hand=True,
    ),
    _on_points(
        "/reinstatements",
        "reinstatePoints",
        "Give expired points again",
        "They go back to the very lots that they expired from.",
        key="2210",
        request=ReinstatementRequest,
        example=examples.REINSTATEMENT,
        by_hand=True,
    ),
)
_REQUEST_IDS: Mapping[str, str] = {"request": "The request, as it was answered."}


def _on_request(
    verb: str,
    summary: str,
    description: str,
    *,
    request: msgspec.Struct,
    answer: msgspec.Struct,
    statuses: Mapping[int, str],
    problems: tuple[str, ...],
    scope: Scope = Scope.POINTS_APPROVE,
) -> Operation:
    return Operation(
        method="POST",
        path=f"/v1/points-requests/{{request}}:{verb}",
        operation_id=f"{verb}PointsRequest",
        summary=summary,
        description=description,
        scope=scope,
        path_ids=_REQUEST_IDS,
        path_example={"request": "438906118720"},
        request=type(request),
        request_example=request,
        answer=type(answer),
        answer_example=answer,
        statuses=statuses,
        problems=(*_ANSWERED, *problems),
    )


def _on_closing(verb: str, summary: str, description: str, *, key: str) -> Operation:
    return Operation(
        method="POST",
        path=f"/v1/members/{{member}}:{verb}",
        operation_id=f"{verb}Member",
        summary=summary,
        description=description,
        scope=Scope.MEMBERS_CLOSE,
        takes_if_match=True,
        key_example=f"0192f0c3-{key}-75a0-8a52-b1f2d7c0e6aa",
        path_ids=_MEMBER_IDS,
        path_example={"member": "1"},
        request=ClosingRequest,
        request_example=examples.CLOSING,
        answer=ToldPointsAnswer,
        answer_example=msgspec.structs.replace(examples.MOVED, points=0),
        statuses={201: "Done, or so already."},
        problems=(*_POINTS, "reason_missing", "if_match_invalid", "books_changed", "key_of_another", *_PERSON),
    )


REQUESTS: tuple[Operation, ...] = (
    Operation(
        method="GET",
        path="/v1/points-requests",
        operation_id="listPointsRequests",
        summary="List what waits for a second person",
        description="Up to 100 requests: open ones, the oldest first, or those that are over, the newest first.",
        scope=Scope.POINTS_APPROVE,
        query={
            "state": ("Which ones; absent: `open`.", {"enum": ["open", "ended"], "type": "string"}),
            "after": ("`next` of the page before.", {"type": "string"}),
        },
        answer=RequestsPage,
        answer_example=examples.WAITING,
        statuses={200: "The requests."},
        problems=("unauthenticated", "scope_missing", *_ALWAYS),
    ),
    _on_request(
        "approve",
        "Approve a request",
        "The act is decided again on today's facts and done once, however often this is sent; what the programme "
        "refuses then is over. Another person than who asked, whose own ceiling allows that many points today: "
        "the person that the API key is bound to.",
        request=examples.APPROVAL,
        answer=msgspec.structs.replace(examples.MOVED, points=500),
        statuses={201: "Done.", 409: "Refused by the programme: `refusals` says why, nothing was posted."},
        problems=(*_SECOND, "ceiling_too_low", "unknown_member"),
    ),
    _on_request(
        "refuse",
        "Refuse a request",
        "Nothing is posted. Said again by the same person it changes nothing.",
        request=examples.APPROVAL,
        answer=examples.REFUSED_REQUEST,
        statuses={200: "The request, which is over."},
        problems=_SECOND,
    ),
    _on_request(
        "withdraw",
        "Take a request back",
        "By who asked. Nothing is posted.",
        request=examples.WITHDRAWAL,
        answer=examples.WITHDRAWN,
        statuses={200: "The request, which is over."},
        problems=("not_the_asker", "key_of_another", *_PERSON),
        scope=Scope.POINTS_ADJUST,
    ),
    _on_closing(
        "close",
        "Close a member",
        "From 00:00 of today on the member's clock nothing is earned, spent or received; sales are recorded "
        "without points. The points stay until they end. Nothing changes when it is so already.",
        key="2212",
    ),
    _on_closing(
        "reopen",
        "Open a member again",
        "The member earns and spends from now on; what was sold meanwhile stays without points.",
        key="2213",
    ),
)
OPERATIONS: tuple[Operation, ...] = (
    Operation(
        method="POST",
        path="/v1/sales:evaluate",
        operation_id="evaluateSale",
        summary="What a sale would earn",
        description="Decides the sale as recording it now would, and writes nothing.",
        scope=Scope.SALES_EVALUATE,
        request=EvaluationRequest,
        request_example=examples.EVALUATION,
        answer=SaleAnswer,
        answer_example=examples.EVALUATED,
        statuses={200: "What the sale would earn."},
        problems=(*_KEY, *_BODY, *_SALE),
    ),
    Operation(
        method="PUT",
        path="/v1/sales/{sale_id}",
        operation_id="recordSale",
        summary="Record a sale",
        description="Writes the sale, its points, tier and vouchers in one transaction, once. Repeated with "
        "its `Idempotency-Key`, the first answer comes back byte by byte with `Idempotent-Replayed: true`. "
        "The id is the caller's own; a sale is never changed.",
        scope=Scope.SALES_WRITE,
        key_example="0192f0c1-7a10-7c3e-9d6b-3f1f6a0f5e11",
        path_ids={"sale_id": "The caller's own id of the sale."},
        path_example={"sale_id": "ticket-2026-000123"},
        request=SaleRequest,
        request_example=examples.SALE,
        answer=SaleAnswer,
        answer_example=examples.RECORDED,
        statuses={
            200: "The same sale was already recorded, under another key.",
            201: "The sale is recorded.",
        },
        problems=(
            *_KEY,
            *_BODY,
            *_IDEMPOTENT,
            "invalid_id",
            *_SALE,
            "sale_conflict",
        ),
    ),
    Operation(
        method="POST",
        path="/v1/sales/{sale_id}/returns",
        operation_id="returnSale",
        summary="Take goods back",
        description="Undoes what the lines brought: points, discounts, uses of limits, the tier; points that paid "
        f"go back to their lots. Any parts in any order end where one return of everything ends. {_REFUSAL}",
        scope=Scope.SALES_WRITE,
        key_example="0192f0c2-1a10-7c3e-9d6b-3f1f6a0f5e11",
        path_ids={"sale_id": "The caller's own id of the sale."},
        path_example={"sale_id": "ticket-2026-000123"},
        request=ReturnRequest,
        request_example=examples.RETURN,
        answer=ToldReturnAnswer,
        answer_example=examples.RETURNED,
        statuses=_RETURN_STATUSES,
        problems=(*_KEY, *_BODY, *_IDEMPOTENT, "invalid_id", "act_in_future"),
    ),
    Operation(
        method="POST",
        path="/v1/sales/{sale_id}:void",
        operation_id="voidSale",
        summary="Void a sale",
        description="For a sale that should never have been, such as one typed twice: everything that is left of "
        f"it is undone, as a return of everything does, and it is kept as void. {_REFUSAL}",
        scope=Scope.SALES_WRITE,
        key_example="0192f0c2-2b20-7c3e-9d6b-3f1f6a0f5e11",
        path_ids={"sale_id": "The caller's own id of the sale."},
        path_example={"sale_id": "ticket-2026-000123"},
        request=VoidRequest,
        request_example=examples.VOID,
        answer=ToldReturnAnswer,
        answer_example=examples.VOIDED,
        statuses=_RETURN_STATUSES,
        problems=(*_KEY, *_BODY, *_IDEMPOTENT, "invalid_id", "act_in_future"),
    ),
    Operation(
        method="GET",
        path="/v1/members/{member}",
        operation_id="showMember",
        summary="Show a member",
        description="Balances, what expires next, tier and what is missing to the next one, open vouchers.",
        scope=Scope.MEMBERS_READ,
        path_ids=_MEMBER_IDS,
        path_example={"member": "1"},
        answer=MemberView,
        gives_etag=True,
        answer_example=examples.MEMBER,
        statuses={200: "The member as of today, in the programme's time zone."},
        problems=(*_KEY, "invalid_id", "unknown_member"),
    ),
    Operation(
        method="POST",
        path="/v1/members/{member}/conversions",
        operation_id="convertPoints",
        summary="Turn points into vouchers",
        description="All `times` or none. A refusal is an answer too, kept with its `Idempotency-Key`: ask again "
        "with a new key.",
        scope=Scope.MEMBERS_WRITE,
        key_example="0192f0c3-11d4-75a0-8a52-b1f2d7c0e6aa",
        path_ids=_MEMBER_IDS,
        path_example={"member": "1"},
        request=ConversionRequest,
        request_example=examples.CONVERSION,
        answer=ToldConversionAnswer,
        answer_example=examples.CONVERTED,
        statuses={
            201: "The vouchers are issued.",
            409: "Refused: `refusals` says why, nothing was posted.",
        },
        problems=(*_KEY, *_BODY, *_IDEMPOTENT, "invalid_id", "unknown_member"),
    ),
    *POINTS,
    *REQUESTS,
    Operation(
        method="GET",
        path="/v1/health",
        operation_id="health",
        summary="Is the service ready?",
        description="Asks the database one question. Needs no key.",
        answer=Health,
        answer_example=Health(),
        statuses={200: "The service and its database answer."},
        problems=_ALWAYS,
    ),
)
