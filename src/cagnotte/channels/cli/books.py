"""cagnotte ledger prove | rebuild | seal, cagnotte lots expire"""

import argparse
from datetime import UTC, datetime
from gettext import gettext as _
from pathlib import Path

import msgspec
import psycopg

from cagnotte.application.errors import RequestError
from cagnotte.application.expire_lots import expire_lots
from cagnotte.application.prove_ledger import CheckResult, ProofCheck, prove_ledger
from cagnotte.application.published import load_published
from cagnotte.application.rebuild_ledger import rebuild_ledger
from cagnotte.application.seal_ledger import Checkpoint, broken_shards, seal_ledger
from cagnotte.channels.cli.arguments import a_day
from cagnotte.channels.cli.statements import add_statements
from cagnotte.channels.cli.terminal import DONE, MISUSED, REFUSED, Terminal
from cagnotte.channels.wording import N_

_CHECKS: dict[ProofCheck, str] = {
    ProofCheck.TRANSFERS_SUM_TO_ZERO: N_("entries of each transfer sum to zero (%(examined)s transfers)"),
    ProofCheck.TRANSFERS_HAVE_ENTRIES: N_("each transfer has both sides (%(examined)s transfers)"),
    ProofCheck.LOTS_EQUAL_ENTRIES: N_("lots equal a replay from entries (%(examined)s lots)"),
    ProofCheck.BALANCES_EQUAL_ENTRIES: N_("balances equal a replay from entries (%(examined)s balances)"),
    ProofCheck.BALANCES_EQUAL_LOTS: N_("balances equal open lots (%(examined)s balances)"),
    ProofCheck.STANDINGS_EQUAL_ENTRIES: N_(
        "what is owed and set aside equals a replay from entries (%(examined)s wallets)"
    ),
    ProofCheck.LOT_DAYS_ARE_TOLD: N_("days of lots are those that were told (%(examined)s lots)"),
    ProofCheck.VERSIONS_HAVE_NO_GAP: N_(
        "changes of each member's books are numbered without a gap (%(examined)s members)"
    ),
    ProofCheck.EXPIRED_ONCE_AND_IN_TIME: N_("lots expire once and in time (%(examined)s draws)"),
    ProofCheck.SALES_EQUAL_LEDGER: N_("sales say what the ledger says (%(examined)s sales)"),
    ProofCheck.VOUCHERS_EQUAL_BURNS: N_("each voucher was paid for (%(examined)s vouchers)"),
    ProofCheck.ACCOUNTS_EQUAL_PORTFOLIOS: N_("the accounts say what points owe (%(examined)s closed months)"),
    ProofCheck.SEALS_HOLD: N_("seals are those of what they sealed (%(examined)s seals)"),
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
    prove.add_argument(
        "--checkpoint", type=Path, metavar="FILE", help=_("compare with the digests that “seal” has written there")
    )
    prove.set_defaults(run=run_prove)
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


def run_prove(arguments: argparse.Namespace, terminal: Terminal) -> int:
    with terminal.connected() as conn:
        results: list[CheckResult] = []
        for result in prove_ledger(conn):
            results.append(result)
            if not arguments.json:
                _tell(result, terminal)
        broken = _broken(conn, arguments.checkpoint, terminal) if arguments.checkpoint else []
    if broken is None:
        return MISUSED
    holds = not broken and not any(result.faults for result in results)
    if arguments.json:
        terminal.json({"holds": holds, "checks": results, "broken_checkpoints": broken})
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


def _broken(conn: psycopg.Connection, file: Path, terminal: Terminal) -> list[int] | None:
    """The numbers of the seals in the file that no longer hold, told one by one; None: it cannot be read."""
    try:
        lines = file.read_bytes().splitlines()
        kept = [msgspec.json.decode(line, type=Checkpoint) for line in lines]
    except (OSError, msgspec.DecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        terminal.warn(N_("“%(file)s” is no file of checkpoints: %(reason)s"), file=file, reason=reason)
        return None
    broken = []
    for checkpoint in kept:
        shards = list(broken_shards(conn, checkpoint))
        if shards:
            broken.append(checkpoint.seal_no)
            terminal.warn(
                N_("✗ seal %(number)s of %(at)s no longer holds; these shards were rewritten: %(shards)s"),
                number=checkpoint.seal_no,
                at=checkpoint.sealed_at.isoformat(timespec="seconds"),
                shards=", ".join(map(str, shards)),
            )
    return broken


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
