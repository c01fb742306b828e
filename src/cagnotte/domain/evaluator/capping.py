"""Caps on what rules give: first on the amount that is counted, then on points and on times."""

from collections.abc import Sequence

from cagnotte.domain.earning.amounts import of_bands, of_rate, rounded, scaled
from cagnotte.domain.earning.caps import Counting
from cagnotte.domain.earning.terms import Bands, Cap, CapUnit, EarnRule, Mode, Multiplier, Rate
from cagnotte.domain.evaluator.gains import Gain, rounding_of
from cagnotte.domain.evaluator.prepared import prepared
from cagnotte.domain.programme.document import Programme


def limit_amount(programme: Programme, gain: Gain, spent: int, counting: Counting) -> None:
    """Let the rule count no more of `spent`, in minor units, than its caps in money have left."""
    gain.spent, gain.counted, gain.whole = spent, max(spent, 0), gain.exact
    left = [counting.left(cap) for cap in _caps_of(programme, gain.rule) if cap.unit is CapUnit.MONEY]
    if left:
        _count_only(gain, min(left))


def share_amounts(programme: Programme, gains: Sequence[Gain], counting: Counting) -> None:
    """Of rules that name the same cap in money, each counts what those written before it left."""
    taken: dict[str, int] = {}
    for gain in gains:
        if gain.lost_to or not gain.rule.caps:
            continue
        caps = _caps_of(programme, gain.rule)
        shared = [cap for cap in caps if cap.unit is CapUnit.MONEY]
        if shared:
            _count_only(gain, min(counting.left(cap) - taken.get(cap.code, 0) for cap in shared))
            if _gives(programme, gain, caps, counting):
                taken |= {cap.code: taken.get(cap.code, 0) + gain.counted for cap in shared}


def cut(programme: Programme, gain: Gain, counting: Counting) -> None:
    """Cut the points to what the rule's caps have left, and count them."""
    caps = _caps_of(programme, gain.rule)
    for cap in caps:
        left = counting.left(cap)
        if cap.unit is CapUnit.POINTS and gain.points > left:
            gain.cut, gain.points, gain.capped_by = gain.cut + gain.points - left, left, cap.code
        elif cap.unit is CapUnit.TIMES and left < 1:
            gain.cut, gain.points, gain.capped_by = gain.cut + gain.points, 0, cap.code
    if gain.points > 0:
        for cap in caps:
            counting.add(cap, _counts(cap, gain))


def _gives(programme: Programme, gain: Gain, caps: Sequence[Cap], counting: Counting) -> bool:
    """Whether it gives a point at all; a rule that gives none uses nothing up."""
    if any(cap.unit is not CapUnit.MONEY and counting.left(cap) < 1 for cap in caps):
        return False
    return rounded(gain.exact, rounding_of(programme, gain.rule).mode) > 0


def _count_only(gain: Gain, most: int) -> None:
    """What the rule gives when it counts at most so much; of a formula or a multiplier the share of that."""
    if most >= gain.counted:
        return
    gain.counted = most
    match gain.rule.amount:
        case Rate() as rate:
            gain.exact = of_rate(rate, most)
        case Bands() as bands:
            gain.exact = of_bands(bands, most)
        case Multiplier():
            gain.exact = scaled(gain.whole, most, gain.spent)
        case _:
            gain.exact = rounded(scaled(gain.whole, most, gain.spent), Mode.DOWN)
    gain.points = gain.exact if isinstance(gain.exact, int) else 0  # shares are rounded later


def _caps_of(programme: Programme, rule: EarnRule) -> Sequence[Cap]:
    known = prepared(programme).caps
    return [known[code] for code in rule.caps]


def _counts(cap: Cap, gain: Gain) -> int:
    match cap.unit:
        case CapUnit.POINTS:
            return gain.points
        case CapUnit.MONEY:
            return gain.counted
        case CapUnit.TIMES:
            return 1
