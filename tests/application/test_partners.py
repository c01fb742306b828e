"""Points that partners pay for: in the books, taken back to the point, and on their statements."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import msgspec
import psycopg
import pytest

from application.shop import PROGRAMME, enrol, prove, publish
from cagnotte.application.errors import NoPartners, UnknownPartner
from cagnotte.application.record_sale import record_sale
from cagnotte.application.return_sale import ReturnSale, return_sale
from cagnotte.application.sale_command import SaleCommand, SaleLine
from cagnotte.application.show_partner import FundedAt, PartnerStatement, show_partner
from cagnotte.application.show_partner_rules import FundedBy, show_partner_rules
from cagnotte.application.show_statement import show_statement
from cagnotte.ledger.proof import ProofCheck
from cagnotte.ledger.proof import prove as ledger_prove
from cagnotte.storage.database import connected

FUNDED = (
    PROGRAMME
    + """
[partners.acme]
name = "Acme"
price = { points = 100, amount = 80 }
[partners.bolt]
price = { points = 1, amount = 2 }
[[earn]]
code = "acme"
points = 3
per = 100
lines = 'line.brand == "acme"'
funded_by = "acme"
"""
)
SOLD = datetime(2026, 3, 10, 11, 30, tzinfo=UTC)
CUPS = (SaleLine("cup", 3, 3_000, brand="acme"), SaleLine("bread", 1, 500))


class Shop:
    def __init__(self, dsn: str) -> None:
        self.dsn, self.published = dsn, publish(dsn, FUNDED)
        with connected(dsn) as conn:
            enrol(conn, "carol")

    def sell(self, sale_id: str = "S1", store: str = "367") -> None:
        sale = SaleCommand(sale_id, store, SOLD, CUPS, "carol")
        with connected(self.dsn) as conn:
            record_sale(conn, self.published, sale, key=sale_id, now=SOLD)

    def bring_back(self, *lines: tuple[int, int], key: str = "r") -> None:
        with connected(self.dsn) as conn:
            command = ReturnSale("S1", lines or None)
            return_sale(conn, self.published, command, key=key, now=datetime.now(UTC))

    def statement(self, code: str = "acme") -> PartnerStatement:
        with connected(self.dsn) as conn:
            return show_partner(conn, self.published, code, datetime.now(UTC).date())


@pytest.fixture
def shop(database: str) -> Shop:
    return Shop(database)


def test_a_statement_says_what_was_given_in_each_store_and_what_it_costs(shop: Shop) -> None:
    shop.sell()
    shop.sell("S2", "368")

    said = shop.statement()

    assert said.rows == (FundedAt("367", "points", 90, 0, 90), FundedAt("368", "points", 90, 0, 90))
    assert (said.points, said.amount_minor, said.currency) == (180, 144, "EUR")
    assert shop.statement("bolt").rows == ()
    prove(shop.dsn)


def test_what_comes_back_is_taken_off_to_the_point_in_any_parts(shop: Shop) -> None:
    shop.sell()
    shop.bring_back((1, 1), key="one")
    part = shop.statement()
    shop.bring_back((1, 1), (2, 1), key="two")
    shop.bring_back(key="rest")
    whole = shop.statement()

    assert (part.rows, part.amount_minor) == ((FundedAt("367", "points", 90, 30, 60),), 48)
    assert (whole.rows, whole.amount_minor) == ((FundedAt("367", "points", 90, 90, 0),), 0)
    prove(shop.dsn)


def test_what_comes_back_is_credited_at_the_price_of_the_sale(shop: Shop) -> None:
    shop.sell()
    dearer = FUNDED.replace("amount = 80", "amount = 200")
    shop.published = publish(shop.dsn, dearer, SOLD + timedelta(days=30))
    shop.bring_back()

    assert (shop.statement().points, shop.statement().amount_minor) == (0, 0)


def test_who_pays_is_no_movement_of_the_members(shop: Shop) -> None:
    shop.sell()

    with connected(shop.dsn) as conn:
        shown = show_statement(conn, shop.published, "carol", date(2026, 3, 1), known_at=datetime.now(UTC))

    assert [(each.kind, each.points) for each in shown.transfers] == [("earn", 125), ("conversion", -100)]


def test_a_statement_by_rule_adds_up_to_the_statement(shop: Shop) -> None:
    shop.sell()
    shop.sell("S2", "368")
    shop.bring_back((1, 1))

    with connected(shop.dsn) as conn:
        rules = show_partner_rules(conn, shop.published, "acme", datetime.now(UTC).date())

    assert rules == (FundedBy("acme", "points", 180, 30, 150),)
    assert sum(rule.points for rule in rules) == shop.statement().points


def test_a_till_and_a_member_are_told_who_pays(shop: Shop) -> None:
    sale = SaleCommand("S1", "367", SOLD, CUPS, "carol")
    with connected(shop.dsn) as conn:
        recorded = record_sale(conn, shop.published, sale, key="S1", now=SOLD)
        shown = show_statement(conn, shop.published, "carol", date(2026, 3, 1), known_at=datetime.now(UTC))

    earned = msgspec.json.decode(recorded.body)["earned"]
    assert [(each["rule"], each.get("funded_by")) for each in earned] == [("base", None), ("acme", "acme")]
    assert [each.partners for each in shown.transfers] == [{"acme": 90}, {}]


SPOILT = (
    "UPDATE ledger_entry SET points = points * 2 WHERE account IN ('partner', 'funded') AND points IN (90, -90)",
    "UPDATE ledger_transfer SET note = 'bolt' WHERE kind = 'funded'",
    "UPDATE ledger_transfer SET sale_id = NULL WHERE kind = 'funded'",
    "UPDATE sale_return SET decision = jsonb_set(decision, '{effects}', '[]')",
)


@pytest.mark.parametrize("spoiling", SPOILT)
def test_what_partners_pay_is_proved_against_what_was_decided(shop: Shop, spoiling: str) -> None:
    shop.sell()
    shop.sell("S2", "368")
    shop.bring_back((1, 1))
    with psycopg.connect(shop.dsn) as conn:
        whole = [each for each in ledger_prove(conn) if each.check is ProofCheck.FUNDING_EQUALS_DECISIONS]

        for table in ("ledger_entry", "ledger_transfer", "sale_return"):
            conn.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER".encode())
        conn.execute(spoiling.encode())
        for table in ("ledger_entry", "ledger_transfer", "sale_return"):
            conn.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER".encode())
        conn.commit()
        failed = [each.check for each in ledger_prove(conn) if each.faults]

    assert [(each.examined, each.faults) for each in whole] == [(2, ())]
    assert ProofCheck.FUNDING_EQUALS_DECISIONS in failed


def test_a_partner_that_no_version_has_is_refused_with_those_that_are_there(shop: Shop) -> None:
    with pytest.raises(UnknownPartner) as refused:
        shop.statement("acmee")

    assert refused.value.params == {"partner": "acmee", "known": "acme, bolt"}


def test_a_programme_without_partners_says_so(database: str) -> None:
    published = publish(database)

    with connected(database) as conn, pytest.raises(NoPartners):
        show_partner(conn, published, "acme", date(2026, 3, 1))
