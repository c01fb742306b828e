"""cagnotte member adjust | extend | reinstate: points moved by hand, with a reason and a name that are kept."""

import argparse
import secrets
from collections.abc import Collection
from datetime import UTC, datetime
from gettext import gettext as _
from http import HTTPStatus
from typing import Protocol

import msgspec
import psycopg

from cagnotte.application.acting import Acted, PointsAnswer
from cagnotte.application.adjust_points import AdjustPoints, adjust_points
from cagnotte.application.errors import RequestError
from cagnotte.application.extend_lots import ExtendLots, extend_lots
from cagnotte.application.points_requests import RequestAnswer
from cagnotte.application.published import Published, load_published
from cagnotte.application.reinstate_points import ReinstatePoints, reinstate_points
from cagnotte.channels.cli.arguments import a_count, a_day, points_of_books
from cagnotte.channels.cli.terminal import DONE, REFUSED, Terminal
from cagnotte.channels.wording import N_
from cagnotte.channels.wording.by_hand_words import above_in_words
from cagnotte.channels.wording.refusal_words import refusal_in_words

type Verbs = "argparse._SubParsersAction[argparse.ArgumentParser]"


class _ByHand[C](Protocol):
    def __call__(
        self,
        conn: psycopg.Connection,
        published: Published,
        command: C,
        *,
        key: str,
        now: datetime,
        if_version: Collection[int] | None = None,
    ) -> Acted: ...


def add_points_by_hand(verbs: Verbs) -> None:
    adjust = _verb(verbs, "adjust", _("give points by hand, or take them"))
    adjust.add_argument(
        "points", type=points_of_books, metavar="POINTS", help=_("above 0 they are given, below 0 taken")
    )
    adjust.set_defaults(run=run_adjust)
    extend = _verb(verbs, "extend", _("let open points live longer"))
    extend.set_defaults(run=run_extend)
    reinstate = _verb(verbs, "reinstate", _("give expired points again"))
    reinstate.add_argument(
        "--points", type=a_count, metavar="N", help=_("so many, those that ended last; default: all")
    )
    reinstate.set_defaults(run=run_reinstate)
    for verb in (extend, reinstate):
        verb.add_argument(
            "--until", type=a_day, required=True, metavar="DATE", help=_("the first day without them")
        )


def _verb(verbs: Verbs, name: str, about: str) -> argparse.ArgumentParser:
    verb = verbs.add_parser(name, help=about)
    verb.add_argument("member", metavar="EXTERNAL_ID")
    verb.add_argument("--reason", required=True, help=_("why: kept in the books"))
    verb.add_argument("--by", required=True, metavar="NAME", help=_("who answers for it: kept in the books"))
    verb.add_argument("--wallet", default="", help=_("default: the programme's first one"))
    verb.add_argument(
        "--if-version",
        type=int,
        metavar="N",
        help=_("only while the member's books have this version, as “member show --json” tells it"),
    )
    verb.add_argument("--key", help=_("idempotency key: the same key never acts twice"))
    return verb


def run_adjust(arguments: argparse.Namespace, terminal: Terminal) -> int:
    of = arguments
    command = AdjustPoints(of.member, of.points, of.reason, of.by, of.wallet)
    done = N_("Given: %(points)s of “%(wallet)s”. Balance: %(balance)s. Version of the books: %(version)s.")
    taken = N_("Taken: %(points)s of “%(wallet)s”. Balance: %(balance)s. Version of the books: %(version)s.")
    return _run(arguments, terminal, command, adjust_points, taken if of.points < 0 else done)


def run_extend(arguments: argparse.Namespace, terminal: Terminal) -> int:
    of = arguments
    command = ExtendLots(of.member, of.until, of.reason, of.by, of.wallet)
    done = N_("Live longer: %(points)s of “%(wallet)s”. Balance: %(balance)s. Version of the books: %(version)s.")
    return _run(arguments, terminal, command, extend_lots, done)


def run_reinstate(arguments: argparse.Namespace, terminal: Terminal) -> int:
    of = arguments
    command = ReinstatePoints(of.member, of.until, of.reason, of.by, of.points, of.wallet)
    done = N_("Given again: %(points)s of “%(wallet)s”. Balance: %(balance)s. Version of the books: %(version)s.")
    return _run(arguments, terminal, command, reinstate_points, done)


def _run[C](arguments: argparse.Namespace, terminal: Terminal, command: C, act: _ByHand[C], done: str) -> int:
    key = arguments.key or f"cli-{secrets.token_hex(16)}"
    seen = None if arguments.if_version is None else [arguments.if_version]
    with terminal.connected() as conn:
        try:
            published = load_published(conn)
            acted = act(conn, published, command, key=key, now=datetime.now(UTC), if_version=seen)
        except RequestError as error:
            return terminal.refused(error)
    if acted.status == HTTPStatus.ACCEPTED:
        return _tell_waiting(msgspec.json.decode(acted.body, type=RequestAnswer), terminal)
    answer = msgspec.json.decode(acted.body, type=PointsAnswer)
    for refusal in answer.refusals:
        terminal.warn("%(said)s", said=refusal_in_words(refusal, terminal.speech))
    if answer.refusals:
        return REFUSED
    balance = next(each.points for each in answer.balances if each.wallet == answer.wallet)
    number = terminal.speech.number
    terminal.say(
        done,
        points=number(abs(answer.points)),
        wallet=answer.wallet,
        balance=number(balance),
        version=answer.version,
    )
    return DONE


def _tell_waiting(request: RequestAnswer, terminal: Terminal) -> int:
    terminal.say(
        N_(
            "Nothing was posted, this is %(above)s: request %(request)s waits for a second person until %(until)s."
        ),
        above=above_in_words(request, terminal.speech),
        request=request.request,
        until=request.open_until.astimezone().isoformat(" ", timespec="minutes"),
    )
    return DONE
