"""cagnotte sale return | void"""

import argparse
import secrets
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from gettext import gettext as _

import msgspec
import psycopg

from cagnotte.application.errors import RequestError
from cagnotte.application.published import Published, instant_of, load_published
from cagnotte.application.return_answer import PointsReturned, ReturnAnswer
from cagnotte.application.return_sale import ReturnSale, return_sale
from cagnotte.application.sale_currency import currency_of_sale
from cagnotte.channels.cli.arguments import an_instant
from cagnotte.channels.cli.terminal import DONE, MISUSED, REFUSED, Terminal
from cagnotte.channels.wording import N_, Nn_
from cagnotte.channels.wording.refusal_words import refusal_in_words
from cagnotte.domain.baskets.basket import AMOUNT_MOST
from cagnotte.domain.programme.currencies import DECIMALS

_RETURNED = N_("Taken back of sale %(sale)s: %(refund)s are paid back.")
_REFUNDED = N_("Refunded of sale %(sale)s: %(refund)s are paid back, no goods come back.")
_TOO_SMALL = N_("The smallest part of %(currency)s is larger than that: write fewer decimals.")
_ONE_LINE = N_("A refund is of one line, or of all: write --line once, or not at all.")
_VOIDED = N_("Sale %(sale)s is void: %(refund)s are paid back.")
_POINTS = {
    "taken_back": Nn_(
        "    %(number)s point of “%(wallet)s” is taken back",
        "    %(number)s points of “%(wallet)s” are taken back",
    ),
    "owed": Nn_(
        "    of them %(number)s point of “%(wallet)s” is owed: the next earn pays it",
        "    of them %(number)s points of “%(wallet)s” are owed: the next earn pays them",
    ),
    "forgiven": Nn_(
        "    %(number)s point of “%(wallet)s” was spent and is forgiven",
        "    %(number)s points of “%(wallet)s” were spent and are forgiven",
    ),
    "given_back": Nn_(
        "    %(number)s point of “%(wallet)s” that had paid is given back",
        "    %(number)s points of “%(wallet)s” that had paid are given back",
    ),
    "expired": Nn_(
        "    %(number)s point of “%(wallet)s” had expired: there was nothing to take back",
        "    %(number)s points of “%(wallet)s” had expired: there was nothing to take back",
    ),
}


class _WrongRefund(Exception):
    """What is asked cannot be a refund, in a sentence."""

    def __init__(self, sentence: str, **values: str) -> None:
        super().__init__(sentence)
        self.sentence, self.values = sentence, values


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
    back.add_argument(
        "--amount",
        type=_an_amount,
        metavar="AMOUNT",
        help=_("no goods come back: refund so much of what they cost, like 5.00, or of one --line"),
    )
    back.set_defaults(run=run_return, is_void=False)
    void = verbs.add_parser("void", help=_("undo a sale that should never have been"))
    _add_common(void)
    void.set_defaults(run=run_return, is_void=True, line=None, amount=None)


def run_return(arguments: argparse.Namespace, terminal: Terminal) -> int:
    key = arguments.key or f"cli-{secrets.token_hex(16)}"
    with terminal.connected() as conn:
        try:
            published = load_published(conn)
            command = _command(arguments, published, conn)
            done = return_sale(conn, published, command, key=key, now=datetime.now(UTC))
        except RequestError as error:
            return terminal.refused(error)
        except _WrongRefund as wrong:
            terminal.warn(wrong.sentence, **wrong.values)
            return MISUSED
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


def _command(arguments: argparse.Namespace, published: Published, conn: psycopg.Connection) -> ReturnSale:
    at: datetime | None = arguments.at
    if at is not None and at.tzinfo is None:
        at = instant_of(at, published.zone)
    lines = None if arguments.line is None else tuple(arguments.line)
    command = ReturnSale(arguments.sale, lines, at, arguments.reason, arguments.is_void)
    if arguments.amount is None:
        return command
    currency = currency_of_sale(conn, published.current.programme, arguments.sale)
    minor = _minor(arguments.amount, currency)
    return msgspec.structs.replace(command, lines=None, amount_minor=minor, of_line=_of_line(lines))


def _minor(amount: Decimal, currency: str) -> int:
    minor = amount.scaleb(DECIMALS[currency])
    if minor != minor.to_integral_value():
        raise _WrongRefund(_TOO_SMALL, currency=currency)
    return int(minor)


def _of_line(lines: tuple[tuple[int, int], ...] | None) -> int | None:
    if lines is None:
        return None
    if len(lines) > 1:
        raise _WrongRefund(_ONE_LINE)
    return lines[0][0]


def _an_amount(text: str) -> Decimal:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or abs(amount) > AMOUNT_MOST:
        raise argparse.ArgumentTypeError(_("“%(text)s” is not an amount: write it like 5.00") % {"text": text})
    return amount


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
    done = _VOIDED if answer.is_void else _REFUNDED if answer.refunds else _RETURNED
    terminal.say(done, sale=answer.sale_id, refund=refund)
    for moved in answer.points:
        _tell_points(moved, terminal)


def _tell_points(moved: PointsReturned, terminal: Terminal) -> None:
    for name, forms in _POINTS.items():
        points = getattr(moved, name)
        if points:
            terminal.line(terminal.speech.count(forms, points, wallet=moved.wallet))
