"""A naive model of earning, from the terms alone: exact fractions, every rule tried, caps by brute force."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from math import ceil, floor
from types import SimpleNamespace

from cagnotte.domain.baskets.basket import Basket, Line, shares
from cagnotte.domain.earning.terms import (
    Bands,
    BothMatch,
    Calendar,
    Combine,
    EarnPolicy,
    EarnRule,
    Formula,
    Life,
    Mode,
    Multiplier,
    MultiplyOn,
    Price,
    Rate,
    RoundedPer,
    Rounding,
)
from cagnotte.domain.programme.document import Programme
from domain.evaluator.model_caps import CapBook, Gift, Occasion, Use

NONE = Fraction(0)


def given(programme: Programme, seen: Occasion, uses: Iterable[Use]) -> tuple[list[Gift], list[Use]]:
    """What each rule gives on the occasion, in the order of the document, and what caps count for it."""
    if seen.basket is not None and sum(line.paid for line in seen.basket.lines) <= 0:
        return [], []
    book = CapBook(programme, seen, list(uses))
    rules = [rule for rule in programme.earn if rule.on == seen.on and _holds(programme, rule, seen)]
    plain = [rule for rule in rules if not isinstance(rule.amount, Multiplier)]
    exact = {rule.code: _exact(programme, rule, seen, book) for rule in plain}
    plain = _best_of_groups(plain, exact)
    whole = _rounded(programme, plain, exact)
    gifts = [book.cut(rule, whole[rule.code]) for rule in plain]
    base = {gift.rule.code: (gift, exact[gift.rule.code]) for gift in gifts}
    more = [rule for rule in rules if isinstance(rule.amount, Multiplier)]
    extra = _multiplied(programme, more, base)
    more = _best_of_groups(more, extra)
    whole = _rounded(programme, more, extra)
    gifts += [book.cut(rule, whole[rule.code]) for rule in more]
    order = {rule.code: place for place, rule in enumerate(programme.earn)}
    return sorted(gifts, key=lambda gift: order[gift.rule.code]), book.fresh


# --- what counts ---


def eligible(policy: EarnPolicy, names: SimpleNamespace, basket: Basket) -> list[int | None]:
    """What each line counts for; None: it never earns."""
    amounts: list[int | None] = [None] * len(basket.lines)
    off = _order_discounts(basket)
    for place, line in enumerate(basket.lines):
        if not _may_earn(policy, names, line):
            continue
        amount = line.paid if policy.price is Price.PAID else line.list_price
        if policy.order_discount_spread:
            amount -= off[place]
        if not policy.tax_included and line.paid:
            amount -= whole_of(Fraction(line.tax * amount, line.paid), Mode.HALF_UP)
        amounts[place] = amount
    return amounts


def _order_discounts(basket: Basket) -> list[int]:
    if not basket.order_discount:
        return [0] * len(basket.lines)
    return shares(basket.order_discount, [line.paid for line in basket.lines])


def _may_earn(policy: EarnPolicy, names: SimpleNamespace, line: object) -> bool:
    facts = SimpleNamespace(**vars(names), line=line)
    out = policy.exclude is not None and bool(policy.exclude.evaluate(facts))
    inside = policy.include is None or bool(policy.include.evaluate(facts))
    if policy.include is not None and out and inside:
        return policy.both_match is BothMatch.INCLUDE
    return inside and not out


# --- which rules hold ---


def _holds(programme: Programme, rule: EarnRule, seen: Occasion) -> bool:
    if not alive(rule.life, seen.at, programme.earning.ends_inclusive):
        return False
    if rule.during and not any(holds_on(_calendar(programme, code), seen.at) for code in rule.during):
        return False
    if rule.coupon and rule.coupon not in getattr(seen.names, "coupons", ()):
        return False
    if rule.lines is not None and not _counted(programme, rule, seen)[2]:
        return False
    return rule.when is None or bool(rule.when.evaluate(_told(programme, rule, seen)))


def alive(life: Life, at: datetime, ends_inclusive: bool) -> bool:
    if life.begins is not None and at < life.begins:
        return False
    return life.ends is None or at < life.ends or (ends_inclusive and at == life.ends)


def _calendar(programme: Programme, code: str) -> Calendar:
    return next(calendar for calendar in programme.calendars if calendar.code == code)


def holds_on(calendar: Calendar, at: datetime) -> bool:
    """Every minute of every day of the calendar is looked at: a range may pass midnight."""
    epoch = date(1970, 1, 1)
    for ago in (0, 1):
        day = at.date() - timedelta(days=ago)
        if (day - epoch).days not in calendar.days:
            continue
        if not calendar.hours and ago == 0:
            return True
        for begins, ends in calendar.hours:
            until = ends if ends > begins else ends + 24 * 60
            start = datetime.combine(day, time()) + timedelta(minutes=begins)
            if start <= at < datetime.combine(day, time()) + timedelta(minutes=until):
                return True
    return False


def _told(programme: Programme, rule: EarnRule, seen: Occasion) -> SimpleNamespace:
    """What the rule reads: its own lines alone count as eligible."""
    if seen.basket is None:
        return seen.names
    paid, lines, _ = _counted(programme, rule, seen)
    return SimpleNamespace(**{**vars(seen.names), "eligible": counted_of(paid, lines)})


def counted_of(paid: int, lines: Sequence[Line]) -> SimpleNamespace:
    """What rules read of the lines that count."""
    bought = [line.sku for line in lines if line.quantity > 0]
    return SimpleNamespace(
        paid=paid,
        quantity=sum(line.quantity for line in lines),
        products=sum(sku not in bought[:place] for place, sku in enumerate(bought)),
    )


def _counted(programme: Programme, rule: EarnRule, seen: Occasion) -> tuple[int, list[Line], list[int]]:
    """What is eligible for this rule: the amount, the lines, and the amounts by line."""
    assert seen.basket is not None
    amounts = eligible(programme.earning, seen.names, seen.basket)
    by_line, lines = [], []
    for line, amount in zip(seen.basket.lines, amounts, strict=True):
        facts = SimpleNamespace(**vars(seen.names), line=line)
        if amount is not None and (rule.lines is None or rule.lines.evaluate(facts)):
            by_line.append(amount)
            lines.append(line)
    if programme.earning.delivery_counts and rule.lines is None:
        by_line.append(seen.basket.delivery)
    return sum(by_line), lines, by_line


# --- how much ---


def _exact(programme: Programme, rule: EarnRule, seen: Occasion, book: CapBook) -> Fraction:
    amount = rule.amount
    facts = _told(programme, rule, seen)
    if isinstance(amount, Formula):
        points = max(0, int(amount.points.evaluate(facts)))
        paid = _counted(programme, rule, seen)[0] if book.money_caps(rule) else 0
        allowed = book.allow(rule, paid) if paid else 0
        return Fraction(points * allowed // paid if allowed < paid else points)
    assert isinstance(amount, Rate | Bands)
    if amount.of is not None:
        of, by_line = int(amount.of.evaluate(facts)), None
    else:
        of, _, by_line = _counted(programme, rule, seen)
    if book.money_caps(rule) and book.allow(rule, of) < of:
        of, by_line = book.allowed[rule.code], None
    rounding = rule.rounding or programme.earning.rounding
    if isinstance(amount, Rate):
        if rounding.per is RoundedPer.LINE and by_line is not None:
            parts = [Fraction(each * amount.points, amount.per) for each in by_line]
            # A line taken back takes what it would have given.
            whole = [whole_of(abs(part), rounding.mode) * (1 if part > 0 else -1) for part in parts]
            return max(NONE, Fraction(sum(whole)))
        return max(NONE, Fraction(of * amount.points, amount.per))
    return max(NONE, banded(amount, of))


def banded(amount: Bands, of: int) -> Fraction:
    if of <= 0:
        return NONE
    points, below = NONE, 0
    for band in amount.bands:
        inside = band.upto is None or of <= band.upto
        if not amount.marginal:
            if inside:
                return Fraction(of * band.points, band.per)
            continue
        top = of if inside else band.upto
        assert top is not None
        points += Fraction((top - below) * band.points, band.per)
        if inside:
            return points
        below = top
    raise AssertionError(amount)


def _best_of_groups(rules: list[EarnRule], exact: dict[str, Fraction]) -> list[EarnRule]:
    def wins(rule: EarnRule) -> bool:
        rivals = [other for other in rules if other.group == rule.group]
        return not rule.group or rule is max(rivals, key=lambda other: exact[other.code])

    return [rule for rule in rules if wins(rule)]


def whole_of(value: Fraction, mode: Mode) -> int:
    below = floor(value)
    over = value - below
    match mode:
        case Mode.DOWN:
            return below
        case Mode.UP:
            return ceil(value)
        case Mode.HALF_UP:
            return below + (over >= Fraction(1, 2))
        case Mode.HALF_EVEN:
            return below + (over > Fraction(1, 2) or (over == Fraction(1, 2) and below % 2 == 1))


def _rounded(programme: Programme, rules: list[EarnRule], exact: dict[str, Fraction]) -> dict[str, int]:
    found: dict[str, int] = {}
    for rule in rules:
        rounding = rule.rounding or programme.earning.rounding
        if rounding.per is not RoundedPer.SALE:
            found[rule.code] = whole_of(exact[rule.code], rounding.mode)
    for wallet in programme.wallets:
        together = [rule for rule in rules if rule.wallet == wallet.code and rule.code not in found]
        if together:
            rounding = together[0].rounding or programme.earning.rounding
            found |= _shared_out(together, exact, rounding)
    return found


def _shared_out(rules: list[EarnRule], exact: dict[str, Fraction], rounding: Rounding) -> dict[str, int]:
    """The rounded sum in whole parts: the largest remainders get what is left, ties the first written."""
    total = whole_of(sum((exact[rule.code] for rule in rules), NONE), rounding.mode)
    parts = {rule.code: floor(exact[rule.code]) for rule in rules}
    left = total - sum(parts.values())
    places = sorted(rules, key=lambda rule: -(exact[rule.code] - floor(exact[rule.code])))
    for rule in places[:left]:
        parts[rule.code] += 1
    return parts


# --- multipliers ---


def _multiplied(
    programme: Programme, rules: list[EarnRule], base: dict[str, tuple[Gift, Fraction]]
) -> dict[str, Fraction]:
    """What each multiplier adds, exactly, each base rule on its own, multipliers in the order of the document."""
    policy = programme.earning
    extra = dict.fromkeys((rule.code for rule in rules), NONE)
    for gift, exact in base.values():
        mine = [rule for rule in rules if _multiplies(policy, rule, gift.rule)]
        uncut = policy.multiply_on is MultiplyOn.EXACT and not gift.cut
        start = exact if uncut else Fraction(gift.points)
        _stack(policy.combine, mine, start, Fraction(gift.points), extra)
    return {code: max(more, NONE) for code, more in extra.items()}


def _stack(
    combine: Combine, rules: list[EarnRule], start: Fraction, had: Fraction, extra: dict[str, Fraction]
) -> None:
    if combine is Combine.BEST and rules:
        rules = [max(rules, key=_factor)]
    reached = start
    for place, rule in enumerate(rules):
        step = reached if combine is Combine.MULTIPLY else start
        adds = step * (_factor(rule) - 1)
        reached += adds
        extra[rule.code] += adds + (start - had if place == 0 else 0)


def _factor(rule: EarnRule) -> Fraction:
    assert isinstance(rule.amount, Multiplier)
    return Fraction(rule.amount.basis_points, 10_000)


def _multiplies(policy: EarnPolicy, rule: EarnRule, base: EarnRule) -> bool:
    assert isinstance(rule.amount, Multiplier)
    if base.wallet != rule.wallet or (rule.amount.rules and base.code not in rule.amount.rules):
        return False
    return policy.multiply_fixed or not is_fixed(base)


def is_fixed(rule: EarnRule) -> bool:
    return isinstance(rule.amount, Formula) and rule.amount.points.source.strip().lstrip("-").isdigit()
