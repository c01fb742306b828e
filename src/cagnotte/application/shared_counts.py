"""What caps of households, stores and the programme have counted, for the members of one act."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta

import msgspec
import psycopg

from cagnotte.domain.earning.caps import subject_of, window_of
from cagnotte.domain.earning.tallies import Tally
from cagnotte.domain.earning.terms import Cap, Every, Scope
from cagnotte.domain.kernel import first_day_counted
from cagnotte.domain.programme.document import Programme
from cagnotte.storage.tallies import Asked, set_shared_tallies, shared_tallies

type Key = tuple[str, str]  # subject, cap


class Span(msgspec.Struct, frozen=True):
    """Where one member's events happen that are about to be decided: in these stores, from one day to another."""

    household: str
    stores: frozenset[str]
    first: date
    last: date


class SharedCounts:
    """The tallies as they stand while an act is decided; what several members add is added up."""

    def __init__(self, caps: Sequence[Cap], tallies: Iterable[Tally] = ()) -> None:
        self._caps = caps
        self._values = {(each.subject, each.cap, each.window): each.value for each in tallies}
        self._changed: set[tuple[str, str, int]] = set()

    @property
    def are_any(self) -> bool:
        """Whether members share a cap at all."""
        return bool(self._caps)

    def seen(self, span: Span) -> tuple[Tally, ...]:
        """What a member's events of that span may ask for, in order of their keys."""
        asked = {(each.subject, each.cap): each for each in _asked(self._caps, [span])}
        found = []
        for (subject, cap, window), value in self._values.items():
            wanted = asked.get((subject, cap))
            if value and wanted is not None and wanted.first <= window <= wanted.last:
                found.append(Tally(cap, subject, window, value))
        return tuple(sorted(found, key=lambda each: (each.cap, each.subject, each.window)))

    def add(self, added: Iterable[Tally]) -> None:
        for each in added:
            if each.subject:
                key = (each.subject, each.cap, each.window)
                self._values[key] = self._values.get(key, 0) + each.value
                self._changed.add(key)

    def write(self, conn: psycopg.Connection) -> None:
        """Write what was added, in the transaction that locked the caps."""
        keys = sorted(self._changed)
        set_shared_tallies(conn, [Tally(key[1], key[0], key[2], self._values[key]) for key in keys])


def shared_counts(
    conn: psycopg.Connection, programmes: Iterable[Programme], spans: Sequence[Span], *, locked: bool
) -> SharedCounts:
    """The counts that events of these spans may ask for; nothing is read when no programme shares a cap.

    `locked`: after the members' standings, until the transaction ends.
    """
    caps = _shared(programmes)
    asked = list(_asked(caps, spans)) if caps else []
    return SharedCounts(caps, shared_tallies(conn, asked, locked=locked) if asked else ())


def _shared(programmes: Iterable[Programme]) -> list[Cap]:
    found: dict[tuple[object, ...], Cap] = {}
    for programme in programmes:
        of_offers = [cap for offer in programme.offers for cap in offer.caps]
        for cap in (*programme.caps, *of_offers):
            if cap.scope is not Scope.MEMBER and cap.every is not Every.SALE:
                found[cap.code, cap.scope, cap.every, cap.within] = cap
    return list(found.values())


def _asked(caps: Sequence[Cap], spans: Sequence[Span]) -> Iterator[Asked]:
    """One row per subject and cap, with all the windows that are asked for."""
    found: dict[Key, tuple[int, int]] = {}
    for cap in caps:
        for span in spans:
            first, last = _first_window(cap, span.first), window_of(cap.every, _end(span.last))
            for subject in _subjects(cap, span):
                known = found.get((subject, cap.code), (first, last))
                found[subject, cap.code] = (min(first, known[0]), max(last, known[1]))
    for (subject, code), (first, last) in sorted(found.items()):
        yield Asked(subject, code, first, last)


def _subjects(cap: Cap, span: Span) -> set[str]:
    stores = span.stores if cap.scope is Scope.STORE else {""}
    subjects = {subject_of(cap, store=store, household=span.household) for store in stores}
    return subjects - {""}


def _first_window(cap: Cap, first: date) -> int:
    if cap.every is Every.ROLLING:
        assert cap.within is not None, cap
        first = first_day_counted(first, cap.within)
    return window_of(cap.every, datetime.combine(first, time()))


def _end(day: date) -> datetime:
    return datetime.combine(day, time()) + timedelta(hours=23)
