"""cagnotte ledger prove, cagnotte lots expire"""

import argparse
from datetime import UTC, datetime
from gettext import gettext as _

from cagnotte.application.errors import RequestError
from cagnotte.application.expire_lots import expire_lots
from cagnotte.application.prove_ledger import CheckResult, ProofCheck, prove_ledger
from cagnotte.application.published import load_published
from cagnotte.channels.cli.arguments import a_day
from cagnotte.channels.cli.terminal import DONE, REFUSED, Terminal
from cagnotte.channels.wording import N_

_CHECKS: dict[ProofCheck, str] = {
    ProofCheck.TRANSFERS_SUM_TO_ZERO: N_("entries of each transfer sum to zero (%(examined)s transfers)"),
    ProofCheck.TRANSFERS_HAVE_ENTRIES: N_("each transfer has both sides (%(examined)s transfers)"),
    ProofCheck.LOTS_EQUAL_ENTRIES: N_("lots equal a replay from entries (%(examined)s lots)"),
    ProofCheck.BALANCES_EQUAL_ENTRIES: N_("balances equal a replay from entries (%(examined)s balances)"),
    ProofCheck.BALANCES_EQUAL_LOTS: N_("balances equal open lots (%(examined)s balances)"),
    ProofCheck.EXPIRED_ONCE_AND_IN_TIME: N_("lots expire once and in time (%(examined)s draws)"),
    ProofCheck.SALES_EQUAL_LEDGER: N_("sales say what the ledger says (%(examined)s sales)"),
    ProofCheck.VOUCHERS_EQUAL_BURNS: N_("each voucher was paid for (%(examined)s vouchers)"),
    ProofCheck.NOBODY_CAN_REWRITE: N_("nobody can rewrite the books (%(examined)s tables)"),
}


_EXPIRED = N_(
    "%(points)s points in %(lots)s lots expired up to %(day)s; %(tiers)s tiers changed;"
    " %(members)s members looked at."
)
_EXPIRED_BY_NOW = N_(
    "%(points)s points in %(lots)s lots expired up to today; %(tiers)s tiers changed;"
    " %(members)s members looked at."
)


def add_books(nouns: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    ledger = nouns.add_parser("ledger", help=_("the books of every point")).add_subparsers(
        dest="verb", required=True, metavar="VERB"
    )
    prove = ledger.add_parser("prove", help=_("recompute the books from their entries and compare"))
    prove.add_argument("--json", action="store_true", help=_("one JSON object on the standard output"))
    prove.set_defaults(run=run_prove)
    lots = nouns.add_parser("lots", help=_("points that expire")).add_subparsers(
        dest="verb", required=True, metavar="VERB"
    )
    expire = lots.add_parser("expire", help=_("do what is due up to a local day: expiry and tiers"))
    expire.add_argument(
        "--on",
        type=a_day,
        metavar="DATE",
        help=_("the day on each member's clock, like 2026-12-01; default: the day that it is there now"),
    )
    expire.add_argument("--dry-run", action="store_true", help=_("say what would expire, write nothing"))
    expire.add_argument("--json", action="store_true", help=_("one JSON object on the standard output"))
    expire.set_defaults(run=run_expire)


def run_prove(arguments: argparse.Namespace, terminal: Terminal) -> int:
    with terminal.connected() as conn:
        results: list[CheckResult] = []
        for result in prove_ledger(conn):
            results.append(result)
            if not arguments.json:
                _tell(result, terminal)
    holds = not any(result.faults for result in results)
    if arguments.json:
        terminal.json({"holds": holds, "checks": results})
    else:
        terminal.say(N_("The books hold.") if holds else N_("The books do not hold: a person must look at it."))
    return DONE if holds else REFUSED


def run_expire(arguments: argparse.Namespace, terminal: Terminal) -> int:
    with terminal.connected() as conn:
        try:
            published = load_published(conn)
        except RequestError as error:
            return terminal.refused(error)
        report = expire_lots(conn, published, arguments.on or datetime.now(UTC), dry_run=arguments.dry_run)
    if arguments.json:
        terminal.json(report)
        return DONE
    if arguments.dry_run:
        terminal.say(N_("Dry run: nothing was written."))
    terminal.say(
        _EXPIRED if arguments.on else _EXPIRED_BY_NOW,
        points=terminal.speech.number(report.points),
        lots=terminal.speech.number(report.lots),
        day=terminal.speech.day(arguments.on) if arguments.on else "",
        tiers=terminal.speech.number(report.tiers_changed),
        members=terminal.speech.number(report.members),
    )
    return DONE


def _tell(result: CheckResult, terminal: Terminal) -> None:
    mark = "✗" if result.faults else "✓"
    said = terminal.speech.say(_CHECKS[result.check], examined=terminal.speech.number(result.examined))
    terminal.line(f"{mark} {said}")
    for fault in result.faults:
        terminal.say(
            N_("    %(subject)s: expected %(expected)s, found %(found)s"),
            subject=fault.subject,
            expected=fault.expected,
            found=fault.found,
        )
