"""End a version: withdraw one that has not begun, or retire the programme from a date."""

from datetime import datetime

import msgspec
import psycopg

from cagnotte.application.programme_drafts import lock_programme
from cagnotte.application.programme_refusals import EndedAlready, EndInPast, UnknownVersion, VersionOver
from cagnotte.application.programme_staff import Actor, Permission
from cagnotte.application.programme_versions import VersionRow, standing_versions
from cagnotte.application.sale_command import CLOCK_TOLERANCE
from cagnotte.domain.programme.life import Act, ActDone
from cagnotte.storage.programme_drafts import add_act, end_version


class VersionEnded(msgspec.Struct, frozen=True):
    """`withdrawn`: it never ruled; else it judges no sale from `ends_at` on."""

    version: int
    ends_at: datetime
    withdrawn: bool


def retire_programme(
    conn: psycopg.Connection,
    *,
    actor: Actor,
    now: datetime,
    version: int | None = None,
    ends_at: datetime | None = None,
    comment: str = "",
) -> VersionEnded:
    """End a version, by default the last one; a row is added, nothing is deleted.

    One that has not begun is withdrawn when no `ends_at` is given, and never rules. Any other ends at
    `ends_at` (None: now), and no sale from then on finds a programme until another version begins. A version
    that begins within the tolerance for clocks counts as begun: a till may have been judged by it.

    Raises NotAllowed, UnknownVersion, VersionOver when another version follows it, EndedAlready or EndInPast.
    """
    actor.check(Permission.RETIRE)
    with conn.transaction():
        lock_programme(conn)
        standing = standing_versions(conn)
        chosen = _chosen(standing, version)
        if chosen.ends_at is not None:
            raise EndedAlready(version=str(chosen.version), ends_at=chosen.ends_at.isoformat())
        withdrawn = ends_at is None and chosen.effective_from > now + CLOCK_TOLERANCE
        ends = chosen.effective_from if withdrawn else _end(chosen, standing, ends_at, now)
        end_version(conn, chosen.code, chosen.version, ends)
        act = Act.WITHDRAWN if withdrawn else Act.RETIRED
        about = ActDone(
            act, actor.name, now, comment, version=chosen.version, takes_effect=ends, channel=actor.channel
        )
        add_act(conn, about)
    return VersionEnded(chosen.version, ends, withdrawn)


def _chosen(standing: list[VersionRow], version: int | None) -> VersionRow:
    found = [row for row in standing if version is None or row.version == version]
    if not found:
        raise UnknownVersion(version=str(version or ""))
    return found[-1]


def _end(chosen: VersionRow, standing: list[VersionRow], wanted: datetime | None, now: datetime) -> datetime:
    if chosen is not standing[-1]:
        later = standing[standing.index(chosen) + 1]
        raise VersionOver(version=str(chosen.version), next=str(later.version))
    ends = wanted or max(now, chosen.effective_from + CLOCK_TOLERANCE)
    if ends < now or ends <= chosen.effective_from:
        earliest = max(now, chosen.effective_from)
        raise EndInPast(ends_at=ends.isoformat(), earliest=earliest.isoformat(timespec="seconds"))
    return ends
