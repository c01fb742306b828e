"""The share of a wallet's points that is expected never to be used, as was estimated for each month."""

from datetime import date

import msgspec
import psycopg

_LATEST = """
SELECT wallet, month, basis_points, low, high, lots, method FROM breakage_estimate
 WHERE wallet = %s AND month <= %s ORDER BY month DESC LIMIT 1
"""
_RATES = """
SELECT DISTINCT ON (wallet) wallet, basis_points FROM breakage_estimate
 WHERE month <= %s ORDER BY wallet, month DESC
"""
_KEEP = """
INSERT INTO breakage_estimate (wallet, month, basis_points, low, high, lots, method)
VALUES (%s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (wallet, month) DO NOTHING
"""


class BreakageEstimate(msgspec.Struct, frozen=True):
    """Basis points of the points given (0 to 10,000), within an interval; `month` is its first day."""

    wallet: str
    month: date
    basis_points: int
    low: int
    high: int
    lots: int
    method: str


def breakage_rate(conn: psycopg.Connection, wallet: str, on: date) -> BreakageEstimate | None:
    """The latest estimate of the month of `on` or before; None: the wallet has none yet."""
    row = conn.execute(_LATEST, (wallet, on)).fetchone()
    return None if row is None else BreakageEstimate(*row)


def breakage_rates(conn: psycopg.Connection, on: date) -> dict[str, int]:
    """Wallet -> basis points of its latest estimate of the month of `on` or before; without one it is absent."""
    return dict(conn.execute(_RATES, (on,)).fetchall())


def keep_estimate(conn: psycopg.Connection, estimate: BreakageEstimate) -> bool:
    """Whether it was kept; the first estimate of a wallet and month stands for ever."""
    return conn.execute(_KEEP, msgspec.structs.astuple(estimate)).rowcount == 1
