"""cagnotte ledger prove: the whole, or what was posted since a seal"""

import argparse
from collections.abc import Iterable
from datetime import date, datetime
from gettext import gettext as _
from pathlib import Path

import msgspec
import psycopg

from cagnotte.application.errors import RequestError
from cagnotte.application.prove_ledger import CheckResult, ProofCheck, prove_ledger, seal_by
from cagnotte.application.seal_ledger import Checkpoint, SealedRun, broken_shards, seal_run_kept
from cagnotte.channels.cli.arguments import a_time_or_file
from cagnotte.channels.cli.progress import checks_progress
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
    ProofCheck.FUNDING_EQUALS_DECISIONS: N_("partners pay for what was decided (%(examined)s sales)"),
    ProofCheck.VOUCHERS_EQUAL_BURNS: N_("each voucher was paid for (%(examined)s vouchers)"),
    ProofCheck.ACCOUNTS_EQUAL_PORTFOLIOS: N_("the accounts say what points owe (%(examined)s closed months)"),
    ProofCheck.SEALS_HOLD: N_("seals are those of what they sealed (%(examined)s seals)"),
    ProofCheck.SEAL_RUNS_HOLD: N_("the last run of seals is that of its seals (%(examined)s runs)"),
    ProofCheck.NOBODY_CAN_REWRITE: N_("nobody can rewrite the books (%(examined)s tables)"),
}


class CheckpointsUnreadable(Exception):
    """A file is not what “seal” writes. The first argument says why."""


def add_proof(ledger: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    prove = ledger.add_parser("prove", help=_("recompute the books from their entries and compare"))
    prove.add_argument("--json", action="store_true", help=_("one JSON object on the standard output"))
    prove.add_argument(
        "--since",
        type=a_time_or_file,
        metavar="FILE|DATE",
        help=_(
            "only the members whose books have changed since the last seal in a file of checkpoints, or since the"
            " last seal before a day or an instant; it takes for granted that the whole held then"
        ),
    )
    prove.add_argument(
        "--checkpoint", type=Path, metavar="FILE", help=_("compare with the digests that “seal” has written there")
    )
    prove.set_defaults(run=run_prove)


def run_prove(arguments: argparse.Namespace, terminal: Terminal) -> int:
    try:
        kept = _kept_in(arguments.checkpoint) if arguments.checkpoint else []
        last = _kept_in(arguments.since)[-1:] if isinstance(arguments.since, Path) else []
        with terminal.connected() as conn:
            since = since_when(conn, arguments.since) if arguments.since else None
            results = _checked(conn, since, terminal, quiet=arguments.json)
            broken = _broken(conn, {each.seal_no: each for each in [*kept, *last]}.values(), terminal)
    except CheckpointsUnreadable as error:
        return unreadable(error, terminal)
    except RequestError as error:
        return terminal.refused(error)
    holds = not broken and not any(result.faults for result in results)
    if arguments.json:
        terminal.json({"holds": holds, "since": since, "checks": results, "broken_checkpoints": broken})
    elif not holds:
        terminal.say(N_("The books do not hold: a person must look at it."))
    elif since is None:
        terminal.say(N_("The books hold."))
    else:
        terminal.say(N_("What was posted since then holds."))
    return DONE if holds else REFUSED


def since_when(conn: psycopg.Connection, given: date | datetime | Path) -> SealedRun:
    """The run of seals that `--since` means. Raises RequestError, CheckpointsUnreadable."""
    if not isinstance(given, Path):
        return seal_by(conn, given)
    return seal_run_kept(conn, _kept_in(given)[-1])


def unreadable(error: CheckpointsUnreadable, terminal: Terminal) -> int:
    file, reason = error.args
    terminal.warn(N_("“%(file)s” is no file of checkpoints: %(reason)s"), file=file, reason=reason)
    return MISUSED


def _checked(
    conn: psycopg.Connection, since: SealedRun | None, terminal: Terminal, *, quiet: bool
) -> list[CheckResult]:
    if since is not None and not quiet:
        terminal.say(
            N_("Since seal %(number)s of %(at)s; the whole is taken to have held then."),
            number=since.seal_no,
            at=since.sealed_at.isoformat(timespec="seconds"),
        )
    results: list[CheckResult] = []
    with checks_progress(terminal.speech, len(ProofCheck)) as one_more:
        seal_no = None if since is None else since.seal_no
        for result in prove_ledger(conn, seal_no, watch=lambda *_done: one_more()):
            results.append(result)
            if not quiet:
                _tell(result, terminal)
    return results


def _kept_in(file: Path) -> list[Checkpoint]:
    """What the runs wrote, one or more. Raises CheckpointsUnreadable."""
    try:
        kept = [msgspec.json.decode(line, type=Checkpoint) for line in file.read_bytes().splitlines()]
    except OSError as error:
        raise CheckpointsUnreadable(file, error.strerror) from error
    except msgspec.DecodeError as error:
        raise CheckpointsUnreadable(file, error) from error
    if not kept:
        raise CheckpointsUnreadable(file, _("it is empty"))
    return kept


def _broken(conn: psycopg.Connection, kept: Iterable[Checkpoint], terminal: Terminal) -> list[int]:
    """The numbers of the seals that no longer hold, told one by one."""
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
