"""How many of the points given are expected never to be used: as is estimated, else as the programme says."""

from datetime import date

import psycopg

from cagnotte.domain.programme.document import Programme
from cagnotte.storage.breakage import breakage_rates


def expected_breakage(conn: psycopg.Connection, programme: Programme, month: date) -> dict[str, int]:
    """Wallet -> basis points, by the newest estimate that is not of a later month."""
    declared = {wallet.code: wallet.accounts.breakage for wallet in programme.wallets}
    return declared | breakage_rates(conn, month)
