"""A state machine over every movement, on the real database, against the second model.

Where the simulator plays by a seed, hypothesis chooses here all that is drawn, and shortens what fails.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import hypothesis.strategies as st
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from sim import steps, steps_sales
from sim.checks import check_books, check_members
from sim.shop import Shop
from sim.world import World

DICE = st.randoms(use_true_random=False)
MACHINE = settings(max_examples=30, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck))


class Lives(RuleBasedStateMachine):
    """Three members under one of the drawn programmes. A subclass says in which shop."""

    shop: Shop
    world: World | None = None

    @initialize(seed=st.integers(0, 2**20))
    def enrol(self, seed: int) -> None:
        self.world = World(self.shop, seed, fault_rate=0.0, alone=True)

    @rule(dice=DICE)
    def sale(self, dice: Random) -> None:
        self._do(steps_sales.sale, dice)

    @rule(dice=DICE)
    def return_or_void(self, dice: Random) -> None:
        self._do(steps_sales.bring_back, dice)

    @rule(dice=DICE, act=st.sampled_from((steps.give, steps.take, steps.buy, steps_sales.open_balance)))
    def given_or_taken(self, dice: Random, act: Callable[[World], None]) -> None:
        self._do(act, dice)

    @rule(dice=DICE, act=st.sampled_from((steps.burn, steps.exchange, steps_sales.gift)))
    def spent(self, dice: Random, act: Callable[[World], None]) -> None:
        self._do(act, dice)

    @rule(dice=DICE, act=st.sampled_from((steps.hold, steps.finish_hold)))
    def held(self, dice: Random, act: Callable[[World], None]) -> None:
        self._do(act, dice)

    @rule(dice=DICE, act=st.sampled_from((steps.send, steps_sales.move_in, steps.spend_in_household)))
    def with_others(self, dice: Random, act: Callable[[World], None]) -> None:
        self._do(act, dice)

    @rule(dice=DICE, act=st.sampled_from((steps.extend, steps.reinstate)))
    def prolonged(self, dice: Random, act: Callable[[World], None]) -> None:
        self._do(act, dice)

    @rule(dice=DICE, act=st.sampled_from((steps_sales.wait, steps_sales.morning, steps_sales.clock_set_back)))
    def time(self, dice: Random, act: Callable[[World], None]) -> None:
        self._do(act, dice)

    @rule(dice=DICE)
    def sent_again(self, dice: Random) -> None:
        self._do(World.ask_again, dice)

    @invariant()
    def the_books_are_those_of_the_model(self) -> None:
        if self.world is not None:
            check_members(self.world)

    def teardown(self) -> None:
        if self.world is not None:
            self.shop.retire(list(self.world.ids.values()))

    def _do(self, act: Callable[[World], None], dice: Random) -> None:
        assert self.world is not None
        self.world.random = dice
        act(self.world)


def test_whatever_members_live_the_books_are_those_of_the_model(database: str) -> None:
    with Shop(database) as opened:

        class Here(Lives):
            shop = opened

        run_state_machine_as_test(Here, settings=MACHINE)  # type: ignore[no-untyped-call]
        check_books(database)
