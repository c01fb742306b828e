"""The second model's sales: paid with points, returned in parts, voided, told late and corrected.

From docs/algorithms/returns.md and late-events.md; nothing of the engine is imported.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sim.reference import ORDERS, Books, Lot, Parts, Wallet

type Lines = Sequence[tuple[int, int]]  # quantity, minor units of the line


@dataclass
class Sale:
    """`gave`: points as first given, `gives` as they stand, both by wallet. `claimed`: taken, owed or forgiven."""

    number: int
    at: datetime
    lines: Lines
    paid: int = 0  # minor units that points paid
    parts: Parts = field(default_factory=list)  # the points that paid, in the order in which they were drawn
    gave: Counter[str] = field(default_factory=Counter)
    gives: Counter[str] = field(default_factory=Counter)
    own: list[Lot] = field(default_factory=list)
    returned: Counter[int] = field(default_factory=Counter)
    given_back: Counter[int] = field(default_factory=Counter)  # by lot's number
    claimed: Counter[str] = field(default_factory=Counter)
    refunded: int = 0

    @property
    def total(self) -> int:
        return sum(paid for _, paid in self.lines)

    @property
    def kept(self) -> int:
        """What the articles cost that did not come back, line by line, cut to minor units."""
        lines = enumerate(self.lines)
        return sum(paid * (quantity - self.returned[place]) // quantity for place, (quantity, paid) in lines)

    @property
    def is_empty(self) -> bool:
        return all(self.returned[place] == quantity for place, (quantity, _) in enumerate(self.lines))

    @property
    def still_paid(self) -> int:
        """What of the points' payment stays, for what is kept."""
        return self.paid * self.kept // self.total if self.paid else 0


@dataclass
class Member(Books):
    """The books with the member's sales."""

    sales: dict[str, Sale] = field(default_factory=dict)

    def sale(self, at: datetime, name: str, lines: Lines, points: int = 0) -> int:
        """The points it gives in all. `points`: of the first wallet, to pay with."""
        self.begin(at)
        sale = self.sales[name] = Sale(len(self.sales), at, lines)
        if points:
            self._pay(sale, points)
        for code, earned in self._earned(sale.total - sale.paid).items():
            self._earn(sale, code, min(earned, self._left(at.date())) if code == self.terms.first.code else earned)
        sale.gave = Counter(sale.gives)
        if self.terms.cap and self.terms.corrects:
            self._correct(sale)
        self.convert_what_is_due(at.date())
        self._expire()
        return sum(sale.gave.values())

    def give_back(self, at: datetime, name: str, lines: Mapping[int, int] | None) -> int | None:
        """Lines by their place, or everything that is left; the money to be paid back, None when refused."""
        sale = self.sales[name]
        left = {place: quantity - sale.returned[place] for place, (quantity, _) in enumerate(sale.lines)}
        back = {place: number for place, number in left.items() if number} if lines is None else dict(lines)
        fits = all(0 < number <= left.get(place, 0) for place, number in back.items())
        if not back or not fits or at < sale.at:
            return None
        self.begin(at)
        sale.returned.update(back)
        refund = max((sale.total - sale.paid) - (sale.kept - sale.still_paid) - sale.refunded, 0)
        sale.refunded += refund
        if self.terms.gives_back and sale.paid and (sale.is_empty or not self.terms.back_when_whole):
            self._points_back(sale, at.date())
        self._take_back(sale, at.date())
        self._expire()
        return refund

    def _pay(self, sale: Sale, points: int) -> None:
        wallet, day = self.terms.first, sale.at.date()
        if wallet.worth is None:
            return
        if points > (most := self.available(wallet.code, day)):
            points = most - most % wallet.step if wallet.cut and most > 0 else 0
        points = points if points >= wallet.least and points % wallet.step == 0 else 0
        worth, minor = wallet.worth
        if points * minor // worth > sale.total:
            points = _that_pay(wallet, sale.total) if wallet.cut else 0
        paid = points * minor // worth
        if paid > 0:
            sale.paid, sale.parts = paid, self.draw(wallet.code, points, day)
            self.sides["redeemed", wallet.code] += points

    def _earned(self, minor: int) -> dict[str, int]:
        return {wallet.code: minor // wallet.per for wallet in self.terms.wallets.values() if wallet.per}

    def _earn(self, sale: Sale, code: str, points: int) -> None:
        if points > 0:
            sale.gives[code] += points
            sale.own.append(self.open_lot(self.terms.wallets[code], points, sale.at.date(), "issued"))

    def _left(self, day: date) -> int:
        if not self.terms.cap:
            return 10**9
        used = (sale.gives[self.terms.first.code] for sale in self.sales.values() if sale.at.date() == day)
        return self.terms.cap - sum(used)

    def _correct(self, late: Sale) -> None:
        """The cap of the late sale's day, as if all of that day had come in order; the late sale's own first."""
        code, left = self.terms.first.code, self.terms.cap
        due: dict[int, int] = {}
        day = [sale for sale in self.sales.values() if sale.at.date() == late.at.date()]
        for sale in sorted(day, key=lambda each: (each.at, each.number)):
            due[sale.number] = min(self._earned(sale.total)[code], left)
            left -= due[sale.number]
        after = sorted(day, key=lambda each: (each is not late, each.at, each.number))
        for sale in after:
            self._set_right(sale, code, due[sale.number] - sale.gives[code])

    def _set_right(self, sale: Sale, code: str, points: int) -> None:
        self._earn(sale, code, points)
        if points < 0:
            sale.gives[code] += points
            gone = sum(lot.expired for lot in sale.own if lot.wallet == code)
            self._claim(sale, code, -points - gone, self.as_of)

    def _points_back(self, sale: Sale, day: date) -> None:
        """To the very lots they came from, the last drawn first; of those that ended, as a lot that lives on."""
        paid = sum(points for _, points in sale.parts)
        due = paid * (sale.paid - sale.still_paid) // sale.paid - sum(sale.given_back.values())
        self.sides["redeemed", self.terms.first.code] -= due
        ended = 0
        for lot, points in reversed(sale.parts):
            part = min(points - sale.given_back[lot.number], due)
            due -= part
            sale.given_back[lot.number] += part
            if self.terms.back_lives and lot.ends is not None and lot.ends <= day:
                ended += part
            else:
                lot.open += part
        if ended:
            days = (day + timedelta(days=self.terms.back_lives), None)
            self.open_lot(self.terms.first, ended, day, "redeemed", days=days)
            self.sides["redeemed", self.terms.first.code] += ended  # counted above already

    def _take_back(self, sale: Sale, day: date) -> None:
        before = Counter(sale.gives)
        again = self._earned(sale.kept - sale.still_paid)
        for code, gave in sale.gave.items():
            stays = self._stays(sale, gave, again[code])
            sale.gives[code] = min(sale.gives[code], stays)
        for code, gave in sale.gave.items():
            if sale.gives[code] == before[code]:
                continue
            gone = sum(lot.expired for lot in sale.own if lot.wallet == code)
            due = max(gave - sale.gives[code] - gone, 0) - sale.claimed[code]
            if due > 0:
                sale.claimed[code] += due
                self._claim(sale, code, due, day)

    def _stays(self, sale: Sale, gave: int, again: int) -> int:
        policy = self.terms.points_back
        if policy == "kept":
            return gave
        if sale.is_empty:
            return 0
        if policy == "when_whole":
            return gave
        if policy == "decided_again":
            return again
        return gave - _rounded(gave * (sale.total - sale.kept), sale.total, self.terms.rounding)

    def _claim(self, sale: Sale, code: str, points: int, day: date) -> None:
        """From the sale's own lots, then as a burn, pending lots last; the rest is owed or forgiven."""
        if points < 1:
            return
        wallet = self.terms.wallets[code]
        lots = [lot for lot in self.lots if lot.wallet == code and lot.open]
        lots.sort(key=ORDERS[wallet.order])
        lots.sort(key=lambda lot: (lot not in sale.own, not lot.can_be_used(day)))
        left = points
        for lot in lots:
            part = min(lot.open, left)
            lot.open, left = lot.open - part, left - part
        owed = left if wallet.negative != "never" else 0
        self.owe(code, owed)
        self.sides["issued", code] += points - left + owed


def _that_pay(wallet: Wallet, due: int) -> int:
    """The fewest points that pay all of it, or as near to it as points and their steps come."""
    assert wallet.worth is not None
    worth, minor = wallet.worth
    points = -(-due * worth // minor)
    if points * minor // worth > due:
        points -= 1
    points -= points % wallet.step
    return points if points >= wallet.least else 0


def _rounded(number: int, of: int, how: str) -> int:
    whole, rest = divmod(number, of)
    if how == "half_even":
        return whole + (2 * rest > of or (2 * rest == of and whole % 2 == 1))
    return whole + (rest > 0 if how == "up" else 2 * rest >= of if how == "half_up" else 0)
