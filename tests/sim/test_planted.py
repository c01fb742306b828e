"""The simulator finds what it is there to find: each planted bug, from the seed whose history found it first."""

from __future__ import annotations

import logging

import pytest

from sim.catalogue import found_after
from sim.planted import PLANTED

_MOST = 200  # histories; what is sent at the same time does not arrive in the same order each time


@pytest.fixture(autouse=True)
def _silence() -> None:
    """Connections are cut on purpose."""
    logging.getLogger("psycopg").setLevel(logging.CRITICAL)


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_bug_is_found(database: str, name: str) -> None:
    histories, _ = found_after(database, name, first=PLANTED[name].seed, most=_MOST)

    assert histories
