"""The proof is not blind: each way to spoil the books as a superuser is found by the check that should."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import psycopg
import pytest

from cagnotte.application.close_accounts import close_accounts
from cagnotte.application.programme_staff import EVERYTHING, Actor
from cagnotte.application.published import Published
from cagnotte.domain.baskets.basket import Basket, Line
from cagnotte.domain.kernel import Points
from cagnotte.ledger.proof import CheckResult, ProofCheck, prove, prove_since
from cagnotte.ledger.sealing import seal
from domain.evaluator.invented_histories import Act
from domain.programmes import HEAD
from ledger.member_lives import NOON, a_member, failed_checks, live, version_of

PROGRAMME = version_of(f"""{HEAD}
[wallets.points]
expiry = {{ after = "30 days" }}
[[earn]]
code = "base"
points = "paid / 100"
[[conversions]]
code = "voucher"
points = 100
voucher = {{ amount = 500 }}
""")


FINANCE = Actor("fabienne", EVERYTHING, "terminal")


def _sale(paid: int, *, after_days: int) -> Act:
    return Basket(NOON + timedelta(days=after_days), "store-1", (Line("sku", 1, paid),))


@pytest.fixture
def owner(database: str) -> Iterator[psycopg.Connection]:
    """A member who earned 350 (3 vouchers, 50 left, expired) and then 40, of which none is burned.

    Both months are closed, and all is sealed by run 2; run 1 was before.
    """
    with psycopg.connect(database, autocommit=True) as conn:
        seal(conn)
        acts = [_sale(35_000, after_days=0), _sale(4_000, after_days=31)]
        live(conn, PROGRAMME, a_member(conn), acts, date(2024, 3, 1))
        for month in (1, 2):
            close_accounts(conn, Published((PROGRAMME,)), date(2024, month, 1), FINANCE, now=datetime.now(UTC))
        seal(conn)
        yield conn


UNGUARDED = "ALTER TABLE {0} DISABLE TRIGGER USER; {1}; ALTER TABLE {0} ENABLE TRIGGER USER"
# A change of a lot's last day that the lot does not know of; its number has no place among the member's.
REDATED = (
    "INSERT INTO ledger_lot_redated (member_id, lot_id, version, expires_before, awaited_before, expires_on,"
    " awaits, event_id, happened_on) SELECT member_id, {0}, max(version), NULL, '', {1}, '', 1, '2024-01-20'"
    " FROM ledger_transfer JOIN ledger_entry USING (member_id, transfer_id) GROUP BY member_id"
)
# A partner pays for points of a sale for which nothing of it was decided.
FUNDED = (
    "INSERT INTO ledger_transfer (member_id, transfer_id, key, kind, wallet, happened_at, happened_on, sale_id,"
    " note)"
    " SELECT member_id, transfer_id + 9, 'spoilt', 'funded', wallet, happened_at, happened_on, sale_id, 'acme'"
    " FROM ledger_transfer WHERE kind = 'earn' ORDER BY transfer_id LIMIT 1;"
    "INSERT INTO ledger_entry (member_id, transfer_id, entry_no, account, wallet, points, happened_at)"
    " SELECT member_id, transfer_id, n, account, wallet, points, happened_at FROM ledger_transfer,"
    " (VALUES (1, 'partner', 5), (2, 'funded', -5)) AS side (n, account, points) WHERE kind = 'funded'"
)
SPOILT = [
    (FUNDED, [ProofCheck.FUNDING_EQUALS_DECISIONS, ProofCheck.SEALS_HOLD]),
    (
        UNGUARDED.format("ledger_entry", "UPDATE ledger_entry SET points = points + 1 WHERE account = 'issued'"),
        [ProofCheck.TRANSFERS_SUM_TO_ZERO, ProofCheck.SALES_EQUAL_LEDGER, ProofCheck.SEALS_HOLD],
    ),
    (
        UNGUARDED.format(
            "ledger_entry",
            "UPDATE ledger_entry SET points = points * 2 WHERE transfer_id IN "
            "(SELECT transfer_id FROM ledger_transfer WHERE kind = 'earn')",
        ),
        [
            ProofCheck.LOTS_EQUAL_ENTRIES,
            ProofCheck.BALANCES_EQUAL_ENTRIES,
            ProofCheck.SALES_EQUAL_LEDGER,
            ProofCheck.SEALS_HOLD,
        ],
    ),
    (
        UNGUARDED.format("ledger_entry", "UPDATE ledger_entry SET account = 'redeemed' WHERE account = 'expired'"),
        [ProofCheck.TRANSFERS_HAVE_ENTRIES, ProofCheck.SEALS_HOLD],
    ),
    (
        UNGUARDED.format("ledger_entry", "DELETE FROM ledger_entry WHERE account = 'redeemed'"),
        [ProofCheck.TRANSFERS_SUM_TO_ZERO, ProofCheck.TRANSFERS_HAVE_ENTRIES, ProofCheck.SEALS_HOLD],
    ),
    (
        UNGUARDED.format("ledger_transfer", "DELETE FROM ledger_transfer WHERE kind = 'expiry'"),
        [ProofCheck.TRANSFERS_HAVE_ENTRIES, ProofCheck.VERSIONS_HAVE_NO_GAP, ProofCheck.SEALS_HOLD],
    ),
    (
        UNGUARDED.format(
            "ledger_transfer", "UPDATE ledger_transfer SET happened_on = '2024-01-05' WHERE kind = 'earn'"
        ),
        [ProofCheck.LOTS_EQUAL_ENTRIES, ProofCheck.SEALS_HOLD],
    ),
    (
        UNGUARDED.format(
            "ledger_transfer", "UPDATE ledger_transfer SET happened_on = '2024-02-18' WHERE kind = 'expiry'"
        ),
        [ProofCheck.EXPIRED_ONCE_AND_IN_TIME, ProofCheck.SEALS_HOLD],
    ),
    (
        "UPDATE ledger_lot SET points_open = points_open - 1 WHERE points_open > 0",
        [ProofCheck.LOTS_EQUAL_ENTRIES, ProofCheck.BALANCES_EQUAL_LOTS],
    ),
    (
        "DELETE FROM ledger_lot WHERE points_open = 0",
        [ProofCheck.LOTS_EQUAL_ENTRIES],
    ),
    (
        "UPDATE ledger_lot SET expires_on = '2024-02-20' WHERE points_open > 0",
        [ProofCheck.LOT_DAYS_ARE_TOLD, ProofCheck.EXPIRED_ONCE_AND_IN_TIME],
    ),
    (
        "UPDATE ledger_lot SET expires_on = '2024-01-20' WHERE points_open = 0",
        [ProofCheck.LOT_DAYS_ARE_TOLD, ProofCheck.EXPIRED_ONCE_AND_IN_TIME],
    ),
    (
        "UPDATE member_standing SET state = jsonb_set(state, '{debts}', '[[\"points\", 5]]')",
        [ProofCheck.STANDINGS_EQUAL_ENTRIES],
    ),
    (
        "UPDATE member_standing SET state = jsonb_set(state, '{holds}',"
        ' \'[{"wallet": "points", "lots": [{"points_open": 5}]}]\')',
        [ProofCheck.STANDINGS_EQUAL_ENTRIES],
    ),
    ("UPDATE member_standing SET version = version + 1", [ProofCheck.VERSIONS_HAVE_NO_GAP]),
    ("UPDATE ledger_balance SET version = version + 1", [ProofCheck.VERSIONS_HAVE_NO_GAP]),
    (
        REDATED.format("max(lot_id)", "DATE '2024-03-01'"),
        [ProofCheck.LOT_DAYS_ARE_TOLD, ProofCheck.VERSIONS_HAVE_NO_GAP, ProofCheck.SEALS_HOLD],
    ),
    (
        REDATED.format("7", "NULL"),
        [ProofCheck.LOT_DAYS_ARE_TOLD, ProofCheck.VERSIONS_HAVE_NO_GAP, ProofCheck.SEALS_HOLD],
    ),
    (
        "UPDATE ledger_balance SET points = points + 1",
        [ProofCheck.BALANCES_EQUAL_ENTRIES, ProofCheck.BALANCES_EQUAL_LOTS],
    ),
    (
        "DELETE FROM ledger_balance",
        [ProofCheck.BALANCES_EQUAL_ENTRIES, ProofCheck.BALANCES_EQUAL_LOTS],
    ),
    ("UPDATE sale SET points_earned = points_earned + 1", [ProofCheck.SALES_EQUAL_LEDGER]),
    ("DELETE FROM sale WHERE paid_minor = 4000", [ProofCheck.SALES_EQUAL_LEDGER]),
    ("UPDATE sale SET line_paid[1] = line_paid[1] - 1", [ProofCheck.SALES_EQUAL_LEDGER]),
    ("DELETE FROM voucher", [ProofCheck.VOUCHERS_EQUAL_BURNS]),
    (
        "DELETE FROM voucher WHERE voucher_id = (SELECT min(voucher_id) FROM voucher)",
        [ProofCheck.VOUCHERS_EQUAL_BURNS],
    ),
    ("UPDATE voucher SET transfer_id = 7", [ProofCheck.VOUCHERS_EQUAL_BURNS]),
    *[
        (UNGUARDED.format(table, spoiling), [ProofCheck.ACCOUNTS_EQUAL_PORTFOLIOS])
        for table, spoiling in (
            (
                "accounting_entry",
                "UPDATE accounting_entry SET debit_minor = debit_minor + 1 WHERE line_no = 1",
            ),
            ("accounting_entry", "DELETE FROM accounting_entry WHERE entry_no = 1"),
            ("accounting_entry", "UPDATE accounting_entry SET entry_no = 99 WHERE entry_no = 1"),
            ("accounting_portfolio", "UPDATE accounting_portfolio SET balance_minor = balance_minor + 1"),
            ("accounting_lot", "UPDATE accounting_lot SET amount_minor = amount_minor + 1"),
            ("accounting_period", "UPDATE accounting_period SET first_entry = 7, last_entry = 6 + entries"),
        )
    ],
    *[
        (UNGUARDED.format(table, spoiling), [ProofCheck.SEAL_RUNS_HOLD])
        for table, spoiling in (
            ("ledger_seal", "DELETE FROM ledger_seal"),
            ("ledger_seal_run", "DELETE FROM ledger_seal_run"),
            ("ledger_seal_run", "DELETE FROM ledger_seal_run WHERE seal_no = 1"),
            ("ledger_seal_run", "UPDATE ledger_seal_run SET shards = array_fill(''::bytea, ARRAY[64])"),
        )
    ],
    ("GRANT UPDATE (debit_minor) ON accounting_entry TO cagnotte_app", [ProofCheck.NOBODY_CAN_REWRITE]),
    ("DROP TRIGGER ledger_entry_append_only ON ledger_entry", [ProofCheck.NOBODY_CAN_REWRITE]),
    ("ALTER TABLE ledger_transfer DISABLE TRIGGER USER", [ProofCheck.NOBODY_CAN_REWRITE]),
    ("ALTER TABLE programme_version DISABLE TRIGGER USER", [ProofCheck.NOBODY_CAN_REWRITE]),
    ("DROP TRIGGER ledger_entries_balance ON ledger_entry", [ProofCheck.NOBODY_CAN_REWRITE]),
    ("GRANT UPDATE (points) ON ledger_entry TO cagnotte_app", [ProofCheck.NOBODY_CAN_REWRITE]),
    ("GRANT TRUNCATE ON ledger_transfer TO cagnotte_app", [ProofCheck.NOBODY_CAN_REWRITE]),
]


def test_books_that_nobody_touched_are_proved_on_all_their_rows(owner: psycopg.Connection) -> None:
    assert list(prove(owner)) == [
        CheckResult(ProofCheck.TRANSFERS_SUM_TO_ZERO, 4, ()),
        CheckResult(ProofCheck.TRANSFERS_HAVE_ENTRIES, 4, ()),
        CheckResult(ProofCheck.LOTS_EQUAL_ENTRIES, 2, ()),
        CheckResult(ProofCheck.BALANCES_EQUAL_ENTRIES, 1, ()),
        CheckResult(ProofCheck.BALANCES_EQUAL_LOTS, 1, ()),
        CheckResult(ProofCheck.STANDINGS_EQUAL_ENTRIES, 0, ()),
        CheckResult(ProofCheck.LOT_DAYS_ARE_TOLD, 2, ()),
        CheckResult(ProofCheck.VERSIONS_HAVE_NO_GAP, 1, ()),
        CheckResult(ProofCheck.EXPIRED_ONCE_AND_IN_TIME, 2, ()),
        CheckResult(ProofCheck.SALES_EQUAL_LEDGER, 2, ()),
        CheckResult(ProofCheck.FUNDING_EQUALS_DECISIONS, 0, ()),
        CheckResult(ProofCheck.VOUCHERS_EQUAL_BURNS, 3, ()),
        CheckResult(ProofCheck.ACCOUNTS_EQUAL_PORTFOLIOS, 2, ()),
        CheckResult(ProofCheck.SEALS_HOLD, 1, ()),
        CheckResult(ProofCheck.SEAL_RUNS_HOLD, 2, ()),
        CheckResult(ProofCheck.NOBODY_CAN_REWRITE, 16, ()),
    ]


@pytest.mark.parametrize(("spoiling", "checks"), SPOILT)
def test_each_spoiling_is_found_by_the_checks_that_should(
    owner: psycopg.Connection, spoiling: str, checks: list[ProofCheck]
) -> None:
    owner.execute(spoiling)

    assert failed_checks(owner) == checks


@pytest.mark.parametrize(("spoiling", "checks"), SPOILT)
def test_what_is_spoilt_of_what_was_posted_since_is_found_since_as_by_the_whole(
    owner: psycopg.Connection, spoiling: str, checks: list[ProofCheck]
) -> None:
    owner.execute(spoiling)

    assert _failed_since(owner, 1) == checks


def test_since_a_seal_only_the_members_that_changed_are_proved_and_from_their_first_entry_on(
    owner: psycopg.Connection,
) -> None:
    owner.execute(AN_HOUR_AGO)
    member = a_member(owner)
    live(owner, PROGRAMME, member, [_sale(2_000, after_days=40)], date(2024, 3, 2))

    results = {result.check: result for result in prove_since(owner, 2)}
    seal(owner)
    owner.execute(AN_HOUR_AGO)
    none_since = {result.check: result.examined for result in prove_since(owner, 3)}

    assert all(not result.faults for result in results.values())
    assert results[ProofCheck.TRANSFERS_SUM_TO_ZERO].examined == 1
    assert results[ProofCheck.VERSIONS_HAVE_NO_GAP].examined == 1
    assert results[ProofCheck.BALANCES_EQUAL_LOTS].examined == 2  # of everybody
    assert none_since[ProofCheck.TRANSFERS_SUM_TO_ZERO] == 0


AN_HOUR_AGO = "UPDATE sale SET posted_at = posted_at - interval '1 hour'"
REWRITTEN = UNGUARDED.format("ledger_transfer", "UPDATE ledger_transfer SET note = 'other' WHERE kind = 'earn'")


def test_what_was_rewritten_before_the_seal_is_found_by_the_chain_of_seals_alone(
    owner: psycopg.Connection,
) -> None:
    owner.execute(AN_HOUR_AGO)
    owner.execute(REWRITTEN)

    assert (failed_checks(owner), _failed_since(owner, 2)) == ([ProofCheck.SEALS_HOLD], [])


def test_what_was_rewritten_of_a_member_who_changed_is_found_since_too(owner: psycopg.Connection) -> None:
    [(member,)] = owner.execute("SELECT member_id FROM member").fetchall()
    live(owner, PROGRAMME, member, [_sale(2_000, after_days=45)], date(2024, 3, 6))
    owner.execute(REWRITTEN)

    assert _failed_since(owner, 2) == [ProofCheck.SEALS_HOLD]


STRAY = [
    (
        "INSERT INTO ledger_transfer (member_id, transfer_id, key, kind, wallet, happened_at, happened_on,"
        " version) SELECT member_id, 1, 'x', 'earn', 'points', now(), '2024-03-01', 99 FROM member",
        ProofCheck.TRANSFERS_HAVE_ENTRIES,
    ),
    (
        "INSERT INTO ledger_entry (member_id, transfer_id, entry_no, account, wallet, points, lot_id, happened_at)"
        " SELECT member_id, 1, no, 'issued', 'points', points, NULL, now()"
        " FROM member, (VALUES (1, 5), (2, -5)) AS e (no, points)",
        ProofCheck.TRANSFERS_HAVE_ENTRIES,
    ),
    (REDATED.format("7", "NULL"), ProofCheck.LOT_DAYS_ARE_TOLD),
    ("UPDATE ledger_balance SET points = points + 1", ProofCheck.BALANCES_EQUAL_LOTS),
    ("UPDATE ledger_lot SET points_open = 1 WHERE points_open = 0", ProofCheck.BALANCES_EQUAL_LOTS),
    (
        "INSERT INTO voucher (member_id, voucher_id, transfer_id, conversion, amount_minor, currency, issued_on,"
        " issued_at) SELECT member_id, 1, 1, 'voucher', 500, 'EUR', '2024-03-01', now() FROM member",
        ProofCheck.VOUCHERS_EQUAL_BURNS,
    ),
]


@pytest.mark.parametrize(("stray", "check"), STRAY)
def test_what_was_put_in_behind_the_number_of_the_books_is_found_since(
    owner: psycopg.Connection, stray: str, check: ProofCheck
) -> None:
    owner.execute(stray)

    assert check in _failed_since(owner, 2)
    assert check in failed_checks(owner)


def _failed_since(conn: psycopg.Connection, seal_no: int) -> list[ProofCheck]:
    return [result.check for result in prove_since(conn, seal_no) if result.faults]


def test_every_check_finds_something_in_one_of_the_cases() -> None:
    assert {check for _, checks in SPOILT for check in checks} == set(ProofCheck)


def test_a_fault_says_where_it_is_what_the_entries_say_and_what_stands_there(owner: psycopg.Connection) -> None:
    owner.execute("UPDATE ledger_balance SET points = 41")
    [member] = owner.execute("SELECT member_id FROM member").fetchall()

    [fault] = [fault for result in prove(owner) for fault in result.faults][:1]

    assert (fault.subject, fault.expected, fault.found) == (f"member {member[0]}, wallet points", "40", "41")


def test_the_proof_changes_nothing_and_leaves_no_transaction_open(owner: psycopg.Connection) -> None:
    list(prove(owner))

    assert owner.info.transaction_status == psycopg.pq.TransactionStatus.IDLE
    assert Points(40) == owner.execute("SELECT points FROM ledger_balance").fetchone()[0]  # type: ignore[index]
