"""Points that partners pay for, in the accounts: owed by the partner, deferred at its price, never the sale's."""

from __future__ import annotations

from datetime import UTC, date, datetime

import psycopg
import pytest

from application.shop import prove
from application.test_close_accounts import Shop as Accounts
from application.test_close_accounts import on
from cagnotte.application.burn_points import BurnPoints, burn_points
from cagnotte.application.expire_lots import expire_lots
from cagnotte.application.record_sale import record_sale
from cagnotte.application.return_sale import ReturnSale, return_sale
from cagnotte.application.sale_command import SaleCommand, SaleLine
from cagnotte.application.send_points import SendPoints, send_points
from cagnotte.application.show_rollforward import show_rollforward
from cagnotte.domain.points.accounts import Role
from cagnotte.storage.database import connected

PROGRAMME = """
[programme]
code = "maison"
currency = "EUR"
timezone = "Europe/Paris"

[wallets.points]
expiry = { after = "12 months" }
value = { points = 1, amount = 100 }
accounting = { breakage = 500 }
[transfers]
wallets = ["points"]

[partners.acme]
name = "Acme"
price = { points = 1, amount = 80 }

[[earn]]
code = "base"
points = 1
per = 1000
[[earn]]
code = "acme"
points = 3
per = 1000
lines = 'line.brand == "acme"'
funded_by = "acme"
"""
JANUARY, FEBRUARY = date(2026, 1, 1), date(2026, 2, 1)
BEFORE = (
    "DELETE FROM accounting_receivable",
    "DELETE FROM accounting_entry WHERE partner <> ''",
    "DELETE FROM accounting_lot WHERE partner <> ''",
    "DELETE FROM accounting_portfolio WHERE partner <> ''",
    "UPDATE accounting_lot SET points = lot_points, lot_points = NULL",
    "UPDATE accounting_portfolio SET points = 400",
    "UPDATE accounting_entry SET entry_no = 1",
    "UPDATE accounting_period SET with_partners = false, entries = 1, last_entry = 1",
)
LATER = datetime(2026, 6, 1, 9, tzinfo=UTC)


class Shop(Accounts):
    """1 point for 10.00 paid, worth 1.00; 3 more for 10.00 of Acme, which pays 0.80 for each."""

    def __init__(self, dsn: str, text: str = PROGRAMME) -> None:
        super().__init__(dsn, text)

    def sell(self, at: datetime, acme: int = 100_000, other: int = 0, sale_id: str = "S1") -> None:
        lines = [SaleLine("cup", 4, acme, "home", brand="acme")]
        lines += [SaleLine("bread", 1, other, "food")] if other else []
        with connected(self.dsn) as conn:
            sale = SaleCommand(sale_id, "367", at, tuple(lines), "carol")
            record_sale(conn, self.published, sale, key=sale_id, now=at)

    def bring_back(self, at: datetime, *lines: tuple[int, int], sale_id: str = "S1") -> None:
        with connected(self.dsn) as conn:
            command = ReturnSale(sale_id, lines or None)
            return_sale(conn, self.published, command, key=f"r{next(self.keys)}", now=at)

    def rolled(self, month: date) -> dict[str, tuple[int, dict[str, int], int]]:
        """Partner -> what was deferred before the month, what changed it, and what is deferred at its end."""
        with connected(self.dsn) as conn:
            rows = show_rollforward(conn, month).of(Role.DEFERRED)
        return {
            row.partner: (
                row.opening,
                {why.value: minor for why, minor in row.changes.items() if minor},
                row.closing,
            )
            for row in rows
        }


def as_before_the_migration(dsn: str) -> None:
    """January as it was closed before partners stood in the accounts: all points of the lot are the sale's."""
    with psycopg.connect(dsn) as conn:
        for table in ("period", "lot", "portfolio", "entry", "receivable"):
            conn.execute(f"ALTER TABLE accounting_{table} DISABLE TRIGGER USER".encode())
        for statement in BEFORE:
            conn.execute(statement.encode())
        for table in ("period", "lot", "portfolio", "entry", "receivable"):
            conn.execute(f"ALTER TABLE accounting_{table} ENABLE TRIGGER USER".encode())


@pytest.fixture
def shop(database: str) -> Shop:
    return Shop(database)


def test_a_partner_owes_its_price_and_the_sale_defers_its_own_points_alone(shop: Shop) -> None:
    """1,000.00 of Acme: 100 points of the shop's (1,000.00 x 95 / 1,095), 300 that Acme pays 240.00 for."""
    shop.sell(on(1, 10))

    shop.close(JANUARY)

    assert shop.booked(JANUARY) == {
        "418100 funded": 24_000,
        "487000 funded": -24_000,
        "487000 sale": -8_676,
        "707000 sale": 8_676,
    }
    assert sorted(shop.own(JANUARY)) == [(100, 8_676, 8_676), (300, 24_000, 24_000)]
    prove(shop.dsn)


def test_the_worked_example_of_the_page(shop: Shop) -> None:
    """40 points are used, 10 of the shop's own of 95 that are expected to be, 30 of Acme's of 285."""
    shop.sell(on(1, 10))
    shop.do(burn_points, BurnPoints("carol", 40), on(2, 3))

    shop.close(JANUARY)
    shop.close(FEBRUARY)

    assert shop.booked(FEBRUARY) == {"487000 used": 3_439, "707000 used": -3_439}
    assert shop.rolled(FEBRUARY) == {
        "": (8_676, {"used": -913}, 7_763),
        "acme": (24_000, {"used": -2_526}, 21_474),
    }
    prove(shop.dsn)


def test_a_return_takes_back_what_was_owed_and_deferred_at_the_same_figures(shop: Shop) -> None:
    shop.sell(on(1, 10))
    shop.close(JANUARY)
    shop.bring_back(on(2, 3))

    shop.close(FEBRUARY)

    assert shop.booked(FEBRUARY) == {
        "418100 taken_back": -24_000,
        "487000 taken_back": 8_676 + 24_000,
        "707000 taken_back": -8_676,
    }
    assert shop.own(FEBRUARY) == []
    prove(shop.dsn)


def test_a_part_of_a_return_takes_the_partners_points_of_the_partners_part(shop: Shop) -> None:
    """One of four cups: 75 points of Acme's 300 and 25 of the shop's 100, of one lot."""
    shop.sell(on(1, 10))
    shop.bring_back(on(1, 12), (1, 1))

    shop.close(JANUARY)

    assert sorted(shop.own(JANUARY)) == [(75, 6_507, 6_507), (225, 18_000, 18_000)]
    assert shop.booked(JANUARY)["418100 taken_back"] == -6_000
    prove(shop.dsn)


def test_what_a_partner_gets_back_for_points_that_are_spent_is_taken_off_the_revenue(shop: Shop) -> None:
    """All 400 are used, the whole comes back: the partner gets 240.00 back, of which no liability is left."""
    shop.sell(on(1, 10))
    shop.do(burn_points, BurnPoints("carol", 400), on(1, 12))
    shop.close(JANUARY)
    shop.bring_back(on(2, 3))

    shop.close(FEBRUARY)

    assert shop.booked(FEBRUARY) == {"418100 credited": -24_000, "707000 credited": 24_000}
    prove(shop.dsn)


def test_expiry_beyond_the_estimate_earns_what_is_left_of_the_partners_price(shop: Shop) -> None:
    shop.sell(on(1, 10))
    shop.do(burn_points, BurnPoints("carol", 40), on(1, 12))
    with connected(shop.dsn) as conn:
        expire_lots(conn, shop.published, date(2027, 1, 15), dry_run=False)
    after = datetime(2027, 3, 1, tzinfo=UTC)

    for month in range(1, 13):
        shop.close(date(2026, month, 1), now=after)
    shop.close(date(2027, 1, 1), now=after)

    assert shop.rolled(date(2027, 1, 1)) == {
        "": (7_763, {"expired": -7_763}, 0),
        "acme": (21_474, {"expired": -21_474}, 0),
    }


def test_points_that_go_to_another_member_take_the_partners_price_with_them(shop: Shop) -> None:
    """Of 400 points 200 go: half of each part, in one lot that is told apart no more."""
    shop.sell(on(1, 10))
    shop.do(send_points, SendPoints("carol", "dan", 200), on(1, 20))

    shop.close(JANUARY)

    assert sorted(shop.own(JANUARY)) == [(50, 4_338, 4_338), (150, 12_000, 12_000), (200, 16_338, 16_338)]
    assert shop.booked(JANUARY)["580000 sent"] == -16_338
    prove(shop.dsn)


def test_what_arrives_late_is_owed_in_the_month_that_is_closed_next(shop: Shop) -> None:
    shop.sell(on(1, 10))
    shop.close(JANUARY)
    before = shop.journal(JANUARY)
    shop.sell(on(1, 20), sale_id="S2")

    shop.close(FEBRUARY)

    assert shop.booked(FEBRUARY)["418100 funded late"] == 24_000
    assert shop.journal(JANUARY) == before
    prove(shop.dsn)


def test_what_months_closed_before_partners_were_entered_stays_as_it_was(shop: Shop) -> None:
    """Their lots are the sale's own, and what the partner owed then is not entered a second time."""
    shop.sell(on(1, 10))
    shop.close(JANUARY)
    as_before_the_migration(shop.dsn)
    shop.bring_back(on(2, 3), (1, 1))

    shop.close(FEBRUARY)

    assert shop.booked(FEBRUARY)["418100 credited"] == -6_000
    prove(shop.dsn)


def test_points_of_a_partner_that_buy_nothing_are_earned_when_they_are_given(database: str) -> None:
    shop = Shop(database, PROGRAMME.replace("value = { points = 1, amount = 100 }", ""))
    shop.sell(on(1, 10))

    shop.close(JANUARY)

    assert shop.booked(JANUARY) == {"418100 credited": 24_000, "707000 credited": -24_000}
    prove(shop.dsn)


def test_the_price_of_small_lots_is_rounded_once_as_on_the_statement(database: str) -> None:
    """3 points at 0.008 are 0.024: each of ten sales would round to 0.02, all of them together are 0.24."""
    shop = Shop(database, PROGRAMME.replace("points = 1, amount = 80", "points = 100, amount = 80"))
    for number in range(10):
        shop.sell(on(1, 10, number + 1), acme=1_000, sale_id=f"S{number}")

    shop.close(JANUARY)

    assert shop.booked(JANUARY)["418100 funded"] == 24
    assert sum(minor for name, minor in shop.booked(JANUARY).items() if name.startswith("418100")) == 24
    prove(shop.dsn)
