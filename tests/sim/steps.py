"""What may happen next in a history, each told to the program and to the reference."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from cagnotte.application.adjust_points import AdjustPoints, adjust_points
from cagnotte.application.burn_points import BurnPoints, burn_points
from cagnotte.application.buy_points import BuyPoints, buy_points
from cagnotte.application.end_hold import EndHold, end_hold
from cagnotte.application.exchange_points import ExchangePoints, exchange_points
from cagnotte.application.expire_lots import expire_lots
from cagnotte.application.extend_lots import ExtendLots, extend_lots
from cagnotte.application.hold_points import HoldPoints, hold_points
from cagnotte.application.record_sale import record_sale
from cagnotte.application.reinstate_points import ReinstatePoints, reinstate_points
from cagnotte.application.sale_command import SaleCommand, SaleLine
from cagnotte.application.send_points import SendPoints, send_points
from cagnotte.domain.points.holds import HoldEnd
from sim.checks import check_members
from sim.world import PARIS, WALLETS, Violation, World

_GIVE_UP = 0.3


def play(world: World, steps: int) -> None:
    """Raises Violation, with the history until then in its notes."""
    try:
        for _ in range(steps):
            world.random.choice(_STEPS)(world)
            check_members(world)
    except Exception as error:
        error.add_note(f"seed {world.seed}\n" + "\n".join(world.log))
        raise


def _done(world: World, name: str, do: Any, command: Any, model: Callable[[], int]) -> int:
    """Ask, tell the model, and compare how many points moved; who gives up finds out by the version."""
    before = world.version_of(name)
    gives_up = world.random.random() < _GIVE_UP
    acted = world.ask(do, command, world.new_key(), gives_up=gives_up)
    if acted is None:
        if world.version_of(name) != before:
            model()
        return 0
    expected, said = model(), world.said(acted, name).points
    if abs(said) != expected:
        raise Violation(f"{command}: {said} points, expected {expected}")
    return expected


def _sale(world: World) -> None:
    name, at = _member(world), world.a_time()
    paid = world.random.choice((99, 100, 1999, 5000, 12345))
    command = SaleCommand(world.new_key(), "1", at, (SaleLine("sku", 1, paid),), name)
    before = world.version_of(name)
    world.ask(record_sale, command, world.new_key())
    world.models[name].sale(world.local(at), paid)
    if world.version_of(name) < before:
        raise Violation("a version fell")


def _burn(world: World) -> None:
    name, code, at, points = _member(world), _wallet(world), world.a_time(), _points(world)
    command = BurnPoints(name, points, code, at=at)
    _done(world, name, burn_points, command, lambda: world.models[name].burn(world.local(at), code, points))


def _give(world: World) -> None:
    name, code, points = _member(world), _wallet(world), _points(world)
    command = AdjustPoints(name, points, "kindness", "ann", code, at=world.now)
    _done(
        world, name, adjust_points, command, lambda: world.models[name].give(world.local(world.now), code, points)
    )


def _take(world: World) -> None:
    name, code, points = _member(world), _wallet(world), max(_points(world), 1)
    command = AdjustPoints(name, -points, "mistake", "ann", code, at=world.now)
    _done(
        world, name, adjust_points, command, lambda: world.models[name].take(world.local(world.now), code, points)
    )


def _buy(world: World) -> None:
    name, points = _member(world), world.random.choice((0, 5, 10, 30))
    command = BuyPoints(name, points, "points", at=world.now)
    model = world.models[name]
    before = world.version_of(name)
    acted = world.ask(buy_points, command, world.new_key())
    expected, said = model.buy(world.local(world.now), "points", points), world.said(acted, name)
    if said.points != expected or said.amount_minor != expected * 25:
        raise Violation(f"{command}: {said}, expected {expected} after {before}")


def _send(world: World) -> None:
    name, other, points = _member(world), _member(world), _points(world)
    code = world.random.choice(("points", "months", "credit"))
    command = SendPoints(name, other, points, code, at=world.now)
    models, local = world.models, world.local(world.now)
    _done(world, name, send_points, command, lambda: models[name].send(local, models[other], code, points))


def _exchange(world: World) -> None:
    name, times = _member(world), world.random.choice((0, 1, 2))
    command, local = ExchangePoints(name, "to-credit", times, at=world.now), world.local(world.now)
    give, get = ("points", 10 * times), ("credit", 3 * times)
    _done(world, name, exchange_points, command, lambda: world.models[name].exchange(local, give, get))


def _extend(world: World) -> None:
    name, code, local = _member(world), _wallet(world), world.local(world.now)
    until = local.date() + timedelta(days=world.random.choice((0, 1, 20, 60)))
    command = ExtendLots(name, until, "kindness", "ann", code, at=world.now)
    _done(world, name, extend_lots, command, lambda: world.models[name].extend(local, code, until))


def _reinstate(world: World) -> None:
    name, code, local = _member(world), _wallet(world), world.local(world.now)
    until = local.date() + timedelta(days=world.random.choice((0, 1, 20)))
    points = world.random.choice((None, None, 1, 7))
    command = ReinstatePoints(name, until, "kindness", "ann", points, code, at=world.now)
    _done(world, name, reinstate_points, command, lambda: world.models[name].reinstate(local, code, until, points))


def _hold(world: World) -> None:
    name, code, points = _member(world), _wallet(world), _points(world)
    minutes = world.random.choice((1, 30, 180, 3 * 24 * 60))
    command, model = HoldPoints(name, points, code, minutes, at=world.now), world.models[name]
    acted = world.ask(hold_points, command, world.new_key())
    said = world.said(acted, name)
    until = world.local(world.now + timedelta(minutes=minutes))
    expected = model.hold(world.local(world.now), code, points, until, said.hold or "")
    if said.points != expected:
        raise Violation(f"{command}: {said.points} points, expected {expected}")


def _end_hold(world: World) -> None:
    held = [(name, hold) for name in sorted(world.models) for hold in world.models[name].holds]
    if not held:
        return
    name, hold = world.random.choice(held)
    how = world.random.choice((HoldEnd.CONFIRMED, HoldEnd.RELEASED))
    points = world.random.choice((None, 1, 5)) if how is HoldEnd.CONFIRMED else None
    command, local = EndHold(name, hold, how, points, at=world.now), world.local(world.now)
    spent = 0 if how is HoldEnd.RELEASED else points
    _done(world, name, end_hold, command, lambda: world.models[name].end_hold(local, hold, spent))


def _burn_race(world: World) -> None:
    """Several tills spend one balance at the same time."""
    name, code, points, local = _member(world), _wallet(world), 7, world.local(world.now)
    command = BurnPoints(name, points, code, at=world.now)
    world.log.append(f"three at once: {command}")
    answers = world.at_once(burn_points, [(command, world.new_key()) for _ in range(3)])
    expected = sorted(world.models[name].burn(local, code, points) for _ in answers)
    said = sorted(world.said_in_race(acted).points for acted in answers)
    if said != expected:
        raise Violation(f"three at once burned {said}, expected {expected}")


def _morning(world: World) -> None:
    """The daily job, for the instant that it is."""
    world.log.append(f"{world.now.isoformat()} expire")
    expire_lots(world.connection(2), world.published, world.now)
    for model in world.models.values():
        model.bring_to(world.local(world.now).date())


def _wait(world: World) -> None:
    """Time passes; sometimes to just before or just after midnight, or to 00:00 itself."""
    hours = world.random.choice((1, 3, 24, 49, 24 * 15, 24 * 31))
    world.now += timedelta(hours=hours, minutes=world.random.choice((0, 1, 29)))
    if world.random.random() < 0.4:
        midnight = datetime.combine(world.local(world.now).date() + timedelta(days=1), datetime.min.time(), PARIS)
        aside = timedelta(minutes=world.random.choice((-1, 0, 1)))
        world.now = midnight.astimezone(world.now.tzinfo) + aside


def _member(world: World) -> str:
    return world.random.choice(sorted(world.models))


def _wallet(world: World) -> str:
    return world.random.choice(list(WALLETS))


def _points(world: World) -> int:
    return world.random.choice((0, 1, 3, 7, 15, 40, 120))


_STEPS = (
    *[_sale] * 3,
    *[_give] * 2,
    *[_burn] * 2,
    *[_hold] * 2,
    *[_end_hold] * 2,
    *[_wait] * 4,
    *[_morning] * 1,
    _take,
    _buy,
    _send,
    _exchange,
    _extend,
    _reinstate,
    _burn_race,
)
