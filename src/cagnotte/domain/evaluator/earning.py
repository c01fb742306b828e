"""What the earn rules of an occasion give: matched, computed exactly, the best of each group, rounded, cut by
caps, and then multiplied."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from cagnotte.domain.earning.amounts import Exact, of_bands, of_rate, rounded, spread_rounding
from cagnotte.domain.earning.caps import Counting
from cagnotte.domain.earning.terms import Bands, EarnRule, Formula, Life, Mode, Multiplier, Rate, RoundedPer
from cagnotte.domain.evaluator.capping import cut, limit_amount, share_amounts
from cagnotte.domain.evaluator.gains import Asking, Gain, eligible_facts, lines_of, rounding_of
from cagnotte.domain.evaluator.multiplying import amounts_of, line_points, multiply
from cagnotte.domain.evaluator.prepared import Occasion, counted
from cagnotte.domain.programme.document import Programme
from cagnotte.domain.programme.vocabulary import PURCHASE


def gains_of(programme: Programme, occasion: Occasion, asking: Asking, counting: Counting) -> list[Gain]:
    """One gain per rule that holds, also of 0 points; those that lost in their group carry the winner.

    Multipliers come after the others, and multiply what caps left of them.
    """
    gains = matched(programme, occasion, asking, counting)
    multipliers = [gain for gain in gains if gain.is_multiplier] if occasion.has_multipliers else []
    if multipliers:
        others = [gain for gain in gains if not gain.is_multiplier]
        _settle(programme, occasion, others, counting)
        multiply(programme, others, multipliers, asking)
        for gain in multipliers:
            if gain.rule.caps:
                limit_amount(programme, gain, _spent(gain.rule, 0, asking), counting)
        _settle(programme, occasion, multipliers, counting)
    else:
        _settle(programme, occasion, gains, counting)
    return gains


def _settle(programme: Programme, occasion: Occasion, gains: list[Gain], counting: Counting) -> None:
    """The best of each group, in whole points, cut by caps."""
    if occasion.has_groups:
        _best_of_groups(gains)
    if occasion.has_caps:
        share_amounts(programme, gains, counting)
    if occasion.has_shares:
        for gain in gains:
            exact = gain.exact
            gain.points = (
                exact if isinstance(exact, int) else rounded(exact, rounding_of(programme, gain.rule).mode)
            )
    if occasion.rounds_sums:
        _round_sums(programme, gains)
    if occasion.has_caps:
        for gain in gains:
            if gain.points > 0 and gain.rule.caps:
                cut(programme, gain, counting)


def matched(programme: Programme, occasion: Occasion, asking: Asking, counting: Counting) -> list[Gain]:
    """Every rule whose condition, dates, calendars and coupon hold, in the programme's order."""
    rules, together, found = occasion.rules, occasion.together, occasion.matching(asking.facts)
    if occasion.is_all_plain:  # most programmes: no call for each of the rules that hold, a tenth of the decision
        return [Gain(rules[n], number, number) if number > 0 else Gain(rules[n], 0) for n, number in found]
    found = [(together[place], number) for place, number in found]
    if occasion.with_lines:
        found += list(_alone(occasion, asking))
        found.sort()
    ends_inclusive = programme.earning.ends_inclusive
    return [
        _plain(rules[place], number)
        if occasion.is_plain[place]
        else _computed(programme, rules[place], number, asking, counting)
        for place, number in found
        if not occasion.is_limited[place] or is_open(rules[place], asking, ends_inclusive)
    ]


def _plain(rule: EarnRule, number: int) -> Gain:
    points = max(number, 0)
    return Gain(rule, points, points)


def is_open(rule: EarnRule, asking: Asking, ends_inclusive: bool) -> bool:
    """Whether the rule's own dates, calendars and coupon allow it."""
    if not within_life(rule.life, asking.at, ends_inclusive):
        return False
    if rule.coupon and rule.coupon not in asking.coupons:
        return False
    during = asking.facts.during.attributes
    return not rule.during or any(during[code] for code in rule.during)


def within_life(life: Life, at: datetime, ends_inclusive: bool) -> bool:
    if life.begins is not None and at < life.begins:
        return False
    return life.ends is None or at < life.ends or (ends_inclusive and at == life.ends)


def _alone(occasion: Occasion, asking: Asking) -> Iterator[tuple[int, int]]:
    """Rules with lines of their own: `eligible` means these lines to them. Without any they give nothing."""
    facts, whole = asking.facts, asking.facts.eligible
    for candidate in occasion.with_lines_index.candidates(facts):
        place = occasion.with_lines[candidate]
        rule = occasion.rules[place]
        lines = lines_of(rule, asking)
        if not lines.numbers:
            continue
        facts.eligible = eligible_facts(facts, lines)
        if rule.when is None or rule.when.evaluate(facts):
            number = counted(rule, is_sale=rule.on == PURCHASE).evaluate(facts)
            assert isinstance(number, int)
            yield place, number
    facts.eligible = whole


def _computed(programme: Programme, rule: EarnRule, number: int, asking: Asking, counting: Counting) -> Gain:
    amount = rule.amount
    match amount:
        case Formula():
            exact: Exact = max(number, 0)
        case Multiplier():
            exact = 0
        case Rate(of=None) if rounding_of(programme, rule).per is RoundedPer.LINE:
            amounts = amounts_of(rule, lines_of(rule, asking), asking)
            exact = max(sum(line_points(programme, rule, amount, amounts)), 0)
        case Rate():
            exact = of_rate(amount, number)
        case Bands():
            exact = of_bands(amount, number)
    gain = Gain(rule, exact, exact if isinstance(exact, int) else 0)  # shares are rounded later
    if rule.caps:
        limit_amount(programme, gain, _spent(rule, number, asking), counting)
    return gain


def _spent(rule: EarnRule, number: int, asking: Asking) -> int:
    """The amount that a rule counts, for caps in money: what its rate is about, or what of its lines may earn."""
    if isinstance(rule.amount, Rate | Bands):
        return number
    return asking.facts.eligible.paid if rule.lines is None else sum(lines_of(rule, asking).amounts)


def _best_of_groups(gains: Sequence[Gain]) -> None:
    """Of each group only the gain that gives most stays; a tie goes to the rule written first."""
    best: dict[str, Gain] = {}
    for gain in gains:
        group = gain.rule.group
        if group and (group not in best or gain.exact > best[group].exact):
            best[group] = gain
    for gain in gains:
        if gain.rule.group and gain is not best[gain.rule.group]:
            gain.lost_to, gain.alone = best[gain.rule.group].rule.code, gain.exact or gain.alone
            gain.points, gain.exact = 0, 0


def _round_sums(programme: Programme, gains: list[Gain]) -> None:
    """Where the sum of a wallet's rules is rounded, each rule gets whole points that add up to it."""
    together: dict[str, list[Gain]] = {}
    for gain in gains:
        if not gain.lost_to and rounding_of(programme, gain.rule).per is RoundedPer.SALE:
            together.setdefault(gain.rule.wallet, []).append(gain)
    for wallet_gains in together.values():
        mode: Mode = rounding_of(programme, wallet_gains[0].rule).mode
        whole = spread_rounding([gain.exact for gain in wallet_gains], mode)
        for gain, points in zip(wallet_gains, whole, strict=True):
            gain.points = points
