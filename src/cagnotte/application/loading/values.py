"""What goes into a load and what comes out of it."""

from collections.abc import Sequence
from enum import StrEnum

import msgspec


class RowFaultCode(StrEnum):
    NOT_UTF8 = "not_utf8"
    NOT_A_ROW = "not_a_row"
    WRONG_NUMBER_OF_FIELDS = "wrong_number_of_fields"
    UNKNOWN_FIELD = "unknown_field"
    MISSING_VALUE = "missing_value"
    TEXT_TOO_LONG = "text_too_long"
    FORBIDDEN_CHARACTER = "forbidden_character"
    BAD_DATE = "bad_date"
    FUTURE_DATE = "future_date"
    BEFORE_PROGRAMME = "before_programme"
    NOT_WHOLE = "not_whole"
    NOT_AN_AMOUNT = "not_an_amount"
    TOO_MANY_DECIMALS = "too_many_decimals"
    NUMBER_TOO_LARGE = "number_too_large"
    UNKNOWN_CURRENCY = "unknown_currency"
    OTHER_HEADER = "other_header"
    OTHER_LINES = "other_lines"
    OTHER_CONTENT = "other_content"
    SALE_REFUSED = "sale_refused"
    NOT_A_DAY = "not_a_day"
    NEGATIVE_BALANCE = "negative_balance"
    UNKNOWN_WALLET = "unknown_wallet"
    REPEATED_BALANCE = "repeated_balance"
    OTHER_BALANCE = "other_balance"
    ENDED_BEFORE = "ended_before"


class RowRefused(msgspec.Struct, frozen=True):
    """A row that is not loaded: the line of the file where it begins, why, and what it said."""

    line: int
    code: RowFaultCode
    params: dict[str, str]
    sale: str = ""
    row: str = ""


class StagedBatch(msgspec.Struct, frozen=True):
    """Rows checked one by one. `rows`: COPY text lines of STAGED_COLUMNS, ready to be sent.

    `done` and `total` measure how far the file is read (bytes or rows). `decimals`: amounts are in units of the
    currency of each sale, times ten to that power; None: in its smallest unit.
    """

    rows: Sequence[str]
    refused: Sequence[RowRefused]
    done: int
    total: int
    decimals: int | None = None


STAGED_COLUMNS = (
    "line_no", "whole", "sale", "at", "local", "has_offset", "store", "member", "channel", "sku", "quantity",
    "paid", "currency", "category", "department", "brand", "supplier",
)  # fmt: skip
"""Columns of a staged row. `whole`: the line of the file says the whole sale, not one of its lines.
`member`, `currency` and the four about the product may be null."""


class LoadPhase(StrEnum):
    READING = "reading"
    CHECKING = "checking"
    POSTING = "posting"


class LoadProgress(msgspec.Struct, frozen=True):
    """`done` of `total`: bytes or rows while reading, sales while posting; `lines` so far in this phase."""

    phase: LoadPhase
    done: int
    total: int
    lines: int = 0


class LoadReport(msgspec.Struct, frozen=True):
    """What a load did. `rows_repeated`: rows of whole sales that the file says again, word for word.

    Sales and lines `already` were recorded before with the same content.
    """

    rows_read: int
    rows_refused: int
    rows_repeated: int
    sales: int
    lines: int
    sales_already: int
    lines_already: int
    guest_sales: int
    members_new: int
    stores_new: int
    products_new: int
    paid_minor: int
    points_issued: int
    vouchers: int
    dry_run: bool
    seconds: float
