"""Lots and balances compared with what the entries say, and put right."""

import msgspec
import psycopg

from cagnotte.ledger.rebuilding import Difference, differences, lock_members, put_right

__all__ = ["Difference", "Rebuilt", "rebuild_ledger"]

_AT_ONCE = 1_000


class Rebuilt(msgspec.Struct, frozen=True):
    """`found`: the first differences; `left`: how many stayed although they were written."""

    found: tuple[Difference, ...]
    lots: int
    balances: int
    left: int


def rebuild_ledger(conn: psycopg.Connection, *, check: bool) -> Rebuilt:
    """Write each lot and balance that differs, in sets, each its own transaction; with `check`, count up to 1,000.

    Entries are never touched. Stopped at any point, it carries on where it was.
    """
    first: list[Difference] = []
    lots = balances = 0
    before: list[Difference] | None = None
    while True:
        with conn.transaction():
            found = differences(conn, most=_AT_ONCE)
            if found and not check:
                lock_members(conn, found)
                found = differences(conn, most=_AT_ONCE)  # what somebody was just writing is no difference
                put_right(conn, found)
        if found == before or not found:
            return Rebuilt(tuple(first), lots, balances, len(found))
        first = first or found[:20]
        lots += sum(each.what == "lot" for each in found)
        balances += sum(each.what == "balance" for each in found)
        if check:
            return Rebuilt(tuple(first), lots, balances, len(found))
        before = found
