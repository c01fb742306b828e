"""An act that loses a race is done again, and its caller never hears of it (F-13)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from application.shop import PROGRAMME, a_sale, enrol, prove, publish
from cagnotte.application.convert_points import ConvertPoints, convert_points
from cagnotte.application.move_household import move_household
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


@pytest.mark.parametrize("kind", [FaultKind.DEADLOCK, FaultKind.SERIALISATION])
@pytest.mark.parametrize("at_commit", [False, True])
def test_a_voucher_asked_for_and_a_household_that_lose_a_race_are_done_again(
    database: str, kind: FaultKind, at_commit: bool
) -> None:
    published = publish(database, PROGRAMME, datetime(2020, 1, 1, tzinfo=UTC))
    now = datetime(2026, 3, 10, 12, tzinfo=UTC)
    with connect_faulty(database) as conn:
        enrol(conn, "carol")
        record_sale(conn, published, a_sale(paid=[5000]), key="k", now=now)
        conn.fault = Fault(kind, 1, at_commit)

        converted = convert_points(conn, published, ConvertPoints("carol", "gift"), key="g", now=now)

        assert (converted.status, conn.fault.happened) == (201, True)
        conn.fault = Fault(kind, 1, at_commit)

        moved = move_household(conn, published, "carol", "home", now=now)

        assert (moved.new, conn.fault.happened) == (True, True)
        vouchers = conn.execute("SELECT count(*) FROM voucher WHERE conversion = 'gift'").fetchone()
        assert vouchers == (1,)
    prove(database)
