"""A naive model of caps: what is left is found by looking at every use there ever was."""

from collections.abc import Callable
from datetime import datetime
from types import SimpleNamespace
from typing import Any, NamedTuple

from cagnotte.domain.baskets.basket import Basket
from cagnotte.domain.earning.terms import Cap, CapUnit, EarnRule, Every, Scope
from cagnotte.domain.kernel import day_after
from cagnotte.domain.programme.document import Programme


class Use(NamedTuple):
    """What a cap counted once."""

    cap: str
    subject: str
    at: datetime
    value: int
    event: int


class Gift(NamedTuple):
    """Whole points of one rule, and what caps took away."""

    rule: EarnRule
    points: int
    cut: int


class Occasion(NamedTuple):
    """One occasion that rules look at; `names`: what rules read."""

    on: str
    at: datetime
    store: str
    household: str
    event: int
    names: SimpleNamespace
    basket: Basket | None = None


class CapBook:
    """What caps leave during one occasion, by looking at every use there ever was."""

    def __init__(self, programme: Programme, seen: Occasion, uses: list[Use]) -> None:
        self.programme, self.seen, self.uses = programme, seen, uses
        self.fresh: list[Use] = []
        self.allowed: dict[str, int] = {}

    def caps(self, rule: EarnRule) -> list[Cap]:
        return [self.programme.cap(code) for code in rule.caps]

    def money_caps(self, rule: EarnRule) -> list[Cap]:
        return [cap for cap in self.caps(rule) if cap.unit is CapUnit.MONEY]

    def allow(self, rule: EarnRule, amount: int) -> int:
        left = min(max(self.left(cap), 0) for cap in self.money_caps(rule))
        self.allowed[rule.code] = min(amount, left)
        return self.allowed[rule.code]

    def left(self, cap: Cap) -> int:
        return cap.most - sum(use.value for use in (*self.uses, *self.fresh) if self._counts(cap, use))

    def _counts(self, cap: Cap, use: Use) -> bool:
        if use.cap != cap.code or use.subject != self.subject(cap):
            return False
        return (
            same_window(cap, use.at, self.seen.at) if cap.every is not Every.SALE else use.event == self.seen.event
        )

    def subject(self, cap: Cap) -> str:
        match cap.scope:
            case Scope.MEMBER:
                return ""
            case Scope.HOUSEHOLD:
                return f"household:{self.seen.household}" if self.seen.household else ""
            case Scope.STORE:
                return f"store:{self.seen.store}"
            case Scope.PROGRAMME:
                return "programme"

    def cut(self, rule: EarnRule, points: int) -> Gift:
        left = points
        for cap in self.caps(rule):
            if cap.unit is CapUnit.TIMES and self.left(cap) < 1:
                left = 0
            if cap.unit is CapUnit.POINTS:
                left = min(left, max(0, self.left(cap)))
        for cap in self.caps(rule):
            counted = {CapUnit.POINTS: left, CapUnit.TIMES: 1, CapUnit.MONEY: self.allowed.get(rule.code, 0)}
            if left > 0 and counted[cap.unit] > 0:
                self._use(cap, counted[cap.unit])
        return Gift(rule, left, points - left)

    def _use(self, cap: Cap, value: int) -> None:
        self.fresh.append(Use(cap.code, self.subject(cap), self.seen.at, value, self.seen.event))


def same_window(cap: Cap, used: datetime, now: datetime) -> bool:
    """Whether what was used then counts now; a rolling cap counts the days of its period, today with them."""
    parts: dict[Every, Callable[[datetime], Any]] = {
        Every.HOUR: lambda at: (at.date(), at.hour),
        Every.DAY: lambda at: at.date(),
        Every.WEEK: lambda at: at.isocalendar()[:2],
        Every.MONTH: lambda at: (at.year, at.month),
        Every.QUARTER: lambda at: (at.year, (at.month - 1) // 3),
        Every.YEAR: lambda at: at.year,
        Every.EVER: lambda at: 0,
    }
    if cap.every is Every.ROLLING:
        assert cap.within is not None
        return used.date() <= now.date() < day_after(used.date(), cap.within)
    return bool(parts[cap.every](used) == parts[cap.every](now))
