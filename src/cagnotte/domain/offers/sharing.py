"""Rounding, and amounts shared into whole parts that add up. Everything here is in minor units and >= 0."""

from collections.abc import Sequence

from cagnotte.domain.earning.terms import Mode
from cagnotte.domain.offers.policy import OddCents


def rounded(numerator: int, denominator: int, mode: Mode) -> int:
    """`numerator` / `denominator` as a whole number; both >= 0, the denominator > 0."""
    whole, rest = divmod(numerator, denominator)
    if not rest or mode is Mode.DOWN:
        return whole
    if mode is Mode.UP:
        return whole + 1
    if mode is Mode.HALF_EVEN and rest * 2 == denominator:
        return whole + whole % 2
    return whole + (rest * 2 >= denominator)


def shared(total: int, weights: Sequence[int], odd: OddCents) -> list[int]:
    """`total` split by weight into parts that add up to it; a weight of 0 gets nothing.

    Without any positive weight all parts are 0. A part never exceeds its weight when `total` does not exceed
    their sum, except that the rest taken by the last one may.
    """
    whole = sum(weights)
    if whole <= 0 or total <= 0:
        return [0] * len(weights)
    if len(weights) == 1:
        return [total]
    if odd is OddCents.REST_TO_LAST:
        return _rest_to_last(total, weights, whole)
    parts = [total * weight // whole for weight in weights]
    left = total - sum(parts)
    if left:
        for number in _order(total, weights, whole, odd)[:left]:
            parts[number] += 1
    return parts


def shared_within(total: int, weights: Sequence[int], limits: Sequence[int], odd: OddCents) -> list[int]:
    """`total` split by weight, no part above its limit; what does not fit goes to the others.

    When all limits together are less than `total`, each part is its limit.
    """
    if total >= sum(limits):
        return list(limits)
    parts = [min(part, limit) for part, limit in zip(shared(total, weights, odd), limits, strict=True)]
    left = total - sum(parts)
    while left:
        room = [limit - part for part, limit in zip(parts, limits, strict=True)]
        weighed = [weight if free else 0 for weight, free in zip(weights, room, strict=True)]
        more = shared(left, weighed if any(weighed) else room, odd)
        parts = [part + min(add, free) for part, add, free in zip(parts, more, room, strict=True)]
        left = total - sum(parts)
    return parts


def _order(total: int, weights: Sequence[int], whole: int, odd: OddCents) -> list[int]:
    """Who gets the odd cents, one each: fewer than there are positive weights."""
    counted = [number for number, weight in enumerate(weights) if weight > 0]
    match odd:
        case OddCents.FIRST:
            return counted
        case OddCents.LAST:
            return counted[::-1]
        case OddCents.LARGEST:
            return sorted(counted, key=lambda number: (-weights[number], number))
        case _:
            return sorted(counted, key=lambda number: (-(total * weights[number] % whole), number))


def _rest_to_last(total: int, weights: Sequence[int], whole: int) -> list[int]:
    last = max(number for number, weight in enumerate(weights) if weight > 0)
    parts, left = [], total
    for number, weight in enumerate(weights):
        part = left if number == last else min(rounded(total * weight, whole, Mode.HALF_UP), left)
        parts.append(part)
        left -= part
    return parts
