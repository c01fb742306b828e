"""What is sealed is the same text to the byte as when the first seals were made."""

from datetime import date

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cagnotte.ledger.proof import prove
from cagnotte.ledger.sealing import seal
from ledger.member_lives import a_member

_TRANSFER = """
INSERT INTO ledger_transfer (member_id, transfer_id, key, kind, wallet, happened_at, happened_on, sale_id, version,
                             note, made_by, expires_on, usable_from, awaits)
VALUES (%(member)s, %(id)s, %(key)s, 'earn', %(wallet)s, '2024-01-20T11:00:00.25Z', '2024-01-20', NULL,
        %(version)s, %(note)s, NULL, %(day)s, NULL, '')
"""
_ENTRIES = """
INSERT INTO ledger_entry (member_id, transfer_id, entry_no, account, wallet, points, lot_id, happened_at)
SELECT %(member)s, %(id)s, no, account, %(wallet)s, points, lot, '2024-01-20T11:00:00.25Z'
  FROM (VALUES (1, 'available', 5, %(id)s::bigint), (2, 'issued', -5, NULL)) AS side (no, account, points, lot)
"""
_REDATED = """
INSERT INTO ledger_lot_redated (member_id, lot_id, version, awaited_before, expires_on, awaits, event_id,
                                happened_on, reason)
VALUES (%(member)s, %(id)s, 2, '', 'infinity', %(note)s, 9, '2024-01-21', %(key)s)
"""
_SEALED = "SELECT content FROM ledger_sealed WHERE member_id = %s ORDER BY version, within"
_BOTH_WAYS = "SELECT content, content::jsonb::text FROM ledger_sealed WHERE member_id = %s"
_words = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)


def test_a_transfer_and_a_change_of_days_are_sealed_as_json_lists(conn: psycopg.Connection) -> None:
    member = a_member(conn)
    _write(
        conn, {"member": member, "id": 256, "key": 'sale "A"\n', "wallet": "points", "version": 1, "note": "é\\"}
    )

    sealed = [row[0] for row in conn.execute(_SEALED, (member,)).fetchall()]

    assert sealed == [
        '["transfer", 1, 256, "sale \\"A\\"\\n", "earn", "points", 1705748400.250000, "2024-01-20", null,'
        ' "é\\\\", null, "2025-01-20", null, "",'
        ' [[1, "available", "points", 5, 256], [2, "issued", "points", -5, null]]]',
        '["redated", 2, 256, null, null, "", "infinity", null, "é\\\\", 9, "2024-01-21", "sale \\"A\\"\\n"]',
    ]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    said=st.fixed_dictionaries(
        {
            "key": _words,
            "wallet": _words,
            "note": _words,
            "id": st.integers(1, 2**63 - 1),
            "version": st.none() | st.just(1),
            "day": st.none() | st.dates(date(2, 1, 1)),
        }
    )
)
def test_whatever_the_words_the_text_is_the_one_that_jsonb_gave_the_first_seals(
    conn: psycopg.Connection, said: dict[str, object]
) -> None:
    with conn.transaction(force_rollback=True):
        member = a_member(conn)
        _write(conn, {"member": member, **said})

        rows = conn.execute(_BOTH_WAYS, (member,)).fetchall()

    assert len(rows) == 2
    assert [row[0] for row in rows] == [row[1] for row in rows]


@pytest.mark.parametrize("upto", [1, 2])
def test_the_proof_gathers_what_the_seal_was_made_of(database: str, upto: int) -> None:
    with psycopg.connect(database, autocommit=True) as owner:
        member = a_member(owner)
        owner.execute("UPDATE member_standing SET version = %s WHERE member_id = %s", (upto, member))
        _write(owner, {"member": member, "id": 256, "key": '"', "wallet": "points", "version": None, "note": "x"})
        seal(owner)

        found = {result.check: result.faults for result in prove(owner)}

    assert found["seals_hold"] == ()  # type: ignore[index]


def _write(conn: psycopg.Connection, said: dict[str, object]) -> None:
    values = {"day": date(2025, 1, 20)} | said
    for statement in (_TRANSFER, _ENTRIES, _REDATED):
        conn.execute(statement, values)
