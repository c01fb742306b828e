"""What caps of households, stores and the programme, and measures of households have counted, for one act."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

import msgspec
import psycopg

from cagnotte.application.household_counts import (
    HouseholdCounts,
    asked_of,
    household_measures,
    is_measure,
    move_tiers,
)
from cagnotte.domain.earning.caps import subject_of, windows_of
from cagnotte.domain.earning.tallies import Tally
from cagnotte.domain.earning.terms import Cap, Scope
from cagnotte.domain.evaluator.prepared import prepared
from cagnotte.domain.programme.document import Programme
from cagnotte.storage.households import mark_households
from cagnotte.storage.tallies import Asked, set_shared_tallies, shared_tallies

type Key = tuple[str, str]  # subject, cap


class Span(msgspec.Struct, frozen=True):
    """Where one member's events happen that are about to be decided: in these stores, from one day to another.

    `households`: those that they are about, the member's own among them; "": none.
    """

    households: frozenset[str]
    stores: frozenset[str]
    first: date
    last: date


class SharedCounts:
    """The tallies as they stand while an act is decided; what several members add is added up."""

    def __init__(self, caps: Sequence[Cap], households: HouseholdCounts, tallies: Iterable[Tally] = ()) -> None:
        self._caps = caps
        self.households = households
        self._values = {(each.subject, each.cap, each.window): each.value for each in tallies}
        self._changed: set[tuple[str, str, int]] = set()

    @property
    def are_any(self) -> bool:
        """Whether members share anything that is counted."""
        return bool(self._caps) or self.households.are_any

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
        """Write what was added, in the transaction that locked the caps and measures."""
        keys = sorted(self._changed)
        tallies = [Tally(key[1], key[0], key[2], self._values[key]) for key in keys]
        set_shared_tallies(conn, [*tallies, *self.households.changed()])
        mark_households(conn, self.households.marked())


def shared_counts(
    conn: psycopg.Connection, programmes: Sequence[Programme], spans: Sequence[Span], *, locked: bool
) -> SharedCounts:
    """The counts that events of these spans may ask for; nothing is read when no programme counts together.

    `locked`: after the members' standings, until the transaction ends.
    """
    caps, measures = _shared(programmes), household_measures(programmes)
    asked = list(_asked(caps, spans)) if caps else []
    households, first = _households(spans)
    asked += asked_of(measures, households, first)
    tallies = shared_tallies(conn, asked, locked=locked) if asked else ()
    of_households = filter(is_measure, tallies)
    counts = HouseholdCounts(measures, households, of_households, move_tiers=move_tiers(programmes))
    return SharedCounts(caps, counts, (each for each in tallies if not is_measure(each)))


def _households(spans: Sequence[Span]) -> tuple[list[str], date]:
    """The households of all spans, and the first day of any of them."""
    found = {household for span in spans for household in span.households if household}
    return sorted(found), min((span.first for span in spans), default=date.max)


def _shared(programmes: Iterable[Programme]) -> list[Cap]:
    found: dict[tuple[object, ...], Cap] = {}
    for programme in programmes:
        for cap in prepared(programme).shared_caps:
            found[cap.code, cap.scope, cap.every, cap.within] = cap
    return list(found.values())


def _asked(caps: Sequence[Cap], spans: Sequence[Span]) -> Iterator[Asked]:
    """One row per subject and cap, with all the windows that are asked for."""
    found: dict[Key, tuple[int, int]] = {}
    for cap in caps:
        for span in spans:
            first, last = windows_of(cap, span.first, span.last)
            for subject in _subjects(cap, span):
                known = found.get((subject, cap.code), (first, last))
                found[subject, cap.code] = (min(first, known[0]), max(last, known[1]))
    for (subject, code), (first, last) in sorted(found.items()):
        yield Asked(subject, code, first, last)


def _subjects(cap: Cap, span: Span) -> set[str]:
    stores = span.stores if cap.scope is Scope.STORE else {""}
    households = span.households if cap.scope is Scope.HOUSEHOLD else {""}
    subjects = {subject_of(cap, store=store, household=each) for store in stores for each in households}
    return subjects - {""}
