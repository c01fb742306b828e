"""cagnotte programme explain: a sale in words, short as on the receipt or rule by rule."""

import argparse
from pathlib import Path

import pytest

from cagnotte.channels.cli.programme_explain import add_explain
from cagnotte.channels.cli.terminal import DONE, MISUSED, Terminal
from cagnotte.channels.wording import speech

CASES = """programme:
  extends: false
  earn:
  - {code: base, points: 1, per: 100}
  - {code: friday, name: {fr: Vendredi, en: Friday}, when: weekday == 5, points: 50}
  tiers:
  - {code: gold, name: {fr: Or, en: Gold}, reach: {spend: 10000}}
cases:
- {id: A, title: A Monday, sale: {paid: 80.00}}
"""


class NoShop:
    def dsn(self) -> str:
        raise AssertionError("a database was asked for")


def run(folder: Path, *arguments: str, language: str = "en", cases: str = CASES) -> int:
    path = folder / "cases.yaml"
    path.write_text(cases, encoding="utf-8")
    parser = argparse.ArgumentParser()
    add_explain(parser.add_subparsers(dest="verb"))
    parsed = parser.parse_args(["explain", "-", str(path), *arguments])
    return int(parsed.run(parsed, Terminal(speech(language), NoShop())))


def test_the_short_form_is_what_the_receipt_says(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = run(tmp_path, "--short")

    assert status == DONE
    assert capsys.readouterr().out.splitlines() == [
        "A  A Monday",
        "Step 1, 2026-01-01 12:00",
        "  You earn 80 points with this purchase.",
        "  points: 80.",
        "  20.00 EUR more and you reach the status “Gold”.",
    ]


def test_a_receipt_is_in_the_members_language_and_the_sales_currency(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    abroad = """members: {carol: {language: fr, country: CH}}
programme:
  extends: false
  countries: {CH: {currency: CHF, worth: "1.05"}}
  earn: [{code: base, points: 1, per: 100}]
  tiers: [{code: gold, name: {en: Gold, fr: Or, fr-CH: Doré}, reach: {spend: 10000}}]
cases:
- {id: A, title: A Monday, sale: {paid: 80.00}}
"""

    run(tmp_path, "--short", cases=abroad)

    assert capsys.readouterr().out.replace("\N{NO-BREAK SPACE}", " ").splitlines()[2:] == [
        "  Vous gagnez 84 points avec cet achat.",
        "  points : 84.",
        "  15,24 CHF de plus et vous atteignez le statut « Doré ».",
    ]


def test_the_long_form_tells_each_rule_with_the_values_that_it_compared(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(tmp_path)

    told = capsys.readouterr().out.splitlines()
    assert "  “base”: 80 points." in told
    assert "  “Friday”: 0 points." in told
    assert "    not met: weekday == 5 (weekday = 4)" in told


def test_it_speaks_french(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(tmp_path, "--short", language="fr")

    assert "  20,00 EUR de plus et vous atteignez le statut « Or »." in capsys.readouterr().out.splitlines()


def test_a_case_that_cannot_be_read_is_told_and_ends_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "cases.yaml"
    run(tmp_path)
    path.write_text(CASES.replace("paid: 80.00", "payd: 80.00"), encoding="utf-8")
    parser = argparse.ArgumentParser()
    add_explain(parser.add_subparsers(dest="verb"))
    parsed = parser.parse_args(["explain", "-", str(path)])

    status = int(parsed.run(parsed, Terminal(speech("en"), NoShop())))

    assert status == MISUSED
    assert "payd" in capsys.readouterr().err
