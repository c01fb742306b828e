"""Members of a household spend together: all books in one transaction, nothing lost, nothing spent twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import msgspec
import psycopg
import pytest

from application.shop import a_sale, enrol, prove, publish, state
from cagnotte.application.acting import Acted, PointsAnswer
from cagnotte.application.burn_points import BurnPoints, burn_points
from cagnotte.application.errors import KeyReused
from cagnotte.application.move_household import move_household
from cagnotte.application.published import Published
from cagnotte.application.record_sale import record_sale
from cagnotte.application.show_member import MemberView, show_member
from cagnotte.application.spend_together import SpendTogether, spend_together
from cagnotte.domain.evaluator.decision import Refusal, RefusalCode
from cagnotte.storage.database import connected

BEGUN = datetime(2026, 3, 1, 9, tzinfo=UTC)
PROGRAMME = """
[programme]
code = "maison"
currency = "EUR"
timezone = "Europe/Paris"

[wallets.points]
expiry = { after = "30 days" }

[households]
pool = "spend"
after = "10 days"

[[earn]]
code = "base"
points = 1
per = 100
"""
LATER = BEGUN + timedelta(days=10)


class Home:
    """Carol (30 points), Dan (20) and Eve (none) joined the household on 1 March; Frank (100) belongs to none."""

    def __init__(self, dsn: str, published: Published) -> None:
        self.dsn, self.published = dsn, published

    def together(self, member: str, points: int, *, key: str = "k", now: datetime = LATER) -> Acted:
        with connected(self.dsn) as conn:
            return spend_together(conn, self.published, SpendTogether(member, points), key=key, now=now)

    def alone(self, member: str, points: int, *, key: str) -> Acted:
        with connected(self.dsn) as conn:
            return burn_points(conn, self.published, BurnPoints(member, points), key=key, now=LATER)

    def move(self, member: str, household: str, *, now: datetime = LATER) -> None:
        with connected(self.dsn) as conn:
            move_household(conn, self.published, member, household, now=now)

    def seen(self, member: str) -> MemberView:
        with connected(self.dsn) as conn:
            shown = show_member(conn, self.published, member, LATER.date())
        assert shown is not None
        return shown

    def points(self, *members: str) -> list[int]:
        return [self.seen(member).balances[0].points for member in members]


@pytest.fixture
def home(database: str) -> Home:
    published = publish(database, PROGRAMME)
    with connected(database) as conn:
        enrol(conn, "carol", "dan", "eve", "frank")
        for member in ("carol", "dan", "eve"):
            move_household(conn, published, member, "h1", now=BEGUN)
        for member, paid in (("carol", 3000), ("dan", 2000), ("frank", 10000)):
            sale = a_sale(f"S-{member}", at=BEGUN.isoformat(), paid=[paid], member=member)
            record_sale(conn, published, sale, key=f"S-{member}", now=BEGUN)
    return Home(database, published)


def said(acted: Acted) -> PointsAnswer:
    return msgspec.json.decode(acted.body, type=PointsAnswer)


def kinds(dsn: str, member: str) -> list[tuple[str, int]]:
    """(kind, points on the member's side), in order of the member's versions, after the earns."""
    with psycopg.connect(dsn) as conn:
        return conn.execute(
            "SELECT t.kind, sum(e.points)::int FROM ledger_transfer t JOIN member m USING (member_id)"
            " JOIN ledger_entry e USING (member_id, transfer_id)"
            " WHERE m.external_id = %s AND e.account = 'available' AND t.kind <> 'earn'"
            " GROUP BY t.version, t.transfer_id, t.kind ORDER BY t.version, t.transfer_id",
            (member,),
        ).fetchall()


def test_who_has_nothing_spends_what_the_others_give_and_each_book_tells_it(home: Home) -> None:
    acted = home.together("eve", 45)

    assert (acted.status, said(acted).points, said(acted).balances[0].points) == (201, 45, 0)
    assert home.points("carol", "dan", "eve", "frank") == [0, 5, 0, 100]
    assert kinds(home.dsn, "carol") == [("pooled", -30)]
    assert kinds(home.dsn, "dan") == [("pooled", -15)]
    assert kinds(home.dsn, "eve") == [("from_pool", 30), ("from_pool", 15), ("burn", -45)]
    prove(home.dsn)


def test_own_points_go_first_and_who_needs_nobody_takes_from_nobody(home: Home) -> None:
    home.together("dan", 20, key="a")
    assert (home.points("carol", "dan"), kinds(home.dsn, "carol")) == ([30, 0], [])

    home.together("carol", 30, key="b")

    assert home.points("carol", "dan") == [0, 0]
    prove(home.dsn)


def test_more_than_all_have_posts_nothing_and_says_so_again(home: Home) -> None:
    home.seen("eve")
    before = state(home.dsn)

    first, again = home.together("eve", 51), home.together("eve", 51)

    assert (first.status, again.body, again.replayed) == (409, first.body, True)
    assert said(first).refusals == (Refusal(RefusalCode.INSUFFICIENT_POINTS, "points", 1),)
    assert [row for row in before if "lot" in str(row[0]) or "available" in str(row[0])] == [
        row for row in state(home.dsn) if "lot" in str(row[0]) or "available" in str(row[0])
    ]


def test_the_same_key_is_one_act_and_not_another_kind_of_act(home: Home) -> None:
    first, again = home.together("eve", 10), home.together("eve", 10)

    assert (again.body, again.replayed) == (first.body, True)
    with pytest.raises(KeyReused):
        home.alone("eve", 10, key="k")
    assert sum(home.points("carol", "dan")) == 40


def test_who_joined_too_lately_takes_no_part_and_who_leaves_keeps_their_own(home: Home) -> None:
    early = home.together("eve", 10, key="early", now=LATER - timedelta(days=1))
    home.move("frank", "h1")
    fresh = home.together("eve", 60, key="fresh")
    home.move("carol", "")
    left = home.together("eve", 21, key="left")
    alone = home.together("carol", 5, key="alone")

    assert said(early).refusals == (Refusal(RefusalCode.JOINED_TOO_LATELY, "h1", 1),)
    assert said(fresh).refusals == (Refusal(RefusalCode.INSUFFICIENT_POINTS, "points", 10),)
    assert said(left).refusals == (Refusal(RefusalCode.INSUFFICIENT_POINTS, "points", 1),)
    assert said(alone).refusals == (Refusal(RefusalCode.NO_HOUSEHOLD, "points"),)
    assert home.points("carol", "dan", "eve", "frank") == [30, 20, 0, 100]


def test_the_member_view_says_what_can_be_spent_together(home: Home) -> None:
    home.move("frank", "h1")

    found = {name: home.seen(name).household_points for name in ("carol", "eve", "frank")}

    assert [(each.wallet, each.points) for each in found["carol"]] == [("points", 50)]
    assert found["eve"] == found["carol"]
    assert found["frank"] == ()  # joined today
    assert said(home.together("eve", 50)).points == 50


def test_eight_threads_of_two_members_spend_one_household_once(home: Home) -> None:
    """50 points and 16 burns of 7, by two members at once: 7 are done, 1 point is left, and every book holds."""
    with ThreadPoolExecutor(8) as threads:
        acted = list(threads.map(lambda n: home.together(("carol", "dan")[n % 2], 7, key=f"till-{n}"), range(16)))

    assert sorted(each.status for each in acted) == [201] * 7 + [409] * 9
    assert sum(home.points("carol", "dan", "eve")) == 1
    with psycopg.connect(home.dsn) as conn:
        burned = conn.execute("SELECT sum(points)::int FROM ledger_entry WHERE account = 'redeemed'").fetchone()
        between = conn.execute(
            "SELECT sum(points)::int FROM ledger_entry WHERE account = 'transferred'"
        ).fetchone()
    assert (burned, between) == ((49,), (0,))
    prove(home.dsn)


def test_spending_alone_together_and_leaving_at_once_loses_nothing(home: Home) -> None:
    def do(number: int) -> int:
        if number == 5:
            home.move("dan", "")
            return 0
        who = ("carol", "dan", "eve")[number % 3]
        act = home.alone if number % 4 == 0 else home.together
        return said(act(who, 6, key=f"act-{number}")).points

    with ThreadPoolExecutor(8) as threads:
        spent = sum(threads.map(do, range(16)))

    assert sum(home.points("carol", "dan", "eve")) == 50 - spent
    prove(home.dsn)
