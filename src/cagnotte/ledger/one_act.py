"""All that one act writes, sent as one statement: one round trip, whole or not at all."""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum

import msgspec
import psycopg

type Row = Sequence[object]

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "standings": (
        "member_id", "revision", "as_of", "tier", "tier_since", "next_due_on", "state", "version",
        "only_lots_until", "only_lots_version",
    ),
    "sales": (
        "member_id", "sale_id", "external_id", "store_id", "happened_at", "happened_local", "channel",
        "paid_minor", "line_count", "points_earned", "content_hash", "details", "currency", "own_minor",
        "product_ids", "quantities", "line_paid", "lines_more", "programme", "version", "decided",
    ),
    "transfers": (
        "member_id", "transfer_id", "key", "kind", "wallet", "happened_at", "happened_on", "sale_id", "version",
        "note", "made_by", "expires_on", "usable_from", "awaits",
    ),
    "entries": ("member_id", "transfer_id", "entry_no", "account", "wallet", "points", "lot_id", "happened_at"),
    "lots": (
        "member_id", "lot_id", "wallet", "points", "points_open", "earned_on", "expires_on", "usable_from",
        "awaits",
    ),
    "redated": (
        "member_id", "lot_id", "version", "expires_before", "usable_before", "awaited_before", "expires_on",
        "usable_from", "awaits", "event_id", "happened_on", "reason",
    ),
    "changed_lots": ("member_id", "lot_id", "points_open", "expires_on", "usable_from", "awaits"),
    "balances": ("member_id", "wallet", "points", "version"),
    "vouchers": (
        "member_id", "voucher_id", "transfer_id", "conversion", "amount_minor", "currency", "issued_on",
        "issued_at", "expires_on",
    ),
    "tier_changes": (
        "member_id", "change_id", "happened_on", "happened_at", "tier_before", "tier_after", "family", "cause",
    ),
    "new_days": ("member_id", "day", "paid_minor", "visits", "earned", "measured"),
    "changed_days": ("member_id", "day", "paid_minor", "visits", "earned", "measured"),
    "answers": ("member_id", "key", "request_hash", "status", "body"),
}  # fmt: skip
"""What `post_act` takes, in its order, and the columns of each; see its migration for their types."""

_TYPES = {
    "standings": "posted_standing", "sales": "posted_sale", "transfers": "posted_ledger_transfer",
    "entries": "posted_ledger_entry", "lots": "posted_ledger_lot", "redated": "posted_ledger_lot_redated",
    "changed_lots": "posted_lot_changed", "balances": "posted_ledger_balance", "vouchers": "posted_voucher",
    "tier_changes": "posted_tier_change", "new_days": "posted_day", "changed_days": "posted_day",
    "answers": "posted_answer",
}  # fmt: skip
POST = "SELECT post_act(%s::bigint[], %s::text[], %s::integer, %s::text[], {})".format(
    ", ".join(f"%s::{_TYPES[name]}[]" for name in COLUMNS)
).encode()


class ActRows(msgspec.Struct, frozen=True):
    """The rows of one act by the names of `COLUMNS`; a name without rows may be absent."""

    rows: Mapping[str, Sequence[Row]]

    @property
    def count(self) -> int:
        return sum(map(len, self.rows.values()))


class Unseen(msgspec.Struct, frozen=True):
    """What the function is to make sure of itself, for a caller who holds no lock: that nobody answered these keys
    in the last `days_kept` days nor recorded these sales. `locks`: of the keys, taken after those of the sales."""

    locks: tuple[int, ...]
    keys: tuple[str, ...]
    days_kept: int
    sale_ids: tuple[str, ...] = ()


class Outcome(StrEnum):
    POSTED = "posted"
    KNOWN = "known"  # a key was answered, or a sale recorded, since it was looked for
    FACTS_CHANGED = "facts_changed"  # somebody wrote to one of the members since the facts were read


def post_act(conn: psycopg.Connection, act: ActRows, unseen: Unseen | None = None) -> Outcome:
    """Write all rows, or none. Standings carry the revision that the facts were read at.

    Raises psycopg.errors.UniqueViolation when a transfer's key or a sale was posted before: nothing is written.
    """
    given: list[object] = [None, None, None, None]
    if unseen is not None:
        given = [list(unseen.locks), list(unseen.keys), unseen.days_kept, list(unseen.sale_ids)]
    given += [_array(act.rows.get(name, ())) for name in COLUMNS]
    row = conn.execute(POST, given).fetchone()
    assert row is not None
    return Outcome(row[0])


def _array(rows: Sequence[Row]) -> str | None:
    """Rows as the text of an array of composite values; None: no rows."""
    if not rows:
        return None
    records = (",".join([_field(value) for value in row]) for row in rows)
    return "{" + ",".join([f'"({_quoted(record)})"' for record in records]) + "}"


def _field(value: object) -> str:
    match value:
        case None:
            return ""
        case str():
            return f'"{_quoted(value)}"'
        case bytes():
            return f'"\\\\x{value.hex()}"'
        case date():  # a datetime is one too
            return value.isoformat()
        case _:
            return str(value)


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
