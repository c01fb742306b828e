"""A version that took force reaches every member: a step of the daily run."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import msgspec
import psycopg

from cagnotte.application.facts import Coming, MemberKnown, counts_for, known_members
from cagnotte.application.history import MemberHistory, write_histories
from cagnotte.application.published import Published, Version, wall_clock
from cagnotte.application.retrying import retried
from cagnotte.application.shared_counts import SharedCounts
from cagnotte.domain.kernel import MemberId
from cagnotte.storage.version_looks import keep_look, looked_at_upto, members_after, versions_looked_at

_MEMBERS_AT_ONCE = 500
_ONE_DAY = timedelta(days=1)


class _Reign(msgspec.Struct, frozen=True):
    """A version that took force, the one `before` it, and the one that followed `after` it; None: none so far."""

    before: Version
    version: Version
    after: Version | None

    def days_in(self, zone: ZoneInfo) -> tuple[date, date]:
        """The first and the last local day at whose end the version is in force there; the last comes first
        where it never was."""
        return _first_day(self.version, zone), _first_day(self.after, zone) - _ONE_DAY if self.after else date.max


def look_at_versions(
    conn: psycopg.Connection,
    published: Published,
    on: date | datetime,
    *,
    watch: Callable[[Sequence[MemberHistory]], None],
    dry_run: bool,
) -> None:
    """Look at the tiers of all members on the first day of each version that took force by `on` everywhere.

    The first version needs none: members begin with it. In sets, each its own transaction; stopped at any
    point it carries on where it was. `watch` is told each set.
    """
    looked = versions_looked_at(conn, published.current.code)
    for reign in _reigns(published, on):
        version = reign.version
        if version.version in looked:
            continue
        after = looked_at_upto(conn, version.code, version.version)
        while members := members_after(conn, after, most=_MEMBERS_AT_ONCE):
            look = partial(_look_at, conn, published, reign, members, dry_run=dry_run)
            watch(retried(look, what="look_at_versions"))
            after = members[-1]
        if not dry_run:
            keep_look(conn, version.code, version.version, upto=after, done=True)


def _look_at(
    conn: psycopg.Connection, published: Published, reign: _Reign, members: Sequence[MemberId], *, dry_run: bool
) -> Sequence[MemberHistory]:
    """One set, in its own transaction."""
    version = reign.version
    with conn.transaction(force_rollback=dry_run):
        histories = _look(conn, published, reign, members)
        keep_look(conn, version.code, version.version, upto=members[-1], done=False)
    return histories


def day_in(zone: ZoneInfo, on: date | datetime) -> date:
    """The local day of an instant; a day is that day everywhere."""
    return wall_clock(on, zone).date() if isinstance(on, datetime) else on


def _look(
    conn: psycopg.Connection, published: Published, reign: _Reign, members: Sequence[MemberId]
) -> Sequence[MemberHistory]:
    first = min(reign.days_in(zone)[0] for zone in published.zones())
    known = known_members(conn, published, dict.fromkeys(members, Coming.on(first)), locked=True)
    shared = counts_for(conn, published, known.values(), locked=True)
    looked = (_looked_at(published, reign, member, shared) for member in known.values())
    histories = [history for history in looked if history is not None]
    write_histories(conn, histories, [])
    return histories


def _looked_at(
    published: Published, reign: _Reign, member: MemberKnown, shared: SharedCounts
) -> MemberHistory | None:
    """None for a member whom a later version has judged since."""
    first, last = reign.days_in(published.zone_in(member.standing.profile.country))
    if last < first or member.standing.as_of > last:
        return None
    eve = first - _ONE_DAY
    history = MemberHistory(member, reign.before, shared)
    if member.standing.as_of < eve:  # what was due until then is still for the version before to say
        history.bring_to(reign.before, eve)
    history.bring_to(reign.version, first, look_on=first)
    return history


def _reigns(published: Published, on: date | datetime) -> Iterator[_Reign]:
    """Each version but the first that has taken force on every clock, in order."""
    zones = published.zones()
    begun = [
        version
        for version in published.versions
        if all(_first_day(version, zone) <= day_in(zone, on) for zone in zones)
    ]
    for before, version, after in zip(begun, begun[1:], [*begun[2:], None], strict=False):
        yield _Reign(before, version, after)


def _first_day(version: Version, zone: ZoneInfo) -> date:
    return wall_clock(version.effective_from, zone).date()
