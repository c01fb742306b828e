"""Each movement, with a fault before and after each of its statements and its commit: done once (INV-08)."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest

from sim import steps, steps_sales
from sim.checks import check_books, check_members
from sim.faults import Fault, FaultKind
from sim.shop import Shop
from sim.world import Request, World

_MOST_STATEMENTS = 60
_SEEDS = (3, 14, 26)
_LEAST = 20  # points at which a movement must have failed
PREPARED = (
    *(steps_sales.sale, steps.give, steps_sales.move_in, steps_sales.wait, steps.give) * 4,
    *(steps.give, steps.hold) * 4,
)
MOVEMENTS: tuple[Callable[[World], None], ...] = (
    steps_sales.sale,
    steps_sales.bring_back,
    steps_sales.gift,
    steps.give,
    steps.take,
    steps.burn,
    steps.buy,
    steps.send,
    steps.spend_in_household,
    steps.exchange,
    steps.extend,
    steps.reinstate,
    steps.hold,
    steps.finish_hold,
)


class Careful(World):
    """While it is `careful`, a request fails at each of its points in turn, and is sent again until none is left:
    before each statement and the commit, then after each statement, of which one is the last, and the commit."""

    careful = False
    points_met = 0

    def _until_answered(self, request: Request, *, gives_up: bool) -> object:
        if self.careful:
            for kind in (FaultKind.LOST_BEFORE, FaultKind.LOST_AFTER):
                for at_commit in (False, True):
                    self._fail_at_each(request, kind, at_commit=at_commit)
        return super()._until_answered(request, gives_up=False)

    def _fail_at_each(self, request: Request, kind: FaultKind, *, at_commit: bool) -> None:
        for number in range(1, 2 if at_commit else _MOST_STATEMENTS):
            conn, fault = self.shop.till(0), Fault(kind, number, at_commit)
            conn.fault = fault
            try:
                request.do(conn, self.published, request.command, key=request.key, now=self.now)
            except psycopg.OperationalError:
                assert fault.happened
            if not fault.happened:
                return
            self.points_met += 1


@pytest.mark.parametrize("movement", MOVEMENTS, ids=lambda movement: movement.__name__)
def test_a_movement_that_fails_at_any_point_is_done_once(database: str, movement: Callable[[World], None]) -> None:
    met = 0
    with Shop(database) as shop:
        for seed in _SEEDS:
            world = Careful(shop, seed, fault_rate=0.0, alone=True)
            for prepare in PREPARED:
                prepare(world)
            world.careful = True
            for _ in range(3):
                movement(world)
                check_members(world)
            met += world.points_met
            shop.retire(list(world.ids.values()))
        check_books(database)
    assert met >= _LEAST
