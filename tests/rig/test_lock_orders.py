"""Acts that lock the same books in opposite orders (F-13): done again inside, nobody hears of it, all adds up."""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime

import psycopg
import pytest

from application.shop import a_sale, enrol, prove, publish
from cagnotte.application.burn_points import BurnPoints, burn_points
from cagnotte.application.move_household import move_household
from cagnotte.application.published import Published
from cagnotte.application.record_sale import record_sale
from cagnotte.application.retrying import Race, races_lost
from cagnotte.application.send_points import SendPoints, send_points
from cagnotte.application.spend_together import SpendTogether, spend_together
from cagnotte.storage.database import connected, make_pool
from rig.crowd import crowd, until

CLIENTS, CONNECTIONS, DEADLOCKS, ACTS = 64, 10, 3, 320
KINDS = ("send", "burn", "spend", "buy")
NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
PAIR, FAMILY, BUYERS = ("carol", "dan"), ("erin", "frank"), ("gina", "hugo")
RICH, BEGUN_WITH = (*PAIR, "frank"), 10_000
LAUNCH, LAUNCH_EACH = 30, 2  # points of the cap that all buyers share, and what one sale asks of it
PROGRAMME = """
[programme]
code = "maison"
currency = "EUR"
timezone = "Europe/Paris"

[wallets.points]
expiry = { after = "12 months" }

[transfers]
wallets = ["points"]

[households]
pool = "spend"

[caps.launch]
points = 30
per = "%(per)s"

[[earn]]
code = "base"
points = 1
per = 100

[[earn]]
code = "launch"
when = 'store == "launch"'
points = 2
per = 100
caps = ["launch"]
"""
BALANCES = """
SELECT external_id, coalesce(sum(points), 0)::int FROM member LEFT JOIN ledger_entry USING (member_id)
 WHERE account IN ('available', 'held', 'debt') GROUP BY 1
"""
LOCK = """
SELECT 1 FROM member_standing JOIN member USING (member_id) WHERE external_id = %s FOR UPDATE OF member_standing
"""
WAITS_FOR_US = "SELECT count(*) FROM pg_stat_activity WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid))"
type Act = Callable[[psycopg.Connection, str], tuple[int, dict[str, int]]]
"""Does it under a key -> status, and what it moves of each member's points where it is done."""


@pytest.fixture(params=["programme", "member"])
def per(request: pytest.FixtureRequest) -> str:
    """Whose sales the cap counts together: with those of others, acts are decided under a lock, else without."""
    return str(request.param)


@pytest.fixture
def published(database: str, per: str) -> Published:
    """Carol, Dan and Frank begin with ten thousand points; Erin has none and belongs to Frank's household."""
    published = publish(database, PROGRAMME % {"per": per}, datetime(2026, 1, 1, tzinfo=UTC))
    with connected(database) as conn:
        enrol(conn, *PAIR, *FAMILY, *BUYERS)
        for name in FAMILY:
            move_household(conn, published, name, "home", now=datetime(2026, 1, 2, tzinfo=UTC))
        for name in RICH:
            sale = a_sale(f"first of {name}", member=name, paid=[BEGUN_WITH * 100])
            assert record_sale(conn, published, sale, key=f"first of {name}", now=NOW).status == 201
    return published


def test_opposite_lock_orders_of_64_clients_show_no_error_and_every_point_is_where_it_should_be(
    database: str, published: Published, per: str, caplog: pytest.LogCaptureFixture
) -> None:
    before = races_lost()
    moved: Counter[str] = Counter(dict.fromkeys(RICH, BEGUN_WITH))
    acted: Counter[tuple[str, int]] = Counter()
    lock = threading.Lock()

    def client(number: int) -> None:
        act = _act_of(published, number)
        with pool.connection() as conn:
            status, given = act(conn, f"{number} {time.monotonic_ns()}")
        with lock:
            acted[act.__name__, status] += 1
            moved.update(given)

    def deadlocks_counted() -> bool:
        _cross(database, *PAIR)
        return races_lost()[Race.DEADLOCK] - before[Race.DEADLOCK] >= DEADLOCKS

    with (
        caplog.at_level(logging.INFO, logger="cagnotte.acts"),
        make_pool(database, size=CONNECTIONS, patience_s=60) as pool,
        crowd(CLIENTS, client),
    ):
        until(deadlocks_counted, 40, "deadlocks are counted")
        until(lambda: acted.total() >= ACTS, 40, "all have acted")
    lost = {race: count - before[race] for race, count in races_lost().items()}
    balances = _balances(database)
    print(f"{dict(acted)}, races lost: { {race.value: count for race, count in lost.items()} }")

    assert {status for _, status in acted} == {201}
    assert {kind for kind, _ in acted} == set(KINDS)
    assert {name: balances[name] for name in RICH} == {name: moved[name] for name in RICH}
    assert balances["erin"] == 0
    assert sum(balances[name] - moved[name] for name in BUYERS) == _launched(per, [moved[name] for name in BUYERS])
    assert lost[Race.GIVEN_UP] == 0
    assert caplog.text.count("race=deadlock") == lost[Race.DEADLOCK]
    prove(database)


def _act_of(published: Published, number: int) -> Act:
    """What this client does, always."""
    one, other = PAIR[:: 1 if number // len(KINDS) % 2 else -1]
    spender, buyer = FAMILY[number // len(KINDS) % 2], BUYERS[number // len(KINDS) % 2]

    def send(conn: psycopg.Connection, key: str) -> tuple[int, dict[str, int]]:
        return send_points(conn, published, SendPoints(one, other, 1), key=key, now=NOW).status, {
            one: -1,
            other: 1,
        }

    def burn(conn: psycopg.Connection, key: str) -> tuple[int, dict[str, int]]:
        return burn_points(conn, published, BurnPoints(other, 1), key=key, now=NOW).status, {other: -1}

    def spend(conn: psycopg.Connection, key: str) -> tuple[int, dict[str, int]]:
        acted = spend_together(conn, published, SpendTogether(spender, 1), key=key, now=NOW)
        return acted.status, {"frank": -1}  # Erin has none

    def buy(conn: psycopg.Connection, key: str) -> tuple[int, dict[str, int]]:
        sale = a_sale(key, member=buyer, paid=[100], store="launch")
        return record_sale(conn, published, sale, key=key, now=NOW).status, {buyer: 1}

    acts = {"send": send, "burn": burn, "spend": spend, "buy": buy}
    return acts[KINDS[number % len(KINDS)]]


def _launched(per: str, sales: list[int]) -> int:
    """What the cap let through of two points for each sale; the sales of each buyer."""
    counted = [sum(sales)] if per == "programme" else sales
    return sum(min(LAUNCH, LAUNCH_EACH * each) for each in counted)


def _cross(dsn: str, first: str, last: str) -> None:
    """A person locks the last of two books, and the first one once somebody waits: against the program's order."""
    with psycopg.connect(dsn) as person, suppress(psycopg.errors.DeadlockDetected):
        person.execute(LOCK, (last,))
        until(lambda: person.execute(WAITS_FOR_US).fetchone() != (0,), 30, "somebody waits")
        person.execute(LOCK, (first,))


def _balances(dsn: str) -> dict[str, int]:
    with psycopg.connect(dsn) as conn:
        return dict(conn.execute(BALANCES).fetchall())
