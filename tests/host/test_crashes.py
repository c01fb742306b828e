"""What was committed is there after every kind of sudden death."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from cagnotte.host.postgres import EmbeddedPostgres
from cagnotte.host.postgres.account import server_account
from host.conftest import StartUser
from host.processes import is_running, postmaster_pid

VICTIMS = ["client", "postmaster", "both", "both, pid re-used"]


@pytest.mark.parametrize("victim", VICTIMS)
def test_committed_rows_survive_kill_9(tmp_path: Path, start_user: StartUser, victim: str) -> None:
    home = tmp_path / "home"

    for _ in range(3):
        writer = start_user(home, "write")
        committed = read_numbers(writer, at_least=50)
        if victim != "client":
            os.kill(postmaster_pid(home), signal.SIGKILL)
        if victim != "postmaster":
            writer.kill()
        committed += [int(line) for line in writer.communicate()[0].split()]
        if victim == "both, pid re-used":
            with unrelated_process(home) as other, EmbeddedPostgres(home) as server:
                found = read_back(server)
                assert other.poll() is None
        else:
            with EmbeddedPostgres(home) as server:
                found = read_back(server)

        assert set(committed) <= found
        # The one row in flight may have been committed unseen; nothing else may appear.
        assert found == set(range(1, max(committed) + 1)) or found == set(range(1, max(committed) + 2))
        assert not is_running(home)


def test_a_server_outlives_its_killed_users_until_the_next_one_leaves(
    tmp_path: Path, start_user: StartUser
) -> None:
    home = tmp_path / "home"
    users = [start_user(home, "hold") for _ in range(2)]
    pid = postmaster_pid(home)

    for user in users:
        user.kill()
        user.wait()
    still_there = is_running(home)
    with EmbeddedPostgres(home):
        same_server = postmaster_pid(home) == pid

    assert still_there
    assert same_server
    assert not is_running(home)


def test_a_new_server_waits_for_the_orphaned_backends_of_a_killed_one(tmp_path: Path) -> None:
    home = tmp_path / "home"
    server = EmbeddedPostgres(home).start()
    with psycopg.connect(server.dsn("postgres"), autocommit=True) as conn:
        backend = conn.info.backend_pid
        busy = threading.Thread(target=lambda: keep_busy(conn))
        busy.start()
        wait_until_busy(server, backend)

        os.kill(postmaster_pid(home), signal.SIGKILL)
        orphan_lived = is_alive(backend)
        server.start()
        orphan_ended = not is_alive(backend)
        busy.join()

    assert orphan_lived
    assert orphan_ended
    assert server_answers(server)
    server.stop()
    assert not is_running(home)


def test_stopping_never_signals_a_process_that_took_over_the_pid(tmp_path: Path) -> None:
    home = tmp_path / "home"
    server = EmbeddedPostgres(home).start()
    os.kill(postmaster_pid(home), signal.SIGKILL)

    with unrelated_process(home) as other:
        server.stop()

        assert other.poll() is None


def read_numbers(writer: subprocess.Popen[str], *, at_least: int) -> list[int]:
    assert writer.stdout is not None
    return [int(writer.stdout.readline()) for _ in range(at_least)]


def read_back(server: EmbeddedPostgres) -> set[int]:
    with psycopg.connect(server.dsn("postgres")) as conn:
        return {number for (number,) in conn.execute("SELECT number FROM written").fetchall()}


def unrelated_process(home: Path) -> subprocess.Popen[bytes]:
    """A living process of the server's own account, whose pid the left-over pid file now names.

    It ends when the `with` around it closes its input.
    """
    account = server_account(home / "data")
    other = subprocess.Popen(["cat"], stdin=subprocess.PIPE, user=account.uid if account.switched else None)
    pid_file = home / "data" / "postmaster.pid"
    pid_file.write_text(str(other.pid) + pid_file.read_text()[len(str(postmaster_pid(home))) :])
    return other


def keep_busy(conn: psycopg.Connection) -> None:
    # Its postmaster will be killed: an answer and a lost connection are both right.
    with suppress(psycopg.OperationalError):
        conn.execute("SELECT sum(n) FROM generate_series(1, 6000000) AS n")


def wait_until_busy(server: EmbeddedPostgres, backend: int) -> None:
    with psycopg.connect(server.dsn("postgres"), autocommit=True) as conn:
        active = "SELECT 1 FROM pg_stat_activity WHERE pid = %s AND state = 'active'"
        while conn.execute(active, [backend]).fetchone() is None:
            pass


def server_answers(server: EmbeddedPostgres) -> bool:
    with psycopg.connect(server.dsn("postgres")) as conn:
        return conn.execute("SELECT 1").fetchone() == (1,)


def is_alive(pid: int) -> bool:
    """False for a process that is gone, or ended and not yet collected by its parent."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"
