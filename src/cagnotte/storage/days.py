"""What members did, day by day."""

from collections.abc import Mapping, Sequence
from datetime import date

import msgspec
import psycopg

from cagnotte.domain.kernel import MemberId
from cagnotte.domain.tiers.days import DayTotal
from cagnotte.storage.sql import sql
from cagnotte.storage.writing import add_rows

type DayRow = tuple[MemberId, DayTotal]

_DAY = ("member_id", "day", "paid_minor", "visits", "earned", "measured")
_PAIRS = msgspec.json.Decoder(dict[str, int])
_encoder = msgspec.json.Encoder()


def ask_days(conn: psycopg.Connection, first_days: Mapping[MemberId, date], span: int | None) -> psycopg.Cursor:
    """Ask for the days of members from `span` days before their `as_of`, and at least from their first day here.

    `span` None: all days.
    """
    parameters = {"members": list(first_days), "first_days": list(first_days.values()), "span": span}
    return conn.execute(sql("cagnotte.storage", "member_days"), parameters)


def read_days(rows: psycopg.Cursor) -> dict[MemberId, tuple[DayTotal, ...]]:
    """member_id -> days, oldest first; members without a day are absent."""
    found: dict[MemberId, list[DayTotal]] = {}
    for member_id, day, paid, visits, earned, measured in rows.fetchall():
        total = DayTotal(day, paid, _pairs(earned), visits, _pairs(measured))
        found.setdefault(MemberId(member_id), []).append(total)
    return {member_id: tuple(days) for member_id, days in found.items()}


def write_days(conn: psycopg.Connection, added: Sequence[DayRow], changed: Sequence[DayRow]) -> None:
    """Write new days, and the new totals of days that are there; the members' standings are locked."""
    add_rows(conn, "member_day", _DAY, [_columns(row) for row in added])
    if changed:
        columns = [list(column) for column in zip(*(_columns(row) for row in changed), strict=True)]
        conn.execute(sql("cagnotte.storage", "change_days"), dict(zip(_DAY, columns, strict=True)))


def day_row(row: DayRow) -> tuple[object, ...]:
    """The row of a day."""
    return _columns(row)


def _pairs(text: str | None) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(_PAIRS.decode(text).items())) if text else ()


def _columns(row: DayRow) -> tuple[object, ...]:
    member_id, total = row
    return (
        member_id,
        total.day.isoformat(),
        total.paid,
        total.visits,
        _text(total.earned),
        _text(total.measured),
    )


def _text(pairs: tuple[tuple[str, int], ...]) -> str | None:
    return _encoder.encode(dict(pairs)).decode() if pairs else None
