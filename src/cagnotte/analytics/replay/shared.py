"""What members count together under one programme: caps of households, stores and the programme, measures of
households. As the books keep it, in memory."""

from datetime import date
from enum import Enum, auto

import msgspec

from cagnotte.domain.earning.caps import subject_of, windows_of
from cagnotte.domain.earning.tallies import Tally
from cagnotte.domain.earning.terms import Scope
from cagnotte.domain.evaluator.decision import Decision
from cagnotte.domain.evaluator.effects import HouseholdCounted, Tallied
from cagnotte.domain.evaluator.facts import Facts
from cagnotte.domain.evaluator.prepared import prepared
from cagnotte.domain.programme.document import Programme
from cagnotte.domain.tiers.days import DayTotal, HouseholdDays, with_day

type _Windows = dict[int, int]  # window -> value


class Together(Enum):
    """Who must be decided together, in order of time, for the counts to be right."""

    NOBODY = auto()
    HOUSEHOLDS = auto()  # the members of each household
    EVERYBODY = auto()


def together(*programmes: Programme) -> Together:
    """What these programmes, one beside the other, ask for."""
    all_ready = [prepared(programme) for programme in programmes]
    scopes = {cap.scope for ready in all_ready for cap in ready.shared_caps}
    if scopes & {Scope.STORE, Scope.PROGRAMME}:
        return Together.EVERYBODY
    measured = any(ready.household_measures for ready in all_ready)
    return Together.HOUSEHOLDS if scopes or measured else Together.NOBODY


class Shared:
    """The counts as they stand while members are decided in order of time."""

    def __init__(self, programme: Programme) -> None:
        ready = prepared(programme)
        self._caps = ready.shared_caps
        self._measures = bool(ready.household_measures)
        self._tallies: dict[tuple[str, str], _Windows] = {}  # (cap, subject)
        self._days: dict[str, tuple[DayTotal, ...]] = {}

    def seen(self, facts: Facts, day: date, store: str = "") -> Facts:
        """The facts with what others have counted, for events up to that local day in that store ("": in none)."""
        household = facts.profile.household
        first, last = min(day, facts.as_of), max(day, facts.as_of)
        found = []
        for cap in self._caps:
            subject = subject_of(cap, store=store, household=household)
            windows = self._tallies.get((cap.code, subject))
            if windows and (store or cap.scope is not Scope.STORE):
                begins, ends = windows_of(cap, first, last)
                found += [
                    Tally(cap.code, subject, window, value)
                    for window, value in windows.items()
                    if value and begins <= window <= ends
                ]
        found.sort(key=lambda each: (each.cap, each.subject, each.window))
        households: tuple[HouseholdDays, ...] = ()
        if self._measures and household:
            households = (HouseholdDays(household, self._days.get(household, ())),)
        return msgspec.structs.replace(facts, shared=tuple(found), households=households)

    def count(self, decision: Decision) -> None:
        for effect in decision.effects:
            if isinstance(effect, Tallied):
                for tally in effect.tallies:
                    if tally.subject:
                        windows = self._tallies.setdefault((tally.cap, tally.subject), {})
                        windows[tally.window] = windows.get(tally.window, 0) + tally.value
            elif isinstance(effect, HouseholdCounted):
                known = self._days.get(effect.household, ())
                self._days[effect.household] = with_day(known, effect.total)
