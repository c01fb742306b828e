"""More callers than connections (F-11): they queue, are told in time to come back later, and nothing hangs."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from api.shop import NOW, SALE, Caller
from application.shop import enrol, prove, publish
from cagnotte.channels.api.app import make_api
from cagnotte.host.postgres import EmbeddedPostgres
from cagnotte.storage.api_keys import Scope, create_api_key
from cagnotte.storage.database import connected, make_pool
from cagnotte.storage.migrations import migrate
from rig.crowd import Answer, Client, clients_of, crowd, serving, until

CLIENTS, CONNECTIONS = 200, 5
SECONDS = float(os.environ.get("CAGNOTTE_RIG_SECONDS", "8"))  # 60 by hand
TOLD_WITHIN_S = 2.0
LOCK_TIMEOUT_S = 3.0


@pytest.fixture
def key(database: str) -> str:
    publish(database, effective_from=datetime(2020, 1, 1, tzinfo=UTC))
    with connected(database) as conn:
        enrol(conn, "carol", "dan")
        return create_api_key(conn, "tills", tuple(Scope))


def test_who_finds_no_free_connection_is_told_in_time_and_nothing_of_the_act_is_there(
    database: str, key: str
) -> None:
    with make_pool(database, size=CONNECTIONS) as pool:
        app = make_api(pool, clock=lambda: NOW)

        def sell(number: int) -> tuple[str, float]:
            begun = time.monotonic()
            answer = Caller(app, key).put_sale(f"t-{number}", SALE, key=f"k-{number}")
            return answer.json.get("code", "") or str(answer.status_code), time.monotonic() - begun

        with ExitStack() as held, ThreadPoolExecutor(CLIENTS) as callers:
            for _ in range(CONNECTIONS):
                held.enter_context(pool.connection())
            told = list(callers.map(sell, range(CLIENTS)))
            with psycopg.connect(database) as conn:
                sales = conn.execute("SELECT count(*) FROM sale").fetchone()
        after = [sell(number)[0] for number in range(10)]

    assert Counter(code for code, _ in told) == {"too_busy": CLIENTS}
    assert max(seconds for _, seconds in told) < TOLD_WITHIN_S
    assert sales == (0,)
    assert after == ["201"] * 10
    prove(database)


def test_health_stays_green_and_everyone_is_told_in_time_while_all_connections_wait(
    database: str, key: str, tmp_path: Path
) -> None:
    """Somebody holds the books of one member; five tills of that member wait for them, again and again."""
    green: list[Answer] = []
    told: list[Answer] = []
    with (
        serving(tmp_path, DATABASE_URL=database, CAGNOTTE_CONNECTIONS=str(CONNECTIONS)) as port,
        clients_of(port, key, CLIENTS) as clients,
        clients_of(port, key, CONNECTIONS) as waiting,
        clients_of(port, "", 1) as (watching,),
    ):
        with left_open(database, "carol"), crowd(CONNECTIONS, lambda n: burn(waiting[n], "carol")):
            until(lambda: _waiters(database) >= CONNECTIONS - 1, 20, "the connections are taken")
            with crowd(CLIENTS, lambda n: told.append(ask(clients[n], "dan"))):
                over_at = time.monotonic() + SECONDS
                while time.monotonic() < over_at:
                    green.append(watching.send("GET", "/v1/health"))
        after = [client.send("GET", "/v1/members/dan").status for client in clients[:20]]

    refused = [answer for answer in told if answer.status != 200]
    slowest = max(answer.seconds for answer in green)
    print(f"{len(told)} answers, {len(refused)} refused, slowest {max(a.seconds for a in told):.2f} s")
    print(f"{len(green)} looks at the health in {SECONDS:.0f} s, slowest {slowest:.2f} s")
    assert len(refused) >= CLIENTS
    assert {(answer.status, answer.code, answer.says_when) for answer in refused} == {(503, "too_busy", True)}
    assert max(answer.seconds for answer in told) < TOLD_WITHIN_S
    assert {answer.status for answer in green} == {200}
    assert slowest < TOLD_WITHIN_S
    assert after == [200] * 20
    prove(database)


@pytest.mark.database
def test_a_database_that_is_away_is_called_so_and_found_within_two_seconds_of_its_return(tmp_path: Path) -> None:
    """Away for longer than the pool's own way of trying again would bear: after 1, 2 and 4 seconds."""
    tmp_path.chmod(0o755)
    with EmbeddedPostgres(tmp_path / "postgres") as server:
        server.ensure_database("cagnotte")
        migrate(server.dsn())
        with make_pool(server.dsn(), size=CONNECTIONS) as pool:
            api = Caller(make_api(pool, clock=lambda: NOW), None)
            before = api.call("GET", "/v1/health").status_code
            server.stop()
            away_until, away = time.monotonic() + 5, []
            while time.monotonic() < away_until:
                away.append(api.call("GET", "/v1/health"))
            server.start()
            begun = time.monotonic()
            until(lambda: api.call("GET", "/v1/health").status_code == 200, 20, "it is found")
            seconds = time.monotonic() - begun

    print(f"{len(away)} calls while it was away, found again after {seconds:.2f} s")
    assert before == 200
    assert {(answer.status_code, answer.json["code"]) for answer in away} == {(503, "database_unavailable")}
    assert seconds < TOLD_WITHIN_S


def test_a_page_says_too_that_the_database_is_away(tmp_path: Path) -> None:
    """Who is signed in is looked up in Django's own pool, which only knows that it has nothing to give."""
    tmp_path.chmod(0o755)
    with EmbeddedPostgres(tmp_path / "postgres") as server:
        server.ensure_database("cagnotte")
        with (
            serving(tmp_path, DATABASE_URL=server.dsn(), CAGNOTTE_DATA_DIR=str(tmp_path / "own")) as port,
            clients_of(port, "", 1) as (browser,),
        ):
            look = {"Cookie": "sessionid=somebody", "Accept-Language": "en"}
            before = browser.send("GET", "/backoffice/members/", **look).status
            server.stop()
            away = [browser.send("GET", "/backoffice/members/", **look) for _ in range(5)]
            server.start()

    assert before == 302
    assert {answer.status for answer in away} == {503}
    assert ["<h1>We cannot reach the database</h1>" in answer.body.decode() for answer in away] == [True] * 5


def test_a_till_does_not_hang_on_books_that_somebody_left_open_and_its_act_is_done_once_afterwards(
    database: str, key: str
) -> None:
    with make_pool(database, size=2) as pool:
        api = Caller(make_api(pool, clock=lambda: datetime.now(UTC)), key)
        with left_open(database, "carol"):
            begun = time.monotonic()
            refused = _sell(api, "t-1")
            seconds = time.monotonic() - begun
            other = api.call("GET", "/v1/members/carol")
        done, again = _sell(api, "t-1"), _sell(api, "t-1")

    assert (refused.status_code, refused.json["code"]) == (503, "too_busy")
    assert LOCK_TIMEOUT_S <= seconds < LOCK_TIMEOUT_S + 1
    assert other.status_code == 200
    assert (done.status_code, again.status_code, again.content) == (201, 201, done.content)
    with psycopg.connect(database) as conn:
        assert conn.execute("SELECT count(*) FROM sale").fetchone() == (1,)
    prove(database)


def test_a_process_of_ours_that_freezes_in_a_transaction_does_not_keep_its_locks(database: str) -> None:
    with make_pool(database, size=1) as pool, pool.connection() as conn:
        known = conn.execute(
            "SELECT name, setting::int FROM pg_settings WHERE name = ANY (%s)",
            (["lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout"],),
        ).fetchall()
    with connected(database) as conn:
        lasting = conn.execute("SELECT current_setting('statement_timeout')").fetchone()

    assert dict(known) == {
        "lock_timeout": 3000,
        "statement_timeout": 30000,
        "idle_in_transaction_session_timeout": 30000,
    }
    assert lasting == ("0",)  # jobs, loads and proofs take what they take


@contextmanager
def left_open(dsn: str, member: str) -> Iterator[None]:
    """A person who looked at a member's books with a lock, and has gone to lunch."""
    with psycopg.connect(dsn) as person:
        person.execute(
            "SELECT 1 FROM member_standing JOIN member USING (member_id) WHERE external_id = %s"
            " FOR UPDATE OF member_standing",
            (member,),
        )
        yield
        person.rollback()


def ask(client: Client, member: str) -> Answer:
    """A client that comes back sooner than it was told."""
    answer = client.send("GET", f"/v1/members/{member}")
    time.sleep(0.1 if answer.status == 503 else 0)
    return answer


def burn(client: Client, member: str) -> None:
    answer = client.send("POST", f"/v1/members/{member}/burns", {"points": 1}, key=f"b-{time.monotonic_ns()}")
    assert answer.status in {409, 503}, answer.body


def _sell(api: Caller, sale: str) -> Any:
    return api.put_sale(sale, SALE, key=f"k-{sale}")


def _waiters(dsn: str) -> int:
    with psycopg.connect(dsn) as conn:
        found = conn.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        ).fetchone()
    assert found is not None
    count: int = found[0]
    return count
