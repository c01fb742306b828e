"""The best allowed combination of offers: branch and bound over those of which not all can be given."""

from collections.abc import Sequence

import msgspec

from cagnotte.domain.offers.bounds import bound_alone
from cagnotte.domain.offers.given import Standing
from cagnotte.domain.offers.goods import Goods
from cagnotte.domain.offers.policy import Choose, Objective
from cagnotte.domain.offers.rivalry import Rivalry
from cagnotte.domain.offers.turns import Outcome, take_turns

GIVINGS_MOST = 32_768  # offers worked out in all combinations, before the best one so far is taken
_NODES_MOST = 65_536

type _Liking = tuple[int, int, int]


class Combination(msgspec.Struct, frozen=True):
    """The offers chosen, in their order, and what they give. `bound`: no allowed combination can reach more."""

    chosen: tuple[Standing, ...]
    outcome: Outcome
    is_proven: bool
    bound: int


class _Found(msgspec.Struct, frozen=True):
    """A combination that was worked out; `liking`: a larger one is better."""

    chosen: frozenset[int]
    outcome: Outcome
    liking: _Liking


class Search:
    """The contested offers are decided in their order; the others are always given.

    Of combinations that are liked as much, the one with the earliest offer that the other lacks is taken.
    """

    def __init__(self, rivalry: Rivalry, goods: Goods, contested: Sequence[int]) -> None:
        self.rivalry = rivalry
        self.goods = goods
        self.objective = rivalry.policy.objective
        self.contested = list(contested)
        self.always = frozenset(range(len(rivalry.standing))) - frozenset(contested)
        self.withholds = rivalry.policy.choose is Choose.BEST_OF_ALL
        self.whole = sum(goods.original) + max(goods.sale.delivery, 0)
        self.bounds = [bound_alone(each, goods, self.whole) + each.offer.worth for each in rivalry.standing]
        self.cliques = rivalry.cliques(self.contested)
        self._givings = 0

    def best(self) -> Combination:
        found = self._worked_out(self._greedy())
        nodes = 0
        ahead: list[tuple[int, frozenset[int]]] = [(0, frozenset())]
        while ahead and self._givings < GIVINGS_MOST and nodes < _NODES_MOST:
            nodes += 1
            place, chosen = ahead.pop()
            if self._cannot_win(place, chosen, found):
                continue
            if place < len(self.contested):
                ahead += self._branches(place, chosen)
            elif self.withholds or self._is_maximal(chosen):
                other = self._worked_out(chosen)
                found = max(found, other, key=lambda each: each.liking)
        outcome = found.outcome
        bound = self._most(0, frozenset()) if ahead else outcome.saving + outcome.worth
        return Combination(tuple(self.rivalry.of(found.chosen)), outcome, not ahead, bound)

    def _greedy(self) -> frozenset[int]:
        """A good combination to begin with: the most promising offer, then each that goes with those before."""
        return self.rivalry.first_come(sorted(self.contested, key=lambda number: (-self.bounds[number], number)))

    def _branches(self, place: int, chosen: frozenset[int]) -> list[tuple[int, frozenset[int]]]:
        """With the next contested offer, tried first, and without it; only with it when nothing is against it."""
        number = self.contested[place]
        without = (place + 1, chosen)
        if not self.rivalry.fits(number, chosen):
            return [without]
        together = (place + 1, chosen | {number})
        later = self.rivalry.rivals[number].intersection(self.contested[place + 1 :])
        is_free = not later and not self.rivalry.is_counted(number)
        return [together] if is_free and not self.withholds else [without, together]

    def _worked_out(self, chosen: frozenset[int]) -> _Found:
        together = chosen | self.always
        outcome = take_turns(self.rivalry.of(together), self.goods)
        self._givings += max(len(together), 1)
        return _Found(together, outcome, (*self._value(outcome), self._mask(together)))

    def _value(self, outcome: Outcome) -> tuple[int, int]:
        value = outcome.saving + outcome.worth
        match self.objective:
            case Objective.MEMBER_SAVING:
                return (value, 0)
            case Objective.MARGIN:
                return (-value, 0)
            case Objective.POINTS_COST:
                return (-outcome.points, value)

    def _mask(self, chosen: frozenset[int]) -> int:
        """A number that is larger the earlier the first offer is that another combination lacks."""
        last = len(self.rivalry.standing)
        return sum([1 << (last - number) for number in chosen])

    def _is_maximal(self, chosen: frozenset[int]) -> bool:
        return not any(self.rivalry.fits(number, chosen) for number in self.contested if number not in chosen)

    def _cannot_win(self, place: int, chosen: frozenset[int], found: _Found) -> bool:
        if self.objective is not Objective.MEMBER_SAVING:
            return False
        most, best = self._most(place, chosen), found.liking[0]
        if most != best:
            return most < best
        return self._mask(chosen | self.always | frozenset(self.contested[place:])) <= found.liking[2]

    def _most(self, place: int, chosen: frozenset[int]) -> int:
        """No combination of those chosen and what may still be chosen gives more, in any company."""
        ahead = {number for number in self.contested[place:] if self.rivalry.fits(number, chosen)}
        total = sum([self.bounds[number] for number in (*chosen, *self.always)])
        for part in self.cliques:
            total += max([self.bounds[number] for number in part if number in ahead], default=0)
        worth = sum([self.rivalry.standing[number].offer.worth for number in (*chosen, *self.always, *ahead)])
        return min(total, self.whole + worth)
