"""A shop small enough to work out every figure by hand: three members, five sales, two stores."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import psycopg
from msgspec.structs import replace

from cagnotte.application.change_profiles import change_profiles
from cagnotte.application.publish_programme import publish_programme
from cagnotte.application.published import load_published
from cagnotte.application.record_sale import record_sale
from cagnotte.application.sale_command import SaleCommand, SaleLine
from cagnotte.domain.kernel import MemberId
from cagnotte.storage.members import Member, add_members

PASSWORD = "a long enough password"
NOW = datetime(2025, 5, 2, 12, 0, tzinfo=UTC)
PARIS = ZoneInfo("Europe/Paris")
PROGRAMME = """
# Points that become vouchers.
[programme]
code = "maison"
name = { fr = "La Maison", en = "The House" }
currency = "EUR"
timezone = "Europe/Paris"

[wallets.points]
name = { fr = "Points fidélité", en = "Loyalty points" }
expiry = { after = "12 months" }

[households]
pool = "spend"

[[earn]]
code = "base"
name = { fr = "Un point par euro", en = "One point per euro" }
on = "purchase"
points = "eligible.paid / 100"

[[earn]]
code = "tuesday"
name = { fr = "Mardi soir", en = "Tuesday evening" }
on = "purchase"
when = "weekday == 2 && hour >= 18"
points = "eligible.paid / 100"

[[tiers]]
code = "silver"
name = { fr = "Argent", en = "Silver" }
reach = { spend = 20000, within = "12 months" }

[[tiers]]
code = "gold"
name = { fr = "Or", en = "Gold" }
reach = { spend = 50000, within = "12 months" }

[[conversions]]
code = "five"
name = { fr = "Chèque de 5 €", en = "Voucher of €5" }
wallet = "points"
points = 100
voucher = { amount = 500, valid_for = "3 months" }
"""
KNOWN_OF_ANNA: dict[str, Any] = {
    "household": "martin-1",
    "share_of_wallet": 4_250,
    "share_low": 3_999,
    "share_high": 5_100,
}
ANNA, BRUNO, CHLOE = MemberId(11), MemberId(12), MemberId(13)
SALES = [
    ("T1", "10", datetime(2025, 3, 4, 18, 30, tzinfo=PARIS), "anna", 8000),  # a Tuesday evening
    ("T2", "10", datetime(2025, 4, 10, 11, 0, tzinfo=PARIS), "anna", 3000),
    ("T3", "20", datetime(2025, 4, 12, 10, 0, tzinfo=PARIS), "bruno", 20000),
    ("T4", "20", datetime(2025, 4, 12, 10, 5, tzinfo=PARIS), None, 5000),
    ("T5", "10", datetime(2025, 4, 30, 23, 30, tzinfo=PARIS), None, 2000),  # 30 April in Paris and in UTC
]


class Shop(msgspec.Struct, frozen=True):
    """Addresses need the ids that recording gave: external id -> (account, sale id), and stores'."""

    sales: dict[str, tuple[int, int]]
    stores: dict[str, int]

    def sale(self, external_id: str) -> str:
        account, sale_id = self.sales[external_id]
        return f"/backoffice/sales/{account}/{sale_id}/"

    def store(self, external_id: str) -> str:
        return f"/backoffice/stores/{self.stores[external_id]}/"


def fill_shop(conn: psycopg.Connection) -> Shop:
    publish_programme(conn, PROGRAMME, effective_from=None)
    add_members(
        conn,
        [
            Member(ANNA, "anna", date(2025, 3, 1), "Anna", "Martin", "anna@example.org"),
            Member(BRUNO, "bruno", date(2025, 4, 1), "Bruno", "Petit"),
            Member(CHLOE, "chloe", date(2025, 4, 2), "Chloé", "Roux"),
        ],
    )
    conn.execute("INSERT INTO member_identifier VALUES ('card', '9250001', %s)", (ANNA,))
    for external_id, store, at, member, paid in SALES:
        lines = (SaleLine("bread", 2, paid - 500), SaleLine("milk", 1, 500))
        sale = SaleCommand(external_id, store, at, lines, member)
        record_sale(conn, load_published(conn), sale, key=external_id, now=NOW)
    with conn.transaction():
        change_profiles(conn, load_published(conn), [ANNA], lambda _, profile: replace(profile, **KNOWN_OF_ANNA))
    sales = conn.execute("SELECT external_id, member_id, sale_id FROM sale").fetchall()
    stores = conn.execute("SELECT external_id, store_id FROM store").fetchall()
    return Shop({row[0]: (row[1], row[2]) for row in sales}, dict(stores))
