"""A journal as files: the 18 columns of the FEC, and a CSV that no spreadsheet takes for formulas."""

import csv
import io
from datetime import UTC, date, datetime

import pytest
from msgspec.structs import replace

from cagnotte.application.lots_owed import OwnBalance
from cagnotte.application.show_journal import Journal, JournalLine
from cagnotte.channels.files.journals import csv_journal, csv_lots, fec_journal, fec_name
from cagnotte.channels.wording import speech
from cagnotte.domain.accounting.entries import Kind, lines
from cagnotte.domain.accounting.portfolios import Nature
from cagnotte.domain.points.accounts import FRENCH_PLAN

CLOSED = datetime(2026, 4, 2, 8, 30, tzinfo=UTC)
COLUMNS = [
    "JournalCode", "JournalLib", "EcritureNum", "EcritureDate", "CompteNum", "CompteLib", "CompAuxNum",
    "CompAuxLib", "PieceRef", "PieceDate", "EcritureLib", "Debit", "Credit", "EcritureLet", "DateLet", "ValidDate",
    "Montantdevise", "Idevise",
]  # fmt: skip


def a_line(number: int, nature: Nature, change: int, *, store: str = "", late: bool = False) -> list[JournalLine]:
    """Both sides of an entry of March 2026."""
    return [
        JournalLine(
            entry_no=number,
            line_no=line_no,
            month=date(2026, 3, 1),
            closed_at=CLOSED,
            day=date(2026, 3, 31),
            wallet="points",
            store=store,
            kind=Kind.DEFERRED,
            nature=nature,
            late=late,
            account=FRENCH_PLAN[line.role].number,
            account_name=FRENCH_PLAN[line.role].name,
            debit_minor=line.debit,
            credit_minor=line.credit,
        )
        for line_no, line in enumerate(lines(Kind.DEFERRED, nature, change), start=1)
    ]


def a_journal(*entries: list[JournalLine], currency: str = "EUR") -> Journal:
    return Journal((), currency, date(2026, 12, 31), tuple(line for entry in entries for line in entry))


SALE = a_line(7, Nature.SALE, 867_580)
USED = a_line(8, Nature.USED, -5, late=True)


def test_the_fec_has_its_18_columns_dates_without_dashes_and_decimal_commas() -> None:
    rows = [row.split("\t") for row in fec_journal(a_journal(SALE, USED), speech("fr")).splitlines()]

    assert rows[0] == COLUMNS
    assert rows[1] == [
        "FID", "Fidélité", "7", "20260331", "707000", "Ventes de marchandises", "", "", "FID-2026-03-000007",
        "20260331", "Points donnés avec des ventes, produit à constater plus tard : « points »", "8675,80", "0,00",
        "", "", "20260402", "", "",
    ]  # fmt: skip
    assert rows[3][4:6] + rows[3][10:13] == [
        "487000", "Produits constatés d’avance", "Points utilisés : « points » (survenu avant, connu depuis)",
        "0,05", "0,00",
    ]  # fmt: skip
    assert {len(row) for row in rows} == {18}


def test_the_fec_names_the_partner_as_the_auxiliary_account_of_what_it_owes() -> None:
    owed, deferred = a_line(9, Nature.FUNDED, 24_000)
    of_acme = {"partner": "acme", "partner_name": {"fr": "Acme SA"}}
    lines = [replace(owed, owed=True, **of_acme), replace(deferred, **of_acme)]

    rows = [row.split("\t") for row in fec_journal(a_journal(lines), speech("fr")).splitlines()[1:]]
    [first, second] = csv.DictReader(io.StringIO(csv_journal(a_journal(lines), speech("en"))))

    assert [row[4:8] for row in rows] == [
        ["418100", "Clients – factures à établir", "acme", "Acme SA"],
        ["487000", "Produits constatés d’avance", "", ""],
    ]
    assert rows[0][10] == "Points payés par « Acme SA », produit à constater plus tard : « points »"
    assert (first["partner"], second["partner"], first["debit"], second["credit"]) == (
        "acme",
        "acme",
        "240.00",
        "240.00",
    )


def test_each_entry_of_the_fec_balances() -> None:
    rows = list(csv.DictReader(io.StringIO(fec_journal(a_journal(SALE, USED), speech("fr"))), delimiter="\t"))

    for number in ("7", "8"):
        own = [row for row in rows if row["EcritureNum"] == number]
        assert sorted(row["Debit"] for row in own) == sorted(row["Credit"] for row in own)


def test_the_fec_is_called_as_the_tax_office_wants() -> None:
    assert fec_name(a_journal(SALE), "123456789") == "123456789FEC20261231.txt"


@pytest.mark.parametrize("name", ['=cmd|"/C calc"!A0', "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1"])
def test_what_a_spreadsheet_would_take_for_a_formula_is_text(name: str) -> None:
    [row, *_] = csv.DictReader(
        io.StringIO(csv_journal(a_journal(a_line(1, Nature.SALE, 5, store=name)), speech("en")))
    )

    assert row["store"] == f"'{name}"


def test_a_tab_in_a_name_moves_no_column_of_the_fec() -> None:
    rows = fec_journal(a_journal(a_line(1, Nature.SALE, 5, store="A\tB\nC")), speech("fr")).splitlines()

    assert [len(row.split("\t")) for row in rows] == [18, 18, 18]
    assert "magasin « A B C »" in rows[1]


@pytest.mark.parametrize(("currency", "written"), [("EUR", "8675.80"), ("JPY", "867580"), ("TND", "867.580")])
def test_amounts_have_the_decimals_of_their_currency(currency: str, written: str) -> None:
    [row, *_] = csv.DictReader(io.StringIO(csv_journal(a_journal(SALE, currency=currency), speech("en"))))

    assert (row["debit"], row["credit"]) == (written, "0" if currency == "JPY" else row["credit"])
    assert row["currency"] == currency


def test_lots_are_listed_with_their_part_of_the_balance() -> None:
    lot = OwnBalance("points", Kind.DEFERRED, date(2026, 3, 1), 64, 512, date(2026, 3, 9), 100, 75, 8_676, 6_393)

    assert csv_lots([lot], "EUR").splitlines() == [
        "wallet,kind,month,member,lot,given_on,points,left,allocated,balance,currency,partner",
        "points,deferred,2026-03,64,512,2026-03-09,100,75,86.76,63.93,EUR,",
    ]
