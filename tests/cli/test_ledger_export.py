"""The export of the books, checked by a script that knows nothing of the program."""

from __future__ import annotations

import csv
import hashlib
import json
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import psycopg
import pytest

from application.shop import enrol, publish
from cagnotte.application.adjust_points import AdjustPoints, adjust_points
from cagnotte.application.burn_points import BurnPoints, burn_points
from cagnotte.application.extend_lots import ExtendLots, extend_lots
from cagnotte.application.hold_points import HoldPoints, hold_points
from cagnotte.storage.database import connected
from cli.running import Ran, run

CHECKER = Path(__file__).resolve().parents[2] / "docs" / "examples" / "check_export.py"
MARCH = datetime(2026, 3, 1, 9, 30, 15, 120_000, tzinfo=UTC)
FORMULA = '=HYPERLINK("http://x";"1")\n\t\x01\\ é 漢 \''


@pytest.fixture
def shop(database: str) -> str:
    """Two members with points, a hold, lots whose days were moved and reasons that spreadsheets would run."""
    published = publish(database)
    with connected(database) as conn:
        for name in ("carol", "=dan"):
            enrol(conn, name)
            adjust_points(conn, published, AdjustPoints(name, 100, FORMULA, "-anne"), key=f"a{name}", now=MARCH)
            burn_points(conn, published, BurnPoints(name, 30, reference="'bag"), key=f"b{name}", now=MARCH)
        hold_points(conn, published, HoldPoints("carol", 20, reference="+1"), key="h", now=MARCH)
        moved = ExtendLots("carol", date(2026, 12, 1), reason="@home", made_by="anne")
        extend_lots(conn, published, moved, key="e", now=MARCH)
    return database


def owner(dsn: str, table: str, statement: str) -> None:
    """What a superuser does behind the program's back."""
    with psycopg.connect(dsn, autocommit=True) as conn:
        conn.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER".encode())
        conn.execute(statement.encode())
        conn.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER".encode())


def check(*arguments: Path) -> Ran:
    """With nothing but the standard library: no site, so no package of ours."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", CHECKER, *arguments], capture_output=True, text=True, check=False, timeout=60
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def test_the_export_of_books_that_nobody_touched_holds_outside(shop: str, tmp_path: Path) -> None:
    kept, folder = tmp_path / "checkpoints", tmp_path / "export"
    for _ in range(2):
        run(shop, "ledger", "seal", "--checkpoint", str(kept))

    ran = run(shop, "ledger", "export", "--to", str(folder))

    assert (ran.code, ran.err) == (0, "")
    assert ran.out == f"5 transfers and 10 entries of 2 members are in “{folder}”.\n"
    assert (folder / "manifest.json").exists()
    assert check(folder, kept) == Ran(0, "2 members: the export holds.\n", "")


def test_no_text_of_an_export_is_a_formula(shop: str, tmp_path: Path) -> None:
    run(shop, "ledger", "export", "--to", str(tmp_path / "export"))

    found = set()
    for file in (tmp_path / "export").glob("*.csv"):
        with file.open(encoding="utf-8", newline="") as opened:
            found |= {value for row in csv.reader(opened) for value in row}

    assert {"'" + FORMULA, "'=dan", "'@home", "''bag"} <= found
    texts = {value for value in found if not value.lstrip("-").isdigit()}
    assert not [value for value in texts if value.startswith(("=", "+", "-", "@", "\t", "\r")) and value != "-"]


SPOILT = [
    ("ledger_entry", "UPDATE ledger_entry SET points = points + 1 WHERE account = 'adjusted'", "sum to zero"),
    ("ledger_entry", "DELETE FROM ledger_entry WHERE account = 'redeemed'", "sum to zero"),
    ("ledger_transfer", "DELETE FROM ledger_transfer WHERE kind = 'burn'", "transfers without entries"),
    ("ledger_transfer", "UPDATE ledger_transfer SET note = 'x' WHERE kind = 'given'", "seal 1 is not that"),
    ("ledger_transfer", "UPDATE ledger_transfer SET version = version + 7", "not numbered"),
    ("ledger_lot", "UPDATE ledger_lot SET points_open = points_open - 1", "entries say"),
    ("ledger_lot", "UPDATE ledger_lot SET expires_on = '2030-01-01'", "its days are"),
    ("ledger_lot", "DELETE FROM ledger_lot", "is missing"),
    ("ledger_balance", "UPDATE ledger_balance SET points = points + 1", "a balance of"),
    ("ledger_lot_redated", "UPDATE ledger_lot_redated SET reason = 'x'", "seal 1 is not that"),
    ("ledger_seal", "DELETE FROM ledger_seal WHERE member_id = (SELECT min(member_id) FROM member)", "shards"),
]


@pytest.mark.parametrize(("table", "statement", "said"), SPOILT)
def test_the_export_of_books_that_were_tampered_with_fails(
    shop: str, tmp_path: Path, table: str, statement: str, said: str
) -> None:
    run(shop, "ledger", "seal")
    owner(shop, table, statement)
    run(shop, "ledger", "export", "--to", str(tmp_path / "export"))

    checked = check(tmp_path / "export")

    assert (checked.code, checked.err) == (1, "")
    assert said in checked.out


def test_seals_rewritten_with_the_books_fail_against_what_was_kept_outside(shop: str, tmp_path: Path) -> None:
    kept = tmp_path / "checkpoints"
    run(shop, "ledger", "seal", "--checkpoint", str(kept))
    owner(shop, "ledger_transfer", "UPDATE ledger_transfer SET note = 'x'")
    for table in ("ledger_seal", "ledger_seal_run"):
        owner(shop, table, f"DELETE FROM {table}")
    run(shop, "ledger", "seal")
    run(shop, "ledger", "export", "--to", str(tmp_path / "export"))

    alone, held_against = check(tmp_path / "export"), check(tmp_path / "export", kept)

    assert (alone.code, held_against.code) == (0, 1)
    assert "kept outside: these shards were rewritten" in held_against.out


def test_an_export_since_a_seal_holds_the_members_that_changed_and_they_hold(shop: str, tmp_path: Path) -> None:
    kept, folder = tmp_path / "checkpoints", tmp_path / "export"
    run(shop, "ledger", "seal", "--checkpoint", str(kept))
    assert run(shop, "member", "adjust", "carol", "5", "--reason", "spring", "--by", "anne").code == 0

    ran = run(shop, "ledger", "export", "--to", str(folder), "--since", str(kept), "--json")

    assert json.loads(ran.out)["rows"]["members"] == 1
    assert json.loads(ran.out)["since"] == 1
    assert check(folder).out == "1 members: the export holds.\n"


def test_a_file_changed_after_the_export_is_found(shop: str, tmp_path: Path) -> None:
    run(shop, "ledger", "export", "--to", str(tmp_path / "export"))
    file = tmp_path / "export" / "seal_runs.csv"
    before = hashlib.sha256(file.read_bytes()).hexdigest()
    file.write_bytes(file.read_bytes() + b"1,2026-01-01T00:00:00.000000Z,0,-\n")

    assert before in (tmp_path / "export" / "manifest.json").read_text()
    assert "seal_runs.csv is not the file that was exported" in check(tmp_path / "export").out


def test_a_folder_with_something_in_it_or_that_cannot_be_made_is_refused(shop: str, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine").write_text("mine")

    full = run(shop, "ledger", "export", "--to", str(tmp_path / "full"))
    below_a_file = run(shop, "ledger", "export", "--to", str(tmp_path / "full" / "mine" / "export"))
    early = run(shop, "ledger", "export", "--to", str(tmp_path / "new"), "--since", "2020-01-01")
    incomplete = check(tmp_path / "new")

    assert (full.code, full.err) == (2, f"“{tmp_path / 'full'}” is not empty: name a new folder.\n")
    assert [each.name for each in (tmp_path / "full").iterdir()] == ["mine"]
    assert (below_a_file.code, "cannot be written: Not a directory" in below_a_file.err) == (1, True)
    assert (early.code, early.err.startswith("The books had not been sealed before")) == (1, True)
    assert (incomplete.code, "manifest.json" in incomplete.err) == (2, True)
