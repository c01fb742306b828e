"""Expiry of members to whom nothing else is due: by the database, in sets, as the evaluator would do it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial

import msgspec
import psycopg

from cagnotte.application.ids import new_event_ids
from cagnotte.application.published import Published, day_start
from cagnotte.application.retrying import retried
from cagnotte.application.version_looks import day_in
from cagnotte.domain.kernel import MemberId
from cagnotte.ledger.expiring import DueMember, Expired, Morning, expire_set
from cagnotte.storage.sql import sql
from cagnotte.storage.version_looks import versions_looked_at

_MEMBERS_AT_ONCE = 1_000
_FIRST_DUE = "SELECT min(next_due_on) FROM member_standing WHERE next_due_on <= %s AND only_lots_until > %s"
_ONE_DAY = timedelta(days=1)

type _Locked = Sequence[tuple[int, str, date]]  # member_id, country as the programme knows it, day


class SetExpired(msgspec.Struct, frozen=True):
    """What one set gave: members looked at, lots and points expired."""

    members: int
    lots: int
    points: int


def expire_sets(
    conn: psycopg.Connection, published: Published, on: date | datetime, *, dry_run: bool = False
) -> Iterator[SetExpired]:
    """Let lots end up to and with 00:00 of `on`, in bounded sets, each its own transaction, told after its commit.

    Several workers share the members; those that a till holds are left to the caller's fold, and so is everybody
    while a version is about to take force: only one that rules every clock and has looked at all is mechanical.
    """
    clocks = _Clocks(published, on)
    version = clocks.version
    if version is None or not _has_looked(conn, published, version):
        return
    wanted = clocks.parameters() | {"programme_version": version}
    if dry_run:
        yield SetExpired(*_counted(conn, wanted))
        return
    row = conn.execute(_FIRST_DUE, (clocks.latest, clocks.latest)).fetchone()
    if row is None or row[0] is None:
        return
    mornings = clocks.mornings(row[0])
    while True:
        done = retried(partial(_one_set, conn, clocks, wanted, mornings), what="expire_lots")
        if not done.members:
            return
        yield done


def _one_set(
    conn: psycopg.Connection,
    clocks: "_Clocks",
    wanted: Mapping[str, object],
    mornings: Sequence[tuple[int, date, datetime]],
) -> SetExpired:
    with conn.transaction():
        locking = dict(wanted) | {"most": _MEMBERS_AT_ONCE}
        members = clocks.due(conn.execute(sql("cagnotte.storage", "lock_only_lots"), locking).fetchall())
        expired = expire_set(conn, members, _with_new_ids(mornings)) if members else Expired()
    return SetExpired(len(members), expired.lots, expired.points)


class _Clocks:
    """The countries that have a clock of their own, "" for all others, and the local day that it is there."""

    def __init__(self, published: Published, on: date | datetime) -> None:
        self._published = published
        countries = ["", *[country.code for country in published.current.programme.countries]]
        self._place: Mapping[str, int] = {country: place for place, country in enumerate(countries)}
        self._days = {country: day_in(published.zone_in(country), on) for country in countries}
        self.latest = max(self._days.values())

    @property
    def version(self) -> int | None:
        """The version in force at the end of the day on every clock; None: they differ."""
        versions = {self._published.on(day, country).version for country, day in self._days.items()}
        return versions.pop() if len(versions) == 1 else None

    def parameters(self) -> dict[str, object]:
        own = {country: day for country, day in self._days.items() if country}
        return {"countries": list(own), "days": list(own.values()), "day": self._days[""], "latest": self.latest}

    def mornings(self, first: date) -> list[tuple[int, date, datetime]]:
        """(clock, day, 00:00) of each day from `first` on, in order of the day."""
        days = [first + number * _ONE_DAY for number in range((self.latest - first).days + 1)]
        zones = {country: self._published.zone_in(country) for country in self._place}
        return [
            (place, day, day_start(day, zones[country])) for day in days for country, place in self._place.items()
        ]

    def due(self, rows: _Locked) -> list[DueMember]:
        return [DueMember(MemberId(member_id), self._place[country], day) for member_id, country, day in rows]


def _with_new_ids(mornings: Sequence[tuple[int, date, datetime]]) -> list[Morning]:
    """Ids made now, so that they sort after all that these members did before; members may share them."""
    return [
        Morning(*morning, event_id)
        for morning, event_id in zip(mornings, new_event_ids(len(mornings)), strict=True)
    ]


def _has_looked(conn: psycopg.Connection, published: Published, version: int) -> bool:
    first = published.versions[0].version
    return version == first or version in versions_looked_at(conn, published.current.code)


def _counted(conn: psycopg.Connection, wanted: Mapping[str, object]) -> tuple[int, int, int]:
    row = conn.execute(sql("cagnotte.storage", "count_only_lots"), dict(wanted)).fetchone()
    assert row is not None
    members, lots, points = row
    return members, lots, points
