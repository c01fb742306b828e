"""What may happen next in a history, each told to the program and to the reference."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from cagnotte.application.adjust_points import AdjustPoints, adjust_points
from cagnotte.application.burn_points import BurnPoints, burn_points
from cagnotte.application.buy_points import BuyPoints, buy_points
from cagnotte.application.end_hold import EndHold, end_hold
from cagnotte.application.exchange_points import ExchangePoints, exchange_points
from cagnotte.application.extend_lots import ExtendLots, extend_lots
from cagnotte.application.hold_points import HoldPoints, hold_points
from cagnotte.application.reinstate_points import ReinstatePoints, reinstate_points
from cagnotte.application.send_points import SendPoints, send_points
from cagnotte.application.spend_together import SpendTogether, spend_together
from cagnotte.domain.points.holds import HoldEnd
from sim.world import Request, Violation, World

GIVES_UP = 0.3
_POINTS = (0, 1, 3, 5, 10, 15, 40, 120)


def done(world: World, name: str, do: Any, command: Any, model: Callable[[], int]) -> None:
    """Ask, tell the model what was done, and compare how many points moved."""
    answer = world.ask(do, command, gives_up=world.random.random() < GIVES_UP)
    if answer is None:
        return
    expected, said = model(), world.said(answer, name).points
    if abs(said) != expected:
        raise Violation(f"{command}: {said} points, expected {expected}")


def burn(world: World) -> None:
    name, code, at = a_member(world), a_wallet(world), world.a_time()
    points = _points(world, name, code)
    command = BurnPoints(name, points, code, at=at)
    done(world, name, burn_points, command, lambda: world.models[name].burn(world.local(at), code, points))


def give(world: World) -> None:
    name, code, points, local = a_member(world), a_wallet(world), _points(world), world.local_now
    command = AdjustPoints(name, points, "kindness", "ann", code, at=world.now)
    done(world, name, adjust_points, command, lambda: world.models[name].give(local, code, points))


def take(world: World) -> None:
    name, code, points, local = a_member(world), a_wallet(world), max(_points(world), 1), world.local_now
    command = AdjustPoints(name, -points, "mistake", "ann", code, at=world.now)
    done(world, name, adjust_points, command, lambda: world.models[name].take(local, code, points))


def buy(world: World) -> None:
    name, points, local = a_member(world), world.random.choice((0, 5, 10, 30)), world.local_now
    command = BuyPoints(name, points, "points", at=world.now)
    done(world, name, buy_points, command, lambda: world.models[name].buy(local, "points", points))


def send(world: World) -> None:
    name, other, code = a_member(world), a_member(world), a_wallet(world)
    points, models, local = _points(world, name, code), world.models, world.local_now
    command = SendPoints(name, other, points, code, at=world.now)
    done(world, name, send_points, command, lambda: models[name].send(local, models[other], code, points))


def spend_in_household(world: World) -> None:
    name, points, local = a_member(world), _points(world), world.local_now
    home = world.households.get(name)
    if not home:
        return
    others = [
        world.models[other] for other in world.models if other != name and world.households.get(other) == home
    ]
    command = SpendTogether(name, points, "points", at=world.now)
    spent = lambda: world.models[name].spend_together(local, others, points)  # noqa: E731 - as the others
    done(world, name, spend_together, command, spent)


def exchange(world: World) -> None:
    name, times = a_member(world), world.random.choice((0, 1, 2))
    command, local = ExchangePoints(name, "swap", times, at=world.now), world.local_now
    done(world, name, exchange_points, command, lambda: world.models[name].exchange(local, times))


def extend(world: World) -> None:
    name, code, local = a_member(world), a_wallet(world), world.local_now
    until = local.date() + timedelta(days=world.random.choice((0, 1, 20, 60)))
    command = ExtendLots(name, until, "kindness", "ann", code, at=world.now)
    done(world, name, extend_lots, command, lambda: world.models[name].extend(local, code, until))


def reinstate(world: World) -> None:
    name, code, local = a_member(world), a_wallet(world), world.local_now
    until = local.date() + timedelta(days=world.random.choice((0, 1, 20)))
    points = world.random.choice((None, 1, 7))
    command = ReinstatePoints(name, until, "kindness", "ann", points, code, at=world.now)
    done(world, name, reinstate_points, command, lambda: world.models[name].reinstate(local, code, until, points))


def hold(world: World) -> None:
    name, code = a_member(world), a_wallet(world)
    points = _points(world, name, code)
    minutes = world.random.choice((1, 30, 180, 3 * 24 * 60))
    command, model = HoldPoints(name, points, code, minutes, at=world.now), world.models[name]
    said = world.said(world.ask(hold_points, command), name)
    until = world.local(world.now + timedelta(minutes=minutes))
    expected = model.hold(world.local_now, code, points, until, said.hold or "")
    if said.points != expected:
        raise Violation(f"{command}: {said.points} points, expected {expected}")


def finish_hold(world: World) -> None:
    held = [(name, hold) for name in sorted(world.models) for hold in world.models[name].holds]
    if not held:
        return
    name, hold = world.random.choice(held)
    how = world.random.choice((HoldEnd.CONFIRMED, HoldEnd.RELEASED))
    points = world.random.choice((None, 1, 5, 30)) if how is HoldEnd.CONFIRMED else None
    command, local = EndHold(name, hold, how, points, at=world.now), world.local_now
    spent = 0 if how is HoldEnd.RELEASED else points
    done(world, name, end_hold, command, lambda: world.models[name].end_hold(local, hold, spent))


def burn_race(world: World) -> None:
    """Several tills spend one balance at the same time."""
    if world.alone:
        return
    name, code, points, local = a_member(world), a_wallet(world), 10, world.local_now
    command = BurnPoints(name, points, code, at=world.now)
    world.log.append(f"{world.now.isoformat()} three at once: {command}")
    answers = world.at_once([Request(burn_points, command, world.new_key()) for _ in range(3)])
    world.versions.pop(name, None)  # which of them was first is not known here
    said = sorted(world.said(answer, name).points for answer in sorted(answers, key=version_of))
    expected = sorted(world.models[name].burn(local, code, points) for _ in answers)
    if said != expected:
        raise Violation(f"three at once burned {said}, expected {expected}")


def version_of(answer: Any) -> int:
    return int(answer.body.split(b'"version":')[1].split(b",")[0])


def a_member(world: World) -> str:
    """Mostly the first one, who so has several lots."""
    first, *others = world.models
    return world.random.choice((first, first, first, *others))


def a_wallet(world: World) -> str:
    first, *others = world.terms.wallets
    return world.random.choice((first, first, *others))


def _points(world: World, name: str = "", code: str = "") -> int:
    """Some, or about as many as the member has."""
    there = (
        world.models[name].available(code, world.local_now.date()) if name and world.random.random() < 0.4 else 0
    )
    return there - world.random.choice((-1, 0, 1, 5)) if there > 0 else world.random.choice(_POINTS)
