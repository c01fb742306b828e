"""How many of the points given are expected never to be used: as is estimated, else as the programme says."""

from datetime import date

import psycopg

from cagnotte.domain.programme.document import Programme

_THERE = "SELECT to_regclass('breakage_estimate') IS NOT NULL"
_ESTIMATED = """
SELECT DISTINCT ON (wallet) wallet, basis_points FROM breakage_estimate
 WHERE month <= %s ORDER BY wallet, month DESC
"""


def expected_breakage(conn: psycopg.Connection, programme: Programme, month: date) -> dict[str, int]:
    """Wallet -> basis points, by the newest estimate that is not of a later month."""
    declared = {wallet.code: wallet.accounts.breakage for wallet in programme.wallets}
    if conn.execute(_THERE).fetchone() != (True,):
        return declared
    return declared | dict(conn.execute(_ESTIMATED, (month,)).fetchall())
