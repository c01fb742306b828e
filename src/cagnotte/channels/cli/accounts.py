"""cagnotte accounts close | journal | lots | periods, and the verbs of breakage.py and rollforward.py"""

import argparse
import re
import sys
from datetime import UTC, datetime
from gettext import gettext as _
from pathlib import Path

from cagnotte.application.close_accounts import close_accounts
from cagnotte.application.errors import RequestError
from cagnotte.application.lots_owed import closed_period, show_lots
from cagnotte.application.programme_staff import find_actor
from cagnotte.application.published import load_published
from cagnotte.application.show_journal import Journal, Period, closed_periods, show_journal
from cagnotte.channels.cli.arguments import a_month
from cagnotte.channels.cli.breakage import add_breakage
from cagnotte.channels.cli.rollforward import add_rollforward
from cagnotte.channels.cli.terminal import DONE, REFUSED, Terminal
from cagnotte.channels.files.journals import csv_journal, csv_lots, fec_journal, fec_name
from cagnotte.channels.wording import N_, speech

_SIREN = re.compile("[0-9]{9}")
_CLOSED = N_(
    "%(month)s is closed: %(lots)s lots valued, %(entries)s entries, numbered from %(first)s to %(last)s."
)
_CLOSED_EMPTY = N_("%(month)s is closed: %(lots)s lots valued, nothing to enter.")
_CLOSED_BEFORE = N_("%(month)s was closed by %(who)s on %(day)s; nothing changes.")


def add_accounts(nouns: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    verbs = nouns.add_parser("accounts", help=_("points in the company’s accounts")).add_subparsers(
        dest="verb", required=True, metavar="VERB"
    )
    close = verbs.add_parser("close", help=_("close a month, for ever: value its lots and write its entries"))
    close.add_argument("--month", type=a_month, required=True, metavar="MONTH", help=_("like 2026-03"))
    close.add_argument(
        "--as", dest="who", metavar="USER", required=True, help=_("who does it: an account of the back office")
    )
    close.add_argument("--json", action="store_true", help=_("one JSON object on the standard output"))
    close.set_defaults(run=run_close)
    journal = verbs.add_parser("journal", help=_("the entries of a closed month, the same each time"))
    journal.add_argument("--month", type=a_month, required=True, metavar="MONTH", help=_("like 2026-03"))
    journal.add_argument(
        "--year", action="store_true", help=_("all closed months of the company’s year, up to that one")
    )
    journal.add_argument("--format", choices=("csv", "fec"), default="csv", help=_("csv, or the French FEC"))
    journal.add_argument("--siren", type=a_siren, help=_("nine digits; names the file of the FEC"))
    journal.add_argument(
        "--output",
        type=Path,
        metavar="FILE",
        help=_("a file, or with --siren a folder; default: the standard output"),
    )
    journal.set_defaults(run=run_journal)
    lots = verbs.add_parser(
        "lots", help=_("the lots behind the balance of a closed month, each with its part, as CSV")
    )
    lots.add_argument("--month", type=a_month, required=True, metavar="MONTH", help=_("like 2026-03"))
    lots.add_argument("--output", type=Path, metavar="FILE", help=_("default: the standard output"))
    lots.set_defaults(run=run_lots)
    listed = verbs.add_parser("periods", help=_("the closed months: who closed them, and when"))
    listed.add_argument("--json", action="store_true", help=_("one JSON object on the standard output"))
    listed.set_defaults(run=run_periods)
    add_breakage(verbs)
    add_rollforward(verbs)


def a_siren(text: str) -> str:
    if _SIREN.fullmatch(text) is None:
        raise argparse.ArgumentTypeError(_("“%(text)s” is not a SIREN: nine digits") % {"text": text})
    return text


def run_close(arguments: argparse.Namespace, terminal: Terminal) -> int:
    with terminal.connected() as conn:
        try:
            actor = find_actor(conn, arguments.who, channel="terminal")
            closed = close_accounts(conn, load_published(conn), arguments.month, actor, now=datetime.now(UTC))
        except RequestError as error:
            return terminal.refused(error)
    if arguments.json:
        terminal.json({"new": closed.new, "period": closed.period})
    else:
        _tell(closed.period, terminal, _CLOSED if closed.new else _CLOSED_BEFORE)
    return DONE


def run_journal(arguments: argparse.Namespace, terminal: Terminal) -> int:
    with terminal.connected() as conn:
        try:
            journal = show_journal(conn, arguments.month, whole_year=arguments.year)
        except RequestError as error:
            return terminal.refused(error)
    is_fec = arguments.format == "fec"
    text = fec_journal(journal, speech("fr")) if is_fec else csv_journal(journal, terminal.speech)
    if arguments.output is None:
        sys.stdout.write(text)
        return DONE
    return _write(_file(arguments, journal), text, terminal)


def run_lots(arguments: argparse.Namespace, terminal: Terminal) -> int:
    with terminal.connected() as conn:
        try:
            period = closed_period(conn, arguments.month)
        except RequestError as error:
            return terminal.refused(error)
        with conn.transaction():
            text = csv_lots(show_lots(conn, period), period.currency)
    if arguments.output is None:
        sys.stdout.write(text)
        return DONE
    return _write(arguments.output, text, terminal)


def run_periods(arguments: argparse.Namespace, terminal: Terminal) -> int:
    with terminal.connected() as conn:
        found = closed_periods(conn)
    if arguments.json:
        terminal.json({"periods": found})
        return DONE
    for period in found:
        _tell(period, terminal, _CLOSED_BEFORE)
    if not found:
        terminal.say(N_("No month is closed."))
    return DONE


def _tell(period: Period, terminal: Terminal, sentence: str) -> None:
    number = terminal.speech.number
    terminal.say(
        _CLOSED_EMPTY if sentence is _CLOSED and not period.entries else sentence,
        month=f"{period.month:%Y-%m}",
        lots=number(period.lots),
        entries=number(period.entries),
        first=period.first_entry,
        last=period.last_entry,
        who=period.closed_by,
        day=terminal.speech.day(period.closed_at.date()),
    )


def _file(arguments: argparse.Namespace, journal: Journal) -> Path:
    output: Path = arguments.output
    return output / fec_name(journal, arguments.siren) if arguments.siren and output.is_dir() else output


def _write(file: Path, text: str, terminal: Terminal) -> int:
    try:
        file.write_bytes(text.encode())
    except OSError as error:
        terminal.warn(N_("“%(file)s” cannot be written: %(reason)s"), file=file, reason=error.strerror)
        return REFUSED
    terminal.say(N_("Written to “%(file)s”."), file=file)
    return DONE
