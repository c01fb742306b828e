"""The history of a shop from its database: one snapshot, read member by member."""

from collections.abc import Callable, Iterator, Mapping
from itertools import batched, groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import msgspec
import psycopg

from cagnotte.analytics.history.layout import HistoryFacts
from cagnotte.analytics.history.rows import Sold
from cagnotte.analytics.history.writing import HistoryWriter
from cagnotte.domain.kernel import MemberId
from cagnotte.storage.sql import sql
from cagnotte.storage.standings import standings

_PRODUCTS = "SELECT product_id, sku, name, category, department, brand, supplier, tags FROM product ORDER BY sku"
_STORES = "SELECT external_id, name FROM store ORDER BY external_id"
_FETCHED = 5_000
_PROFILES_AT_ONCE = 500


class ExportProgress(msgspec.Struct, frozen=True):
    """How far an export is: sales written of all there are."""

    done: int
    total: int


def export_history(
    conn: psycopg.Connection,
    folder: Path,
    *,
    zone: str,
    currency: str,
    zones: Mapping[str, str] | None = None,
    watch: Callable[[ExportProgress], None] = lambda _: None,
) -> HistoryFacts:
    """Write all that members did into `folder`, in place of an older history there.

    Everything is of one snapshot: what its finished transactions wrote, also when their ids are larger than
    those of others still running. `zone` and `currency` are the programme's;
    `zones`: country -> the clock of its members, where it differs. A stopped export leaves no
    history, and can be started again. Raises HistoryRefused, or OSError when the folder cannot be written.
    """
    with conn.transaction():
        conn.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        snapshot = str(_one(conn, "SELECT pg_current_snapshot()::text"))
        total = int(_one(conn, "SELECT count(*) FROM sale WHERE member_id > 0"))
        stores: dict[str, str] = dict(conn.execute(_STORES).fetchall())
        writer = HistoryWriter(folder, conn.execute(_PRODUCTS).fetchall(), stores)
        for members in batched(_members(conn, zone, zones or {}), _PROFILES_AT_ONCE):
            known = standings(conn, [MemberId(events[0].member_id) for events in members])
            for events in members:
                done = writer.add(events, known[MemberId(events[0].member_id)].profile)
                watch(ExportProgress(done, total))
        return writer.finish(zone=zone, zones=zones or {}, currency=currency, snapshot=snapshot)


def _members(conn: psycopg.Connection, zone: str, zones: Mapping[str, str]) -> Iterator[list[Sold]]:
    """Each member's rows in order of time, the members in order of their ids."""
    with conn.cursor(name="history_events") as cursor:
        cursor.itersize = _FETCHED
        clocks = {"zone": zone, "countries": list(zones), "zones": list(zones.values())}
        cursor.execute(sql(__package__, "events"), clocks, binary=True)
        for _, rows in groupby(cursor, key=itemgetter(0)):
            yield sorted((Sold(*row) for row in rows), key=lambda row: (row.happened_at, row.event_id or 0))


def _one(conn: psycopg.Connection, statement: str) -> Any:
    row = conn.execute(statement).fetchone()
    assert row is not None
    return row[0]
