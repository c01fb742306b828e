"""Members of a test, lived in memory by the application's own fold and written to a real database."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta

import msgspec
import psycopg

from cagnotte.application.counted_days import days_counted
from cagnotte.application.facts import Coming, counts_for, known_members
from cagnotte.application.history import MemberHistory, points_earned, write_histories
from cagnotte.application.ids import new_event_id
from cagnotte.application.published import Published, Version, instant_of
from cagnotte.domain.baskets.basket import Basket, total_paid
from cagnotte.domain.evaluator.decision import Decision
from cagnotte.domain.evaluator.events import ConversionAsked, Sale
from cagnotte.domain.evaluator.facts import Facts
from cagnotte.domain.kernel import MemberId
from cagnotte.domain.programme.document import Programme
from cagnotte.ledger.proof import ProofCheck, prove
from cagnotte.storage.members import Member, add_members
from cagnotte.storage.sales import SaleRow
from domain.evaluator.invented_histories import FIRST, Act, act_time
from domain.programmes import programme_of

NOON = datetime(2024, 1, 20, 12)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
STORE = "store-1"
_STORE_ID, _PRODUCT = 1, 1


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
    done = list(acts)
    with conn.transaction():
        days = [act_time(act).date() for act in done] + [upto]
        coming = Coming(min(days), max(days), frozenset({STORE}))
        published = Published((version,))
        known = known_members(conn, published, {member_id: coming}, locked=True)[member_id]
        history = MemberHistory(known, version, counts_for(conn, published, [known], locked=True))
        sales = [row for act in done for row in _done(history, version, act)]
        history.bring_to(version, max(upto, history.facts.as_of))
        write_histories(conn, [history], sales)
    return history.facts


def read_back(conn: psycopg.Connection, version: Version, member_id: MemberId) -> Facts:
    coming = {member_id: Coming.on(date.max, STORE)}
    known = known_members(conn, Published((version,)), coming, locked=False)[member_id]
    return known.facts


def as_stored(programme: Programme, facts: Facts) -> Facts:
    """The facts with the days that something may still count; what members share is not kept with one of them."""
    span = days_counted([programme])
    oldest = date.min if span is None else facts.as_of - timedelta(days=span)
    days = tuple(total for total in facts.days if total.day >= oldest)
    return msgspec.structs.replace(facts, days=days, shared=(), households=())


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
    sale = Sale(event_id, act)
    decision = history.take(version, sale, at, f"sale:{event_id}")
    history.bring_to(version, history.facts.as_of)
    return [sale_row(history.member_id, sale, decision, at)]


def sale_row(member_id: MemberId, sale: Sale, decision: Decision, at: datetime) -> SaleRow:
    basket = sale.basket
    return SaleRow(
        member_id=member_id,
        sale_id=sale.event_id,
        external_id=str(sale.event_id),
        store_id=_STORE_ID,
        happened_at=at,
        happened_local=basket.at,
        channel=basket.channel,
        paid_minor=total_paid(basket),
        points_earned=points_earned(decision),
        content_hash=b"",
        lines=[(_PRODUCT, line.quantity, line.paid) for line in basket.lines],
    )
