"""The books a second time, from docs/reference/books.md and docs/reference/programme/points.md alone.

Nothing of the engine is imported: points are ints, days are dates, times are the member's wall clock.
Where the engine and this disagree, one of them is wrong, or the documents are.
"""

import calendar
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta


@dataclass(frozen=True)
class Wallet:
    """`days` or `months`: how long points live (neither: for ever). `to_month`: to the end of their last month."""

    code: str
    days: int = 0
    months: int = 0
    to_month: bool = False
    pending: int = 0  # days
    order: str = "soonest_expiry"
    may_owe: bool = False
    owed_most: int | None = None
    cut: bool = False
    per: int = 0  # minor units of a sale that give one point
    price: int = 0  # points are sold in multiples of it

    def ends(self, earned: date) -> date | None:
        """The first day on which points earned that day cannot be used."""
        if self.days:
            return earned + timedelta(days=self.days)
        if not self.months:
            return None
        end = months_after(earned, self.months)
        if self.to_month and end.day > 1:
            return months_after(end.replace(day=1), 1)
        return end


def months_after(day: date, months: int) -> date:
    """The same day so many months later, the last of the month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


@dataclass
class Lot:
    number: int  # grows as lots are opened
    wallet: str
    points: int
    open: int
    earned: date
    ends: date | None
    usable: date | None
    expired: int = 0

    def can_be_used(self, day: date) -> bool:
        return (self.usable is None or self.usable <= day) and (self.ends is None or day < self.ends)


@dataclass
class Hold:
    wallet: str
    parts: list[tuple[Lot, int]]  # in the order in which they were taken
    until: datetime

    @property
    def points(self) -> int:
        return sum(points for _, points in self.parts)


@dataclass
class Member:
    """What one member has; each act is told its local time and says how many points it moved, 0 when refused."""

    wallets: dict[str, Wallet]
    as_of: date
    lots: list[Lot] = field(default_factory=list)
    debts: dict[str, int] = field(default_factory=dict)
    holds: dict[str, Hold] = field(default_factory=dict)  # by the key of the act that began it

    def bring_to(self, day: date) -> None:
        """Holds that are over and lots whose day has come, up to 00:00 of the day."""
        self.as_of = max(self.as_of, day)
        self._end_overdue(datetime.combine(self.as_of, datetime.min.time()))
        self._expire()

    def sale(self, at: datetime, paid: int) -> int:
        self.begin(at)
        given = 0
        for wallet in self.wallets.values():
            points = paid // wallet.per if wallet.per else 0
            if points > 0:
                self.open_lot(wallet, points, at.date())
                given += points
        self._expire()
        return given

    def give(self, at: datetime, code: str, points: int) -> int:
        self.begin(at)
        if points < 1:
            return 0
        self.open_lot(self.wallets[code], points, at.date())
        self._expire()
        return points

    def buy(self, at: datetime, code: str, points: int) -> int:
        self.begin(at)
        price = self.wallets[code].price
        return self.give(at, code, points) if price and points > 0 and points % price == 0 else 0

    def burn(self, at: datetime, code: str, points: int) -> int:
        """Also points taken by hand, with `take`; the number taken from lots or owed."""
        self.begin(at)
        return self._spend(at, code, points, cut=self.wallets[code].cut)

    def take(self, at: datetime, code: str, points: int) -> int:
        self.begin(at)
        return self._spend(at, code, points, cut=False)

    def hold(self, at: datetime, code: str, points: int, until: datetime, name: str) -> int:
        self.begin(at)
        points = self._allowed(at, code, points, self.available(code, at.date()), cut=self.wallets[code].cut)
        if points < 1 or until <= at:
            return 0
        self.holds[name] = Hold(code, self._draw(code, points, at.date()), until)
        return points

    def end_hold(self, at: datetime, name: str, spent: int | None) -> int:
        """`spent`: None all, 0 released."""
        self.begin(at)
        hold = self.holds.get(name)
        if hold is None:
            return 0
        spent = hold.points if spent is None else spent
        if not 0 <= spent <= hold.points:
            return 0
        self._give_back(self.holds.pop(name), spent)
        self._expire()
        return spent

    def send(self, at: datetime, other: "Member", code: str, points: int) -> int:
        self.begin(at)
        other.begin(at)
        if other is self or points < 1 or points > self.available(code, at.date()):
            return 0
        for lot, part in self._draw(code, points, at.date()):
            other.open_lot(self.wallets[code], part, at.date(), days=(lot.ends, lot.usable))
        other._expire()
        return points

    def exchange(self, at: datetime, give: tuple[str, int], get: tuple[str, int]) -> int:
        self.begin(at)
        (code, points), (into, given) = give, get
        if points < 1 or points > self.available(code, at.date()):
            return 0
        self._draw(code, points, at.date())
        self.open_lot(self.wallets[into], given, at.date())
        return points

    def extend(self, at: datetime, code: str, until: date) -> int:
        self.begin(at)
        if until <= at.date():
            return 0
        longer = [lot for lot in self.lots if lot.wallet == code and lot.open and lot.ends and lot.ends < until]
        for lot in longer:
            lot.ends = until
        return sum(lot.open for lot in longer)

    def reinstate(self, at: datetime, code: str, until: date, points: int | None) -> int:
        """What expired before this act is given again, the last to end first."""
        expired = {lot.number: lot.expired for lot in self.lots if lot.wallet == code and lot.expired}
        self.begin(at)
        wanted = sum(expired.values()) if points is None else points
        if until <= at.date() or wanted < 1 or wanted > sum(expired.values()):
            return 0
        left = wanted
        for lot in sorted(self.lots, key=_soonest, reverse=True):
            part = min(left, expired.get(lot.number, 0))
            if part:
                lot.open, lot.expired, lot.ends, left = lot.open + part, lot.expired - part, until, left - part
        self._expire()
        return wanted

    def available(self, code: str, day: date) -> int:
        """Points that can be used, less what is owed."""
        usable = sum(lot.open for lot in self.lots if lot.wallet == code and lot.can_be_used(day))
        return usable - self.debts.get(code, 0)

    def begin(self, at: datetime) -> None:
        self.bring_to(at.date())
        self._end_overdue(at)

    def open_lot(
        self, wallet: Wallet, points: int, day: date, days: tuple[date | None, date | None] | None = None
    ) -> None:
        """What the member owes in the wallet is paid from it at once."""
        usable = day + timedelta(days=wallet.pending) if wallet.pending else None
        ends, usable = days or (wallet.ends(day), usable)
        paid = min(points, self.debts.get(wallet.code, 0))
        self.lots.append(Lot(len(self.lots), wallet.code, points, points - paid, day, ends, usable))
        self._owe(wallet.code, -paid)

    def _spend(self, at: datetime, code: str, points: int, *, cut: bool) -> int:
        wallet, available = self.wallets[code], self.available(code, at.date())
        most: int | None = available
        if wallet.may_owe:
            most = None if wallet.owed_most is None else available + wallet.owed_most
        points = self._allowed(at, code, points, most, cut=cut)
        if points > 0:
            drawn = sum(part for _, part in self._draw(code, points, at.date()))
            self._owe(code, points - drawn)
        return points

    def _allowed(self, at: datetime, code: str, points: int, most: int | None, *, cut: bool) -> int:
        if points < 1 or most is None or points <= most:
            return max(points, 0)
        return max(most, 0) if cut else 0

    def _draw(self, code: str, points: int, day: date) -> list[tuple[Lot, int]]:
        """From usable lots in the wallet's order, as many as there are."""
        keys = {"soonest_expiry": _soonest, "oldest": _oldest, "newest": _newest}
        usable = [lot for lot in self.lots if lot.wallet == code and lot.open and lot.can_be_used(day)]
        drawn = []
        for lot in sorted(usable, key=keys[self.wallets[code].order]):
            part = min(points, lot.open)
            if part:
                lot.open, points = lot.open - part, points - part
                drawn.append((lot, part))
        return drawn

    def _end_overdue(self, at: datetime) -> None:
        for name in [name for name, hold in self.holds.items() if hold.until <= at]:
            self._give_back(self.holds.pop(name), 0)

    def _give_back(self, hold: Hold, spent: int) -> None:
        """The first lots taken are spent; the rest goes back to the very lots it came from."""
        for lot, points in hold.parts:
            used = min(points, spent)
            spent -= used
            lot.open += points - used

    def _expire(self) -> None:
        for lot in self.lots:
            if lot.open and lot.ends is not None and lot.ends <= self.as_of:
                lot.expired, lot.open = lot.expired + lot.open, 0

    def _owe(self, code: str, points: int) -> None:
        self.debts[code] = self.debts.get(code, 0) + points


def _soonest(lot: Lot) -> tuple[date, date, int]:
    return (lot.ends or date.max, lot.earned, lot.number)


def _oldest(lot: Lot) -> tuple[date, int]:
    return (lot.earned, lot.number)


def _newest(lot: Lot) -> tuple[int, int]:
    return (-lot.earned.toordinal(), -lot.number)
