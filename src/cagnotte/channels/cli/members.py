"""cagnotte member show | convert | household | estimate-share, and those of the other files of members"""

import argparse
import secrets
from datetime import UTC, date, datetime
from gettext import gettext as _

import msgspec

from cagnotte.application.convert_points import ConversionAnswer, ConvertPoints, convert_points
from cagnotte.application.errors import RequestError, UnknownMember
from cagnotte.application.move_household import move_household
from cagnotte.application.published import load_published
from cagnotte.application.show_member import BalanceView, MemberView, show_member
from cagnotte.channels.cli.arguments import a_count, a_day
from cagnotte.channels.cli.member_closing import add_closing
from cagnotte.channels.cli.member_points import add_points_by_hand
from cagnotte.channels.cli.member_requests import add_points_requests
from cagnotte.channels.cli.member_shares import add_estimate_share
from cagnotte.channels.cli.terminal import DONE, REFUSED, Terminal
from cagnotte.channels.wording import N_
from cagnotte.channels.wording.refusal_words import refusal_in_words
from cagnotte.channels.wording.share_words import share_sentence
from cagnotte.channels.wording.speech import Speech
from cagnotte.domain.programme.currencies import DECIMALS
from cagnotte.domain.tiers.counting import SPEND, VISITS
from cagnotte.domain.tiers.outlook import Missing

_HOUSEHOLDS = {
    (True, True): N_("%(member)s now belongs to the household “%(household)s”."),
    (True, False): N_("%(member)s belongs to the household “%(household)s” already: nothing was changed."),
    (False, True): N_("%(member)s now belongs to no household."),
    (False, False): N_("%(member)s belongs to no household already: nothing was changed."),
}


def add_members(nouns: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    verbs = nouns.add_parser(
        "member", help=_("look at a member, convert or adjust points, join a household")
    ).add_subparsers(dest="verb", required=True, metavar="VERB")
    show = verbs.add_parser("show", help=_("balances, open lots, tier and vouchers of a member"))
    show.add_argument("member", metavar="EXTERNAL_ID", help=_("the retailer's own id, or any other identifier"))
    show.add_argument(
        "--on",
        type=a_day,
        metavar="DATE",
        help=_("the local day; default: the last day that is posted for the member"),
    )
    show.add_argument("--json", action="store_true", help=_("one JSON object on the standard output"))
    show.set_defaults(run=run_show)
    convert = verbs.add_parser("convert", help=_("turn points into vouchers because the member asks"))
    convert.add_argument("member", metavar="EXTERNAL_ID")
    convert.add_argument("conversion", metavar="CONVERSION")
    convert.add_argument("--times", type=a_count, default=1, metavar="N")
    convert.add_argument("--key", help=_("idempotency key: the same key never converts twice"))
    convert.set_defaults(run=run_convert)
    household = verbs.add_parser("household", help=_("let a member join a household, or leave it"))
    household.add_argument("member", metavar="EXTERNAL_ID")
    which = household.add_mutually_exclusive_group(required=True)
    which.add_argument(
        "--join", metavar="CODE", help=_("what the member does from now on counts for this household")
    )
    which.add_argument("--leave", action="store_const", const="", dest="join", help=_("it counts for none"))
    household.set_defaults(run=run_household)
    add_points_by_hand(verbs)
    add_points_requests(verbs)
    add_closing(verbs)
    add_estimate_share(verbs)


def run_show(arguments: argparse.Namespace, terminal: Terminal) -> int:
    with terminal.connected() as conn:
        try:
            published = load_published(conn)
        except RequestError as error:
            return terminal.refused(error)
        member = show_member(conn, published, arguments.member, arguments.on or date.min)
    if member is None:
        return terminal.refused(UnknownMember(member=arguments.member))
    if arguments.json:
        terminal.json(member)
    else:
        _tell(member, terminal)
    return DONE


def run_convert(arguments: argparse.Namespace, terminal: Terminal) -> int:
    command = ConvertPoints(arguments.member, arguments.conversion, arguments.times)
    key = arguments.key or f"cli-{secrets.token_hex(16)}"
    with terminal.connected() as conn:
        try:
            published = load_published(conn)
            done = convert_points(conn, published, command, key=key, now=datetime.now(UTC))
        except RequestError as error:
            return terminal.refused(error)
    answer = msgspec.json.decode(done.body, type=ConversionAnswer)
    for refusal in answer.refusals:
        terminal.warn("%(said)s", said=refusal_in_words(refusal, terminal.speech))
    currency = published.current.programme.currency
    for voucher in answer.vouchers:
        terminal.say(
            N_("%(count)s voucher(s) of %(amount)s given."),
            count=voucher.count,
            amount=terminal.speech.amount(voucher.amount_minor, currency, DECIMALS[currency]),
        )
    return REFUSED if answer.refusals else DONE


def run_household(arguments: argparse.Namespace, terminal: Terminal) -> int:
    with terminal.connected() as conn:
        try:
            published = load_published(conn)
            moved = move_household(conn, published, arguments.member, arguments.join, now=datetime.now(UTC))
        except RequestError as error:
            return terminal.refused(error)
    sentence = _HOUSEHOLDS[bool(moved.household), moved.new]
    terminal.say(sentence, member=moved.member, household=moved.household)
    return DONE


def _tell(member: MemberView, terminal: Terminal) -> None:
    speech = terminal.speech
    name = f"{member.first_name} {member.last_name}".strip()
    terminal.say(
        N_("Member %(member)s, enrolled on %(day)s, as of %(on)s"),
        member=" ".join(filter(None, (member.external_id, name))),
        day=speech.day(member.enrolled_on),
        on=speech.day(member.on),
    )
    if member.closed_on is not None:
        terminal.say(N_("Closed since %(day)s"), day=speech.day(member.closed_on))
    terminal.say(
        N_("Tier: %(tier)s; %(sales)s sales, %(spent)s spent"),
        tier=member.tier or "-",
        sales=speech.number(member.sales),
        spent=speech.amount(member.spent_minor, member.currency, DECIMALS[member.currency]),
    )
    if member.next_tier is not None:
        terminal.line(_to_next_tier(member.next_tier, member.currency, speech))
    for balance in member.balances:
        _tell_balance(balance, sum(lot.wallet == balance.wallet for lot in member.lots), terminal)
    terminal.say(N_("Vouchers: %(count)s"), count=speech.number(len(member.vouchers)))
    if member.household:
        terminal.say(N_("Household: %(household)s"), household=member.household)
    for together in member.household_points:
        terminal.say(
            N_("With the household, the member can spend %(points)s %(wallet)s"),
            points=terminal.speech.number(together.points),
            wallet=together.wallet,
        )
    if member.share_of_wallet is not None:
        terminal.line(share_sentence(member.share_of_wallet, speech))


def _to_next_tier(lacks: Missing, currency: str, speech: Speech) -> str:
    """What is missing, in the unit of what the tier counts."""
    if not lacks.missing:
        return speech.say(N_("To the tier %(tier)s: a condition is not met yet"), tier=lacks.tier)
    if lacks.measure == SPEND:
        sentence = N_("To the tier %(tier)s: %(missing)s missing of %(needed)s")
        missing, needed = (
            speech.amount(minor, currency, DECIMALS[currency]) for minor in (lacks.missing, lacks.needed)
        )
        return speech.say(sentence, tier=lacks.tier, missing=missing, needed=needed)
    counts = {"missing": speech.number(lacks.missing), "needed": speech.number(lacks.needed)}
    if lacks.measure == VISITS:
        return speech.say(
            N_("To the tier %(tier)s: %(missing)s missing of %(needed)s visits"), tier=lacks.tier, **counts
        )
    sentence = N_("To the tier %(tier)s: %(missing)s missing of %(needed)s (%(measure)s)")
    return speech.say(sentence, tier=lacks.tier, measure=lacks.measure, **counts)


def _tell_balance(balance: BalanceView, lots: int, terminal: Terminal) -> None:
    speech = terminal.speech
    terminal.say(
        N_("Wallet %(wallet)s: %(points)s points in %(lots)s lots"),
        wallet=balance.wallet,
        points=speech.number(balance.points),
        lots=speech.number(lots),
    )
    for expiry in balance.next_expiries[:3]:
        terminal.say(
            N_("    %(points)s points expire on %(day)s"),
            points=speech.number(expiry.points),
            day=speech.day(expiry.expires_on),
        )
