"""One act on a member's points: found, locked, brought to its time, decided, written, and answered once."""

import hashlib
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec
import psycopg

from cagnotte.application.errors import ActInFuture, BooksChanged, KeyReused, UnknownMember
from cagnotte.application.facts import Coming, counts_for, known_members
from cagnotte.application.history import MemberHistory, act_of, write_histories
from cagnotte.application.idempotency import (
    DAYS_KEPT,
    answer_row,
    answered,
    ask_answers,
    keep_answer,
    lock_of,
    read_answers,
)
from cagnotte.application.points_requests import RequestAnswer
from cagnotte.application.published import Published, Version, instant_of, wall_clock
from cagnotte.application.retrying import Unposted, first_without_lock, retried
from cagnotte.application.sale_answer import WalletBalance, balances
from cagnotte.domain.evaluator.decision import Decision, Refusal
from cagnotte.domain.evaluator.effects import DrawReason, LotsDrawn, ProfileSet
from cagnotte.domain.evaluator.events import Event
from cagnotte.domain.evaluator.facts import Facts
from cagnotte.domain.points.holds import Hold
from cagnotte.ledger.one_act import ActRows, Outcome, Unseen, post_act
from cagnotte.storage.members import Member, find_member

_CREATED, _WAITS, _CONFLICT = 201, 202, 409
_KEY_OF_TRANSFERS = "ledger_transfer_member_id_key_key"
_TOLERANCE = timedelta(minutes=10)  # a till's clock may be ahead by so much


type Said = PointsAnswer | RequestAnswer
type Others = Callable[[psycopg.Connection, Member], Sequence[Member]]
"""The other members of an act, for the one who acts; they are locked with that one."""


class HoldView(msgspec.Struct, frozen=True):
    """Points set aside, free again at `until` unless they are confirmed or released before."""

    hold: str
    wallet: str
    points: int
    until: Annotated[datetime, msgspec.Meta(tz=True)]
    reference: str


class PointsAnswer(msgspec.Struct, frozen=True):
    """What an act on points did: `points` moved, and how the member stands after it.

    When it was refused, `points` is 0, nothing was posted, and `refusals` say why. `hold`: the one that was begun
    or ended. `amount_minor`: what points bought cost. `version`: of the member's books, higher with each change.
    """

    member: str
    happened_at: Annotated[datetime, msgspec.Meta(tz=True)]
    wallet: str
    points: int
    hold: str | None
    amount_minor: int
    balances: tuple[WalletBalance, ...]
    holds: tuple[HoldView, ...]
    version: int
    refusals: tuple[Refusal, ...]


class Acted(msgspec.Struct, frozen=True):
    """`body` is the JSON of the answer; the same bytes each time the same key is sent."""

    body: bytes
    status: int
    replayed: bool


class Acting(msgspec.Struct, frozen=True):
    """What an act works with: its members' histories, locked, each brought to its own local time of the act."""

    conn: psycopg.Connection
    version: Version
    members: Sequence[Member]
    histories: Sequence[MemberHistory]
    at: datetime
    key: str

    @property
    def local(self) -> datetime:
        """The time of the act on the clock of who acts."""
        return self.wall(self.at)

    def wall(self, instant: datetime, *, of: int = 0) -> datetime:
        """What an instant is on the clock of one of the members."""
        return wall_clock(instant, self.version.zone_in(self.members[of].country))

    @property
    def member(self) -> Member:
        return self.members[0]

    @property
    def history(self) -> MemberHistory:
        return self.histories[0]

    def take(self, event: Event, *, of: int = 0, key: str | None = None, made_by: str = "") -> Decision:
        """Decide and apply the event for one of the members, under the act's key unless it has one of its own."""
        history = self.histories[of]
        decision = history.take(self.version, event, self.at, key or f"act:{self.key}", made_by=made_by)
        history.bring_to(self.version, history.facts.as_of)  # points given back may have ended already
        return decision

    def answer(
        self, decision: Decision, *, wallet: str, points: int = 0, hold: int | None = None, amount_minor: int = 0
    ) -> PointsAnswer:
        facts = self.history.facts
        refused = bool(decision.refusals)
        return PointsAnswer(
            member=self.member.external_id,
            happened_at=self.at,
            wallet=wallet,
            points=0 if refused else points,
            hold=None if hold is None else str(hold),
            amount_minor=amount_minor,
            balances=balances(self.version, facts),
            holds=holds_of(facts, self.version.zone_in(self.member.country)),
            version=0,  # known once it is written
            refusals=decision.refusals,
        )


def act(
    conn: psycopg.Connection,
    published: Published,
    command: msgspec.Struct,
    do: Callable[[Acting], Said],
    *,
    members: Sequence[str],
    at: datetime | None,
    key: str,
    now: datetime,
    with_others: Others = lambda conn, member: (),
    if_version: Collection[int] | None = None,
    locked: bool = False,
) -> Acted:
    """Do it once, in one transaction; a second call with the key changes nothing and gives the first answer.

    `members`: by any identifier, the one who acts first; all are locked, in the order of their ids. `at`: the
    till's time (None: now). `with_others`: more members, found inside the transaction. `if_version`: done only
    while the books of the first member have one of these versions (None: whatever they have); what was done under
    the key before is answered all the same. `locked`: `do` asks or writes more in the transaction, with the
    members locked. When `do` answers with a request, nothing else of the act is written. Raises UnknownMember,
    ActInFuture, NoProgramme, BooksChanged, or KeyReused when the key carries another request.
    """
    request = hashlib.sha256(type(command).__name__.encode() + msgspec.json.encode(command)).digest()
    asked = _Asked(published, do, tuple(members), with_others, at or now, now, key, request, if_version)
    what = type(command).__name__
    try:
        if locked:
            return retried(lambda: _under_lock(conn, asked), what=what)
        return first_without_lock(lambda: _at_once(conn, asked), lambda: _under_lock(conn, asked), what=what)
    except psycopg.errors.UniqueViolation as error:
        if error.diag.constraint_name != _KEY_OF_TRANSFERS:
            raise
        raise KeyReused(key=key) from error  # the answer is forgotten after 30 days, the books never forget


class _Asked(msgspec.Struct, frozen=True):
    published: Published
    do: Callable[[Acting], Said]
    members: tuple[str, ...]
    with_others: Others
    at: datetime
    now: datetime
    key: str
    request: bytes
    if_version: Collection[int] | None

    def check_time(self) -> None:
        """After the key was looked up: what was answered once is answered again, whatever the clock says now."""
        if self.at > self.now + _TOLERANCE:
            raise ActInFuture(at=self.at.isoformat(), now=self.now.isoformat())


def _at_once(conn: psycopg.Connection, asked: _Asked) -> Acted | Unposted:
    """Read, decide, write in one statement that looks again; a lock is needed when it counts for others too."""
    found = [_member(conn, identifier) for identifier in asked.members]
    owner = found[0].member_id
    with conn.pipeline():
        answers = ask_answers(conn, asked.key, locked=False)
    earlier = read_answers(answers, member_id=owner, key=asked.key, request_hash=asked.request)
    if earlier is not None:
        return Acted(earlier.body, earlier.status, replayed=True)
    asked.check_time()
    found += asked.with_others(conn, found[0])
    acting = _acting(conn, asked, found, locked=False)
    if any(history.shared.are_any for history in acting.histories):
        return Unposted.NEEDS_LOCK
    _check_version(asked, acting)
    said = asked.do(acting)
    assert isinstance(said, PointsAnswer), said  # a request is written under the lock
    if any(history.made(ProfileSet) for history in acting.histories):
        return Unposted.NEEDS_LOCK
    act, versions = act_of(acting.histories, [])
    body, status = _encoded(said, versions[owner])
    kept = answer_row(member_id=owner, key=asked.key, request_hash=asked.request, status=status, body=body)
    with_answer = ActRows({**act.rows, "answers": [kept]})
    outcome = post_act(conn, with_answer, Unseen((lock_of(asked.key),), (asked.key,), DAYS_KEPT))
    return Acted(body, status, replayed=False) if outcome is Outcome.POSTED else Unposted.OUTRUN


def _under_lock(conn: psycopg.Connection, asked: _Asked) -> Acted:
    with conn.transaction():
        found = [_member(conn, identifier) for identifier in asked.members]
        owner = found[0].member_id
        earlier = answered(conn, member_id=owner, key=asked.key, request_hash=asked.request)
        if earlier is not None:
            return Acted(earlier.body, earlier.status, replayed=True)
        asked.check_time()
        found += asked.with_others(conn, found[0])
        acting = _acting(conn, asked, found, locked=True)
        _check_version(asked, acting)
        said = asked.do(acting)
        if isinstance(said, RequestAnswer):
            body, status = msgspec.json.encode(said), _WAITS
        else:
            versions = write_histories(conn, acting.histories, [])
            body, status = _encoded(said, versions[owner])
        keep_answer(conn, member_id=owner, key=asked.key, request_hash=asked.request, status=status, body=body)
    return Acted(body, status, replayed=False)


def _check_version(asked: _Asked, acting: Acting) -> None:
    """What was read is what is written to: under the lock, or because the writing looks again."""
    version = acting.history.standing.version
    if asked.if_version is not None and version not in asked.if_version:
        raise BooksChanged(version=str(version))


def _encoded(said: PointsAnswer, version: int) -> tuple[bytes, int]:
    said = msgspec.structs.replace(said, version=version)
    return msgspec.json.encode(said), _CONFLICT if said.refusals else _CREATED


def points_drawn(decision: Decision, reason: DrawReason) -> int:
    """How many points a decision took from lots, for that reason."""
    drawn = [effect for effect in decision.effects if isinstance(effect, LotsDrawn) and effect.reason is reason]
    return sum(draw.points for effect in drawn for draw in effect.draws)


def holds_of(facts: Facts, zone: ZoneInfo) -> tuple[HoldView, ...]:
    """The open holds of a member whose clock is in that zone."""
    return tuple(_view(hold, zone) for hold in facts.holds)


def _view(hold: Hold, zone: ZoneInfo) -> HoldView:
    until = instant_of(hold.until, zone).astimezone(zone)
    return HoldView(str(hold.hold_id), hold.wallet, hold.points, until, hold.reference)


def _member(conn: psycopg.Connection, identifier: str) -> Member:
    member = find_member(conn, identifier)
    if member is None:
        raise UnknownMember(member=identifier)
    return member


def _acting(conn: psycopg.Connection, asked: _Asked, found: Sequence[Member], *, locked: bool) -> Acting:
    published, at = asked.published, asked.at
    version = published.at(at)
    members = {member.member_id: member for member in found}  # who sends to themselves is there once
    days = {each: wall_clock(at, version.zone_in(member.country)).date() for each, member in members.items()}
    coming = {each: Coming.on(day) for each, day in days.items()}
    known = known_members(conn, published, coming, locked=locked)
    counts = counts_for(conn, published, known.values(), locked=locked)
    histories = [MemberHistory(known[each], version, counts) for each in members]
    for history in histories:
        history.bring_to(version, days[history.member_id])
    return Acting(conn, version, list(members.values()), histories, at, asked.key)
