"""The program in processes of its own, to be killed, and its shop."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psutil

from application.shop import enrol, publish
from cagnotte.host.postgres import EmbeddedPostgres
from cagnotte.storage.api_keys import Scope, create_api_key
from cagnotte.storage.database import connected
from cagnotte.storage.migrations import migrate
from host.processes import postmaster_pid

CAGNOTTE = Path(sys.executable).with_name("cagnotte")
MEMBERS = ("carol", "dan", "erin", "frank")  # few, so that tills meet at the same books
PROGRAMME = """
[programme]
code = "rig"
currency = "EUR"
timezone = "Europe/Paris"

[wallets.points]
negative = "allowed"
expiry = { after = "12 months" }

[[earn]]
code = "base"
on = "purchase"
points = "eligible.paid / 100"
"""


def open_shop(dsn: str) -> str:
    """A programme, its members, and a key that may do everything."""
    publish(dsn, PROGRAMME, datetime(2020, 1, 1, tzinfo=UTC))
    with connected(dsn) as conn:
        enrol(conn, *MEMBERS)
        return create_api_key(conn, "tills", tuple(Scope))


@contextmanager
def own_shop(data: Path) -> Iterator[tuple[EmbeddedPostgres, str]]:
    """A data folder with an embedded server and an open shop in it, as `cagnotte serve` finds it; and a key."""
    with EmbeddedPostgres(data / "postgres") as server:
        server.ensure_database("cagnotte")
        migrate(server.dsn())
        yield server, open_shop(server.dsn())


def server_processes(home: Path) -> list[psutil.Process]:
    """The postmaster of an embedded server, then its children."""
    postmaster = psutil.Process(postmaster_pid(home))
    return [postmaster, *postmaster.children(recursive=True)]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def until(happens: Callable[[], bool], within_s: float, what: str) -> float:
    """Wait for it, and say how many seconds it took."""
    begun = time.monotonic()
    while not happens():
        assert time.monotonic() - begun < within_s, f"{what}: not within {within_s} s"
        time.sleep(0.02)
    return time.monotonic() - begun


class Program:
    """A `cagnotte` command in a process of its own, with all that it starts; `said` is what it wrote."""

    def __init__(self, folder: Path, environ: dict[str, str], *arguments: str) -> None:
        self.log = folder / f"{arguments[0]}-{len(arguments)}-{time.monotonic_ns()}.log"
        fixed = {"PATH": os.environ["PATH"], "HOME": str(folder), "CAGNOTTE_ALLOW_UNSAFE_DATABASE": "1"}
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [CAGNOTTE, *arguments],
                env=fixed | environ,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._family: dict[int, psutil.Process] = {}

    @property
    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def children(self, mark: str) -> list[psutil.Process]:
        """Its living children whose command holds `mark`; each is remembered."""
        found = []
        for child in _children(self.process.pid):
            self._family[child.pid] = child
            with contextlib.suppress(psutil.NoSuchProcess):
                if child.status() != psutil.STATUS_ZOMBIE and mark in " ".join(child.cmdline()):
                    found.append(child)
        return found

    def servers(self) -> list[psutil.Process]:
        """The processes that answer."""
        return self.children("from multiprocessing.spawn")

    def kill(self) -> list[psutil.Process]:
        """SIGKILL for this one process; its children of that moment."""
        left = self.children("")
        self.process.kill()
        self.process.wait()
        return left

    def end(self) -> None:
        """Whatever happened before: nothing that it started is left."""
        self.children("")
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(20)
        for process in [self.process, *self._family.values()]:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        self.process.wait()


def _children(pid: int) -> list[psutil.Process]:
    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def is_gone(process: psutil.Process) -> bool:
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


@contextmanager
def running(folder: Path, environ: dict[str, str], *arguments: str) -> Iterator[Program]:
    program = Program(folder, environ, *arguments)
    try:
        yield program
    finally:
        program.end()


@contextmanager
def serving(folder: Path, environ: dict[str, str], port: int, *options: str) -> Iterator[Program]:
    """`cagnotte serve`, once it answers."""
    with running(folder, environ, "serve", "--port", str(port), *options) as program:
        until(lambda: is_well(port) or program.process.poll() is not None, 40, "the server answers")
        assert program.process.poll() is None, program.said
        yield program


def is_well(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/v1/health", timeout=5):
            return True
    except OSError:
        return False
