"""Acts by hand above a ceiling, and members that are closed, from the terminal."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import psycopg
import pytest

from application.shop import enrol, publish
from application.test_acts_by_hand import CEILINGS
from cagnotte.storage.database import connected
from cli.running import run


@pytest.fixture
def shop(database: str) -> str:
    """Olga and Paul are managers; Carol has nothing."""
    publish(database, CEILINGS, datetime(2026, 1, 1, tzinfo=UTC))
    for name in ("olga", "paul"):
        assert run(database, "staff", "add", name, "--password-stdin", given="a long enough password\n").code == 0
    with connected(database) as conn:
        enrol(conn, "carol")
        conn.execute("INSERT INTO auth_group (name) VALUES ('Manager')")
        conn.execute(
            "INSERT INTO auth_user_groups (user_id, group_id) SELECT u.id, g.id FROM auth_user u, auth_group g"
        )
    return database


def adjust(shop: str, points: str, by: str = "ann", language: str = "en") -> tuple[int, str, str]:
    ran = run(shop, "member", "adjust", "carol", points, "--reason", "late", "--by", by, language=language)
    return ran.code, ran.out, ran.err


def test_what_is_above_waits_and_is_done_once_approved(shop: str) -> None:
    code, out, _ = adjust(shop, "500")
    _, french, _ = adjust(shop, "501", language="fr")
    listed = json.loads(run(shop, "member", "requests", "--json").out)["requests"]
    told = run(shop, "member", "requests")
    request, other = (each["request"] for each in listed)

    done = run(shop, "member", "approve", request, "--as", "olga", "--reason", "she waited")
    twice = run(shop, "member", "approve", request, "--as", "paul", "--reason", "she waited")
    refused = run(shop, "member", "refuse", other, "--as", "olga", "--reason", "one is enough")
    late = run(shop, "member", "approve", other, "--as", "olga", "--reason", "after all")
    ended = run(shop, "member", "requests", "--ended")
    report = run(shop, "member", "gestures")

    assert code == 0
    assert out.startswith("Nothing was posted, this is above the ceiling of 100 points at a time: request ")
    assert french.startswith("Rien n’a été comptabilisé, c’est au-delà du plafond de 100 points à la fois")
    assert "member carol: give 500 points of “points”, above the ceiling of 100 points at a time" in told.out
    assert done.out == "Approved and done: 500 of “points” for carol. Balance: 500.\n"
    assert (twice.code, twice.out) == (0, done.out)
    assert (refused.code, late.code, late.err) == (0, 1, "The request was refused already.\n")
    assert ended.out.count("one is enough") == 1
    assert (
        "ann, “points”: 500 points given, 0 taken. Acts: 1, members: 1, approved by a second person: 1"
        in report.out
    )


def test_who_may_not_is_told_why(shop: str) -> None:
    adjust(shop, "6000", "olga")
    adjust(shop, "500")
    own, other = (
        each["request"] for each in json.loads(run(shop, "member", "requests", "--json").out)["requests"]
    )
    linked = run(shop, "staff", "link", "paul", "--member", "carol")

    said = [
        run(shop, "member", "approve", own, "--as", "olga", "--reason", "mine"),
        run(shop, "member", "approve", other, "--as", "paul", "--reason", "mine"),
        run(shop, "member", "approve", other, "--as", "nobody", "--reason", "x"),
        run(shop, "member", "withdraw", own, "--by", "ann"),
        run(shop, "member", "approve", "7", "--as", "olga", "--reason", "x", language="fr"),
    ]

    assert linked.out == "paul is the member carol, and moves no points of that member by hand.\n"
    assert [each.code for each in said] == [1] * 5
    assert said[0].err == "olga asked for it: another person must approve or refuse it.\n"
    assert said[1].err == "paul is the member carol: nobody moves their own points, or decides about it.\n"
    assert said[2].err.startswith("Nobody who may sign in is called “nobody”.")
    assert said[3].err == "ann did not ask for it: only who asked withdraws it.\n"
    assert said[4].err == "Personne n’a rien demandé sous le numéro 7.\n"
    assert adjust(shop, "1", "paul") == (1, "", said[1].err)
    assert run(shop, "member", "withdraw", other, "--by", "ANN").out == "Withdrawn: nothing was posted.\n"


def test_a_member_is_closed_and_opened_again(shop: str) -> None:
    closed = run(shop, "member", "close", "carol", "--reason", "asked to leave", "--by", "ann")
    refused = adjust(shop, "5")
    shown = run(shop, "member", "show", "carol", "--on", "2100-01-01")
    opened = run(shop, "member", "reopen", "carol", "--reason", "came back", "--by", "ann")

    assert closed.out == "carol is closed: sales earn nothing, no points are spent or received.\n"
    assert refused == (1, "", "The member’s account is closed: no points are earned, spent or received.\n")
    assert "Closed since " in shown.out
    assert opened.out == "carol is open: sales earn and points are spent again.\n"
    assert adjust(shop, "5")[0] == 0


def test_a_key_of_a_person_keeps_the_person(shop: str) -> None:
    key = run(shop, "key", "add", "tablet", "--scope", "points.approve", "--staff", "olga").out

    with psycopg.connect(shop) as conn:
        kept = conn.execute("SELECT staff FROM api_key WHERE prefix = %s", (key.partition(".")[0],)).fetchone()
    assert kept == ("olga",)
