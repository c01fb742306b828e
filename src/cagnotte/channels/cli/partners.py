"""cagnotte partner statement"""

import argparse
import csv
import io
from collections.abc import Sequence
from datetime import date
from gettext import gettext as _

import msgspec

from cagnotte.application.errors import RequestError
from cagnotte.application.published import load_published
from cagnotte.application.show_partner import FundedAt, PartnerStatement, show_partner
from cagnotte.application.show_partner_rules import FundedBy, show_partner_rules
from cagnotte.channels.cli.arguments import a_month
from cagnotte.channels.cli.terminal import DONE, Terminal
from cagnotte.channels.wording import N_, Nn_
from cagnotte.domain.programme.currencies import DECIMALS

_HEAD = N_("Partner %(partner)s, points posted from %(first)s to %(last)s")
_NOTHING = N_("No rule gave points in its name.")
_GIVEN = N_("    %(store)s, “%(wallet)s”: %(given)s given, %(back)s taken back, %(points)s left")
_NO_STORE, _NO_RULE = N_("without a store"), N_("without a decision that is kept")
_DUE = Nn_("%(number)s point: the partner pays %(amount)s.", "%(number)s points: the partner pays %(amount)s.")
_BACK = Nn_(
    "%(number)s point: the partner gets %(amount)s back.", "%(number)s points: the partner gets %(amount)s back."
)

type _Row = FundedAt | FundedBy


def add_partners(nouns: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    verbs = nouns.add_parser("partner", help=_("who pays for points")).add_subparsers(
        dest="verb", required=True, metavar="VERB"
    )
    statement = verbs.add_parser("statement", help=_("what a partner pays for the points of one month"))
    statement.add_argument("partner", metavar="CODE")
    statement.add_argument("--month", type=a_month, required=True, metavar="MONTH", help=_("like 2026-03"))
    statement.add_argument(
        "--by", choices=("store", "rule"), default="store", help=_("rows by store, or by rule; default: store")
    )
    statement.add_argument("--csv", action="store_true", help=_("one row per store or rule, and wallet"))
    statement.add_argument("--json", action="store_true", help=_("one JSON object on the standard output"))
    statement.set_defaults(run=run_statement)


def run_statement(arguments: argparse.Namespace, terminal: Terminal) -> int:
    with terminal.connected() as conn:
        try:
            published = load_published(conn)
            shown = show_partner(conn, published, arguments.partner, arguments.month)
            by_rule = arguments.by == "rule"
            rules = show_partner_rules(conn, published, shown.partner, arguments.month) if by_rule else ()
        except RequestError as error:
            return terminal.refused(error)
    if arguments.json:
        terminal.json({**msgspec.structs.asdict(shown), "rules": rules} if by_rule else shown)
    elif arguments.csv:
        terminal.line(_csv(shown, rules if by_rule else shown.rows, arguments.by))
    else:
        _tell(shown, rules if by_rule else shown.rows, terminal)
    return DONE


def _csv(shown: PartnerStatement, rows: Sequence[_Row], by: str) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["partner", "month", by, "wallet", "given", "taken_back", "points"])
    for row in rows:
        figures = (row.wallet, row.given, row.taken_back, row.points)
        writer.writerow([shown.partner, f"{shown.first_day:%Y-%m}", _as_text(_about(row)), *figures])
    return text.getvalue().rstrip("\n")


def _about(row: _Row) -> str:
    return row.store if isinstance(row, FundedAt) else row.rule


def _as_text(value: str) -> str:
    """A spreadsheet takes it for a text, never for a formula."""
    return f"'{value}" if value[:1] in set("=+-@\t\r") else value


def _tell(shown: PartnerStatement, rows: Sequence[_Row], terminal: Terminal) -> None:
    speech = terminal.speech
    last = date.fromordinal(shown.end_day.toordinal() - 1)
    terminal.say(_HEAD, partner=shown.partner, first=speech.day(shown.first_day), last=speech.day(last))
    for row in rows:
        terminal.say(
            _GIVEN,
            store=_about(row) or speech.say(_NO_STORE if isinstance(row, FundedAt) else _NO_RULE),
            wallet=row.wallet,
            given=speech.number(row.given),
            back=speech.number(row.taken_back),
            points=speech.number(row.points),
        )
    if not shown.rows:
        terminal.say(_NOTHING)
        return
    forms = _DUE if shown.amount_minor >= 0 else _BACK
    amount = speech.amount(abs(shown.amount_minor), shown.currency, DECIMALS[shown.currency])
    terminal.line(speech.count(forms, shown.points, amount=amount))
