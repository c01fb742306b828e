"""cagnotte member estimate-share: which share of what they spend on such goods members spend here."""

import argparse
import csv
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from gettext import gettext as _
from pathlib import Path

import msgspec

from cagnotte.analytics.history import HistoryRefused
from cagnotte.analytics.wallets import Estimates, GroupSeen, estimates
from cagnotte.application.errors import RequestError
from cagnotte.application.estimate_shares import ShareReport, estimate_shares
from cagnotte.application.published import Published, load_published
from cagnotte.channels.cli.history import exported, say_refused
from cagnotte.channels.cli.replay_progress import events_progress
from cagnotte.channels.cli.terminal import DONE, MISUSED, REFUSED, Terminal
from cagnotte.channels.wording import N_
from cagnotte.domain.members.wallet_share import ShareTerms
from cagnotte.domain.programme.currencies import DECIMALS

_SUMS = (
    ("estimated", N_("%(count)s estimated from their peers.")),
    ("declared", N_("%(count)s from what they say to spend.")),
    ("by_hand", N_("%(count)s declared by hand, and left alone.")),
    ("unknown", N_("%(count)s without a share: they bought nothing, or have too few peers.")),
)
_COLUMNS = (
    "member_id", "spend_minor", "declared_minor", "alike", "peers", "wallet_low", "wallet", "wallet_high",
    "share", "share_low", "share_high",
)  # fmt: skip


class Told(msgspec.Struct, frozen=True):
    """What `--json` prints: the days that counted, each group of peers, and what was written."""

    first_day: date
    last_day: date
    peers: tuple[str, ...]
    groups: tuple[GroupSeen, ...]
    written: ShareReport


def add_estimate_share(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    share = verbs.add_parser("estimate-share", help=_("estimate the share of wallet of every member"))
    share.add_argument(
        "--history", type=Path, metavar="DIR", help=_("an exported history; default: what the shop holds now")
    )
    share.add_argument(
        "--out", type=Path, metavar="FILE", help=_("write every member's estimate, with its reasons, as CSV")
    )
    share.add_argument("--dry-run", action="store_true", help=_("count, and change no profile"))
    share.add_argument("--json", action="store_true", help=_("one JSON object on the standard output"))
    share.set_defaults(run=run_estimate_share)


def run_estimate_share(arguments: argparse.Namespace, terminal: Terminal) -> int:
    try:
        with terminal.connected() as conn:
            published = load_published(conn)
    except RequestError as error:
        return terminal.refused(error)
    terms = published.current.programme.share_of_wallet
    if terms is None:
        terminal.warn(N_("The programme says nothing of the share of wallet: give it a [share_of_wallet] table."))
        return REFUSED
    with _history(arguments.history, terminal) as folder:
        if isinstance(folder, int):
            return folder
        try:
            return _estimate(folder, terms, published, arguments, terminal)
        except HistoryRefused as error:
            return say_refused(error, terminal)
        except OSError as error:
            terminal.warn(
                N_("%(file)s cannot be written: %(detail)s."), file=arguments.out, detail=error.strerror or error
            )
            return MISUSED


@contextmanager
def _history(given: Path | None, terminal: Terminal) -> Iterator[Path | int]:
    """The folder of the history, or the exit status after saying why there is none."""
    if given is not None:
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="cagnotte-history-") as made:
        folder = Path(made) / "history"
        facts = exported(folder, terminal)
        yield facts if isinstance(facts, int) else folder


def _estimate(
    folder: Path, terms: ShareTerms, published: Published, arguments: argparse.Namespace, terminal: Terminal
) -> int:
    found = estimates(folder, terms)
    if arguments.out is not None:
        _write(found, arguments.out)
    shares = ((each.member_id, each.share) for each in found.members())
    with terminal.connected() as conn, events_progress(N_("Writing"), terminal.speech) as watch:
        written = estimate_shares(
            conn,
            published,
            shares,
            watch=lambda report: watch(report.members, report.members),
            dry_run=arguments.dry_run,
        )
    if arguments.json:
        terminal.json(Told(found.first, found.last, terms.peers, tuple(found.groups.values()), written))
    else:
        _tell(found, written, published, terminal)
    return DONE


def _write(found: Estimates, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(_COLUMNS)
        for each in found.members():
            group = each.group
            wallet = group.wallet if group else None
            bounds = (wallet.low, wallet.estimate, wallet.high) if wallet else ("", "", "")
            alike = " ".join(group.alike) if group else ""
            share = (each.share.share, each.share.low, each.share.high)
            peers = group.peers if group else ""
            rows.writerow((each.member_id, each.spend, each.said or "", alike, peers, *bounds, *share))


def _tell(found: Estimates, written: ShareReport, published: Published, terminal: Terminal) -> None:
    speech, currency = terminal.speech, published.current.programme.currency
    terminal.say(
        N_("What was spent from %(first)s to %(last)s; %(members)s members, %(changed)s profiles changed:"),
        first=speech.day(found.first),
        last=speech.day(found.last),
        members=speech.number(written.members),
        changed=speech.number(written.changed),
    )
    for name, sentence in _SUMS:
        if count := getattr(written, name):
            terminal.line("  " + speech.say(sentence, count=speech.number(count)))
    everyone = found.groups[()]
    if everyone.wallet is not None:
        low, wallet, high = (
            speech.amount(minor, currency, DECIMALS[currency])
            for minor in (everyone.wallet.low, everyone.wallet.estimate, everyone.wallet.high)
        )
        terminal.say(
            N_("Of all %(peers)s who bought, the wallet is %(wallet)s, between %(low)s and %(high)s."),
            peers=speech.number(everyone.peers),
            wallet=wallet,
            low=low,
            high=high,
        )
