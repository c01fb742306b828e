"""Whatever happens to a member, with everything that a programme can count: read back is what was folded."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from cagnotte.application.facts import Coming, counts_for, known_members
from cagnotte.application.history import MemberHistory, end_of_hold, happened_on, write_histories
from cagnotte.application.ids import new_event_id
from cagnotte.application.published import Published, instant_of
from cagnotte.domain.baskets.basket import Basket, Line, PointsPayment
from cagnotte.domain.evaluator.events import (
    Burn,
    ConversionAsked,
    Enrolled,
    Event,
    ExchangeAsked,
    FriendQualified,
    Happened,
    HoldEnding,
    LotsExtended,
    MembershipBegun,
    MembershipEnded,
    PointsBought,
    PointsGiven,
    PointsHeld,
    PointsPooled,
    PointsReceived,
    PointsReinstated,
    PointsSent,
    PointsTaken,
    ProfileChanged,
    Return,
    Sale,
    SaleTaken,
    TierGranted,
)
from cagnotte.domain.evaluator.facts import Facts
from cagnotte.domain.kernel import LotId, MemberId, TransferId
from cagnotte.domain.members.profile import Profile
from cagnotte.domain.points.holds import HoldEnd
from cagnotte.domain.points.lots import Lot
from cagnotte.ledger.reading import expired_lots
from cagnotte.storage.database import connect
from domain.evaluator.invented_histories import FIRST
from ledger.member_lives import a_member, as_stored, failed_checks, read_back, sale_row, version_of
from ledger.rich_programme import RICH

VERSION = version_of(RICH)
PUBLISHED = Published((VERSION,))
STORES = ("store-1", "store-2")
PROFILE = Profile(
    born_on=date(1984, 2, 29),
    language="fr",
    country="FR",
    brand="maison",
    household="smith",
    segments=("loyal", "été"),
    share_of_wallet=2_500,
    share_declared=True,
    sponsor=MemberId(7),
    attributes={"colour": "blue"},
)

LINES = st.builds(
    Line,
    sku=st.just("a"),
    quantity=st.integers(1, 3),
    paid=st.integers(-500, 9_000),
    category=st.sampled_from(["wine", "bread"]),
    listed=st.none() | st.integers(0, 9_000),
)
TIMES = st.builds(
    lambda day, hour: datetime.combine(FIRST + timedelta(days=day), time(hour)),
    st.integers(0, 160),
    st.integers(0, 23),
)
PAYMENTS = st.sampled_from([(), (), (PointsPayment("points", 20),)])
ID = st.builds(new_event_id)
OWN, OTHER = st.just(MemberId(8)), st.just(MemberId(9))
ENDS = st.dates(FIRST + timedelta(days=20), FIRST + timedelta(days=300))
SENT = st.builds(Lot, st.just(LotId(5)), st.just("points"), st.integers(1, 50), st.just(FIRST), st.none() | ENDS)
EVENTS: st.SearchStrategy[Event] = st.one_of(
    st.builds(Sale, ID, st.builds(Basket, TIMES, st.sampled_from(STORES), st.tuples(LINES), payments=PAYMENTS)),
    st.builds(
        Sale, ID, st.builds(Basket, TIMES, st.sampled_from(STORES), st.tuples(LINES, LINES), payments=PAYMENTS)
    ),
    st.builds(Happened, ID, TIMES, st.just("review"), st.just({"stars": 4})),
    st.builds(Happened, ID, TIMES, st.just("delivered")),
    st.builds(Burn, ID, TIMES, st.sampled_from(["points", "stars"]), st.integers(1, 30)),
    st.builds(PointsGiven, ID, TIMES, st.sampled_from(["points", "stars", "coins"]), st.integers(1, 90)),
    st.builds(PointsTaken, ID, TIMES, st.sampled_from(["points", "stars"]), st.integers(1, 30)),
    st.builds(ConversionAsked, ID, TIMES, st.just("voucher")),
    st.builds(PointsGiven, ID, TIMES, st.just("points"), st.integers(1, 90), migrated=st.just(True)),
    st.builds(PointsHeld, ID, TIMES, st.sampled_from(["points", "stars"]), st.integers(1, 30)),
    st.builds(PointsHeld, ID, TIMES, st.sampled_from(["points", "stars"]), st.integers(1, 30)),
    st.builds(PointsSent, ID, TIMES, st.sampled_from(["points", "stars"]), st.integers(1, 30), OWN, OTHER),
    st.builds(PointsReceived, ID, TIMES, st.just("points"), OTHER, st.tuples(SENT)),
    st.builds(PointsReceived, ID, TIMES, st.just("points"), OTHER, st.tuples(SENT), pooled=st.just(True)),
    st.builds(PointsPooled, ID, TIMES, st.just("points"), st.integers(1, 30), OTHER),
    st.builds(ExchangeAsked, ID, TIMES, st.just("to-stars"), st.integers(1, 3)),
    st.builds(PointsBought, ID, TIMES, st.just("points"), st.integers(1, 6).map(lambda number: number * 5)),
    st.builds(LotsExtended, ID, TIMES, st.just("points"), ENDS),
    st.builds(HoldEnding, ID, TIMES, st.just(TransferId(0)), st.sampled_from(HoldEnd), st.none() | st.just(3)),
    st.builds(HoldEnding, ID, TIMES, st.just(TransferId(0)), st.sampled_from(HoldEnd), st.none() | st.just(3)),
    st.builds(PointsReinstated, ID, TIMES, st.just("points"), ENDS, st.just(()), st.none() | st.integers(1, 20)),
    st.builds(ProfileChanged, ID, TIMES, st.sampled_from([PROFILE, Profile(household="jones")])),
    st.builds(Enrolled, ID, TIMES.map(lambda _: datetime.combine(FIRST, time(9))), st.just(PROFILE)),
    st.builds(MembershipBegun, ID, TIMES, st.just("club")),
    st.builds(MembershipEnded, ID, TIMES),
    st.builds(TierGranted, ID, TIMES, st.sampled_from(["gold", "critic"]), st.none() | st.just(date(2024, 6, 1))),
    st.builds(FriendQualified, ID, TIMES, st.just(MemberId(9))),
)


@pytest.fixture(scope="module")
def program(module_database: str) -> Iterator[psycopg.Connection]:
    """As the running program connects: it commits, as the role that cannot change the books."""
    with connect(module_database) as conn:
        yield conn


def told(event: Event, known: Facts, expired: tuple[Lot, ...]) -> Event:
    """What a caller who knows the member would say: which hold ends, and what has expired."""
    if isinstance(event, HoldEnding) and known.holds:
        return replace(event, hold_id=known.holds[event.event_id % len(known.holds)].hold_id)
    if isinstance(event, PointsReinstated):
        return replace(event, expired=expired)
    return event


def do(conn: psycopg.Connection, member_id: MemberId, event: Event, *, returned: bool = False) -> Facts:
    """One event in a transaction of its own, as the server writes it; a returned sale comes back at once."""
    day, zone = happened_on(event), VERSION.zone
    with conn.transaction():
        coming = {member_id: Coming(day, day, frozenset(STORES), frozenset({"smith", "jones"}))}
        known = known_members(conn, PUBLISHED, coming, locked=True)[member_id]
        history = MemberHistory(known, VERSION, counts_for(conn, PUBLISHED, [known], locked=True))
        history.bring_to(VERSION, day)
        event = told(event, history.facts, expired_lots(conn, member_id))
        at = event.basket.at if isinstance(event, Sale) else datetime.combine(day, time(12))
        key = end_of_hold(event.hold_id) if isinstance(event, HoldEnding) else f"event:{event.event_id}"
        decision = history.take(VERSION, event, instant_of(at, zone), key)
        sales = []
        if isinstance(event, Sale):
            sales = [sale_row(member_id, event, decision, instant_of(at, zone))]
            if returned:
                back = Return(new_event_id(), event.basket.at, SaleTaken(event, (decision,)))
                history.take(VERSION, back, instant_of(at, zone), f"event:{back.event_id}")
        history.bring_to(VERSION, history.facts.as_of)
        write_histories(conn, [history], sales)
    return history.facts


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=st.lists(st.tuples(EVENTS, st.booleans()), max_size=12))
def test_whatever_happens_is_read_back_as_it_was_folded(
    program: psycopg.Connection, events: list[tuple[Event, bool]]
) -> None:
    member_id = a_member(program)

    for event, returned in events:
        folded = do(program, member_id, event, returned=returned)
        assert read_back(program, VERSION, member_id) == as_stored(VERSION.programme, folded)

    assert failed_checks(program) == []


def test_points_that_pay_and_come_back_are_written_to_the_lots_they_came_from(program: psycopg.Connection) -> None:
    member_id = a_member(program)
    noon = datetime.combine(FIRST, time(12))
    do(program, member_id, PointsGiven(new_event_id(), noon, "points", 90, by_terms=False))
    lines = (Line("a", 1, 5_000, "bread"),)
    basket = Basket(noon, "store-1", lines, payments=(PointsPayment("points", 40),))

    folded = do(program, member_id, Sale(new_event_id(), basket), returned=True)

    kinds = program.execute(
        "SELECT kind FROM ledger_transfer WHERE member_id = %s ORDER BY transfer_id", (member_id,)
    ).fetchall()
    assert [kind for (kind,) in kinds] == [
        "given",
        "payment",
        "earn",
        "earn",
        "given_back",
        "clawback",
        "clawback",
    ]
    assert [(lot.wallet, lot.points_open) for lot in folded.lots] == [("points", 90)]
    assert read_back(program, VERSION, member_id) == as_stored(VERSION.programme, folded)
    assert failed_checks(program) == []
