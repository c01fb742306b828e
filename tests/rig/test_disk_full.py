"""A disk of the database becomes full (F-10): what is refused is refused whole, and done once there is room."""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from api.shop import PROGRAMME
from application.shop import enrol, prove, publish
from cagnotte.host.postgres import EmbeddedPostgres
from cagnotte.storage.api_keys import Scope, create_api_key
from cagnotte.storage.database import connected
from cagnotte.storage.migrations import migrate
from rig.crowd import CAGNOTTE, Answer, Client, clients_of, crowd, serving, until
from rig.small_disk import FullDevice, SmallDisk, kinds_of_full

POINTS = 10
SALE: dict[str, Any] = {
    "store": "1",
    "at": "2026-03-10T12:30:00+01:00",
    "member": "carol",
    "lines": [{"sku": "bread", "quantity": 1, "paid_minor": 100 * POINTS}],
}
BOOKS = """
SELECT (SELECT count(*)::int FROM sale), (SELECT count(*)::int FROM idempotency_answer),
       (SELECT coalesce(sum(points), 0)::int FROM ledger_entry WHERE account = 'available')
"""
TILLS = 4
PASSWORD = "a long enough password"


@pytest.mark.database
@pytest.mark.parametrize("kind", kinds_of_full(), ids=lambda kind: kind.__name__)
def test_a_full_disk_refuses_a_sale_whole_and_takes_it_once_there_is_room(
    kind: type[SmallDisk | FullDevice], tmp_path: Path
) -> None:
    tmp_path.chmod(0o755)
    with kind(tmp_path / "disk") as disk, EmbeddedPostgres(disk.folder / "postgres") as server:
        key, dsn = _open_shop(server, disk.folder), server.dsn()
        with serving(tmp_path, CAGNOTTE_DATA_DIR=str(disk.folder)) as port, clients_of(port, key, 1) as (till,):
            with disk.full(dsn):
                done, refused = _sell_until_refused(till)
                books_when_full = _books(dsn)
                read = till.send("GET", "/v1/members/carol").status, till.send("GET", "/v1/health").status
                page = _sign_in(port)
            signed_in = _sign_in(port)
            late, again, next_ones = _sell(till, done), _sell(till, done), _sell_all(till, done + 1, 20)
        books = _books(dsn)
        prove(dsn)

    assert (refused.status, refused.code, refused.headers["retry-after"]) == (503, "database_full", "30")
    assert books_when_full == (done, done, done * POINTS)
    assert read == (200, 200)
    assert (page.status, page.headers["retry-after"], signed_in.status) == (503, "30", 302)
    assert "<h1>Il n’y a plus de place pour écrire</h1>" in page.body.decode()
    assert (late.status, again.status, again.headers.get("idempotent-replayed")) == (201, 201, "true")
    assert again.body == late.body
    assert next_ones == {201}
    assert books == (done + 21, done + 21, (done + 21) * POINTS)


@pytest.mark.database
@pytest.mark.parametrize("kind", kinds_of_full()[:1], ids=lambda kind: kind.__name__)
def test_a_server_that_ends_because_its_log_finds_no_room_loses_nothing_and_is_found_again(
    kind: type[SmallDisk | FullDevice], tmp_path: Path
) -> None:
    """PostgreSQL stops itself then; the program starts it again, and needs no restart."""
    tmp_path.chmod(0o755)
    sold: list[int] = []
    codes: Counter[str] = Counter()
    with kind(tmp_path / "disk") as disk, EmbeddedPostgres(disk.folder / "postgres") as server:
        key, dsn = _open_shop(server, disk.folder), server.dsn()
        with serving(tmp_path, CAGNOTTE_DATA_DIR=str(disk.folder)) as port, clients_of(port, key, TILLS) as tills:

            def sell(till: int) -> None:
                number = till + TILLS * sum(each % TILLS == till for each in sold)
                answer = _sell(tills[till], number)
                if answer.status == 201:
                    sold.append(number)
                else:
                    codes[answer.code] += 1
                    time.sleep(0.1)  # a till's patience

            with crowd(TILLS, sell):
                with disk.without_log(dsn):
                    until(lambda: codes, 20, "somebody is refused")
                    time_of_death = len(sold)
                begun = time.monotonic()
                until(lambda: len(sold) >= time_of_death + 5 * TILLS, 20, "sales are taken again")
                seconds = time.monotonic() - begun
            repeated = {number: _sell(tills[0], number) for number in sold}
        books = _books(dsn)
        prove(dsn)

    print(f"{len(sold)} sold, refused {dict(codes)}, taken again after {seconds:.1f} s")
    assert codes.keys() <= {"database_full", "database_unavailable", "too_busy"}
    assert len(set(sold)) == len(sold)
    assert {(each.status, each.headers.get("idempotent-replayed")) for each in repeated.values()} == {
        (201, "true")
    }
    assert books == (len(sold), len(sold), len(sold) * POINTS)


def _open_shop(server: EmbeddedPostgres, folder: Path) -> str:
    """The till's API key; head can sign in."""
    server.ensure_database("cagnotte")
    dsn = server.dsn()
    migrate(dsn)
    publish(dsn, PROGRAMME, effective_from=datetime(2020, 1, 1, tzinfo=UTC))
    subprocess.run(
        [CAGNOTTE, "staff", "add", "head", "--password-stdin", "--data", folder],
        input=PASSWORD,
        text=True,
        env={"PATH": os.environ["PATH"]},
        check=True,
        capture_output=True,
    )
    with connected(dsn) as conn:
        enrol(conn, "carol", "dan")
        return create_api_key(conn, "tills", tuple(Scope))


def _sign_in(port: int) -> Answer:
    with clients_of(port, "", 1) as (browser,):
        form = browser.send("GET", "/backoffice/login/")
        cookie = form.headers["set-cookie"].partition(";")[0]
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form.body.decode())
        assert token is not None
        fields = {"username": "head", "password": PASSWORD, "csrfmiddlewaretoken": token[1]}
        return browser.send("POST", "/backoffice/login/", form=fields, Cookie=cookie, **{"Accept-Language": "fr"})


def _sell(till: Client, number: int) -> Answer:
    return till.send("PUT", f"/v1/sales/t-{number}", SALE, key=f"k-{number}")


def _sell_all(till: Client, first: int, count: int) -> set[int]:
    return {_sell(till, number).status for number in range(first, first + count)}


def _sell_until_refused(till: Client) -> tuple[int, Answer]:
    """How many were taken, and the answer to the first one that was not."""
    for number in range(2000):
        if (answer := _sell(till, number)).status != 201:
            return number, answer
    raise AssertionError("the disk was never full")


def _books(dsn: str) -> tuple[int, int, int]:
    """Sales, kept answers, points of members."""
    with psycopg.connect(dsn) as conn:
        row = conn.execute(BOOKS).fetchone()
    assert row is not None
    return row
