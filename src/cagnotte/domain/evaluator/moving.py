"""Points that move: to another member, into another wallet, or bought by the member."""

from datetime import date, datetime

from cagnotte.domain.earning.terms import CapUnit
from cagnotte.domain.evaluator.decision import RECEIVER, RefusalCode
from cagnotte.domain.evaluator.effects import DrawReason, LotSource, PointsSold, Tallied, TransferDue
from cagnotte.domain.evaluator.events import ExchangeAsked, PointsBought, PointsReceived, PointsSent
from cagnotte.domain.evaluator.making import Making
from cagnotte.domain.evaluator.paying import drawn, planned
from cagnotte.domain.kernel import POINTS_MOST
from cagnotte.domain.points.lots import Draw
from cagnotte.domain.points.terms import Sending


def decide_sent(making: Making, sent: PointsSent) -> date:
    """Draw usable points as a burn would, and say what the other member is to receive; never into debt."""
    day, sending = sent.at.date(), making.programme.sending
    if sent.wallet not in making.ready.wallets:
        making.refuse(RefusalCode.UNKNOWN_WALLET, sent.wallet)
    elif sending is None or sent.wallet not in sending.wallets:
        making.refuse(RefusalCode.CANNOT_BE_SENT, sent.wallet)
    elif sent.to == sent.member:
        making.refuse(RefusalCode.TO_ONESELF, sent.wallet)
    elif sent.to_closed:
        making.refuse(RefusalCode.MEMBER_CLOSED, RECEIVER)
    elif _may_send(making, sent, sending):
        making.keep_alive(day)
        lots = drawn(making, planned(making, making.ready.wallets[sent.wallet], sent.points, day))
        making.draw(
            sent.wallet, DrawReason.SENT, day, [Draw(lot.lot_id, lot.points_open) for lot in lots], sent.reason
        )
        making.add(TransferDue(sent.to, sent.wallet, lots))
        _count_sent(making, sending, sent.points, sent.at)
    return day


def decide_received(making: Making, received: PointsReceived) -> date:
    """One lot for each that was sent, with its days; as one lot on the wallet's terms where days begin anew.

    What the receiver owes in the wallet is paid from them.
    """
    day, sending = received.at.date(), making.programme.sending
    wallet = making.ready.wallets[received.wallet]
    source = LotSource.FROM_POOL if received.pooled else LotSource.RECEIVED
    if sending is not None and not sending.keeps_dates and not received.pooled:
        points = sum(lot.points_open for lot in received.lots)
        making.open_lot(making.ready.terms_of_wallet[wallet.code], points, day, LotSource.RECEIVED)
        return day
    for lot in received.lots:
        making.open_lot_until(
            wallet, lot.points_open, day, usable=lot.usable_from, ends=lot.expires_on, source=source
        )
    return day


def decide_exchange(making: Making, asked: ExchangeAsked) -> date:
    day = asked.at.date()
    exchange = next((each for each in making.programme.exchanges if each.code == asked.exchange), None)
    if exchange is None:
        making.refuse(RefusalCode.UNKNOWN_EXCHANGE, asked.exchange)
        return day
    points, given = exchange.give * asked.times, exchange.get * asked.times
    missing = points - making.available(exchange.wallet, day)
    if asked.times < 1:
        making.refuse(RefusalCode.COUNT_MUST_BE_POSITIVE, asked.exchange)
    elif missing > 0:
        making.refuse(RefusalCode.INSUFFICIENT_POINTS, asked.exchange, missing)
    elif given > POINTS_MOST:
        making.refuse(RefusalCode.POINTS_TOO_LARGE, asked.exchange)
    else:
        making.keep_alive(day)
        draws = planned(making, making.ready.wallets[exchange.wallet], points, day)
        making.draw(exchange.wallet, DrawReason.EXCHANGE, day, draws, exchange.code)
        making.open_lot(making.ready.terms_of_wallet[exchange.into], given, day, LotSource.EXCHANGED)
    return day


def decide_bought(making: Making, bought: PointsBought) -> date:
    """Points at the wallet's price, on its terms; only in whole units of the price, so that no cent is rounded."""
    day, wallet = bought.at.date(), making.ready.wallets.get(bought.wallet)
    if wallet is None:
        making.refuse(RefusalCode.UNKNOWN_WALLET, bought.wallet)
    elif wallet.price is None:
        making.refuse(RefusalCode.NOT_FOR_SALE, bought.wallet)
    elif bought.points < 1:
        making.refuse(RefusalCode.POINTS_MUST_BE_POSITIVE, bought.wallet)
    elif lacks := -bought.points % wallet.price.points:
        making.refuse(RefusalCode.NOT_IN_STEPS, bought.wallet, lacks)
    else:
        making.keep_alive(day)
        amount = bought.points // wallet.price.points * wallet.price.amount_minor
        making.add(PointsSold(wallet.code, bought.points, amount))
        making.open_lot(making.ready.terms_of_wallet[wallet.code], bought.points, day, LotSource.BOUGHT)
    return day


def _may_send(making: Making, sent: PointsSent, sending: Sending) -> bool:
    """Whether the sender has the points and no limit stands in the way; the refusal says what lacks."""
    points, day = sent.points, sent.at.date()
    if points < 1:
        making.refuse(RefusalCode.POINTS_MUST_BE_POSITIVE, sent.wallet)
    elif points < sending.least:
        making.refuse(RefusalCode.FEWER_THAN_LEAST, sent.wallet, sending.least - points)
    elif sending.most is not None and points > sending.most:
        making.refuse(RefusalCode.MORE_THAN_MOST, sent.wallet, points - sending.most)
    elif (missing := points - making.available(sent.wallet, day)) > 0:
        making.refuse(RefusalCode.INSUFFICIENT_POINTS, sent.wallet, missing)
    else:
        counting = making.counting(sent.at, "")
        for code in sending.caps:
            cap = making.ready.caps[code]
            over = (points if cap.unit is CapUnit.POINTS else 1) - counting.left(cap)
            if over > 0:
                making.refuse(RefusalCode.CAP_REACHED, code, over)
                return False
        return True
    return False


def _count_sent(making: Making, sending: Sending, points: int, at: datetime) -> None:
    counting = making.counting(at, "")
    for code in sending.caps:
        cap = making.ready.caps[code]
        counting.add(cap, points if cap.unit is CapUnit.POINTS else 1)
    if added := counting.added():
        making.add(Tallied(added))
