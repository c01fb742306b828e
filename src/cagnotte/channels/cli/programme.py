"""cagnotte programme check | publish; the other verbs are added by their own modules"""

import argparse
from datetime import datetime
from gettext import gettext as _
from pathlib import Path

from cagnotte.application.errors import RequestError
from cagnotte.application.publish_programme import PublishedVersion, publish_programme
from cagnotte.application.published import instant_of, load_published, parsed, zone_of
from cagnotte.channels.cli.arguments import an_instant
from cagnotte.channels.cli.programme_diff import add_diff
from cagnotte.channels.cli.programme_explain import add_explain
from cagnotte.channels.cli.programme_file import document_of, read_document
from cagnotte.channels.cli.programme_life import add_life, publish_named, say_faults
from cagnotte.channels.cli.programme_lists import add_lists
from cagnotte.channels.cli.programme_replay import add_replay
from cagnotte.channels.cli.programme_schema import add_schema
from cagnotte.channels.cli.programme_test import add_test
from cagnotte.channels.cli.terminal import DONE, MISUSED, REFUSED, Terminal
from cagnotte.channels.wording import N_
from cagnotte.domain.programme.document import Programme
from cagnotte.domain.programme.faults import ProgrammeError

__all__ = ["add_programme", "document_of", "read_programme"]


def add_programme(nouns: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    verbs = nouns.add_parser("programme", help=_("check or publish the programme")).add_subparsers(
        dest="verb", required=True, metavar="VERB"
    )
    check = verbs.add_parser("check", help=_("print every fault of a programme with its place"))
    check.add_argument("file", type=Path, metavar="FILE")
    check.set_defaults(run=check_file)
    publish = verbs.add_parser("publish", help=_("publish a programme as a new version"))
    publish.add_argument(
        "file", type=Path, nargs="?", metavar="FILE", help=_("published directly: for set-up and sandboxes")
    )
    publish.add_argument("--draft", metavar="NAME", help=_("publish this draft, which a second person approved"))
    publish.add_argument("--as", dest="who", metavar="USER", help=_("who publishes the draft"))
    publish.add_argument("--comment", default="", metavar="TEXT", help=_("kept with the act"))
    publish.add_argument(
        "--past",
        action="store_true",
        help=_("let a later version begin in the past, as long as no sale since then is recorded"),
    )
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
    publish.set_defaults(run=run_publish)
    add_diff(verbs)
    add_life(verbs)
    add_lists(verbs)
    add_replay(verbs)
    add_schema(verbs)
    add_test(verbs)
    add_explain(verbs)


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


def run_publish(arguments: argparse.Namespace, terminal: Terminal) -> int:
    of_draft = arguments.draft is not None
    if of_draft == (arguments.file is not None) or of_draft != (arguments.who is not None):
        terminal.warn(N_("Publish either a FILE, or a draft: --draft NAME --as USER."))
        return MISUSED
    done = publish_named(arguments, terminal) if of_draft else _publish_file(arguments, terminal)
    if isinstance(done, int):
        return done
    with terminal.connected() as conn:
        zone = load_published(conn).zone
    terminal.say(
        N_("Version %(version)s of “%(code)s” is published; it judges sales from %(begins)s on.")
        if done.new
        else N_(
            "Version %(version)s of “%(code)s” is this text already (from %(begins)s on); nothing was changed."
        ),
        version=done.version,
        code=done.code,
        begins=done.effective_from.astimezone(zone).isoformat(),
    )
    return DONE


def _publish_file(arguments: argparse.Namespace, terminal: Terminal) -> PublishedVersion | int:
    programme = read_programme(arguments.file, terminal)
    if isinstance(programme, int):
        return programme
    begins: datetime | None = arguments.begins
    if begins is not None and begins.tzinfo is None:
        begins = instant_of(begins, zone_of(programme))
    with terminal.connected() as conn:
        try:
            return publish_programme(conn, document_of(arguments.file), effective_from=begins, past=arguments.past)
        except RequestError as error:
            return terminal.refused(error)


def read_programme(path: Path, terminal: Terminal) -> Programme | int:
    """The programme of a file, or the exit status after its faults were printed."""
    document = read_document(path, terminal)
    if isinstance(document, int):
        return document
    try:
        return parsed(document)
    except ProgrammeError as error:
        say_faults(document, error, terminal, source=str(path))
        return REFUSED
