"""cagnotte programme draft | review | approve | send-back | discard | retire | drafts | versions | show"""

import argparse
from collections.abc import Callable
from datetime import UTC, datetime
from gettext import gettext as _
from pathlib import Path

import psycopg

from cagnotte.application.draft_programme import discard_draft, save_draft
from cagnotte.application.errors import RequestError
from cagnotte.application.programme_drafts import Draft
from cagnotte.application.programme_staff import Actor, find_actor
from cagnotte.application.programme_text import find_text
from cagnotte.application.publish_programme import PublishedVersion, publish_draft
from cagnotte.application.published import instant_of, load_published, parsed, zone_of
from cagnotte.application.retire_programme import retire_programme
from cagnotte.application.review_programme import approve_draft, ask_review, send_back_draft
from cagnotte.channels.cli.arguments import a_count, an_instant
from cagnotte.channels.cli.programme_file import read_document
from cagnotte.channels.cli.terminal import DONE, MISUSED, REFUSED, Terminal
from cagnotte.channels.wording import N_, Nn_
from cagnotte.channels.wording.programme_acts import DRAFT_STATES
from cagnotte.channels.wording.programme_faults import shown
from cagnotte.domain.programme.faults import ProgrammeError

type OnDraft = Callable[..., Draft]

_CHANNEL = "terminal"
_IS_NOW = N_("The draft “%(draft)s”, revision %(revision)s: %(state)s.")


def add_life(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    draft = _on_draft(verbs, "draft", _("save a file as a draft, faults and all"))
    draft.add_argument("file", type=Path, metavar="FILE")
    draft.set_defaults(run=run_draft)
    acts: list[tuple[str, str, OnDraft]] = [
        ("review", _("ask a second person to review a draft of yours"), ask_review),
        ("approve", _("approve the draft of somebody else"), approve_draft),
        ("send-back", _("give a draft in review back to its author"), send_back_draft),
        ("discard", _("put a draft away; its texts stay"), discard_draft),
    ]
    for verb, purpose, act in acts:
        _on_draft(verbs, verb, purpose).set_defaults(run=run_act, act=act)
    retire = verbs.add_parser("retire", help=_("withdraw a version that has not begun, or end the programme"))
    retire.add_argument("version", nargs="?", type=a_count, metavar="VERSION", help=_("default: the last one"))
    retire.add_argument(
        "--from",
        dest="ends",
        type=an_instant,
        metavar="INSTANT",
        help=_("local time from which no sale is judged by it; default: now, or never for one that has not begun"),
    )
    _by(retire)
    retire.set_defaults(run=run_retire)
    show = verbs.add_parser("show", help=_("print the text of a published version or a draft"))
    show.add_argument("name", metavar="A", help=_("the number of a version, or the name of a draft"))
    show.set_defaults(run=run_show)


def _on_draft(
    verbs: "argparse._SubParsersAction[argparse.ArgumentParser]", verb: str, purpose: str
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = verbs.add_parser(verb, help=purpose)
    parser.add_argument("name", metavar="NAME", help=_("name of the draft"))
    _by(parser)
    return parser


def _by(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--as", dest="who", metavar="USER", required=True, help=_("who does it: an account of the back office")
    )
    parser.add_argument("--comment", default="", metavar="TEXT", help=_("kept with the act"))


def run_draft(arguments: argparse.Namespace, terminal: Terminal) -> int:
    document = read_document(arguments.file, terminal)
    if isinstance(document, int):
        return document
    with terminal.connected() as conn:
        try:
            actor = _actor(conn, arguments)
            draft = save_draft(conn, arguments.name, document, actor=actor, now=_now(), comment=arguments.comment)
        except RequestError as error:
            return terminal.refused(error)
    _say_state(draft, terminal)
    try:
        parsed(document)
    except ProgrammeError as error:
        say_faults(document, error, terminal, source=str(arguments.file))
    return DONE


def run_act(arguments: argparse.Namespace, terminal: Terminal) -> int:
    act: OnDraft = arguments.act
    with terminal.connected() as conn:
        try:
            actor = _actor(conn, arguments)
            draft = act(conn, arguments.name, actor=actor, now=_now(), comment=arguments.comment)
        except RequestError as error:
            return terminal.refused(error)
        except ProgrammeError as error:
            text = find_text(conn, arguments.name)
            say_faults(text or "", error, terminal, source=arguments.name)
            return REFUSED
    _say_state(draft, terminal)
    return DONE


def publish_named(arguments: argparse.Namespace, terminal: Terminal) -> PublishedVersion | int:
    """Publish the draft that `--draft` names; the exit status when it was refused."""
    name: str = arguments.draft
    with terminal.connected() as conn:
        text = find_text(conn, name) or ""
        try:
            actor = _actor(conn, arguments)
            begins = arguments.begins
            if begins is not None and begins.tzinfo is None:
                begins = instant_of(begins, zone_of(parsed(text)))
            return publish_draft(
                conn, name, actor=actor, now=_now(), effective_from=begins, comment=arguments.comment
            )
        except RequestError as error:
            return terminal.refused(error)
        except ProgrammeError as error:
            say_faults(text, error, terminal, source=name)
            return REFUSED


def run_retire(arguments: argparse.Namespace, terminal: Terminal) -> int:
    with terminal.connected() as conn:
        try:
            actor = _actor(conn, arguments)
            zone = load_published(conn).zone
            ends = arguments.ends
            if ends is not None and ends.tzinfo is None:
                ends = instant_of(ends, zone)
            done = retire_programme(
                conn, actor=actor, now=_now(), version=arguments.version, ends_at=ends, comment=arguments.comment
            )
        except RequestError as error:
            return terminal.refused(error)
    terminal.say(
        N_("Version %(version)s is withdrawn: it will never judge a sale.")
        if done.withdrawn
        else N_("Version %(version)s is retired: no sale earns from %(ends_at)s on."),
        version=done.version,
        ends_at=done.ends_at.astimezone(zone).isoformat(timespec="seconds"),
    )
    return DONE


def run_show(arguments: argparse.Namespace, terminal: Terminal) -> int:
    with terminal.connected() as conn:
        text = find_text(conn, arguments.name)
    if text is None:
        terminal.warn(N_("“%(name)s” is neither a published version nor a draft."), name=arguments.name)
        return MISUSED
    terminal.line(text.removesuffix("\n"))
    return DONE


def say_faults(document: str, error: ProgrammeError, terminal: Terminal, *, source: str) -> None:
    """Each fault with its line and a caret, and how many there are."""
    for fault in error.faults:
        terminal.line(shown(document, fault, terminal.speech, source=source))
    terminal.warn_count(
        Nn_("%(number)s fault in %(file)s.", "%(number)s faults in %(file)s."), len(error.faults), file=source
    )


def _say_state(draft: Draft, terminal: Terminal) -> None:
    state = terminal.speech.say(DRAFT_STATES[draft.state]).lower()
    terminal.say(_IS_NOW, draft=draft.name, revision=draft.revision, state=state)


def _actor(conn: psycopg.Connection, arguments: argparse.Namespace) -> Actor:
    return find_actor(conn, arguments.who, channel=_CHANNEL)


def _now() -> datetime:
    return datetime.now(UTC)
