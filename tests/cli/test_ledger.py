"""The books from the terminal: proof, rebuilding, seals, statements."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from application.shop import enrol, publish
from cagnotte.application.adjust_points import AdjustPoints, adjust_points
from cagnotte.application.burn_points import BurnPoints, burn_points
from cagnotte.application.hold_points import HoldPoints, hold_points
from cagnotte.application.published import load_published
from cagnotte.storage.database import connected
from cli.running import Ran, run

MARCH = datetime(2026, 3, 1, 9, tzinfo=UTC)
APRIL = datetime(2026, 4, 2, 9, tzinfo=UTC)


@pytest.fixture
def shop(database: str) -> str:
    """Carol got 100 points in March and spent 30; in April 20 are set aside for an order."""
    published = publish(database)
    with connected(database) as conn:
        enrol(conn, "carol")
        adjust_points(conn, published, AdjustPoints("carol", 100, "hello", "anne"), key="a", now=MARCH)
        burn_points(conn, published, BurnPoints("carol", 30, reference="bag"), key="b", now=MARCH)
        adjust_points(conn, published, AdjustPoints("carol", 50, "spring", "anne"), key="c", now=APRIL)
        hold_points(conn, published, HoldPoints("carol", 20, reference="order"), key="d", now=APRIL)
    return database


def owner(dsn: str, *statements: str) -> None:
    """What a superuser does behind the program's back."""
    with psycopg.connect(dsn, autocommit=True) as conn:
        for statement in statements:
            conn.execute(statement.encode())


def answer(ran: Ran) -> dict[str, object]:
    found = json.loads(ran.out)
    assert isinstance(found, dict)
    return found


def test_the_proof_tells_every_check_in_words(shop: str) -> None:
    ran = run(shop, "ledger", "prove")

    assert ran.code == 0
    assert "✗" not in ran.out
    assert "changes of each member's books are numbered without a gap (1 members)" in ran.out
    assert ran.out.endswith("The books hold.\n")


def test_lots_and_balances_are_rebuilt_from_the_entries(shop: str) -> None:
    assert run(shop, "ledger", "rebuild", "--check").out == "Lots and balances are what the entries say.\n"
    owner(
        shop,
        "UPDATE ledger_lot SET points_open = 0, expires_on = '2026-09-09' WHERE points_open > 0",
        "DELETE FROM ledger_balance",
    )

    checked = run(shop, "ledger", "rebuild", "--check")
    again = run(shop, "ledger", "rebuild", "--check", "--json")
    written = run(shop, "ledger", "rebuild")

    assert (checked.code, checked.out.splitlines()[0]) == (
        1,
        "1 lots and 1 balances are not what the entries say.",
    )
    assert answer(again)["lots"] == 1
    assert (written.code, written.out.splitlines()[0]) == (0, "1 lots and 1 balances were put right.")
    assert run(shop, "ledger", "prove").code == 0


def test_a_lot_that_is_gone_comes_back_with_its_days(shop: str) -> None:
    with psycopg.connect(shop) as conn:
        before = conn.execute("SELECT * FROM ledger_lot ORDER BY lot_id").fetchall()
    owner(shop, "DELETE FROM ledger_lot")

    assert run(shop, "ledger", "rebuild").code == 0
    with psycopg.connect(shop) as conn:
        assert conn.execute("SELECT * FROM ledger_lot ORDER BY lot_id").fetchall() == before


def test_a_rewritten_entry_is_found_by_the_seals(shop: str) -> None:
    assert run(shop, "ledger", "seal").out == "Seal 1: the books of 1 members were sealed.\n"
    assert run(shop, "ledger", "seal").out == "Seal 2: the books of 0 members were sealed.\n"
    # Consistent to the last point: entries, lots, balances and the note.
    owner(
        shop,
        "ALTER TABLE ledger_transfer DISABLE TRIGGER USER",
        "UPDATE ledger_transfer SET note = 'another reason' WHERE note = 'hello'",
        "ALTER TABLE ledger_transfer ENABLE TRIGGER USER",
    )

    ran = run(shop, "ledger", "prove", "--json")

    assert ran.code == 1
    checks = answer(ran)["checks"]
    assert isinstance(checks, list)
    assert [each["check"] for each in checks if each["faults"]] == ["seals_hold"]


def test_seals_that_were_rewritten_too_are_found_by_what_was_kept_outside(shop: str, tmp_path: Path) -> None:
    file = tmp_path / "checkpoints"
    assert run(shop, "ledger", "seal", "--checkpoint", str(file)).code == 0
    assert run(shop, "ledger", "prove", "--checkpoint", str(file)).code == 0
    owner(
        shop,
        "ALTER TABLE ledger_transfer DISABLE TRIGGER USER",
        "ALTER TABLE ledger_seal DISABLE TRIGGER USER",
        "ALTER TABLE ledger_seal_run DISABLE TRIGGER USER",
        "UPDATE ledger_transfer SET note = 'another reason' WHERE note = 'hello'",
        "UPDATE ledger_seal SET digest = (SELECT sha256(convert_to(string_agg(content, E'\\n'"
        " ORDER BY version, within), 'UTF8')) FROM ledger_sealed)",
        "ALTER TABLE ledger_transfer ENABLE TRIGGER USER",
        "UPDATE ledger_seal_run SET shards[(SELECT mod(member_id, 64) + 1 FROM ledger_seal)] ="
        " (SELECT sha256(convert_to(format('%s:%s:%s', member_id, version, encode(digest, 'hex')), 'UTF8'))"
        " FROM ledger_seal)",
        "ALTER TABLE ledger_seal ENABLE TRIGGER USER",
        "ALTER TABLE ledger_seal_run ENABLE TRIGGER USER",
    )

    assert run(shop, "ledger", "prove").code == 0  # the database alone cannot tell
    ran = run(shop, "ledger", "prove", "--checkpoint", str(file))

    assert ran.code == 1
    assert "no longer holds; these shards were rewritten" in ran.err


def test_what_is_added_after_a_seal_breaks_nothing(shop: str, tmp_path: Path) -> None:
    file = tmp_path / "checkpoints"
    run(shop, "ledger", "seal", "--checkpoint", str(file))
    with connected(shop) as conn:
        burn_points(conn, load_published(conn), BurnPoints("carol", 5), key="later", now=APRIL)

    assert run(shop, "ledger", "prove", "--checkpoint", str(file)).code == 0
    assert (
        run(shop, "ledger", "seal", "--checkpoint", str(file)).out
        == "Seal 2: the books of 1 members were sealed.\n"
    )
    assert run(shop, "ledger", "prove", "--checkpoint", str(file)).code == 0


@pytest.mark.parametrize("content", [None, b"no json"])
def test_a_file_that_is_no_checkpoint_is_said_so(shop: str, tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "other"
    if content is not None:
        file.write_bytes(content)

    ran = run(shop, "ledger", "prove", "--checkpoint", str(file))

    assert (ran.code, "is no file of checkpoints" in ran.err) == (2, True)


def test_a_statement_says_what_moved_in_a_month(shop: str) -> None:
    ran = run(shop, "ledger", "statement", "carol", "--month", "2026-03")

    assert ran.code == 0
    lines = ran.out.splitlines()
    assert lines[0] == "Member carol, from 2026-03-01 to 2026-03-31"
    assert [" ".join(line.split()) for line in lines[1:]] == [
        "At the beginning:",
        "2026-03-01 +100 points Points given by hand hello",
        "2026-03-01 -30 points Points spent bag",
        "2026-03-31 -70 points Points expired",
        "At the end:",
        "points: 0 points, 0 set aside, 0 owed",
    ]


def test_balances_are_told_as_of_any_instant_in_either_time(shop: str) -> None:
    then = run(shop, "ledger", "as-of", "carol", "--happened", "2026-03-15T00:00+00:00", "--json")
    now = run(shop, "ledger", "as-of", "carol")
    before = run(shop, "ledger", "as-of", "carol", "--known", "2020-01-01T00:00+00:00")

    assert answer(then)["balances"] == [{"wallet": "points", "points": 70, "held": 0, "owed": 0}]
    assert now.out == "  points: 30 points, 20 set aside, 0 owed\n"
    assert before.out == "No point had moved by then.\n"


def test_a_month_is_written_as_year_and_month(shop: str) -> None:
    ran = run(shop, "ledger", "statement", "carol", "--month", "March")

    assert (ran.code, "is not a month: write it like 2026-03" in ran.err) == (2, True)
    assert run(shop, "ledger", "statement", "nobody", "--month", "2026-03").code == 1


def test_balances_of_a_programme_that_moves_here_are_opened_once(shop: str, tmp_path: Path) -> None:
    file = tmp_path / "old.csv"
    file.write_text("member,points,expires_on\ncarol,500,never\ndave,40,2027-01-01\nerin,-3,\n", encoding="utf-8")

    first = run(shop, "load", "balances", str(file), "--on", "2026-04-01", "--source", "old")
    again = run(shop, "load", "balances", str(file), "--on", "2026-04-01", "--source", "old", "--json")

    assert first.code == 1, "a row was refused"
    assert "Points in the file: 540; opened: 540; opened before: 0; written off: 0; refused: 0." in first.out
    assert "Line 4: A balance of -3 cannot be opened" in first.err
    told = answer(again)
    assert (told["points_opened"], told["points_already"], told["in_books"]) == (0, 540, 540)
    assert run(shop, "ledger", "prove").code == 0


def test_what_was_posted_since_a_seal_is_proved_alone(shop: str, tmp_path: Path) -> None:
    file = tmp_path / "checkpoints"
    run(shop, "ledger", "seal", "--checkpoint", str(file))
    with connected(shop) as conn:
        enrol(conn, "dan")
        adjust_points(conn, load_published(conn), AdjustPoints("dan", 7, "hello", "anne"), key="since", now=APRIL)

    by_file = run(shop, "ledger", "prove", "--since", str(file))
    by_time = run(shop, "ledger", "prove", "--since", "2999-01-01", "--json")
    owner(shop, "UPDATE ledger_balance SET points = 8 WHERE points = 7")
    spoilt = run(shop, "ledger", "prove", "--since", str(file))

    assert by_file.code == 0
    assert by_file.out.startswith("Since seal 1 of ")
    assert "entries of each transfer sum to zero (1 transfers)" in by_file.out
    assert by_file.out.endswith("What was posted since then holds.\n")
    assert (by_time.code, answer(by_time)["holds"]) == (0, True)
    assert (spoilt.code, "expected 7, found 8" in spoilt.out) == (1, True)


@pytest.mark.parametrize(
    ("content", "said"),
    [(None, "No such file or directory"), (b"", "it is empty"), (b"not json\n", "JSON is malformed")],
)
def test_a_file_that_is_none_of_checkpoints_is_told_before_anything_is_proved(
    shop: str, tmp_path: Path, content: bytes | None, said: str
) -> None:
    file = tmp_path / "checkpoints"
    if content is not None:
        file.write_bytes(content)

    for option in ("--since", "--checkpoint"):
        ran = run(shop, "ledger", "prove", option, str(file))

        assert (ran.code, ran.out) == (2, "")
        assert ran.err.startswith(f"“{file}” is no file of checkpoints: ")
        assert said in ran.err


def test_since_a_time_before_any_seal_or_a_seal_of_other_books_is_refused(shop: str, tmp_path: Path) -> None:
    file = tmp_path / "checkpoints"
    run(shop, "ledger", "seal", "--checkpoint", str(file))
    file.write_bytes(file.read_bytes().replace(b'"seal_no":1', b'"seal_no":41'))

    early = run(shop, "ledger", "prove", "--since", "2020-01-01")
    other = run(shop, "ledger", "prove", "--since", str(file))

    assert (early.code, early.out) == (1, "")
    assert early.err.startswith("The books had not been sealed before 2019-12-31T23:00:00+00:00")
    assert (other.code, other.out) == (1, "")
    assert other.err.startswith("These books have no seal 41")
