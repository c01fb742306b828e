"""What callers send. Unknown fields are refused, everything has a bound."""

from datetime import date, datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from cagnotte.domain.baskets.basket import AMOUNT_MOST, LINES_MOST, QUANTITY_MOST

MAX_LINES = LINES_MOST
MAX_MINOR = AMOUNT_MOST  # of a line, and of the sale: what rules count exactly
MAX_QUANTITY = QUANTITY_MOST
MAX_TIMES = 1_000
MAX_MINUTES = 366 * 24 * 60
MAX_COUPONS = 100
MAX_ATTRIBUTES = 100
MAX_POINTS = 2**53 - 1  # every JSON reader holds it exactly

# The same in Python and in JSON Schema: no control character anywhere, also not a last newline.
_PRINTABLE = r"^(?![\s\S]*[\u0000-\u001f\u007f])"

type Id = Annotated[str, Meta(min_length=1, max_length=255, pattern=_PRINTABLE)]
type Label = Annotated[str, Meta(max_length=255, pattern=_PRINTABLE)]
type Minor = Annotated[
    int,
    Meta(
        ge=-MAX_MINOR,
        le=MAX_MINOR,
        description="What the till asks for the whole line, after its own reductions and before the offers of "
        "the programme, in the smallest unit of the sale's currency; may be negative.",
    ),
]
type Quantity = Annotated[
    int, Meta(ge=-MAX_QUANTITY, le=MAX_QUANTITY, description="Whole units; 0 and less are kept.")
]
type Tags = Annotated[tuple[Id, ...], Meta(max_length=100, description="Such as `organic`; rules may ask.")]
type Amount = Annotated[
    int, Meta(ge=-MAX_MINOR, le=MAX_MINOR, description="Of the whole line, in the smallest unit; may be negative.")
]
type Discount = Annotated[
    int,
    Meta(ge=0, le=MAX_MINOR, description="Taken off the whole order by the till, and not yet off the lines."),
]
type Delivery = Annotated[
    int, Meta(ge=0, le=MAX_MINOR, description="The price of the delivery, which is not one of the lines.")
]
type Currency = Annotated[
    str,
    Meta(
        pattern=r"^[A-Z]{3}$(?![\s\S])",
        description="Of all amounts of the sale: the programme's, or one of its countries'. Absent: that of the "
        "member's country, else the programme's.",
    ),
]
type Coupons = Annotated[
    tuple[Id, ...], Meta(max_length=MAX_COUPONS, description="Codes that the customer shows, as they are written.")
]
type Points = Annotated[int, Meta(ge=1, le=MAX_POINTS)]
type Payments = Annotated[
    dict[Id, Points], Meta(max_length=20, description="Points that the member pays with, by wallet.")
]
# Without the pattern on the text: msgspec frees a node twice when a text with one stands beside an array. What is
# not printable is refused where the attribute's type is looked up.
type AttributeValue = (
    bool
    | Annotated[int, Meta(ge=-MAX_MINOR, le=MAX_MINOR)]
    | Annotated[str, Meta(max_length=1_000)]
    | Annotated[tuple[Id, ...], Meta(max_length=100)]
)
type Attributes = Annotated[
    dict[Id, AttributeValue],
    Meta(
        max_length=MAX_ATTRIBUTES,
        description="Values of the attributes that the programme declares; a date is a text such as 2026-03-10.",
    ),
]
type Time = Annotated[datetime, Meta(tz=True, description="The till's time, RFC 3339 with its offset.")]


class SaleLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One line of a sale. What is said about a product is kept the first time its `sku` is seen.

    `list_minor`: the price before any reduction (absent: as paid). `tax_minor`: the tax within what is paid.
    `cost_minor`: what the goods cost the store (absent: not known).
    """

    sku: Id
    quantity: Quantity
    paid_minor: Minor
    category: Label = ""
    department: Label = ""
    brand: Label = ""
    supplier: Label = ""
    tags: Tags = ()
    list_minor: Amount | None = None
    tax_minor: Amount = 0
    cost_minor: Amount | None = None
    attributes: Attributes = {}


class SaleRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A sale as the till knows it. `member`: any identifier of the member; absent or unknown: a guest."""

    store: Id
    at: Time
    lines: Annotated[tuple[SaleLine, ...], Meta(min_length=1, max_length=MAX_LINES)]
    member: Id | None = None
    channel: Annotated[str, Meta(min_length=1, max_length=40, pattern=_PRINTABLE)] = "store"
    region: Label = ""
    till: Label = ""
    coupons: Coupons = ()
    pay_with_points: Payments = {}
    order_discount_minor: Discount = 0
    delivery_minor: Delivery = 0
    currency: Currency | None = None
    attributes: Attributes = {}


class EvaluationRequest(SaleRequest, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A sale that is not made yet; its id, if the till has one, is only repeated in the answer."""

    sale_id: Annotated[str, Meta(max_length=255, pattern=_PRINTABLE)] = ""


class ReturnLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """So many articles of a line of the sale; `line` is its number, from 1."""

    line: Annotated[int, Meta(ge=1, le=MAX_LINES)]
    quantity: Annotated[int, Meta(ge=-MAX_QUANTITY, le=MAX_QUANTITY)] = 1


class ReturnRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Goods of the sale come back: these `lines`, or all that have not come back yet when they are absent.

    `amount_minor`: no goods come back, so much of what they cost is refunded, in the sale's currency: of the line
    number `line`, or of all of them. Points that had paid a part of it are given back, and are no money.
    """

    lines: Annotated[tuple[ReturnLine, ...], Meta(min_length=1, max_length=MAX_LINES)] | None = None
    amount_minor: Annotated[int, Meta(ge=-MAX_MINOR, le=MAX_MINOR)] | None = None
    line: Annotated[int, Meta(ge=1, le=MAX_LINES)] | None = None
    reason: Label = ""
    at: Time | None = None


class VoidRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The sale should never have been: all of it that has not come back is undone."""

    reason: Label = ""
    at: Time | None = None


class ConversionRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Turn points into `times` vouchers of one conversion of the programme."""

    conversion: Id
    times: Annotated[int, Meta(ge=1, le=MAX_TIMES)] = 1


class BurnRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Spend points. `wallet`: the programme's first one when absent. `reference`: what they buy, in your words."""

    points: Points
    wallet: Label = ""
    reference: Label = ""
    at: Time | None = None


class HoldRequest(BurnRequest, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Set points aside for an order, for so many minutes, or as long as the wallet says."""

    minutes: Annotated[int, Meta(ge=1, le=MAX_MINUTES)] | None = None


class ConfirmRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Spend what was set aside: all of it, or so many `points`; the rest is free again."""

    points: Points | None = None
    at: Time | None = None


class ReleaseRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Give back what was set aside."""

    at: Time | None = None


class TransferRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Send points to the member whom `to` names, by any identifier."""

    to: Id
    points: Points
    wallet: Label = ""
    reason: Label = ""
    at: Time | None = None


class ExchangeRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Turn points of one wallet into another's, `times` times what the programme's exchange says."""

    exchange: Id
    times: Annotated[int, Meta(ge=1, le=MAX_TIMES)] = 1
    at: Time | None = None


class PurchaseRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Buy points at the wallet's price; you take the money."""

    points: Points
    wallet: Label = ""
    at: Time | None = None


class AdjustmentRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Give points by hand (above 0) or take them (below 0). `made_by`: who did it, as your systems say."""

    points: Annotated[int, Meta(ge=-MAX_POINTS, le=MAX_POINTS)]
    reason: Label
    made_by: Id
    wallet: Label = ""
    at: Time | None = None


class ExtensionRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Open lots that end before `until` end on that day instead."""

    until: date
    reason: Label
    made_by: Id
    wallet: Label = ""
    at: Time | None = None


class ReinstatementRequest(ExtensionRequest, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Give expired points again until a day: all of them, or so many, those that ended last."""

    points: Points | None = None


class ClosingRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Close a member, or open them again. `made_by`: who did it, as your systems say."""

    reason: Label
    made_by: Id


class ApprovalRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Why a request is approved or refused. Who does it is the person of the API key."""

    reason: Label


class WithdrawalRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Take a request back. `made_by`: who asked, as it was asked."""

    made_by: Id
    reason: Label = ""


_REQUESTS = (
    SaleLine,
    EvaluationRequest,
    ReturnLine,
    ReturnRequest,
    ConversionRequest,
    HoldRequest,
    ConfirmRequest,
    TransferRequest,
    ExchangeRequest,
    PurchaseRequest,
    AdjustmentRequest,
    ReinstatementRequest,
    ClosingRequest,
)
FIELDS = sorted({name for struct in _REQUESTS for name in struct.__struct_fields__})


class Health(msgspec.Struct, frozen=True):
    """The service and its database answer."""

    status: str = "ok"
