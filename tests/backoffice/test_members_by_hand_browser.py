"""Points by hand in a real browser, on a shop of its own: forms on the member's page, two people at approvals."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from application.shop import a_sale, enrol, publish
from application.test_acts_by_hand import CEILINGS
from backoffice.browser import Walk, launch
from backoffice.shop import PASSWORD
from cagnotte.application.burn_points import BurnPoints, burn_points
from cagnotte.application.published import Published
from cagnotte.application.record_sale import record_sale
from cagnotte.application.staff_people import link_person
from cagnotte.storage.database import connected
from cli.running import CAGNOTTE, run

DESK = {"locale": "en", "viewport": {"width": 1440, "height": 900}, "reduced_motion": "reduce"}
PHONE = {"locale": "fr", "viewport": {"width": 390, "height": 844}, "reduced_motion": "reduce"}


class Desk:
    """A served shop: Carol has 300 points; Ann may move 100 at a time, Olga is a manager."""

    def __init__(self, dsn: str, address: str, published: Published, browser: Browser) -> None:
        self.dsn, self.address, self.published, self.browser = dsn, address, published, browser

    @contextmanager
    def seen_by(self, name: str, screen: dict[str, Any] = DESK, shot: str = "desk") -> Iterator[Walk]:
        context = self.browser.new_context(**screen)
        walk = Walk(context.new_page(), self.address, shot)
        walk.go("/backoffice/")
        walk.page.locator("input[name=username]").fill(name)
        walk.page.locator("input[name=password]").fill(PASSWORD)
        walk.page.locator("#login-form button[type=submit]").click()
        walk.page.wait_for_url("**/backoffice/")
        yield walk
        context.close()

    @property
    def carol(self) -> str:
        return f"/backoffice/members/{self.one('SELECT member_id FROM member')}/"

    def balance(self) -> int:
        return self.one("SELECT points FROM ledger_balance WHERE wallet = 'points'")

    def one(self, statement: str) -> int:
        with psycopg.connect(self.dsn) as conn:
            row = conn.execute(statement.encode()).fetchone()
        assert row is not None
        return int(row[0])


@pytest.fixture
def desk(database: str, tmp_path: Path) -> Iterator[Desk]:
    published, now = publish(database, CEILINGS, datetime(2026, 1, 1, tzinfo=UTC)), datetime.now(UTC)
    for name in ("ann", "olga"):
        added = run(database, "staff", "add", name, "--password-stdin", given=f"{PASSWORD}\n")
        assert added.code == 0, added.err
    with connected(database) as conn:
        enrol(conn, "carol", on=now - timedelta(days=9))
        conn.execute("INSERT INTO auth_group (name) VALUES ('Manager')")
        conn.execute(
            "INSERT INTO auth_user_groups (user_id, group_id)"
            " SELECT u.id, g.id FROM auth_user u, auth_group g WHERE u.username = 'olga'"
        )
        record_sale(conn, published, a_sale("S1", at=now.isoformat(), paid=[30_000]), key="S1", now=now)
    with _served(database, tmp_path) as address, sync_playwright() as playwright:
        browser = launch(playwright.chromium)
        yield Desk(database, address, published, browser)
        browser.close()


@contextmanager
def _served(dsn: str, home: Path) -> Iterator[str]:
    """`cagnotte serve` on a free port, in a process of its own."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    environ = {
        "PATH": os.environ["PATH"], "HOME": str(home), "DATABASE_URL": dsn, "CAGNOTTE_LANGUAGE": "en",
        "CAGNOTTE_ALLOW_UNSAFE_DATABASE": "1",
        "CAGNOTTE_DATA_DIR": str(home / "data"),
    }  # fmt: skip
    log = (home / "serve.log").open("w")
    process = subprocess.Popen([CAGNOTTE, "serve", "--port", str(port)], env=environ, stdout=log, stderr=log)
    try:
        until = time.monotonic() + 60
        while process.poll() is None and time.monotonic() < until:
            with socket.socket() as asking:
                if asking.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        assert process.poll() is None, (home / "serve.log").read_text()
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)
        log.close()


def adjust(walk: Walk, points: str, why: str) -> None:
    page = walk.page
    form = page.locator("#by-hand form").first
    if not form.is_visible():
        page.get_by_text("Give or take points", exact=True).click()
    form.locator("input[name=points]").fill(points)
    form.locator("input[name=reason]").fill(why)
    with page.expect_navigation():
        form.get_by_role("button", name="Post").click()


def test_a_gesture_is_done_and_one_above_the_ceiling_goes_to_a_second_person(desk: Desk) -> None:
    with desk.seen_by("ann") as walk:
        walk.go(desk.carol)
        adjust(walk, "40", "late delivery")
        expect(walk.page.locator("body")).to_contain_text("Given: 40 of “points”. The balance is 340.")
        adjust(walk, "500", "the parcel was lost")
        expect(walk.page.locator("body")).to_contain_text("above the ceiling of 100 points at a time")
        walk.page.get_by_text("Let points live longer", exact=True).click()
        walk.keep("by-hand")
        walk.go("/backoffice/approvals/")
        expect(walk.page.locator("#waiting")).to_contain_text("You asked for it: another person decides.")
        assert walk.faults == []
    assert desk.balance() == 340

    with desk.seen_by("olga") as walk:
        walk.page.get_by_role("link", name="Approvals").click()
        expect(walk.page.locator("#waiting")).to_contain_text("carol: give 500 points")
        walk.keep("approvals")
        walk.page.locator("#waiting input[name=reason]").fill("she waited for weeks")
        with walk.page.expect_navigation():
            walk.page.get_by_role("button", name="Approve").click()
        expect(walk.page.locator("body")).to_contain_text("Approved and done for the member carol.")
        expect(walk.page.locator("#ended")).to_contain_text("she waited for weeks")
        expect(walk.page.locator("#gestures tbody")).to_contain_text("540")
        walk.keep("approvals-decided")
        assert walk.faults == []
    assert desk.balance() == 840

    with desk.seen_by("olga", PHONE, "phone") as walk:
        for path, name in ((desk.carol, "by-hand"), ("/backoffice/approvals/", "approvals")):
            walk.go(path)
            assert walk.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
            walk.keep(name)
        expect(walk.page.locator("main h1")).to_have_text("Approbations")
        expect(walk.page.locator("#ended")).to_contain_text("donner 500 points")
        assert walk.faults == []


def test_books_that_moved_are_said_and_what_was_typed_stays(desk: Desk) -> None:
    with desk.seen_by("ann") as walk:
        walk.go(desk.carol)
        with connected(desk.dsn) as conn:
            burn_points(conn, desk.published, BurnPoints("carol", 100), key="till", now=datetime.now(UTC))
        adjust(walk, "40", "late delivery")

        expect(walk.page.locator("body")).to_contain_text("The member’s books have moved since you opened")
        form = walk.page.locator("#by-hand form").first
        expect(form.locator("input[name=points]")).to_have_value("40")
        expect(form.locator("input[name=reason]")).to_have_value("late delivery")
        expect(walk.page.locator(".cg-card-main")).to_contain_text("200")
        walk.keep("by-hand-moved")
        assert desk.balance() == 200
        adjust(walk, "40", "late delivery")
        expect(walk.page.locator("body")).to_contain_text("The balance is 240.")


def test_ones_own_account_and_a_closed_one_are_refused_in_words(desk: Desk) -> None:
    with desk.seen_by("ann") as walk:
        walk.go(desk.carol)
        page = walk.page
        page.get_by_text("Close the member", exact=True).click()
        page.locator("#cg-why-close").fill("asked to leave")
        with page.expect_navigation():
            page.get_by_role("button", name="Close", exact=True).click()
        expect(page.locator("body")).to_contain_text("The member is closed")
        expect(page.locator(".cg-head")).to_contain_text("by ann: asked to leave")
        adjust(walk, "40", "late delivery")
        expect(page.locator("body")).to_contain_text("The member’s account is closed")
        walk.keep("closed-member")
        page.get_by_text("Open the member again", exact=True).click()
        page.locator("#cg-why-close").fill("came back")
        with page.expect_navigation():
            page.get_by_role("button", name="Open again").click()
        with connected(desk.dsn) as conn:
            link_person(conn, "Ann", "carol")
        walk.faults.clear()
        adjust(walk, "1", "for me")
        expect(page.locator("body")).to_contain_text("ann is the member carol: nobody moves their own points")
        assert [fault.partition(" ")[0] for fault in walk.faults if fault.startswith("403 ")] == ["403"]
    assert desk.balance() == 300
    assert desk.one(f"SELECT count(*) FROM gesture WHERE day >= '{date(2026, 1, 1)}'") == 0
