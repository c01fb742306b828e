"""One offer being given: what its effects may take of which lines, until its ceilings are reached."""

from collections.abc import Sequence

from cagnotte.domain.offers.bill import Bill, Portion, Run
from cagnotte.domain.offers.goods import Goods
from cagnotte.domain.offers.groups import Members, first_articles, ordered
from cagnotte.domain.offers.policy import Groups, OddCents, Pick, PriceBase, Units
from cagnotte.domain.offers.sharing import shared
from cagnotte.domain.offers.terms import Offer
from cagnotte.domain.rules import Rule


class Giving:
    """The offer, the bill that it works on, and how much more it may take off (`money`; None: no limit).

    `times`: how often the offer holds (of an offer that repeats). `most_times`: how often it may be given.
    """

    def __init__(
        self, offer: Offer, goods: Goods, bill: Bill, *, times: int, most_times: int | None, money: int | None
    ) -> None:
        self.offer = offer
        self.goods = goods
        self.bill = bill
        self.times = times
        self.most_times = most_times
        self.money = money
        self.given_times = times
        self.reckoning = offer.reckoning
        self.uses_units = offer.reckoning.units is Units.ONCE
        self.delivery_off = 0
        self.missing = 0  # articles that lack for a first group

    def lines(self, rule: Rule | None) -> tuple[int, ...]:
        """The lines of a rule; None: the lines that qualify for the offer."""
        found = self.goods.within(self.offer, self.offer.lines if rule is None else rule)
        return self.without_discounted(found)

    def all_lines(self) -> tuple[int, ...]:
        return self.without_discounted(self.goods.within(self.offer, None))

    def without_discounted(self, lines: tuple[int, ...]) -> tuple[int, ...]:
        """The lines without those that an offer before took something off, where the offer says so."""
        if self.offer.stack.on_discounted:
            return lines
        left, original = self.bill.left, self.goods.original
        return tuple([number for number in lines if left[number] == original[number]])

    def portions(self, lines: Sequence[int], *, by_unit: bool = False) -> list[Portion]:
        """Each line as a whole; of a line of which articles were used by other offers, only the others.

        `by_unit`: articles of one line that cost differently by now are portions of their own.
        """
        found = []
        for number in lines:
            is_split = by_unit and self.bill.is_split(number)
            if is_split or (self.uses_units and not self.bill.is_whole(number)):
                found += [self.portion(run, run.count) for run in self.runs((number,))]
            elif self.bill.left[number] > 0:
                found.append(self._whole(number))
        return found

    def runs(self, lines: Sequence[int]) -> list[Run]:
        """The articles of the lines, by price, in the order of the basket."""
        return [run for number in lines for run in self.bill.runs(number, unused_only=self.uses_units)]

    def picked(self, runs: Sequence[Run], wanted: int, pick: Pick | None = None) -> list[Portion]:
        """The `wanted` cheapest or dearest articles of all, as the offer picks them."""
        in_order = self.in_order(runs, pick)
        return self.of_members(first_articles(in_order, wanted))

    def in_order(self, runs: Sequence[Run], pick: Pick | None = None) -> list[Run]:
        if pick is None and self.reckoning.groups is Groups.BASKET_ORDER:
            return list(runs)
        return ordered(runs, dearest_first=(pick or self.reckoning.pick) is Pick.DEAREST)

    def of_members(self, members: Members) -> list[Portion]:
        return [self.portion(run, count) for run, count in members]

    def portion(self, run: Run, count: int) -> Portion:
        value = run.price * count
        line = run.line
        left, quantity = self.bill.left[line], self.goods.quantities[line]
        base = self.goods.base_of(line, left, self.reckoning)
        of_part = value if base == left else value + (base - left) * count // quantity
        return Portion(line, run.piece, count, value, max(of_part, 0), self._keep(line, count))

    def take(self, portions: Sequence[Portion], minors: Sequence[int], most: int | None = None) -> int:
        """Take what was asked off the portions, within the ceilings; what was taken, in minor units."""
        minors = self._less_reductions(portions, minors)
        total = sum(minors)
        allowed = self.allowed(total, most)
        if allowed < total:
            minors = shared(allowed, minors, OddCents.REMAINDER)
        self.bill.take(portions, minors, uses=self.uses_units)
        self._spent(allowed)
        return allowed

    def take_delivery(self, minor: int, most: int | None = None) -> None:
        allowed = self.allowed(min(minor, self.bill.delivery), most)
        self.bill.delivery -= allowed
        self.delivery_off += allowed
        self._spent(allowed)

    def allowed(self, total: int, most: int | None) -> int:
        return min([total, *[limit for limit in (most, self.money) if limit is not None]])

    def _spent(self, minor: int) -> None:
        if self.money is not None:
            self.money -= minor

    def _less_reductions(self, portions: Sequence[Portion], minors: Sequence[int]) -> list[int]:
        if self.reckoning.price is not PriceBase.LIST_INSTEAD:
            return list(minors)
        found = []
        for portion, minor in zip(portions, minors, strict=True):
            reduction = self.goods.reduction(portion.line)
            if portion.piece is not None:
                reduction = reduction * portion.count // self.goods.quantities[portion.line]
            found.append(max(minor - reduction, 0))
        return found

    def _whole(self, line: int) -> Portion:
        left, quantity = self.bill.left[line], self.goods.quantities[line]
        base = self.goods.base_of(line, left, self.reckoning)
        return Portion(line, None, quantity, left, base, self._keep(line, quantity))

    def _keep(self, line: int, count: int) -> int:
        offer = self.offer
        return self.goods.keep_of(offer, line, count) if offer.floor or offer.floor_at_cost else 0
