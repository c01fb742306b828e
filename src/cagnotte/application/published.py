"""The published versions of the programme, parsed once, and which of them judges a given time."""

from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import msgspec
import psycopg

from cagnotte.application.errors import NoProgramme
from cagnotte.application.recurrences import days_of_recurrence
from cagnotte.domain.programme.check import check_programme
from cagnotte.domain.programme.document import Programme

# Versions that were withdrawn before they began never ruled, and are left out.
_VERSIONS = """
SELECT v.programme, v.version, v.effective_from, v.published_at, v.author, v.approver, e.ends_at,
       v.effective_from <= now(), v.sha256
  FROM programme_version v LEFT JOIN programme_version_end e USING (programme, version)
 WHERE e.ends_at IS NULL OR e.ends_at > v.effective_from
 ORDER BY v.effective_from
"""
_DOCUMENTS = "SELECT sha256, document FROM programme_version WHERE sha256 = ANY (%s)"

_documents: dict[str, str] = {}  # by sha256; a published text never changes, so what is known stays true


class Version(msgspec.Struct, frozen=True):
    """One published version; sales from `effective_from` (an instant) on are judged by it.

    `ends_at`: the first instant at which it is retired. `author`, `approver` None: published directly.
    `begun`: whether it had taken force when it was read.
    """

    code: str
    version: int
    effective_from: datetime
    published_at: datetime
    document: str
    programme: Programme
    author: str | None = None
    approver: str | None = None
    ends_at: datetime | None = None
    begun: bool = True

    @property
    def zone(self) -> ZoneInfo:
        return zone_of(self.programme)

    def zone_in(self, country: str) -> ZoneInfo:
        """The clock of a member of that country; "": the programme's."""
        return zone_of(self.programme, country)


class Published(msgspec.Struct, frozen=True):
    """All versions that rule or will, in the order of their beginnings; at least one."""

    versions: tuple[Version, ...]

    @property
    def current(self) -> Version:
        """The newest version that has begun, retired or not; before the first one, the first."""
        begun = [version for version in self.versions if version.begun]
        return begun[-1] if begun else self.versions[0]

    @property
    def zone(self) -> ZoneInfo:
        return self.current.zone

    def zone_in(self, country: str) -> ZoneInfo:
        """The clock of a member of that country; "": the programme's."""
        return self.current.zone_in(country)

    def currencies(self) -> tuple[str, ...]:
        """Every currency that a sale may be in under any version."""
        return tuple(dict.fromkeys(each for version in self.versions for each in version.programme.currencies))

    def zones(self) -> tuple[ZoneInfo, ...]:
        """Every clock that a member may live by, the programme's first."""
        countries = ("", *[country.code for country in self.current.programme.countries])
        return tuple(dict.fromkeys(self.zone_in(country) for country in countries))

    def at(self, instant: datetime) -> Version:
        """The version in force at an instant. Raises NoProgramme before the first one, and once retired."""
        version = self.begun_at(instant)
        if version.ends_at is not None and version.ends_at <= instant:
            raise NoProgramme(at=instant.isoformat())
        return version

    def begun_at(self, instant: datetime) -> Version:
        """The last version begun at an instant, retired or not: its terms hold for points already earned.

        Raises NoProgramme before the first one.
        """
        for version in reversed(self.versions):
            if version.effective_from <= instant:
                return version
        raise NoProgramme(at=instant.isoformat())

    def on(self, day: date, country: str = "") -> Version:
        """The version in force at the end of a local day of a country; before the first one, the first."""
        end = day_start(day + timedelta(days=1), self.zone_in(country)) if day < date.max else None
        begun = [version for version in self.versions if end is None or version.effective_from < end]
        return begun[-1] if begun else self.versions[0]


def load_published(conn: psycopg.Connection) -> Published:
    """The versions as they stand now; texts read and parsed before are kept. Raises NoProgramme without any."""
    rows = conn.execute(_VERSIONS).fetchall()
    if not rows:
        raise NoProgramme(at="")
    unknown = [row[-1] for row in rows if row[-1] not in _documents]
    if unknown:
        _documents.update(conn.execute(_DOCUMENTS, (unknown,)).fetchall())
    return Published(tuple(_version(row) for row in rows))


def _version(row: tuple[Any, ...]) -> Version:
    code, number, effective_from, published_at, author, approver, ends_at, begun, sha256 = row
    document = _documents[sha256]
    return Version(
        code=code,
        version=number,
        effective_from=effective_from,
        published_at=published_at,
        document=document,
        programme=parsed(document),
        author=author,
        approver=approver,
        ends_at=ends_at,
        begun=begun,
    )


@lru_cache(maxsize=64)
def parsed(document: str) -> Programme:
    """The programme of a document, from the cache when the same text was parsed before."""
    return check_programme(document, timezones=known_timezones(), calendar_days=days_of_recurrence)


@lru_cache(maxsize=1)
def known_timezones() -> frozenset[str]:
    return frozenset(available_timezones())


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def zone_of(programme: Programme, country: str = "") -> ZoneInfo:
    """The clock of a member of that country; "": the programme's."""
    return _zone(programme.timezone_in(country))


def wall_clock(at: datetime, zone: ZoneInfo) -> datetime:
    """What the clock on the wall says at an instant: local time without zone."""
    return at.astimezone(zone).replace(tzinfo=None)


def instant_of(local: datetime, zone: ZoneInfo) -> datetime:
    """The instant of a wall-clock time without zone.

    An hour that exists twice is its first one. A time that a clock change leaves out is the instant of
    that change, so that times in order stay in order.
    """
    instant = local.replace(tzinfo=zone)
    back = wall_clock(_utc(instant), zone)
    if back == local:
        return _utc(instant)
    return _clock_change(_utc(instant) - timedelta(days=1), _utc(instant), zone)


def day_start(day: date, zone: ZoneInfo) -> datetime:
    """The instant at which a local day begins."""
    return instant_of(datetime(day.year, day.month, day.day), zone)  # noqa: DTZ001 - a wall clock has no zone


def _utc(at: datetime) -> datetime:
    return at.astimezone(ZoneInfo("UTC"))


def _clock_change(low: datetime, high: datetime, zone: ZoneInfo) -> datetime:
    """The instant of the only clock change in (low, high], to the second."""
    before = low.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        if middle.astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high.replace(microsecond=0)
