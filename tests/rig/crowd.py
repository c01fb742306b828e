"""A running `cagnotte serve`, and many clients at once, each with a connection of its own that stays open."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import msgspec

CAGNOTTE = Path(sys.executable).with_name("cagnotte")


class Answer(msgspec.Struct, frozen=True):
    """`seconds`: from sending to the last byte, as the client sees it."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float

    @property
    def code(self) -> str:
        """The code of a problem; "" where all went well."""
        return json.loads(self.body).get("code", "") if self.status >= 400 else ""

    @property
    def says_when(self) -> bool:
        return self.headers.get("retry-after", "").isdigit()


class Client:
    """One connection, kept open; `key` is an API key."""

    def __init__(self, port: int, key: str = "") -> None:
        self._conn = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._key = key

    def send(
        self, method: str, path: str, body: Any = None, *, key: str = "", form: Any = None, **headers: str
    ) -> Answer:
        """`body`: sent as JSON; `form`: as a page's form. `key`: an Idempotency-Key."""
        sent = {"Authorization": f"Bearer {self._key}", "Content-Type": "application/json", **headers}
        if key:
            sent["Idempotency-Key"] = key
        content = None if body is None else json.dumps(body)
        if form is not None:
            content, sent["Content-Type"] = urlencode(form), "application/x-www-form-urlencoded"
        begun = time.monotonic()
        self._conn.request(method, path, content, sent)
        answer = self._conn.getresponse()
        read = answer.read()
        told = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, told, read, time.monotonic() - begun)

    def close(self) -> None:
        self._conn.close()


@contextmanager
def clients_of(port: int, key: str, count: int) -> Iterator[list[Client]]:
    clients = [Client(port, key) for _ in range(count)]
    try:
        yield clients
    finally:
        for client in clients:
            client.close()


@contextmanager
def serving(folder: Path, **environ: str) -> Iterator[int]:
    """The port of a server that is ready. Its data is DATABASE_URL's, or below CAGNOTTE_DATA_DIR."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    said = folder / "serve.log"
    with (
        said.open("wb") as log,
        subprocess.Popen(
            [CAGNOTTE, "serve", "--no-worker", "--port", str(port)],
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(folder),
                "CAGNOTTE_ALLOW_UNSAFE_DATABASE": "1",  # the server of the tests may have fsync off
                **environ,
            },
            stdout=log,
            stderr=log,
            start_new_session=True,
        ) as server,
    ):
        try:
            until(lambda: _is_ready(port, server), 60, "the server is ready")
            yield port
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(30)
    assert "Traceback" not in said.read_text(), said.read_text()


def _is_ready(port: int, server: subprocess.Popen[bytes]) -> bool:
    assert server.poll() is None, "the server has ended"
    client = Client(port)
    try:
        return client.send("GET", "/v1/health").status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        client.close()


@contextmanager
def crowd(count: int, each: Callable[[int], None]) -> Iterator[threading.Event]:
    """So many threads that do it again and again until the block ends, or the event is set."""
    over = threading.Event()
    failed: list[BaseException] = []

    def work(number: int) -> None:
        try:
            while not over.is_set():
                each(number)
        except BaseException as error:  # noqa: BLE001 - told to the test below
            failed.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    try:
        yield over
    finally:
        over.set()
        for thread in threads:
            thread.join(90)
        assert failed == []


def until[T](found: Callable[[], T], within_s: float, what: str) -> T:
    """What it gives, once that is true."""
    give_up_at = time.monotonic() + within_s
    while not (value := found()):
        assert time.monotonic() < give_up_at, f"{what}: not within {within_s} s"
        time.sleep(0.02)
    return value
