"""What followed a sale, in the sentences of its page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import psycopg

from application.shop import a_sale, enrol, publish
from backoffice.shop import Shop as Screens
from cagnotte.application.after_sale import AfterSale, after_sale
from cagnotte.application.burn_points import BurnPoints, burn_points
from cagnotte.application.record_sale import record_sale
from cagnotte.application.return_sale import ReturnSale, return_sale
from cagnotte.channels.backoffice.pages import Shop
from cagnotte.channels.backoffice.return_words import corrections_shown, returns_shown
from cagnotte.storage.database import connected

AT = datetime(2026, 3, 10, 9, tzinfo=UTC)
NOW = AT + timedelta(days=5)
THIRD = """
[programme]
code = "maison"
currency = "EUR"
timezone = "Europe/Paris"

[wallets.points]
name = { en = "Points" }

[[earn]]
code = "third"
name = { en = "Third purchase" }
when = "order_number == 3"
points = "50"

[[earn]]
code = "base"
points = 1
per = 100
"""


def test_a_correction_says_its_cause_and_a_return_what_came_back(database: str, screens: Screens) -> None:
    published = publish(database, THIRD)
    with connected(database) as conn:
        enrol(conn, "carol")
        for name, hours in (("S1", 0), ("S2", 2), ("S3", 3)):
            sale = a_sale(name, at=(AT + timedelta(hours=hours)).isoformat(), paid=[1000, 500])
            record_sale(conn, published, sale, key=name, now=NOW)
        burn_points(conn, published, BurnPoints("carol", 95), key="b", now=AT + timedelta(hours=4))
        late = a_sale("S0", at=(AT + timedelta(hours=1)).isoformat(), paid=[-100])
        second = a_sale("S1b", at=(AT + timedelta(hours=1)).isoformat(), paid=[100])
        for each in (late, second):
            record_sale(conn, published, each, key=each.sale_id, now=NOW)
        return_sale(conn, published, ReturnSale("S3", ((2, 1),), reason="torn"), key="r", now=NOW)
        seen = _after(conn, "S3")
        corrected = corrections_shown(seen, Shop(conn, published))
        returned = returns_shown(seen, "EUR", Shop(conn, published))

    assert [each.what for each in corrected] == [
        "Put right after the sale S1b, which happened before and arrived late."
    ]
    assert corrected[0].sentences == [
        "“Third purchase”: -50 of “Points”.",
    ]
    assert returned[0].what == "Goods came back; €5.00 were paid back."
    assert returned[0].sentences[0] == "Line 2: 1 article."
    assert returned[0].sentences[-1] == "Reason: torn"


def _after(conn: psycopg.Connection, external_id: str) -> AfterSale:
    row = conn.execute("SELECT member_id, sale_id FROM sale WHERE external_id = %s", (external_id,)).fetchone()
    assert row is not None
    return after_sale(conn, *row)
