"""cagnotte ledger export"""

import argparse
import hashlib
from contextlib import ExitStack
from gettext import gettext as _
from pathlib import Path

import msgspec

from cagnotte.application.errors import RequestError
from cagnotte.application.export_ledger import TABLES, export_ledger
from cagnotte.channels.cli.arguments import a_time_or_file
from cagnotte.channels.cli.progress import counting_progress
from cagnotte.channels.cli.proof import CheckpointsUnreadable, since_when, unreadable
from cagnotte.channels.cli.terminal import DONE, MISUSED, REFUSED, Terminal
from cagnotte.channels.wording import N_

MANIFEST = "manifest.json"
_FORMAT = 1
_EVERY = 10_000  # rows between two looks at the progress


def add_export(ledger: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    export = ledger.add_parser("export", help=_("write the books as CSV, for who checks them outside"))
    export.add_argument("--to", type=Path, required=True, metavar="DIR", help=_("a new or an empty folder"))
    export.add_argument(
        "--since",
        type=a_time_or_file,
        metavar="FILE|DATE",
        help=_("only the members whose books have changed since a seal, see “prove --since”; they come whole"),
    )
    export.add_argument("--json", action="store_true", help=_("one JSON object on the standard output"))
    export.set_defaults(run=run_export)


def run_export(arguments: argparse.Namespace, terminal: Terminal) -> int:
    folder: Path = arguments.to
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            terminal.warn(N_("“%(folder)s” is not empty: name a new folder."), folder=folder)
            return MISUSED
        manifest = _exported(arguments, terminal)
    except CheckpointsUnreadable as error:
        return unreadable(error, terminal)
    except RequestError as error:
        return terminal.refused(error)
    except OSError as error:
        terminal.warn(N_("“%(folder)s” cannot be written: %(reason)s"), folder=folder, reason=error.strerror)
        return REFUSED
    if arguments.json:
        terminal.json(manifest)
    else:
        terminal.say(
            N_("%(transfers)s transfers and %(entries)s entries of %(members)s members are in “%(folder)s”."),
            folder=folder,
            **{name: terminal.speech.number(manifest["rows"][name]) for name in TABLES[:3]},
        )
    return DONE


def _exported(arguments: argparse.Namespace, terminal: Terminal) -> dict[str, dict[str, int]]:
    """Write the tables and, when all of them are whole, the manifest that says so."""
    folder: Path = arguments.to
    digests = {table: hashlib.sha256() for table in TABLES}
    done = 0
    with ExitStack() as opened, terminal.connected() as conn, counting_progress(terminal.speech) as show:
        since = since_when(conn, arguments.since) if arguments.since else None
        files = {table: opened.enter_context((folder / f"{table}.csv").open("wb")) for table in TABLES}

        def write(table: str, row: bytes) -> None:
            nonlocal done
            files[table].write(row)
            digests[table].update(row)
            done += 1
            if done % _EVERY == 0:
                show(done)

        books = export_ledger(conn, write, since=None if since is None else since.seal_no)
    manifest = {
        "format": _FORMAT,
        **msgspec.to_builtins(books),
        "sha256": {f"{table}.csv": digest.hexdigest() for table, digest in digests.items()},
    }
    (folder / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(manifest)) + b"\n")
    return manifest
