"""cagnotte sale return | void"""

import argparse
import secrets
from datetime import UTC, datetime
from gettext import gettext as _

import msgspec

from cagnotte.application.errors import RequestError
from cagnotte.application.published import Published, instant_of, load_published
from cagnotte.application.return_answer import PointsReturned, ReturnAnswer
from cagnotte.application.return_sale import ReturnSale, return_sale
from cagnotte.channels.cli.arguments import an_instant
from cagnotte.channels.cli.terminal import DONE, REFUSED, Terminal
from cagnotte.channels.wording import N_
from cagnotte.channels.wording.refusal_words import refusal_in_words
from cagnotte.domain.programme.currencies import DECIMALS

_RETURNED = N_("Taken back of sale %(sale)s: %(refund)s are paid back.")
_VOIDED = N_("Sale %(sale)s is void: %(refund)s are paid back.")
_POINTS = {
    "taken_back": N_("    %(points)s points of “%(wallet)s” are taken back"),
    "owed": N_("    of them %(points)s points of “%(wallet)s” are owed: the next earn pays them"),
    "forgiven": N_("    %(points)s points of “%(wallet)s” were spent and are forgiven"),
    "given_back": N_("    %(points)s points of “%(wallet)s” that had paid are given back"),
}


def add_sales(nouns: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    verbs = nouns.add_parser("sale", help=_("take goods of a sale back, or void it")).add_subparsers(
        dest="verb", required=True, metavar="VERB"
    )
    back = verbs.add_parser("return", help=_("take goods back: what they brought is undone"))
    _add_common(back)
    back.add_argument(
        "--line",
        action="append",
        type=_a_line,
        metavar="N[xQ]",
        help=_("the line of that number, from 1, and how many articles of it, like 2x3; default: everything left"),
    )
    back.set_defaults(run=run_return, is_void=False)
    void = verbs.add_parser("void", help=_("undo a sale that should never have been"))
    _add_common(void)
    void.set_defaults(run=run_return, is_void=True, line=None)


def run_return(arguments: argparse.Namespace, terminal: Terminal) -> int:
    key = arguments.key or f"cli-{secrets.token_hex(16)}"
    with terminal.connected() as conn:
        try:
            published = load_published(conn)
            command = _command(arguments, published)
            done = return_sale(conn, published, command, key=key, now=datetime.now(UTC))
        except RequestError as error:
            return terminal.refused(error)
    answer = msgspec.json.decode(done.body, type=ReturnAnswer)
    if arguments.json:
        terminal.line(done.body.decode())
    else:
        _tell(answer, terminal)
    return REFUSED if answer.refusals else DONE


def _add_common(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("sale", metavar="SALE_ID", help=_("the till's own id of the sale"))
    verb.add_argument("--reason", default="", help=_("kept with it"))
    verb.add_argument("--at", type=an_instant, metavar="TIME", help=_("when; default: now"))
    verb.add_argument("--key", help=_("idempotency key: the same key never does it twice"))
    verb.add_argument("--json", action="store_true", help=_("one JSON object on the standard output"))


def _command(arguments: argparse.Namespace, published: Published) -> ReturnSale:
    at: datetime | None = arguments.at
    if at is not None and at.tzinfo is None:
        at = instant_of(at, published.zone)
    lines = None if arguments.line is None else tuple(arguments.line)
    return ReturnSale(arguments.sale, lines, at, arguments.reason, arguments.is_void)


def _a_line(text: str) -> tuple[int, int]:
    line, _x, quantity = text.partition("x")
    try:
        return int(line), int(quantity or 1)
    except ValueError as error:
        said = _("“%(text)s” is not a line of a sale: write it like 2 or 2x3") % {"text": text}
        raise argparse.ArgumentTypeError(said) from error


def _tell(answer: ReturnAnswer, terminal: Terminal) -> None:
    for refusal in answer.refusals:
        terminal.warn("%(said)s", said=refusal_in_words(refusal, terminal.speech))
    if answer.refusals:
        return
    refund = terminal.speech.amount(answer.refund_minor, answer.currency, DECIMALS[answer.currency])
    terminal.say(_VOIDED if answer.is_void else _RETURNED, sale=answer.sale_id, refund=refund)
    for moved in answer.points:
        _tell_points(moved, terminal)


def _tell_points(moved: PointsReturned, terminal: Terminal) -> None:
    for name, sentence in _POINTS.items():
        points = getattr(moved, name)
        if points:
            terminal.say(sentence, points=terminal.speech.number(points), wallet=moved.wallet)
