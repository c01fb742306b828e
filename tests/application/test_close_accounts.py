"""Months of the accounts: what each kind of points becomes in them, and that a closed one never changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from typing import Any

import msgspec
import psycopg
import pytest

from application.shop import a_sale, enrol, prove, publish
from cagnotte.application.accounts_refusals import NothingToClose, OtherMonthFirst, PeriodNotOver, PeriodOpen
from cagnotte.application.acting import Acted, PointsAnswer
from cagnotte.application.adjust_points import AdjustPoints, adjust_points
from cagnotte.application.burn_points import BurnPoints, burn_points
from cagnotte.application.buy_points import BuyPoints, buy_points
from cagnotte.application.close_accounts import Closed, close_accounts
from cagnotte.application.end_hold import EndHold, end_hold
from cagnotte.application.exchange_points import ExchangePoints, exchange_points
from cagnotte.application.expire_lots import expire_lots
from cagnotte.application.hold_points import HoldPoints, hold_points
from cagnotte.application.lots_owed import closed_period, show_lots
from cagnotte.application.programme_refusals import NotAllowed
from cagnotte.application.programme_staff import EVERYTHING, Actor, Permission
from cagnotte.application.record_sale import record_sale
from cagnotte.application.sale_command import SaleCommand, SaleLine
from cagnotte.application.send_points import SendPoints, send_points
from cagnotte.application.show_journal import Journal, show_journal
from cagnotte.domain.points.holds import HoldEnd
from cagnotte.storage.database import connected

FINANCE = Actor("fabienne", frozenset({Permission.CLOSE_ACCOUNTS}), "terminal")
PROGRAMME = """
[programme]
code = "maison"
currency = "EUR"
timezone = "Europe/Paris"

[wallets.points]
expiry = { after = "12 months" }
value = { points = 1, amount = 100 }
price = { points = 1, amount = 80 }
[wallets.points.accounting]
breakage = 500
[wallets.miles]
value = { points = 1, amount = 300 }
[wallets.status]

[transfers]
wallets = ["points"]
[[exchanges]]
code = "to-miles"
into = "miles"
give = 10
get = 3

[[earn]]
code = "base"
points = 1
per = 1000
[[earn]]
code = "status"
wallet = "status"
points = 1
per = 100
"""
ESTIMATES = (
    "INSERT INTO breakage_estimate VALUES ('points', '2026-01-01', 2000, 1900, 2100, 9, 'cohorts', now()),"
    " ('points', '2026-02-01', 300, 200, 400, 9, 'cohorts', now())",
)
JANUARY, FEBRUARY, MARCH = (date(2026, month, 1) for month in (1, 2, 3))
LATER = datetime(2026, 6, 1, 9, tzinfo=UTC)
CREATED = 201
type Do = Callable[..., Acted]


class Shop:
    """One point for 10.00 paid, worth 1.00, and sold for 0.80; 5 % of the points are expected never to be used."""

    def __init__(self, dsn: str, text: str = PROGRAMME) -> None:
        self.dsn, self.keys = dsn, iter(range(1_000))
        self.published = publish(dsn, text)
        with connected(dsn) as conn:
            enrol(conn, "carol", "dan")

    def sale(self, at: datetime, paid: int = 100_000, sale_id: str = "S1", member: str = "carol") -> None:
        with connected(self.dsn) as conn:
            sale = a_sale(sale_id, at=at.isoformat(), paid=[paid], member=member)
            record_sale(conn, self.published, sale, key=sale_id, now=LATER)

    def do(self, act: Do, command: Any, at: datetime) -> Acted:
        with connected(self.dsn) as conn:
            acted = act(conn, self.published, command, key=f"k{next(self.keys)}", now=at)
        assert acted.status == CREATED, acted.body
        return acted

    def close(self, month: date, actor: Actor = FINANCE, now: datetime = LATER) -> Closed:
        with connected(self.dsn) as conn:
            return close_accounts(conn, self.published, month, actor, now=now)

    def journal(self, month: date, *, whole_year: bool = False) -> Journal:
        with connected(self.dsn) as conn:
            return show_journal(conn, month, whole_year=whole_year)

    def booked(self, month: date) -> dict[str, int]:
        """Account -> debit less credit, of one month."""
        sums = Counter[str]()
        for line in self.journal(month).lines:
            sums[f"{line.account} {line.nature.value}{' late' if line.late else ''}"] += (
                line.debit_minor - line.credit_minor
            )
        return {account: minor for account, minor in sorted(sums.items()) if minor}

    def own(self, month: date) -> list[tuple[int, int, int]]:
        """(points left, allocated, balance) of each lot."""
        with connected(self.dsn) as conn, conn.transaction():
            lots = list(show_lots(conn, closed_period(conn, month)))
        return [(lot.left, lot.amount_minor, lot.balance_minor) for lot in lots]


@pytest.fixture
def shop(database: str) -> Shop:
    return Shop(database)


def on(month: int, day: int, hour: int = 12) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


def test_example_52_of_ifrs_15_through_the_books(shop: Shop) -> None:
    """Sales of 100,000.00 give 10,000 points and defer 8,675.80; 4,500 used of 9,500 expected earn 4,109.59."""
    shop.sale(on(1, 10), 10_000_000)
    shop.do(burn_points, BurnPoints("carol", 4_500), on(2, 3))

    shop.close(JANUARY)
    shop.close(FEBRUARY)

    assert shop.booked(JANUARY) == {"487000 sale": -867_580, "707000 sale": 867_580}
    assert shop.booked(FEBRUARY) == {"487000 used": 410_959, "707000 used": -410_959}
    assert shop.own(FEBRUARY) == [(5_500, 867_580, 456_621)]
    prove(shop.dsn)


def test_a_month_is_closed_once_and_the_same_is_exported_for_ever(shop: Shop) -> None:
    shop.sale(on(1, 10))
    first = shop.close(JANUARY)
    before = shop.journal(JANUARY)

    shop.do(burn_points, BurnPoints("carol", 50), on(1, 20))
    again = shop.close(JANUARY, Actor("gilles", EVERYTHING, "terminal"))

    assert (first.new, again.new) == (True, False)
    assert again.period == first.period
    assert (first.period.closed_by, first.period.closed_at) == ("fabienne", LATER)
    assert shop.journal(JANUARY) == before


def test_what_becomes_known_later_is_entered_in_the_next_month_and_marked(shop: Shop) -> None:
    shop.sale(on(1, 10))
    shop.close(JANUARY)
    shop.do(burn_points, BurnPoints("carol", 19), on(1, 20))
    shop.sale(on(1, 30), sale_id="S2")

    shop.close(FEBRUARY)

    assert shop.booked(FEBRUARY) == {
        "487000 sale late": -8_676,
        "487000 used late": 1_735,
        "707000 sale late": 8_676,
        "707000 used late": -1_735,
    }
    assert {line.day for line in shop.journal(FEBRUARY).lines} == {date(2026, 2, 1)}
    prove(shop.dsn)


def test_entries_are_numbered_without_a_gap_and_months_closed_in_order(shop: Shop) -> None:
    with pytest.raises(NothingToClose):
        shop.close(JANUARY)
    shop.sale(on(1, 10))
    shop.close(JANUARY)
    with pytest.raises(OtherMonthFirst) as refused:
        shop.close(MARCH)
    shop.do(burn_points, BurnPoints("carol", 10), on(3, 3))

    shop.close(FEBRUARY)
    closed = shop.close(MARCH)

    assert refused.value.params == {"month": "2026-03", "first": "2026-02"}
    assert (closed.period.first_entry, closed.period.last_entry) == (2, 2)
    assert [line.entry_no for line in shop.journal(MARCH, whole_year=True).lines] == [1, 1, 2, 2]
    assert shop.journal(FEBRUARY).lines == ()


def test_a_month_that_is_not_over_or_not_closed_is_refused(shop: Shop) -> None:
    shop.sale(on(1, 10))

    with pytest.raises(PeriodNotOver):
        shop.close(JANUARY, now=datetime(2026, 1, 31, 22, 59, tzinfo=UTC))
    with pytest.raises(PeriodOpen):
        shop.journal(JANUARY)
    assert shop.close(JANUARY, now=datetime(2026, 1, 31, 23, tzinfo=UTC)).new  # midnight in Paris


def test_who_may_not_close_is_refused_and_nothing_is_written(shop: Shop) -> None:
    shop.sale(on(1, 10))

    with pytest.raises(NotAllowed) as refused:
        shop.close(JANUARY, Actor("anne", EVERYTHING - {Permission.CLOSE_ACCOUNTS}, "terminal"))

    assert refused.value.params == {"who": "anne", "permission": "accounts.close"}
    with psycopg.connect(shop.dsn) as conn:
        assert conn.execute("SELECT count(*) FROM accounting_lot").fetchone() == (0,)


def test_four_who_close_at_once_close_once(shop: Shop) -> None:
    shop.sale(on(1, 10))

    with ThreadPoolExecutor(4) as threads:
        closed = list(threads.map(lambda _: shop.close(JANUARY), range(4)))

    assert sorted(each.new for each in closed) == [False, False, False, True]
    assert len({each.period for each in closed}) == 1


def test_expired_points_beyond_the_estimate_are_earned_when_they_expire(shop: Shop) -> None:
    shop.sale(on(1, 10))
    shop.do(burn_points, BurnPoints("carol", 19), on(1, 12))
    shop.close(JANUARY)
    with connected(shop.dsn) as conn:
        expire_lots(conn, shop.published, date(2027, 1, 15), dry_run=False)
    after = datetime(2027, 3, 1, tzinfo=UTC)

    for month in range(2, 13):
        shop.close(date(2026, month, 1), now=after)
    shop.close(date(2027, 1, 1), now=after)

    assert shop.booked(JANUARY) == {"487000 sale": -8_676, "487000 used": 1_735,
                                    "707000 sale": 8_676, "707000 used": -1_735}  # fmt: skip
    assert shop.booked(date(2027, 1, 1)) == {"487000 expired": 6_941, "707000 expired": -6_941}
    assert shop.own(date(2027, 1, 1)) == []


def test_points_that_nobody_paid_for_are_a_provision_and_points_that_were_sold_are_deferred(shop: Shop) -> None:
    shop.do(adjust_points, AdjustPoints("carol", 100, "sorry", "anne"), on(1, 5))
    shop.do(buy_points, BuyPoints("dan", 50), on(1, 6))
    shop.do(burn_points, BurnPoints("carol", 38), on(1, 7))
    shop.do(adjust_points, AdjustPoints("carol", -31, "a mistake", "anne"), on(1, 8))

    shop.close(JANUARY)

    assert shop.booked(JANUARY) == {
        "151800 grant": -9_500,
        "151800 taken_back": 2_945,
        "151800 used": 3_800,
        "471000 bought": 4_000,
        "487000 bought": -4_000,
        "681500 grant": 9_500,
        "781500 taken_back": -2_945,
        "781500 used": -3_800,
    }
    prove(shop.dsn)


def test_points_set_aside_are_owed_until_the_order_is_confirmed(shop: Shop) -> None:
    shop.sale(on(1, 10))
    said = shop.do(hold_points, HoldPoints("carol", 40, minutes=30_000), on(1, 20))
    hold = msgspec.json.decode(said.body, type=PointsAnswer).hold
    assert hold is not None
    shop.close(JANUARY)
    shop.do(end_hold, EndHold("carol", hold, HoldEnd.CONFIRMED, 25), on(2, 3))

    shop.close(FEBRUARY)

    assert shop.booked(JANUARY) == {"487000 sale": -8_676, "707000 sale": 8_676}
    assert shop.booked(FEBRUARY) == {"487000 used": 2_283, "707000 used": -2_283}
    assert shop.own(FEBRUARY) == [(75, 8_676, 6_393)]


def test_points_bring_their_amount_to_other_members_and_wallets(shop: Shop) -> None:
    shop.sale(on(1, 10))
    shop.close(JANUARY)
    shop.do(send_points, SendPoints("carol", "dan", 40), on(2, 3))
    shop.do(exchange_points, ExchangePoints("dan", "to-miles", 2), on(2, 4))

    shop.close(FEBRUARY)

    moved = shop.booked(FEBRUARY)
    assert moved == {
        "487000 received": -3_470 - 1_735,
        "487000 sent": 3_470 + 1_735,
        "580000 received": 3_470 + 1_735,
        "580000 sent": -3_470 - 1_735,
    }
    assert sorted(shop.own(FEBRUARY)) == [(6, 1_735, 1_735), (20, 1_735, 1_735), (60, 5_206, 5_206)]
    prove(shop.dsn)


def test_points_that_buy_nothing_with_a_price_stand_in_no_account(shop: Shop) -> None:
    shop.sale(on(1, 10))

    shop.close(JANUARY)

    with psycopg.connect(shop.dsn) as conn:
        assert conn.execute("SELECT wallet, points, paid_minor, value_minor FROM accounting_lot").fetchall() == [
            ("points", 100, 100_000, 9_500)
        ]


def test_the_price_is_taken_without_the_tax_that_the_till_sends(shop: Shop) -> None:
    """1,200.00 of which 200.00 are tax: the points for 1,200.00 are paid by 1,000.00."""
    with connected(shop.dsn) as conn:
        line = SaleLine("sku", 1, 120_000, "wine", tax_minor=20_000)
        sale = SaleCommand("S1", "367", on(1, 10), (line,), "carol")
        record_sale(conn, shop.published, sale, key="S1", now=LATER)

    shop.close(JANUARY)

    assert shop.own(JANUARY) == [(120, 10_233, 10_233)]  # 100,000 x 11,400 / 111,400


def test_the_newest_estimate_up_to_the_month_stands_before_what_the_programme_says(shop: Shop) -> None:
    """Estimates of 20 % for January and 3 % for February: the amount stays, what was earned is worked out anew."""
    with psycopg.connect(shop.dsn, autocommit=True) as conn:
        for statement in ESTIMATES:
            conn.execute(statement.encode())
    shop.sale(on(1, 10))
    shop.do(burn_points, BurnPoints("carol", 40), on(1, 20))

    shop.close(JANUARY)
    shop.close(FEBRUARY)

    assert shop.booked(JANUARY) == {"487000 sale": -7_407, "487000 used": 3_704,
                                    "707000 sale": 7_407, "707000 used": -3_704}  # fmt: skip
    assert shop.booked(FEBRUARY) == {"487000 estimate": -650, "707000 estimate": 650}


def test_entries_by_day_and_store_when_the_programme_says_so(database: str) -> None:
    shop = Shop(database, f'{PROGRAMME}[accounting]\nentries = "daily"\nportfolios = "store"\n')
    shop.sale(on(1, 10))
    shop.sale(on(1, 11), sale_id="S2", member="dan")
    shop.do(burn_points, BurnPoints("dan", 19), on(1, 12))

    shop.close(JANUARY)

    credited = [line for line in shop.journal(JANUARY).lines if line.credit_minor]
    assert [(line.day.day, line.store, line.nature.value, line.credit_minor) for line in credited] == [
        (10, "367", "sale", 8_676),
        (11, "367", "sale", 8_676),
        (12, "367", "used", 1_735),
    ]


def test_a_closed_month_cannot_be_rewritten(shop: Shop) -> None:
    shop.sale(on(1, 10))
    shop.close(JANUARY)

    for table in ("accounting_period", "accounting_lot", "accounting_portfolio", "accounting_entry"):
        with psycopg.connect(shop.dsn) as conn, pytest.raises(psycopg.errors.InsufficientPrivilege):
            conn.execute(f"DELETE FROM {table}".encode())
    with psycopg.connect(shop.dsn) as conn, pytest.raises(psycopg.errors.CheckViolation):
        conn.execute(
            "INSERT INTO accounting_entry SELECT 99, line_no, month, day, wallet, store_id, kind, nature, late,"
            " role, account, account_name, debit_minor, credit_minor FROM accounting_entry WHERE line_no = 1"
        )
