"""Points set aside for an open order: each hold ends once, confirmed, released or because its time is over."""

from datetime import date, datetime, timedelta

from cagnotte.domain.evaluator.decision import RefusalCode
from cagnotte.domain.evaluator.effects import DrawReason, HoldBegun, HoldEnded, LotsRefilled, RefillOf
from cagnotte.domain.evaluator.events import HoldEnding, PointsHeld
from cagnotte.domain.evaluator.making import Making
from cagnotte.domain.evaluator.paying import drawn, planned, points_to_burn
from cagnotte.domain.evaluator.undoing import grown, part_of_each
from cagnotte.domain.points.holds import Hold, HoldEnd, overdue
from cagnotte.domain.points.lots import Draw


def decide_held(making: Making, asked: PointsHeld) -> date:
    """Set points aside as a burn would take them, on the wallet's terms; a hold never makes a debt."""
    day = asked.at.date()
    wallet = making.ready.wallets.get(asked.wallet)
    if wallet is None:
        making.refuse(RefusalCode.UNKNOWN_WALLET, asked.wallet)
        return day
    until = asked.until or asked.at + timedelta(minutes=wallet.hold_minutes)
    if until <= asked.at:
        making.refuse(RefusalCode.MUST_END_LATER, asked.reference)
        return day
    points = points_to_burn(making, wallet, asked.points, day, may_owe=False)
    if points > 0:
        lots = drawn(making, planned(making, wallet, points, day))
        draws = [Draw(lot.lot_id, lot.points_open) for lot in lots]
        transfer = making.draw(wallet.code, DrawReason.HOLD, day, draws, asked.reference)
        making.add(HoldBegun(Hold(transfer, wallet.code, lots, until, asked.reference)))
    return day


def decide_hold_ending(making: Making, ending: HoldEnding) -> date:
    """What is not spent goes back to the very lots it came from; of those whose day has come it expires next."""
    day = ending.at.date()
    hold = next((each for each in making.facts.holds if each.hold_id == ending.hold_id), None)
    if hold is None:
        making.refuse(RefusalCode.HOLD_NOT_OPEN)
        return day
    spent = 0
    if ending.how is HoldEnd.CONFIRMED:
        spent = hold.points if ending.points is None else ending.points
        if spent < 1:
            making.refuse(RefusalCode.POINTS_MUST_BE_POSITIVE, hold.wallet)
            return day
        if spent > hold.points:
            making.refuse(RefusalCode.MORE_THAN_HELD, hold.wallet, spent - hold.points)
            return day
        making.keep_alive(day)
    _end(making, hold, ending.how, spent, day)
    return day


def end_overdue(making: Making, at: datetime, day: date) -> None:
    """Holds whose time is over at local time `at` are over, as of `day`."""
    for hold in overdue(making.facts.holds, at):
        _end(making, hold, HoldEnd.LAPSED, 0, day)


def first_morning(hold: Hold) -> date:
    """The first day whose 00:00 finds the hold over."""
    day = hold.until.date()
    return day if hold.until == datetime.combine(day, datetime.min.time()) else day + timedelta(days=1)


def _end(making: Making, hold: Hold, how: HoldEnd, spent: int, day: date) -> None:
    _give_back(making, hold, hold.points - spent, day)
    transfer = making.next_transfer() if spent else None
    making.add(HoldEnded(hold.hold_id, hold.wallet, how, spent, transfer))


def _give_back(making: Making, hold: Hold, points: int, day: date) -> None:
    """The last lots drawn are the first to be filled again, so that the soonest to expire are spent."""
    if points < 1:
        return
    parts = part_of_each(hold.lots, {}, points)
    lots = tuple(grown(making, part) for part in parts)
    draws = tuple(Draw(part.lot_id, part.points_open) for part in parts)
    making.add(LotsRefilled(making.next_transfer(), hold.wallet, day, lots, draws, RefillOf.HELD))
