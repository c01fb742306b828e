from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest

from cagnotte.host.postgres import EmbeddedPostgres
from cagnotte.host.postgres.account import server_account
from cagnotte.host.postgres.binaries import WHEEL, find_binaries
from cagnotte.host.postgres.unavailable import FolderUnusable, StartFailed, VersionUnsupported
from host.conftest import StartUser
from host.processes import is_running, permissions, postmaster_pid


def setting(server: EmbeddedPostgres, name: str) -> str:
    with psycopg.connect(server.dsn("postgres")) as conn:
        row = conn.execute("SELECT current_setting(%s)", [name]).fetchone()
    assert row is not None
    return str(row[0])


def test_a_new_folder_serves_within_five_seconds_and_an_old_one_sooner(tmp_path: Path) -> None:
    took_s = []

    for _ in range(2):
        began = time.monotonic()
        with EmbeddedPostgres(tmp_path / "home"):
            took_s.append(time.monotonic() - began)

    print(f"new folder {took_s[0]:.2f} s, old folder {took_s[1]:.2f} s")
    assert took_s[0] < 5
    assert took_s[1] < took_s[0]


def test_the_server_is_durable_and_off_the_network(tmp_path: Path) -> None:
    with EmbeddedPostgres(tmp_path / "home") as server:
        found = {
            name: setting(server, name)
            for name in (
                "fsync",
                "full_page_writes",
                "synchronous_commit",
                "listen_addresses",
                "data_checksums",
            )
        }

    assert found == {
        "fsync": "on",
        "full_page_writes": "on",
        "synchronous_commit": "on",
        "listen_addresses": "",
        "data_checksums": "on",
    }


def test_a_database_is_made_once_in_utf8_sorted_by_code_point(tmp_path: Path) -> None:
    with EmbeddedPostgres(tmp_path / "home") as server:
        server.ensure_database('la "cagnotte"')
        server.ensure_database('la "cagnotte"')

        with psycopg.connect(server.dsn('la "cagnotte"')) as conn:
            rows = conn.execute("SELECT w FROM unnest(ARRAY['été', 'Zoé', 'abc']) AS w ORDER BY w").fetchall()
            encoding = conn.execute("SHOW server_encoding").fetchone()

    assert rows == [("Zoé",), ("abc",), ("été",)]
    assert encoding == ("UTF8",)


def test_six_processes_share_one_server_and_the_last_one_ends_it(tmp_path: Path, start_user: StartUser) -> None:
    home = tmp_path / "home"
    users = [start_user(home, "hold") for _ in range(6)]

    running_after_each = []
    for user in users:
        user.communicate()
        running_after_each.append(is_running(home))

    assert running_after_each == [True, True, True, True, True, False]
    assert [user.returncode for user in users] == [0] * 6


def test_six_processes_that_start_at_once_get_the_same_server(tmp_path: Path) -> None:
    home = tmp_path / "home"
    program = Path(__file__).with_name("database_user.py")
    command = [sys.executable, str(program), str(home), "hold"]

    users = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(6)]
    answers = [user.stdout.readline() for user in users if user.stdout]
    for user in users:
        user.communicate()

    assert answers == ["ready\n"] * 6
    assert [user.returncode for user in users] == [0] * 6
    assert not is_running(home)


def test_a_server_whose_connections_are_all_in_use_counts_as_running(tmp_path: Path) -> None:
    with EmbeddedPostgres(tmp_path / "home") as server, ExitStack() as busy:
        for _ in range(int(setting(server, "max_connections"))):
            busy.enter_context(psycopg.connect(server.dsn("postgres")))
        with pytest.raises(psycopg.OperationalError, match="too many clients"):
            psycopg.connect(server.dsn("postgres"))

        second = EmbeddedPostgres(tmp_path / "home").start()
        second.stop()

        assert is_running(server.home)


def test_ctrl_c_spares_the_server_while_another_uses_it_and_ends_it_with_the_last(
    tmp_path: Path, start_user: StartUser
) -> None:
    home = tmp_path / "home"
    first, second = start_user(home, "hold"), start_user(home, "hold")

    os.killpg(first.pid, signal.SIGINT)
    first.wait()
    after_first = is_running(home)
    os.killpg(second.pid, signal.SIGINT)
    second.wait()

    assert after_first
    assert not is_running(home)


def test_nothing_outside_its_folder_changes_even_below_a_closed_folder(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    neighbour = closed / "neighbour"
    neighbour.write_text("mine")
    outside = [neighbour, closed, *closed.parents]
    before = permissions(outside)

    with EmbeddedPostgres(closed / "home") as server:
        data = setting(server, "data_directory")

    assert permissions(outside) == before
    assert (closed / "home" / "data" / "PG_VERSION").read_text() == "18\n"
    assert data


def test_an_ordinary_user_runs_the_server_as_itself(
    open_folder: Path, ordinary_uid: int, start_user: StartUser
) -> None:
    spec = importlib.util.find_spec(WHEEL)
    assert spec is not None
    assert spec.origin is not None
    copy_wheel(Path(spec.origin).parent, open_folder)
    own = open_folder / "own"
    own.mkdir(mode=0o700)
    os.chown(own, ordinary_uid, -1)
    become = [ordinary_uid] if os.geteuid() == 0 else []

    user = start_user(own / "home", "hold", *become, import_first=open_folder)
    owner = Path(f"/proc/{postmaster_pid(own / 'home')}").stat().st_uid
    user.communicate()

    assert owner == ordinary_uid
    assert not is_running(own / "home")


def test_programs_in_a_closed_folder_still_run_and_the_folder_stays_closed(
    tmp_path: Path, open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = importlib.util.find_spec(WHEEL)
    assert spec is not None
    assert spec.origin is not None
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    copy_wheel(Path(spec.origin).parent, closed)
    monkeypatch.syspath_prepend(str(closed))
    before = permissions([closed, *closed.rglob("*")])
    account = server_account(tmp_path / "none")

    found = [find_binaries(account, copies=open_folder / "copies") for _ in range(2)]

    assert found[0] == found[1]
    assert found[0].version == 18
    assert account.run([found[0].folder / "postgres", "--version"]).stdout.startswith(b"postgres (PostgreSQL) 18.")
    assert found[0].folder.is_relative_to(open_folder / "copies" if account.switched else closed)
    assert permissions([closed, *closed.rglob("*")]) == before


def test_a_path_too_long_for_a_socket_or_with_odd_signs_works(tmp_path: Path) -> None:
    for name in ("long" * 30, 'a "quoted", odd\' name'):
        with EmbeddedPostgres(tmp_path / name) as server:
            answer = setting(server, "server_encoding")

        assert answer == "UTF8"
        assert not server.socket.exists() or server.socket.parent == server.home


def test_a_socket_folder_that_somebody_else_made_is_refused(tmp_path: Path) -> None:
    server = EmbeddedPostgres(tmp_path / ("long" * 30))
    server.socket.symlink_to(tmp_path)

    try:
        with pytest.raises(FolderUnusable, match="belongs to another account"):
            server.start()
    finally:
        server.socket.unlink()


def test_a_killed_initdb_leaves_nothing_in_the_way(tmp_path: Path) -> None:
    half = tmp_path / "home" / "data.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")

    with EmbeddedPostgres(tmp_path / "home") as server:
        answer = setting(server, "server_encoding")

    assert answer == "UTF8"
    assert not half.exists()


def test_a_server_that_cannot_start_says_why_with_its_own_last_lines(tmp_path: Path) -> None:
    with EmbeddedPostgres(tmp_path / "home") as server:
        pass
    with (server.data / "postgresql.conf").open("a") as conf:
        conf.write("nonsense = 1\n")

    with pytest.raises(
        StartFailed, match=r'(?s)ended while starting.*unrecognized configuration parameter "nonsense"'
    ):
        server.start()

    assert not is_running(server.home)


def test_data_of_another_version_is_refused_untouched(tmp_path: Path) -> None:
    with EmbeddedPostgres(tmp_path / "home") as server:
        pass
    (server.data / "PG_VERSION").write_text("14\n")

    with pytest.raises(VersionUnsupported, match=r"written by PostgreSQL 14 .* is 18"):
        server.start()

    assert (server.data / "PG_VERSION").read_text() == "14\n"


def test_a_folder_that_is_a_file_is_refused_with_advice(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("not a folder")

    with pytest.raises(FolderUnusable, match="set DATABASE_URL"):
        EmbeddedPostgres(tmp_path / "home").start()


def copy_wheel(package: Path, target: Path) -> None:
    """Enough of the wheel's package for its PostgreSQL 18 to run from `target`."""
    libraries = package.with_name(f"{package.name}.libs")
    shutil.copytree(libraries, target / libraries.name)
    shutil.copytree(package / "pginstall18", target / package.name / "pginstall18")
    (target / package.name / "__init__.py").touch()
