"""What a percentage, an amount or a price takes off portions of lines, before ceilings. Minor units, rounded."""

from collections.abc import Sequence

from cagnotte.domain.earning.terms import BASIS
from cagnotte.domain.offers.bill import Portion
from cagnotte.domain.offers.effects import Amount, Cut, Per, Percent, Price
from cagnotte.domain.offers.policy import FloorRefused, Reckoning, RoundedTo, ShareBy
from cagnotte.domain.offers.sharing import rounded, shared_within


def cut_off(
    portions: Sequence[Portion],
    cut: Cut,
    *,
    per: Per,
    reckoning: Reckoning,
    rounded_per: RoundedTo,
    first: int | None = None,
) -> list[int]:
    """What `cut` takes off each portion: never more than it costs, never below what must be kept of it.

    `per` is for amounts and prices; a percentage follows `rounded_per`. `first`: the amount of the first article.
    """
    match cut:
        case Percent(basis_points=rate):
            if rounded_per is RoundedTo.BASKET:
                total = rounded(sum([each.base for each in portions]) * rate, BASIS, reckoning.rounding)
                return _together(portions, total, reckoning, ShareBy.VALUE)
            asked = _percent_of_each(portions, rate, reckoning, per_unit=rounded_per is RoundedTo.UNIT)
        case Amount(minor=minor) | Price(minor=minor) if per is Per.SALE:
            whole = sum([each.value for each in portions])
            total = minor if isinstance(cut, Amount) else whole - minor
            return _together(portions, total, reckoning, reckoning.share_by)
        case Amount(minor=minor) if per is Per.LINE:
            asked = _amount_per_line(portions, minor)
        case Amount(minor=minor):
            asked = _amount_per_unit(portions, minor, first)
        case Price(minor=minor):
            asked = [each.value - minor * (1 if per is Per.LINE else each.count) for each in portions]
    return [max(min(minor, each.room), 0) for minor, each in zip(asked, portions, strict=True)]


def _together(portions: Sequence[Portion], total: int, reckoning: Reckoning, by: ShareBy) -> list[int]:
    """A discount on all portions together, shared; what a floor refuses is lost or moved."""
    rooms = [each.room for each in portions]
    limits = rooms if reckoning.floor_refused is FloorRefused.MOVED else [each.value for each in portions]
    if by is ShareBy.LINES:
        asked = _same_for_each_line(portions, max(total, 0), limits, reckoning)
    else:
        weights = [each.base if by is ShareBy.VALUE else _articles(each) for each in portions]
        asked = shared_within(max(total, 0), weights, limits, reckoning.odd_cents)
    return [min(minor, room) for minor, room in zip(asked, rooms, strict=True)]


def _articles(portion: Portion) -> int:
    """How many articles share in an amount: those that cost something."""
    return portion.count if portion.value > 0 else 0


def _same_for_each_line(
    portions: Sequence[Portion], total: int, limits: Sequence[int], reckoning: Reckoning
) -> list[int]:
    """The same for each line that costs something; within a line that is in several portions, by value."""
    by_line: dict[int, list[int]] = {}
    for place, each in enumerate(portions):
        by_line.setdefault(each.line, []).append(place)
    room = [sum([limits[place] for place in places]) for places in by_line.values()]
    parts = shared_within(total, [1 if each else 0 for each in room], room, reckoning.odd_cents)
    found = [0] * len(portions)
    for places, part in zip(by_line.values(), parts, strict=True):
        bases, tops = [portions[place].base for place in places], [limits[place] for place in places]
        minors = shared_within(part, bases, tops, reckoning.odd_cents)
        for place, minor in zip(places, minors, strict=True):
            found[place] = minor
    return found


def _percent_of_each(portions: Sequence[Portion], rate: int, reckoning: Reckoning, *, per_unit: bool) -> list[int]:
    mode = reckoning.rounding
    if per_unit:
        return [_percent_of_units(each, rate, reckoning) for each in portions]
    if all(each.piece is None for each in portions):
        return [rounded(each.base * rate, BASIS, mode) for each in portions]
    found = [0] * len(portions)
    by_line: dict[int, list[int]] = {}
    for place, each in enumerate(portions):
        by_line.setdefault(each.line, []).append(place)
    for places in by_line.values():
        parts = [portions[place] for place in places]
        bases = [each.base for each in parts]
        total = rounded(sum(bases) * rate, BASIS, mode)
        minors = shared_within(total, bases, [each.value for each in parts], reckoning.odd_cents)
        for place, minor in zip(places, minors, strict=True):
            found[place] = minor
    return found


def _percent_of_units(portion: Portion, rate: int, reckoning: Reckoning) -> int:
    """Each article's share rounded on its own; the odd cents of a line are on its first articles."""
    if not portion.count:
        return rounded(portion.base * rate, BASIS, reckoning.rounding)
    price, dearer = divmod(portion.base, portion.count)
    low = rounded(price * rate, BASIS, reckoning.rounding)
    high = rounded((price + 1) * rate, BASIS, reckoning.rounding) if dearer else 0
    return low * (portion.count - dearer) + high * dearer


def _amount_per_line(portions: Sequence[Portion], minor: int) -> list[int]:
    """Once per line, also where a line is in several portions."""
    found, left = [], {each.line: minor for each in portions}
    for each in portions:
        part = min(left[each.line], each.room)
        left[each.line] -= part
        found.append(part)
    return found


def _amount_per_unit(portions: Sequence[Portion], minor: int, first: int | None) -> list[int]:
    asked = [minor * each.count for each in portions]
    if first is not None and portions and portions[0].count:
        asked[0] += first - minor
    return asked
