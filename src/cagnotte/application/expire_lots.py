"""Bring members to a local day: lots whose day has come expire, tiers are looked at again."""

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime
from functools import partial

import msgspec
import psycopg

from cagnotte.application.end_overdue_holds import end_overdue_holds
from cagnotte.application.expire_sets import SetExpired, expire_sets
from cagnotte.application.facts import Coming, MemberKnown, counts_for, known_members
from cagnotte.application.history import MemberHistory, write_histories
from cagnotte.application.published import Published, Version
from cagnotte.application.retrying import retried
from cagnotte.application.shared_counts import SharedCounts
from cagnotte.application.version_looks import day_in, look_at_versions
from cagnotte.domain.evaluator.effects import DrawReason, HoldEnded, LotsDrawn, TierChanged
from cagnotte.domain.kernel import MemberId
from cagnotte.storage.households import forget_households, households_due
from cagnotte.storage.standings import members_due

_MEMBERS_AT_ONCE = 500


class ExpiryReport(msgspec.Struct, frozen=True):
    """What came due: members looked at, lots and points expired, tiers changed, holds ended."""

    members: int = 0
    lots: int = 0
    points: int = 0
    tiers_changed: int = 0
    holds: int = 0


def expire_lots(
    conn: psycopg.Connection,
    published: Published,
    on: date | datetime,
    *,
    watch: Callable[[ExpiryReport], None] = lambda _: None,
    dry_run: bool = False,
) -> ExpiryReport:
    """Do what is due up to and with 00:00 of `on` on each member's clock, in sets, each its own transaction.

    Members to whom nothing but the end of lots is due are brought forward by the database, the others by the
    evaluator, one by one. Several runs at once share the work, and a lot expires once.

    An instant (with its offset) is for each member the day that it is then where they live: nobody's day is done
    before it has begun there; holds that are over at it end too. After a version took force all members are looked
    at, on its first day.
    Stopped at any point it carries on where it was; run again it finds nothing to do. A dry run counts
    and writes nothing.
    """
    report = ExpiryReport()

    def count(histories: Sequence[MemberHistory]) -> None:
        nonlocal report
        report = _with(report, histories)
        watch(report)

    clocks = _Clocks(published, on)
    households = households_due(conn, clocks.latest)
    look_at_versions(conn, published, on, watch=count, dry_run=dry_run)
    in_sets = False
    for each in expire_sets(conn, published, on, dry_run=dry_run):
        in_sets = True
        report = _and_set(report, each)
        watch(report)
    after, counted = 0, clocks.version if dry_run and in_sets else None
    while members := members_due(
        conn, clocks.latest, after=after, most=_MEMBERS_AT_ONCE, but_only_lots_of=counted
    ):
        bring = partial(_bring, conn, published, clocks, members, households, dry_run=dry_run)
        count(retried(bring, what="expire_lots"))
        after = members[-1]
    if not dry_run:
        retried(lambda: forget_households(conn, households), what="expire_lots")
    if isinstance(on, datetime):
        ended = end_overdue_holds(conn, published, on, dry_run=dry_run)
        report = msgspec.structs.replace(report, holds=report.holds + ended)
    return report


class _Clocks:
    """The local day of each country, and the version in force at its end."""

    def __init__(self, published: Published, on: date | datetime) -> None:
        self._published = published
        self._on = on
        self._known: dict[str, tuple[date, Version]] = {}
        zones = published.zones() if isinstance(on, datetime) else ()
        self.latest = max((day_in(zone, on) for zone in zones), default=on)

    def of(self, country: str) -> tuple[date, Version]:
        found = self._known.get(country)
        if found is None:
            day = day_in(self._published.zone_in(country), self._on)
            found = self._known[country] = (day, self._published.on(day, country))
        return found

    @property
    def version(self) -> int:
        return self._published.on(self.latest).version

    def is_due(self, member: MemberKnown) -> bool:
        due = member.standing.next_due_on
        return due is not None and due <= self.of(member.standing.profile.country)[0]


def _bring(
    conn: psycopg.Connection,
    published: Published,
    clocks: _Clocks,
    members: Sequence[MemberId],
    households: Collection[str],
    *,
    dry_run: bool,
) -> Sequence[MemberHistory]:
    """Those of the members to whom something is due, brought to their day in one transaction."""
    with conn.transaction(force_rollback=dry_run):
        coming = dict.fromkeys(members, Coming.on(clocks.latest))
        known = known_members(conn, published, coming, locked=True)
        shared = counts_for(conn, published, known.values(), locked=True)
        due = [each for each in known.values() if clocks.is_due(each) or _household(each) in households]
        histories = [_brought(each, clocks, shared) for each in due]
        if not dry_run:
            write_histories(conn, histories, [])
    return histories


def _household(known: MemberKnown) -> str:
    return known.standing.profile.household


def _brought(known: MemberKnown, clocks: _Clocks, shared: SharedCounts) -> MemberHistory:
    day, version = clocks.of(known.standing.profile.country)
    history = MemberHistory(known, version, shared)
    history.bring_to(version, day)
    return history


def _and_set(report: ExpiryReport, added: SetExpired) -> ExpiryReport:
    return msgspec.structs.replace(
        report,
        members=report.members + added.members,
        lots=report.lots + added.lots,
        points=report.points + added.points,
    )


def _with(report: ExpiryReport, histories: Sequence[MemberHistory]) -> ExpiryReport:
    effects = [effect for history in histories for step in history.steps for effect in step.decision.effects]
    draws = [
        draw
        for effect in effects
        if isinstance(effect, LotsDrawn) and effect.reason is DrawReason.EXPIRY
        for draw in effect.draws
    ]
    return ExpiryReport(
        holds=report.holds + sum(isinstance(effect, HoldEnded) for effect in effects),
        members=report.members + len(histories),
        lots=report.lots + len(draws),
        points=report.points + sum(draw.points for draw in draws),
        tiers_changed=report.tiers_changed + sum(isinstance(effect, TierChanged) for effect in effects),
    )
