"""What must hold of the books whatever happened: looked at in the database, not in answers."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from cagnotte.application.prove_ledger import prove_ledger
from cagnotte.application.rebuild_ledger import rebuild_ledger
from cagnotte.storage.database import connected
from sim.reference import Books
from sim.reference_sales import Member
from sim.world import Violation, World

_LOTS = """
SELECT member_id, wallet, points, points_open, earned_on, expires_on, usable_from
  FROM ledger_lot WHERE member_id = ANY(%s) ORDER BY lot_id
"""
_ACCOUNTS = """
SELECT member_id, account, wallet, sum(points)::bigint FROM ledger_entry
 WHERE member_id = ANY(%s) GROUP BY 1, 2, 3 HAVING sum(points) <> 0
"""
_UNEVEN = """
SELECT transfer_id FROM ledger_entry WHERE member_id = ANY(%s)
 GROUP BY member_id, transfer_id, wallet HAVING sum(points) <> 0
"""
_VERSIONS = """
SELECT s.member_id, s.version, count(v.version), coalesce(max(v.version), 0)
  FROM member_standing s
  LEFT JOIN (SELECT member_id, version FROM ledger_transfer WHERE member_id = ANY(%(members)s)
             UNION
             SELECT member_id, version FROM ledger_lot_redated WHERE member_id = ANY(%(members)s)) v
       USING (member_id)
 WHERE s.member_id = ANY(%(members)s) GROUP BY 1, 2
"""
_BALANCES = "SELECT member_id, wallet, points FROM ledger_balance WHERE member_id = ANY(%s) AND points <> 0"
_VOUCHERS = "SELECT member_id, conversion, count(*) FROM voucher WHERE member_id = ANY(%s) GROUP BY 1, 2"
_SALES = """
SELECT s.member_id, count(*), sum(s.paid_minor)::bigint, sum(s.points_earned)::bigint,
       coalesce(sum(r.refund), 0)::bigint
  FROM sale s LEFT JOIN (SELECT member_id, sale_id, sum(refund_minor) AS refund FROM sale_return
                          WHERE member_id = ANY(%(members)s) GROUP BY 1, 2) r USING (member_id, sale_id)
 WHERE s.member_id = ANY(%(members)s) GROUP BY 1
"""


def check_members(world: World) -> None:
    """Raise Violation when the books of one of the members are not those of the reference."""
    ids, conn = list(world.ids.values()), world.shop.eye
    with conn.pipeline():
        lots = conn.execute(_LOTS, (ids,))
        accounts = conn.execute(_ACCOUNTS, (ids,))
        uneven = conn.execute(_UNEVEN, (ids,))
        versions = conn.execute(_VERSIONS, {"members": ids})
        balances = conn.execute(_BALANCES, (ids,))
        vouchers = conn.execute(_VOUCHERS, (ids,))
        sales = conn.execute(_SALES, {"members": ids})
    _same("transfers that do not sum to zero", uneven.fetchall(), [])
    _same("versions", [row for row in versions.fetchall() if len(set(row[1:])) > 1], [])
    found = [_by_member(cursor.fetchall()) for cursor in (lots, accounts, balances, vouchers, sales)]
    for name, member_id in world.ids.items():
        model = world.models[name]
        in_books = [each[member_id] for each in found]
        _same(f"{name}, lots", in_books[0], _lots(model))
        _same(f"{name}, accounts", {row[:2]: row[2] for row in in_books[1]}, _accounts(model))
        _same(f"{name}, balances", dict(in_books[2]), _open(model))
        _same(f"{name}, vouchers", dict(in_books[3]), dict(model.vouchers))
        _same(f"{name}, sales", in_books[4], _sales(model))


def check_books(dsn: str) -> None:
    """Raise Violation when the proof or the rebuild finds anything, in the whole database."""
    with connected(dsn) as conn:
        faults = [fault for result in prove_ledger(conn) for fault in result.faults]
        found = rebuild_ledger(conn, check=True).found
    if faults or found:
        raise Violation(f"proof: {faults[:5]}, rebuild: {found[:5]}")


def _by_member(rows: Iterable[tuple[int, *tuple[object, ...]]]) -> dict[int, list[tuple[object, ...]]]:
    found: dict[int, list[tuple[object, ...]]] = defaultdict(list)
    for member_id, *rest in rows:
        found[member_id].append(tuple(rest))
    return found


def _lots(model: Books) -> list[tuple[object, ...]]:
    return [(lot.wallet, lot.points, lot.open, lot.earned, lot.ends, lot.usable) for lot in model.lots]


def _open(model: Books) -> dict[str, int]:
    found = Counter[str]()
    for lot in model.lots:
        found[lot.wallet] += lot.open
    return dict(+found)


def _accounts(model: Books) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = dict(model.sides)
    for wallet, points in _open(model).items():
        found["available", wallet] = points
    for hold in model.holds.values():
        found["held", hold.wallet] = found.get(("held", hold.wallet), 0) + hold.points
    for wallet, points in model.debts.items():
        found["debt", wallet] = -points
    return {account: points for account, points in found.items() if points}


def _sales(model: Member) -> list[tuple[int, int, int, int]]:
    """How many, what they cost, the points they first gave, and what was paid back."""
    sales = model.sales.values()
    if not sales:
        return []
    given = sum(sum(sale.gave.values()) for sale in sales)
    return [(len(sales), sum(sale.total for sale in sales), given, sum(sale.refunded for sale in sales))]


def _same(what: str, found: object, expected: object) -> None:
    if found != expected:
        raise Violation(f"{what}:\n found    {found}\n expected {expected}")
