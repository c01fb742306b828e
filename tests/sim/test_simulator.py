"""Histories of every movement, full of faults: the books are those of the reference after each step."""

from __future__ import annotations

import os
from datetime import UTC, datetime

from application.shop import publish
from sim.checks import check_books
from sim.steps import play
from sim.world import PROGRAMME, World

HISTORIES = int(os.environ.get("CAGNOTTE_SIM_HISTORIES", "8"))
FIRST_SEED = int(os.environ.get("CAGNOTTE_SIM_SEED", "1"))
STEPS = 25


def test_the_books_are_those_of_the_reference(database: str) -> None:
    published = publish(database, PROGRAMME, datetime(2020, 1, 1, tzinfo=UTC))
    for seed in range(FIRST_SEED, FIRST_SEED + HISTORIES):
        world = World(database, published, seed)
        try:
            play(world, STEPS)
        finally:
            world.close()
    check_books(database)
