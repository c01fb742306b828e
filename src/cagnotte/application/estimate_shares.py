"""Write to members' profiles which share of what they spend on such goods they spend here, as it was estimated."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial

import msgspec
import psycopg

from cagnotte.application.change_profiles import change_profiles
from cagnotte.application.published import Published
from cagnotte.application.retrying import retried
from cagnotte.domain.kernel import MemberId
from cagnotte.domain.members.profile import Profile
from cagnotte.domain.members.wallet_share import Share, is_by_hand, with_share

_AT_ONCE = 500
_MEMBERS = "SELECT member_id FROM member WHERE member_id > %s ORDER BY member_id LIMIT %s"
_NOTHING = Share()


class ShareReport(msgspec.Struct, frozen=True):
    """Members looked at; those with an estimate, with a declared budget, declared by hand and so left alone,
    and without a share; and how many were not so already."""

    members: int = 0
    estimated: int = 0
    declared: int = 0
    by_hand: int = 0
    unknown: int = 0
    changed: int = 0


def estimate_shares(
    conn: psycopg.Connection,
    published: Published,
    shares: Iterable[tuple[MemberId, Share]],
    *,
    watch: Callable[[ShareReport], None] = lambda _: None,
    dry_run: bool = False,
    at_once: int = _AT_ONCE,
) -> ShareReport:
    """Bring every member's profile to these shares, in order of member_id; who is not among them has none.

    In sets of `at_once` members, each its own transaction: stopped at any point it is done again from the
    beginning, and changes only what is not so already. A dry run counts and writes nothing.
    """
    report, coming, after = ShareReport(), _Coming(shares), 0
    while members := [MemberId(row[0]) for row in conn.execute(_MEMBERS, (after, at_once)).fetchall()]:
        found = coming.upto(members[-1])
        report = retried(
            partial(_changed, conn, published, members, found, report, dry_run=dry_run), what="estimate_shares"
        )
        after = members[-1]
        watch(report)
    return report


def _changed(
    conn: psycopg.Connection,
    published: Published,
    members: Sequence[MemberId],
    shares: Mapping[MemberId, Share],
    report: ShareReport,
    *,
    dry_run: bool,
) -> ShareReport:
    """One set, in its own transaction; the report with it."""
    counting = _Counting(shares)
    with conn.transaction(force_rollback=dry_run):
        changed = change_profiles(conn, published, members, counting.changed)
    return counting.added_to(report, changed)


class _Coming:
    """The shares in order of member_id, as far as they are asked for."""

    def __init__(self, shares: Iterable[tuple[MemberId, Share]]) -> None:
        self._shares: Iterator[tuple[MemberId, Share]] = iter(shares)
        self._next = next(self._shares, None)

    def upto(self, last: MemberId) -> dict[MemberId, Share]:
        """Those up to and with a member that were not given before."""
        found = {}
        while self._next is not None and self._next[0] <= last:
            found[self._next[0]] = self._next[1]
            self._next = next(self._shares, None)
        return found


class _Counting:
    """The change of each profile of a set, counted by kind."""

    def __init__(self, shares: Mapping[MemberId, Share]) -> None:
        self._shares = shares
        self._kinds = {"estimated": 0, "declared": 0, "by_hand": 0, "unknown": 0}

    def changed(self, member_id: MemberId, profile: Profile) -> Profile:
        share = self._shares.get(member_id, _NOTHING)
        self._kinds[_kind(profile, share)] += 1
        return with_share(profile, share)

    def added_to(self, report: ShareReport, changed: int) -> ShareReport:
        sums = {kind: getattr(report, kind) + count for kind, count in self._kinds.items()}
        members = report.members + sum(self._kinds.values())
        return ShareReport(members=members, changed=report.changed + changed, **sums)


def _kind(profile: Profile, share: Share) -> str:
    if is_by_hand(profile):
        return "by_hand"
    if share.declared:
        return "declared"
    return "estimated" if share != _NOTHING else "unknown"
