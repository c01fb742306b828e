"""What whoever decides many events of one member knows of the days ahead, so as not to look again each time."""

from datetime import date

from cagnotte.domain.evaluator.facts import Facts
from cagnotte.domain.evaluator.prepared import Prepared
from cagnotte.domain.points.known import LotsKnown
from cagnotte.domain.tiers.days import DayTotal
from cagnotte.domain.tiers.quiet import Quiet, quiet_from
from cagnotte.domain.tiers.terms import TierHeld


class Ahead:
    """Kept beside the facts of one member and handed to every decision about them; empty to begin with.

    It saves looks and changes no answer. What it says was worked out for the very values that it remembers;
    of facts that hold others it says nothing, and they are looked at as if there were none.
    """

    def __init__(self) -> None:
        self.lots = LotsKnown()
        self._ready: Prepared | None = None
        self._held: tuple[TierHeld, ...] = ()
        self._days: tuple[DayTotal, ...] = ()
        self._joined_on: date | None = None
        self._looked_on = date.max
        self._quiet: Quiet | None = None
        self._is_worked_out = False

    def looked(self, ready: Prepared, facts: Facts, today: date) -> None:
        """The tiers that the facts hold are those of `today`."""
        self._ready, self._looked_on = ready, today
        self._held, self._days, self._joined_on = facts.held, facts.days, facts.profile.enrolled_on
        self._quiet, self._is_worked_out = None, False

    def counted(self, before: Facts, total: DayTotal, after: Facts) -> None:
        """`total` was added to the days of `before`."""
        if self._quiet is not None and self._days is before.days:
            self._days = after.days
            if not self._quiet.add(total):
                self._quiet = None

    def is_quiet(self, ready: Prepared, facts: Facts, day: date) -> bool:
        """Whether a look at the tiers on `day`, or any day between, leaves them as they are."""
        return (
            self._quiet is not None and self._looked_on <= day < self._quiet.until and self._is_about(ready, facts)
        )

    def stays_quiet(self, ready: Prepared, facts: Facts, upto: date) -> bool:
        """`is_quiet`, worked out when it is first asked after a look."""
        if not self._is_worked_out and self._is_about(ready, facts):
            self._work_out(ready)
        return self.is_quiet(ready, facts, upto)

    def _work_out(self, ready: Prepared) -> None:
        held = {each.family: each for each in self._held}
        known = {**ready.families, **held}
        families = [(ready.families.get(family, ()), held.get(family)) for family in known]
        self._quiet = quiet_from(families, self._days, self._joined_on, self._looked_on)
        self._is_worked_out = True

    def _is_about(self, ready: Prepared, facts: Facts) -> bool:
        return (
            self._days is facts.days
            and not ready.shares_tiers  # others of the household move these
            and self._held is facts.held
            and self._ready is ready
            and self._joined_on == facts.profile.enrolled_on
        )
