"""The published versions of the programme, parsed once, and which of them judges a given time."""

from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import msgspec
import psycopg

from cagnotte.application.errors import NoProgramme
from cagnotte.domain.programme.check import check_programme
from cagnotte.domain.programme.document import Programme

_VERSIONS = """
SELECT programme, version, effective_from, published_at, sha256 FROM programme_version ORDER BY effective_from
"""
_DOCUMENTS = "SELECT sha256, document FROM programme_version WHERE sha256 = ANY (%s)"

_documents: dict[str, str] = {}  # by sha256; a published text never changes, so what is known stays true


class Version(msgspec.Struct, frozen=True):
    """One published version; sales from `effective_from` (an instant) on are judged by it."""

    code: str
    version: int
    effective_from: datetime
    published_at: datetime
    document: str
    programme: Programme

    @property
    def zone(self) -> ZoneInfo:
        return zone_of(self.programme)


class Published(msgspec.Struct, frozen=True):
    """All versions, oldest first; at least one."""

    versions: tuple[Version, ...]

    @property
    def current(self) -> Version:
        return self.versions[-1]

    @property
    def zone(self) -> ZoneInfo:
        return self.current.zone

    def at(self, instant: datetime) -> Version:
        """The version in force at an instant. Raises NoProgramme before the first one."""
        for version in reversed(self.versions):
            if version.effective_from <= instant:
                return version
        raise NoProgramme(at=instant.isoformat())

    def on(self, day: date) -> Version:
        """The version in force at the end of a local day; before the first one, the first."""
        end = day_start(day + timedelta(days=1), self.zone) if day < date.max else None
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
    code, number, effective_from, published_at, sha256 = row
    document = _documents[sha256]
    return Version(code, number, effective_from, published_at, document, parsed(document))


@lru_cache(maxsize=64)
def parsed(document: str) -> Programme:
    """The programme of a document, from the cache when the same text was parsed before."""
    return check_programme(document, timezones=known_timezones())


@lru_cache(maxsize=1)
def known_timezones() -> frozenset[str]:
    return frozenset(available_timezones())


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def zone_of(programme: Programme) -> ZoneInfo:
    return _zone(programme.timezone)


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
