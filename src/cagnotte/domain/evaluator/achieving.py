"""Achievements: what an occasion adds to them, and what a return undoes."""

from datetime import date, datetime, timedelta

from cagnotte.domain.earning.caps import window_of
from cagnotte.domain.earning.tallies import Progress
from cagnotte.domain.earning.terms import Achievement, Every
from cagnotte.domain.evaluator.effects import AchievementReached, DayCounted, LotSource, ProgressMade, RuleEarned
from cagnotte.domain.evaluator.making import Making
from cagnotte.domain.evaluator.seen import RuleFacts
from cagnotte.domain.kernel import Points
from cagnotte.domain.programme.vocabulary import PURCHASE
from cagnotte.domain.tiers.days import DayTotal

_EPOCH = date(1970, 1, 1).toordinal()
_DAYS = {Every.DAY: 1, Every.WEEK: 7}


def progress(making: Making, achievement: Achievement, facts: RuleFacts, at: datetime) -> None:
    """Add the occasion, and give the points when it reaches the target.

    What is added goes on counting after the target is reached, so that a return can tell whether what is left
    still reaches it. A streak that does not repeat stands still once it is reached.
    """
    if achievement.when is not None and not achievement.when.evaluate(facts):
        return
    before = _known(making, achievement)
    if achievement.streak is None:
        after = _summed(achievement, before, before.value + adds(achievement, facts))
    elif before.times and not achievement.repeats:
        return
    else:
        row = _streak(achievement.streak, before, at)
        after = _summed(achievement, row, row.value)
    if after == before:
        return
    making.add(ProgressMade(after))
    if after.times > before.times:
        _reached(making, achievement, after.times - before.times, at.date())


def adds(achievement: Achievement, facts: RuleFacts) -> int:
    """What one occasion adds, never below 0; 0 where its condition does not hold."""
    if achievement.when is not None and not achievement.when.evaluate(facts):
        return 0
    counts = achievement.counts.evaluate(facts)
    assert isinstance(counts, int)
    return max(counts, 0)


def undo_sum(making: Making, achievement: Achievement, less: int, day: date) -> int:
    """Take `less` from what was added; the points that are to be taken back since it is no longer reached.

    Negative `less` adds again what an earlier part of a return took, with its points.
    """
    known = _known(making, achievement)
    total = known.value + (known.times * achievement.target if achievement.repeats else 0)
    now = _summed(achievement, Progress(known.achievement, 0, 0, known.period), max(total - less, 0))
    if now != known:
        making.add(ProgressMade(now))
    if now.times > known.times:
        _reached(making, achievement, now.times - known.times, day)
    return max(known.times - now.times, 0) * achievement.points


def undo_streak(making: Making, achievement: Achievement, at: datetime, *, reached: int) -> int:
    """Take the period of a sale made at local time `at` out of its row; the points that are to be taken back.

    The periods after it stay a row of their own; without any, those before it do. A period in which the member
    bought something else stays, where any sale counts. `reached`: how often the sale itself reached the target.
    """
    assert achievement.streak is not None
    period, known = window_of(achievement.streak, at), _known(making, achievement)
    if achievement.when is None and achievement.on == PURCHASE and _bought_in(making, achievement.streak, period):
        return 0
    now = _without_period(achievement, known, period)
    if now == known and reached:
        now = Progress(known.achievement, known.value, max(known.times - reached, 0), known.period)
    if now != known:
        making.add(ProgressMade(now))
    return (known.times - now.times) * achievement.points


def _known(making: Making, achievement: Achievement) -> Progress:
    for each in making.facts.progress:
        if each.achievement == achievement.code:
            return each
    return Progress(achievement.code, 0)


def _summed(achievement: Achievement, before: Progress, value: int) -> Progress:
    """The progress when `value` has come together since it was last reached."""
    if achievement.repeats:
        times, value = divmod(value, achievement.target)
        return Progress(before.achievement, value, before.times + times, before.period)
    return Progress(before.achievement, value, max(before.times, int(value >= achievement.target)), before.period)


def _reached(making: Making, achievement: Achievement, times: int, day: date) -> None:
    making.add(AchievementReached(achievement.code, times))
    if achievement.points:
        points = achievement.points * times
        wallet = making.ready.wallets[achievement.wallet]
        making.add(RuleEarned(achievement.code, wallet.code, Points(points)))
        making.open_lot(making.ready.terms_of_wallet[wallet.code], points, day, LotSource.ACHIEVEMENT)
        making.add(DayCounted(DayTotal(day, 0, ((wallet.code, points),))))


def _streak(every: Every, before: Progress, at: datetime) -> Progress:
    """One more period in a row, or the first of a new row; a period counts once, also the one that reached."""
    period = window_of(every, at)
    if (before.value or before.times) and period <= before.period:
        return before
    in_a_row = before.value > 0 and _next_period(every, before.period) == period
    return Progress(before.achievement, before.value + 1 if in_a_row else 1, before.times, period)


def _without_period(achievement: Achievement, known: Progress, period: int) -> Progress:
    """The row that is left without one of its periods; as it is when that period is not in the last row."""
    every = achievement.streak
    assert every is not None
    was_reached = known.times > 0 and known.value in (0, achievement.target)
    length = achievement.target if was_reached else known.value
    after, each = 0, known.period
    while after < length and each > period:
        after, each = after + 1, _period_before(every, each)
    if after == length or each != period:
        return known
    times = known.times - int(was_reached)
    if after:
        return Progress(known.achievement, after, times, known.period)
    return Progress(known.achievement, length - 1, times, _period_before(every, period) if length > 1 else 0)


def _bought_in(making: Making, every: Every, period: int) -> bool:
    first = date.fromordinal(period + _EPOCH)
    after = date.fromordinal(_next_period(every, period) + _EPOCH)
    return any(first <= total.day < after and total.visits > 0 for total in making.facts.days)


def _next_period(every: Every, period: int) -> int:
    begins = datetime.fromordinal(period + _EPOCH)
    return window_of(every, begins + timedelta(days=_DAYS.get(every, 31)))


def _period_before(every: Every, period: int) -> int:
    return window_of(every, datetime.fromordinal(period + _EPOCH - 1))
