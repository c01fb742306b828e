"""cagnotte history export: what members did, as Parquet files to replay programmes over."""

import argparse
from gettext import gettext as _
from pathlib import Path

from cagnotte.analytics.history import HistoryFacts, HistoryRefused, export_history
from cagnotte.application.errors import RequestError
from cagnotte.application.published import load_published
from cagnotte.channels.cli.replay_progress import events_progress
from cagnotte.channels.cli.terminal import DONE, MISUSED, Terminal
from cagnotte.channels.wording import N_

_REFUSED: dict[str, str] = {
    "no_history": N_("%(folder)s holds no history: write one with cagnotte history export --out %(folder)s"),
    "unreadable": N_("%(folder)s holds a history that cannot be read: export it again."),
    "other_format": N_("The history in %(folder)s was written by another release: export it again."),
    "not_empty": N_("%(folder)s holds other things than a history: choose another folder."),
}


def add_history(nouns: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    verbs = nouns.add_parser("history", help=_("what members did, in files")).add_subparsers(
        dest="verb", required=True, metavar="VERB"
    )
    export = verbs.add_parser("export", help=_("write every member's sales to Parquet files"))
    export.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help=_("an older history there is replaced")
    )
    export.add_argument("--json", action="store_true", help=_("one JSON object on the standard output"))
    export.set_defaults(run=run_export)


def run_export(arguments: argparse.Namespace, terminal: Terminal) -> int:
    facts = exported(arguments.out, terminal)
    if isinstance(facts, int):
        return facts
    if arguments.json:
        terminal.json(facts)
    else:
        say_exported(facts, arguments.out, terminal)
    return DONE


def exported(folder: Path, terminal: Terminal) -> HistoryFacts | int:
    """Export the shop's history into the folder, or the exit status after saying why not."""
    with terminal.connected() as conn:
        try:
            published = load_published(conn)
            with events_progress(N_("Exporting"), terminal.speech) as watch:
                return export_history(
                    conn,
                    folder,
                    zone=published.zone.key,
                    zones=published.current.programme.other_timezones(),
                    currency=published.current.programme.currency,
                    watch=lambda progress: watch(progress.done, progress.total),
                )
        except RequestError as error:
            return terminal.refused(error)
        except HistoryRefused as error:
            return say_refused(error, terminal)
        except OSError as error:
            terminal.warn(
                N_("%(file)s cannot be written: %(detail)s."), file=folder, detail=error.strerror or error
            )
    return MISUSED


def say_exported(facts: HistoryFacts, folder: Path, terminal: Terminal) -> None:
    terminal.say(
        N_("%(sales)s sales of %(members)s members were written to %(folder)s."),
        sales=terminal.speech.number(facts.sales),
        members=terminal.speech.number(facts.members),
        folder=folder,
    )


def say_refused(error: HistoryRefused, terminal: Terminal) -> int:
    terminal.warn(_REFUSED[error.reason], folder=error.folder)
    return MISUSED
