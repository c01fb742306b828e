"""Holds whose time is over end by themselves, within the hour: their points are free for who asks next."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

import psycopg

from cagnotte.application.facts import Coming, MemberKnown, counts_for, known_members
from cagnotte.application.history import MemberHistory, write_histories
from cagnotte.application.published import Published, wall_clock
from cagnotte.application.retrying import retried
from cagnotte.application.shared_counts import SharedCounts
from cagnotte.domain.evaluator.effects import HoldEnded
from cagnotte.domain.kernel import MemberId
from cagnotte.storage.standings import members_with_overdue_holds

_MEMBERS_AT_ONCE = 500


def end_overdue_holds(
    conn: psycopg.Connection, published: Published, now: datetime, *, dry_run: bool = False
) -> int:
    """End each hold that is over at an instant on its member's clock, in sets, each its own transaction; how many.

    The members are brought to that day first. Who confirms or releases a hold at the same time has ended it, or
    finds it over: both write under its one key (INV-11). Stopped at any point, the next run ends the others.
    """
    latest = max(wall_clock(now, zone) for zone in published.zones())
    ended = after = 0
    while members := members_with_overdue_holds(conn, latest, after=after, most=_MEMBERS_AT_ONCE):
        ended += retried(partial(_end, conn, published, members, now, dry_run=dry_run), what="end_overdue_holds")
        after = members[-1]
    return ended


def _end(
    conn: psycopg.Connection, published: Published, members: Sequence[MemberId], now: datetime, *, dry_run: bool
) -> int:
    """How many holds of these members ended, in one transaction."""
    latest = max(wall_clock(now, zone) for zone in published.zones())
    with conn.transaction(force_rollback=dry_run):
        coming = dict.fromkeys(members, Coming.on(latest.date()))
        known = known_members(conn, published, coming, locked=True)
        shared = counts_for(conn, published, known.values(), locked=True)
        histories = [_freed(each, published, now, shared) for each in known.values()]
        write_histories(conn, [each for each in histories if each.steps], [])
    effects = [effect for each in histories for step in each.steps for effect in step.decision.effects]
    return sum(isinstance(effect, HoldEnded) for effect in effects)


def _freed(known: MemberKnown, published: Published, now: datetime, shared: SharedCounts) -> MemberHistory:
    country = known.standing.profile.country
    local = wall_clock(now, published.zone_in(country))
    version = published.on(local.date(), country)
    history = MemberHistory(known, version, shared)
    history.bring_to(version, local.date())
    history.end_overdue_holds(version, local)
    return history
