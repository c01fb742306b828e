"""Several worker processes serve at once: each answer is its own caller's."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from application.shop import enrol, publish
from cagnotte.storage.api_keys import Scope, create_api_key
from cagnotte.storage.database import connected

CAGNOTTE = Path(sys.executable).with_name("cagnotte")
CALLS = 400


@pytest.fixture
def key(database: str) -> str:
    publish(database)
    with connected(database) as conn:
        enrol(conn, "carol", "dan", "erin", "frank")
        return create_api_key(conn, "till", tuple(Scope))


def test_each_of_two_workers_answers_its_own_callers(database: str, key: str, tmp_path: Path) -> None:
    port = _free_port()
    address = f"http://127.0.0.1:{port}/v1/members/"
    environ = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "DATABASE_URL": database,
        "CAGNOTTE_ALLOW_UNSAFE_DATABASE": "1",
        "CAGNOTTE_WORKERS": "2",
    }
    command = [str(CAGNOTTE), "serve", "--no-worker", "--port", str(port)]
    with subprocess.Popen(
        command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as server:
        try:
            _wait_for(f"http://127.0.0.1:{port}/v1/health", server)
            asked = [("carol", "dan", "erin", "frank")[number % 4] for number in range(CALLS)]
            with ThreadPoolExecutor(8) as callers:
                answers = Counter(callers.map(lambda member: _shown(address, key, member), asked))
        finally:
            server.send_signal(signal.SIGINT)
            _, complained = server.communicate(timeout=30)

    assert answers == Counter({f"{name}: {name}": CALLS // 4 for name in ("carol", "dan", "erin", "frank")})
    assert "Traceback" not in complained


def _shown(address: str, key: str, member: str) -> str:
    request = urllib.request.Request(address + member, headers={"Authorization": f"Bearer {key}"})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return f"{member}: {json.load(answer)['external_id']}"
    except urllib.error.HTTPError as error:
        return f"{member}: {error.code}"


def _wait_for(url: str, server: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            assert server.poll() is None, "the server has ended"
            assert time.monotonic() < deadline, "the server did not answer"
            time.sleep(0.1)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
