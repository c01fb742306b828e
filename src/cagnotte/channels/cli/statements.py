"""cagnotte ledger statement | as-of"""

import argparse
from collections.abc import Sequence
from datetime import UTC, date, datetime
from gettext import gettext as _

from cagnotte.application.errors import RequestError
from cagnotte.application.published import load_published
from cagnotte.application.show_statement import BalanceAsOf, Statement, show_balances, show_statement
from cagnotte.channels.cli.arguments import a_month, an_instant
from cagnotte.channels.cli.terminal import DONE, Terminal
from cagnotte.channels.wording import N_
from cagnotte.channels.wording.movement_words import MOVEMENTS

_PAID = N_("%(points)s paid by “%(partner)s”")


def add_statements(ledger: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    statement = ledger.add_parser("statement", help=_("a member's points in one month"))
    statement.add_argument("member", metavar="EXTERNAL_ID")
    statement.add_argument("--month", type=a_month, required=True, metavar="MONTH", help=_("like 2026-03"))
    _known_at(statement)
    statement.set_defaults(run=run_statement)
    as_of = ledger.add_parser("as-of", help=_("a member's balances as of any instant"))
    as_of.add_argument("member", metavar="EXTERNAL_ID")
    as_of.add_argument(
        "--happened", type=an_instant, metavar="INSTANT", help=_("what happened up to then; default: now")
    )
    _known_at(as_of)
    as_of.set_defaults(run=run_as_of)


def run_statement(arguments: argparse.Namespace, terminal: Terminal) -> int:
    with terminal.connected() as conn:
        try:
            published = load_published(conn)
            known_at = _instant(arguments.known)
            shown = show_statement(conn, published, arguments.member, arguments.month, known_at=known_at)
        except RequestError as error:
            return terminal.refused(error)
    if arguments.json:
        terminal.json(shown)
    else:
        _tell(shown, terminal)
    return DONE


def run_as_of(arguments: argparse.Namespace, terminal: Terminal) -> int:
    happened, known = _instant(arguments.happened), _instant(arguments.known)
    with terminal.connected() as conn:
        try:
            found = show_balances(conn, arguments.member, happened_at=happened, known_at=known)
        except RequestError as error:
            return terminal.refused(error)
    if arguments.json:
        terminal.json({"happened_at": happened, "known_at": known, "balances": found})
    elif found:
        _balances(found, terminal)
    else:
        terminal.say(N_("No point had moved by then."))
    return DONE


def _known_at(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--known", type=an_instant, metavar="INSTANT", help=_("as the books knew it at that instant; default: now")
    )
    parser.add_argument("--json", action="store_true", help=_("one JSON object on the standard output"))


def _instant(said: datetime | None) -> datetime:
    return (said or datetime.now(UTC)).astimezone(UTC)


def _tell(shown: Statement, terminal: Terminal) -> None:
    speech = terminal.speech
    last = date.fromordinal(shown.end_day.toordinal() - 1)
    terminal.say(
        N_("Member %(member)s, from %(first)s to %(last)s"),
        member=shown.member,
        first=speech.day(shown.first_day),
        last=speech.day(last),
    )
    terminal.say(N_("At the beginning:"))
    _balances(shown.opening, terminal)
    for each in shown.transfers:
        points = each.points or -each.held
        paid = "  ".join(
            speech.say(_PAID, points=f"{points:+}", partner=partner) for partner, points in each.partners.items()
        )
        terminal.line(
            f"  {speech.day(each.happened_on)}  {points:>+12}  {each.wallet:<16}"
            f"  {speech.say(MOVEMENTS[each.kind])}  {each.sale or each.note}  {paid}".rstrip()
        )
    terminal.say(N_("At the end:"))
    _balances(shown.closing, terminal)


def _balances(found: Sequence[BalanceAsOf], terminal: Terminal) -> None:
    speech = terminal.speech
    for each in found:
        terminal.say(
            N_("  %(wallet)s: %(points)s points, %(held)s set aside, %(owed)s owed"),
            wallet=each.wallet,
            points=speech.number(each.points),
            held=speech.number(each.held),
            owed=speech.number(each.owed),
        )
