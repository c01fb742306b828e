"""The books a second time, from docs/reference/books.md, docs/reference/programme/ and docs/algorithms alone.

Nothing of the engine is imported: points are ints, days are dates, times are the member's wall clock.
Where the engine and this disagree, one of them is wrong, or the documents are. Sales are in `reference_sales`.
"""

import calendar
from collections import Counter
from collections.abc import Sequence
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
    negative: str = "never"
    owed_most: int | None = None
    cut: bool = False
    step: int = 1
    least: int = 1
    per: int = 0  # minor units of a sale that give one point
    price: int = 0  # points are sold in multiples of it
    worth: tuple[int, int] | None = None  # so many points pay so many minor units

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


@dataclass(frozen=True)
class Terms:
    """What the programme says beside its wallets. The first wallet is the one that pays, is sold and is pooled."""

    wallets: dict[str, Wallet]
    cap: int = 0  # points that a member earns a day in the first wallet; 0: no cap
    corrects: bool = True
    automatic: tuple[str, int] | None = None  # wallet, points of a voucher
    gift: tuple[str, int] = ("credit", 20)  # a voucher that the member asks for
    exchange: tuple[str, int, str, int] = ("points", 10, "credit", 3)
    sends_anew: bool = False
    pool_most: int | None = None
    points_back: str = "decided_again"
    rounding: str = "up"
    gives_back: bool = True
    back_when_whole: bool = False
    back_lives: int = 0  # days

    @property
    def first(self) -> Wallet:
        return next(iter(self.wallets.values()))


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


type Parts = list[tuple[Lot, int]]


@dataclass
class Hold:
    wallet: str
    parts: Parts  # in the order in which they were taken
    until: datetime

    @property
    def points(self) -> int:
        return sum(points for _, points in self.parts)


@dataclass
class Books:
    """What one member has; each act is told its local time and says how many points it moved, 0 when refused.

    `sides`: what went to accounts of the programme, by account and wallet; below 0 for what came from them.
    """

    terms: Terms
    as_of: date
    lots: list[Lot] = field(default_factory=list)
    debts: dict[str, int] = field(default_factory=dict)
    holds: dict[str, Hold] = field(default_factory=dict)
    sides: Counter[tuple[str, str]] = field(default_factory=Counter)
    vouchers: Counter[str] = field(default_factory=Counter)

    def bring_to(self, day: date) -> None:
        """Holds that are over and lots whose day has come, up to 00:00 of the day. On a day on which points become
        usable, vouchers that are made by themselves are made of them."""
        while self.terms.automatic and (turns := [turn for turn in self._turns() if self.as_of < turn < day]):
            self._reach(min(turns))
        self._reach(max(day, self.as_of))

    def is_due(self, day: date) -> bool:
        """Whether the daily job has something to do: a lot has ended, a hold is over, vouchers are to be made."""
        morning = datetime.combine(day, datetime.min.time())
        return any(lot.open and lot.ends is not None and lot.ends <= day for lot in self.lots) or (
            any(hold.until <= morning for hold in self.holds.values())
            or (self.terms.automatic is not None and any(self.as_of < turn <= day for turn in self._turns()))
        )

    def _turns(self) -> list[date]:
        """Days on which points become usable, or come back from a hold."""
        usable = [lot.usable for lot in self.lots if lot.open and lot.usable]
        return usable + [(hold.until + timedelta(days=1)).date() for hold in self.holds.values()]

    def _reach(self, day: date) -> None:
        is_new, self.as_of = day > self.as_of, day
        self._end_overdue(datetime.combine(day, datetime.min.time()))
        self._expire()
        if is_new and any(lot.open and lot.usable == day for lot in self.lots):
            self.convert_what_is_due(day)

    def convert_what_is_due(self, day: date) -> None:
        if self.terms.automatic:
            code, points = self.terms.automatic
            self.convert(day, "automatic", code, points, max(self.available(code, day), 0) // points)

    def begin(self, at: datetime) -> None:
        """Holds that are over by then end; of what they give back, that of lots whose day has come expires."""
        self.bring_to(at.date())
        self._end_overdue(at)
        self._expire()

    def give(self, at: datetime, code: str, points: int, source: str = "adjusted") -> int:
        self.begin(at)
        if points < 1:
            return 0
        self.open_lot(self.terms.wallets[code], points, at.date(), source)
        self._expire()
        return points

    def buy(self, at: datetime, code: str, points: int) -> int:
        self.begin(at)
        price = self.terms.wallets[code].price
        return self.give(at, code, points, "issued") if price and points > 0 and points % price == 0 else 0

    def open_balance(self, at: datetime, code: str, points: int, ends: date) -> int:
        """What the programme before had, with an end of its own; what has ended is not taken over."""
        if points < 1 or ends <= at.date():
            return 0
        self.begin(at)
        self.open_lot(self.terms.wallets[code], points, at.date(), "migrated", days=(ends, None))
        self._expire()
        return points

    def burn(self, at: datetime, code: str, points: int) -> int:
        """The number taken from lots or owed."""
        self.begin(at)
        wallet = self.terms.wallets[code]
        points = _allowed(wallet, points, self._most(wallet, at.date()))
        return self._spend(at.date(), code, points, "redeemed")

    def take(self, at: datetime, code: str, points: int) -> int:
        self.begin(at)
        most = self._most(self.terms.wallets[code], at.date())
        return self._spend(at.date(), code, points if most is None or points <= most else 0, "adjusted")

    def hold(self, at: datetime, code: str, points: int, until: datetime, name: str) -> int:
        self.begin(at)
        points = _allowed(self.terms.wallets[code], points, self.available(code, at.date()))
        if points < 1 or until <= at:
            return 0
        self.holds[name] = Hold(code, self.draw(code, points, at.date()), until)
        self.bring_to(self.as_of)  # of a till whose clock is late: it may be over on the day that has begun
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
        self.sides["redeemed", hold.wallet] += spent
        self._expire()
        return spent

    def send(self, at: datetime, other: "Books", code: str, points: int) -> int:
        self.begin(at)
        other.bring_to(at.date())
        if other is self or points < 1 or points > self.available(code, at.date()):
            return 0
        other.begin(at)
        sent = self.draw(code, points, at.date())
        self.sides["transferred", code] += points
        if self.terms.sends_anew:
            other.open_lot(self.terms.wallets[code], points, at.date(), "transferred")
        else:
            other.receive(code, sent, at.date())
        other._expire()
        return points

    def receive(self, code: str, parts: Parts, day: date) -> None:
        for lot, part in parts:
            self.open_lot(self.terms.wallets[code], part, day, "transferred", days=(lot.ends, lot.usable))

    def spend_together(self, at: datetime, others: Sequence["Books"], points: int) -> int:
        """One's own points of the first wallet first; the rest from the others, the soonest to end first."""
        wallet, day = self.terms.first, at.date()
        self.begin(at)
        for each in others:
            each.bring_to(at.date())
        if self.debts.get(wallet.code):
            return 0
        givers = [each for each in others if not each.debts.get(wallet.code)]
        own, there = self.available(wallet.code, day), sum(each.available(wallet.code, day) for each in givers)
        offered = there if self.terms.pool_most is None else min(there, self.terms.pool_most)
        if offered < points - own <= there and not wallet.cut:
            return 0
        points = _allowed(wallet, points, own + offered)
        for giver, share in self._shares(givers, max(points - own, 0), day):
            giver.begin(at)
            given = giver.draw(wallet.code, share, day)
            giver.sides["transferred", wallet.code] += share
            self.receive(wallet.code, given, day)
        return self._spend(day, wallet.code, points, "redeemed")

    def exchange(self, at: datetime, times: int) -> int:
        self.begin(at)
        code, give, into, get = self.terms.exchange
        points = give * times
        if points < 1 or points > self.available(code, at.date()):
            return 0
        self._spend(at.date(), code, points, "exchanged")
        self.open_lot(self.terms.wallets[into], get * times, at.date(), "exchanged")
        self._expire()
        return points

    def ask_gift(self, at: datetime, times: int) -> int:
        """Vouchers of the conversion that is made on request; all or none."""
        self.begin(at)
        code, points = self.terms.gift
        if times < 1 or times * points > self.available(code, at.date()):
            return 0
        self.convert(at.date(), "gift", code, points, times)
        return times

    def convert(self, day: date, conversion: str, code: str, points: int, times: int) -> None:
        if times > 0:
            self._spend(day, code, points * times, "redeemed")
            self.vouchers[conversion] += times

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
        self.sides["expired", code] -= wanted
        self._expire()
        return wanted

    def available(self, code: str, day: date) -> int:
        """Points that can be used, less what is owed."""
        usable = sum(lot.open for lot in self.lots if lot.wallet == code and lot.can_be_used(day))
        return usable - self.debts.get(code, 0)

    def open_lot(
        self,
        wallet: Wallet,
        points: int,
        day: date,
        source: str,
        days: tuple[date | None, date | None] | None = None,
    ) -> Lot:
        """What the member owes in the wallet is paid from it at once."""
        usable = day + timedelta(days=wallet.pending) if wallet.pending else None
        ends, usable = days or (wallet.ends(day), usable)
        paid = min(points, self.debts.get(wallet.code, 0))
        lot = Lot(len(self.lots), wallet.code, points, points - paid, day, ends, usable)
        self.lots.append(lot)
        self.owe(wallet.code, -paid)
        self.sides[source, wallet.code] -= points
        return lot

    def draw(self, code: str, points: int, day: date) -> Parts:
        """From usable lots in the wallet's order, as many as there are."""
        usable = [lot for lot in self.lots if lot.wallet == code and lot.open and lot.can_be_used(day)]
        drawn = []
        for lot in sorted(usable, key=ORDERS[self.terms.wallets[code].order]):
            part = min(points, lot.open)
            if part:
                lot.open, points = lot.open - part, points - part
                drawn.append((lot, part))
        return drawn

    def owe(self, code: str, points: int) -> None:
        self.debts[code] = self.debts.get(code, 0) + points

    def _most(self, wallet: Wallet, day: date) -> int | None:
        """How many points may be spent, with those that may be owed; None: any number."""
        if wallet.negative != "allowed":
            return self.available(wallet.code, day)
        return None if wallet.owed_most is None else self.available(wallet.code, day) + wallet.owed_most

    def _spend(self, day: date, code: str, points: int, account: str) -> int:
        if points > 0:
            drawn = sum(part for _, part in self.draw(code, points, day))
            self.owe(code, points - drawn)
            self.sides[account, code] += points
        return points

    def _shares(self, givers: Sequence["Books"], lacking: int, day: date) -> list[tuple["Books", int]]:
        code = self.terms.first.code
        lots = [(lot.ends or date.max, place, *_soonest(lot), lot) for place, giver in enumerate(givers)
                for lot in giver.lots if lot.wallet == code and lot.can_be_used(day)]  # fmt: skip
        shares = Counter[int]()
        for _, place, *_, lot in sorted(lots, key=lambda each: each[:-1]):
            shares[place] += min(lot.open, lacking)
            lacking -= min(lot.open, lacking)
        return [(givers[place], share) for place, share in sorted(shares.items()) if share]

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
                self.sides["expired", lot.wallet] += lot.open
                lot.expired, lot.open = lot.expired + lot.open, 0


def _allowed(wallet: Wallet, points: int, most: int | None) -> int:
    """How many of the points asked are spent: all, cut to what there is in whole steps, or none."""
    if points > 0 and most is not None and points > most:
        points = most - most % wallet.step if wallet.cut and most > 0 else 0
    return points if points >= wallet.least and points % wallet.step == 0 else 0


def _soonest(lot: Lot) -> tuple[date, date, int]:
    return (lot.ends or date.max, lot.earned, lot.number)


def _oldest(lot: Lot) -> tuple[date, int]:
    return (lot.earned, lot.number)


def _newest(lot: Lot) -> tuple[int, int]:
    return (-lot.earned.toordinal(), -lot.number)


ORDERS = {"soonest_expiry": _soonest, "oldest": _oldest, "newest": _newest}
