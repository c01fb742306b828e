"""F-04: the power fails. What the disk holds at that moment, started elsewhere, has all that was acknowledged."""

from __future__ import annotations

import random
import shutil
import subprocess
from pathlib import Path

import psycopg
import pytest

from cagnotte.host.postgres import EmbeddedPostgres, options
from rig.acknowledged import Act, Tills, check, check_books, keys_of
from rig.deaths import free_port, own_shop, running, server_processes, serving

COPIES = 2
OPTIONS = ("fsync", "full_page_writes", "synchronous_commit")


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


def test_a_server_that_can_lose_what_it_confirmed_is_refused_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for option in OPTIONS:
        monkeypatch.setitem(options._OPTIONS, option, "off")
    with EmbeddedPostgres(tmp_path / "home") as server:
        server.ensure_database("cagnotte")
        environ = {"DATABASE_URL": server.dsn(), "CAGNOTTE_ALLOW_UNSAFE_DATABASE": "0"}
        french = environ | {"CAGNOTTE_LANGUAGE": "fr"}
        port = str(free_port())
        told = {
            "Set them to on": ended(tmp_path, environ, "serve", "--port", port),
            "for tests alone": ended(tmp_path, environ, "demo", "--port", port),
            "Mettez-les à on": ended(tmp_path, french, "worker"),
            "pour des tests seulement": ended(tmp_path, french, "worker", "--once"),
        }
        with psycopg.connect(server.dsn()) as conn:
            tables = conn.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
        allowed = ended(tmp_path, environ | {"CAGNOTTE_ALLOW_UNSAFE_DATABASE": "1"}, "worker", "--once")

    assert [code for code, _ in told.values()] == [1, 1, 1, 1]
    assert all(advice in said and all(option in said for option in OPTIONS) for advice, (_, said) in told.items())
    assert tables == (0,)
    assert allowed == (0, "")


def ended(folder: Path, environ: dict[str, str], *arguments: str) -> tuple[int, str]:
    with running(folder, environ, *arguments) as program:
        return program.process.wait(30), program.said
