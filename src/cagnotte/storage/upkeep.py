"""Upkeep of the tables after many rows came at once."""

import psycopg
from psycopg import sql

_TABLES = (
    "member", "member_identifier", "member_standing", "tier_change", "store", "product", "sale",
    "ledger_transfer", "ledger_entry", "ledger_lot", "ledger_balance", "voucher", "member_day",
)  # fmt: skip


def settle_tables(dsn: str) -> None:
    """Statistics for the planner, and pages marked as visible to all: what screens read is quick at once.

    Runs as the owner of the tables; another connection's temporary tables are left alone.
    """
    with psycopg.connect(dsn, autocommit=True) as conn:
        for table in _TABLES:
            conn.execute(sql.SQL("VACUUM (ANALYZE) {}").format(sql.Identifier(table)))
