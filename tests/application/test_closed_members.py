"""Who is closed earns nothing, spends nothing and receives nothing; what undoes, ends or takes goes on."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest

from application.shop import a_sale, enrol, prove, publish, state
from application.test_points_acts import BEGUN, Do, Shop, codes
from application.test_points_acts import PROGRAMME as POINTS_ACTS
from cagnotte.application.acting import PointsAnswer
from cagnotte.application.adjust_points import AdjustPoints, adjust_points
from cagnotte.application.burn_points import BurnPoints, burn_points
from cagnotte.application.buy_points import BuyPoints, buy_points
from cagnotte.application.close_member import CloseMember, ReopenMember, close_member
from cagnotte.application.convert_points import ConversionAnswer, ConvertPoints, convert_points
from cagnotte.application.end_hold import EndHold, end_hold
from cagnotte.application.errors import ReasonMissing
from cagnotte.application.exchange_points import ExchangePoints, exchange_points
from cagnotte.application.extend_lots import ExtendLots, extend_lots
from cagnotte.application.hold_points import HoldPoints, hold_points
from cagnotte.application.record_sale import record_sale
from cagnotte.application.reinstate_points import ReinstatePoints, reinstate_points
from cagnotte.application.return_sale import ReturnSale, return_sale
from cagnotte.application.sale_answer import SaleAnswer
from cagnotte.application.send_points import SendPoints, send_points
from cagnotte.application.show_member import show_member
from cagnotte.application.spend_together import SpendTogether, spend_together
from cagnotte.domain.evaluator.decision import RECEIVER, RefusalCode
from cagnotte.domain.points.holds import HoldEnd
from cagnotte.storage.closings import last_closing
from cagnotte.storage.database import connected
from cagnotte.storage.members import find_member

PROGRAMME = f"""{POINTS_ACTS}
[[conversions]]
code = "gift"
points = 20
voucher = {{ amount = 100 }}
trigger = "on_request"

[[earn]]
code = "birthday"
on = "birthday"
points = 50
"""
LATER = BEGUN + timedelta(hours=1)


@pytest.fixture
def shop(database: str) -> Shop:
    """Carol has 30 points, Dan has 10 and is closed; it is the first of March."""
    published = publish(database, PROGRAMME)
    with connected(database) as conn:
        enrol(conn, "carol", "dan")
        record_sale(conn, published, a_sale("S1", at=BEGUN.isoformat(), paid=[3000]), key="S1", now=BEGUN)
        sold = a_sale("S2", at=BEGUN.isoformat(), paid=[1000], member="dan")
        record_sale(conn, published, sold, key="S2", now=BEGUN)
    shop = Shop(database, published)
    shop.do(close_member, CloseMember("dan", "asked to leave", "ann"), key="close")
    return shop


REFUSED: list[tuple[Do, Any]] = [
    (burn_points, BurnPoints("dan", 5)),
    (hold_points, HoldPoints("dan", 5)),
    (send_points, SendPoints("dan", "carol", 5)),
    (send_points, SendPoints("carol", "dan", 5)),
    (exchange_points, ExchangePoints("dan", "to-miles")),
    (buy_points, BuyPoints("dan", 100)),
    (spend_together, SpendTogether("dan", 5)),
    (adjust_points, AdjustPoints("dan", 5, "kindness", "ann")),
    (extend_lots, ExtendLots("dan", date(2027, 1, 1), "kindness", "ann")),
    (reinstate_points, ReinstatePoints("dan", date(2027, 1, 1), "kindness", "ann")),
]


@pytest.mark.parametrize(("act", "command"), REFUSED)
def test_what_earns_spends_or_receives_is_refused_and_refused_again(shop: Shop, act: Do, command: Any) -> None:
    before = state(shop.dsn)

    first = shop.acted(act, command, now=LATER)
    again = shop.acted(act, command, now=LATER)

    said = msgspec.json.decode(first.body, type=PointsAnswer)
    assert (first.status, said.points, codes(said)) == (409, 0, [RefusalCode.MEMBER_CLOSED])
    assert (again.body, again.status, again.replayed) == (first.body, 409, True)
    assert state(shop.dsn) == before


def test_the_sender_is_told_that_it_is_the_receiver_who_is_closed(shop: Shop) -> None:
    assert shop.do(send_points, SendPoints("carol", "dan", 5)).refusals[0].subject == RECEIVER
    assert shop.do(send_points, SendPoints("dan", "carol", 5), key="2").refusals[0].subject == ""


def test_points_become_no_voucher(shop: Shop) -> None:
    with connected(shop.dsn) as conn:
        done = convert_points(conn, shop.published, ConvertPoints("dan", "gift"), key="v", now=LATER)

    said = msgspec.json.decode(done.body, type=ConversionAnswer)
    assert ([each.code for each in said.refusals], said.vouchers) == ([RefusalCode.MEMBER_CLOSED], ())


def test_a_sale_is_recorded_without_points(shop: Shop) -> None:
    with connected(shop.dsn) as conn:
        sold = a_sale("S3", at=LATER.isoformat(), paid=[5000], member="dan")
        done = record_sale(conn, shop.published, sold, key="S3", now=LATER)
        recorded = conn.execute("SELECT paid_minor, points_earned FROM sale WHERE external_id = 'S3'").fetchone()

    said = msgspec.json.decode(done.body, type=SaleAnswer)
    assert [each.code for each in said.refusals] == [RefusalCode.MEMBER_CLOSED]
    assert recorded == (5000, 0)
    assert shop.points("dan") == 10
    prove(shop.dsn)


def test_a_sale_of_the_day_before_that_arrives_late_still_earns(another_database: str) -> None:
    shop = Shop(another_database, publish(another_database, PROGRAMME, datetime(2026, 1, 1, tzinfo=UTC)))
    with connected(another_database) as conn:
        enrol(conn, "dan")
    shop.do(close_member, CloseMember("dan", "asked to leave", "ann"))

    with connected(another_database) as conn:
        sold = a_sale("S0", at=(BEGUN - timedelta(days=1)).isoformat(), paid=[700], member="dan")
        record_sale(conn, shop.published, sold, key="S0", now=LATER)

    assert shop.points("dan") == 7
    prove(another_database)


def test_a_return_still_takes_back_and_points_by_hand_can_be_taken(shop: Shop) -> None:
    with connected(shop.dsn) as conn:
        return_sale(conn, shop.published, ReturnSale("S2", at=LATER), key="R2", now=LATER)
    left = shop.points("dan")
    shop.do(adjust_points, AdjustPoints("carol", -30, "a mistake", "ann"), key="take", now=LATER)

    assert (left, shop.points("carol")) == (0, 0)
    prove(shop.dsn)


def test_an_order_that_is_open_can_still_be_ended(shop: Shop) -> None:
    held = shop.do(hold_points, HoldPoints("carol", 5), key="hold", now=LATER)
    shop.do(close_member, CloseMember("carol", "moved away", "ann"), key="close carol", now=LATER)

    ended = shop.do(end_hold, EndHold("carol", str(held.hold), HoldEnd.CONFIRMED), key="end", now=LATER)

    assert (ended.points, ended.refusals, shop.points("carol")) == (5, (), 25)
    prove(shop.dsn)


def test_no_birthday_is_kept_and_points_expire_on_their_day(shop: Shop) -> None:
    with connected(shop.dsn) as conn:
        conn.execute("UPDATE member SET born_on = '1990-03-20' WHERE external_id IN ('dan', 'carol')")

    assert (shop.points("carol", date(2026, 3, 21)), shop.points("dan", date(2026, 3, 21))) == (80, 10)
    assert (shop.points("carol", date(2026, 4, 2)), shop.points("dan", date(2026, 4, 2))) == (50, 0)


def test_who_is_opened_again_earns_and_spends_and_each_change_keeps_its_reason(shop: Shop) -> None:
    opened = shop.acted(close_member, ReopenMember("dan", "came back", "bob"), key="open", now=LATER)
    twice = shop.acted(close_member, ReopenMember("dan", "came back", "bob"), key="open again", now=LATER)
    spent = shop.do(burn_points, BurnPoints("dan", 4), key="burn", now=LATER)

    assert (opened.status, twice.status, spent.points, spent.refusals) == (201, 201, 4, ())
    with connected(shop.dsn) as conn:
        member, changes = find_member(conn, "dan"), conn.execute("SELECT count(*) FROM member_closing").fetchone()
        assert member is not None
        last = last_closing(conn, member.member_id)
        shown = show_member(conn, shop.published, "dan", LATER.date())
    assert changes == (2,)
    assert last is not None
    assert (last.closed_on, last.reason, last.made_by) == (None, "came back", "bob")
    assert shown is not None
    assert shown.closed_on is None


def test_closing_is_shown_and_keeps_what_else_is_known(shop: Shop) -> None:
    with connected(shop.dsn) as conn:
        shown = show_member(conn, shop.published, "dan", LATER.date())

    assert shown is not None
    assert (shown.closed_on, shown.balances[0].points) == (BEGUN.date(), 10)


@pytest.mark.parametrize("reason", ["", "  "])
def test_closing_needs_a_reason(shop: Shop, reason: str) -> None:
    with pytest.raises(ReasonMissing):
        shop.acted(close_member, CloseMember("carol", reason, "ann"), key="x")


def test_a_sale_of_the_closed_days_stays_without_points_when_an_earlier_one_arrives_late(shop: Shop) -> None:
    with connected(shop.dsn) as conn:
        sold = a_sale("S3", at=LATER.isoformat(), paid=[5000], member="dan")
        record_sale(conn, shop.published, sold, key="S3", now=LATER)
    shop.do(close_member, ReopenMember("dan", "came back", "bob"), key="open", now=LATER + timedelta(days=1))
    with connected(shop.dsn) as conn:
        late = a_sale("S0", at=(BEGUN - timedelta(minutes=30)).isoformat(), paid=[700], member="dan")
        record_sale(conn, shop.published, late, key="S0", now=LATER + timedelta(days=2))

    assert shop.points("dan", date(2026, 3, 3)) == 17
    prove(shop.dsn)
