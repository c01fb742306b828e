"""Which offers are given when not all of them can be: the best allowed combination, or the first by priority."""

from collections.abc import Sequence

from cagnotte.domain.offers.given import Standing
from cagnotte.domain.offers.goods import Goods
from cagnotte.domain.offers.policy import Choose, OfferPolicy
from cagnotte.domain.offers.rivalry import Rivalry
from cagnotte.domain.offers.search import Combination, Search
from cagnotte.domain.offers.turns import Outcome, take_turns


def combine(standing: Sequence[Standing], goods: Goods, policy: OfferPolicy) -> Combination:
    """Choose among offers in their order. The same offers and basket always give the same answer."""
    rivalry = Rivalry(standing, policy)
    contested = rivalry.contested()
    if policy.choose in {Choose.PRIORITY, Choose.EXCLUSIVE_FIRST} and contested:
        chosen = rivalry.first_come(_by_claim(_of_use(standing, rivalry, goods), standing, policy))
        return _told(rivalry, chosen, take_turns(rivalry.of(chosen), goods))
    if policy.choose is Choose.BEST_OF_ALL:
        return Search(rivalry, goods, range(len(standing))).best()
    if contested:
        return Search(rivalry, goods, contested).best()
    return _told(rivalry, frozenset(range(len(standing))), take_turns(standing, goods))


def _of_use(standing: Sequence[Standing], rivalry: Rivalry, goods: Goods) -> list[int]:
    """The offers without those that would keep others away and give nothing themselves."""
    return [
        number
        for number, each in enumerate(standing)
        if not rivalry.rivals[number] or take_turns([each], goods).given
    ]


def _by_claim(numbers: Sequence[int], standing: Sequence[Standing], policy: OfferPolicy) -> list[int]:
    """Who chooses first: the order of turns, or exclusive offers before the others."""
    if policy.choose is Choose.PRIORITY:
        return list(numbers)
    return sorted(numbers, key=lambda number: (not standing[number].offer.stack.exclusive, number))


def _told(rivalry: Rivalry, chosen: frozenset[int], outcome: Outcome) -> Combination:
    return Combination(tuple(rivalry.of(chosen)), outcome, True, outcome.saving + outcome.worth)
