"""Histories of every movement, full of faults: the books are those of the reference, on the way and at the end."""

from __future__ import annotations

import os

from sim.history import play_all
from sim.shop import Shop

HISTORIES = int(os.environ.get("CAGNOTTE_SIM_HISTORIES", "60"))
FIRST_SEED = int(os.environ.get("CAGNOTTE_SIM_SEED", "1"))


def test_the_books_are_those_of_the_reference(database: str) -> None:
    with Shop(database) as shop:
        assert play_all(shop, range(FIRST_SEED, FIRST_SEED + HISTORIES)) == HISTORIES
