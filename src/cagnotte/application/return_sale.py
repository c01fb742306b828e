"""Goods come back: what the sale gave is taken back, what it took is given back, in one transaction, once."""

import hashlib
from datetime import datetime, timedelta

import msgspec
import psycopg

from cagnotte.application.correct_late import correct_late, is_late
from cagnotte.application.errors import ActInFuture
from cagnotte.application.facts import Coming, counts_for, known_members
from cagnotte.application.history import MemberHistory, write_histories
from cagnotte.application.idempotency import ask_answers, keep_answer, read_answers
from cagnotte.application.ids import new_event_id
from cagnotte.application.kept_sales import KeptSale, expired_so_far, kept_sales
from cagnotte.application.published import Published, wall_clock
from cagnotte.application.retrying import retried
from cagnotte.application.return_answer import ReturnAnswer, return_answer, unknown_sale
from cagnotte.application.sale_answer import SaleCorrection
from cagnotte.application.sale_content import guest_account
from cagnotte.domain.evaluator import decide
from cagnotte.domain.evaluator.decision import Decision
from cagnotte.domain.evaluator.effects import LinesReturned
from cagnotte.domain.evaluator.events import Return, SaleTaken
from cagnotte.domain.evaluator.facts import Facts
from cagnotte.domain.evaluator.late import Told
from cagnotte.domain.kernel import EventId, MemberId
from cagnotte.domain.points.lots import Lot
from cagnotte.storage.members import Member, member_of
from cagnotte.storage.returns import ReturnRow, add_return
from cagnotte.storage.sales import ask_recorded_sale, lock_sale, read_recorded_sale

_CREATED, _UNKNOWN, _CONFLICT = 201, 404, 409
_TOLERANCE = timedelta(minutes=10)  # a till's clock may be ahead by so much


class ReturnSale(msgspec.Struct, frozen=True):
    """`lines`: (number of the line from 1, quantity); None: everything that has not come back yet. `at`: the
    till's time (None: now). `is_void`: the sale should never have been; then `lines` is None.

    `amount_minor`: no article comes back, so much of what the goods cost is refunded, in minor units of the sale's
    currency: of line number `of_line`, or shared by all (None). Then `lines` is None.
    """

    sale_id: str
    lines: tuple[tuple[int, int], ...] | None = None
    at: datetime | None = None
    reason: str = ""
    is_void: bool = False
    amount_minor: int | None = None
    of_line: int | None = None


class Returned(msgspec.Struct, frozen=True):
    """`body` is the JSON of a ReturnAnswer; the same bytes each time the same key is sent."""

    body: bytes
    status: int
    replayed: bool


def return_sale(
    conn: psycopg.Connection, published: Published, command: ReturnSale, *, key: str, now: datetime
) -> Returned:
    """Take the lines back, or say why not; a second call with the key changes nothing and gives the first answer.

    A refusal is an answer that is kept: of a sale that is not known (404) too, so that who asked before the sale
    arrived asks again with a new key. Raises ActInFuture, NoProgramme, or KeyReused when the key carries another
    request.
    """
    request = hashlib.sha256(type(command).__name__.encode() + msgspec.json.encode(command)).digest()
    happened = command.at or now
    return retried(lambda: _once(conn, published, command, happened, key, request, now), what="return_sale")


def _once(  # noqa: PLR0917 - the parts of one act
    conn: psycopg.Connection,
    published: Published,
    command: ReturnSale,
    at: datetime,
    key: str,
    request: bytes,
    now: datetime,
) -> Returned:
    with conn.transaction():
        with conn.pipeline():
            lock_sale(conn, command.sale_id)  # also keeps the sale itself from arriving
            answers = ask_answers(conn, key)
            sales = ask_recorded_sale(conn, command.sale_id)
        recorded, unknown = read_recorded_sale(sales), guest_account(command.sale_id)
        owner = unknown if recorded is None else recorded.member_id
        earlier = read_answers(answers, member_id=owner, key=key, request_hash=request, before=unknown)
        if earlier is not None:
            return Returned(earlier.body, earlier.status, replayed=True)
        if at > now + _TOLERANCE:
            raise ActInFuture(at=at.isoformat(), now=now.isoformat())
        if recorded is None:
            said, status = unknown_sale(command.sale_id, at, is_void=command.is_void), _UNKNOWN
        else:
            said = _returned(conn, published, command, recorded.member_id, recorded.sale_id, at, now)
            status = _CONFLICT if said.refusals else _CREATED
        body = msgspec.json.encode(said)
        keep_answer(conn, member_id=owner, key=key, request_hash=request, status=status, body=body)
    return Returned(body, status, replayed=False)


def _returned(  # noqa: PLR0917 - the parts of one act
    conn: psycopg.Connection,
    published: Published,
    command: ReturnSale,
    member_id: MemberId,
    sale_id: int,
    at: datetime,
    now: datetime,
) -> ReturnAnswer:
    event_id = new_event_id()
    if member_id < 0:
        (kept,) = kept_sales(conn, published, member_id, sale_id)
        event = _event(command, kept, event_id, wall_clock(at, kept.version.zone), ())
        decision = decide(kept.version.programme, Facts(event.at.date()), event)
        said = return_answer(kept, event, decision, at=at, is_void=command.is_void)
        _keep(conn, command, kept, event, decision, at)
        return said
    member = member_of(conn, member_id)
    (kept,) = kept_sales(conn, published, member_id, sale_id)
    history = _history(conn, published, member, kept, at)
    (kept,) = kept_sales(conn, published, member_id, sale_id)  # locked by now: nothing more is decided for it
    local = wall_clock(at, kept.version.zone_in(member.country))
    event = _event(command, kept, event_id, local, expired_so_far(conn, history))
    decision = history.take(kept.version, event, at, f"return:{event_id}", about=kept.sale.event_id)
    books = history.standing.version
    corrected: tuple[SaleCorrection, ...] = ()
    if not decision.refusals:
        corrected = _corrected(conn, published, history, kept, event, decision, now)
        current = published.current
        looks = (
            None if kept.version is current else history.facts.as_of
        )  # tiers are for the version in force to say
        history.bring_to(current, history.facts.as_of, look_on=looks)
        _keep(conn, command, kept, event, decision, at)
        books = write_histories(conn, [history], [])[member_id]
    return return_answer(
        kept,
        event,
        decision,
        at=at,
        is_void=command.is_void,
        member=member.external_id,
        facts=history.facts,
        current=published.current,
        books=books,
        corrections=corrected,
    )


def _corrected(  # noqa: PLR0917 - the parts of one act
    conn: psycopg.Connection,
    published: Published,
    history: MemberHistory,
    kept: KeptSale,
    event: Return,
    decision: Decision,
    now: datetime,
) -> tuple[SaleCorrection, ...]:
    """What a return that arrived after later sales changes of them."""
    if not is_late(conn, history, event.at):
        return ()
    told = Told(kept.version.programme, msgspec.structs.replace(event, taken=SaleTaken(kept.sale, ())))
    about = kept.with_decision(decision)
    return correct_late(conn, published, history, told, about, because=kept.external_id, now=now)


def _history(
    conn: psycopg.Connection, published: Published, member: Member, kept: KeptSale, at: datetime
) -> MemberHistory:
    """The member, locked, and brought to the day of the return. The terms of a programme that ended still hold.

    What the sale counted is known too: on its day, in its store, for the household that the member belonged to.
    """
    version = published.begun_at(at)
    day, basket = wall_clock(at, version.zone_in(member.country)).date(), kept.sale.basket
    used = kept.decision.used if kept.decision else None
    households = frozenset({used.profile.household}) if used and used.profile.household else frozenset[str]()
    first, last = min(day, basket.at.date()), max(day, basket.at.date())
    coming = {member.member_id: Coming(first, last, frozenset({basket.store}), households)}
    known = known_members(conn, published, coming, locked=True)[member.member_id]
    history = MemberHistory(known, version, counts_for(conn, published, [known], locked=True))
    history.bring_to(version, day)
    return history


def _event(
    command: ReturnSale, kept: KeptSale, event_id: EventId, local: datetime, expired: tuple[Lot, ...]
) -> Return:
    lines = None if command.lines is None else tuple((number - 1, quantity) for number, quantity in command.lines)
    of_line = None if command.of_line is None else command.of_line - 1
    return Return(event_id, local, kept.taken(expired), lines, command.amount_minor, of_line)


def _keep(  # noqa: PLR0917 - what a row says
    conn: psycopg.Connection, command: ReturnSale, kept: KeptSale, event: Return, decision: Decision, at: datetime
) -> None:
    back = next((effect for effect in decision.effects if isinstance(effect, LinesReturned)), None)
    if back is None:
        return
    row = ReturnRow(
        kept.member_id,
        event.event_id,
        kept.sale.event_id,
        at,
        event.at,
        command.is_void,
        command.reason,
        back.refund_minor,
        kept.version.code,
        kept.version.version,
        decision,
        [(place + 1, quantity) for place, quantity in back.lines],
    )
    add_return(conn, row)
