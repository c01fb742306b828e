"""cagnotte ledger rebuild | seal, cagnotte lots expire"""

import argparse
from datetime import UTC, datetime
from gettext import gettext as _
from pathlib import Path

import msgspec

from cagnotte.application.errors import RequestError
from cagnotte.application.expire_lots import expire_lots
from cagnotte.application.published import load_published
from cagnotte.application.rebuild_ledger import rebuild_ledger
from cagnotte.application.seal_ledger import seal_ledger
from cagnotte.channels.cli.arguments import a_day
from cagnotte.channels.cli.exports import add_export
from cagnotte.channels.cli.proof import add_proof
from cagnotte.channels.cli.statements import add_statements
from cagnotte.channels.cli.terminal import DONE, REFUSED, Terminal
from cagnotte.channels.wording import N_

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
    add_proof(ledger)
    rebuild = ledger.add_parser("rebuild", help=_("put lots and balances right from the entries"))
    rebuild.add_argument("--check", action="store_true", help=_("only say what differs; ends 1 if anything does"))
    rebuild.add_argument("--json", action="store_true", help=_("one JSON object on the standard output"))
    rebuild.set_defaults(run=run_rebuild)
    sealing = ledger.add_parser("seal", help=_("seal the books, so that what is rewritten later is found"))
    sealing.add_argument(
        "--checkpoint",
        type=Path,
        metavar="FILE",
        help=_("add the digests to this file; keep it outside the reach of who can change the database"),
    )
    sealing.add_argument("--json", action="store_true", help=_("one JSON object on the standard output"))
    sealing.set_defaults(run=run_seal)
    add_export(ledger)
    add_statements(ledger)
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


def run_rebuild(arguments: argparse.Namespace, terminal: Terminal) -> int:
    with terminal.connected() as conn:
        rebuilt = rebuild_ledger(conn, check=arguments.check)
    if arguments.json:
        terminal.json(rebuilt)
    else:
        values = {
            "lots": terminal.speech.number(rebuilt.lots),
            "balances": terminal.speech.number(rebuilt.balances),
        }
        if not rebuilt.lots and not rebuilt.balances:
            terminal.say(N_("Lots and balances are what the entries say."))
        elif arguments.check:
            terminal.say(N_("%(lots)s lots and %(balances)s balances are not what the entries say."), **values)
        else:
            terminal.say(N_("%(lots)s lots and %(balances)s balances were put right."), **values)
        for each in rebuilt.found:
            forms = {"lot": N_("    member %(member)s, lot %(lot)s: %(points)s of “%(wallet)s” are due")}
            balance = N_("    member %(member)s: %(points)s of “%(wallet)s” are due")
            points = each.points if each.points_open is None else each.points_open
            terminal.say(
                forms.get(each.what, balance),
                member=each.member_id,
                lot=each.lot_id,
                wallet=each.wallet,
                points=terminal.speech.number(points),
            )
    return REFUSED if rebuilt.left else DONE


def run_seal(arguments: argparse.Namespace, terminal: Terminal) -> int:
    with terminal.connected() as conn:
        checkpoint = seal_ledger(conn)
    if arguments.checkpoint:
        try:
            with arguments.checkpoint.open("ab") as file:
                file.write(msgspec.json.encode(checkpoint) + b"\n")
        except OSError as error:
            terminal.warn(
                N_("The books are sealed, but “%(file)s” cannot be written: %(reason)s"),
                file=arguments.checkpoint,
                reason=error.strerror,
            )
            return REFUSED
    if arguments.json:
        terminal.json(checkpoint)
    else:
        terminal.say(
            N_("Seal %(number)s: the books of %(members)s members were sealed."),
            number=checkpoint.seal_no,
            members=terminal.speech.number(checkpoint.members),
        )
    return DONE
