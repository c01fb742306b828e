"""cagnotte load balances"""

import argparse
from datetime import UTC, datetime
from gettext import gettext as _
from pathlib import Path

from cagnotte.application.errors import RequestError
from cagnotte.application.loading.load_balances import Opening, load_balances
from cagnotte.application.loading.opening_rows import BalancesReport
from cagnotte.application.published import load_published, wall_clock
from cagnotte.channels.cli.arguments import a_day, a_format
from cagnotte.channels.cli.progress import counting_progress
from cagnotte.channels.cli.refused_rows import RefusedRows, beside
from cagnotte.channels.cli.terminal import DONE, MISUSED, REFUSED, Terminal
from cagnotte.channels.files.balances import BALANCE_COLUMNS, read_balances
from cagnotte.channels.files.columns import FileRefused, read_mapping
from cagnotte.channels.files.readers import format_of
from cagnotte.channels.wording import N_
from cagnotte.channels.wording.row_faults import file_sentence


def add_load_balances(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    balances = verbs.add_parser(
        "balances", help=_("open the balances of a programme that moves here; each row once")
    )
    balances.add_argument("file", type=Path, metavar="FILE")
    balances.add_argument(
        "--on", type=a_day, metavar="DATE", help=_("the local day that the balances are opened on; default: today")
    )
    balances.add_argument(
        "--source",
        default="opening",
        metavar="NAME",
        help=_("names where the balances come from: a row is opened once per source; default: opening"),
    )
    balances.add_argument(
        "--format",
        type=a_format,
        metavar="FORMAT",
        help=_("csv, ndjson or parquet; default: by the file's ending"),
    )
    balances.add_argument("--mapping", type=Path, metavar="MAP.toml", help=_("which column of the file is which"))
    balances.add_argument("--dry-run", action="store_true", help=_("check and decide everything, write nothing"))
    balances.add_argument(
        "--refused", type=Path, metavar="OUT.csv", help=_("where refused rows go; default: FILE.refused.csv")
    )
    balances.add_argument("--json", action="store_true", help=_("one JSON object on the standard output"))
    balances.set_defaults(run=run_balances)


def run_balances(arguments: argparse.Namespace, terminal: Terminal) -> int:
    path: Path = arguments.file
    refused_path = arguments.refused or beside(path)
    try:
        mapping = read_mapping(arguments.mapping, BALANCE_COLUMNS) if arguments.mapping else None
        rows = read_balances(path, arguments.format or format_of(path), mapping)
        now = datetime.now(UTC)
        with terminal.connected() as conn:
            published = load_published(conn)
            opening = Opening(arguments.on or wall_clock(now, published.zone).date(), arguments.source)
            with (
                RefusedRows(refused_path, terminal, "member") as refusals,
                counting_progress(terminal.speech) as watch,
            ):
                report = load_balances(
                    conn,
                    published,
                    opening,
                    rows,
                    now=now,
                    refuse=refusals.add,
                    watch=watch,
                    dry_run=arguments.dry_run,
                )
    except FileRefused as refused:
        terminal.warn("%(said)s", said=file_sentence(refused, terminal.speech))
        return MISUSED
    except RequestError as error:
        return terminal.refused(error)
    if arguments.json:
        terminal.json(report)
    else:
        _tell(report, terminal)
    if refusals.count:
        terminal.warn(N_("Rows that were refused or written off stand in %(file)s."), file=refused_path)
    if not report.agrees:
        terminal.warn(
            N_(
                "The books hold %(books)s points from this source, and this file accounts for %(file)s of them:"
                " the rest came from another file."
            ),
            books=terminal.speech.number(report.in_books or 0),
            file=terminal.speech.number(report.points_opened + report.points_already),
        )
    return DONE if report.agrees and not report.rows_refused else REFUSED


def _tell(report: BalancesReport, terminal: Terminal) -> None:
    number = terminal.speech.number
    if report.dry_run:
        terminal.say(N_("Dry run: nothing was written."))
    terminal.say(
        N_(
            "Points in the file: %(told)s; opened: %(opened)s; opened before: %(already)s; written off:"
            " %(off)s; refused: %(refused)s."
        ),
        told=number(report.points_told),
        opened=number(report.points_opened),
        already=number(report.points_already),
        off=number(report.points_written_off),
        refused=number(report.points_refused),
    )
    terminal.say(
        N_("Rows read: %(rows)s; refused: %(refused)s; written off: %(off)s. New members: %(members)s."),
        rows=number(report.rows_read),
        refused=number(report.rows_refused),
        off=number(report.rows_written_off),
        members=number(report.members_new),
    )
