"""What callers send. Unknown fields are refused, everything has a bound."""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

MAX_LINES = 10_000
MAX_PAID_MINOR = 900_000_000_000  # the sum of MAX_LINES lines stays below 2^53, exact in every JSON reader
MAX_QUANTITY = 2**31 - 1
MAX_TIMES = 1_000

# The same in Python and in JSON Schema: no control character anywhere, also not a last newline.
_PRINTABLE = r"^(?![\s\S]*[\u0000-\u001f\u007f])"

type Id = Annotated[str, Meta(min_length=1, max_length=255, pattern=_PRINTABLE)]
type Label = Annotated[str, Meta(max_length=255, pattern=_PRINTABLE)]
type Minor = Annotated[
    int,
    Meta(
        ge=-MAX_PAID_MINOR,
        le=MAX_PAID_MINOR,
        description="What was paid for the whole line after all discounts, in the smallest unit of the "
        "programme's currency; may be negative.",
    ),
]
type Quantity = Annotated[
    int, Meta(ge=-MAX_QUANTITY, le=MAX_QUANTITY, description="Whole units; 0 and less are kept.")
]
type Tags = Annotated[tuple[Id, ...], Meta(max_length=100, description="Such as `organic`; rules may ask.")]
type Time = Annotated[datetime, Meta(tz=True, description="The till's time, RFC 3339 with its offset.")]


class SaleLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One line of a sale. What is said about a product is kept the first time its `sku` is seen."""

    sku: Id
    quantity: Quantity
    paid_minor: Minor
    category: Label = ""
    department: Label = ""
    brand: Label = ""
    supplier: Label = ""
    tags: Tags = ()


class SaleRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A sale as the till knows it. `member`: any identifier of the member; absent or unknown: a guest."""

    store: Id
    at: Time
    lines: Annotated[tuple[SaleLine, ...], Meta(min_length=1, max_length=MAX_LINES)]
    member: Id | None = None
    channel: Annotated[str, Meta(min_length=1, max_length=40, pattern=_PRINTABLE)] = "store"


class EvaluationRequest(SaleRequest, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A sale that is not made yet; its id, if the till has one, is only repeated in the answer."""

    sale_id: Annotated[str, Meta(max_length=255, pattern=_PRINTABLE)] = ""


class ConversionRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Turn points into `times` vouchers of one conversion of the programme."""

    conversion: Id
    times: Annotated[int, Meta(ge=1, le=MAX_TIMES)] = 1


FIELDS = sorted(
    {name for struct in (SaleLine, EvaluationRequest, ConversionRequest) for name in struct.__struct_fields__}
)


class Health(msgspec.Struct, frozen=True):
    """The service and its database answer."""

    status: str = "ok"
