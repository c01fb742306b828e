"""What the measures of households have counted, for the members of one act: by local day, as tallies are kept."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date

import msgspec

from cagnotte.application.counted_days import most_days
from cagnotte.domain.earning.caps import EPOCH
from cagnotte.domain.earning.tallies import Tally
from cagnotte.domain.earning.terms import Measure, Scope
from cagnotte.domain.evaluator.effects import HouseholdCounted
from cagnotte.domain.evaluator.prepared import prepared
from cagnotte.domain.kernel import first_day_counted
from cagnotte.domain.programme.document import Programme
from cagnotte.domain.tiers.days import DayTotal, HouseholdDays
from cagnotte.storage.tallies import Asked

_SUBJECT, _MEASURE = "household:", "measure:"
_LAST = date.max.toordinal() - EPOCH

type _Day = dict[str, int]  # measure -> what the day adds to it


class HouseholdCounts:
    """The days of households as they stand while an act is decided; what several members add is added up."""

    def __init__(
        self, measures: Iterable[Measure], households: Iterable[str], tallies: Iterable[Tally], *, move_tiers: bool
    ) -> None:
        self._measures = [each.code for each in measures]
        self._known = frozenset(households)
        self._move_tiers = move_tiers
        self._days: dict[str, dict[int, _Day]] = {}
        self._told: dict[str, HouseholdDays] = {}
        self._changed: set[tuple[str, int, str]] = set()
        self._marked: dict[str, date] = {}
        for tally in tallies:
            household, measure = tally.subject.removeprefix(_SUBJECT), tally.cap.removeprefix(_MEASURE)
            self._days.setdefault(household, {}).setdefault(tally.window, {})[measure] = tally.value

    @property
    def are_any(self) -> bool:
        """Whether a programme measures households at all."""
        return bool(self._measures)

    def seen(self, households: Collection[str]) -> tuple[HouseholdDays, ...]:
        """What these households have measured, oldest day first."""
        return tuple(self._household(each) for each in sorted(households) if each)

    def add(self, counted: HouseholdCounted, on: date) -> None:
        """`on`: the day up to which the member was brought: from then on the others can be looked at."""
        household, number = counted.household, counted.total.day.toordinal() - EPOCH
        assert household in self._known, (household, self._known)  # never read, so what is written would be wrong
        day = self._days.setdefault(household, {}).setdefault(number, {})
        for measure, value in counted.total.measured:
            day[measure] = day.get(measure, 0) + value
            self._changed.add((household, number, measure))
        self._told.pop(household, None)
        if self._move_tiers:
            self._marked[household] = min(on, self._marked.get(household, on))

    def changed(self) -> list[Tally]:
        """The new values of what was added, in order of their keys."""
        return [
            Tally(_MEASURE + measure, _SUBJECT + household, number, self._days[household][number][measure])
            for household, number, measure in sorted(self._changed)
        ]

    def marked(self) -> dict[str, date]:
        """The households whose other members are to be looked at, and from which day on; in order."""
        return dict(sorted(self._marked.items()))

    def _household(self, household: str) -> HouseholdDays:
        told = self._told.get(household)
        if told is None:
            days = sorted(self._days.get(household, {}).items())
            told = self._told[household] = HouseholdDays(household, tuple(_total(each) for each in days))
        return told


def household_measures(programmes: Iterable[Programme]) -> list[Measure]:
    """The measures of households in any of the programmes, each with the longest of its periods."""
    found: dict[str, Measure] = {}
    for programme in programmes:
        for measure in programme.measures:
            if measure.of is Scope.HOUSEHOLD:
                known = found.get(measure.code, measure)
                period = known.within and measure.within and max(known.within, measure.within, key=most_days)
                found[measure.code] = msgspec.structs.replace(measure, within=period)
    return list(found.values())


def move_tiers(programmes: Iterable[Programme]) -> bool:
    """Whether what one member does may move a tier of another one."""
    return any(prepared(programme).shares_tiers for programme in programmes)


def asked_of(measures: Iterable[Measure], households: Iterable[str], first: date) -> Iterator[Asked]:
    """The days that count on `first` or later; also days to come, on which tiers may change."""
    for household in households:
        for measure in measures:
            within = measure.within
            begins = date.min if within is None else first_day_counted(first, within)
            number = begins.toordinal() - EPOCH
            yield Asked(_SUBJECT + household, _MEASURE + measure.code, number, _LAST)


def is_measure(tally: Tally) -> bool:
    return tally.cap.startswith(_MEASURE)


def _total(day: tuple[int, _Day]) -> DayTotal:
    number, measured = day
    pairs = tuple(sorted(pair for pair in measured.items() if pair[1]))
    return DayTotal(date.fromordinal(number + EPOCH), 0, (), 0, pairs)
