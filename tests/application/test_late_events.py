"""A sale that arrives late: the sales after it are corrected, as if all had been told in order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import count
from random import Random

import msgspec
import psycopg
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from application.shop import prove, publish
from cagnotte.application.burn_points import BurnPoints, burn_points
from cagnotte.application.expire_lots import expire_lots
from cagnotte.application.hold_points import HoldPoints, hold_points
from cagnotte.application.record_sale import record_sale
from cagnotte.application.return_answer import ReturnAnswer
from cagnotte.application.return_sale import ReturnSale, return_sale
from cagnotte.application.sale_answer import EarnedByRule, SaleAnswer, SaleCorrection
from cagnotte.application.sale_command import SaleCommand, SaleLine
from cagnotte.domain.evaluator.decision import Decision
from cagnotte.domain.evaluator.effects import PointsForgiven
from cagnotte.domain.kernel import MemberId
from cagnotte.storage.database import connected
from cagnotte.storage.members import Member, add_members

BEGUN = datetime(2026, 3, 1, 9, tzinfo=UTC)
END = date(2026, 6, 1)
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
HEAD = """
[programme]
code = "maison"
currency = "EUR"
timezone = "Europe/Paris"

[wallets.points]
expiry = { after = "40 days" }

[late]
within = "12 months"
"""
GOLD_DOUBLES = """
[[earn]]
code = "base"
points = 1
per = 100

[[earn]]
code = "gold"
when = 'tier == "gold"'
points = 1
per = 100

[[tiers]]
code = "gold"
reach = { spend = 10000, within = "60 days" }
"""
CAPPED = """
[[earn]]
code = "base"
points = 1
per = 100
cap = { per = "member", every = "month", points = 60 }
"""
THIRD = """
[[earn]]
code = "third"
when = "order_number == 3"
points = "50"

[[earn]]
code = "base"
points = 1
per = 100
"""
FIVE = """
[[earn]]
code = "base"
points = 1
per = 100

[[achievements]]
code = "two"
target = 2
when = "paid >= 5000"
points = 25

[[achievements]]
code = "weeks"
streak = "week"
target = 2
points = 10
"""
FIRST = """
[[earn]]
code = "first"
when = "order_number == 1 && paid >= 2000"
points = "50"

[[earn]]
code = "base"
points = 1
per = 100
"""
ALL = {"tiers": GOLD_DOUBLES, "caps": CAPPED, "third": THIRD, "achievements": FIVE}


def a_sale(name: str, days: float, paid: int, member: str = "carol") -> SaleCommand:
    at = BEGUN + timedelta(days=days)
    return SaleCommand(f"{member}-{name}", "367", at, (SaleLine("bread", 1, paid),), member)


class Shop:
    def __init__(self, dsn: str, rules: str, document: str = HEAD) -> None:
        self.dsn, self.published = dsn, publish(dsn, document + rules)

    def tell(self, sales: Sequence[SaleCommand], member: str = "carol") -> list[SaleAnswer]:
        """Enrol the member, and record the sales in the order in which they stand."""
        said = []
        with connected(self.dsn) as conn:
            with conn.transaction():
                members = conn.execute("SELECT coalesce(max(member_id), 0) FROM member").fetchone()
                assert members is not None
                new = Member(MemberId(members[0] + 64), member, (BEGUN - timedelta(days=20)).date())
                add_members(conn, [new])
            for sale in sales:
                done = record_sale(conn, self.published, sale, key=sale.sale_id, now=NOW)
                said.append(msgspec.json.decode(done.body, type=SaleAnswer))
        return said

    def stands(self, member: str = "carol") -> dict[str, object]:
        """Everything that the member could ask about, on the last day."""
        with connected(self.dsn) as conn:
            expire_lots(conn, self.published, END)
            return {name: conn.execute(statement, (member,)).fetchall() for name, statement in STANDS.items()}


STANDS = {
    "lots": "SELECT wallet, earned_on, expires_on, sum(points_open) FROM ledger_lot JOIN member USING (member_id)"
    " WHERE external_id = %s AND points_open > 0 GROUP BY wallet, earned_on, expires_on ORDER BY 1, 2, 3",
    # Points that had expired when it turned out that they were too many stay in the books, given and expired.
    "balances": "SELECT account, sum(points) FROM ledger_entry JOIN member USING (member_id)"
    " WHERE external_id = %s AND account IN ('available', 'held', 'debt') GROUP BY account ORDER BY 1",
    "standing": "SELECT tier, state FROM member_standing JOIN member USING (member_id) WHERE external_id = %s",
    "days": "SELECT day, paid_minor, visits, earned FROM member_day JOIN member USING (member_id)"
    " WHERE external_id = %s ORDER BY day",
}


def test_points_of_the_tier_are_given_when_the_sale_that_reached_it_arrives(database: str) -> None:
    said = Shop(database, GOLD_DOUBLES).tell([a_sale("S2", 2, 5000), a_sale("S1", 1, 12_000)])

    assert said[1].corrections == (SaleCorrection("carol-S2", (EarnedByRule("gold", "points", 50),)),)
    with psycopg.connect(database) as conn:
        kept = conn.execute(
            "SELECT t.kind, t.note, s.external_id FROM ledger_transfer t JOIN sale s USING (member_id, sale_id)"
            " WHERE t.kind = 'correction'"
        ).fetchall()
    assert kept == [("correction", "carol-S1", "carol-S2")]
    prove(database)


purchases = st.lists(
    st.tuples(st.integers(0, 80 * 24), st.integers(-20, 120).map(lambda euros: euros * 100)),
    min_size=2,
    max_size=6,
    unique_by=lambda sale: sale[0],
)


@pytest.mark.parametrize("rules", ALL.values(), ids=ALL)
def test_any_order_of_arrival_ends_where_the_right_order_ends(database: str, rules: str) -> None:
    shop, tried = Shop(database, rules), count()

    @settings(
        max_examples=15,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(told=purchases, dice=st.randoms(use_true_random=False))
    def ends_the_same(told: list[tuple[int, int]], dice: Random) -> None:
        number = next(tried)
        first, second = f"in-order-{number}", f"shuffled-{number}"
        told.sort()
        shop.tell([a_sale(str(n), hours / 24, paid, first) for n, (hours, paid) in enumerate(told)], first)
        dice.shuffle(told)
        shop.tell([a_sale(str(n), hours / 24, paid, second) for n, (hours, paid) in enumerate(told)], second)

        assert shop.stands(second) == shop.stands(first)

    ends_the_same()
    prove(database)


def test_a_bonus_goes_to_the_purchase_that_is_the_third_one(database: str) -> None:
    shop = Shop(database, THIRD)

    said = shop.tell(
        [a_sale("S1", 1, 1000), a_sale("S2", 3, 1000), a_sale("S3", 4, 1000), a_sale("late", 2, 1000)]
    )

    assert said[3].corrections == (
        SaleCorrection("carol-S2", (EarnedByRule("third", "points", 50),)),
        SaleCorrection("carol-S3", (EarnedByRule("third", "points", -50),)),
    )
    prove(database)


@pytest.mark.parametrize(("negative", "points", "owed"), [("never", 0, 0), ("clawback_only", 0, 49)])
def test_what_was_spent_is_forgiven_or_owed_as_the_wallet_says(
    database: str, negative: str, points: int, owed: int
) -> None:
    """The first purchase had its bonus, which is spent; a late one makes it the second."""
    shop = Shop(database, FIRST, HEAD.replace("[late]", f'negative = "{negative}"\n\n[late]'))
    shop.tell([a_sale("S1", 2, 3000)])
    with connected(database) as conn:
        burn_points(conn, shop.published, BurnPoints("carol", 80), key="b", now=BEGUN + timedelta(days=3))

        done = record_sale(conn, shop.published, a_sale("late", 1, 100), key="late", now=BEGUN + timedelta(days=4))

        debt = conn.execute("SELECT coalesce(sum(points), 0) FROM ledger_entry WHERE account = 'debt'").fetchone()
        row = conn.execute("SELECT decision::text FROM sale_correction").fetchone()
    said = msgspec.json.decode(done.body, type=SaleAnswer)
    assert said.corrections == (SaleCorrection("carol-S1", (EarnedByRule("first", "points", -50),)),)
    assert (said.balances[0].points, debt) == (points, (-owed,))
    assert row is not None
    effects = msgspec.json.decode(row[0], type=Decision).effects
    forgiven = [effect for effect in effects if isinstance(effect, PointsForgiven)]
    assert forgiven == ([] if owed else [PointsForgiven("points", 49)])
    prove(database)


def test_a_return_of_a_corrected_sale_takes_back_what_it_gives_now(database: str) -> None:
    shop = Shop(database, GOLD_DOUBLES)
    shop.tell([a_sale("S2", 2, 5000), a_sale("S1", 1, 12_000)])

    with connected(database) as conn:
        back = ReturnSale("carol-S2", at=BEGUN + timedelta(days=3))
        done = return_sale(conn, shop.published, back, key="r", now=BEGUN + timedelta(days=3))

    said = msgspec.json.decode(done.body, type=ReturnAnswer)
    assert [(each.rule, each.points) for each in said.earned] == [("base", -50), ("gold", -50)]
    assert [(each.taken_back, each.owed, each.forgiven) for each in said.points] == [(100, 0, 0)]
    prove(database)


def test_a_late_return_takes_the_tier_from_the_sales_after_it(database: str) -> None:
    shop = Shop(database, GOLD_DOUBLES)
    shop.tell([a_sale("S1", 1, 12_000), a_sale("S2", 3, 5000)])

    with connected(database) as conn:
        back = ReturnSale("carol-S1", at=BEGUN + timedelta(days=2))
        done = return_sale(conn, shop.published, back, key="r", now=BEGUN + timedelta(days=4))

    said = msgspec.json.decode(done.body, type=ReturnAnswer)
    assert said.corrections == (SaleCorrection("carol-S2", (EarnedByRule("gold", "points", -50),)),)
    assert said.balances[0].points == 50
    prove(database)


@pytest.mark.parametrize("late", ['correct = "never"', 'within = "30 days"'])
def test_a_programme_may_leave_sales_as_they_were(database: str, late: str) -> None:
    shop = Shop(database, GOLD_DOUBLES, HEAD.replace('within = "12 months"', late))

    said = shop.tell([a_sale("S2", 2, 5000), a_sale("S1", 1, 12_000)])

    assert said[1].corrections is msgspec.UNSET


def test_a_late_sale_is_answered_the_same_again_and_corrects_once(database: str) -> None:
    shop = Shop(database, GOLD_DOUBLES)
    shop.tell([a_sale("S2", 2, 5000), a_sale("S1", 1, 12_000)])
    before = shop.stands()

    with connected(database) as conn:
        again = record_sale(conn, shop.published, a_sale("S1", 1, 12_000), key="carol-S1", now=NOW)
        anew = record_sale(conn, shop.published, a_sale("S1", 1, 12_000), key="another", now=NOW)

    assert (again.replayed, anew.status) == (True, 200)
    assert shop.stands() == before


def test_a_correction_does_not_end_a_hold_that_the_late_sale_finds_open(database: str) -> None:
    """A server whose clock was an hour ahead took a sale for later than it was; the hold came after."""
    shop = Shop(database, CAPPED)
    shop.tell([a_sale("ahead", 1, 5000)])
    right = BEGUN + timedelta(days=1, hours=-1)
    late = msgspec.structs.replace(a_sale("late", 1, 2000), at=right)
    with connected(database) as conn:
        hold_points(conn, shop.published, HoldPoints("carol", 30, minutes=1), key="h", now=right)
        record_sale(conn, shop.published, late, key="late", now=right)
        sums = conn.execute("SELECT account, sum(points) FROM ledger_entry GROUP BY account").fetchall()

    assert dict(sums) == {"held": 30, "available": 30, "issued": -60}
    prove(database)
