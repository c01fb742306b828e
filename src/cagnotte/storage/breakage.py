"""The share of a wallet's points that is expected never to be used, as was estimated for each month."""

from datetime import date, datetime

import msgspec
import psycopg

from cagnotte.domain.breakage.made import Made

_LATEST = """
SELECT wallet, month, basis_points, low, high, lots, method FROM breakage_estimate
 WHERE wallet = %s AND month <= %s ORDER BY month DESC LIMIT 1
"""
_RATES = """
SELECT DISTINCT ON (wallet) wallet, basis_points FROM breakage_estimate
 WHERE month <= %s AND based_on IS NULL ORDER BY wallet, month DESC
"""
_KEEP = """
INSERT INTO breakage_estimate (wallet, month, basis_points, low, high, lots, method)
VALUES (%s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (wallet, month) DO NOTHING
"""
_KEEP_MADE = """
INSERT INTO breakage_estimate (wallet, month, basis_points, low, high, lots, method, applied, known_at, based_on)
VALUES (%s, %s, %s, %s, %s, %s, 'cohorts', %s, %s, %s)
ON CONFLICT (wallet, month) DO NOTHING
"""
_MADE = "SELECT based_on FROM breakage_estimate WHERE wallet = %s AND month = %s AND based_on IS NOT NULL"

_ALL_MADE = "SELECT based_on FROM breakage_estimate WHERE month = %s AND based_on IS NOT NULL ORDER BY wallet"


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
    """Wallet -> basis points of the latest estimate that a person stated for the month of `on` or before; a wallet
    without one is absent."""
    return dict(conn.execute(_RATES, (on,)).fetchall())


def keep_estimate(conn: psycopg.Connection, estimate: BreakageEstimate) -> bool:
    """Whether it was kept; the first estimate of a wallet and month stands for ever."""
    return conn.execute(_KEEP, msgspec.structs.astuple(estimate)).rowcount == 1


def keep_made(conn: psycopg.Connection, made: Made, known_at: datetime) -> bool:
    """Whether it was kept, with what it was made of; the first estimate of a wallet and month stands for ever."""
    found, new = made.estimate, made.estimate.new
    row = (found.wallet, found.month, new.value, new.low, new.high, made.lots, made.applied_new, known_at)
    return conn.execute(_KEEP_MADE, (*row, msgspec.json.encode(made).decode())).rowcount == 1


def made_estimate(conn: psycopg.Connection, wallet: str, month: date) -> Made | None:
    """As it was made when the month was closed; None: it was not, or a person stated one."""
    row = conn.execute(_MADE, (wallet, month)).fetchone()
    return None if row is None else msgspec.convert(row[0], Made, strict=False)


def made_estimates(conn: psycopg.Connection, month: date) -> list[Made]:
    """Those that the closing of a month made, by wallet."""
    return [msgspec.convert(row[0], Made, strict=False) for row in conn.execute(_ALL_MADE, (month,))]
