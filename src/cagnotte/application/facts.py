"""Gather what the evaluator must know of members, in one round trip whatever their number."""

from collections.abc import Iterable, Mapping
from datetime import date

import msgspec
import psycopg

from cagnotte.application.counted_days import days_counted
from cagnotte.application.published import Published
from cagnotte.application.shared_counts import SharedCounts, Span, shared_counts
from cagnotte.domain.evaluator.facts import Facts
from cagnotte.domain.kernel import MemberId
from cagnotte.domain.points.lots import Lot
from cagnotte.domain.tiers.days import DayTotal
from cagnotte.ledger.reading import ask_open_lots, read_open_lots
from cagnotte.storage.days import ask_days, read_days
from cagnotte.storage.standings import Standing, State, ask_standings, read_standings

_NOTHING = State()


class Coming(msgspec.Struct, frozen=True):
    """What is about to be decided for a member: events in these stores, from one local day to another.

    `households`: others than the member's own that they are about: one that is joined, or was left since.
    """

    first: date
    last: date
    stores: frozenset[str] = frozenset()
    households: frozenset[str] = frozenset()

    @classmethod
    def on(cls, day: date, *stores: str) -> "Coming":
        return cls(day, day, frozenset(stores))


class MemberKnown(msgspec.Struct, frozen=True):
    """A member as the database knows it. `facts` hold the days that anything counts, and those of what comes."""

    standing: Standing
    facts: Facts
    span: Span


def known_members(
    conn: psycopg.Connection, published: Published, coming: Mapping[MemberId, Coming], *, locked: bool
) -> dict[MemberId, MemberKnown]:
    """member_id -> what is known. `locked`: nobody else changes these members until the transaction ends."""
    if not coming:
        return {}
    with conn.pipeline():  # the later statements see what the lock of the first one waited for
        standing_rows = ask_standings(conn, list(coming), locked=locked)
        lot_rows = ask_open_lots(conn, coming)
        span = days_counted(version.programme for version in published.versions)
        day_rows = ask_days(conn, {member_id: each.first for member_id, each in coming.items()}, span)
    lots, days = read_open_lots(lot_rows), read_days(day_rows)
    found = read_standings(standing_rows)
    return {
        member_id: MemberKnown(
            found[member_id],
            _facts(found[member_id], lots.get(member_id, ()), days.get(member_id, ())),
            _span(found[member_id], each),
        )
        for member_id, each in coming.items()
    }


def counts_for(
    conn: psycopg.Connection, published: Published, members: Iterable[MemberKnown], *, locked: bool
) -> SharedCounts:
    """What these members' events may ask of caps that members share; `locked` after the members themselves."""
    programmes = [version.programme for version in published.versions]
    return shared_counts(conn, programmes, [member.span for member in members], locked=locked)


def state_of(facts: Facts) -> State:
    """The part of the facts that a standing keeps."""
    return State(
        facts.held,
        facts.tallies,
        facts.progress,
        facts.debts,
        facts.membership,
        facts.purchases,
        facts.last_active,
        facts.referred,
        facts.holds,
    )


def _facts(standing: Standing, lots: tuple[Lot, ...], days: tuple[DayTotal, ...]) -> Facts:
    state = standing.state or _NOTHING
    return Facts(
        as_of=standing.as_of,
        lots=lots,
        days=days,
        held=state.held,
        tallies=state.tallies,
        progress=state.progress,
        debts=state.debts,
        profile=standing.profile,
        membership=state.membership,
        purchases=state.purchases,
        last_active=state.last_active,
        referred=state.referred,
        holds=state.holds,
    )


def _span(standing: Standing, coming: Coming) -> Span:
    households = coming.households | {standing.profile.household}
    return Span(households, coming.stores, min(coming.first, standing.as_of), max(coming.last, standing.as_of))
