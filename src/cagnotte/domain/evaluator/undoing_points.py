"""Points that a return takes back: of rules and offers, of a referral, of achievements no longer reached."""

from collections import Counter
from datetime import date

from cagnotte.domain.baskets.basket import local_day
from cagnotte.domain.earning.terms import Achievement
from cagnotte.domain.evaluator.achieving import adds, undo_streak, undo_sum
from cagnotte.domain.evaluator.effects import (
    AchievementReached,
    DayCounted,
    DebtMoved,
    DrawReason,
    LotOpened,
    LotsDrawn,
    LotSource,
    PointsForgiven,
    RuleEarned,
)
from cagnotte.domain.evaluator.events import SaleTaken
from cagnotte.domain.evaluator.kept import Kept
from cagnotte.domain.evaluator.making import Making
from cagnotte.domain.evaluator.paying import take_back
from cagnotte.domain.evaluator.referring import FRIEND
from cagnotte.domain.evaluator.sale import spent_on
from cagnotte.domain.kernel import Points
from cagnotte.domain.offers.sharing import rounded
from cagnotte.domain.points.lots import Lot
from cagnotte.domain.programme.document import ReturnedPoints
from cagnotte.domain.programme.vocabulary import PURCHASE
from cagnotte.domain.tiers.days import DayTotal

type ByRule = dict[tuple[str, str], int]  # (rule, wallet) -> points


def undo_achievements(
    making: Making, taken: SaleTaken, kept: tuple[Kept, Kept, Kept], day: date
) -> dict[str, int]:
    """Take back the progress that the lines made; achievement -> points that it gave and that are not due."""
    unreached: dict[str, int] = {}
    for achievement in making.ready.on(PURCHASE).achievements:
        if achievement.streak is None:
            most, before, after = (_adds(achievement, each) for each in kept)
            less = min(before, most) - min(after, most)
            points = undo_sum(making, achievement, less, day) if less else 0
        elif _holds(achievement, kept[1]) and not _holds(achievement, kept[2]):
            reached = _times_reached(taken, achievement)
            points = undo_streak(making, achievement, taken.sale.basket.at, reached=reached)
        else:
            points = 0
        if points:
            unreached[achievement.code] = points
    return unreached


def undo_points(
    making: Making,
    taken: SaleTaken,
    whole: Kept,
    after: Kept,
    day: date,
    *,
    unreached: dict[str, int],
    refers: bool,
) -> None:
    """Take back what was given more than is due now, from the sale's own lots first; what has expired is gone.

    Points of achievements are counted on the day of the sale too, whichever sale reached them.
    """
    less = _less(making, taken, whole, after, refers=refers)
    for achievement in making.ready.on(PURCHASE).achievements:
        if achievement.code in unreached:
            key = (achievement.code, achievement.wallet)
            less[key] = less.get(key, 0) + unreached[achievement.code]
    if not less:
        return
    for (rule, wallet), points in less.items():
        making.add(RuleEarned(rule, wallet, Points(-points)))
    by_wallet = Counter[str]()
    for (_, wallet), points in less.items():
        by_wallet[wallet] += points
    total = tuple(sorted((wallet, -points) for wallet, points in by_wallet.items()))
    making.add(DayCounted(DayTotal(local_day(taken.sale.basket), 0, total)))
    own = [lot.lot_id for lot in lots_earned(taken)]
    for wallet in by_wallet:
        due = _due(taken, wallet, less)
        if due > 0:
            take_back(making, making.ready.wallets[wallet], due, day, own)


def lots_earned(taken: SaleTaken) -> list[Lot]:
    """The lots that the sale gave, as they were opened; without those of points that had paid and came back."""
    effects = [effect for decision in taken.decisions for effect in decision.effects]
    return [e.lot for e in effects if isinstance(e, LotOpened) and e.source is not LotSource.GIVEN_BACK]


def _less(making: Making, taken: SaleTaken, whole: Kept, after: Kept, *, refers: bool) -> ByRule:
    """What each rule gave more than it gives for what is kept. Achievements have a count of their own."""
    apart = {each.code for each in making.ready.on(PURCHASE).achievements}
    given = {key: points for key, points in _given(taken).items() if key[0] not in apart}
    policy = making.programme.returns.points
    if after.is_empty and policy is not ReturnedPoints.KEPT:
        stays: ByRule = {}
    elif policy in {ReturnedPoints.KEPT, ReturnedPoints.WHEN_WHOLE}:
        stays = {key: points for key, points in given.items() if refers or key[0] != FRIEND}
    else:
        stays = _stays(making, taken, whole, after)
        stays |= {key: points for key, points in given.items() if key[0] == FRIEND and refers}
    return {key: points - stays.get(key, 0) for key, points in given.items() if points > stays.get(key, 0)}


def _given(taken: SaleTaken) -> ByRule:
    """What each rule has given for the sale, less what earlier returns took back."""
    found: ByRule = {}
    for decision in taken.decisions:
        for effect in decision.effects:
            if isinstance(effect, RuleEarned):
                key = (effect.rule, effect.wallet)
                found[key] = found.get(key, 0) + effect.points
    return found


def _granted(taken: SaleTaken) -> ByRule:
    """What each rule gave for the whole sale, as it stands before any return."""
    found: ByRule = {}
    for decision in taken.granted:
        for effect in decision.effects:
            if isinstance(effect, RuleEarned):
                key = (effect.rule, effect.wallet)
                found[key] = found.get(key, 0) + effect.points
    return found


def _stays(making: Making, taken: SaleTaken, whole: Kept, after: Kept) -> ByRule:
    """What rules and offers give for what was kept."""
    found: ByRule = {}
    if making.programme.returns.points is ReturnedPoints.DECIDED_AGAIN:
        for gain in after.result.gains:
            key = (gain.rule.code, gain.rule.wallet)
            found[key] = found.get(key, 0) + gain.points
        for bonus in after.result.offered.bonuses:
            key = (bonus.rule, bonus.wallet)
            found[key] = found.get(key, 0) + bonus.points
        return found
    value, stays = spent_on(whole.totals), max(spent_on(after.totals), 0)
    for key, points in _granted(taken).items():
        if key[0] != FRIEND:
            found[key] = points - _share_taken(making, points, value - stays, value)
    return found


def _share_taken(making: Making, points: int, returned: int, value: int) -> int:
    """What goes of the points when `returned` of `value` came back; nothing of a sale of nothing."""
    if value <= 0:
        return 0
    return rounded(points * returned, value, making.programme.returns.rounding)


def _due(taken: SaleTaken, wallet: str, less: ByRule) -> int:
    """What of these points is still to be claimed: points of the sale that expired count as the first to go."""
    net = _given(taken)
    for key, points in less.items():
        net[key] = net.get(key, 0) - points
    first = _granted(taken)
    of_others = sum(-points for key, points in net.items() if key[1] == wallet and points < 0)
    own = sum(first.get(key, 0) - max(points, 0) for key, points in net.items() if key[1] == wallet)
    expired = dict(taken.expired).get(wallet, 0)
    return max(own - expired, 0) + of_others - _claimed(taken, wallet)


def _claimed(taken: SaleTaken, wallet: str) -> int:
    """What earlier returns took from lots, or made owed, or forgave."""
    claimed = 0
    for decision in taken.undone:
        for effect in decision.effects:
            match effect:
                case LotsDrawn(wallet=code, reason=DrawReason.CLAWBACK, draws=draws) if code == wallet:
                    claimed += sum(draw.points for draw in draws)
                case DebtMoved(wallet=code, points=points) if code == wallet and points > 0:
                    claimed += points
                case PointsForgiven(wallet=code, points=points) if code == wallet:
                    claimed += points
                case _:
                    pass
    return claimed


def _adds(achievement: Achievement, kept: Kept) -> int:
    return adds(achievement, kept.result.facts) if kept.is_sale else 0


def _holds(achievement: Achievement, kept: Kept) -> bool:
    return kept.is_sale and (achievement.when is None or bool(achievement.when.evaluate(kept.result.facts)))


def _times_reached(taken: SaleTaken, achievement: Achievement) -> int:
    return sum(
        effect.times
        for effect in taken.decisions[0].effects
        if isinstance(effect, AchievementReached) and effect.achievement == achievement.code
    )
