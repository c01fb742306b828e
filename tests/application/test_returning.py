"""Returns and voids of recorded sales: once, in any parts and any order, and undone to the last point."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from itertools import permutations

import msgspec
import psycopg
import pytest

from application.shop import PROGRAMME, a_sale, enrol, prove, publish, state
from cagnotte.application.burn_points import BurnPoints, burn_points
from cagnotte.application.errors import ActInFuture, KeyReused
from cagnotte.application.hold_points import HoldPoints, hold_points
from cagnotte.application.record_sale import record_sale
from cagnotte.application.return_answer import LineRefunded, PointsReturned, ReturnAnswer
from cagnotte.application.return_sale import Returned, ReturnSale, return_sale
from cagnotte.application.sale_command import SaleCommand, SaleLine
from cagnotte.application.show_member import show_member
from cagnotte.application.void_sale import VoidSale, void_sale
from cagnotte.domain.evaluator.decision import RefusalCode
from cagnotte.storage.database import connected
from cagnotte.storage.sql import sql

SOLD = datetime(2026, 3, 2, 9, tzinfo=UTC)
BACK = datetime(2026, 3, 5, 9, tzinfo=UTC)
THREE = (SaleLine("bread", 3, 3000, "bakery"), SaleLine("milk", 1, 1050), SaleLine("bag", 2, -50))
PAYS = """
[programme]
code = "maison"
currency = "EUR"
timezone = "Europe/Paris"

[wallets.points]
expiry = { after = "30 days" }
value = { points = 10, amount = 100 }

[[earn]]
code = "base"
points = 1
per = 100
"""


class Shop:
    """Carol is a member; S1 is hers: three breads, a milk, and two bags at a price below zero."""

    def __init__(self, dsn: str, document: str = PROGRAMME) -> None:
        self.dsn, self.published = dsn, publish(dsn, document)
        with connected(dsn) as conn:
            enrol(conn, "carol", "dan")

    def sell(self, sale: SaleCommand) -> None:
        with connected(self.dsn) as conn:
            record_sale(conn, self.published, sale, key=sale.sale_id, now=SOLD + timedelta(days=60))

    def act(self, command: ReturnSale | VoidSale, key: str = "r", now: datetime = BACK) -> Returned:
        with connected(self.dsn) as conn:
            if isinstance(command, VoidSale):
                return void_sale(conn, self.published, command, key=key, now=now)
            return return_sale(conn, self.published, command, key=key, now=now)

    def say(self, command: ReturnSale | VoidSale, key: str = "r", now: datetime = BACK) -> ReturnAnswer:
        return msgspec.json.decode(self.act(command, key, now).body, type=ReturnAnswer)

    def points(self, on: date = date(2026, 3, 5)) -> int:
        with connected(self.dsn) as conn:
            shown = show_member(conn, self.published, "carol", on)
        assert shown is not None
        return shown.balances[0].points


@pytest.fixture
def shop(database: str) -> Shop:
    shop = Shop(database)
    shop.sell(SaleCommand("S1", "367", SOLD, THREE, "carol"))
    return shop


def codes(answer: ReturnAnswer) -> list[RefusalCode]:
    return [refusal.code for refusal in answer.refusals]


def test_a_part_takes_back_what_its_lines_earned_and_says_what_to_refund(shop: Shop) -> None:
    said = shop.say(ReturnSale("S1", ((1, 2),)))

    assert (said.refund_minor, said.is_whole, said.member) == (2000, False, "carol")
    assert [(each.rule, each.points) for each in said.earned] == [("base", -20)]
    assert said.points == (PointsReturned("points", 20, 0, 0, 0),)
    assert shop.points() == 20
    prove(shop.dsn)


def test_money_is_refunded_without_goods_and_the_books_hold(shop: Shop) -> None:
    said = shop.say(ReturnSale("S1", amount_minor=1_000, of_line=1))
    rest = shop.say(ReturnSale("S1"), key="rest")

    assert (said.refund_minor, said.lines, said.is_whole) == (1_000, (), False)
    assert said.refunds == (LineRefunded(1, 1_000),)
    assert [(each.rule, each.points) for each in said.earned] == [("base", -10)]
    assert (rest.refund_minor, rest.is_whole, shop.points()) == (3_000, True, 0)
    prove(shop.dsn)


def test_the_same_key_gives_the_same_bytes_and_another_return_of_it_is_refused(shop: Shop) -> None:
    first = shop.act(ReturnSale("S1", ((1, 1),)))
    before = state(shop.dsn)

    again = shop.act(ReturnSale("S1", ((1, 1),)))

    assert (first.status, again.status, again.replayed, again.body) == (201, 201, True, first.body)
    assert state(shop.dsn) == before
    with pytest.raises(KeyReused):
        shop.act(ReturnSale("S1", ((1, 2),)))


@pytest.mark.parametrize("order", list(permutations([((1, 2),), ((2, 1),), ((1, 1),)])))
def test_parts_in_any_order_end_where_one_return_of_everything_ends(
    shop: Shop, order: tuple[tuple[tuple[int, int], ...], ...]
) -> None:
    parts = [shop.say(ReturnSale("S1", lines), key=f"p{n}") for n, lines in enumerate((*order, ((3, 2),)))]

    assert [part.is_whole for part in parts] == [False, False, False, True]
    assert sum(part.refund_minor for part in parts) >= 4000  # never asked back on the way
    assert (shop.points(), codes(shop.say(ReturnSale("S1"), key="more"))) == (0, [RefusalCode.NOTHING_TO_RETURN])
    with connected(shop.dsn) as conn:
        days = conn.execute("SELECT paid_minor, visits FROM member_day").fetchall()
    assert days in ([], [(0, 0)])
    prove(shop.dsn)


def test_a_void_undoes_all_that_is_left_and_is_kept_as_one(shop: Shop) -> None:
    shop.act(ReturnSale("S1", ((2, 1),)), key="part")

    said = shop.say(VoidSale("S1", reason="typed twice"), key="void")

    assert (said.is_void, said.is_whole, shop.points()) == (True, True, 0)
    with connected(shop.dsn) as conn:
        kept = conn.execute("SELECT is_void, reason FROM sale_return ORDER BY return_id").fetchall()
    assert kept == [(False, ""), (True, "typed twice")]


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (((1, 4),), RefusalCode.MORE_THAN_SOLD),
        (((1, 0),), RefusalCode.QUANTITY_MUST_BE_POSITIVE),
        (((1, -1),), RefusalCode.QUANTITY_MUST_BE_POSITIVE),
        (((4, 1),), RefusalCode.UNKNOWN_LINE),
        (((0, 1),), RefusalCode.UNKNOWN_LINE),
        ((), RefusalCode.NOTHING_TO_RETURN),
    ],
)
def test_what_cannot_come_back_is_refused_and_refused_again(
    shop: Shop, lines: tuple[tuple[int, int], ...], code: RefusalCode
) -> None:
    before = state(shop.dsn)

    first = shop.act(ReturnSale("S1", lines))
    again = shop.act(ReturnSale("S1", lines))

    assert codes(msgspec.json.decode(first.body, type=ReturnAnswer)) == [code]
    assert (first.status, again.status, again.body, again.replayed) == (409, 409, first.body, True)
    assert state(shop.dsn) == before


def test_a_return_before_its_sale_or_in_the_future_is_refused(shop: Shop) -> None:
    early = ReturnSale("S1", at=SOLD - timedelta(seconds=1))

    assert codes(shop.say(early)) == [RefusalCode.RETURN_BEFORE_SALE]
    with pytest.raises(ActInFuture):
        shop.act(ReturnSale("S1", at=BACK + timedelta(minutes=11)), key="future")


def test_a_return_before_its_sale_arrived_stays_refused_under_its_key_and_is_done_under_a_new_one(
    shop: Shop,
) -> None:
    first = shop.act(ReturnSale("S2"), key="early")
    shop.sell(a_sale("S2", at=SOLD.isoformat(), paid=[5000]))

    again = shop.act(ReturnSale("S2"), key="early")
    anew = shop.act(ReturnSale("S2"), key="anew")

    assert codes(msgspec.json.decode(first.body, type=ReturnAnswer)) == [RefusalCode.UNKNOWN_SALE]
    assert (first.status, again.status, again.body, again.replayed) == (404, 404, first.body, True)
    assert (anew.status, shop.points()) == (201, 40)


def test_a_guests_sale_comes_back_and_moves_no_points(shop: Shop) -> None:
    shop.sell(a_sale("G", at=SOLD.isoformat(), member=None, paid=[5000, 700]))
    entries = state(shop.dsn)

    said = shop.say(ReturnSale("G", ((1, 1),)))
    twice = shop.say(ReturnSale("G", ((1, 1),)), key="twice")

    assert (said.member, said.refund_minor, said.points, said.balances) == (None, 5000, (), ())
    assert codes(twice) == [RefusalCode.MORE_THAN_SOLD]
    assert state(shop.dsn) == entries


def test_points_that_had_expired_are_said_to_have_expired(shop: Shop) -> None:
    with connected(shop.dsn) as conn:
        burn_points(conn, shop.published, BurnPoints("carol", 5), key="b", now=SOLD)

    said = shop.say(ReturnSale("S1", ((1, 2),)), now=SOLD + timedelta(days=40))

    assert [(each.rule, each.points) for each in said.earned] == [("base", -20)]
    assert said.points == (PointsReturned("points", 0, 0, 0, 0, expired=20),)
    prove(shop.dsn)


def test_points_spent_meanwhile_are_forgiven_and_said(shop: Shop) -> None:
    with connected(shop.dsn) as conn:
        burn_points(conn, shop.published, BurnPoints("carol", 35), key="b", now=SOLD)

    said = shop.say(ReturnSale("S1"))

    assert said.points == (PointsReturned("points", 5, 0, 35, 0),)
    assert shop.points() == 0
    prove(shop.dsn)


def test_points_that_a_hold_gave_back_to_an_ended_lot_have_expired(database: str) -> None:
    """The lot was all set aside, and hold and lot are over by the day of the return."""
    shop = Shop(database, PAYS)
    shop.sell(a_sale("S1", at=SOLD.isoformat(), paid=[4000]))
    month = 31 * 24 * 60
    with connected(database) as conn:
        hold_points(conn, shop.published, HoldPoints("carol", 40, minutes=month), key="h", now=SOLD)

    said = shop.say(ReturnSale("S1"), now=SOLD + timedelta(days=60))

    assert said.points == (PointsReturned("points", 0, 0, 0, 0, expired=40),)
    prove(database)


def test_nothing_is_owed_for_points_of_the_sale_that_expired(shop: Shop) -> None:
    later = SOLD + timedelta(days=40)

    said = shop.say(ReturnSale("S1"), now=later)

    assert (said.points, said.refund_minor) == ((PointsReturned("points", 0, 0, 0, 0, expired=40),), 4000)
    prove(shop.dsn)


def test_points_that_paid_go_back_to_the_very_lots_with_their_dates(another_database: str) -> None:
    shop = Shop(another_database, PAYS)
    shop.sell(a_sale("S1", at=SOLD.isoformat(), paid=[3000]))
    pay = msgspec.structs.replace(
        a_sale("S2", at=(SOLD + timedelta(days=1)).isoformat(), paid=[2000]), pay_with_points={"points": 30}
    )
    shop.sell(pay)
    with connected(shop.dsn) as conn:
        drawn = conn.execute("SELECT points_open, expires_on FROM ledger_lot ORDER BY lot_id").fetchall()

    said = shop.say(ReturnSale("S2"))

    with connected(shop.dsn) as conn:
        lots = conn.execute("SELECT points_open, expires_on FROM ledger_lot ORDER BY lot_id").fetchall()
    assert drawn[0] == (0, date(2026, 4, 1))
    assert lots[0] == (30, date(2026, 4, 1))
    assert [(each.wallet, each.given_back) for each in said.points] == [("points", 30)]
    assert said.refund_minor == 1700
    assert shop.points() == 30
    prove(shop.dsn)


def test_what_goes_back_to_an_ended_lot_pays_for_what_is_taken_back_by_the_same_return(database: str) -> None:
    """The return of S1 had to take some of the points of S2; what was left of them has expired."""
    shop = Shop(database, PAYS)
    shop.sell(a_sale("S1", at=SOLD.isoformat(), paid=[4000]))
    paid = a_sale("S2", at=(SOLD + timedelta(days=1)).isoformat(), paid=[2000])
    shop.sell(msgspec.structs.replace(paid, pay_with_points={"points": 10}))
    shop.act(ReturnSale("S1"), key="first")

    said = shop.say(ReturnSale("S2"), key="second", now=SOLD + timedelta(days=60))

    points = next(each for each in said.points if each.wallet == "points")
    assert (points.given_back, points.taken_back) == (10, 10)
    assert shop.points(date(2026, 5, 1)) == 0
    prove(database)


def test_a_tier_reached_by_the_sale_is_lost_with_it(shop: Shop) -> None:
    shop.sell(a_sale("S2", at=(SOLD + timedelta(hours=1)).isoformat(), paid=[20_000]))

    said = shop.say(ReturnSale("S2"))

    assert said.tier is None
    with connected(shop.dsn) as conn:
        causes = conn.execute("SELECT tier_after, cause FROM tier_change ORDER BY change_id").fetchall()
    assert causes == [("gold", "reached"), (None, "returned")]


def test_four_tills_that_take_the_same_article_back_at_once_take_it_once(shop: Shop) -> None:
    with ThreadPoolExecutor(4) as tills:
        said = list(tills.map(lambda n: shop.act(ReturnSale("S1", ((2, 1),)), key=f"k{n}"), range(4)))

    assert sorted(each.status for each in said) == [201, 409, 409, 409]
    assert shop.points() == 29  # whole steps of what stays: 29.50
    prove(shop.dsn)


def test_a_return_cannot_be_changed_afterwards(shop: Shop) -> None:
    shop.act(ReturnSale("S1"))

    for table in ("sale_return", "sale_return_line", "sale_correction"):
        with psycopg.connect(shop.dsn) as conn, pytest.raises(psycopg.errors.InsufficientPrivilege):
            conn.execute(f"DELETE FROM {table}".encode())


def test_what_was_paid_back_is_taken_off_in_the_month_in_which_it_was(shop: Shop) -> None:
    shop.sell(a_sale("G", at=SOLD.isoformat(), member=None, paid=[5000]))
    shop.act(ReturnSale("S1", ((1, 1),)), key="march")
    shop.act(ReturnSale("S1", ((2, 1),)), key="april", now=BACK + timedelta(days=30))
    shop.act(ReturnSale("G"), key="guest")
    span = {"first_day": date(2026, 3, 1), "end_day": date(2026, 5, 1)}

    with connected(shop.dsn) as conn:
        months = conn.execute(sql("cagnotte.analytics.dashboard", "sales_by_month"), span).fetchall()
        stores = conn.execute(sql("cagnotte.analytics.dashboard", "store_ranking"), span).fetchall()
        store = {**span, "store_id": stores[0][1]}
        of_store = conn.execute(sql("cagnotte.analytics.dashboard", "store_by_month"), store).fetchall()

    march, april = (date(2026, 3, 1), 1, 3000, 1, 0, 1), (date(2026, 4, 1), 0, -1050, 0, 0, 0)
    assert months == [march, april]
    assert of_store == [march, april]
    assert stores[0][4:] == (1, 1950, 1, 0)
