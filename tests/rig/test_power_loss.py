"""F-04: the power fails. What the disk holds at that moment, started elsewhere, has all that was acknowledged."""

from __future__ import annotations

import random
import shutil
import subprocess
from pathlib import Path

import pytest

from cagnotte.host.postgres import EmbeddedPostgres
from rig.acknowledged import Act, Tills, check, check_books, keys_of
from rig.deaths import free_port, own_shop, server_processes, serving

COPIES = 3


@pytest.mark.parametrize("seed", [4])
def test_what_the_disk_holds_at_any_moment_has_all_that_was_acknowledged(tmp_path: Path, seed: int) -> None:
    dice, port, data = random.Random(seed), free_port(), tmp_path / "data"
    with own_shop(data) as (_, key):
        pass
    copies: list[tuple[Path, set[Act]]] = []
    with serving(tmp_path, {"CAGNOTTE_WORKERS": "2"}, port, "--data", str(data)):
        with Tills(port, key, seed=seed) as tills:
            for number in range(COPIES):
                tills.wait_for(dice.randint(10, 60))
                copies.append(copy_of_the_disk(data / "postgres", tmp_path / f"copy {number}", tills))
        with EmbeddedPostgres(data / "postgres") as server:
            check(server.dsn(), tills)

    for home, acknowledged in copies:
        with EmbeddedPostgres(home) as server:
            there = keys_of(server.dsn())
            assert {act.key for act in acknowledged} <= there
            check_books(server.dsn(), {act: said for act, said in tills.answered.items() if act.key in there})
        shutil.rmtree(home)


def copy_of_the_disk(home: Path, target: Path, tills: Tills) -> tuple[Path, set[Act]]:
    """The server's files at one moment, while all its processes stand still, and what was acknowledged by then."""
    acknowledged = set(tills.answered)
    stopped = []
    try:
        for process in server_processes(home):
            process.suspend()
            stopped.append(process)
        target.mkdir()
        subprocess.run(["cp", "-a", home / "data", target / "data"], check=True)
    finally:
        for process in reversed(stopped):
            process.resume()
    return target, acknowledged
