"""Breakage estimated, kept and counted with by closings; the liability by its cuts; a closing of the programme."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime

import psycopg
import pytest

from application.shop import a_sale, enrol, prove, publish
from cagnotte.application.accounts_refusals import (
    ClosingTooEarly,
    NothingClosed,
    NothingGiven,
    PeriodNotOver,
    PeriodOpen,
    WalletNotValued,
)
from cagnotte.application.burn_points import BurnPoints, burn_points
from cagnotte.application.close_accounts import close_accounts
from cagnotte.application.forecast_closing import Forecast, ForecastClosing, forecast_closing
from cagnotte.application.programme_refusals import NotAllowed
from cagnotte.application.programme_staff import EVERYTHING, Actor, Permission
from cagnotte.application.record_sale import record_sale
from cagnotte.application.show_accounts import show_accounts
from cagnotte.application.show_breakage import BackTest, Shown, back_test_estimates, show_breakage
from cagnotte.application.show_journal import show_journal
from cagnotte.application.show_liability import Cut, show_liability
from cagnotte.domain.accounting.values import Valued, allocated
from cagnotte.domain.points.terms import UnitValue
from cagnotte.ledger.accounts import periods
from cagnotte.ledger.cohorts import read_triangles
from cagnotte.storage.breakage import made_estimate
from cagnotte.storage.database import connected

FINANCE = Actor("fabienne", EVERYTHING, "terminal")
PROGRAMME = """
[programme]
code = "maison"
currency = "EUR"
timezone = "Europe/Paris"
[wallets.points]
expiry = { after = "12 months" }
value = { points = 1, amount = 100 }
accounting.breakage = 500
ESTIMATE
[wallets.status]
[[earn]]
code = "base"
points = 1
per = 1000
[[earn]]
code = "status"
wallet = "status"
points = 1
per = 100
[[tiers]]
code = "gold"
reach = { spend = 250000, within = "12 months" }
"""
JANUARY, FEBRUARY, MARCH = (date(2026, month, 1) for month in (1, 2, 3))
LATER = datetime(2026, 6, 1, 9, tzinfo=UTC)
MEMBERS = [f"m{number}" for number in range(12)]


class Shop:
    """Twelve members buy for 1,000.00 in January and in February, at one of two stores: 100 points, 1.00 each.

    Half of them use 60 in each month.
    """

    def __init__(self, dsn: str, estimate: str) -> None:
        self.dsn, self.keys = dsn, iter(range(1_000))
        self.published = publish(dsn, PROGRAMME.replace("ESTIMATE", estimate))
        with connected(dsn) as conn:
            enrol(conn, *MEMBERS)
        for month in (1, 2):
            for number, member in enumerate(MEMBERS):
                self.sale(datetime(2026, month, 5, 12, tzinfo=UTC), member, f"S{month}-{number}", str(number % 2))
                if number % 2:
                    self.burn(member, 60, datetime(2026, month, 20, 12, tzinfo=UTC))

    def sale(self, at: datetime, member: str, sale_id: str, store: str) -> None:
        with connected(self.dsn) as conn:
            sale = a_sale(sale_id, at=at.isoformat(), paid=[100_000], member=member, store=store)
            record_sale(conn, self.published, sale, key=sale_id, now=LATER)

    def burn(self, member: str, points: int, at: datetime) -> None:
        with connected(self.dsn) as conn:
            burn_points(conn, self.published, BurnPoints(member, points), key=f"b{next(self.keys)}", now=at)

    def close(self, *months: date) -> None:
        with connected(self.dsn) as conn:
            for month in months:
                assert close_accounts(conn, self.published, month, FINANCE, now=LATER).new

    def shown(self, month: date, wallet: str = "points", now: datetime = LATER) -> Shown:
        with connected(self.dsn) as conn:
            return show_breakage(conn, self.published, wallet, month, now=now)

    def tested(self, month: date) -> BackTest:
        with connected(self.dsn) as conn:
            return back_test_estimates(conn, self.published, "points", month, now=LATER)

    def forecast(self, asked: ForecastClosing) -> Forecast:
        with connected(self.dsn) as conn:
            return forecast_closing(conn, self.published, asked, now=LATER)

    def owed(self, month: date) -> int:
        """The balance of the accounts by the entries of all months up to this one."""
        with connected(self.dsn) as conn:
            lines = [line for each in (JANUARY, FEBRUARY, MARCH) if each <= month for line in _lines(conn, each)]
        return sum(credit - debit for account, debit, credit in lines if account in {487_000, 151_800})


def _lines(conn: psycopg.Connection, month: date) -> Iterator[tuple[int, int, int]]:
    for line in show_journal(conn, month).lines:
        yield line.account, line.debit_minor, line.credit_minor


@pytest.fixture
def shop(database: str) -> Shop:
    return Shop(database, "accounting.estimate = {}")


def test_a_closing_keeps_the_estimate_with_what_it_was_made_of(shop: Shop) -> None:
    shop.close(JANUARY, FEBRUARY)

    found = shop.shown(FEBRUARY)

    assert found.is_kept
    assert [(each.seen.given, each.seen.used, each.open) for each in found.made.estimate.cohorts] == [
        (1_200, 600, 600),
        (1_200, 120, 1_080),
    ]
    assert [[cell.used for cell in column] for column in found.made.columns.values()] == [[360, 240], [120]]
    assert found.before == shop.shown(JANUARY).made
    assert found.made.lots == 24
    with psycopg.connect(shop.dsn) as conn, pytest.raises(psycopg.errors.InsufficientPrivilege):
        conn.execute("UPDATE breakage_estimate SET applied = 0")


def test_what_is_posted_later_does_not_change_what_was_known(shop: Shop) -> None:
    shop.close(JANUARY)
    shop.burn("m0", 100, datetime(2026, 1, 30, 12, tzinfo=UTC))

    with connected(shop.dsn) as conn:
        [period] = periods(conn)
        then = read_triangles(conn, JANUARY, period.known_at)["points"]
        now = read_triangles(conn, JANUARY, LATER.replace(year=2999))["points"]
        kept = made_estimate(conn, "points", JANUARY)

    assert kept is not None
    assert then.whole() == kept.columns
    assert sum(cell.used for cell in now.whole()[JANUARY]) == 360 + 100


def test_where_it_is_constrained_only_the_lower_end_counts_and_the_entries_follow(shop: Shop) -> None:
    shop.close(JANUARY, FEBRUARY)

    made = shop.shown(FEBRUARY).made

    assert made.applied_new == made.estimate.new.low < made.estimate.new.value
    assert made.applied == {each.cohort: each.breakage.low for each in made.estimate.cohorts}
    with psycopg.connect(shop.dsn) as conn:
        counted = dict(
            conn.execute("SELECT given_in, breakage FROM accounting_portfolio WHERE month = '2026-02-01'")
        )
        valued = {row[0] for row in conn.execute("SELECT breakage FROM accounting_lot WHERE month = '2026-02-01'")}
    assert counted == made.applied
    assert valued == {made.applied_new}
    prove(shop.dsn)


def test_unconstrained_the_estimate_counts_up_to_the_ceiling(database: str) -> None:
    """Use goes on as in January: 30 % a month, and what is left in the twelfth month expires: 0.7 ^ 12 of it."""
    shop = Shop(database, "accounting.estimate = { constrained = false }")
    shop.close(JANUARY)

    made = shop.shown(JANUARY).made

    assert made.estimate.new.value == made.applied_new == round(10_000 * 0.7**12)
    [amount] = allocated(100_000, [Valued(100, UnitValue(1, 100), made.applied_new)])
    with psycopg.connect(shop.dsn) as conn:
        assert {row[0] for row in conn.execute("SELECT amount_minor FROM accounting_lot")} == {amount}


def test_without_the_table_the_estimate_is_shown_and_does_not_count(database: str) -> None:
    shop = Shop(database, "")
    shop.close(JANUARY, FEBRUARY)

    found = shop.shown(FEBRUARY)

    assert (found.made.terms, found.made.applied_new, found.booked_minor) == (None, 500, 0)
    with psycopg.connect(shop.dsn) as conn:
        assert {row[0] for row in conn.execute("SELECT breakage FROM accounting_portfolio")} == {500}


def test_what_a_person_stated_for_the_month_stands(shop: Shop) -> None:
    with psycopg.connect(shop.dsn, autocommit=True) as conn:
        conn.execute(
            "INSERT INTO breakage_estimate VALUES ('points', '2026-01-01', 2000, 1900, 2100, 9, 'by hand', now())"
        )
    shop.close(JANUARY)

    with psycopg.connect(shop.dsn) as conn:
        assert {row[0] for row in conn.execute("SELECT breakage FROM accounting_portfolio")} == {2000}
        assert made_estimate(conn, "points", JANUARY) is None
    assert not shop.shown(JANUARY).is_kept


def test_another_estimate_changes_what_was_earned_at_once_and_says_by_how_much(database: str) -> None:
    shop = Shop(database, "accounting.estimate = { constrained = false, floor = 3000 }")
    shop.close(JANUARY)
    for member in MEMBERS[1::2]:  # more is used than the floor leaves room for
        shop.burn(member, 80, datetime(2026, 2, 25, 12, tzinfo=UTC))
    shop.close(FEBRUARY)

    booked = shop.shown(FEBRUARY).booked_minor

    with connected(shop.dsn) as conn:
        lines = [line for line in show_journal(conn, FEBRUARY).lines if line.nature.value == "estimate"]
    assert booked == sum(line.credit_minor - line.debit_minor for line in lines if line.account == 487_000)
    assert shop.shown(FEBRUARY).made.applied_new == 3_000


def test_every_cut_adds_up_to_the_balance_of_the_accounts(shop: Shop) -> None:
    shop.sale(datetime(2026, 2, 6, 12, tzinfo=UTC), "m2", "S-more", "0")
    shop.close(JANUARY, FEBRUARY)

    with connected(shop.dsn) as conn:
        found = show_liability(conn, date(2026, 2, 28))
        rows = {(row.cut, row.code): row for row in found.rows}

    sums = Counter[Cut]()
    points = Counter[Cut]()
    for row in found.rows:
        sums[row.cut] += row.balance_minor
        points[row.cut] += row.points
    assert set(sums.values()) == {shop.owed(FEBRUARY)}
    assert set(points.values()) == {600 + 1_080 + 100}
    assert [code for cut, code in rows if cut is Cut.COHORT] == ["2026-01", "2026-02"]
    assert rows[Cut.TIER, "gold"].points == 300
    assert (rows[Cut.STORE, "0"].points, rows[Cut.STORE, "1"].points) == (1_300, 480)
    assert rows[Cut.WALLET, "points"].value_minor == 178_000
    assert rows[Cut.WALLET, "points"].expected_points <= 1_780


def test_the_liability_is_kept_and_a_month_that_is_open_has_none(shop: Shop) -> None:
    shop.close(JANUARY)
    with connected(shop.dsn) as conn:
        before = show_liability(conn, JANUARY)
    shop.burn("m0", 100, datetime(2026, 1, 30, 12, tzinfo=UTC))

    with connected(shop.dsn) as conn:
        assert show_liability(conn, JANUARY) == before
        with pytest.raises(PeriodOpen):
            show_liability(conn, FEBRUARY)


def test_a_back_test_holds_the_estimates_made_then_against_what_happened(shop: Shop) -> None:
    shop.close(JANUARY, FEBRUARY)

    found = shop.tested(FEBRUARY)

    [january] = found.months
    assert (january.is_kept, january.is_same) == (True, True)
    assert (january.tested.open, january.tested.used) == (840, 240)
    assert january.tested.expected.value == round(840 * 0.3)
    assert (january.tested.error, january.tested.is_within) == (500, True)
    assert (found.verdict.months, found.verdict.within, found.verdict.bias) == (1, 1, 500)


def test_months_that_were_never_closed_are_remade_from_what_had_happened(shop: Shop) -> None:
    found = shop.tested(FEBRUARY)

    assert [(each.is_kept, each.is_same, each.tested.used) for each in found.months] == [(False, None, 240)]


def test_points_of_a_closing_join_from_month_to_month_and_the_balance_is_earned(shop: Shop) -> None:
    shop.close(JANUARY, FEBRUARY)

    found = shop.forecast(
        ForecastClosing(
            "points", date(2026, 6, 30), last_earn=date(2026, 4, 15), announced=date(2026, 5, 1), uplift=5_000
        )
    )

    assert [each.month.month for each in found.ahead] == [3, 4, 5, 6]
    opening = 1_680
    for each in found.ahead:
        assert each.opening == opening
        assert each.opening + each.given - each.used - each.expired - each.lost == each.closing
        opening = each.closing
    assert [each.given for each in found.ahead] == [1_200, 600, 0, 0]
    assert (found.ahead[-1].closing, found.ahead[-1].lost > 0) == (0, True)
    assert found.deferred.balance == shop.owed(FEBRUARY)
    assert found.deferred.catch_up + sum(found.deferred.months) == found.deferred.balance
    assert found.deferred.catch_up > 0
    assert found.deferred.goods == tuple(100 * each.used for each in found.ahead)


def test_a_closing_that_is_announced_makes_more_points_used(shop: Shop) -> None:
    shop.close(JANUARY, FEBRUARY)
    asked = ForecastClosing("points", date(2026, 6, 30), announced=date(2026, 3, 1), given=0)

    usual = shop.forecast(asked)
    more = shop.forecast(
        ForecastClosing("points", date(2026, 6, 30), announced=date(2026, 3, 1), given=0, uplift=10_000)
    )
    burned = shop.forecast(ForecastClosing("points", date(2026, 6, 30), last_burn=date(2026, 3, 31), given=0))

    assert more.ahead[0].used == pytest.approx(2 * usual.ahead[0].used, abs=1)
    assert more.ahead[-1].lost < usual.ahead[-1].lost < burned.ahead[-1].lost
    assert len(burned.ahead) == 1


def test_what_cannot_be_shown_is_refused_with_its_reason(shop: Shop) -> None:
    with pytest.raises(NothingClosed):
        shop.forecast(ForecastClosing("points", date(2026, 6, 30)))
    shop.close(JANUARY)

    with pytest.raises(ClosingTooEarly):
        shop.forecast(ForecastClosing("points", date(2026, 1, 31)))
    with pytest.raises(WalletNotValued):
        shop.forecast(ForecastClosing("status", date(2026, 6, 30)))
    with pytest.raises(WalletNotValued):
        shop.shown(JANUARY, wallet="nothing")
    with pytest.raises(NothingGiven):
        shop.shown(date(2025, 12, 1))
    with pytest.raises(PeriodNotOver):
        shop.shown(JANUARY, now=datetime(2026, 1, 31, 22, 59, tzinfo=UTC))


def test_who_may_not_read_the_accounts_is_refused(shop: Shop) -> None:
    with connected(shop.dsn) as conn:
        assert show_accounts(conn, FINANCE, None) is None
        with pytest.raises(NotAllowed):
            show_accounts(conn, Actor("anne", EVERYTHING - {Permission.READ_ACCOUNTS}, "backoffice"), None)
    shop.close(JANUARY, FEBRUARY)

    with connected(shop.dsn) as conn:
        found = show_accounts(conn, FINANCE, JANUARY)
        newest = show_accounts(conn, FINANCE, date(2020, 1, 1))

    assert found is not None
    assert newest is not None
    assert (found.liability.period.month, newest.liability.period.month) == (JANUARY, FEBRUARY)
    assert found.months == (FEBRUARY, JANUARY)
    assert [each.verdict is None for each in (*found.wallets, *newest.wallets)] == [True, False]
