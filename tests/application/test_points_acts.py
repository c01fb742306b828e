"""Points spent, set aside, sent, exchanged, bought, prolonged and given again, each in one transaction, once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import psycopg
import pytest

from application.shop import a_sale, enrol, prove, publish, state
from cagnotte.application.acting import Acted, PointsAnswer
from cagnotte.application.adjust_points import AdjustPoints, adjust_points
from cagnotte.application.burn_points import BurnPoints, burn_points
from cagnotte.application.buy_points import BuyPoints, buy_points
from cagnotte.application.end_hold import EndHold, end_hold
from cagnotte.application.errors import ActInFuture, KeyReused, ReasonMissing, UnknownHold, UnknownMember
from cagnotte.application.exchange_points import ExchangePoints, exchange_points
from cagnotte.application.expire_lots import expire_lots
from cagnotte.application.extend_lots import ExtendLots, extend_lots
from cagnotte.application.hold_points import HoldPoints, hold_points
from cagnotte.application.published import Published
from cagnotte.application.record_sale import record_sale
from cagnotte.application.reinstate_points import ReinstatePoints, reinstate_points
from cagnotte.application.send_points import SendPoints, send_points
from cagnotte.application.show_member import show_member
from cagnotte.domain.evaluator.decision import RefusalCode
from cagnotte.domain.points.holds import HoldEnd
from cagnotte.storage.database import connected

BEGUN = datetime(2026, 3, 1, 9, tzinfo=UTC)
PROGRAMME = """
[programme]
code = "maison"
currency = "EUR"
timezone = "Europe/Paris"

[wallets.points]
expiry = { after = "30 days" }
price = { points = 100, amount = 250 }
hold_minutes = 30
[wallets.miles]

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
per = 100
"""
type Do = Callable[..., Acted]


class Shop:
    """Carol has 30 points that go on 31 March; Dan has none."""

    def __init__(self, dsn: str, published: Published) -> None:
        self.dsn, self.published = dsn, published

    def do(self, act: Do, command: Any, *, key: str = "k", now: datetime = BEGUN) -> PointsAnswer:
        return msgspec.json.decode(self.acted(act, command, key=key, now=now).body, type=PointsAnswer)

    def acted(self, act: Do, command: Any, *, key: str = "k", now: datetime = BEGUN) -> Acted:
        with connected(self.dsn) as conn:
            return act(conn, self.published, command, key=key, now=now)

    def points(self, member: str, on: date = date(2026, 3, 1), wallet: str = "points") -> int:
        with connected(self.dsn) as conn:
            shown = show_member(conn, self.published, member, on)
        assert shown is not None
        return next(each.points for each in shown.balances if each.wallet == wallet)


@pytest.fixture
def shop(database: str) -> Shop:
    published = publish(database, PROGRAMME)
    with connected(database) as conn:
        enrol(conn, "carol", "dan")
        record_sale(conn, published, a_sale("S1", at=BEGUN.isoformat(), paid=[3000]), key="S1", now=BEGUN)
    return Shop(database, published)


def codes(answer: PointsAnswer) -> list[RefusalCode]:
    return [refusal.code for refusal in answer.refusals]


def kinds(dsn: str) -> list[str]:
    with psycopg.connect(dsn) as conn:
        return [kind for (kind,) in conn.execute("SELECT kind FROM ledger_transfer ORDER BY version, member_id")]


def test_a_burn_takes_points_and_says_what_is_left(shop: Shop) -> None:
    said = shop.do(burn_points, BurnPoints("carol", 12, reference="tote bag"))

    assert (said.points, said.wallet, said.refusals) == (12, "points", ())
    assert [(each.wallet, each.points) for each in said.balances] == [("points", 18), ("miles", 0)]
    assert kinds(shop.dsn) == ["earn", "burn"]
    assert said.version == 2
    prove(shop.dsn)


def test_a_burn_of_more_than_there_is_posts_nothing_and_says_so_again(shop: Shop) -> None:
    before = state(shop.dsn)

    first = shop.acted(burn_points, BurnPoints("carol", 31))
    again = shop.acted(burn_points, BurnPoints("carol", 31))

    said = msgspec.json.decode(first.body, type=PointsAnswer)
    assert (first.status, said.points, codes(said)) == (409, 0, [RefusalCode.INSUFFICIENT_POINTS])
    assert (again.body, again.status, again.replayed) == (first.body, 409, True)
    assert state(shop.dsn) == before


def test_a_burn_into_debt_tells_of_all_that_was_spent(another_database: str) -> None:
    document = PROGRAMME.replace("[wallets.miles]", '[wallets.miles]\nnegative = "allowed"')
    shop = Shop(another_database, publish(another_database, document))
    with connected(another_database) as conn:
        enrol(conn, "carol")
    shop.do(adjust_points, AdjustPoints("carol", 5, "kindness", "ann", "miles"), key="gift")

    said = shop.do(burn_points, BurnPoints("carol", 12, "miles"))

    assert said.points == 12


def test_what_is_owed_for_points_taken_by_hand_stands_where_they_do(another_database: str) -> None:
    document = PROGRAMME.replace("[wallets.miles]", '[wallets.miles]\nnegative = "allowed"')
    shop = Shop(another_database, publish(another_database, document))
    with connected(another_database) as conn:
        enrol(conn, "carol")

    shop.do(adjust_points, AdjustPoints("carol", -12, "typing error", "ann", "miles"))

    with psycopg.connect(another_database) as look:
        entries = look.execute("SELECT account, points FROM ledger_entry ORDER BY points").fetchall()
    assert entries == [("debt", -12), ("adjusted", 12)]
    prove(another_database)


@pytest.mark.parametrize("points", [0, -1, -(2**53)])
def test_a_burn_of_no_points_is_refused(shop: Shop, points: int) -> None:
    assert codes(shop.do(burn_points, BurnPoints("carol", points))) == [RefusalCode.POINTS_MUST_BE_POSITIVE]


def test_the_same_burn_sent_four_times_at_once_is_done_once(shop: Shop) -> None:
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda _: shop.acted(burn_points, BurnPoints("carol", 10)), range(4)))

    assert {(answer.body, answer.status) for answer in answers} == {(answers[0].body, 201)}
    assert sorted(answer.replayed for answer in answers) == [False, True, True, True]
    assert shop.points("carol") == 20


def test_eight_tills_cannot_spend_one_balance_twice(shop: Shop) -> None:
    with ThreadPoolExecutor(8) as threads:
        answers = list(
            threads.map(lambda n: shop.acted(burn_points, BurnPoints("carol", 7), key=f"till-{n}"), range(8))
        )

    assert sorted(answer.status for answer in answers) == [201] * 4 + [409] * 4
    assert shop.points("carol") == 2
    prove(shop.dsn)


def test_a_key_is_one_act_for_ever(shop: Shop) -> None:
    shop.do(burn_points, BurnPoints("carol", 10))

    with pytest.raises(KeyReused):
        shop.do(burn_points, BurnPoints("carol", 11))
    with pytest.raises(KeyReused):
        shop.do(hold_points, HoldPoints("carol", 10))
    with psycopg.connect(shop.dsn, autocommit=True) as conn:
        conn.execute("DELETE FROM idempotency_answer")  # as after 30 days
    with pytest.raises(KeyReused):
        shop.do(burn_points, BurnPoints("carol", 10))
    assert shop.points("carol") == 20


def test_who_is_nobody_and_what_is_not_yet_are_the_callers_fault(shop: Shop) -> None:
    with pytest.raises(UnknownMember):
        shop.do(burn_points, BurnPoints("nobody", 10))
    with pytest.raises(ActInFuture):
        shop.do(burn_points, BurnPoints("carol", 10, at=BEGUN + timedelta(minutes=11)))
    assert shop.do(burn_points, BurnPoints("carol", 10, at=BEGUN + timedelta(minutes=9))).points == 10


def test_a_hold_keeps_points_from_others_until_it_is_confirmed(shop: Shop) -> None:
    held = shop.do(hold_points, HoldPoints("carol", 20, reference="order-1"), key="h")
    refused = shop.do(burn_points, BurnPoints("carol", 11), key="b")

    assert [(each.points, each.reference) for each in held.holds] == [(20, "order-1")]
    assert held.holds[0].until.isoformat() == "2026-03-01T10:30:00+01:00"
    assert codes(refused) == [RefusalCode.INSUFFICIENT_POINTS]
    assert held.hold is not None
    later = BEGUN + timedelta(minutes=10)
    done = shop.do(end_hold, EndHold("carol", held.hold, HoldEnd.CONFIRMED, 15), key="c", now=later)
    assert (done.points, done.holds) == (15, ())
    assert done.balances[0].points == 15
    assert kinds(shop.dsn) == ["earn", "hold", "freed", "confirmed"]
    prove(shop.dsn)


@pytest.mark.parametrize("second", list(HoldEnd)[:2])
def test_a_hold_ends_once_whoever_ends_it(shop: Shop, second: HoldEnd) -> None:
    hold = shop.do(hold_points, HoldPoints("carol", 20), key="h").hold
    assert hold is not None
    shop.do(end_hold, EndHold("carol", hold, HoldEnd.RELEASED), key="r")
    before = state(shop.dsn)

    again = shop.do(end_hold, EndHold("carol", hold, second), key="again")

    assert codes(again) == [RefusalCode.HOLD_NOT_OPEN]
    assert state(shop.dsn) == before
    assert shop.points("carol") == 30


def test_confirming_and_releasing_at_once_gives_one_of_the_two(shop: Shop) -> None:
    hold = shop.do(hold_points, HoldPoints("carol", 20), key="h").hold
    assert hold is not None
    ends = [EndHold("carol", hold, how) for how in (HoldEnd.CONFIRMED, HoldEnd.RELEASED) for _ in range(3)]

    with ThreadPoolExecutor(6) as threads:
        numbered = list(enumerate(ends))
        answers = list(threads.map(lambda each: shop.acted(end_hold, each[1], key=f"e-{each[0]}"), numbered))

    assert sorted(answer.status for answer in answers) == [201] + [409] * 5
    assert shop.points("carol") in {10, 30}
    prove(shop.dsn)


def test_a_hold_that_is_over_is_free_for_the_next_act(shop: Shop) -> None:
    hold = shop.do(hold_points, HoldPoints("carol", 20, minutes=5), key="h").hold
    assert hold is not None
    late = BEGUN + timedelta(minutes=6)

    burned = shop.do(burn_points, BurnPoints("carol", 30), key="b", now=late)
    confirmed = shop.do(end_hold, EndHold("carol", hold, HoldEnd.CONFIRMED), key="c", now=late)

    assert (burned.points, codes(confirmed)) == (30, [RefusalCode.HOLD_NOT_OPEN])
    assert kinds(shop.dsn) == ["earn", "hold", "freed", "burn"]
    prove(shop.dsn)


def test_what_comes_back_to_a_lot_that_has_expired_expires_too(shop: Shop) -> None:
    """The rest of the lot went on its day; what a hold gives back afterwards goes as well, each time once."""
    month = 60 * 24 * 60
    holds = [shop.do(hold_points, HoldPoints("carol", 5, minutes=month), key=f"h{n}").hold or "" for n in (1, 2)]
    with connected(shop.dsn) as conn:
        expire_lots(conn, shop.published, date(2026, 4, 1))
    later = datetime(2026, 4, 2, 9, tzinfo=UTC)

    for number, hold in enumerate(holds):
        ended = EndHold("carol", hold, HoldEnd.RELEASED, at=later)
        said = shop.do(end_hold, ended, key=f"e{number}", now=later)
        assert (said.refusals, said.balances[0].points) == ((), 0)

    with psycopg.connect(shop.dsn) as look:
        gone = look.execute("SELECT sum(points) FROM ledger_entry WHERE account = 'expired'").fetchone()
    assert gone == (30,)
    prove(shop.dsn)


@pytest.mark.parametrize("hold", ["", "x", "-1", "7", "9" * 30, "١"])
def test_a_hold_that_never_was_is_the_callers_fault(shop: Shop, hold: str) -> None:
    with pytest.raises(UnknownHold):
        shop.do(end_hold, EndHold("carol", hold, HoldEnd.RELEASED))


def test_nobody_ends_the_hold_of_another(shop: Shop) -> None:
    hold = shop.do(hold_points, HoldPoints("carol", 20), key="h").hold
    assert hold is not None

    with pytest.raises(UnknownHold):
        shop.do(end_hold, EndHold("dan", hold, HoldEnd.CONFIRMED), key="c")


def test_points_go_to_another_member_with_their_days(shop: Shop) -> None:
    said = shop.do(send_points, SendPoints("carol", "dan", 12, reason="birthday"))

    assert (said.points, said.balances[0].points) == (12, 18)
    assert (shop.points("dan"), shop.points("dan", date(2026, 3, 31))) == (12, 0)
    assert sorted(kinds(shop.dsn)) == ["earn", "received", "sent"]
    prove(shop.dsn)


def test_members_who_send_each_other_points_at_once_never_block_for_ever(shop: Shop) -> None:
    shop.do(send_points, SendPoints("carol", "dan", 15), key="first")
    pairs = [("carol", "dan"), ("dan", "carol")] * 8

    with ThreadPoolExecutor(8) as threads:
        asked = [SendPoints(*pair, 1) for pair in pairs]
        answers = list(
            threads.map(lambda each: shop.acted(send_points, each[1], key=f"s-{each[0]}"), enumerate(asked))
        )

    assert {answer.status for answer in answers} == {201}
    assert (shop.points("carol"), shop.points("dan")) == (15, 15)
    prove(shop.dsn)


def test_what_cannot_be_sent_leaves_both_as_they_were(shop: Shop) -> None:
    refused = [
        shop.do(send_points, SendPoints("carol", "dan", 31), key="more"),
        shop.do(send_points, SendPoints("carol", "carol", 5), key="self"),
        shop.do(send_points, SendPoints("carol", "dan", 5, wallet="miles"), key="miles"),
        shop.do(send_points, SendPoints("carol", "dan", 2**53), key="huge"),
    ]

    assert [codes(each) for each in refused] == [
        [RefusalCode.INSUFFICIENT_POINTS],
        [RefusalCode.TO_ONESELF],
        [RefusalCode.CANNOT_BE_SENT],
        [RefusalCode.INSUFFICIENT_POINTS],
    ]
    assert kinds(shop.dsn) == ["earn"]
    assert (shop.points("carol"), shop.points("dan")) == (30, 0)


def test_points_are_exchanged_and_bought(shop: Shop) -> None:
    exchanged = shop.do(exchange_points, ExchangePoints("carol", "to-miles", 2), key="e")
    bought = shop.do(buy_points, BuyPoints("carol", 200), key="b")

    assert (exchanged.points, [each.points for each in exchanged.balances]) == (20, [10, 6])
    assert (bought.points, bought.amount_minor, bought.balances[0].points) == (200, 500, 210)
    assert codes(shop.do(buy_points, BuyPoints("carol", 150), key="n")) == [RefusalCode.NOT_IN_STEPS]
    prove(shop.dsn)


def test_lots_are_prolonged_with_a_reason_that_is_kept(shop: Shop) -> None:
    said = shop.do(extend_lots, ExtendLots("carol", date(2026, 5, 1), "closed shop", "anne"))

    assert (said.points, said.version) == (30, 2)
    assert (shop.points("carol", date(2026, 4, 30)), shop.points("carol", date(2026, 5, 1))) == (30, 0)
    with psycopg.connect(shop.dsn) as conn:
        rows = conn.execute("SELECT expires_before, expires_on, reason FROM ledger_lot_redated").fetchall()
    assert rows == [(date(2026, 3, 31), date(2026, 5, 1), "closed shop")]
    prove(shop.dsn)


def test_expired_points_are_given_again_once(shop: Shop) -> None:
    april = datetime(2026, 4, 10, 9, tzinfo=UTC)
    shop.do(buy_points, BuyPoints("carol", 100), key="later", now=april)  # brings the books to April

    given = ReinstatePoints("carol", date(2026, 6, 1), "our mistake", "anne", 20)
    said = shop.do(reinstate_points, given, key="r", now=april)
    more = shop.do(reinstate_points, given, key="r2", now=april)

    assert (said.points, said.balances[0].points) == (20, 120)
    assert codes(more) == [RefusalCode.MORE_THAN_EXPIRED]
    assert [each.missing for each in more.refusals] == [10]
    prove(shop.dsn)


def test_points_are_given_and_taken_by_hand_with_reason_and_name(shop: Shop) -> None:
    given = shop.do(adjust_points, AdjustPoints("carol", 25, "late delivery", "anne"), key="g")
    taken = shop.do(adjust_points, AdjustPoints("carol", -5, "typing error", "bob"), key="t")
    more = shop.do(adjust_points, AdjustPoints("carol", -51, "typing error", "bob"), key="m")

    assert (given.points, given.balances[0].points, taken.points, taken.balances[0].points) == (25, 55, -5, 50)
    assert (more.points, codes(more)) == (0, [RefusalCode.INSUFFICIENT_POINTS])
    with psycopg.connect(shop.dsn) as conn:
        rows = conn.execute("SELECT kind, note, made_by FROM ledger_transfer ORDER BY version").fetchall()
    assert rows == [
        ("earn", None, None),
        ("given", "late delivery", "anne"),
        ("adjustment", "typing error", "bob"),
    ]
    prove(shop.dsn)


@pytest.mark.parametrize("reason", ["", "  "])
def test_an_act_by_hand_needs_a_reason(shop: Shop, reason: str) -> None:
    before = state(shop.dsn)

    with pytest.raises(ReasonMissing):
        shop.do(extend_lots, ExtendLots("carol", date(2026, 5, 1), reason, "anne"))
    with pytest.raises(ReasonMissing):
        shop.do(reinstate_points, ReinstatePoints("carol", date(2026, 5, 1), reason, "anne"))
    with pytest.raises(ReasonMissing):
        shop.do(adjust_points, AdjustPoints("carol", 5, reason, "anne"))
    assert state(shop.dsn) == before
