"""F-06: clocks that are wrong, put right, or put back: the server's decides, and what was answered stays so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest

from api.shop import Caller
from application.shop import a_sale, enrol, prove, publish
from cagnotte.application.expire_lots import expire_lots
from cagnotte.application.published import load_published
from cagnotte.application.record_sale import record_sale
from cagnotte.application.run_jobs import Job, job_states, run_due_jobs
from cagnotte.channels.api.app import make_api
from cagnotte.storage.api_keys import Scope, create_api_key
from cagnotte.storage.database import connected, make_pool
from rig.deaths import PROGRAMME

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
HOURLY = [Job.EXPIRY, Job.SEAL]
WRITTEN = """
SELECT (SELECT count(*) FROM sale), (SELECT count(*) FROM sale_return),
       (SELECT count(*) FROM ledger_transfer), (SELECT count(*) FROM idempotency_answer)
"""


class Clock:
    """The server's, to be put back and forward."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock(NOON)


@pytest.fixture
def shop(database: str) -> Iterator[psycopg.Connection]:
    publish(database, PROGRAMME, datetime(2020, 1, 1, tzinfo=UTC))
    with connected(database) as conn:
        enrol(conn, "carol")
        yield conn


@pytest.fixture
def api(database: str, shop: psycopg.Connection, clock: Clock) -> Iterator[Caller]:
    key = create_api_key(shop, "till", tuple(Scope))
    with make_pool(database, size=2) as pool:
        yield Caller(make_api(pool, clock=clock), key)


def sale(at: datetime, *, sku: str = "bread") -> dict[str, Any]:
    line = {"sku": sku, "quantity": 1, "paid_minor": 5000}
    return {"store": "1", "at": at.isoformat(), "member": "carol", "lines": [line]}


def written(conn: psycopg.Connection) -> Any:
    return conn.execute(WRITTEN).fetchone()


ACTS = {
    "sale": ("PUT", "/v1/sales/S2", sale(NOON)),
    "return": ("POST", "/v1/sales/S1/returns", {"at": NOON.isoformat()}),
    "void": ("POST", "/v1/sales/S1:void", {"at": NOON.isoformat()}),
    "burn": ("POST", "/v1/members/carol/burns", {"points": 5, "at": NOON.isoformat()}),
    "hold": ("POST", "/v1/members/carol/holds", {"points": 5, "minutes": 60, "at": NOON.isoformat()}),
}


@pytest.mark.parametrize("act", ACTS)
def test_what_was_answered_is_answered_again_after_the_clock_was_put_back(
    api: Caller, shop: psycopg.Connection, clock: Clock, act: str
) -> None:
    method, path, body = ACTS[act]
    api.put_sale("S1", sale(NOON - DAY), key="first")
    first = api.call(method, path, body, Idempotency_Key="k")
    before = written(shop)

    clock.now -= HOUR
    again = api.call(method, path, body, Idempotency_Key="k")

    assert first.status_code == 201
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert written(shop) == before


@pytest.mark.parametrize("act", ACTS)
def test_an_act_of_the_future_is_refused_until_its_time_comes_and_nothing_of_it_is_kept(
    api: Caller, shop: psycopg.Connection, clock: Clock, act: str
) -> None:
    method, path, body = ACTS[act]
    api.put_sale("S1", sale(NOON - DAY), key="first")
    before = written(shop)

    clock.now -= HOUR
    refused = api.call(method, path, body, Idempotency_Key="k")
    clock.now, kept = NOON, written(shop)
    later = api.call(method, path, body, Idempotency_Key="k")

    expected = "sale_in_future" if act == "sale" else "act_in_future"
    assert (refused.status_code, refused.json["code"], kept) == (422, expected, before)
    assert later.status_code == 201


def test_a_key_that_answered_another_request_is_refused_as_such_after_the_clock_was_put_back(
    api: Caller, clock: Clock
) -> None:
    api.put_sale("S1", sale(NOON), key="k")

    clock.now -= HOUR
    other = api.put_sale("S1", sale(NOON, sku="milk"), key="k")

    assert other.json["code"] == "key_reused"


def test_a_sale_that_is_recorded_is_found_again_under_another_key_after_the_clock_was_put_back(
    api: Caller, shop: psycopg.Connection, clock: Clock
) -> None:
    api.put_sale("S1", sale(NOON), key="k")
    transfers = written(shop)[2]

    clock.now -= HOUR
    again = api.put_sale("S1", sale(NOON), key="another")

    assert (again.status_code, again.json["points_earned"]) == (200, 50)
    assert written(shop)[2] == transfers


def test_a_till_may_be_ahead_up_to_the_tolerance_and_its_time_is_kept_as_it_claimed(
    api: Caller, shop: psycopg.Connection
) -> None:
    most = timedelta(minutes=5)
    ahead = api.put_sale("S1", sale(NOON + most), key="a")
    beyond = api.put_sale("S2", sale(NOON + most + timedelta(seconds=1)), key="b")
    behind = api.put_sale("S3", sale(NOON - 2 * DAY), key="c")

    kept = shop.execute("SELECT external_id, happened_at FROM sale").fetchall()
    assert (ahead.status_code, behind.status_code) == (201, 201)
    assert (beyond.status_code, beyond.json["code"]) == (422, "sale_in_future")
    assert dict(kept) == {"S1": NOON + most, "S3": NOON - 2 * DAY}


def test_a_hold_taken_before_the_clock_was_put_back_ends_when_it_said(
    api: Caller, database: str, clock: Clock
) -> None:
    api.put_sale("S1", sale(NOON - DAY), key="first")
    held = api.call("POST", "/v1/members/carol/holds", {"points": 20, "minutes": 30}, Idempotency_Key="h")
    clock.now -= HOUR
    burned = api.call("POST", "/v1/members/carol/burns", {"points": 30}, Idempotency_Key="b")

    with connected(database) as conn:
        published = load_published(conn)
        early = expire_lots(conn, published, NOON + timedelta(minutes=29)).holds
        on_time = expire_lots(conn, published, NOON + timedelta(minutes=30)).holds

    assert (held.status_code, burned.status_code) == (201, 201)
    assert (early, on_time) == (0, 1)
    prove(database)


def ran(conn: psycopg.Connection, now: datetime) -> list[Job]:
    return [job for job, _ in run_due_jobs(conn, lambda: now)]


def test_no_job_runs_twice_when_the_clock_is_put_back_an_hour(shop: psycopg.Connection) -> None:
    at = NOON + timedelta(minutes=5)
    by_hour = [ran(shop, now) for now in (at - HOUR, at, at - HOUR, at - timedelta(minutes=10), at, at + HOUR)]

    assert by_hour == [list(Job), HOURLY, [], [], [], HOURLY]


def test_no_job_is_missed_after_the_clock_ran_two_days_ahead_for_a_while(shop: psycopg.Connection) -> None:
    ran(shop, NOON)
    ahead = ran(shop, NOON + 2 * DAY)

    put_right = ran(shop, NOON + timedelta(minutes=10))
    by_hour = [(hour, ran(shop, NOON + hour * HOUR)) for hour in range(1, 73)]

    assert (ahead, put_right) == (list(Job), [])
    assert [hour for hour, jobs in by_hour if not set(HOURLY) <= set(jobs)] == []
    assert [hour for hour, jobs in by_hour if Job.PROOF in jobs] == [13, 37, 61]  # 03:00 in Paris, three nights
    assert all(state.is_well for state in job_states(shop, NOON + 72 * HOUR))


def test_a_job_during_which_the_clock_was_put_back_took_no_time_and_not_less(shop: psycopg.Connection) -> None:
    times = iter([NOON, NOON, NOON - HOUR] * len(Job))

    runs = [run for _, run in run_due_jobs(shop, lambda: next(times))]

    assert [run.ended_at - run.started_at for run in runs] == [timedelta()] * len(Job)


@pytest.mark.parametrize("night", [date(2026, 3, 29), date(2026, 10, 25), date(2028, 2, 29)])
def test_the_proof_runs_once_in_a_night_of_23_or_25_hours_and_on_29_february(
    shop: psycopg.Connection, night: date
) -> None:
    begins = datetime(night.year, night.month, night.day, tzinfo=ZoneInfo("Europe/Paris")).astimezone(UTC)
    ran(shop, begins)

    proofs = [
        begins + quarter * HOUR / 4
        for quarter in range(1, 8 * 4)
        if Job.PROOF in ran(shop, begins + quarter * HOUR / 4)
    ]

    assert [(at.astimezone(ZoneInfo("Europe/Paris"))).strftime("%H:%M") for at in proofs] == ["03:00"]


@pytest.mark.parametrize(
    ("zone", "sold", "ends", "begins"),
    [
        ("Europe/Paris", "2025-03-29", date(2026, 3, 29), "2026-03-28T23:00:00Z"),  # a day of 23 hours
        ("Europe/Paris", "2025-03-30", date(2026, 3, 30), "2026-03-29T22:00:00Z"),
        ("Europe/Paris", "2025-10-25", date(2026, 10, 25), "2026-10-24T22:00:00Z"),  # a day of 25 hours
        ("Europe/Paris", "2025-10-26", date(2026, 10, 26), "2026-10-25T23:00:00Z"),
        ("Africa/Cairo", "2025-04-24", date(2026, 4, 24), "2026-04-23T22:00:00Z"),  # has no 00:00
        ("Europe/Paris", "2028-02-29", date(2029, 2, 28), "2029-02-27T23:00:00Z"),
        ("Europe/Paris", "2027-02-28", date(2028, 2, 28), "2028-02-27T23:00:00Z"),
        ("Europe/Paris", "2027-03-01", date(2028, 3, 1), "2028-02-29T23:00:00Z"),
    ],
)
def test_points_end_when_their_day_begins_also_after_nights_of_a_clock_change_and_in_leap_years(
    database: str, zone: str, sold: str, ends: date, begins: str
) -> None:
    document = PROGRAMME.replace("Europe/Paris", zone)
    published = publish(database, document, datetime(2020, 1, 1, tzinfo=UTC))
    instant = datetime.fromisoformat(begins)
    with connected(database) as conn:
        enrol(conn, "carol")
        command = a_sale(at=f"{sold}T12:00:00+00:00", paid=[1000])
        record_sale(conn, published, command, key="k", now=instant)
        lots = conn.execute("SELECT expires_on FROM ledger_lot").fetchall()

        before = expire_lots(conn, published, instant - timedelta(seconds=1)).points
        after = expire_lots(conn, published, instant).points

    assert (lots, before, after) == ([(ends,)], 0, 10)
    prove(database)
