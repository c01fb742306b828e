"""cagnotte member close | reopen: with a reason and a name that are kept."""

import argparse
import secrets
from datetime import UTC, datetime
from gettext import gettext as _

import msgspec

from cagnotte.application.acting import PointsAnswer
from cagnotte.application.close_member import CloseMember, ReopenMember, close_member
from cagnotte.application.errors import RequestError
from cagnotte.application.published import load_published
from cagnotte.channels.cli.terminal import DONE, Terminal
from cagnotte.channels.wording import N_


def add_closing(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    for verb, purpose, command in (
        ("close", _("a member neither earns nor spends from today on"), CloseMember),
        ("reopen", _("a closed member earns and spends again"), ReopenMember),
    ):
        parser = verbs.add_parser(verb, help=purpose)
        parser.add_argument("member", metavar="EXTERNAL_ID")
        parser.add_argument("--reason", required=True, help=_("why: kept with the member"))
        parser.add_argument("--by", required=True, metavar="NAME", help=_("who answers for it: kept too"))
        parser.add_argument("--key", help=_("idempotency key: the same key never acts twice"))
        parser.set_defaults(run=run_closing, command=command)


def run_closing(arguments: argparse.Namespace, terminal: Terminal) -> int:
    make: type[CloseMember] = arguments.command
    command = make(arguments.member, arguments.reason, arguments.by)
    key = arguments.key or f"cli-{secrets.token_hex(16)}"
    with terminal.connected() as conn:
        try:
            acted = close_member(conn, load_published(conn), command, key=key, now=datetime.now(UTC))
        except RequestError as error:
            return terminal.refused(error)
    terminal.say(
        N_("%(member)s is open: sales earn and points are spent again.")
        if make is ReopenMember
        else N_("%(member)s is closed: sales earn nothing, no points are spent or received."),
        member=msgspec.json.decode(acted.body, type=PointsAnswer).member,
    )
    return DONE
