"""What came back of sales, and what late events corrected of them: only ever added, never changed."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
import psycopg

from cagnotte.domain.evaluator.decision import Decision
from cagnotte.domain.kernel import MemberId
from cagnotte.storage.writing import add_rows

_RETURN = (
    "member_id", "return_id", "sale_id", "happened_at", "happened_local", "is_void", "reason", "refund_minor",
    "programme", "version", "decision",
)  # fmt: skip
_LINE = ("member_id", "return_id", "line_no", "quantity")
_CORRECTION = (
    "member_id", "correction_id", "sale_id", "late_id", "happened_at", "happened_local", "programme", "version",
    "decision",
)  # fmt: skip
_RETURNS = """
SELECT sale_id, return_id, happened_at, happened_local, posted_at, is_void, reason, refund_minor, decision::text
  FROM sale_return
 WHERE member_id = %s AND sale_id = coalesce(%s, sale_id)
 ORDER BY return_id
"""
_CORRECTIONS = """
SELECT c.sale_id, c.correction_id, c.late_id, late.external_id, c.posted_at, c.decision::text
  FROM sale_correction AS c
  LEFT JOIN sale AS late ON late.member_id = c.member_id AND late.sale_id = c.late_id
 WHERE c.member_id = %s AND c.sale_id = coalesce(%s, c.sale_id)
 ORDER BY c.correction_id
"""
_decision = msgspec.json.Decoder(Decision)
_encoder = msgspec.json.Encoder()


class KeptReturn(msgspec.Struct, frozen=True):
    """A return or a void as it was decided. `refund_minor`: in the sale's currency."""

    return_id: int
    happened_at: datetime
    happened_local: datetime
    posted_at: datetime
    is_void: bool
    reason: str
    refund_minor: int
    decision: Decision


class KeptCorrection(msgspec.Struct, frozen=True):
    """A correction as it was decided. `late_sale`: the caller's id of the sale that arrived late; None: it was
    a return."""

    correction_id: int
    late_id: int
    late_sale: str | None
    posted_at: datetime
    decision: Decision


class ReturnRow(msgspec.Struct, frozen=True):
    """`lines`: (number of the line from 1, quantity)."""

    member_id: MemberId
    return_id: int
    sale_id: int
    happened_at: datetime
    happened_local: datetime
    is_void: bool
    reason: str
    refund_minor: int
    programme: str
    version: int
    decision: Decision
    lines: Sequence[tuple[int, int]]


class CorrectionRow(msgspec.Struct, frozen=True):
    """`late_id`: the sale or the return that arrived late."""

    member_id: MemberId
    correction_id: int
    sale_id: int
    late_id: int
    happened_at: datetime
    happened_local: datetime
    programme: str
    version: int
    decision: Decision


def ask_returns(conn: psycopg.Connection, member_id: MemberId, sale_id: int | None) -> psycopg.Cursor:
    """Ask for the returns of one sale of the account, or of all, for a caller who asks for more at once."""
    return conn.execute(_RETURNS, (member_id, sale_id))


def read_returns(rows: psycopg.Cursor) -> dict[int, list[KeptReturn]]:
    """sale_id -> what came back of it, oldest first; sales without a return are absent."""
    found: dict[int, list[KeptReturn]] = {}
    for sale_id, return_id, happened_at, local, posted_at, is_void, reason, refund, text in rows.fetchall():
        kept = KeptReturn(
            return_id, happened_at, local, posted_at, is_void, reason, refund, _decision.decode(text)
        )
        found.setdefault(sale_id, []).append(kept)
    return found


def ask_corrections(conn: psycopg.Connection, member_id: MemberId, sale_id: int | None) -> psycopg.Cursor:
    """Ask for the corrections of one sale of the account, or of all."""
    return conn.execute(_CORRECTIONS, (member_id, sale_id))


def read_corrections(rows: psycopg.Cursor) -> dict[int, list[KeptCorrection]]:
    """sale_id -> how it was corrected, oldest first; sales never corrected are absent."""
    found: dict[int, list[KeptCorrection]] = {}
    for sale_id, correction_id, late_id, late_sale, posted_at, text in rows.fetchall():
        kept = KeptCorrection(correction_id, late_id, late_sale, posted_at, _decision.decode(text))
        found.setdefault(sale_id, []).append(kept)
    return found


def add_return(conn: psycopg.Connection, row: ReturnRow) -> None:
    columns = [getattr(row, name) for name in _RETURN[:-1]]
    add_rows(conn, "sale_return", _RETURN, [(*columns, _encoder.encode(row.decision).decode())])
    lines = [(row.member_id, row.return_id, line_no, quantity) for line_no, quantity in row.lines]
    add_rows(conn, "sale_return_line", _LINE, lines)


def add_corrections(conn: psycopg.Connection, rows: Sequence[CorrectionRow]) -> None:
    said = [
        (*[getattr(row, name) for name in _CORRECTION[:-1]], _encoder.encode(row.decision).decode())
        for row in rows
    ]
    add_rows(conn, "sale_correction", _CORRECTION, said)
