"""F-01: the program is killed with SIGKILL at random moments while tills sell, spend and take back."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from rig.acknowledged import Tills, check
from rig.deaths import free_port, is_gone, open_shop, serving, until


@pytest.mark.parametrize("seed", [1])
def test_a_killed_worker_process_is_replaced_and_no_acknowledged_act_is_lost(
    database: str, tmp_path: Path, seed: int
) -> None:
    dice, port = random.Random(seed), free_port()
    environ = {"DATABASE_URL": database, "CAGNOTTE_WORKERS": "2"}
    key = open_shop(database)
    with serving(tmp_path, environ, port, "--no-worker") as program:
        with Tills(port, key, seed=seed) as tills:
            for _ in range(2):
                until(lambda: len(program.servers()) == 2, 20, "two workers are there")
                tills.wait_for(dice.randint(10, 60))
                victim = dice.choice(program.servers())
                victim.kill()
                until(lambda gone=victim: is_gone(gone) and len(program.servers()) == 2, 5, "it is replaced")
                tills.wait_for(20)
        check(database, tills)


@pytest.mark.parametrize("seed", [2])
def test_when_the_server_is_killed_nothing_of_it_is_left_and_the_next_one_carries_on_at_once(
    database: str, tmp_path: Path, seed: int
) -> None:
    dice, port = random.Random(seed), free_port()
    environ = {"DATABASE_URL": database, "CAGNOTTE_WORKERS": "2"}
    key = open_shop(database)
    with serving(tmp_path, environ, port) as first, Tills(port, key, seed=seed) as tills:
        tills.wait_for(dice.randint(20, 80))
        left = first.kill()
        with serving(tmp_path, environ, port):
            until(lambda: all(is_gone(each) for each in left), 5, "all that the killed one had started is gone")
            tills.wait_for(dice.randint(20, 80))
            tills.close()
            assert len(left) >= 3
            check(database, tills)
