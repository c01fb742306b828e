"""cagnotte demo: load a year of real sales, say the totals, serve."""

import argparse
import hashlib
import time
from datetime import date, datetime, timedelta
from gettext import gettext as _
from importlib.resources import files
from pathlib import Path

import msgspec
import psycopg

from cagnotte.analytics.totals import Totals, totals
from cagnotte.application.errors import RequestError
from cagnotte.application.expire_lots import expire_lots
from cagnotte.application.loading.load_products import load_products
from cagnotte.application.loading.load_sales import load_sales
from cagnotte.application.publish_programme import publish_programme
from cagnotte.application.published import Published, instant_of, load_published
from cagnotte.application.run_jobs import CLOCK_STANDS
from cagnotte.channels.cli.arguments import a_port, an_instant
from cagnotte.channels.cli.load import conventions_of
from cagnotte.channels.cli.programme import document_of, read_programme
from cagnotte.channels.cli.progress import load_progress
from cagnotte.channels.cli.terminal import DONE, REFUSED, Terminal
from cagnotte.channels.files.products import read_products
from cagnotte.channels.files.readers import FileFormat, read_sales
from cagnotte.channels.wording import N_, Speech
from cagnotte.channels.wording.row_faults import row_sentence
from cagnotte.domain.programme.currencies import DECIMALS
from cagnotte.host.beside import tended
from cagnotte.host.demo.data import PRODUCTS_MAPPING, SALES_MAPPING, products_file, sales_file
from cagnotte.host.demo.welcome import welcome
from cagnotte.host.memory import PeakMemory, postmaster_pid
from cagnotte.host.serve import PortTaken, check_port, serve
from cagnotte.host.serving import port_taken
from cagnotte.host.shop import OpenShop
from cagnotte.storage.database import connected
from cagnotte.storage.notes import keep_note, note
from cagnotte.storage.upkeep import settle_tables

_LOADED = "demo_loaded"


class DemoReport(msgspec.Struct, frozen=True):
    """The one JSON object of `cagnotte demo --json`. Points are summed over all wallets."""

    members: int
    stores: int
    sales: int
    lines: int
    paid_minor: int
    points_issued: int
    points_burned: int
    points_expired: int
    points_outstanding: int
    vouchers: int
    members_by_tier: dict[str, int]
    as_of: str
    seconds: float
    peak_rss_mb: int


def add_demo(nouns: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    demo = nouns.add_parser("demo", help=_("load a year of real sales and serve the shop"))
    demo.add_argument(
        "--programme", type=Path, metavar="FILE", help=_("default: the programme that comes with it")
    )
    demo.add_argument("--port", type=a_port, help=_("default: 8765, or CAGNOTTE_PORT"))
    demo.add_argument("--no-serve", action="store_true", help=_("load, say the totals and end"))
    demo.add_argument(
        "--json", action="store_true", help=_("one JSON object on the standard output, nothing else")
    )
    demo.add_argument(
        "--as-of",
        type=an_instant,
        metavar="INSTANT",
        help=_("local time up to which expiry is done and totals are said; default: the day after the last sale"),
    )
    demo.set_defaults(run_shop=run_demo)


def run_demo(arguments: argparse.Namespace, terminal: Terminal, shop: OpenShop) -> int:
    begun = time.monotonic()
    path = arguments.programme or Path(str(files("cagnotte.host.demo").joinpath("programme.toml")))
    programme = read_programme(path, terminal)
    if isinstance(programme, int):
        return programme
    document = document_of(path)
    if not arguments.no_serve:
        try:
            check_port(shop.settings)
        except PortTaken as taken:
            return port_taken(taken, terminal)
        if terminal.refuses_unsafe():
            return REFUSED
    dsn = shop.use(f"demo_{hashlib.sha256(document.encode()).hexdigest()[:12]}")
    with connected(dsn) as conn, PeakMemory(postmaster_pid(shop.settings.data_dir)) as memory:
        try:
            publish_programme(conn, document, effective_from=None)
            published = load_published(conn)
            if len(published.versions) > 1 or published.current.document != document:
                terminal.warn(N_("This database holds another programme: give the demo a database of its own."))
                return REFUSED
            _load(conn, dsn, published, terminal)
        except RequestError as error:
            return terminal.refused(error)
        as_of = _as_of(conn, published, arguments.as_of)
        expire_lots(conn, published, as_of.date())
        keep_note(conn, CLOCK_STANDS, as_of.isoformat())
        found = totals(conn, instant_of(as_of, published.zone))
    report = _report(found, as_of, time.monotonic() - begun, memory.peak_mb)
    if arguments.json:
        terminal.json(report)
        terminal = terminal.on_error_output()
    else:
        _tell(report, published, terminal)
    if not arguments.no_serve:
        _serve(shop, dsn, terminal)
    return DONE


def _load(conn: psycopg.Connection, dsn: str, published: Published, terminal: Terminal) -> None:
    """Load what is not loaded yet; a second start finds it there."""
    if note(conn, _LOADED) is not None:
        terminal.warn(N_("The year of sales is already here; it is used as it is."))
        return
    terminal.warn(N_("Loading a year of real sales: 155,848 baskets, 1.47 million lines. About a minute."))
    load_products(conn, read_products(products_file(), FileFormat.PARQUET, PRODUCTS_MAPPING))
    rows = read_sales(sales_file(), FileFormat.PARQUET, SALES_MAPPING, conventions_of(published))
    with connected(dsn) as reading, load_progress(terminal.speech) as watch:
        report = load_sales(
            reading,
            conn,
            published,
            rows,
            refuse=lambda refused: terminal.warn(
                "%(line)s: %(said)s", line=refused.line, said=row_sentence(refused, terminal.speech)
            ),
            watch=watch,
            dsn=dsn,
        )
    settle_tables(dsn)
    keep_note(conn, _LOADED, msgspec.json.encode(report).decode())


def _as_of(conn: psycopg.Connection, published: Published, given: datetime | None) -> datetime:
    """The local time that totals are said for, without zone."""
    if given is not None:
        return given if given.tzinfo is None else given.astimezone(published.zone).replace(tzinfo=None)
    row = conn.execute("SELECT max(happened_local)::date FROM sale").fetchone()
    last: date = row[0] if row and row[0] else date(1970, 1, 1)
    day = last + timedelta(days=1)
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001 - a wall clock has no zone


def _report(found: Totals, as_of: datetime, seconds: float, peak_mb: int) -> DemoReport:
    counted = msgspec.structs.asdict(found)
    return DemoReport(**counted, as_of=as_of.isoformat(), seconds=round(seconds, 1), peak_rss_mb=peak_mb)


def _tell(report: DemoReport, published: Published, terminal: Terminal) -> None:
    speech: Speech = terminal.speech
    currency = published.current.programme.currency
    terminal.say(
        N_("%(members)s members, %(stores)s stores, %(sales)s sales of %(paid)s, as of %(as_of)s."),
        members=speech.number(report.members),
        stores=speech.number(report.stores),
        sales=speech.number(report.sales),
        paid=speech.amount(report.paid_minor, currency, DECIMALS[currency]),
        as_of=report.as_of,
    )
    terminal.say(
        N_(
            "Points: %(issued)s given, %(burned)s burned for %(vouchers)s vouchers, %(expired)s expired,"
            " %(outstanding)s outstanding."
        ),
        issued=speech.number(report.points_issued),
        burned=speech.number(report.points_burned),
        vouchers=speech.number(report.vouchers),
        expired=speech.number(report.points_expired),
        outstanding=speech.number(report.points_outstanding),
    )
    terminal.say(
        N_("Ready in %(seconds)s s, with %(memory)s MB at most."),
        seconds=report.seconds,
        memory=speech.number(report.peak_rss_mb),
    )


def _serve(shop: OpenShop, dsn: str, terminal: Terminal) -> None:
    session_key, tell = welcome(shop, dsn, terminal)
    with tended(shop, terminal):
        serve(shop.settings, dsn, session_key, ready=tell)
    terminal.warn(N_("Stopped; the data stays in %(folder)s."), folder=shop.settings.data_dir)
