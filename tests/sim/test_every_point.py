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


def next_morning(world: World) -> None:
    """Days later, so that lots have ended and holds are over."""
    steps_sales.wait(world)
    steps_sales.morning(world)


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
    steps_sales.open_balance,
    steps_sales.move_in,
    next_morning,
)


class Careful(World):
    """While it is `careful`, a request fails at each of its points in turn, and is sent again until none is left:
    before its commit, before and after each statement. Of every other one the first commit is not heard of."""

    careful = False
    points_met = 0
    _requests = 0

    def _until_answered(self, request: Request, *, gives_up: bool) -> object:
        if self.careful:
            self._requests += 1
            self._fails(request, FaultKind.LOST_BEFORE, 1, at_commit=True)
            if self._requests % 2:
                self._fails(request, FaultKind.LOST_AFTER, 1, at_commit=True)
            for number in range(1, _MOST_STATEMENTS):
                if not self._fails(request, FaultKind.LOST_BEFORE, number):
                    break  # it has fewer statements, and is done
                self._fails(request, FaultKind.LOST_AFTER, number)
            else:
                raise AssertionError(f"more than {_MOST_STATEMENTS} statements: {request.command}")
        return super()._until_answered(request, gives_up=False)

    def _fails(self, request: Request, kind: FaultKind, number: int, *, at_commit: bool = False) -> bool:
        conn, fault = self.shop.till(0), Fault(kind, number, at_commit)
        conn.fault = fault
        try:
            request.do(conn, self.published, request.command, key=request.key, now=self.now)
        except psycopg.OperationalError:
            assert fault.happened
        self.points_met += fault.happened
        return fault.happened


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
