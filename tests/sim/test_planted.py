"""The simulator finds what it is there to find."""

from __future__ import annotations

import os
from datetime import UTC, datetime

import pytest

from application.shop import publish
from sim.planted import PLANTED, planted
from sim.steps import play
from sim.world import PROGRAMME, Violation, World

MOST = int(os.environ.get("CAGNOTTE_SIM_PLANTED_MOST", "60"))


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_bug_is_found(database: str, name: str) -> None:
    published = publish(database, PROGRAMME, datetime(2020, 1, 1, tzinfo=UTC))
    with planted(name):
        for seed in range(1, MOST + 1):
            world = World(database, published, seed)
            try:
                play(world, steps=25)
            except Violation:
                print(f"{name}: found after {seed} histories")
                return
            finally:
                world.close()
    pytest.fail(f"{name}: not found in {MOST} histories")
