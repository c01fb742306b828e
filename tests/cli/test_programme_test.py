"""cagnotte programme test: what it prints, and how it ends."""

import argparse
import json
import subprocess
import sys
from pathlib import Path

import pytest

from cagnotte.channels.cli.programme_test import add_test
from cagnotte.channels.cli.terminal import Terminal
from cagnotte.channels.wording import speech

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples" / "cases"
PROGRAMME = """
[programme]
code = "maison"
currency = "EUR"
timezone = "Europe/Paris"
[wallets.points]
[[earn]]
code = "base"
points = "paid / 100"
"""
RIGHT = "cases: [{id: A, title: Right, sale: {paid: 30.00}, expect: {points: 30}}]"
WRONG = """cases:
- id: B
  title: Wrong
  why: Terms, section 4.
  steps:
  - {at: 2026-03-05T10:00, sale: {paid: 30.00}, expect: {points: 31}}
"""
FAULTY = "cases: [{id: C, sale: {payd: 1}}, {id: D, sale: {paid: 1}, expect: {points: 1}}]"


class NoShop:
    def dsn(self) -> str:
        raise AssertionError("a database was asked for")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, text in {
        "p.toml": PROGRAMME,
        "right.yaml": RIGHT,
        "wrong.yaml": WRONG,
        "faulty.yaml": FAULTY,
    }.items():
        tmp_path.joinpath(name).write_text(text, encoding="utf-8")
    return tmp_path


def run(*arguments: str, language: str = "en") -> int:
    parser = argparse.ArgumentParser()
    add_test(parser.add_subparsers(dest="verb"))
    parsed = parser.parse_args(["test", *arguments])
    return int(parsed.run(parsed, Terminal(speech(language), NoShop())))


def test_all_cases_passed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = run("p.toml", "right.yaml")

    assert status == 0
    assert capsys.readouterr().out == (
        "✓ A  Right  (right.yaml:1)\n1 case: 1 passed, 0 failed, 0 could not be read or played.\n"
    )


def test_a_case_that_fails_says_what_was_found_and_why(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = run("p.toml", "wrong.yaml")

    assert status == 1
    assert capsys.readouterr().out == (
        "✗ B  Wrong  (wrong.yaml:2)\n"
        "    step 1, sale on 2026-03-05 10:00: points: expected 31, found 30\n"
        "    why: Terms, section 4.\n"
        "1 case: 0 passed, 1 failed, 0 could not be read or played.\n"
    )


def test_a_case_that_cannot_be_read_does_not_hide_the_others(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = run("p.toml", "faulty.yaml")

    assert status == 2
    told = capsys.readouterr().out
    assert "faulty.yaml:1: cases[0].sale.payd: “payd” is not known here. Known: lines, paid, store" in told
    assert "Did you mean “paid”?" in told
    assert "✓ D" in told


def test_only_one_case(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("p.toml", ".", "--only", "A") == 0  # the faulty case is not asked for
    assert "1 case: 1 passed" in capsys.readouterr().out
    assert run("p.toml", ".", "--only", "Z") == 2
    assert capsys.readouterr().err == "No case has the id Z.\n"


def test_of_a_folder_the_case_files_are_read_and_not_the_programme(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder.joinpath("notes.txt").write_text("no cases", encoding="utf-8")

    status = run("p.toml", ".", "--json")

    assert status == 2
    told = json.loads(capsys.readouterr().out)
    assert [case["id"] for case in told["cases"]] == ["C", "D", "A", "B"]
    assert (told["cases_passed"], told["cases_failed"], told["cases_unreadable"]) == (2, 1, 1)


def test_json_tells_every_figure_expected_or_not(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = run("p.toml", "right.yaml", "--json")

    assert status == 0
    [case] = json.loads(capsys.readouterr().out)["cases"]
    [step] = case["steps"]
    assert case["checks"] == [{"step": 0, "field": "points", "expected": 30, "found": 30, "passed": True}]
    assert (step["kind"], step["at"], step["member"]) == ("sale", "2026-01-01T12:00:00", "member")
    assert (step["found"]["payable"], step["found"]["balance"], step["found"]["points_by_rule"]) == (
        "30.00",
        30,
        {"base": 30},
    )
    assert [effect["type"] for effect in step["done"][0]["effects"]][:2] == ["RuleEarned", "LotOpened"]
    assert case["found"]["open_lots"] == [30]


def test_a_programme_that_is_refused_is_told_and_nothing_is_played(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder.joinpath("p.toml").write_text(PROGRAMME + "when = 'tyer == 1'\n", encoding="utf-8")

    status = run("p.toml", "right.yaml")

    assert status == 2
    told = capsys.readouterr()
    assert "“tyer” is not a name that rules know." in told.err
    assert told.out == ""


def test_a_case_whose_own_programme_is_refused_is_told_with_its_line(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder.joinpath("own.yaml").write_text(
        "cases:\n- id: E\n  programme:\n    earn:\n    - points: payd\n  sale: {paid: 1}\n", encoding="utf-8"
    )

    status = run("p.toml", "own.yaml")

    assert status == 2
    assert "own.yaml:5: programme.earn[0].points: “payd” is not a name that rules know." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("case", "told"),
    [
        ("sale: {lines: [{qty: 0.5, price: 1}]}", "This must be a whole number, not a number with decimals."),
        ("steps: [{credit: ten}]", "This must be a whole number or a table, not a text."),
        ("sale: {lines: 5}", "This must be a list, not a whole number."),
        ("expect: {points: null}", "This must be a whole number, not nothing."),
        ("expect: {points: '1.5x'}", "This must be a whole number, not a text."),
    ],
)
def test_what_is_of_another_kind_is_told_in_words(
    tmp_path: Path, case: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "cases.yaml"
    path.write_text(f"cases:\n- id: A\n  programme: {{extends: false}}\n  {case}\n", encoding="utf-8")

    code = run("-", str(path))

    assert code == 2
    assert told in capsys.readouterr().out


def test_without_a_programme_every_case_brings_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    status = run("-", str(EXAMPLES / "lots.yaml"))

    assert status == 0
    assert capsys.readouterr().out.count("✓") >= 15


@pytest.mark.parametrize(
    "arguments", [(), ("p.toml",), ("no-such.toml", "right.yaml"), ("p.toml", "no-such.yaml"), ("p.toml", "p.txt")]
)
def test_what_is_missing_is_said(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    status = run(*arguments)

    assert status == 2
    assert capsys.readouterr().err


def test_the_schema_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    status = run("--schema")

    assert status == 0
    assert json.loads(capsys.readouterr().out)["$ref"] == "#/$defs/CaseFile"


def test_in_french(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = run("p.toml", "wrong.yaml", language="fr")

    assert status == 1
    assert "attendu 31, trouvé 30" in capsys.readouterr().out


def test_the_command_itself_needs_no_database(folder: Path) -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("cagnotte"), "programme", "test", "p.toml", "right.yaml"],
        cwd=folder,
        env={"PATH": "", "HOME": str(folder), "CAGNOTTE_LANGUAGE": "en"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert "✓ A  Right" in done.stdout
