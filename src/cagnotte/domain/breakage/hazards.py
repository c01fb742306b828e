"""By age, which share of the points that could be used is used in a month, and which expires: discrete hazards of
competing ends, all cohorts together. Floats: they are an estimate, and no points or money are kept in them.

The estimator of the share that ends one way is that of Aalen and Johansen (1978), in whole months as chain-ladder
looks at claims; points that are taken back leave the points at risk, as if they had never been given.
"""

from collections.abc import Mapping
from datetime import date
from enum import Enum

import msgspec

from cagnotte.domain.breakage.triangle import Column, at_risk

_TAIL = 3  # ages that what lies beyond the oldest one is read from


class Tail(Enum):
    """How much is used in months that no cohort has reached yet."""

    AS_LAST = "as_last"  # as in the last three ages
    NONE = "none"
    MOST = "most"  # as in the age of most use


class Hazards(msgspec.Struct, frozen=True):
    """`used[a]`, `expired[a]`: shares of the points at risk at age a, each from 0 to 1, together at most 1.

    Beyond the oldest age at which any point was at risk, use goes on as in the last three ages and what is left
    expires at the age `life`. Without such an age it also expires as in those. Where those tell of no end at all,
    or the age `life` is behind, what is left counts as used: no breakage that nothing speaks for.
    """

    used: tuple[float, ...]
    expired: tuple[float, ...]
    tail_used: float
    tail_expired: float
    life: int | None

    def use_from(
        self, age: int, *, factor: float = 1.0, last: int | None = None, tail: Tail = Tail.AS_LAST
    ) -> float:
        """Of points open at the beginning of that age, the share that is used from then on, up to the `last` age
        (None: in the end). `factor`: how many times the use of all the cohort uses."""
        is_open, used = 1.0, 0.0
        end = max(len(self.used), (self.life or 0) + 1) if last is None else last + 1
        for each in range(age, end):
            use, expiry = self.at(each, factor=factor, tail=tail)
            used += is_open * use
            is_open *= 1.0 - use - expiry
        if last is None:
            used += is_open * self._beyond(end, factor, tail)
        return min(used, 1.0)  # a sum of parts may pass the whole by its last bit

    def at(self, age: int, *, factor: float = 1.0, tail: Tail = Tail.AS_LAST) -> tuple[float, float]:
        """Use and expiry at an age, of what is at risk then."""
        if age < len(self.used):
            use, expiry = self.used[age], self.expired[age]
        elif tail is not Tail.AS_LAST:
            use = max(self.used, default=1.0) if tail is Tail.MOST else 0.0
            expiry = 1.0 - use if self.life is not None and age >= self.life else 0.0
        elif self.life is None:
            use, expiry = self.tail_used, self.tail_expired
        elif age < self.life:
            use, expiry = self.tail_used, 0.0
        else:
            return (0.0, 1.0) if age == self.life else (1.0, 0.0)
        return min(use * factor, 1.0 - expiry), expiry

    def _beyond(self, age: int, factor: float, tail: Tail) -> float:
        """Of what is open at an age past all that is known: for ever as in the last ages, else used."""
        if tail is not Tail.AS_LAST or self.life is not None:
            return 0.0 if tail is Tail.NONE else 1.0
        use, expiry = self.at(age, factor=factor)
        return use / (use + expiry) if use + expiry > 0 else 1.0


def hazards(columns: Mapping[date, Column], life: int | None) -> Hazards:
    """Of all cohorts together, weighted by their points."""
    ages = max((len(column) for column in columns.values()), default=0)
    risk, use, expiry = [0] * ages, [0] * ages, [0] * ages
    for column in columns.values():
        for age, (open_then, cell) in enumerate(zip(at_risk(column), column, strict=True)):
            risk[age] += open_then
            use[age] += cell.used
            expiry[age] += cell.expired
    known = max((age + 1 for age in range(ages) if risk[age]), default=0)
    shares = [_shares(risk[age], use[age], expiry[age]) for age in range(known)]
    last = slice(max(known - _TAIL, 0), known)
    tail = _shares(sum(risk[last]), sum(use[last]), sum(expiry[last]))
    return Hazards(tuple(one for one, _ in shares), tuple(other for _, other in shares), *tail, life)


def _shares(risk: int, use: int, expiry: int) -> tuple[float, float]:
    if risk <= 0:
        return 0.0, 0.0
    used = min(max(use, 0) / risk, 1.0)
    return used, min(max(expiry, 0) / risk, 1.0 - used)
