"""cagnotte member requests | approve | refuse | withdraw | gestures: acts by hand above a ceiling, a report."""

import argparse
from datetime import UTC, datetime, timedelta
from gettext import gettext as _

import msgspec

from cagnotte.application.acting import PointsAnswer
from cagnotte.application.acts_by_hand import gesture_day
from cagnotte.application.answer_requests import AnswerRequest, approve_request, refuse_request, withdraw_request
from cagnotte.application.errors import RequestError
from cagnotte.application.points_requests import RequestAnswer, show_requests
from cagnotte.application.programme_staff import find_actor
from cagnotte.application.published import load_published
from cagnotte.application.report_gestures import report_gestures
from cagnotte.channels.cli.arguments import a_day
from cagnotte.channels.cli.terminal import DONE, REFUSED, Terminal
from cagnotte.channels.wording import N_
from cagnotte.channels.wording.by_hand_words import ENDINGS, above_in_words, asked_in_words
from cagnotte.channels.wording.refusal_words import refusal_in_words

type Verbs = "argparse._SubParsersAction[argparse.ArgumentParser]"

_MOST = 1_000
_CHANNEL = "terminal"


def add_points_requests(verbs: Verbs) -> None:
    listed = verbs.add_parser("requests", help=_("what was asked above a ceiling and waits for a second person"))
    listed.add_argument("--ended", action="store_true", help=_("those that are over, the newest first"))
    listed.add_argument("--json", action="store_true", help=_("one JSON object on the standard output"))
    listed.set_defaults(run=run_requests)
    for verb, purpose, run in (
        ("approve", _("approve what somebody else asked for: it is done"), run_approve),
        ("refuse", _("refuse what somebody else asked for"), run_refuse),
    ):
        parser = _of_request(verbs, verb, purpose)
        parser.add_argument(
            "--as", dest="who", metavar="USER", required=True, help=_("who does it: an account of the back office")
        )
        parser.add_argument("--reason", required=True, help=_("why: kept with the request"))
        parser.set_defaults(run=run)
    withdraw = _of_request(verbs, "withdraw", _("take back what one asked for"))
    withdraw.add_argument("--by", required=True, metavar="NAME", help=_("who asked"))
    withdraw.add_argument("--reason", default="", help=_("why: kept with the request"))
    withdraw.set_defaults(run=run_withdraw)
    gestures = verbs.add_parser("gestures", help=_("points moved by hand, by day and person"))
    gestures.add_argument("--from", dest="first", type=a_day, metavar="DATE", help=_("default: six days before"))
    gestures.add_argument("--to", dest="last", type=a_day, metavar="DATE", help=_("default: today"))
    gestures.add_argument("--json", action="store_true", help=_("one JSON object on the standard output"))
    gestures.set_defaults(run=run_gestures)


def _of_request(verbs: Verbs, verb: str, purpose: str) -> argparse.ArgumentParser:
    parser = verbs.add_parser(verb, help=purpose)
    parser.add_argument("request", metavar="REQUEST", help=_("its number, as “member requests” shows it"))
    return parser


def run_requests(arguments: argparse.Namespace, terminal: Terminal) -> int:
    with terminal.connected() as conn:
        page = show_requests(conn, now=_now(), ended=arguments.ended, most=_MOST)
    if arguments.json:
        terminal.json(page)
        return DONE
    for request in page.requests:
        _tell(request, terminal)
    if not page.requests:
        terminal.say(N_("No request has ended.") if arguments.ended else N_("No request waits."))
    return DONE


def run_approve(arguments: argparse.Namespace, terminal: Terminal) -> int:
    command = AnswerRequest(arguments.request, arguments.reason, arguments.who)
    with terminal.connected() as conn:
        try:
            actor = find_actor(conn, arguments.who, channel=_CHANNEL)
            acted = approve_request(conn, load_published(conn), command, now=_now(), actor=actor)
        except RequestError as error:
            return terminal.refused(error)
    answer = msgspec.json.decode(acted.body, type=PointsAnswer)
    for refusal in answer.refusals:
        terminal.warn("%(said)s", said=refusal_in_words(refusal, terminal.speech))
    if answer.refusals:
        return REFUSED
    balance = next(each.points for each in answer.balances if each.wallet == answer.wallet)
    number = terminal.speech.number
    terminal.say(
        N_("Approved and done: %(points)s of “%(wallet)s” for %(member)s. Balance: %(balance)s."),
        points=number(answer.points),
        wallet=answer.wallet,
        member=answer.member,
        balance=number(balance),
    )
    return DONE


def run_refuse(arguments: argparse.Namespace, terminal: Terminal) -> int:
    command = AnswerRequest(arguments.request, arguments.reason, arguments.who)
    with terminal.connected() as conn:
        try:
            actor = find_actor(conn, arguments.who, channel=_CHANNEL)
            refuse_request(conn, command, now=_now(), actor=actor)
        except RequestError as error:
            return terminal.refused(error)
    terminal.say(N_("Refused: nothing was posted."))
    return DONE


def run_withdraw(arguments: argparse.Namespace, terminal: Terminal) -> int:
    command = AnswerRequest(arguments.request, arguments.reason, arguments.by)
    with terminal.connected() as conn:
        try:
            withdraw_request(conn, command, now=_now())
        except RequestError as error:
            return terminal.refused(error)
    terminal.say(N_("Withdrawn: nothing was posted."))
    return DONE


def run_gestures(arguments: argparse.Namespace, terminal: Terminal) -> int:
    with terminal.connected() as conn:
        try:
            last = arguments.last or gesture_day(load_published(conn), _now())
        except RequestError as error:
            return terminal.refused(error)
        report = report_gestures(conn, arguments.first or last - timedelta(days=6), last)
    if arguments.json:
        terminal.json({"gestures": report})
        return DONE
    speech = terminal.speech
    for row in report:
        terminal.say(
            N_(
                "%(day)s %(person)s, “%(wallet)s”: %(given)s points given, %(taken)s taken."
                " Acts: %(gestures)s, members: %(members)s, approved by a second person: %(approved)s"
            ),
            day=speech.day(row.day),
            person=row.person,
            wallet=row.wallet,
            gestures=speech.number(row.gestures),
            members=speech.number(row.members),
            given=speech.number(row.given),
            taken=speech.number(row.taken),
            approved=speech.number(row.approved),
        )
    if not report:
        terminal.say(N_("Nobody moved points by hand in these days."))
    return DONE


def _tell(request: RequestAnswer, terminal: Terminal) -> None:
    speech = terminal.speech
    terminal.say(
        N_("%(request)s, member %(member)s: %(asked)s of “%(wallet)s”, %(above)s"),
        request=request.request,
        member=request.member,
        asked=asked_in_words(request, speech),
        wallet=request.wallet,
        above=above_in_words(request, speech),
    )
    terminal.say(
        N_("    asked by %(who)s at %(at)s: %(reason)s"),
        who=request.asked_by,
        at=_minute(request.asked_at),
        reason=request.reason,
    )
    if request.end is None:
        terminal.say(N_("    open until %(at)s"), at=_minute(request.open_until))
        return
    how, who, reason = speech.say(ENDINGS[request.end.how]), request.end.ended_by, request.end.reason
    told = " ".join(filter(None, (how, _minute(request.end.ended_at), who)))
    terminal.line(f"    {told}" + (f": {reason}" if reason else ""))


def _minute(at: datetime) -> str:
    return at.astimezone().isoformat(" ", timespec="minutes")


def _now() -> datetime:
    return datetime.now(UTC)
