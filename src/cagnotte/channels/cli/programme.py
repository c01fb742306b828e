"""cagnotte programme check | publish"""

import argparse
from datetime import datetime
from gettext import gettext as _
from pathlib import Path

from cagnotte.application.errors import RequestError
from cagnotte.application.publish_programme import publish_programme
from cagnotte.application.published import instant_of, parsed, zone_of
from cagnotte.channels.cli.arguments import an_instant
from cagnotte.channels.cli.terminal import DONE, MISUSED, REFUSED, Terminal
from cagnotte.channels.wording import N_, Nn_
from cagnotte.channels.wording.programme_faults import shown
from cagnotte.domain.programme.document import Programme
from cagnotte.domain.programme.faults import ProgrammeError


def add_programme(nouns: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    verbs = nouns.add_parser("programme", help=_("check or publish the programme")).add_subparsers(
        dest="verb", required=True, metavar="VERB"
    )
    check = verbs.add_parser("check", help=_("print every fault of a programme with its place"))
    check.add_argument("file", type=Path, metavar="FILE")
    check.set_defaults(run=check_file)
    publish = verbs.add_parser("publish", help=_("publish a programme as a new version"))
    publish.add_argument("file", type=Path, metavar="FILE")
    publish.add_argument(
        "--from",
        dest="begins",
        metavar="INSTANT",
        type=an_instant,
        help=_(
            "local time from which sales are judged by it, like 2026-12-01T00:00; default: the first version"
            " from the beginning of time, a later one from now"
        ),
    )
    publish.set_defaults(run=publish_file)


def check_file(arguments: argparse.Namespace, terminal: Terminal) -> int:
    programme = read_programme(arguments.file, terminal)
    if isinstance(programme, int):
        return programme
    said = N_(
        "%(file)s is a valid programme, “%(code)s”. Wallets: %(wallets)s, earn rules: %(earn)s, tiers: %(tiers)s,"
        " conversions: %(conversions)s."
    )
    terminal.say(
        said,
        file=arguments.file,
        code=programme.code,
        wallets=len(programme.wallets),
        earn=len(programme.earn),
        tiers=len(programme.tiers),
        conversions=len(programme.conversions),
    )
    return DONE


def publish_file(arguments: argparse.Namespace, terminal: Terminal) -> int:
    programme = read_programme(arguments.file, terminal)
    if isinstance(programme, int):
        return programme
    begins: datetime | None = arguments.begins
    if begins is not None and begins.tzinfo is None:
        begins = instant_of(begins, zone_of(programme))
    with terminal.connected() as conn:
        try:
            done = publish_programme(conn, document_of(arguments.file), effective_from=begins)
        except RequestError as error:
            return terminal.refused(error)
    terminal.say(
        N_("Version %(version)s of “%(code)s” is published; it judges sales from %(begins)s on.")
        if done.new
        else N_(
            "Version %(version)s of “%(code)s” is this text already (from %(begins)s on); nothing was changed."
        ),
        version=done.version,
        code=done.code,
        begins=done.effective_from.astimezone(zone_of(programme)).isoformat(),
    )
    return DONE


def read_programme(path: Path, terminal: Terminal) -> Programme | int:
    """The programme of a file, or the exit status after its faults were printed."""
    try:
        document = document_of(path)
    except OSError as error:
        terminal.warn(N_("%(file)s cannot be read: %(detail)s."), file=path, detail=error.strerror or error)
        return MISUSED
    except UnicodeDecodeError as error:
        terminal.warn(
            N_("%(file)s is not UTF-8 text: byte %(place)s cannot be read. Save it as UTF-8."),
            file=path,
            place=error.start,
        )
        return MISUSED
    try:
        return parsed(document)
    except ProgrammeError as error:
        for fault in error.faults:
            terminal.line(shown(document, fault, terminal.speech, source=str(path)))
        terminal.warn_count(
            Nn_("%(number)s fault in %(file)s.", "%(number)s faults in %(file)s."), len(error.faults), file=path
        )
        return REFUSED


def document_of(path: Path) -> str:
    """The text of a programme file. Raises OSError or UnicodeDecodeError."""
    return path.read_text(encoding="utf-8")
