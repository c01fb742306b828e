"""Discounts on lines, articles, the basket or the delivery, and steps."""

from collections.abc import Sequence

import msgspec

from cagnotte.domain.earning.terms import BASIS
from cagnotte.domain.offers.bill import Portion, Run
from cagnotte.domain.offers.cuts import cut_off
from cagnotte.domain.offers.effects import (
    Amount,
    Cut,
    Discount,
    On,
    Per,
    Percent,
    Price,
    Step,
    Steps,
    StepsBy,
    Target,
)
from cagnotte.domain.offers.giving import Giving
from cagnotte.domain.offers.groups import first_articles
from cagnotte.domain.offers.needs import bought, spent
from cagnotte.domain.offers.policy import Pick, RoundedTo
from cagnotte.domain.offers.sharing import rounded

_PICKS = {On.CHEAPEST: Pick.CHEAPEST, On.DEAREST: Pick.DEAREST}


def discount(giving: Giving, effect: Discount) -> None:
    """Take what the effect says off its target."""
    cut = effect.cut
    if isinstance(cut, Amount) and effect.per is Per.SALE:
        cut = Amount(cut.minor * giving.times)
    if effect.target.on is On.DELIVERY:
        giving.take_delivery(_off_delivery(giving, cut), effect.most)
        return
    portions = targeted(giving, effect.target, by_unit=effect.per is Per.UNIT)
    _take(giving, portions, effect, cut)


def targeted(giving: Giving, target: Target, *, by_unit: bool = False) -> list[Portion]:
    """The lines or articles that a target means."""
    if target.on in {On.BASKET, On.ALL} and target.lines is None:
        lines = giving.all_lines()
    else:
        lines = giving.lines(target.lines)
    pick = _PICKS.get(target.on)
    if pick is None and target.units is None and target.units_per_line is None:
        return giving.portions(lines, by_unit=by_unit)
    wanted = target.units if pick is None else target.units or 1
    runs = [run for run in giving.runs(lines) if run.price > 0]
    if target.units_per_line is not None:
        runs = _some_of_each(giving, runs, target.units_per_line, pick)
    if wanted is None:
        return [giving.portion(run, run.count) for run in runs]
    return giving.picked(runs, wanted * giving.times, pick)


def steps(giving: Giving, effect: Steps) -> int:
    """Take what the reached step says; how much is missing for the next one (0: there is none)."""
    lines = giving.lines(None)
    if effect.by_line:
        for number in lines:
            reached, _ = _reached(giving, effect, (number,))
            if reached is not None:
                _take(
                    giving,
                    giving.portions((number,), by_unit=True),
                    _as_discount(effect, reached, On.QUALIFYING),
                    reached,
                )
        return 0
    reached, missing = _reached(giving, effect, lines)
    if reached is not None:
        discount(giving, _as_discount(effect, reached, effect.target.on))
    return missing


def _reached(giving: Giving, effect: Steps, lines: Sequence[int]) -> tuple[Cut | None, int]:
    """The cut of the highest step that these lines reach, and what is missing for the next."""
    count = spent if effect.by is StepsBy.SPEND else bought
    value = count(giving.offer, lines, giving.goods, giving.bill)
    if effect.every:
        times = value // effect.every
        if giving.most_times is not None:
            times = min(times, giving.most_times)
        giving.given_times = max(times, 1)
        return (_times(effect.steps[0], times) if times else None), effect.every - value % effect.every
    reached = [step for step in effect.steps if step.least <= value]
    ahead = [step.least - value for step in effect.steps if step.least > value]
    best = max(reached, key=lambda step: step.least, default=None)
    return (None if best is None else best.cut), min(ahead, default=0)


def _times(step: Step, times: int) -> Cut:
    match step.cut:
        case Percent(basis_points=rate):
            return Percent(min(rate * times, BASIS))
        case Amount(minor=minor):
            return Amount(minor * times)
        case Price():
            return step.cut


def _as_discount(effect: Steps, cut: Cut, on: On) -> Discount:
    return Discount(cut, msgspec.structs.replace(effect.target, on=on), effect.per, most=effect.most)


def _take(giving: Giving, portions: Sequence[Portion], effect: Discount, cut: Cut) -> None:
    per = giving.reckoning.rounded_per
    if per is RoundedTo.TARGET:
        per = RoundedTo.BASKET if effect.target.on is On.BASKET else RoundedTo.LINE
    minors = cut_off(
        portions, cut, per=effect.per, reckoning=giving.reckoning, rounded_per=per, first=effect.first
    )
    giving.take(portions, minors, effect.most)


def _off_delivery(giving: Giving, cut: Cut) -> int:
    left = giving.bill.delivery
    match cut:
        case Percent(basis_points=rate):
            return rounded(left * rate, BASIS, giving.reckoning.rounding)
        case Amount(minor=minor):
            return minor
        case Price(minor=minor):
            return max(left - minor, 0)


def _some_of_each(giving: Giving, runs: Sequence[Run], wanted: int, pick: Pick | None) -> list[Run]:
    """At most `wanted` articles of each line."""
    found = []
    for line in dict.fromkeys([run.line for run in runs]):
        own = giving.in_order([run for run in runs if run.line == line], pick)
        found += [Run(run.line, run.piece, run.price, count) for run, count in first_articles(own, wanted)]
    return found
