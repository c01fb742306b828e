"""The totals of a shop as of an instant: every figure summed from what happened up to then."""

from datetime import datetime

import msgspec
import psycopg

from cagnotte.domain.tiers.terms import NO_TIER
from cagnotte.storage.sql import sql


class Totals(msgspec.Struct, frozen=True, array_like=True):
    """Sums over all wallets; issued = burned + expired + outstanding. `paid_minor` includes guests' sales."""

    members: int
    stores: int
    sales: int
    lines: int
    paid_minor: int
    points_issued: int
    points_burned: int
    points_expired: int
    points_outstanding: int
    vouchers: int
    members_by_tier: dict[str, int]


def totals(conn: psycopg.Connection, as_of: datetime) -> Totals:
    """Totals of all that happened up to and with an instant; expiry is counted as far as it was posted."""
    parameters = {"as_of": as_of}
    row = conn.execute(sql("cagnotte.analytics", "totals"), parameters).fetchone()
    tiers = conn.execute(sql("cagnotte.analytics", "members_by_tier"), parameters)
    assert row is not None
    members_by_tier = {tier or NO_TIER: members for tier, members in tiers}
    return msgspec.convert((*row, members_by_tier), Totals)
