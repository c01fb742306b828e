"""What a household's members do together: counted exactly, whoever sells at once; all of them reach a tier."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import psycopg
import pytest

from application.shop import NOW, a_sale, enrol, prove, publish
from cagnotte.application.change_profiles import change_profiles
from cagnotte.application.evaluate_sale import evaluate_sale
from cagnotte.application.expire_lots import ExpiryReport, expire_lots
from cagnotte.application.facts import Coming, counts_for, known_members
from cagnotte.application.history import MemberHistory, write_histories
from cagnotte.application.ids import new_event_id
from cagnotte.application.move_household import move_household
from cagnotte.application.published import Published
from cagnotte.application.record_sale import record_sale
from cagnotte.application.sale_command import SaleCommand
from cagnotte.application.show_member import show_member
from cagnotte.domain.baskets.basket import Basket, Line
from cagnotte.domain.evaluator.events import Return, Sale, SaleTaken
from cagnotte.domain.kernel import MemberId
from cagnotte.storage.database import connected
from cagnotte.storage.members import find_member
from ledger.member_lives import sale_row

PROGRAMME = """
[programme]
code = "maison"
name = "La Maison"
currency = "EUR"
timezone = "Europe/Paris"

[wallets.points]

[measures.family_spend]
of = "household"
counts = "paid"
within = "30 days"

[measures.family_visits]
of = "household"
counts = 1

[[earn]]
code = "hundredth"
when = "measures.family_visits == 99"
points = 1000

[[tiers]]
code = "gold"
reach = { measure = "family_spend", at_least = 10000 }
"""
FAMILY = ("anna", "tom", "eva")
JANUARY = datetime(2026, 1, 2, 12, tzinfo=UTC)


@pytest.fixture
def published(database: str) -> Published:
    """Anna, Tom and Eva are one household since 2 January; Dan has none."""
    with connected(database) as conn:
        enrol(conn, *FAMILY, "dan")
    published = publish(database, PROGRAMME)
    with connected(database) as conn:
        for name in FAMILY:
            move_household(conn, published, name, "h1", now=JANUARY)
    return published


def buy(dsn: str, published: Published, command: SaleCommand) -> int:
    with connected(dsn) as conn:
        return record_sale(conn, published, command, key=command.sale_id, now=NOW).status


def bought(sale: str, member: str, paid: int, on: str = "2026-03-01", hour: int = 10) -> SaleCommand:
    return a_sale(sale, member=member, paid=[paid], at=f"{on}T{hour:02}:00:00+01:00")


def tiers(dsn: str, *names: str) -> list[str | None]:
    """As the database has them, before anything that is due."""
    asked = "SELECT s.tier FROM member_standing s JOIN member m USING (member_id) WHERE m.external_id = %s"
    with psycopg.connect(dsn) as conn:
        rows = [conn.execute(asked, (name,)).fetchone() for name in names]
    return [row[0] for row in rows if row]


def counted(dsn: str, household: str = "h1") -> dict[str, int]:
    with psycopg.connect(dsn) as conn:
        rows = conn.execute(
            "SELECT cap, sum(value)::bigint FROM shared_tally WHERE subject = %s GROUP BY cap",
            (f"household:{household}",),
        )
        return dict(rows.fetchall())


def run_day(dsn: str, published: Published, day: date) -> ExpiryReport:
    with connected(dsn) as conn:
        return expire_lots(conn, published, day)


def test_a_family_reaches_gold_together_and_the_daily_run_finds_who_did_not_buy(
    database: str, published: Published
) -> None:
    buy(database, published, bought("S1", "tom", 6000))
    buy(database, published, bought("S2", "anna", 4000, "2026-03-02"))

    assert tiers(database, *FAMILY, "dan") == ["gold", None, None, None]
    run_day(database, published, date(2026, 3, 2))
    assert tiers(database, *FAMILY, "dan") == ["gold", "gold", "gold", None]
    again = run_day(database, published, date(2026, 3, 2))
    assert again == ExpiryReport()

    run_day(database, published, date(2026, 3, 31))
    assert tiers(database, *FAMILY) == [None, None, None]  # 60.00 left the 30 days
    prove(database)


def test_who_was_not_looked_at_yet_is_gold_at_the_till(database: str, published: Published) -> None:
    buy(database, published, bought("S1", "anna", 10000))

    with connected(database) as conn:
        shown = show_member(conn, published, "tom", date(2026, 3, 1))
        answer = evaluate_sale(conn, published, bought("S2", "tom", 100, hour=11), now=NOW)
    buy(database, published, bought("S2", "tom", 100, hour=11))

    assert shown is not None
    assert (shown.tier, answer.tier) == ("gold", "gold")
    assert tiers(database, "tom") == ["gold"]
    with psycopg.connect(database) as conn:
        changes = conn.execute("SELECT happened_on, tier_after FROM tier_change ORDER BY change_id").fetchall()
    assert changes == [(date(2026, 3, 1), "gold"), (date(2026, 3, 1), "gold")]


def test_members_who_buy_at_once_lose_nothing_and_one_of_them_makes_the_hundredth_visit(
    database: str, published: Published
) -> None:
    sales = [bought(f"S{n}", FAMILY[n % 3], 100 + n, hour=n % 24) for n in range(120)]

    with ThreadPoolExecutor(6) as threads:
        statuses = list(threads.map(lambda sale: buy(database, published, sale), sales))

    assert statuses == [201] * 120
    assert counted(database) == {
        "measure:family_spend": sum(100 + n for n in range(120)),
        "measure:family_visits": 120,
    }
    with psycopg.connect(database) as conn:
        assert conn.execute("SELECT sum(points_earned)::int FROM sale").fetchone() == (1000,)
    prove(database)


def test_a_household_marked_while_the_daily_run_goes_on_is_looked_at_by_the_next_one(
    database: str, published: Published
) -> None:
    buy(database, published, bought("S1", "anna", 100))
    late: list[int] = []

    def in_between(_: ExpiryReport) -> None:
        if not late:
            late.append(buy(database, published, bought("S2", "anna", 10000, hour=11)))

    with connected(database) as conn:
        expire_lots(conn, published, date(2026, 3, 1), watch=in_between)

    assert late == [201]
    assert tiers(database, *FAMILY) == ["gold", None, None]
    run_day(database, published, date(2026, 3, 1))
    assert tiers(database, *FAMILY) == ["gold", "gold", "gold"]


def test_a_dry_run_forgets_no_household(database: str, published: Published) -> None:
    buy(database, published, bought("S1", "anna", 10000))

    with connected(database) as conn:
        expire_lots(conn, published, date(2026, 3, 1), dry_run=True)

    run_day(database, published, date(2026, 3, 1))
    assert tiers(database, *FAMILY) == ["gold", "gold", "gold"]


def test_who_leaves_takes_nothing_along_and_who_joins_shares_what_is_there(
    database: str, published: Published
) -> None:
    buy(database, published, bought("S1", "tom", 9000))
    buy(database, published, bought("S2", "anna", 2000, hour=11))
    with connected(database) as conn:
        gone = move_household(conn, published, "tom", "", now=datetime(2026, 3, 2, tzinfo=UTC))
        come = move_household(conn, published, "dan", "h1", now=datetime(2026, 3, 2, tzinfo=UTC))
        again = move_household(conn, published, "dan", "h1", now=datetime(2026, 3, 3, tzinfo=UTC))

    assert (gone.new, come.new, again.new) == (True, True, False)
    assert tiers(database, "anna", "tom", "dan") == ["gold", None, "gold"]
    assert counted(database)["measure:family_spend"] == 11000


def test_a_return_takes_from_the_household_for_which_the_sale_was_made(
    database: str, published: Published
) -> None:
    with connected(database) as conn:
        member = find_member(conn, "tom")
        assert member is not None
        sale = sell(conn, published, member.member_id, 9000)
        move_household(conn, published, "tom", "h2", now=datetime(2026, 3, 2, tzinfo=UTC))

        bring_back(conn, published, member.member_id, sale)

    assert counted(database) == {"measure:family_spend": 0, "measure:family_visits": 0}
    assert set(counted(database, "h2").values()) == {0}


def test_a_household_that_was_not_read_is_never_written(database: str, published: Published) -> None:
    with connected(database) as conn:
        member = find_member(conn, "tom")
        assert member is not None
        sale = sell(conn, published, member.member_id, 9000)
        move_household(conn, published, "tom", "", now=datetime(2026, 3, 2, tzinfo=UTC))

        with pytest.raises(AssertionError, match="h1"):
            bring_back(conn, published, member.member_id, sale, households=frozenset())

    assert counted(database)["measure:family_spend"] == 9000


def test_many_profiles_change_in_one_set_and_only_those_that_differ(database: str, published: Published) -> None:
    with connected(database) as conn, conn.transaction():
        members = [MemberId(row[0]) for row in conn.execute("SELECT member_id FROM member").fetchall()]
        dan = find_member(conn, "dan")
        assert dan is not None
        first = change_profiles(conn, published, members, lambda _, profile: profile)
        second = change_profiles(
            conn,
            published,
            members,
            lambda member_id, profile: (
                profile.__class__(household="h9") if member_id == dan.member_id else profile
            ),
            joined=frozenset({"h9"}),
        )

    assert (first, second) == (0, 1)


def sell(conn: psycopg.Connection, published: Published, member_id: MemberId, paid: int) -> SaleTaken:
    """A sale as a return is told of it."""
    at = datetime(2026, 3, 1, 12)
    sale = Sale(new_event_id(), Basket(at, "367", (Line("a", 1, paid),)))
    with conn.transaction():
        coming = {member_id: Coming.on(at.date(), "367")}
        known = known_members(conn, published, coming, locked=True)[member_id]
        history = MemberHistory(known, published.current, counts_for(conn, published, [known], locked=True))
        history.bring_to(published.current, at.date())
        decision = history.take(published.current, sale, at.replace(tzinfo=UTC), f"sale:{sale.event_id}")
        write_histories(conn, [history], [sale_row(member_id, sale, decision, at.replace(tzinfo=UTC))])
    return SaleTaken(sale, (decision,))


def bring_back(
    conn: psycopg.Connection,
    published: Published,
    member_id: MemberId,
    taken: SaleTaken,
    households: frozenset[str] = frozenset({"h1"}),
) -> None:
    at = datetime(2026, 3, 3, 12)
    with conn.transaction():
        coming = {member_id: Coming(at.date(), at.date(), households=households)}
        known = known_members(conn, published, coming, locked=True)[member_id]
        history = MemberHistory(known, published.current, counts_for(conn, published, [known], locked=True))
        history.bring_to(published.current, at.date())
        back = Return(new_event_id(), at, taken)
        history.take(published.current, back, at.replace(tzinfo=UTC), f"event:{back.event_id}")
        write_histories(conn, [history], [])
