"""Serve the shop on one loopback port until it is told to stop."""

import functools
import logging
import multiprocessing
import os
import socket
import threading
import time
from collections.abc import Callable
from typing import Any

import psycopg
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from cagnotte.host.settings import Settings
from cagnotte.host.web import close_django, is_configured
from cagnotte.host.wsgi import make_app

_LOOKS_APART_S = 0.05
_PORT_PATIENCE_S = 2.0  # the workers of a server that was killed are ending


class PortTaken(Exception):
    """Another program listens on the port."""

    def __init__(self, port: int) -> None:
        super().__init__(port)
        self.port = port


def check_port(settings: Settings) -> None:
    """Raises PortTaken before anything is started for nothing."""
    give_up_at = time.monotonic() + _PORT_PATIENCE_S
    while not _is_free(settings.host, settings.port):
        if time.monotonic() > give_up_at:
            raise PortTaken(settings.port)
        time.sleep(_LOOKS_APART_S)


def _is_free(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True


class NotOfThreads(logging.Filter):
    """Without the advice to have few threads: most of ours wait for a connection."""

    def filter(self, record: logging.LogRecord) -> bool:
        return "Python threads" not in record.getMessage()


# The standard output is for what the command says.
_TO_STDERR = {"class": "logging.StreamHandler", "formatter": "generic", "stream": "ext://sys.stderr"}
_LOG: dict[str, Any] = {
    "filters": {"not of threads": {"()": "cagnotte.host.serve.NotOfThreads"}},
    "handlers": {"console": {**_TO_STDERR, "filters": ["not of threads"]}, "access": _TO_STDERR},
}


def serve(settings: Settings, dsn: str, session_key: str, *, ready: Callable[[], None]) -> None:
    """Serve until SIGINT or SIGTERM; `ready` is called once when a worker listens, in a thread of its own.

    Each worker is a process that begins anew: one that was forked would have the connections of this process, as
    the next one would, and each would read answers that were meant for the other. One that dies is replaced; all
    end when this process does, however it ends.
    """
    if is_configured():
        close_django()  # what had to be asked before is answered
    multiprocessing.set_start_method("spawn", force=True)
    server = Server(
        "cagnotte",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=settings.workers,
        blocking_threads=settings.threads,
        log_level=LogLevels.warning,
        log_dictconfig=_LOG,
        websockets=False,
        respawn_failed_workers=True,
    )
    hosts = ("127.0.0.1", "localhost", settings.host)
    load = functools.partial(_load, dsn, session_key, hosts, settings.threads, settings.connections)
    told = threading.Thread(target=_when_listening, args=(settings, ready), daemon=True)
    server.on_startup(told.start)
    server.serve(target_loader=load, wrap_loader=False)


def _when_listening(settings: Settings, ready: Callable[[], None]) -> None:
    while True:
        try:
            socket.create_connection((settings.host, settings.port), timeout=1).close()
        except OSError:
            time.sleep(_LOOKS_APART_S)
        else:
            return ready()


def _load(dsn: str, session_key: str, hosts: tuple[str, ...], threads: int, connections: int, *_: Any) -> Any:
    """What each worker process runs first."""
    threading.Thread(target=_end_with_the_server, daemon=True).start()
    _wait_for(dsn)
    return make_app(dsn, session_key, hosts, threads=threads, connections=connections)


def _end_with_the_server() -> None:
    """A worker that outlived its server would keep the port from the next one; what it has begun is undone."""
    server = multiprocessing.parent_process()
    assert server is not None
    server.join()
    os._exit(1)


def _wait_for(dsn: str) -> None:
    """A worker that ended because the database is being started again would be taken for one that cannot run."""
    while True:
        try:
            psycopg.connect(dsn, connect_timeout=5).close()
        except psycopg.OperationalError:
            time.sleep(_LOOKS_APART_S)
        else:
            return
