"""Acts by hand: up to a person's ceiling they are done, above it a second person decides; never on own points."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from itertools import count

import msgspec
import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from application.shop import a_sale, enrol, prove, publish
from application.test_points_acts import PROGRAMME, Shop
from cagnotte.application.acting import Acted, PointsAnswer
from cagnotte.application.adjust_points import AdjustPoints, adjust_points
from cagnotte.application.answer_requests import AnswerRequest, approve_request, refuse_request, withdraw_request
from cagnotte.application.burn_points import BurnPoints, burn_points
from cagnotte.application.errors import BooksChanged, ReasonMissing, RequestError
from cagnotte.application.extend_lots import ExtendLots, extend_lots
from cagnotte.application.points_refusals import (
    ApprovalByAsker,
    CeilingTooLow,
    NoAccount,
    NotTheAsker,
    OwnAccount,
    RequestOver,
    UnknownRequest,
)
from cagnotte.application.points_requests import RequestAnswer, end_overdue_requests, show_requests
from cagnotte.application.record_sale import record_sale
from cagnotte.application.reinstate_points import ReinstatePoints, reinstate_points
from cagnotte.application.staff_people import link_person
from cagnotte.domain.evaluator.decision import RefusalCode
from cagnotte.domain.points.requests import Ending
from cagnotte.storage.database import connected
from cagnotte.storage.gestures import gestures_of_days
from cli.running import run

MOST, PER_DAY = 100, 300
CEILINGS = f"""{PROGRAMME}
[adjustments]
answered_within = "3 days"
[[adjustments.ceilings]]
most = {MOST}
most_per_day = {PER_DAY}
[[adjustments.ceilings]]
role = "Manager"
most = 5000
most_per_day = 8000
"""
_shops = count()


@pytest.fixture(scope="module")
def open_shop(module_database: str) -> Shop:
    """Olga and Paul are managers; Quentin signs in and is nothing more; Ann has no account."""
    published = publish(module_database, CEILINGS, datetime(2026, 1, 1, tzinfo=UTC))
    for name in ("olga", "paul", "quentin"):
        added = run(module_database, "staff", "add", name, "--password-stdin", given="a long enough password\n")
        assert added.code == 0, added.err
    with connected(module_database) as conn:
        conn.execute("INSERT INTO auth_group (name) VALUES ('manager')")
        conn.execute(
            "INSERT INTO auth_user_groups (user_id, group_id)"
            " SELECT u.id, g.id FROM auth_user u, auth_group g WHERE u.username IN ('olga', 'paul')"
        )
    return Shop(module_database, published)


class Day:
    """One day of the shop, with members of its own: nothing of another day's counts."""

    def __init__(self, shop: Shop, number: int) -> None:
        self.shop, self.number = shop, number
        self.now = datetime(2026, 3, 1, 9, tzinfo=UTC) + timedelta(days=50 * number)
        self.carol, self.dan = f"carol {number}", f"dan {number}"
        self._keys = count()
        with connected(shop.dsn) as conn:
            enrol(conn, self.carol, self.dan, on=self.now - timedelta(days=1))
            sold = a_sale(f"S{number}", at=self.now.isoformat(), paid=[30_000], member=self.carol)
            record_sale(conn, shop.published, sold, key=sold.sale_id, now=self.now)

    def adjust(
        self, points: int, by: str = "ann", *, member: str = "", key: str = "", now: datetime | None = None,
        at: datetime | None = None,
    ) -> Acted:  # fmt: skip
        command = AdjustPoints(member or self.carol, points, "late delivery", by, at=at)
        key = key or f"{self.number}-{next(self._keys)}"
        return self.shop.acted(adjust_points, command, key=key, now=now or self.now)

    def asked(self, points: int = 500, by: str = "ann", *, member: str = "") -> RequestAnswer:
        acted = self.adjust(points, by, member=member)
        assert acted.status == 202, acted
        return msgspec.json.decode(acted.body, type=RequestAnswer)

    def approve(self, request: str, by: str = "olga", *, reason: str = "she waited", days: int = 0) -> Acted:
        command, now = AnswerRequest(request, reason, by), self.now + timedelta(days=days)
        with connected(self.shop.dsn) as conn:
            return approve_request(conn, self.shop.published, command, now=now)

    def answer(self, act: object, request: str, by: str, *, days: int = 0) -> RequestAnswer:
        command, now = AnswerRequest(request, "no", by), self.now + timedelta(days=days)
        with connected(self.shop.dsn) as conn:
            found: RequestAnswer = act(conn, command, now=now)  # type: ignore[operator]
        return found

    def points(self) -> int:
        return self.shop.points(self.carol, self.now.date())


@pytest.fixture
def day(open_shop: Shop) -> Iterator[Day]:
    """Carol has 300 points."""
    made = Day(open_shop, next(_shops))
    yield made
    with connected(open_shop.dsn) as conn:
        conn.execute("DELETE FROM staff_member")


def answer_of(acted: Acted) -> PointsAnswer:
    return msgspec.json.decode(acted.body, type=PointsAnswer)


def test_up_to_the_ceiling_an_act_is_done_and_above_it_nothing_is_posted(day: Day) -> None:
    done = day.adjust(MOST)
    waits = day.adjust(MOST + 1, key="above")
    again = day.adjust(MOST + 1, key="above")

    asked = msgspec.json.decode(waits.body, type=RequestAnswer)
    assert (done.status, waits.status, day.points()) == (201, 202, 300 + MOST)
    assert (asked.points, asked.above, asked.most, asked.asked_by) == (MOST + 1, "gesture", MOST, "ann")
    assert (again.body, again.status, again.replayed) == (waits.body, 202, True)
    with connected(day.shop.dsn) as conn:
        assert asked in show_requests(conn, now=day.now).requests
    prove(day.shop.dsn)


def test_what_is_given_and_taken_on_a_day_counts_together_however_the_name_is_written(day: Day) -> None:
    for points, name in ((100, "ann"), (-100, "Ann "), (99, "ＡＮＮ")):
        assert day.adjust(points, name).status == 201
    above = day.adjust(2, "ann")

    assert above.status == 202
    assert msgspec.json.decode(above.body, type=RequestAnswer).above == "day"
    assert day.adjust(1, "ann").status == 201
    assert day.adjust(MOST, "berta").status == 201
    assert day.adjust(MOST, "ann", now=day.now + timedelta(days=1)).status == 201


def test_a_day_is_when_it_is_posted_and_the_programme_is_todays_whatever_the_act_says(day: Day) -> None:
    for _ in range(3):
        assert day.adjust(MOST, at=day.now - timedelta(hours=12)).status == 201

    assert day.adjust(1, at=day.now - timedelta(hours=30)).status == 202


def test_each_wallet_has_its_own_day(day: Day) -> None:
    for _ in range(3):
        day.adjust(MOST)
    command = AdjustPoints(day.carol, MOST, "late delivery", "ann", "miles")

    assert day.shop.acted(adjust_points, command, key=f"{day.number} miles", now=day.now).status == 201


def test_points_that_live_longer_or_again_count_too(day: Day) -> None:
    longer = ExtendLots(day.carol, date(2027, 1, 1), "shop closed", "ann")
    waits = day.shop.acted(extend_lots, longer, key=f"{day.number} longer", now=day.now)
    later = day.now + timedelta(days=40)
    day.adjust(1, now=later)  # lets what is over expire
    again = ReinstatePoints(day.carol, later.date() + timedelta(days=40), "our mistake", "ann")
    expired = day.shop.acted(reinstate_points, again, key=f"{day.number} again", now=later)

    found = [msgspec.json.decode(each.body, type=RequestAnswer) for each in (waits, expired)]
    assert [(each.kind, each.points) for each in found] == [("extension", 300), ("reinstatement", 300)]
    with connected(day.shop.dsn) as conn:
        given = approve_request(
            conn, day.shop.published, AnswerRequest(found[1].request, "our mistake", "olga"), now=later
        )
    assert (given.status, answer_of(given).points) == (201, 300)
    assert day.shop.points(day.carol, later.date()) == 301
    prove(day.shop.dsn)


def test_what_the_programme_refuses_is_no_request(day: Day) -> None:
    refused = day.adjust(-5000)

    assert refused.status == 409
    assert [each.code for each in answer_of(refused).refusals] == [RefusalCode.INSUFFICIENT_POINTS]


def test_a_second_person_approves_and_it_is_posted_once_however_often(day: Day) -> None:
    asked = day.asked(500)

    first = day.approve(asked.request)
    again = [day.approve(asked.request, by) for by in ("olga", "paul")]

    assert (first.status, answer_of(first).points, day.points()) == (201, 500, 800)
    assert [(each.body, each.replayed) for each in again] == [(first.body, True)] * 2
    with connected(day.shop.dsn) as conn:
        note = conn.execute(
            "SELECT t.note, t.made_by FROM ledger_transfer t JOIN member USING (member_id)"
            " WHERE external_id = %s AND kind = 'given'",
            (day.carol,),
        ).fetchall()
        [end] = [each.end for each in show_requests(conn, now=day.now, ended=True).requests[:1]]
    assert note == [("late delivery", "ann")]
    assert end is not None
    assert (end.how, end.ended_by, end.reason) == (Ending.APPROVED, "olga", "she waited")
    prove(day.shop.dsn)


def test_approved_eight_times_at_once_is_posted_once(day: Day) -> None:
    asked = day.asked(500)

    with ThreadPoolExecutor(8) as at_once:
        done = list(at_once.map(lambda n: day.approve(asked.request, ("olga", "paul")[n % 2]), range(8)))

    assert {each.body for each in done} == {done[0].body}
    assert sorted(each.replayed for each in done) == [False] + [True] * 7
    assert day.points() == 800
    prove(day.shop.dsn)


def test_approved_and_refused_at_once_ends_in_one_way(day: Day) -> None:
    asked = day.asked(500)

    def end(approves: bool) -> str:
        try:
            if approves:
                day.approve(asked.request)
            else:
                day.answer(refuse_request, asked.request, "paul")
        except RequestOver:
            return "over"
        return "approved" if approves else "refused"

    with ThreadPoolExecutor(2) as at_once:
        ends = set(at_once.map(end, (True, False)))

    assert day.points() == (800 if "approved" in ends else 300)
    assert ends in ({"approved", "over"}, {"refused", "over"})
    prove(day.shop.dsn)


def test_it_is_decided_again_on_the_day_of_the_approval(day: Day) -> None:
    asked = day.asked(-250)
    day.shop.do(burn_points, BurnPoints(day.carol, 100), key=f"{day.number} burn", now=day.now)

    refused = day.approve(asked.request)

    assert (refused.status, day.points()) == (409, 200)
    assert [each.code for each in answer_of(refused).refusals] == [RefusalCode.INSUFFICIENT_POINTS]
    assert day.approve(asked.request).body == refused.body
    with pytest.raises(RequestOver) as over:
        day.answer(refuse_request, asked.request, "paul")
    assert over.value.params["how"] == Ending.NOT_POSSIBLE


@pytest.mark.parametrize(
    ("asker", "points", "by", "error"),
    [
        ("olga", 6000, "olga", ApprovalByAsker),
        ("olga", 6000, "OLGA", ApprovalByAsker),
        ("ann", 500, "ann", NoAccount),
        ("ann", 500, "nobody", NoAccount),
        ("ann", 500, "quentin", CeilingTooLow),
        ("ann", 6000, "olga", CeilingTooLow),
    ],
)
def test_who_cannot_approve(day: Day, asker: str, points: int, by: str, error: type[RequestError]) -> None:
    asked = day.asked(points, asker)

    with pytest.raises(error):
        day.approve(asked.request, by)

    assert day.points() == 300
    with connected(day.shop.dsn) as conn:
        assert asked.request in {each.request for each in show_requests(conn, now=day.now).requests}


def test_what_one_approves_counts_for_ones_own_day(day: Day) -> None:
    for _ in range(2):
        day.approve(day.asked(3900).request, "olga")
    third = day.asked(3900)

    with pytest.raises(CeilingTooLow):
        day.approve(third.request, "olga")
    assert day.approve(third.request, "paul").status == 201


def test_refused_withdrawn_and_timed_out_requests_stay_so(day: Day) -> None:
    refused, withdrawn, late = day.asked(501), day.asked(502), day.asked(503)

    first = day.answer(refuse_request, refused.request, "olga")
    assert day.answer(refuse_request, refused.request, "olga") == first
    own = day.asked(6000, "olga")
    with pytest.raises(ApprovalByAsker):
        day.answer(refuse_request, own.request, "olga")
    with pytest.raises(NotTheAsker):
        day.answer(withdraw_request, withdrawn.request, "olga")
    day.answer(withdraw_request, withdrawn.request, "ann")
    for each, days in ((refused, 0), (withdrawn, 0), (late, 3)):
        with pytest.raises(RequestOver):
            day.approve(each.request, days=days)
        with pytest.raises(RequestOver):
            day.answer(refuse_request, each.request, "paul", days=days)
    with connected(day.shop.dsn) as conn:
        end_overdue_requests(conn, day.now + timedelta(days=3))
        assert end_overdue_requests(conn, day.now + timedelta(days=3)) == 0
        ended = {each.request: each.end for each in show_requests(conn, now=day.now, ended=True).requests}
    hows = [end.how for each in (refused, withdrawn, late) if (end := ended[each.request])]
    assert hows == [Ending.REFUSED, Ending.WITHDRAWN, Ending.TIMED_OUT]
    assert day.points() == 300


@pytest.mark.parametrize("request_id", ["", "x", "-1", "7", "9" * 30, "١"])
def test_a_request_that_never_was_is_the_callers_fault(day: Day, request_id: str) -> None:
    with pytest.raises(UnknownRequest):
        day.approve(request_id)


def test_nobody_moves_their_own_points_nor_approves_it(day: Day) -> None:
    asked = day.asked(500)
    with connected(day.shop.dsn) as conn:
        assert link_person(conn, "Olga", day.carol) == day.carol
        link_person(conn, "berta", day.carol)

    acts = (
        lambda: day.adjust(1, "olga"),
        lambda: day.adjust(-1, " OLGA"),
        lambda: day.adjust(1, "Berta"),
        lambda: day.approve(asked.request, "olga"),
        lambda: day.answer(refuse_request, asked.request, "olga"),
    )
    for act in acts:
        with pytest.raises(OwnAccount):
            act()
    assert day.points() == 300
    assert day.adjust(1, "olga", member=day.dan).status == 201
    with connected(day.shop.dsn) as conn:
        assert link_person(conn, "olga", None) == ""
    assert day.approve(asked.request, "olga").status == 201


def test_who_became_the_member_after_asking_gets_nothing(day: Day) -> None:
    asked = day.asked(500)
    with connected(day.shop.dsn) as conn:
        link_person(conn, "ann", day.carol)

    with pytest.raises(OwnAccount):
        day.approve(asked.request, "olga")


@pytest.mark.parametrize("reason", ["", "  "])
def test_approving_needs_a_reason(day: Day, reason: str) -> None:
    with pytest.raises(ReasonMissing):
        day.approve(day.asked().request, reason=reason)


def test_books_that_moved_make_no_request(day: Day) -> None:
    command = AdjustPoints(day.carol, 500, "late delivery", "ann")
    with connected(day.shop.dsn) as conn:
        with pytest.raises(BooksChanged):
            adjust_points(conn, day.shop.published, command, key=f"{day.number} v", now=day.now, if_version=[99])
        assert day.carol not in {each.member for each in show_requests(conn, now=day.now).requests}


def test_eight_acts_of_one_person_at_once_stay_within_the_day(day: Day) -> None:
    members = [day.carol, day.dan]

    with ThreadPoolExecutor(8) as at_once:
        done = list(at_once.map(lambda n: day.adjust(MOST, member=members[n % 2]), range(8)))

    assert sorted(each.status for each in done) == [201] * 3 + [202] * 5
    prove(day.shop.dsn)


def test_pages_of_requests_follow_each_other(day: Day) -> None:
    asked = [day.asked(500 + n).request for n in range(5)]

    found: list[str] = []
    after: str | None = ""
    with connected(day.shop.dsn) as conn:
        while after is not None:
            page = show_requests(conn, now=day.now, after=after, most=2)
            found += [each.request for each in page.requests]
            after = page.next

    assert [each for each in found if each in asked] == asked
    assert len(found) == len(set(found))


STEPS = st.lists(
    st.tuples(st.sampled_from(["ann", "Ann", "quentin", "olga"]), st.integers(-200, 200).filter(bool),
              st.sampled_from([None, "olga", "paul", "quentin"])),
    min_size=4, max_size=14,
)  # fmt: skip


@given(steps=STEPS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_day_of_a_person_exceeds_the_limit_without_a_second_one(
    open_shop: Shop, steps: Sequence[tuple[str, int, str | None]]
) -> None:
    day = Day(open_shop, next(_shops))

    for person, points, second in steps:
        acted = day.adjust(points, person)
        if acted.status == 202 and second is not None:
            try:
                day.approve(msgspec.json.decode(acted.body, type=RequestAnswer).request, second)
            except (ApprovalByAsker, CeilingTooLow):
                continue

    posted, alone, by_authority = _posted(day)
    assert all(total <= (8000 if who == "olga" else PER_DAY) for who, total in alone.items())
    assert all(total <= (8000 if who in {"olga", "paul"} else PER_DAY) for who, total in by_authority.items())
    assert posted == day.points() - 300


def _posted(day: Day) -> tuple[int, dict[str, int], dict[str, int]]:
    """Of the day: what the books say was given less taken; what each did alone; and what each answers for."""
    with psycopg.connect(day.shop.dsn) as conn:
        moved = conn.execute(
            "SELECT coalesce(sum(e.points), 0)::bigint FROM ledger_entry e"
            " JOIN ledger_transfer t USING (member_id, transfer_id) JOIN member m USING (member_id)"
            " WHERE m.external_id = %s AND t.kind IN ('given', 'adjustment') AND e.account = 'available'",
            (day.carol,),
        ).fetchone()
        day_of = (day.now.date(),)
        alone = conn.execute(
            "SELECT person, sum(abs(points))::bigint FROM gesture"
            " WHERE day = %s AND request_id IS NULL GROUP BY 1",
            day_of,
        ).fetchall()
        all_of = conn.execute(
            "SELECT allowed_by, sum(abs(points))::bigint FROM gesture WHERE day = %s GROUP BY 1", day_of
        ).fetchall()
    assert moved is not None
    return moved[0], dict(alone), dict(all_of)


def test_the_report_of_a_day_says_who_gave_and_took_how_much(day: Day) -> None:
    day.adjust(60)
    day.adjust(-20, member=day.carol)
    day.approve(day.asked(700).request)

    with connected(day.shop.dsn) as conn:
        [row] = gestures_of_days(conn, day.now.date(), day.now.date())

    assert (row.person, row.gestures, row.given, row.taken, row.approved) == ("ann", 3, 760, 20, 1)


def test_without_ceilings_nobody_is_limited(another_database: str) -> None:
    shop = Shop(another_database, publish(another_database, PROGRAMME, datetime(2026, 1, 1, tzinfo=UTC)))

    day = Day(shop, 0)

    assert [day.adjust(points).status for points in (1_000_000, -900_000)] == [201, 201]
