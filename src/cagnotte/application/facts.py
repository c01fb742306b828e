"""Gather what the evaluator must know of members, in a fixed number of statements."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import psycopg

from cagnotte.application.published import Published
from cagnotte.domain.evaluator.values import Facts
from cagnotte.domain.kernel import MemberId, first_day_counted
from cagnotte.domain.tiers.qualification import DayTotal, Tier
from cagnotte.ledger.reading import earned_by_day, open_lots
from cagnotte.storage.sales import paid_by_day
from cagnotte.storage.standings import Standing


def facts_of(
    conn: psycopg.Connection, published: Published, standings: Mapping[MemberId, Standing]
) -> dict[MemberId, Facts]:
    """member_id -> facts as of the day of the member's standing, with the days that tiers of any version count."""
    members = list(standings)
    lots = open_lots(conn, members)
    days = _days(conn, published, standings)
    return {
        member_id: Facts(standing.as_of, standing.tier, lots.get(member_id, ()), days.get(member_id, ()))
        for member_id, standing in standings.items()
    }


def _days(
    conn: psycopg.Connection, published: Published, standings: Mapping[MemberId, Standing]
) -> dict[MemberId, tuple[DayTotal, ...]]:
    tiers = [tier for version in published.versions for tier in version.programme.tiers]
    if not tiers or not standings:
        return {}
    since = _oldest_counted(tiers, min(standing.as_of for standing in standings.values()))
    members = list(standings)
    paid = paid_by_day(conn, members, since)
    on_points = any(tier.reach.wallet is not None for tier in tiers)
    earned = earned_by_day(conn, members, since) if on_points else {}
    return _totals(paid, earned)


def _totals(
    paid: Mapping[tuple[MemberId, date], int], earned: Mapping[tuple[MemberId, date], Mapping[str, int]]
) -> dict[MemberId, tuple[DayTotal, ...]]:
    found: dict[MemberId, list[DayTotal]] = {}
    for member_id, day in _in_order(paid):
        points = tuple(sorted(earned.get((member_id, day), {}).items()))
        found.setdefault(member_id, []).append(DayTotal(day, paid[member_id, day], points))
    return {member_id: tuple(days) for member_id, days in found.items()}


def _in_order(keys: Iterable[tuple[MemberId, date]]) -> list[tuple[MemberId, date]]:
    return sorted(keys)


def _oldest_counted(tiers: Sequence[Tier], as_of: date) -> date | None:
    """The oldest day that any tier counts; None when one counts them all."""
    periods = [tier.reach.within for tier in tiers]
    limited = [period for period in periods if period is not None]
    if len(limited) < len(periods):
        return None
    return min(first_day_counted(as_of, period) for period in limited)
