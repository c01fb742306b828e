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
from cagnotte.application.history import MemberHistory, write_histories
from cagnotte.application.idempotency import answered, keep_answer
from cagnotte.application.published import Published, Version, instant_of, wall_clock
from cagnotte.application.retrying import retried
from cagnotte.application.sale_answer import WalletBalance, balances
from cagnotte.domain.evaluator.decision import Decision, Refusal
from cagnotte.domain.evaluator.effects import DrawReason, LotsDrawn
from cagnotte.domain.evaluator.events import Event
from cagnotte.domain.evaluator.facts import Facts
from cagnotte.domain.points.holds import Hold
from cagnotte.storage.members import Member, find_member

_CREATED, _CONFLICT = 201, 409
_KEY_OF_TRANSFERS = "ledger_transfer_member_id_key_key"
_TOLERANCE = timedelta(minutes=10)  # a till's clock may be ahead by so much


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
    do: Callable[[Acting], PointsAnswer],
    *,
    members: Sequence[str],
    at: datetime | None,
    key: str,
    now: datetime,
    if_version: Collection[int] | None = None,
) -> Acted:
    """Do it once, in one transaction; a second call with the key changes nothing and gives the first answer.

    `members`: by any identifier, the one who acts first; all are locked, in the order of their ids. `at`: the
    till's time (None: now). `if_version`: done only while the books of the first member have one of these versions
    (None: whatever they have); what was done under the key before is answered all the same. Raises UnknownMember,
    ActInFuture, NoProgramme, BooksChanged, or KeyReused when the key carries another request.
    """
    request = hashlib.sha256(type(command).__name__.encode() + msgspec.json.encode(command)).digest()
    happened = at or now
    if happened > now + _TOLERANCE:
        raise ActInFuture(at=happened.isoformat(), now=now.isoformat())
    try:
        return retried(lambda: _once(conn, published, do, members, happened, key, request, if_version))
    except psycopg.errors.UniqueViolation as error:
        if error.diag.constraint_name != _KEY_OF_TRANSFERS:
            raise
        raise KeyReused(key=key) from error  # the answer is forgotten after 30 days, the books never forget


def _once(  # noqa: PLR0917 - the parts of one act
    conn: psycopg.Connection,
    published: Published,
    do: Callable[[Acting], PointsAnswer],
    members: Sequence[str],
    happened: datetime,
    key: str,
    request: bytes,
    if_version: Collection[int] | None,
) -> Acted:
    with conn.transaction():
        found = [_member(conn, identifier) for identifier in members]
        owner = found[0].member_id
        earlier = answered(conn, member_id=owner, key=key, request_hash=request)
        if earlier is not None:
            return Acted(earlier.body, earlier.status, replayed=True)
        acting = _acting(conn, published, found, happened, key)
        version = acting.history.standing.version  # locked: nobody moves it before we do
        if if_version is not None and version not in if_version:
            raise BooksChanged(version=str(version))
        said = do(acting)
        versions = write_histories(conn, acting.histories, [])
        said = msgspec.structs.replace(said, version=versions[owner])
        body, status = msgspec.json.encode(said), _CONFLICT if said.refusals else _CREATED
        keep_answer(conn, member_id=owner, key=key, request_hash=request, status=status, body=body)
    return Acted(body, status, replayed=False)


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


def _acting(
    conn: psycopg.Connection, published: Published, found: Sequence[Member], at: datetime, key: str
) -> Acting:
    version = published.at(at)
    members = {member.member_id: member for member in found}  # who sends to themselves is there once
    days = {each: wall_clock(at, version.zone_in(member.country)).date() for each, member in members.items()}
    coming = {each: Coming.on(day) for each, day in days.items()}
    known = known_members(conn, published, coming, locked=True)
    counts = counts_for(conn, published, known.values(), locked=True)
    histories = [MemberHistory(known[each], version, counts) for each in members]
    for history in histories:
        history.bring_to(version, days[history.member_id])
    return Acting(conn, version, list(members.values()), histories, at, key)
