"""`cagnotte programme replay` and `cagnotte history export` as their users meet them."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest

from application.shop import load, publish
from cli.test_commands import PROGRAMME, SALES, Shop, shop

__all__ = ["shop"]

DRAFT = PROGRAMME.replace("eligible.paid / 100", "eligible.paid / 50")


@pytest.fixture
def sold(shop: Shop, database: str) -> Shop:
    """A shop with one member's sale and one without a member; the third line of the file is refused."""
    publish(database, PROGRAMME)
    load(database, shop.folder / shop.file("sales.csv", SALES))
    shop.file("maison.toml", PROGRAMME)
    shop.file("draft.toml", DRAFT)
    return shop


def test_spark_that_is_not_installed_is_told_with_the_way_to_install_it(sold: Shop):
    done = sold.run(
        "programme", "replay", "draft.toml", "--against", "maison.toml", "--out", "out", "--spark", "local[*]"
    )

    assert done.returncode == 2
    assert done.stderr == "Spark is not installed here: pip install 'cagnotte[spark]', and Java 17 or 21.\n"
    assert not (sold.folder / "out" / "report.html").exists()


def rows(shop: Shop, table: str) -> list[dict[str, str]]:
    with (shop.folder / "out" / "tables" / f"{table}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def page(shop: Shop) -> str:
    return (shop.folder / "out" / "report.html").read_text(encoding="utf-8")


def report(shop: Shop) -> Any:
    return json.loads((shop.folder / "out" / "report.json").read_text())


def test_a_draft_is_replayed_against_a_published_version(sold: Shop):
    done = sold.run("programme", "replay", "draft.toml", "--against", "1", "--out", "out")

    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "1 sales of 1 members were written to out/history.",
        "1 members and 1 sales from 2026-03-02 to 2026-03-02, decided again one by one.",
        "1 member of 1 gets something else under the draft.",
        "  Points issued: 70 becomes 140 (+70).",
        "  Their estimated cost: 7.00 EUR becomes 14.00 EUR (+7.00 EUR).",
        "  Owed to members at the end: 7.00 EUR becomes 14.00 EUR (+7.00 EUR).",
        "  1 members get more points, 0 fewer, 0 as many.",
        "The report is in out/report.html.",
    ]


def test_the_report_is_a_page_a_json_file_and_a_csv_file_per_table(sold: Shop):
    sold.run("programme", "replay", "draft.toml", "--against", "maison.toml", "--out", "out")

    names = sorted(path.name for path in (sold.folder / "out" / "tables").iterdir())
    assert names == [
        f"{table}.csv"
        for table in (
            "members", "months", "offers", "rules", "segments", "spread", "stores", "tier_moves", "tiers",
            "wallets",
        )
    ]  # fmt: skip
    assert report(sold)["totals"]["issued"] == {"current": 70, "draft": 140, "difference": 70}
    (rule,) = rows(sold, "rules")
    assert (rule["rule"], rule["points_current"], rule["points_draft"]) == ("base", "70", "140")


def test_the_page_needs_no_network_and_no_script(sold: Shop):
    sold.run("programme", "replay", "draft.toml", "--against", "maison.toml", "--out", "out")

    said = page(sold)
    assert said.startswith('<!doctype html>\n<html lang="en">')
    assert "<script" not in said
    assert re.findall(r'(?:src|href)="|url\(|@import|https?://', said) == []
    assert "<svg" in said
    assert "draft.toml against maison.toml" in said


def test_the_page_and_the_terminal_speak_french(sold: Shop):
    done = sold.run("programme", "replay", "draft.toml", "--against", "1", "--out", "out", language="fr")

    assert "Points émis : 70 devient 140 (+70)." in done.stdout
    assert '<html lang="fr">' in page(sold)
    assert "Gagnants et perdants" in page(sold)
    assert "mars 2026" in page(sold)


def test_the_same_programme_is_said_to_make_no_difference(sold: Shop):
    done = sold.run("programme", "replay", "maison.toml", "--against", "1", "--out", "out")

    assert "Both programmes give every member the same: 0 differences over the whole history." in done.stdout
    assert "0 differences" in page(sold)
    assert report(sold)["same"] is True


def test_json_is_one_object_on_the_standard_output(sold: Shop):
    done = sold.run("programme", "replay", "draft.toml", "--against", "1", "--out", "out", "--json")

    told = json.loads(done.stdout)
    assert told == report(sold)
    assert told["points_spread"]["winners"] == 1


def test_a_what_if_says_points_per_rule(sold: Shop):
    done = sold.run("programme", "replay", "draft.toml", "--against", "1", "--out", "out", "--what-if")

    assert done.stdout.splitlines()[1:] == [
        "base: 70 points become 140.",
        "All rules over 1 sales: 70 points become 140.",
    ]
    assert json.loads((sold.folder / "out" / "what_if.json").read_text())["rules"][0]["times"]["draft"] == 1


def test_an_exported_history_is_replayed_without_the_database(sold: Shop):
    exported = sold.run("history", "export", "--out", "past", "--json")
    sold._environ["DATABASE_URL"] = "postgresql://nobody@127.0.0.1:1/none"

    done = sold.run(
        "programme", "replay", "draft.toml", "--against", "maison.toml", "--history", "past", "--out", "out",
        "--workers", "1", "--members", "1",
    )  # fmt: skip

    assert json.loads(exported.stdout)["sales"] == 1
    assert done.returncode == 0, done.stderr
    assert len(report(sold)["most_changed"]) == 1


def test_a_cell_that_a_spreadsheet_would_compute_is_marked_as_text(sold: Shop, database: str):
    evil = SALES.replace("Lyon", "=1+1").replace("S1", "T1")
    load(database, sold.folder / sold.file("evil.csv", evil))

    sold.run("programme", "replay", "draft.toml", "--against", "1", "--out", "out")

    assert {row["store"] for row in rows(sold, "stores")} == {"Lyon", "'=1+1"}
    assert "=1+1" in page(sold)


def test_names_from_outside_are_escaped_in_the_page(sold: Shop):
    hostile = DRAFT.replace('"La Maison"', '"<script>alert(1)</script>"')

    sold.run("programme", "replay", sold.file("x.toml", hostile), "--against", "1", "--out", "out")

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page(sold)
    assert "<script" not in page(sold)


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("draft.toml", "--against", "7"), 2, "“7” is neither a file here"),
        (("absent.toml", "--against", "1"), 2, "absent.toml cannot be read"),
        (("draft.toml", "--against", "1", "--history", "."), 2, ". holds no history: write one with"),
        (("draft.toml", "--against", "1", "--workers", "0"), 2, "“0” is not a whole number of 1 or more"),
        (("faulty.toml", "--against", "1"), 1, "1 fault in faulty.toml."),
        (("dollars.toml", "--against", "1"), 1, "count in different currencies: nothing was compared."),
    ],
)
def test_what_cannot_be_replayed_is_refused_and_nothing_is_written(
    sold: Shop, arguments: tuple[str, ...], status: int, said: str
):
    sold.file("faulty.toml", DRAFT.replace("eligible.paid", "eligible.payd"))
    sold.file("dollars.toml", DRAFT.replace("EUR", "USD"))

    done = sold.run("programme", "replay", *arguments, "--out", "out")

    assert (done.returncode, said in done.stderr) == (status, True), done.stderr
    assert not (sold.folder / "out" / "report.html").exists()


def test_a_history_is_not_exported_over_other_files(sold: Shop):
    (sold.folder / "mine").mkdir()
    (sold.folder / "mine" / "letter.txt").write_text("dear")

    done = sold.run("history", "export", "--out", "mine")

    assert (done.returncode, done.stderr) == (
        2,
        "mine holds other things than a history: choose another folder.\n",
    )
    assert [path.name for path in Path(sold.folder / "mine").iterdir()] == ["letter.txt"]
