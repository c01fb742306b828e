"""A history from beginning to end: its steps drawn by the seed, the books compared on the way and at the end."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from pathlib import Path

from sim import steps, steps_sales
from sim.checks import check_books, check_members
from sim.shop import Shop
from sim.world import Violation, World

_STEPS = (
    *[steps_sales.sale] * 7,
    *[steps_sales.bring_back] * 5,
    *[steps_sales.wait] * 8,
    *[steps.give] * 3,
    *[steps.burn] * 4,
    *[steps.hold] * 4,
    *[steps.finish_hold] * 4,
    *[steps_sales.morning] * 3,
    *[steps.reinstate] * 2,
    *[steps.send] * 2,
    *[steps_sales.move_in] * 2,
    *[steps.spend_in_household] * 3,
    *[World.ask_again] * 2,
    steps.take,
    steps.buy,
    steps.exchange,
    steps.extend,
    steps.burn_race,
    steps_sales.gift,
    steps_sales.open_balance,
    steps_sales.clock_set_back,
)
_CHECKED = 0.15  # of the steps; the end always
_PROVED_EVERY = 500


def play_all(shop: Shop, seeds: Iterable[int]) -> int:
    """Play them; how many. One that fails is played again with a look after every step, so that its last step is
    the first one after which something is wrong."""
    number = 0
    for seed in seeds:
        try:
            play(shop, seed)
        except Violation:
            play(shop, seed, closely=True)
            raise
        number += 1
        if number % _PROVED_EVERY == 0:
            check_books(shop.dsn)
    check_books(shop.dsn)
    return number


def play(shop: Shop, seed: int, *, closely: bool = False) -> int:
    """Play the history of a seed; how many steps it had. Raises Violation, with the history in its notes.

    `closely`: the books are compared after every step.
    """
    world = World(shop, seed)
    try:
        number = world.random.randint(5, 25)
        for _ in range(number):
            world.random.choice(_STEPS)(world)
            if world.random.random() < _CHECKED or closely:
                check_members(world)
        check_members(world)
    except Exception as error:
        error.add_note(f"CAGNOTTE_SIM_SEED={seed} at commit {_commit()}\n" + "\n".join(world.log))
        raise
    finally:
        shop.retire(list(world.ids.values()))
    return number


def _commit() -> str:
    asked = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],
        cwd=Path(__file__).parent,
        capture_output=True,
        text=True,
        check=False,
    )
    return asked.stdout.strip() or "unknown"
