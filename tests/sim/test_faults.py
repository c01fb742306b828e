"""A sale that loses a race is done again, and its caller never hears of it (F-13)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from application.shop import PROGRAMME, a_sale, enrol, prove, publish
from cagnotte.application.record_sale import record_sale
from sim.faults import Fault, FaultKind, connect_faulty


@pytest.mark.parametrize("kind", [FaultKind.DEADLOCK, FaultKind.SERIALISATION])
@pytest.mark.parametrize("at_commit", [False, True])
def test_a_sale_that_loses_a_race_is_done_again(database: str, kind: FaultKind, at_commit: bool) -> None:
    published = publish(database, PROGRAMME, datetime(2020, 1, 1, tzinfo=UTC))
    with connect_faulty(database) as conn:
        enrol(conn, "carol")
        conn.fault = Fault(kind, 1, at_commit)

        recorded = record_sale(conn, published, a_sale(), key="k", now=datetime(2026, 3, 10, 12, tzinfo=UTC))

        assert conn.fault.happened
        sales = conn.execute("SELECT count(*) FROM sale").fetchone()
        assert (recorded.status, recorded.replayed, sales) == (201, False, (1,))
    prove(database)
