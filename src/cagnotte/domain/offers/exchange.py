"""Buy some and get some: articles of some lines for buying others."""

from collections.abc import Sequence

from cagnotte.domain.offers.bill import Portion, Run
from cagnotte.domain.offers.effects import BuyGet, Cut, GroupOff, Per, Present
from cagnotte.domain.offers.giving import Giving
from cagnotte.domain.offers.grouped import cuts_off, group_off, payable, times_cut
from cagnotte.domain.offers.groups import Members, articles
from cagnotte.domain.offers.policy import Gift


class _Stock:
    """The articles in question: those that only count as bought, only as got, or as either."""

    def __init__(self, giving: Giving, effect: BuyGet) -> None:
        buying, getting = set(giving.lines(None)), set(giving.lines(effect.lines))
        self.effect = effect
        self.both = buying & getting
        runs = payable(giving, sorted(buying | getting))
        pick = effect.pick or giving.reckoning.pick
        self.getting = giving.in_order([run for run in runs if run.line in getting], pick)
        self.only_bought = articles([run for run in runs if run.line in buying - self.both])
        self.either = articles([run for run in runs if run.line in self.both])
        self.value = sum([run.price * run.count for run in runs if run.line in buying])

    def got(self, times: int, wanted: int) -> Members | None:
        """The `wanted` articles that are got when buying `times` times; None when it does not work out."""
        lent = max(times * self.effect.buy - self.only_bought, 0)
        free = self.either - lent  # of those that count as either, so many need not be bought
        if free < 0:
            return None
        members = self._picked(wanted, free)
        if sum([count for _, count in members]) < wanted:
            return None
        bought = self.value - sum([run.price * count for run, count in members if run.line in self.both])
        return members if bought >= times * self.effect.spend else None

    def most_times(self) -> int:
        """How often it works out to get all; it does for any smaller number."""
        low, high = 0, articles(self.getting) // self.effect.get
        while low < high:
            middle = (low + high + 1) // 2
            if self.got(middle, middle * self.effect.get) is None:
                high = middle - 1
            else:
                low = middle
        return low

    def _picked(self, wanted: int, free: int) -> Members:
        members: Members = []
        for run in self.getting:
            count = min(run.count, wanted, free if run.line in self.both else run.count)
            if count > 0:
                members.append((run, count))
                wanted -= count
                free -= count if run.line in self.both else 0
        return members


def buy_get(giving: Giving, effect: BuyGet) -> tuple[int, tuple[Present, ...]]:
    """How often something was got for buying, and what is handed out besides."""
    if effect.lines is None and effect.buy and not effect.shared:
        return _same(giving, effect)
    stock = _Stock(giving, effect)
    most = giving.most_times
    times = stock.most_times() if most is None else min(stock.most_times(), most)
    wanted = times * effect.get
    members = stock.got(times, wanted) or []
    if giving.reckoning.partial and (most is None or times < most):
        for more in range(wanted + effect.get - 1, wanted, -1):
            found = stock.got(times + 1, more)
            if found is not None:
                members, times = found, times + 1
                break
    if not times:
        giving.missing = max(effect.buy - stock.only_bought - stock.either, 0) or 1
    _take(giving, giving.of_members(members), effect.cut, effect, times)
    return times, ()


def _same(giving: Giving, effect: BuyGet) -> tuple[int, tuple[Present, ...]]:
    """The articles got are of the lines that are bought: they are places of one group."""
    gift = giving.reckoning.gift
    if gift is Gift.ADDED:
        return _handed_out(giving, effect)
    paid = effect.buy if gift is Gift.IN_BASKET else max(effect.buy - effect.get, 0)
    got = effect.get if gift is Gift.IN_BASKET else min(effect.get, effect.buy)
    cuts: tuple[Cut | None, ...] = (None,) * paid + (effect.cut,) * got
    return group_off(giving, GroupOff(cuts, bought=paid, pick=effect.pick)), ()


def _handed_out(giving: Giving, effect: BuyGet) -> tuple[int, tuple[Present, ...]]:
    runs: Sequence[Run] = payable(giving, giving.lines(None))
    times = articles(runs) // effect.buy
    if giving.most_times is not None:
        times = min(times, giving.most_times)
    if not times:
        giving.missing = effect.buy - articles(runs)
        return 0, ()
    pick = effect.pick or giving.reckoning.pick
    sku = giving.goods.sale.lines[giving.in_order(runs, pick)[0].line].sku
    return times, (Present("product", sku, times * effect.get),)


def _take(giving: Giving, portions: list[Portion], cut: Cut, effect: BuyGet, times: int) -> None:
    if effect.shared:
        minors = cuts_off(giving, portions, times_cut(cut, times), Per.SALE)
    else:
        minors = cuts_off(giving, portions, cut, Per.UNIT)
    giving.take(portions, minors)
