"""A naive model of a member's wallets: lots in a list, every day looked at, every term spelled out."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import inf
from typing import NamedTuple

from cagnotte.domain.kernel import day_after
from cagnotte.domain.points.terms import (
    BurnOrder,
    Expiry,
    ExpiryStart,
    Negative,
    OverAsked,
    Pending,
    RoundedTo,
    Wallet,
)
from cagnotte.domain.programme.document import Programme


@dataclass
class Held:
    """One lot of the model."""

    wallet: str
    points: int
    earned: date
    expires: date | None
    usable: date | None
    awaits: str
    number: int

    def can_pay(self, day: date) -> bool:
        if self.awaits or (self.usable is not None and day < self.usable):
            return False
        return self.expires is None or day < self.expires


class Earned(NamedTuple):
    wallet: str
    points: int
    pending: Pending | None
    expiry: Expiry


@dataclass
class Purse:
    programme: Programme
    day: date
    lots: list[Held] = field(default_factory=list)
    debts: dict[str, int] = field(default_factory=dict)
    active: date | None = None
    _number: int = 0

    def upto(self, day: date) -> None:
        """Every day up to and with this one, one by one."""
        while self.day < day:
            self.day += timedelta(days=1)
            self.expire(self.day)
            if any(lot.usable == self.day for lot in self.lots):
                self.convert(self.day)

    def expire(self, day: date) -> None:
        idle = {wallet.code for wallet in self.programme.wallets if self._is_idle(wallet, day)}
        self.lots = [
            lot for lot in self.lots if lot.wallet not in idle and (lot.expires is None or lot.expires > day)
        ]

    def _is_idle(self, wallet: Wallet, day: date) -> bool:
        """Nothing was done, and nothing was earned, for the whole period."""
        done = [lot.earned for lot in self.lots if lot.wallet == wallet.code]
        if wallet.expiry.idle is None or not done:
            return False
        return day_after(max([*done, *([self.active] if self.active else [])]), wallet.expiry.idle) <= day

    def give(self, earned: Earned, day: date, tier: str | None) -> None:
        usable = _usable(earned.pending, day)
        awaits = earned.pending.event if earned.pending else ""
        expires = ends(earned.expiry, day, usable, tier)
        self.open(earned.wallet, earned.points, day, expires=expires, usable=usable, awaits=awaits)

    def open(
        self,
        wallet: str,
        points: int,
        day: date,
        *,
        expires: date | None,
        usable: date | None,
        awaits: str = "",
    ) -> None:
        self._number += 1
        lot = Held(wallet, points, day, expires, usable, awaits, self._number)
        paid = min(self.debts.get(wallet, 0), points)
        lot.points -= paid
        self.debts[wallet] = self.debts.get(wallet, 0) - paid
        self.lots += [lot] if lot.points else []

    def usable(self, wallet: str, day: date) -> int:
        return sum(lot.points for lot in self.lots if lot.wallet == wallet and lot.can_pay(day))

    def in_order(self, wallet: Wallet) -> list[Held]:
        keys = {
            BurnOrder.SOONEST_EXPIRY: lambda lot: (lot.expires or date.max, lot.earned, lot.number),
            BurnOrder.OLDEST: lambda lot: (lot.earned, lot.number),
            BurnOrder.NEWEST: lambda lot: (-lot.earned.toordinal(), -lot.number),
        }
        return sorted((lot for lot in self.lots if lot.wallet == wallet.code), key=keys[wallet.order])

    def draw(self, lots: Iterable[Held], points: int) -> int:
        """Take so many from the lots, one after the other; what they lacked."""
        for lot in lots:
            taken = min(lot.points, points)
            lot.points -= taken
            points -= taken
        self.lots = [lot for lot in self.lots if lot.points]
        return points

    def pay(self, wallet: Wallet, points: int, day: date) -> int:
        """Usable lots pay in the order of the wallet."""
        return self.draw([lot for lot in self.in_order(wallet) if lot.can_pay(day)], points)

    def asked(self, wallet: Wallet, points: int, day: date) -> int:
        """How many of the points asked are burned; 0 when that is refused."""
        there = self.may_go(wallet, day)
        if points > there:
            if wallet.over_asked is OverAsked.REFUSE:
                return 0
            points = int(max(there, 0)) // wallet.step * wallet.step
        return 0 if points % wallet.step or points < wallet.least else points

    def may_go(self, wallet: Wallet, day: date) -> float:
        """What may be spent: what is there, and what may be owed besides."""
        there = self.usable(wallet.code, day) - self.debts.get(wallet.code, 0)
        if wallet.negative is not Negative.ALLOWED:
            return there
        return inf if wallet.owed_most is None else there + wallet.owed_most

    def burn(self, wallet: Wallet, points: int, day: date) -> None:
        self.owe(wallet.code, self.pay(wallet, self.asked(wallet, points, day), day))

    def owe(self, wallet: str, points: int) -> None:
        self.debts[wallet] = self.debts.get(wallet, 0) + points

    def take(self, wallet: Wallet, points: int, day: date) -> None:
        """By hand: what is usable, more only where the wallet may fall below zero."""
        if points <= self.may_go(wallet, day):
            self.owe(wallet.code, self.pay(wallet, points, day))

    def take_from(self, wallet: Wallet, points: int, day: date, own: set[int]) -> None:
        """Back from the lots `own`, then as a burn would, then pending ones; the rest is owed or forgiven."""
        order = self.in_order(wallet)
        order.sort(key=lambda lot: (lot.number not in own, not lot.can_pay(day)))
        left = self.draw(order, points)
        if wallet.negative is not Negative.NEVER:
            self.owe(wallet.code, left)

    def convert(self, day: date) -> None:
        for conversion in self.programme.conversions:
            if conversion.automatic:
                free = self.usable(conversion.wallet, day) - self.debts.get(conversion.wallet, 0)
                times = max(free, 0) // conversion.points
                self.pay(self.programme.wallet(conversion.wallet), times * conversion.points, day)

    def release(self, event: str, day: date, numbers: set[int] | None, tier: str | None) -> None:
        for lot in self.lots:
            if lot.awaits == event and (numbers is None or lot.number in numbers):
                expiry = self.programme.wallet(lot.wallet).expiry
                lot.awaits, lot.usable = "", day
                if expiry.counts_from is ExpiryStart.USABLE:
                    lot.expires = ends(expiry, lot.earned, day, tier)

    def standing(self) -> tuple[object, ...]:
        lots = sorted(
            (lot.wallet, lot.earned, lot.expires or date.max, lot.usable or date.min, lot.awaits, lot.points)
            for lot in self.lots
        )
        return lots, sorted(item for item in self.debts.items() if item[1])


def _usable(pending: Pending | None, day: date) -> date | None:
    if pending is None:
        return None
    if pending.period is not None:
        return day_after(day, pending.period)
    return pending.until if pending.until is not None and pending.until > day else None


def ends(expiry: Expiry, earned: date, usable: date | None, tier: str | None) -> date | None:
    """The first day without the points, found day by day."""
    begins = usable if usable is not None and expiry.counts_from is ExpiryStart.USABLE else earned
    after = next((period for code, period in expiry.by_tier if code == tier), expiry.after)
    if after is None and expiry.on is None:
        return None
    day = begins + timedelta(days=1)
    if after is not None:
        day = day_after(begins, after)
        while not _begins(expiry.rounded_to, day):
            day += timedelta(days=1)
    while expiry.on is not None and (day.month, day.day) != expiry.on:
        day += timedelta(days=1)
    return day


def _begins(to: RoundedTo, day: date) -> bool:
    months = {RoundedTo.DAY: None, RoundedTo.MONTH: 1, RoundedTo.QUARTER: 3, RoundedTo.YEAR: 12}[to]
    return months is None or (day.day == 1 and (day.month - 1) % months == 0)
