"""Sales, what comes back of them, vouchers, opening balances, households, and what the clock does."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import msgspec

from cagnotte.application.convert_points import ConversionAnswer, ConvertPoints, convert_points
from cagnotte.application.expire_lots import expire_lots
from cagnotte.application.loading.load_balances import Opening, load_balances
from cagnotte.application.loading.opening_rows import BalanceRow
from cagnotte.application.move_household import move_household
from cagnotte.application.record_sale import record_sale
from cagnotte.application.return_answer import ReturnAnswer
from cagnotte.application.return_sale import ReturnSale, return_sale
from cagnotte.application.sale_answer import SaleAnswer
from cagnotte.application.sale_command import SaleCommand, SaleLine
from cagnotte.application.void_sale import VoidSale, void_sale
from sim.steps import GIVES_UP, a_member, a_wallet
from sim.world import Violation, World

_LINES = ((1, 99), (1, 100), (1, 1999), (3, 5000), (2, 12345), (7, 701), (3, 1000))


def sale(world: World) -> None:
    name, at, dice = a_member(world), world.a_time(), world.random
    lines = [dice.choice(_LINES) for _ in range(dice.choice((1, 1, 2, 3)))]
    points = dice.choice((0, 0, 1, 10, 25, 100)) if not world.terms.cap else 0
    wallet, sale_id = world.terms.first.code, world.new_key()
    sold = tuple(SaleLine(f"sku-{place}", quantity, paid) for place, (quantity, paid) in enumerate(lines))
    paying = {wallet: points} if points else {}
    command = SaleCommand(sale_id, "1", at, sold, name, pay_with_points=paying)
    answer = world.ask(record_sale, command, gives_up=dice.random() < GIVES_UP)
    if answer is None:
        return
    world.models[name].sale(world.local(at), sale_id, lines, points)
    said = msgspec.json.decode(answer.body, type=SaleAnswer)
    paid = sum(each.amount_minor for each in said.paid_with_points)
    if paid != world.models[name].sales[sale_id].paid:
        raise Violation(f"{sale_id}: points pay {paid}, expected {world.models[name].sales[sale_id].paid}")


def bring_back(world: World) -> None:
    """Some articles, all that is left, or the whole sale was a mistake."""
    dice = world.random
    sales = [(name, sale_id) for name in world.models for sale_id in world.models[name].sales]
    if world.terms.cap or not sales:
        return
    name, sale_id = dice.choice(sales)
    sold = world.models[name].sales[sale_id].lines
    lines = None
    if (way := dice.random()) < 0.7:
        places = sorted(dice.sample(range(len(sold)), dice.randint(1, len(sold))))
        lines = {place: dice.choice((1, 1, 2, sold[place][0])) for place in places}
    if way > 0.9:
        answer: Any = world.ask(void_sale, VoidSale(sale_id, world.now, "typed twice"))
    else:
        asked = None if lines is None else tuple((place + 1, number) for place, number in lines.items())
        answer = world.ask(return_sale, ReturnSale(sale_id, asked, world.now))
    said = msgspec.json.decode(answer.body, type=ReturnAnswer)
    expected = world.models[name].give_back(world.local_now, sale_id, lines)
    if (None if said.refusals else said.refund_minor) != expected:
        raise Violation(f"{sale_id} returned: {said}, expected to be refunded {expected}")


def gift(world: World) -> None:
    name, times = a_member(world), world.random.choice((0, 1, 1, 2))
    answer = world.ask(convert_points, ConvertPoints(name, "gift", times))
    given = msgspec.json.decode(answer.body, type=ConversionAnswer).vouchers
    if world.models[name].ask_gift(world.local_now, times) != sum(each.count for each in given):
        raise Violation(f"{times} vouchers asked, given {given}")


def open_balance(world: World) -> None:
    """A row of the programme before; the same file comes twice."""
    name, code, local = a_member(world), a_wallet(world), world.local_now
    points, ends = world.random.choice((1, 30, 90)), local.date() + timedelta(days=world.random.choice((0, 1, 40)))
    row = BalanceRow(1, name, points, code, by_terms=False, expires_on=ends, reference=world.new_key())
    world.log.append(f"{world.now.isoformat()} opens {row}")
    opening = Opening(local.date(), world.new_key())
    for _ in range(world.random.choice((1, 2))):
        world.until_done(
            lambda conn: load_balances(conn, world.published, opening, [row], now=world.now, refuse=_refuse)
        )
    world.models[name].open_balance(datetime.combine(local.date(), datetime.min.time()), code, points, ends)


def move_in(world: World) -> None:
    """Into a household, or out of it."""
    name = a_member(world)
    code = world.random.choice(("", "home", "home", "home"))
    household = f"{code}-{min(world.ids.values())}" if code else ""
    world.log.append(f"{world.now.isoformat()} {name} moves to {household!r}")
    world.until_done(lambda conn: move_household(conn, world.published, name, household, now=world.now))
    if world.households.get(name, "") != household:
        world.households[name] = household
        world.models[name].bring_to(world.local_now.date())


def morning(world: World) -> None:
    """The daily job, for the instant that it is. Members to whom nothing is due may stay on the day that is done
    for them, or be brought to this one: that shows when a sale of a day before comes late."""
    world.log.append(f"{world.now.isoformat()} expire")
    world.until_done(lambda conn: expire_lots(conn, world.published, world.now))
    day, done = world.local_now.date(), days_done(world)
    for name, model in world.models.items():
        if model.is_due(day) or done.get(name, day) >= day:
            model.bring_to(day)
        if any(hold.until <= world.local_now for hold in model.holds.values()):
            model.begin(world.local_now)


def days_done(world: World) -> dict[str, date]:
    """The last day that is done for each member who did something."""
    rows = world.shop.eye.execute(
        "SELECT member_id, as_of FROM member_standing WHERE member_id = ANY(%s)", (list(world.ids.values()),)
    )
    names = {member_id: name for name, member_id in world.ids.items()}
    return {names[member_id]: as_of for member_id, as_of in rows.fetchall()}


def wait(world: World) -> None:
    """Time passes; sometimes to just before or just after midnight, or to 00:00 itself."""
    hours = world.random.choice((1, 3, 24, 49, 24 * 15, 24 * 31))
    world.jump(timedelta(hours=hours, minutes=world.random.choice((0, 1, 29))))
    if world.random.random() < 0.4:
        world.to_midnight(timedelta(minutes=world.random.choice((-1, 0, 1))))


def clock_set_back(world: World) -> None:
    """The application's clock was wrong: it is put back, at most by an hour."""
    world.jump(-timedelta(minutes=world.random.choice((1, 10, 60))))


def _refuse(row: object) -> None:
    if getattr(row, "code", "") != "ended_before":
        raise Violation(f"an opening balance was refused: {row}")
