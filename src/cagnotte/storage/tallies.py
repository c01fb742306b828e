"""What caps that several members share have counted."""

from collections.abc import Sequence

import msgspec
import psycopg

from cagnotte.domain.earning.tallies import Tally
from cagnotte.storage.sql import sql


class Asked(msgspec.Struct, frozen=True, order=True):
    """One cap of one subject, in the windows from `first` to `last`, both included."""

    subject: str
    cap: str
    first: int
    last: int


def shared_tallies(conn: psycopg.Connection, asked: Sequence[Asked], *, locked: bool) -> tuple[Tally, ...]:
    """The tallies that are not 0. `locked`: their caps are locked until the transaction ends."""
    with conn.pipeline():  # one round trip; the second statement sees what the lock waited for
        if locked:
            pairs = sorted({(each.subject, each.cap) for each in asked})
            subjects, caps = (list(column) for column in zip(*pairs, strict=True))
            conn.execute(sql("cagnotte.storage", "lock_tallies"), {"subjects": subjects, "caps": caps})
        parameters = {
            "subjects": [each.subject for each in asked],
            "caps": [each.cap for each in asked],
            "firsts": [each.first for each in asked],
            "lasts": [each.last for each in asked],
        }
        rows = conn.execute(sql("cagnotte.storage", "shared_tallies"), parameters)
    return tuple(Tally(*row) for row in rows.fetchall())


def set_shared_tallies(conn: psycopg.Connection, tallies: Sequence[Tally]) -> None:
    """Write the values of tallies whose caps are locked."""
    if tallies:
        parameters = {
            "subjects": [each.subject for each in tallies],
            "caps": [each.cap for each in tallies],
            "windows": [each.window for each in tallies],
            "values": [each.value for each in tallies],
        }
        conn.execute(sql("cagnotte.storage", "set_tallies"), parameters)
