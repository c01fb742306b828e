"""What the database itself refuses, whoever asks (INV-01, INV-02)."""

from datetime import date

import psycopg
import pytest

from cagnotte.domain.evaluator.decision import Decision
from cagnotte.domain.evaluator.effects import Effect, LotOpened, RuleEarned
from cagnotte.domain.evaluator.facts import Facts
from cagnotte.domain.kernel import EventId, LotId, MemberId, Points
from cagnotte.domain.points.lots import Lot
from cagnotte.ledger.posting import MemberBooks, Posting, post
from cagnotte.storage.database import APP_ROLE, as_program
from domain.evaluator.invented_histories import NEWCOMER
from ledger.member_lives import NOON

BOOKS = ["ledger_transfer", "ledger_entry", "programme_version"]
MEMBER = MemberId(1)
ENTRY = "INSERT INTO ledger_entry VALUES (1, 64, %s, %s, 'points', %s, %s, '2024-01-20Z')"


def _books(event_id: int, key: str, *before: Effect) -> MemberBooks:
    lot = Lot(LotId(event_id), "points", Points(10), date(2024, 1, 20))
    decision = Decision(EventId(event_id), date(2024, 1, 20), (*before, LotOpened(lot)))
    return MemberBooks(MEMBER, NEWCOMER, Facts(NEWCOMER.as_of, (lot,)), (Posting(decision, key, NOON),))


@pytest.fixture
def program(conn: psycopg.Connection) -> psycopg.Connection:
    """The connection as the role that runs the program; rolled back after the test."""
    as_program(conn)
    return conn


@pytest.mark.parametrize("table", BOOKS)
@pytest.mark.parametrize("statement", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {}"])
@pytest.mark.parametrize("role", [APP_ROLE, None])
def test_no_role_changes_deletes_or_empties_the_books_not_even_their_owner(
    conn: psycopg.Connection, table: str, statement: str, role: str | None
) -> None:
    column = "programme" if table == "programme_version" else "wallet"
    if role:
        conn.execute(f"SET ROLE {role}")

    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        conn.execute(statement.format(table, column, column))


def test_the_program_does_not_change_what_was_sold_decided_or_given(program: psycopg.Connection) -> None:
    for table in ("sale", "voucher", "tier_change"):
        for statement in ("UPDATE {} SET member_id = 1", "DELETE FROM {}"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), program.transaction():
                program.execute(statement.format(table))


@pytest.mark.parametrize("points", [(5, -4), (5, 5), (5, None)])
def test_entries_that_do_not_sum_to_zero_are_refused(
    program: psycopg.Connection, points: tuple[int, int | None]
) -> None:
    rows = [(1, "available", points[0], 64)]
    rows += [(2, "issued", points[1], None)] if points[1] is not None else []  # type: ignore[list-item]
    values = ", ".join(["(1, 64, %s, %s, 'points', %s, %s, '2024-01-20Z')"] * len(rows))

    with pytest.raises(psycopg.errors.CheckViolation, match="of transfer 64 of member 1 in wallet points sum to"):
        program.execute(f"INSERT INTO ledger_entry VALUES {values}", [value for row in rows for value in row])


@pytest.mark.parametrize(
    "row", [(1, "available", 5, None), (1, "issued", -5, 64), (1, "available", 0, 64), (1, "mine", 5, None)]
)
def test_an_entry_without_sense_is_refused(program: psycopg.Connection, row: tuple[object, ...]) -> None:
    with pytest.raises(psycopg.errors.CheckViolation):
        program.execute(ENTRY, row)


@pytest.mark.parametrize("before", [(), (RuleEarned("base", "points", Points(10)),)])
def test_the_same_key_twice_is_refused_and_nothing_is_posted(
    program: psycopg.Connection, before: tuple[Effect, ...]
) -> None:
    post(program, [_books(64, "sale:1")])

    with pytest.raises(psycopg.errors.UniqueViolation), program.transaction():
        post(program, [_books(128, "sale:1", *before)])

    assert program.execute("SELECT transfer_id, key FROM ledger_transfer").fetchall() == [(64, "sale:1#0")]
    assert program.execute("SELECT points, version FROM ledger_balance").fetchall() == [(10, 1)]
    assert program.execute("SELECT lot_id FROM ledger_lot").fetchall() == [(64,)]


def test_a_balance_counts_its_versions_without_a_gap(program: psycopg.Connection) -> None:
    first = _books(64, "sale:1")
    lot = Lot(LotId(128), "points", Points(5), date(2024, 1, 20))
    decision = Decision(EventId(128), date(2024, 1, 20), (LotOpened(lot),))
    after = Facts(NEWCOMER.as_of, (*first.after.lots, lot))

    known = post(program, [first])[MEMBER]
    then = post(program, [MemberBooks(MEMBER, first.after, after, (Posting(decision, "sale:2", NOON),), known)])

    assert (known, then) == (1, {MEMBER: 2})
    assert program.execute("SELECT points, version FROM ledger_balance").fetchall() == [(15, 2)]
    numbers = program.execute("SELECT version FROM ledger_transfer ORDER BY transfer_id").fetchall()
    assert numbers == [(1,), (2,)]


def test_a_lot_holds_neither_less_than_nothing_nor_more_than_it_was_given(program: psycopg.Connection) -> None:
    post(program, [_books(64, "sale:1")])

    for points in (-1, 11):
        with pytest.raises(psycopg.errors.CheckViolation), program.transaction():
            program.execute("UPDATE ledger_lot SET points_open = %s", (points,))


def test_postings_that_do_not_lead_from_the_facts_before_to_the_facts_after_are_a_defect(
    program: psycopg.Connection,
) -> None:
    books = _books(64, "sale:1")
    wrong = MemberBooks(MEMBER, books.after, books.after, books.postings)

    with pytest.raises(AssertionError):
        post(program, [wrong])

    assert program.execute("SELECT count(*) FROM ledger_entry").fetchall() == [(0,)]
