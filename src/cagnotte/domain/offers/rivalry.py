"""Which offers are never given together."""

from collections.abc import Sequence

from cagnotte.domain.offers.bounds import has_basket_percentage, takes_off
from cagnotte.domain.offers.given import Standing
from cagnotte.domain.offers.policy import OfferPolicy
from cagnotte.domain.offers.terms import BestPer, Offer


def conflict(first: Offer, second: Offer, policy: OfferPolicy) -> bool:
    """Whether two offers are never given together; `first` comes first."""
    one, other = first.stack, second.stack
    if _is_per_line(first, second):
        return False
    if one.last or _excludes(first, second) or _excludes(second, first):
        return True
    if one.combines_with is not None and other.group not in one.combines_with:
        return True
    if other.combines_with is not None and one.group not in other.combines_with:
        return True
    return policy.one_basket_percentage and has_basket_percentage(first) and has_basket_percentage(second)


class Rivalry:
    """Who may be chosen with whom; offers are known by their number in the order of turns."""

    def __init__(self, standing: Sequence[Standing], policy: OfferPolicy) -> None:
        self.standing = standing
        self.policy = policy
        offers = [each.offer for each in standing]
        self.rivals: list[set[int]] = [set() for _ in offers]
        choosy = [_is_choosy(offer, policy) for offer in offers]
        for second, is_choosy in enumerate(choosy):
            for first in range(second):
                if (is_choosy or choosy[first]) and conflict(offers[first], offers[second], policy):
                    self.rivals[first].add(second)
                    self.rivals[second].add(first)
        self._coupons = {number for number, each in enumerate(standing) if each.coupon}
        self._takes_off = {number for number, offer in enumerate(offers) if takes_off(offer)}

    def of(self, chosen: frozenset[int]) -> list[Standing]:
        return [self.standing[number] for number in sorted(chosen)]

    def fits(self, number: int, chosen: frozenset[int]) -> bool:
        """Whether an offer may be added to those chosen."""
        if self.rivals[number] & chosen:
            return False
        return self._fits(number, chosen, self._coupons, self.policy.coupons_most) and self._fits(
            number, chosen, self._takes_off, self.policy.offers_most
        )

    def contested(self) -> list[int]:
        """The offers of which not all can be given."""
        contested = {number for number, rivals in enumerate(self.rivals) if rivals}
        for counted, most in (
            (self._coupons, self.policy.coupons_most),
            (self._takes_off, self.policy.offers_most),
        ):
            if most is not None and len(counted) > most:
                contested |= counted
        return sorted(contested)

    def first_come(self, order: Sequence[int]) -> frozenset[int]:
        chosen: frozenset[int] = frozenset()
        for number in order:
            if self.fits(number, chosen):
                chosen |= {number}
        return chosen

    def cliques(self, numbers: Sequence[int]) -> list[list[int]]:
        """The offers in parts of which each holds offers that all exclude each other: one of a part is given."""
        parts: list[list[int]] = []
        for number in numbers:
            rivals = self.rivals[number]
            part = next((part for part in parts if rivals.issuperset(part)), None)
            if part is None:
                parts.append([number])
            else:
                part.append(number)
        return parts

    def is_counted(self, number: int) -> bool:
        """Whether a number of offers is limited that this one counts for."""
        by_coupon = self.policy.coupons_most is not None and number in self._coupons
        return by_coupon or (self.policy.offers_most is not None and number in self._takes_off)

    @staticmethod
    def _fits(number: int, chosen: frozenset[int], counted: set[int], most: int | None) -> bool:
        return most is None or number not in counted or len(chosen & counted) < most


def _is_choosy(offer: Offer, policy: OfferPolicy) -> bool:
    """Whether there may be offers that it is not given with; of two rivals at least one is."""
    stack = offer.stack
    if stack.exclusive or stack.last or stack.combines_with is not None:
        return True
    return policy.one_basket_percentage and has_basket_percentage(offer)


def _excludes(one: Offer, other: Offer) -> bool:
    stack = one.stack
    return stack.exclusive and (not stack.group or stack.group == other.stack.group)


def _is_per_line(first: Offer, second: Offer) -> bool:
    """Whether the two compete line by line, instead of one for the whole sale."""
    one, other = first.stack, second.stack
    same = one.group == other.group
    return same and one.best_per is BestPer.LINE and other.best_per is BestPer.LINE
