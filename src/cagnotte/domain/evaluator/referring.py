"""Referral: the friend's side at the purchase that counts, and the sponsor's side when it is reported."""

from datetime import date, datetime

import msgspec

from cagnotte.domain.earning.terms import Cap, CapUnit, Every, Referral
from cagnotte.domain.evaluator.decision import RefusalCode
from cagnotte.domain.evaluator.effects import DayCounted, LotOpened, LotSource, ReferralDue, RuleEarned, Tallied
from cagnotte.domain.evaluator.events import FriendQualified, FriendReturned
from cagnotte.domain.evaluator.following import look_at_tiers
from cagnotte.domain.evaluator.making import Making
from cagnotte.domain.evaluator.paying import take_back
from cagnotte.domain.evaluator.seen import RuleFacts
from cagnotte.domain.kernel import Points, day_after
from cagnotte.domain.points.terms import Pending
from cagnotte.domain.tiers.days import DayTotal

FRIEND, SPONSOR = "referral.friend", "referral.sponsor"


def refer(making: Making, facts: RuleFacts, at: datetime) -> None:
    """Reward the friend at the first sale that qualifies, and say that the sponsor is due."""
    referral, member = making.programme.referral, making.facts
    if referral is None or member.profile.sponsor is None or member.referred:
        return
    if not _in_time(referral, member.profile.enrolled_on, at.date()):
        return
    if referral.when is not None and not referral.when.evaluate(facts):
        return
    _give(making, FRIEND, referral.friend_wallet, referral.friend_points, at.date())
    making.add(ReferralDue(member.profile.sponsor))


def decide_friend_qualified(making: Making, event: FriendQualified) -> date:
    day = event.at.date()
    referral = making.programme.referral
    if referral is None:
        return day
    counting = making.counting(event.at, "")
    cap = Cap(SPONSOR, CapUnit.TIMES, referral.most_per_year or 0, every=Every.YEAR)
    if referral.most_per_year is not None and counting.left(cap) < 1:
        making.refuse(RefusalCode.REFERRAL_LIMIT, SPONSOR)
        return day
    counting.add(cap, 1)
    _give(making, SPONSOR, referral.sponsor_wallet, referral.sponsor_points, day)
    making.add(Tallied(counting.added()))
    return day


def decide_friend_returned(making: Making, event: FriendReturned) -> date:
    """Take back what the sponsor was given for a purchase that came back."""
    day = event.at.date()
    effects = event.given.effects
    own = [effect.lot.lot_id for effect in effects if isinstance(effect, LotOpened)]
    for effect in effects:
        if isinstance(effect, RuleEarned):
            making.add(RuleEarned(effect.rule, effect.wallet, Points(-effect.points)))
            take_back(making, making.ready.wallets[effect.wallet], effect.points, day, own)
            making.add(DayCounted(DayTotal(event.given.day, 0, ((effect.wallet, -effect.points),))))
        elif isinstance(effect, Tallied):
            making.add(Tallied(tuple(msgspec.structs.replace(e, value=-e.value) for e in effect.tallies)))
    look_at_tiers(making, max(day, making.facts.as_of), returned=True)
    return day


def still_refers(making: Making, facts: RuleFacts) -> bool:
    """Whether what is left of a friend's purchase still is one that counts."""
    referral = making.programme.referral
    return referral is not None and (referral.when is None or bool(referral.when.evaluate(facts)))


def _in_time(referral: Referral, enrolled_on: date | None, day: date) -> bool:
    if referral.within is None or enrolled_on is None:
        return True
    return day < day_after(enrolled_on, referral.within)


def _give(making: Making, code: str, wallet_code: str, points: int, day: date) -> None:
    referral = making.programme.referral
    assert referral is not None
    if points < 1:
        return
    wallet = making.ready.wallets[wallet_code]
    pending = Pending(period=referral.after) if referral.after else wallet.pending
    making.add(RuleEarned(code, wallet_code, Points(points)))
    making.open_lot(making.ready.terms(wallet_code, pending, wallet.expiry), points, day, LotSource.REFERRAL)
    making.add(DayCounted(DayTotal(day, 0, ((wallet_code, points),))))
