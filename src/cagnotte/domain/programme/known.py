"""What a document declares, known before its rules are read: the names that its tables may refer to."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

import msgspec

from cagnotte.domain.earning.terms import Recurrence
from cagnotte.domain.programme.faults import ProgrammeFaultCode as Code
from cagnotte.domain.programme.reading import Table
from cagnotte.domain.programme.shapes import Codes
from cagnotte.domain.programme.vocabulary import LIFE_EVENTS, PURCHASE, Vocabulary
from cagnotte.domain.rules import Scope

type CalendarDays = Callable[[Recurrence], frozenset[int]]
"""The days of a recurrence as day numbers since 1970-01-01. Raises RecurrenceError when it cannot be read."""


class RecurrenceError(Exception):
    """A recurrence rule that cannot be worked out; `found` is the part that is wrong."""

    def __init__(self, found: str) -> None:
        super().__init__(found)
        self.found = found


class Known(msgspec.Struct, frozen=True):
    """Codes that tables may name; the first wallet is the one that is meant where none is named."""

    vocabulary: Vocabulary
    wallets: tuple[str, ...]
    events: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    calendars: tuple[str, ...] = ()
    families: Mapping[str, str] = {}  # tier -> its family, in the order of the document
    caps: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    ends_inclusive: bool = False

    @property
    def tiers(self) -> tuple[str, ...]:
        return tuple(self.families)

    def occasion(self, table: Table) -> str:
        """What a table's `on` names; a purchase when it is absent, "" when there is no such occasion."""
        if "on" not in table.values:
            return PURCHASE
        return reference(table, "on", (PURCHASE, *LIFE_EVENTS, *self.events))

    def scope(self, on: str) -> Scope | None:
        """The names of rules on an occasion; None for one that was faulty."""
        return self.vocabulary.of(on) if on else None

    def partner(self, table: Table) -> str:
        """Who pays for the points of a table; "": the programme itself."""
        return reference(table, "funded_by", self.partners) if "funded_by" in table.values else ""

    def wallet(self, table: Table) -> str:
        """The wallet that a table names; the programme's first one when it names none."""
        if "wallet" not in table.values or not self.wallets:  # without wallets that was reported, and enough
            return self.wallets[0] if self.wallets else ""
        return table.choice("wallet", self.wallets, code=Code.UNKNOWN_WALLET)


def reference(table: Table, name: str, known: Sequence[str]) -> str:
    """The code of another thing of the document; "" with a fault when there is none of that code."""
    value = table.choice(name, known, code=Code.UNKNOWN_REFERENCE)
    return value if value in known else ""


def references(table: Table, name: str, known: Sequence[str]) -> tuple[str, ...]:
    """A list of codes of other things of the document; those that do not exist are faults and left out."""
    found = table.texts(name, Codes)
    for value in found:
        if value not in known:
            table.unknown(Code.UNKNOWN_REFERENCE, name, value, known)
    return tuple(value for value in found if value in known)


def last_day(begins: date, ends: date | None) -> date:
    """Up to which day, and with it, a recurrence is worked out: its own last day, or far ahead."""
    if ends is not None:
        return ends
    return max(HORIZON, begins.replace(year=begins.year + _YEARS_AHEAD, day=min(begins.day, 28)))


EARLIEST = date(2010, 1, 1)
"""First day of a calendar that names none."""
HORIZON = date(2060, 12, 31)
_YEARS_AHEAD = 30
