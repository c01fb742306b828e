"""Paying a part of a sale with points, spending points, and taking them by hand or back."""

from collections.abc import Iterable
from datetime import date

from cagnotte.domain.baskets.basket import Basket, SaleTotals
from cagnotte.domain.baskets.exchange import Exchange
from cagnotte.domain.evaluator.decision import RefusalCode
from cagnotte.domain.evaluator.effects import DrawReason, LotSource, PaidWithPoints, PointsForgiven
from cagnotte.domain.evaluator.events import Burn, PointsGiven, PointsTaken
from cagnotte.domain.evaluator.making import Making
from cagnotte.domain.kernel import LotId, Points
from cagnotte.domain.points.lots import BurnPlan, Draw, Lot, in_order, is_usable, part_of, plan_burn, points_usable
from cagnotte.domain.points.terms import Negative, OverAsked, UnitValue, Wallet


def pay_with_points(making: Making, basket: Basket, totals: SaleTotals) -> int:
    """Draw the points that the member pays with; what they pay in all, in minor units. Others are refused.

    Several payments from one wallet are one. A payment never makes a debt, whatever the wallet allows. Points
    worth more than what is left to pay are refused too, or cut to it, as the wallet's `over_asked` says.
    """
    if not basket.payments:
        return 0
    paid = 0
    asked: dict[str, int] = {}
    for payment in basket.payments:
        asked[payment.wallet] = asked.get(payment.wallet, 0) + payment.points
    for code, wanted in asked.items():
        wallet = making.ready.wallets.get(code)
        if wallet is None or wallet.value is None:
            making.refuse(RefusalCode.WALLET_CANNOT_PAY, code)
            continue
        day = basket.at.date()
        points = points_to_burn(making, wallet, wanted, day, may_owe=False)
        exchange = making.ready.abroad(basket.currency)[0] if basket.currency else None
        due, asks = max(totals.payable - paid, 0), _worth(wallet.value, points, exchange)
        if asks > due and wallet.over_asked is OverAsked.CUT:
            points = _worth_at_most(wallet, wallet.value, due, exchange)
        amount = _worth(wallet.value, points, exchange)
        if asks > due and not 0 < amount <= due:
            making.refuse(RefusalCode.MORE_THAN_PAYABLE, code, asks - due)
        elif amount > 0:
            lots = drawn(making, planned(making, wallet, points, day))
            draws = [Draw(lot.lot_id, lot.points_open) for lot in lots]
            transfer = making.draw(wallet.code, DrawReason.PAYMENT, day, draws)
            making.add(PaidWithPoints(wallet.code, Points(points), amount, transfer, lots))
            paid += amount
    return paid


def _worth(value: UnitValue, points: int, exchange: Exchange | None) -> int:
    """What the points pay, in minor units of the sale's currency: rounded down before it is exchanged."""
    minor = points * value.amount_minor // value.points
    return minor if exchange is None else exchange.own(minor)


def _worth_at_most(wallet: Wallet, value: UnitValue, due: int, exchange: Exchange | None) -> int:
    """The fewest points that pay all of `due`, or as near to it as points and their steps come; 0: none may."""
    points = 0
    for target in (due,) if exchange is None else (exchange.home_reaching(due), exchange.home_left(due)):
        points = -(-target * value.points // value.amount_minor)
        if _worth(value, points, exchange) > due:
            points -= 1
        if _worth(value, points, exchange) <= due:
            break
    points -= points % wallet.step
    return points if points >= wallet.least else 0


def decide_burn(making: Making, burn: Burn) -> date:
    day = burn.at.date()
    wallet = making.ready.wallets.get(burn.wallet)
    if wallet is None:
        making.refuse(RefusalCode.UNKNOWN_WALLET, burn.wallet)
        return day
    points = points_to_burn(making, wallet, burn.points, day)
    if points > 0:
        making.keep_alive(day)
        draws = planned(making, wallet, points, day)
        found = sum(draw.points for draw in draws)
        if draws:
            making.draw(wallet.code, DrawReason.BURN, day, draws, burn.reference)
        if points > found:
            making.owe(wallet.code, points - found, DrawReason.BURN)
    return day


def decide_points_given(making: Making, given: PointsGiven) -> date:
    day = given.at.date()
    wallet = making.ready.wallets.get(given.wallet)
    source = LotSource.MIGRATED if given.migrated else LotSource.GIVEN
    if wallet is None:
        making.refuse(RefusalCode.UNKNOWN_WALLET, given.wallet)
    elif given.points < 1:
        making.refuse(RefusalCode.POINTS_MUST_BE_POSITIVE, given.wallet)
    elif given.by_terms:
        making.open_lot(making.ready.terms_of_wallet[wallet.code], given.points, day, source, reason=given.reason)
    else:
        making.open_lot_until(
            wallet,
            given.points,
            day,
            usable=given.usable_from,
            ends=given.expires_on,
            source=source,
            reason=given.reason,
        )
    return day


def decide_points_taken(making: Making, taken: PointsTaken) -> date:
    day = taken.at.date()
    wallet = making.ready.wallets.get(taken.wallet)
    if wallet is None:
        making.refuse(RefusalCode.UNKNOWN_WALLET, taken.wallet)
    elif taken.points < 1:
        making.refuse(RefusalCode.POINTS_MUST_BE_POSITIVE, taken.wallet)
    elif taken.from_lot is not None:
        take_back(making, wallet, taken.points, day, [taken.from_lot])
    else:
        most = _spendable(wallet, making.available(wallet.code, day))
        if most is not None and taken.points > most:
            making.refuse(RefusalCode.INSUFFICIENT_POINTS, wallet.code, taken.points - most)
        else:
            draws = planned(making, wallet, taken.points, day)
            found = sum(draw.points for draw in draws)
            if draws:
                making.draw(wallet.code, DrawReason.ADJUSTMENT, day, draws, taken.reason)
            if taken.points > found:
                making.owe(wallet.code, taken.points - found, DrawReason.ADJUSTMENT)
    return day


def take_back(
    making: Making,
    wallet: Wallet,
    points: int,
    day: date,
    own: Iterable[LotId],
    *,
    reason: DrawReason = DrawReason.CLAWBACK,
    source: str = "",
) -> int:
    """Take points that were given for nothing kept: from the lots `own` first, then as a burn would, pending
    points last; the rest is owed, or forgiven where the wallet allows no debt. What was taken or is owed."""
    draws = list(_claw(making, wallet, points, day, set(own)))
    found = sum(draw.points for draw in draws)
    if draws:
        making.draw(wallet.code, reason, day, draws, source)
    if found < points and wallet.negative is Negative.NEVER:
        making.add(PointsForgiven(wallet.code, points - found))
        return found
    if found < points:
        making.owe(wallet.code, points - found, reason)
    return points


def _claw(making: Making, wallet: Wallet, points: int, day: date, own: set[LotId]) -> Iterable[Draw]:
    lots = [lot for lot in making.facts.lots if lot.wallet == wallet.code]
    ordered = sorted(
        in_order(lots, wallet.order), key=lambda lot: (lot.lot_id not in own, not is_usable(lot, day))
    )
    for lot in ordered:
        taken = min(points, lot.points_open)
        if taken > 0:
            points -= taken
            yield Draw(lot.lot_id, Points(taken))


def points_to_burn(
    making: Making, wallet: Wallet, points: int, day: date, *, may_owe: bool = True, others: int = 0
) -> int:
    """How many of the asked points are burned; 0: it was refused. `others`: what others add to the member's."""
    available = making.available(wallet.code, day) + others
    most = _spendable(wallet, available) if may_owe else available
    if points < 1:
        making.refuse(RefusalCode.POINTS_MUST_BE_POSITIVE, wallet.code)
        return 0
    if most is not None and points > most:
        if wallet.over_asked is OverAsked.REFUSE or most < 1:
            making.refuse(RefusalCode.INSUFFICIENT_POINTS, wallet.code, points - max(most, 0))
            return 0
        points = most - most % wallet.step
    if points % wallet.step:
        making.refuse(RefusalCode.NOT_IN_STEPS, wallet.code, wallet.step - points % wallet.step)
        return 0
    if points < wallet.least:
        making.refuse(RefusalCode.FEWER_THAN_LEAST, wallet.code, wallet.least - points)
        return 0
    return points


def _spendable(wallet: Wallet, available: int) -> int | None:
    """How many points can be burned or taken by hand, with those that may be owed afterwards; None: any number."""
    if wallet.negative is not Negative.ALLOWED:
        return available
    return None if wallet.owed_most is None else available + wallet.owed_most


def planned(making: Making, wallet: Wallet, points: int, day: date) -> tuple[Draw, ...]:
    """The draws for these points, or for as many as there are."""
    lots = [lot for lot in making.facts.lots if lot.wallet == wallet.code]
    wanted = min(points, points_usable(lots, wallet.code, day))
    if wanted < 1:
        return ()
    plan = plan_burn(lots, Points(wanted), on=day, order=wallet.order)
    assert isinstance(plan, BurnPlan), plan
    return plan.draws


def drawn(making: Making, draws: Iterable[Draw]) -> tuple[Lot, ...]:
    """The parts that the draws take, as lots with their dates."""
    known = {lot.lot_id: lot for lot in making.facts.lots}
    return tuple(part_of(known[draw.lot_id], draw.points) for draw in draws)
