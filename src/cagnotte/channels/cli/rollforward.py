"""cagnotte accounts rollforward"""

import argparse
import sys
from gettext import gettext as _

from cagnotte.application.errors import RequestError
from cagnotte.application.show_rollforward import Column, Role, RolledOf, show_rollforward
from cagnotte.channels.cli.arguments import a_month
from cagnotte.channels.cli.terminal import DONE, Terminal
from cagnotte.channels.files.rollforwards import csv_rollforward
from cagnotte.channels.wording import N_
from cagnotte.domain.programme.currencies import DECIMALS
from cagnotte.domain.programme.document import called

_HEAD = N_("From the end of the month before to the end of %(month)s, in %(currency)s:")
_COLUMNS = N_(
    "account | before | given | taken back | to and from others | estimate | used | expired | credited | at the"
    " end"
)
_ROLES = {
    Role.DEFERRED: N_("deferred revenue"),
    Role.PROVISION: N_("provision"),
    Role.RECEIVABLE: N_("owed by partners"),
}
_OF_PARTNER = N_("%(account)s, “%(partner)s”")


def add_rollforward(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    shown = verbs.add_parser("rollforward", help=_("why the balances changed in a closed month, by partner"))
    shown.add_argument("--month", type=a_month, required=True, metavar="MONTH", help=_("like 2026-03"))
    form = shown.add_mutually_exclusive_group()
    form.add_argument("--csv", action="store_true", help=_("rows for a spreadsheet, on the standard output"))
    form.add_argument("--json", action="store_true", help=_("one JSON object on the standard output"))
    shown.set_defaults(run=run_rollforward)


def run_rollforward(arguments: argparse.Namespace, terminal: Terminal) -> int:
    with terminal.connected() as conn:
        try:
            found = show_rollforward(conn, arguments.month)
        except RequestError as error:
            return terminal.refused(error)
    if arguments.json:
        terminal.json(found)
    elif arguments.csv:
        sys.stdout.write(csv_rollforward(found))
    else:
        _tell(found, terminal)
    return DONE


def _tell(found: RolledOf, terminal: Terminal) -> None:
    speech, currency = terminal.speech, found.period.currency
    terminal.say(_HEAD, month=f"{found.period.month:%Y-%m}", currency=currency)
    terminal.say(_COLUMNS)
    for row in found.rows:
        account = speech.say(_ROLES[row.role])
        if row.partner:
            partner = called(row.name, row.partner, speech.language)
            account = speech.say(_OF_PARTNER, account=account, partner=partner)
        minors = (row.opening, *(row.changes[column] for column in Column), row.closing)
        amounts = (speech.amount(minor, currency, DECIMALS[currency]) for minor in minors)
        terminal.line(" | ".join((account, *amounts)))
