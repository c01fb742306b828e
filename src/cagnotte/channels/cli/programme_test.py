"""cagnotte programme test: play case files against a programme, in memory, and compare."""

import argparse
import tomllib
from collections.abc import Sequence
from gettext import gettext as _
from pathlib import Path
from typing import Any

from cagnotte.application.published import parsed
from cagnotte.application.trials.cases import Case
from cagnotte.application.trials.documents import ALONE
from cagnotte.application.trials.report import CaseReport, Problem, place, reported, run_case
from cagnotte.application.trials.values import Word
from cagnotte.channels.cli.programme_file import read_document
from cagnotte.channels.cli.terminal import DONE, MISUSED, REFUSED, Terminal
from cagnotte.channels.files.cases import READERS, CaseFileRefused, ReadCase, cases_schema, read_cases
from cagnotte.channels.wording import N_
from cagnotte.channels.wording.programme_faults import sentence, shown
from cagnotte.channels.wording.trial_words import (
    COUNTED,
    ON_LINE,
    WHY,
    difference,
    placed,
    problem_sentence,
)
from cagnotte.domain.programme.faults import ProgrammeError

ALONE_ARGUMENT = "-"


def add_test(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    test = verbs.add_parser("test", help=_("play case files against a programme and compare, without a database"))
    test.add_argument(
        "programme",
        nargs="?",
        metavar="PROGRAMME",
        help=_("the programme's file; “-” when every case brings its own"),
    )
    test.add_argument(
        "cases", nargs="*", type=Path, metavar="CASES", help=_("case files or folders: .yaml, .toml, .json")
    )
    test.add_argument(
        "--only", action="append", metavar="ID", help=_("only the case of this id; may stand several times")
    )
    test.add_argument("--json", action="store_true", help=_("one JSON object on the standard output"))
    test.add_argument("--schema", action="store_true", help=_("print the JSON Schema of case files"))
    test.set_defaults(run=run_test)


def run_test(arguments: argparse.Namespace, terminal: Terminal) -> int:
    if arguments.schema:
        terminal.json(cases_schema())
        return DONE
    if arguments.programme is None or not arguments.cases:
        terminal.warn(N_("Name a programme and at least one case file: cagnotte programme test PROGRAMME CASES"))
        return MISUSED
    base = base_tables(arguments.programme, terminal)
    if isinstance(base, int):
        return base
    found, unread = read_all(files_of(arguments.cases, Path(arguments.programme)), terminal)
    chosen = chosen_of(found, arguments.only)
    if not chosen and not unread:
        terminal.warn(N_("No case has the id %(ids)s."), ids=", ".join(arguments.only or ["-"]))
        return MISUSED
    results = [(read, _run(base, read)) for read in chosen]
    if arguments.json:
        terminal.json(_told(results, terminal))
    else:
        _print(results, terminal)
    if unread or any(_is_unplayed(report) for _read, report in results):
        return MISUSED
    return DONE if all(report.passed for _read, report in results) else REFUSED


def base_tables(name: str, terminal: Terminal) -> dict[str, Any] | int:
    """The tables of the programme that is tested, or the exit status after saying why there are none."""
    if name == ALONE_ARGUMENT:
        return ALONE
    text = read_document(Path(name), terminal)
    if isinstance(text, int):
        return text
    try:
        parsed(text)
    except ProgrammeError as error:
        for fault in error.faults:
            terminal.warn("%(said)s", said=shown(text, fault, terminal.speech, source=name))
    else:
        return tomllib.loads(text)
    return MISUSED


def read_all(paths: Sequence[Path], terminal: Terminal) -> tuple[list[ReadCase], int]:
    """The cases of all files, and how many files could not be read."""
    found: list[ReadCase] = []
    unread = 0
    for path in paths:
        try:
            found += read_cases(path)
        except CaseFileRefused as error:
            unread += 1
            fault = error.fault
            said = problem_sentence(fault.code, fault.params, terminal.speech)
            told = placed(said, file=str(path), line=fault.line, at=fault.at, speech=terminal.speech)
            terminal.warn("%(said)s", said=told)
        except OSError as error:
            unread += 1
            terminal.warn(N_("%(file)s cannot be read: %(detail)s."), file=path, detail=error.strerror or error)
    return found, unread


def files_of(paths: Sequence[Path], programme: Path) -> list[Path]:
    """The files of a folder stand for it; the programme that is tested is no case file."""
    found: list[Path] = []
    for path in paths:
        inside = sorted(path.iterdir()) if path.is_dir() else []
        files = [each for each in inside if each.suffix in READERS and each.resolve() != programme.resolve()]
        found += files if path.is_dir() else [path]
    return found


def chosen_of(found: list[ReadCase], only: list[str] | None) -> list[ReadCase]:
    """A case's id chooses its variants too."""
    if not only:
        return found
    return [read for read in found if read.case_id in only or read.case_id.split("/")[0] in only]


def _run(base: dict[str, Any], read: ReadCase) -> CaseReport:
    if read.case is not None:
        return run_case(base, read.case)
    assert read.fault is not None
    problem = Problem(read.fault.code, read.fault.at, read.fault.params)
    return reported(Case(id=Word(read.case_id)), problem=problem)


def _is_unplayed(report: CaseReport) -> bool:
    """The case itself is at fault, not the programme's answer; a refused programme that nobody expected too."""
    return report.problem is not None or (bool(report.faults) and not report.checks)


def _sentences(read: ReadCase, report: CaseReport, terminal: Terminal) -> list[str]:
    """Why the case could not be read or played."""
    speech, told = terminal.speech, []
    if report.problem is not None:
        said = problem_sentence(report.problem.code, report.problem.params, speech)
        at = report.problem.at
        line = read.fault.line if read.fault else read.line_at(at)
        told.append(placed(said, file=read.file, line=line, at=at, speech=speech))
    for fault in report.faults:
        at = place(("programme", *fault.path))
        line = read.line_at(at)
        told.append(placed(sentence(fault, speech), file=read.file, line=line, at=at, speech=speech))
    return told


def _told(results: Sequence[tuple[ReadCase, CaseReport]], terminal: Terminal) -> dict[str, object]:
    """The one JSON object; docs/reference/cases.md says what is in it."""
    return {
        **_counts(results),
        "cases": [
            {
                "file": read.file,
                "line": read.line,
                **{name: getattr(report, name) for name in report.__struct_fields__},
                "sentences": _sentences(read, report, terminal),
            }
            for read, report in results
        ],
    }


def _counts(results: Sequence[tuple[ReadCase, CaseReport]]) -> dict[str, int]:
    unplayed = sum(_is_unplayed(report) for _read, report in results)
    passed = sum(report.passed for _read, report in results)
    failed = len(results) - passed - unplayed
    return {"cases_passed": passed, "cases_failed": failed, "cases_unreadable": unplayed}


def _print(results: Sequence[tuple[ReadCase, CaseReport]], terminal: Terminal) -> None:
    for read, report in results:
        _print_case(read, report, terminal)
    counts = _counts(results)
    said = terminal.speech.count(
        COUNTED,
        len(results),
        passed=counts["cases_passed"],
        failed=counts["cases_failed"],
        unreadable=counts["cases_unreadable"],
    )
    terminal.line(said)


def _print_case(read: ReadCase, report: CaseReport, terminal: Terminal) -> None:
    speech = terminal.speech
    mark = "✓" if report.passed else "✗"
    title = speech.say(ON_LINE, id=read.case_id, title=report.title, file=read.file, line=read.line)
    terminal.line(f"{mark} {title}")
    if report.passed:
        return
    for said in _sentences(read, report, terminal):
        terminal.line(f"    {said}")
    steps = {step.number: step for step in report.steps}
    for check in report.checks:
        if not check.passed:
            terminal.line(difference(check, steps, speech))
    if report.why:
        terminal.say(WHY, why=report.why)
