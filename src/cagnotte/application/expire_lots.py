"""Bring members to a local day: lots whose day has come expire, tiers are looked at again."""

from collections.abc import Callable
from datetime import date

import msgspec
import psycopg

from cagnotte.application.facts import Coming, counts_for, known_members
from cagnotte.application.history import MemberHistory, write_histories
from cagnotte.application.published import Published
from cagnotte.domain.evaluator.values import DrawReason, LotsDrawn, TierChanged
from cagnotte.storage.standings import members_due

_MEMBERS_AT_ONCE = 500


class ExpiryReport(msgspec.Struct, frozen=True):
    """What came due: members looked at, lots and points expired, tiers changed."""

    members: int = 0
    lots: int = 0
    points: int = 0
    tiers_changed: int = 0


def expire_lots(
    conn: psycopg.Connection,
    published: Published,
    on: date,
    *,
    watch: Callable[[ExpiryReport], None] = lambda _: None,
    dry_run: bool = False,
) -> ExpiryReport:
    """Do what is due up to and with 00:00 local time of `on`, in sets of members, each its own transaction.

    Stopped at any point it carries on where it was; run again it finds nothing to do. A dry run counts
    and writes nothing.
    """
    report = ExpiryReport()
    version = published.on(on)
    after = 0
    while members := members_due(conn, on, after=after, most=_MEMBERS_AT_ONCE):
        with conn.transaction(force_rollback=dry_run):
            known = known_members(conn, published, dict.fromkeys(members, Coming.on(on)), locked=True)
            shared = counts_for(conn, published, known.values(), locked=True)
            histories = [MemberHistory(known[member_id], version, shared) for member_id in members]
            for history in histories:
                history.bring_to(version, on)
            if not dry_run:
                write_histories(conn, histories, [])
        report = _with(report, histories)
        after = members[-1]
        watch(report)
    return report


def _with(report: ExpiryReport, histories: list[MemberHistory]) -> ExpiryReport:
    effects = [effect for history in histories for step in history.steps for effect in step.decision.effects]
    draws = [
        draw
        for effect in effects
        if isinstance(effect, LotsDrawn) and effect.reason is DrawReason.EXPIRY
        for draw in effect.draws
    ]
    return ExpiryReport(
        members=report.members + len(histories),
        lots=report.lots + len(draws),
        points=report.points + sum(draw.points for draw in draws),
        tiers_changed=report.tiers_changed + sum(isinstance(effect, TierChanged) for effect in effects),
    )
