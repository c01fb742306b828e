"""cagnotte load sales | products | balances"""

import argparse
from datetime import UTC, datetime
from gettext import gettext as _
from pathlib import Path

from cagnotte.application.errors import RequestError
from cagnotte.application.loading.load_products import load_products
from cagnotte.application.loading.load_sales import load_sales
from cagnotte.application.loading.values import LoadReport
from cagnotte.application.published import Published, load_published
from cagnotte.application.sale_command import CLOCK_TOLERANCE
from cagnotte.channels.cli.arguments import a_format
from cagnotte.channels.cli.load_balances import add_load_balances
from cagnotte.channels.cli.progress import load_progress
from cagnotte.channels.cli.refused_rows import RefusedRows, beside
from cagnotte.channels.cli.terminal import DONE, MISUSED, REFUSED, Terminal
from cagnotte.channels.files.columns import FileRefused, read_mapping
from cagnotte.channels.files.conversion import Conventions
from cagnotte.channels.files.products import PRODUCT_COLUMNS, read_products
from cagnotte.channels.files.readers import format_of, read_sales
from cagnotte.channels.wording import N_, Nn_
from cagnotte.channels.wording.row_faults import file_sentence
from cagnotte.domain.programme.currencies import DECIMALS
from cagnotte.storage.database import connected
from cagnotte.storage.upkeep import settle_tables

_MANY = 10_000  # sales from which on the tables are settled after a load


def add_load(nouns: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    verbs = nouns.add_parser("load", help=_("load history from files")).add_subparsers(
        dest="verb", required=True, metavar="VERB"
    )
    sales = verbs.add_parser("sales", help=_("load sales; those already recorded are passed over"))
    sales.add_argument("file", type=Path, metavar="FILE")
    sales.add_argument(
        "--format",
        type=a_format,
        metavar="FORMAT",
        help=_("csv, ndjson or parquet; default: by the file's ending"),
    )
    sales.add_argument("--mapping", type=Path, metavar="MAP.toml", help=_("which column of the file is which"))
    sales.add_argument("--dry-run", action="store_true", help=_("check and decide everything, write nothing"))
    sales.add_argument(
        "--refused", type=Path, metavar="OUT.csv", help=_("where refused rows go; default: FILE.refused.csv")
    )
    sales.add_argument("--json", action="store_true", help=_("one JSON object on the standard output"))
    sales.set_defaults(run=run_sales)
    products = verbs.add_parser("products", help=_("load or update the product catalogue (CSV or Parquet)"))
    products.add_argument("file", type=Path, metavar="FILE")
    products.add_argument("--format", type=a_format, metavar="FORMAT")
    products.add_argument("--mapping", type=Path, metavar="MAP.toml")
    products.set_defaults(run=run_products)
    add_load_balances(verbs)


def run_sales(arguments: argparse.Namespace, terminal: Terminal) -> int:
    path: Path = arguments.file
    refused_path = arguments.refused or beside(path)
    try:
        form = arguments.format or format_of(path)
        mapping = read_mapping(arguments.mapping) if arguments.mapping else None
        dsn = terminal.shop.dsn()
        with connected(dsn) as reading, connected(dsn) as writing:
            published = load_published(reading)
            conventions = conventions_of(published)
            rows = read_sales(path, form, mapping, conventions)
            with RefusedRows(refused_path, terminal) as refusals, load_progress(terminal.speech) as watch:
                report = load_sales(
                    reading,
                    writing,
                    published,
                    rows,
                    refuse=refusals.add,
                    watch=watch,
                    not_after=conventions.not_after,
                    dry_run=arguments.dry_run,
                    dsn=dsn,
                )
    except FileRefused as refused:
        terminal.warn("%(said)s", said=file_sentence(refused, terminal.speech))
        return MISUSED
    except RequestError as error:
        return terminal.refused(error)
    if report.sales >= _MANY and not report.dry_run:
        settle_tables(terminal.shop.dsn())
    if arguments.json:
        terminal.json(report)
    else:
        _tell(report, published, terminal)
    if refusals.count:
        terminal.warn_count(
            Nn_("%(number)s row was refused; see %(file)s.", "%(number)s rows were refused; see %(file)s."),
            refusals.count,
            file=refused_path,
        )
        return REFUSED
    return DONE


def run_products(arguments: argparse.Namespace, terminal: Terminal) -> int:
    try:
        form = arguments.format or format_of(arguments.file)
        mapping = read_mapping(arguments.mapping, PRODUCT_COLUMNS) if arguments.mapping else None
        with terminal.connected() as conn:
            count = load_products(conn, read_products(arguments.file, form, mapping))
    except FileRefused as refused:
        terminal.warn("%(said)s", said=file_sentence(refused, terminal.speech))
        return MISUSED
    terminal.say(
        N_("%(count)s products are in the catalogue from this file."), count=terminal.speech.number(count)
    )
    return DONE


def conventions_of(published: Published) -> Conventions:
    """How the files of this shop are read: its zone and currency, nothing later than now."""
    programme = published.current.programme
    return Conventions(
        zone=published.zone,
        decimals=DECIMALS[programme.currency],
        not_after=datetime.now(UTC) + CLOCK_TOLERANCE,
        not_before=published.versions[0].effective_from,
        zones=published.zones()[1:],
        currencies={code: DECIMALS[code] for code in published.currencies()},
    )


def _tell(report: LoadReport, published: Published, terminal: Terminal) -> None:
    speech, programme = terminal.speech, published.current.programme
    if report.dry_run:
        terminal.say(N_("Dry run: nothing was written."))
    terminal.say(
        N_(
            "%(sales)s sales with %(lines)s lines recorded, %(paid)s paid; %(already)s sales were recorded before."
        ),
        sales=speech.number(report.sales),
        lines=speech.number(report.lines),
        paid=speech.amount(report.paid_minor, programme.currency, DECIMALS[programme.currency]),
        already=speech.number(report.sales_already),
    )
    terminal.say(
        N_("%(points)s points and %(vouchers)s vouchers given; %(guests)s sales without a member."),
        points=speech.number(report.points_issued),
        vouchers=speech.number(report.vouchers),
        guests=speech.number(report.guest_sales),
    )
    terminal.say(
        N_("New: %(members)s members, %(stores)s stores, %(products)s products."),
        members=speech.number(report.members_new),
        stores=speech.number(report.stores_new),
        products=speech.number(report.products_new),
    )
    rate = int(report.lines / report.seconds) if report.seconds else 0
    terminal.say(
        N_("%(rows)s rows read in %(seconds)s s: %(rate)s lines/s."),
        rows=speech.number(report.rows_read),
        seconds=f"{report.seconds:.1f}",
        rate=speech.number(rate),
    )
