"""What must hold of the books whatever happened: looked at in the database, not in answers."""

from __future__ import annotations

from cagnotte.application.prove_ledger import prove_ledger
from cagnotte.application.rebuild_ledger import rebuild_ledger
from cagnotte.storage.database import connected
from sim.reference import Member
from sim.world import Violation, World

_LOTS = """
SELECT wallet, points, points_open, earned_on, expires_on, usable_from
  FROM ledger_lot WHERE member_id = %s ORDER BY lot_id
"""
_ACCOUNTS = """
SELECT account, wallet, sum(points)::bigint FROM ledger_entry
 WHERE member_id = %s AND account IN ('available', 'held', 'debt') GROUP BY account, wallet HAVING sum(points) <> 0
"""
_UNEVEN = """
SELECT transfer_id FROM ledger_entry WHERE member_id = %s GROUP BY transfer_id HAVING sum(points) <> 0
"""
_VERSIONS = """
SELECT version FROM ledger_transfer WHERE member_id = %(member)s
UNION SELECT version FROM ledger_lot_redated WHERE member_id = %(member)s ORDER BY version
"""


def check_members(world: World) -> None:
    """Raise Violation when a member's books are not those of the reference."""
    for name, member_id in world.ids.items():
        conn, model = world.connection(3), world.models[name]
        with conn.pipeline():
            lots = conn.execute(_LOTS, (member_id,))
            accounts = conn.execute(_ACCOUNTS, (member_id,))
            uneven = conn.execute(_UNEVEN, (member_id,))
            versions = conn.execute(_VERSIONS, {"member": member_id})
        _same(name, "lots", lots.fetchall(), _lots(model))
        _same(name, "accounts", {row[:2]: row[2] for row in accounts.fetchall()}, _accounts(model))
        _same(name, "transfers that do not sum to zero", uneven.fetchall(), [])
        numbers = [row[0] for row in versions.fetchall()]
        _same(name, "versions", numbers, list(range(1, len(numbers) + 1)))


def check_books(dsn: str) -> None:
    """Raise Violation when the proof or the rebuild finds anything, in the whole database."""
    with connected(dsn) as conn:
        faults = [fault for result in prove_ledger(conn) for fault in result.faults]
        found = rebuild_ledger(conn, check=True).found
    if faults or found:
        raise Violation(f"proof: {faults[:5]}, rebuild: {found[:5]}")


def _lots(model: Member) -> list[tuple[object, ...]]:
    return [(lot.wallet, lot.points, lot.open, lot.earned, lot.ends, lot.usable) for lot in model.lots]


def _accounts(model: Member) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    for lot in model.lots:
        found["available", lot.wallet] = found.get(("available", lot.wallet), 0) + lot.open
    for hold in model.holds.values():
        found["held", hold.wallet] = found.get(("held", hold.wallet), 0) + hold.points
    for wallet, points in model.debts.items():
        found["debt", wallet] = -points
    return {account: points for account, points in found.items() if points}


def _same(name: str, what: str, found: object, expected: object) -> None:
    if found != expected:
        raise Violation(f"{name}, {what}:\n found    {found}\n expected {expected}")
