"""Converting points, expiring lots, publishing versions, and what is shown and explained."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import psycopg
import pytest

from application.shop import NOW, PROGRAMME, a_sale, enrol, prove, publish, state
from cagnotte.application.convert_points import Converted, ConvertPoints, convert_points
from cagnotte.application.errors import KeyReused, NoProgramme, ProgrammeInPast, UnknownMember
from cagnotte.application.expire_lots import ExpiryReport, expire_lots
from cagnotte.application.explain_sale import SaleExplained, explain_sale
from cagnotte.application.publish_programme import FROM_THE_BEGINNING, publish_programme
from cagnotte.application.published import Published, load_published
from cagnotte.application.record_sale import record_sale
from cagnotte.application.show_member import MemberView, show_member
from cagnotte.domain.evaluator.explain import RuleOutcome
from cagnotte.domain.programme.faults import ProgrammeError
from cagnotte.storage.database import connected

BEGUN = datetime(2026, 3, 1, 9, tzinfo=UTC)


@pytest.fixture
def published(database: str) -> Published:
    """Carol has 30 points that go on 31 March; Dan has none."""
    published = publish(database)
    with connected(database) as conn:
        enrol(conn, "carol", "dan")
        record_sale(conn, published, a_sale("S1", at=BEGUN.isoformat(), paid=[3000]), key="S1", now=NOW)
    return published


def ask(dsn: str, published: Published, *, times: int = 1, key: str = "k", on: datetime = BEGUN) -> Converted:
    with connected(dsn) as conn:
        return convert_points(conn, published, ConvertPoints("carol", "gift", times), key=key, now=on)


def show(dsn: str, published: Published, on: date) -> MemberView:
    with connected(dsn) as conn:
        shown = show_member(conn, published, "carol", on)
    assert shown is not None
    return shown


def test_points_become_vouchers_when_the_member_asks_and_only_once_for_a_key(
    database: str, published: Published
) -> None:
    given = ask(database, published)
    before = state(database)
    again = ask(database, published)

    said = json.loads(given.body)
    assert (given.status, given.replayed) == (201, False)
    assert said["vouchers"] == [{"conversion": "gift", "count": 1, "amount_minor": 100, "expires_on": None}]
    assert said["balances"] == [{"wallet": "points", "points": 10, "pending": 0}]
    assert (again.status, again.replayed, again.body) == (201, True, given.body)
    assert state(database) == before
    prove(database)


def test_a_conversion_beyond_the_points_is_refused_and_nothing_is_posted(
    database: str, published: Published
) -> None:
    before = state(database)

    refused = ask(database, published, times=2)

    said = json.loads(refused.body)
    assert refused.status == 409
    assert said["refusals"][0] | {"code": "insufficient_points", "missing": 10} == said["refusals"][0]
    assert said["vouchers"] == []
    assert state(database) == before
    with pytest.raises(KeyReused):
        ask(database, published, times=1)


def test_points_past_their_day_are_not_converted(database: str, published: Published) -> None:
    refused = ask(database, published, on=datetime(2026, 3, 30, 22, 0, tzinfo=UTC))  # 00:00 in Paris

    assert refused.status == 409
    assert json.loads(refused.body)["balances"] == [{"wallet": "points", "points": 0, "pending": 0}]
    prove(database)


def test_points_are_converted_up_to_the_last_second(database: str, published: Published) -> None:
    assert ask(database, published, on=datetime(2026, 3, 30, 21, 59, 59, tzinfo=UTC)).status == 201


def test_an_unknown_member_converts_nothing(database: str, published: Published) -> None:
    with connected(database) as conn, pytest.raises(UnknownMember):
        convert_points(conn, published, ConvertPoints("nobody", "gift"), key="k", now=NOW)


def test_lots_expire_on_their_day_and_once(database: str, published: Published) -> None:
    with connected(database) as conn:
        day_before = expire_lots(conn, published, date(2026, 3, 30))
        counted = expire_lots(conn, published, date(2026, 3, 31), dry_run=True)
        before = state(database)
        done = expire_lots(conn, published, date(2026, 3, 31))
        after = state(database)
        again = expire_lots(conn, published, date(2026, 3, 31))

    assert day_before == ExpiryReport(members=1)  # Dan, who never bought, is looked at once
    assert counted == done == ExpiryReport(members=1, lots=1, points=30)
    assert again == ExpiryReport()
    assert before != after == state(database)
    prove(database)


def test_a_member_who_never_bought_has_an_anniversary(database: str) -> None:
    published = publish(database, PROGRAMME + '[[earn]]\ncode = "year"\non = "anniversary"\npoints = 50\n')
    with connected(database) as conn:
        enrol(conn, "carol")
        enrolled = conn.execute("SELECT enrolled_on FROM member").fetchone()
        assert enrolled is not None
        a_year_later = enrolled[0].replace(year=enrolled[0].year + 1)

        early = expire_lots(conn, published, a_year_later - timedelta(days=1))
        kept = expire_lots(conn, published, a_year_later)

    assert (early.points, kept.members) == (0, 1)
    assert [each.points for each in show(database, published, a_year_later).balances] == [50]
    prove(database)


def test_expiry_stopped_in_the_middle_carries_on_where_it_was(database: str, published: Published) -> None:
    names = [f"m{number:04}" for number in range(1_100)]
    with connected(database) as conn:
        enrol(conn, *names)
        for name in names[:3]:
            record_sale(conn, published, a_sale(name, at=BEGUN.isoformat(), member=name), key=name, now=NOW)
        conn.execute("UPDATE member_standing SET next_due_on = '2026-03-02' WHERE next_due_on IS NULL")
        seen: list[ExpiryReport] = []

        def stop(report: ExpiryReport) -> None:
            seen.append(report)
            if len(seen) == 2:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            expire_lots(conn, published, date(2026, 4, 1), watch=stop)
        rest = expire_lots(conn, published, date(2026, 4, 1))

        in_a_set, stopped = seen
        assert (in_a_set.members, stopped.members) == (4, 504), (
            "to four of them nothing is due but the end of lots"
        )
        assert stopped.members + rest.members == 1_102
        assert stopped.points + rest.points == 30 + 3 * 15
        assert expire_lots(conn, published, date(2026, 4, 1)) == ExpiryReport()
    prove(database)


def test_a_member_is_shown_as_of_a_day_with_what_goes_next(database: str, published: Published) -> None:
    shown = show(database, published, date(2026, 3, 30))
    gone = show(database, published, date(2026, 3, 31))

    assert (shown.sales, shown.spent_minor, shown.last_sale_on) == (1, 3000, date(2026, 3, 1))
    assert [(w.wallet, w.points, [(e.expires_on, e.points) for e in w.next_expiries]) for w in shown.balances] == [
        ("points", 30, [(date(2026, 3, 31), 30)])
    ]
    assert shown.next_tier is not None
    assert (shown.next_tier.reached, shown.next_tier.missing) == (3000, 17_000)
    assert [wallet.points for wallet in gone.balances] == [0]
    assert gone.next_tier is not None
    assert gone.next_tier.reached == 0
    with connected(database) as conn:
        assert show_member(conn, published, "nobody", date(2026, 3, 31)) is None


def explained(dsn: str, published: Published, sale: str) -> SaleExplained:
    with connected(dsn) as conn:
        row = conn.execute("SELECT member_id, sale_id FROM sale WHERE external_id = %s", (sale,)).fetchone()
        assert row is not None
        found = explain_sale(conn, published, *row)
    assert found is not None
    return found


def test_an_explanation_gives_each_rule_its_outcome_and_the_points_of_the_decision(
    database: str, published: Published
) -> None:
    later = (BEGUN + timedelta(days=1)).isoformat()
    with connected(database) as conn:
        for number, paid in enumerate([[25_000], [1000, 2000], [40], [-500]]):
            sale = a_sale(f"E{number}", at=later.replace("09:", f"1{number}:"), paid=paid)
            record_sale(conn, published, sale, key=f"E{number}", now=NOW)
        record_sale(conn, published, a_sale("G", member=None), key="G", now=NOW)

    outcomes = {
        sale: [(rule.rule, rule.outcome, rule.points) for rule in explained(database, published, sale).rules]
        for sale in ("S1", "E1", "E2", "E3", "G")
    }

    assert outcomes == {
        "S1": [("base", RuleOutcome.EARNED, 30), ("bakery", RuleOutcome.NOT_MET, 0)],
        "E1": [("base", RuleOutcome.EARNED, 30), ("bakery", RuleOutcome.EARNED, 60)],
        "E2": [("base", RuleOutcome.NO_POINTS, 0), ("bakery", RuleOutcome.NO_POINTS, 0)],
        "E3": [("base", RuleOutcome.NOTHING_PAID, 0), ("bakery", RuleOutcome.NOTHING_PAID, 0)],
        "G": [],
    }
    promoted = explained(database, published, "E0")
    assert (promoted.tier_before, promoted.tier_after, promoted.vouchers[0].count) == (None, "gold", 2)
    assert explained(database, published, "E1").points_earned == 90


def test_publishing_the_newest_text_again_changes_nothing(database: str) -> None:
    with connected(database) as conn:
        first = publish_programme(conn, PROGRAMME, effective_from=None)
        again = publish_programme(conn, PROGRAMME, effective_from=None)

    assert (first.version, first.effective_from, first.new) == (1, FROM_THE_BEGINNING, True)
    assert (again.version, again.effective_from, again.new) == (1, FROM_THE_BEGINNING, False)


def test_a_version_cannot_begin_with_or_before_one_that_is_published(database: str) -> None:
    begins = datetime(2026, 4, 1, tzinfo=UTC)
    other = PROGRAMME.replace("/ 100", "/ 10")
    with connected(database) as conn:
        publish_programme(conn, PROGRAMME, effective_from=begins)

        for early in (begins, begins - timedelta(days=1)):
            with pytest.raises(ProgrammeInPast):
                publish_programme(conn, other, effective_from=early)
        with pytest.raises(ProgrammeError):
            publish_programme(conn, other.replace("eligible", "elligible"), effective_from=None)

        assert len(load_published(conn).versions) == 1


def test_each_sale_is_judged_by_the_version_of_its_time_also_when_it_comes_late(database: str) -> None:
    publish(database)
    both = publish(database, PROGRAMME.replace("/ 100", "/ 10"), datetime(2026, 4, 1, tzinfo=UTC))
    times = ["2026-04-01T02:00:00+02:00", "2026-04-01T01:59:59+02:00"]
    with connected(database) as conn:
        enrol(conn, "carol")
        for number, at in enumerate(times):
            record_sale(conn, both, a_sale(f"S{number}", at=at, paid=[500]), key=f"{number}", now=NOW)

    with psycopg.connect(database) as conn:
        judged = conn.execute("SELECT external_id, points_earned, version FROM sale ORDER BY 1").fetchall()
    assert judged == [("S0", 50, 2), ("S1", 5, 1)]
    assert explained(database, both, "S1").programme.version == 1


def test_without_a_programme_nothing_can_be_judged(database: str) -> None:
    with connected(database) as conn, pytest.raises(NoProgramme):
        load_published(conn)
