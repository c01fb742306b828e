"""Members of a test, lived in memory by the application's own fold and written to a real database."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime

import msgspec
import psycopg

from cagnotte.application.facts import facts_of
from cagnotte.application.history import MemberHistory, points_earned, write_histories
from cagnotte.application.ids import new_event_id
from cagnotte.application.published import Published, Version, instant_of
from cagnotte.domain.baskets.basket import Basket, total_paid
from cagnotte.domain.evaluator.values import ConversionAsked, Facts, Sale
from cagnotte.domain.kernel import MemberId, first_day_counted
from cagnotte.domain.programme.document import Programme
from cagnotte.domain.tiers.qualification import DayTotal
from cagnotte.ledger.proof import ProofCheck, prove
from cagnotte.storage.members import Member, add_members
from cagnotte.storage.sales import SaleRow
from cagnotte.storage.standings import lock_standings
from domain.evaluator.invented_histories import FIRST, Act, act_time
from domain.programmes import programme_of

NOON = datetime(2024, 1, 20, 12)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_STORE, _PRODUCT = 1, 1


def version_of(text: str) -> Version:
    return Version("maison", 1, _EPOCH, _EPOCH, text, programme_of(text))


def a_member(conn: psycopg.Connection) -> MemberId:
    member_id = MemberId(new_event_id())
    add_members(conn, [Member(member_id, f"m{member_id}", FIRST)])
    return member_id


def live(
    conn: psycopg.Connection, version: Version, member_id: MemberId, acts: Iterable[Act], upto: date
) -> Facts:
    """Do the acts in one transaction, bring the member to a day and write it all; the facts as folded."""
    with conn.transaction():
        standing = lock_standings(conn, [member_id])
        facts = facts_of(conn, Published((version,)), standing)[member_id]
        history = MemberHistory(standing[member_id], facts, version)
        sales = [row for act in acts for row in _done(history, version, act)]
        history.bring_to(version, max(upto, history.facts.as_of))
        write_histories(conn, [history], sales)
    return history.facts


def read_back(conn: psycopg.Connection, version: Version, member_id: MemberId) -> Facts:
    with conn.transaction():
        return facts_of(conn, Published((version,)), lock_standings(conn, [member_id]))[member_id]


def as_stored(programme: Programme, facts: Facts) -> Facts:
    """The facts with the days that a tier still counts, and points only where a tier counts points."""
    reaches = [tier.reach for tier in programme.tiers]
    oldest = [date.min if r.within is None else first_day_counted(facts.as_of, r.within) for r in reaches]
    on_points = any(reach.wallet is not None for reach in reaches)
    days = tuple(
        DayTotal(total.day, total.paid, total.earned if on_points else ())
        for total in facts.days
        if oldest and total.day >= min(oldest)
    )
    return msgspec.structs.replace(facts, days=days)


def balances(conn: psycopg.Connection, member_id: MemberId) -> dict[str, int]:
    rows = conn.execute("SELECT wallet, points FROM ledger_balance WHERE member_id = %s", (member_id,))
    return dict(rows.fetchall())


def failed_checks(conn: psycopg.Connection) -> list[ProofCheck]:
    return [result.check for result in prove(conn) if result.faults]


def _done(history: MemberHistory, version: Version, act: Act) -> Sequence[SaleRow]:
    at = instant_of(act_time(act), version.zone)
    history.bring_to(version, act_time(act).date())
    event_id = new_event_id()
    if not isinstance(act, Basket):
        history.take(version, ConversionAsked(event_id, act[0], act[1], act[2]), at, f"ask:{event_id}")
        return []
    decision = history.take(version, Sale(event_id, act), at, f"sale:{event_id}")
    history.bring_to(version, history.facts.as_of)
    return [
        SaleRow(
            member_id=history.member_id,
            sale_id=event_id,
            external_id=str(event_id),
            store_id=_STORE,
            happened_at=at,
            happened_local=act.at,
            channel=act.channel,
            paid_minor=total_paid(act),
            points_earned=points_earned(decision),
            content_hash=b"",
            lines=[(_PRODUCT, line.quantity, line.paid) for line in act.lines],
        )
    ]
