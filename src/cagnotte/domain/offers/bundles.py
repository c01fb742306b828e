"""Bundles: articles of several parts bought together, at a price or with something off."""

from collections.abc import Iterator, Sequence

from cagnotte.domain.offers.bill import Portion, Run
from cagnotte.domain.offers.effects import Bundle, Per
from cagnotte.domain.offers.giving import Giving
from cagnotte.domain.offers.grouped import cuts_off, payable, times_cut
from cagnotte.domain.offers.groups import Members, articles, ordered
from cagnotte.domain.offers.policy import Groups, RoundedTo


def bundles(giving: Giving, effect: Bundle) -> int:
    """Bundles as long as the articles last; those that save nothing are not made. How many were."""
    lines = [giving.lines(part.lines) for part in effect.parts]
    stock = _Stock(giving, effect, lines)
    portions: list[Portion] = []
    minors: list[int] = []
    times, most = 0, giving.most_times
    for alike, members in stock.bundles():
        wanted = alike if most is None else min(alike, most - times)
        if not wanted:
            break
        found = giving.of_members([(run, count * wanted) for run, count in members])
        asked = cuts_off(giving, found, times_cut(effect.cut, wanted), Per.SALE, RoundedTo.BASKET)
        if sum(asked):
            portions += found
            minors += asked
            times += wanted
    if not times:
        giving.missing = stock.missing
    giving.take(portions, minors)
    return times


class _Stock:
    """The articles of each part in the order in which bundles take them; an article is taken once."""

    def __init__(self, giving: Giving, effect: Bundle, lines: Sequence[Sequence[int]]) -> None:
        runs = payable(giving, sorted({number for own in lines for number in own}))
        groups = giving.reckoning.groups
        if groups is not Groups.BASKET_ORDER:
            runs = ordered(runs, dearest_first=groups is Groups.BEST)
        members = [set(part) for part in lines]
        own = [[run for run in runs if run.line in part] for part in members]
        fewest = sorted(range(len(own)), key=lambda number: (articles(own[number]), number))
        self._parts = [(effect.parts[number].quantity, own[number]) for number in fewest]
        self._next = [0] * len(own)
        self._left = {id(run): run.count for run in runs}
        self.missing = max(sum([max(wanted - articles(part), 0) for wanted, part in self._parts]), 1)

    def bundles(self) -> Iterator[tuple[int, Members]]:
        """(how many bundles alike, the members of one); the part with the fewest articles chooses first."""
        while (members := self._one()) is not None:
            alike = 1 + min([self._left[id(run)] // count for run, count in members])
            for run, count in members:
                self._left[id(run)] -= count * (alike - 1)
            yield alike, members

    def _one(self) -> Members | None:
        """The articles of one more bundle, taken from the stock; None when there are not enough."""
        used: dict[int, int] = {}
        runs: dict[int, Run] = {}
        for number, (wanted, part) in enumerate(self._parts):
            missing = wanted
            while missing:
                if self._next[number] == len(part):
                    return None
                run = part[self._next[number]]
                count = min(self._left[id(run)], missing)
                if not count:
                    self._next[number] += 1
                    continue
                self._left[id(run)] -= count
                used[id(run)] = used.get(id(run), 0) + count
                runs[id(run)] = run
                missing -= count
        return [(run, used[key]) for key, run in runs.items()]
