"""Points become gift vouchers because the member asks."""

import hashlib
from datetime import datetime

import msgspec
import psycopg

from cagnotte.application.errors import UnknownMember
from cagnotte.application.facts import Coming, counts_for, known_members
from cagnotte.application.history import MemberHistory, write_histories
from cagnotte.application.idempotency import answered, keep_answer
from cagnotte.application.ids import new_event_id
from cagnotte.application.published import Published, wall_clock
from cagnotte.application.retrying import retried
from cagnotte.application.sale_answer import VouchersGiven, WalletBalance, balances, vouchers_given
from cagnotte.domain.evaluator.decision import Refusal
from cagnotte.domain.evaluator.events import ConversionAsked
from cagnotte.storage.members import find_member

_CREATED, _CONFLICT = 201, 409


class ConvertPoints(msgspec.Struct, frozen=True):
    """The member, by any identifier, asks for `times` vouchers of a conversion."""

    member: str
    conversion: str
    times: int = 1


class ConversionAnswer(msgspec.Struct, frozen=True):
    """What was given, or why not: then `vouchers` is empty and nothing was posted."""

    member: str
    conversion: str
    vouchers: tuple[VouchersGiven, ...]
    balances: tuple[WalletBalance, ...]
    refusals: tuple[Refusal, ...]


class Converted(msgspec.Struct, frozen=True):
    """`body` is the JSON of a ConversionAnswer; the same bytes each time the same key is sent."""

    body: bytes
    status: int
    replayed: bool


def convert_points(
    conn: psycopg.Connection, published: Published, command: ConvertPoints, *, key: str, now: datetime
) -> Converted:
    """Burn the points and give the vouchers, or refuse; a second call with the key gives the first answer.

    Raises UnknownMember, or KeyReused when the same key carries another request.
    """
    request = hashlib.sha256(msgspec.json.encode(command)).digest()
    return retried(lambda: _once(conn, published, command, key, request, now), what="convert_points")


def _once(  # noqa: PLR0917 - the parts of one act
    conn: psycopg.Connection,
    published: Published,
    command: ConvertPoints,
    key: str,
    request: bytes,
    now: datetime,
) -> Converted:
    with conn.transaction():
        member = find_member(conn, command.member)
        if member is None:
            raise UnknownMember(member=command.member)
        earlier = answered(conn, member_id=member.member_id, key=key, request_hash=request)
        if earlier is not None:
            return Converted(earlier.body, earlier.status, replayed=True)
        version = published.at(now)
        local = wall_clock(now, version.zone_in(member.country))
        coming = {member.member_id: Coming.on(local.date())}
        known = known_members(conn, published, coming, locked=True)[member.member_id]
        history = MemberHistory(known, version, counts_for(conn, published, [known], locked=True))
        history.bring_to(version, local.date())
        asked = ConversionAsked(new_event_id(), local, command.conversion, command.times)
        decision = history.take(version, asked, now, f"ask:{asked.event_id}")
        write_histories(conn, [history], [])
        said = ConversionAnswer(
            member=member.external_id,
            conversion=command.conversion,
            vouchers=vouchers_given(decision),
            balances=balances(version, history.facts),
            refusals=decision.refusals,
        )
        body, status = msgspec.json.encode(said), _CONFLICT if decision.refusals else _CREATED
        keep_answer(conn, member_id=member.member_id, key=key, request_hash=request, status=status, body=body)
    return Converted(body, status, replayed=False)
