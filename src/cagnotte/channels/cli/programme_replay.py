"""cagnotte programme replay: what a draft would have given over the history, against the current programme."""

import argparse
from gettext import gettext as _
from pathlib import Path

from cagnotte.analytics.history import HistoryRefused
from cagnotte.analytics.replay import OtherCurrency, Question, Report, WorkerEnded, replay
from cagnotte.analytics.replay.run import MOST_CHANGED, WORKERS
from cagnotte.analytics.replay.unavailable import SparkUnavailable, replay_at_spark
from cagnotte.application.published import parsed
from cagnotte.channels.cli.arguments import a_count
from cagnotte.channels.cli.history import exported, say_exported, say_refused
from cagnotte.channels.cli.programme_file import read_named
from cagnotte.channels.cli.programme_life import say_faults
from cagnotte.channels.cli.programme_what_if import run_what_if
from cagnotte.channels.cli.replay_progress import events_progress
from cagnotte.channels.cli.terminal import DONE, MISUSED, REFUSED, Terminal
from cagnotte.channels.reports.replay import write_report
from cagnotte.channels.wording import N_
from cagnotte.channels.wording.replay_words import headline, note_sentence, scope_sentence, summary_sentences
from cagnotte.domain.programme.document import Programme
from cagnotte.domain.programme.faults import ProgrammeError

_HISTORY = "history"


def add_replay(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    play = verbs.add_parser("replay", help=_("decide the whole history again under a draft, and compare"))
    which = _("a file, the number of a published version, or the name of a draft")
    play.add_argument("draft", metavar="DRAFT", help=which)
    play.add_argument("--against", required=True, metavar="CURRENT", help=which)
    play.add_argument(
        "--history",
        type=Path,
        metavar="DIR",
        help=_("an exported history; default: export it to OUT/history first"),
    )
    play.add_argument("--out", type=Path, required=True, metavar="DIR", help=_("where the report goes"))
    play.add_argument(
        "--members",
        type=a_count,
        default=MOST_CHANGED,
        metavar="N",
        help=_("how many of the members most changed are named; default: %(default)s"),
    )
    play.add_argument(
        "--workers", type=a_count, default=WORKERS, metavar="N", help=_("processes; default: one per core")
    )
    play.add_argument(
        "--spark",
        metavar="MASTER",
        help=_("fold on Spark at this address, as local[*] or spark://host:7077; needs cagnotte[spark]"),
    )
    play.add_argument(
        "--what-if",
        action="store_true",
        help=_("only points per rule, in one query: for programmes whose rules read nothing but the sale"),
    )
    play.add_argument("--json", action="store_true", help=_("one JSON object on the standard output"))
    play.set_defaults(run=run_replay)


def run_replay(arguments: argparse.Namespace, terminal: Terminal) -> int:
    question = _question(arguments, terminal)
    if isinstance(question, int):
        return question
    folder = _history(arguments, terminal)
    if isinstance(folder, int):
        return folder
    if arguments.what_if:
        return run_what_if(folder, question, arguments, terminal)
    report = _replayed(folder, question, arguments, terminal)
    if isinstance(report, int):
        return report
    try:
        page = write_report(report, arguments.out, terminal.speech)
    except OSError as error:
        terminal.warn(
            N_("%(file)s cannot be written: %(detail)s."), file=error.filename, detail=error.strerror or error
        )
        return MISUSED
    if arguments.json:
        terminal.json(report)
    else:
        _tell(report, page, terminal)
    return DONE


def _question(arguments: argparse.Namespace, terminal: Terminal) -> Question | int:
    current = _programme(arguments.against, terminal)
    if isinstance(current, int):
        return current
    draft = _programme(arguments.draft, terminal)
    if isinstance(draft, int):
        return draft
    return Question(current, draft, (arguments.against, arguments.draft), arguments.members)


def _programme(name: str, terminal: Terminal) -> Programme | int:
    """The programme that an argument names, or the exit status after saying why there is none."""
    text = read_named(name, terminal)
    if isinstance(text, int):
        return text
    try:
        return parsed(text)
    except ProgrammeError as error:
        say_faults(text, error, terminal, source=name)
        return REFUSED


def _history(arguments: argparse.Namespace, terminal: Terminal) -> Path | int:
    """The folder of the history; without one, what the shop's database holds now."""
    if arguments.history is not None:
        given: Path = arguments.history
        return given
    folder: Path = arguments.out / _HISTORY
    facts = exported(folder, terminal)
    if isinstance(facts, int):
        return facts
    if not arguments.json:
        say_exported(facts, folder, terminal)
    return folder


def _replayed(folder: Path, question: Question, arguments: argparse.Namespace, terminal: Terminal) -> Report | int:
    workers = arguments.workers
    try:
        if arguments.spark is not None:
            return _on_spark(folder, question, arguments.spark, terminal)
        with events_progress(N_("Replaying"), terminal.speech) as watch:
            return replay(
                folder, question, workers=workers, watch=lambda progress: watch(progress.done, progress.total)
            )
    except HistoryRefused as error:
        return say_refused(error, terminal)
    except OtherCurrency:
        terminal.warn(
            N_("The two programmes and the history count in different currencies: nothing was compared.")
        )
    except SparkUnavailable as error:
        terminal.warn(N_("Spark did not do it: %(detail)s"), detail=error)
    except WorkerEnded:
        terminal.warn(
            N_(
                "A process of this replay was ended from outside, perhaps for lack of memory. Nothing was written:"
                " start it again, with fewer --workers."
            )
        )
    return REFUSED


def _on_spark(folder: Path, question: Question, master: str, terminal: Terminal) -> Report | int:
    """Raises HistoryRefused, OtherCurrency or SparkUnavailable."""
    replay_at = replay_at_spark()
    if replay_at is None:
        terminal.warn(N_("Spark is not installed here: pip install 'cagnotte[spark]', and Java 17 or 21."))
        return MISUSED
    return replay_at(master, folder, question)


def _tell(report: Report, page: Path, terminal: Terminal) -> None:
    speech = terminal.speech
    terminal.line(scope_sentence(report, speech))
    terminal.line(headline(report, speech))
    for said in summary_sentences(report, speech):
        terminal.line(f"  {said}")
    for note in report.notes:
        terminal.line(note_sentence(note, speech))
    terminal.say(N_("The report is in %(file)s."), file=page)
