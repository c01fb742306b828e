"""A sale's points are put right after an event that arrived late, within what the wallet's debt rule allows."""

from collections import Counter
from datetime import date

from cagnotte.domain.baskets.basket import local_day
from cagnotte.domain.earning.tallies import Tally
from cagnotte.domain.evaluator.effects import (
    DayCounted,
    DrawReason,
    LotSource,
    ProgressMade,
    RuleEarned,
    SaleCorrected,
    Tallied,
    TierChanged,
    TierKept,
)
from cagnotte.domain.evaluator.events import Correction, Settled
from cagnotte.domain.evaluator.following import convert_what_is_due, holding, look_at_tiers
from cagnotte.domain.evaluator.making import Making
from cagnotte.domain.evaluator.paying import take_back
from cagnotte.domain.evaluator.prepared import LotTerms
from cagnotte.domain.evaluator.undoing_points import lots_earned
from cagnotte.domain.kernel import Points
from cagnotte.domain.tiers.days import DayTotal
from cagnotte.domain.tiers.terms import TierCause


def decide_correction(making: Making, event: Correction) -> date:
    """Give and take the difference, as the sale's own points: earned on its day, ending when they would have."""
    day, today = local_day(event.taken.sale.basket), making.facts.as_of
    making.used = event.used
    making.add(SaleCorrected(event.taken.sale.event_id, event.late))
    for rule, wallet, points in event.earned:
        making.add(RuleEarned(rule, wallet, Points(points)))
    _count(making, event, day)
    _give(making, event, day)
    _take(making, event, today)
    if event.settled is not None:
        _settle(making, event.settled, today)
    convert_what_is_due(making, today)
    return day


def _count(making: Making, event: Correction, day: date) -> None:
    by_wallet = Counter[str]()
    for _, wallet, points in event.earned:
        by_wallet[wallet] += points
    if earned := tuple(sorted((wallet, points) for wallet, points in by_wallet.items() if points)):
        making.add(DayCounted(DayTotal(day, 0, earned)))


def _give(making: Making, event: Correction, day: date) -> None:
    """One lot per wallet and terms; what other rules of the same wallet gave too much pays for it first."""
    lots: dict[LotTerms, int] = {}
    ready, left = making.ready, _net(event)
    for rule, wallet, points in event.earned:
        given = min(points, max(left[wallet], 0))
        if given > 0:
            left[wallet] -= given
            terms = ready.terms_of_rule.get(rule, ready.terms_of_wallet[wallet])
            lots[terms] = lots.get(terms, 0) + given
    for terms, points in sorted(lots.items(), key=lambda lot: lot[0].wallet_place):
        making.open_lot(terms, points, day, LotSource.CORRECTED, reason=event.because)


def _take(making: Making, event: Correction, today: date) -> None:
    """From the sale's own lots first; of them, what has expired is gone already, and nobody spent it."""
    own = [lot.lot_id for lot in lots_earned(event.taken)]
    expired = dict(event.taken.expired)
    for wallet, points in sorted(_net(event).items()):
        due = -points - expired.get(wallet, 0)
        if due > 0:
            terms = making.ready.wallets[wallet]
            take_back(making, terms, due, today, own, reason=DrawReason.CORRECTION, source=event.because)


def _net(event: Correction) -> Counter[str]:
    net = Counter[str]()
    for _, wallet, points in event.earned:
        net[wallet] += points
    return net


def _settle(making: Making, settled: Settled, today: date) -> None:
    """Caps, measures, achievements and tiers as they would stand."""
    known = {(each.cap, each.subject, each.window): each.value for each in making.facts.tallies}
    tallies = [
        Tally(each.cap, each.subject, each.window, max(each.value, -known.get(_key(each), 0)))
        for each in settled.tallies
        if not each.subject
    ]
    if tallies := [each for each in tallies if each.value]:
        making.add(Tallied(tuple(tallies)))
    for total in settled.measures:
        making.add(DayCounted(total))
    progress = {each.achievement: each for each in making.facts.progress}
    for achievement, was, now in settled.progress:
        if now is not None and progress.get(achievement) == was:
            making.add(ProgressMade(now))
    for family, held, holds in settled.held:
        if holding(making.facts.held, family) != held or holds is None:
            continue
        before = held.tier if held else None
        if before == holds.tier:
            making.add(TierKept(today, holds))
        else:
            making.add(TierChanged(today, before, holds.tier, family, TierCause.CORRECTED, holds))
    look_at_tiers(making, today)


def _key(tally: Tally) -> tuple[str, str, int]:
    return (tally.cap, tally.subject, tally.window)
