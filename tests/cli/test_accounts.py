"""The accounts from the terminal: a month closed by whom may, and its entries in both forms."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from application.shop import a_sale, enrol, publish
from cagnotte.application.burn_points import BurnPoints, burn_points
from cagnotte.application.record_sale import record_sale
from cagnotte.storage.database import connected
from cli.running import run

MARCH = datetime(2026, 3, 10, 12, tzinfo=UTC)
PROGRAMME = """
[programme]
code = "maison"
currency = "EUR"
timezone = "Europe/Paris"
[wallets.points]
value = { points = 1, amount = 100 }
accounting = { breakage = 500 }
[[earn]]
code = "base"
points = 1
per = 1000
[accounting]
fiscal_year = "02-01"
"""


@pytest.fixture
def shop(database: str) -> str:
    published = publish(database, PROGRAMME)
    with connected(database) as conn:
        enrol(conn, "carol")
        record_sale(conn, published, a_sale("S1", at=MARCH.isoformat(), paid=[100_000]), key="S1", now=MARCH)
        burn_points(conn, published, BurnPoints("carol", 19), key="b", now=MARCH)
    return database


def staff(dsn: str, name: str) -> None:
    assert run(dsn, "staff", "add", name, "--password-stdin", given="a long enough password\n").code == 0


def test_a_month_is_closed_and_exported(shop: str, tmp_path: Path) -> None:
    staff(shop, "fabienne")

    closed = run(shop, "accounts", "close", "--month", "2026-03", "--as", "fabienne")
    again = run(shop, "accounts", "close", "--month", "2026-03", "--as", "fabienne", language="fr")
    said = run(shop, "accounts", "journal", "--month", "2026-03")
    fec = ("accounts", "journal", "--month", "2026-03", "--format", "fec", "--siren", "123456789")
    written = run(shop, *fec, "--output", str(tmp_path))
    lots = run(shop, "accounts", "lots", "--month", "2026-03")

    assert closed.out == "2026-03 is closed: 1 lots valued, 2 entries, numbered from 1 to 2.\n"
    assert again.out.startswith("2026-03 a été clôturé par fabienne le ")
    assert [row.split(",")[1] for row in said.out.splitlines()[1:]] == ["1", "1", "2", "2"]
    assert "Deferred revenue" in said.out
    file = tmp_path / "123456789FEC20270131.txt"
    assert written.out == f"Written to “{file}”.\n"
    assert file.read_bytes() == run(shop, *fec).out.encode().replace(b"\n", b"\r\n")
    assert lots.out.splitlines()[1].endswith(",100,81,86.76,69.41,EUR,")


def test_who_closed_which_month_is_kept(shop: str) -> None:
    staff(shop, "fabienne")
    assert run(shop, "accounts", "periods").out == "No month is closed.\n"
    run(shop, "accounts", "close", "--month", "2026-03", "--as", "fabienne")

    [period] = json.loads(run(shop, "accounts", "periods", "--json").out)["periods"]

    assert (period["month"], period["closed_by"], period["fiscal_year"]) == (
        "2026-03-01",
        "fabienne",
        "2026-02-01",
    )


def test_what_cannot_be_done_is_said_and_ends_1(shop: str) -> None:
    staff(shop, "fabienne")

    unknown = run(shop, "accounts", "close", "--month", "2026-03", "--as", "nobody")
    early = run(shop, "accounts", "close", "--month", "2026-02", "--as", "fabienne")
    still_open = run(shop, "accounts", "journal", "--month", "2026-03", language="fr")
    siren = run(shop, "accounts", "journal", "--month", "2026-03", "--siren", "12")

    assert (unknown.code, early.code, still_open.code, siren.code) == (1, 1, 1, 2)
    assert early.err == "No point had moved by the end of 2026-02: begin with the month of the first one.\n"
    assert still_open.err == (
        "Le mois 2026-03 n’est pas clôturé : ses écritures peuvent encore changer. Clôturez-le d’abord :"
        " cagnotte accounts close --month 2026-03 --as USER\n"
    )
    assert "“12” is not a SIREN: nine digits" in siren.err


def test_breakage_liability_and_a_closing_are_told_in_both_languages(shop: str) -> None:
    staff(shop, "fabienne")
    assert run(shop, "accounts", "close", "--month", "2026-03", "--as", "fabienne").code == 0

    said = run(shop, "accounts", "breakage", "--wallet", "points", "--at", "2026-03")
    french = run(shop, "accounts", "breakage", "--wallet", "points", "--at", "2026-03", language="fr")
    liability = run(shop, "accounts", "liability", "--at", "2026-03-31", "--by", "cohort", "--csv")
    rolled = run(shop, "accounts", "rollforward", "--month", "2026-03")
    rows = run(shop, "accounts", "rollforward", "--month", "2026-03", "--csv", language="fr")
    unknown = run(shop, "accounts", "backtest", "--wallet", "stars", "--at", "2026-03")

    amounts = ("0.00", "86.76", "0.00", "0.00", "0.00", "-17.35", "0.00", "0.00", "69.41")
    assert " | ".join(("deferred revenue", *(f"{amount} EUR" for amount in amounts))) in rolled.out
    assert rows.out.splitlines()[1] == "2026-03,deferred,,0.00,86.76,0.00,0.00,0.00,-17.35,0.00,0.00,69.41,EUR"
    assert "2026-03 | 100 | 0 | 19 | 0 | 81 | " in said.out
    assert "Les points devenus chèque cadeau comptent comme utilisés" in french.out
    assert liability.out.splitlines()[1] == "2026-03,cohort,2026-03,81,81.00,76,69.41,0.00,69.41,EUR"
    assert (unknown.code, unknown.err.split(":")[0]) == (1, "“stars” stands in no account")
