"""Real processes around the embedded server."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

PROGRAM = Path(__file__).with_name("database_user.py")

type StartUser = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start_user() -> Iterator[StartUser]:
    """Starts `database_user.py` with its arguments and waits until it is ready; ends it with the test."""
    with ExitStack() as users:

        def start(*arguments: object, import_first: Path | None = None) -> subprocess.Popen[str]:
            environment = os.environ | ({"PYTHONPATH": str(import_first)} if import_first else {})
            command = [sys.executable, str(PROGRAM), *map(str, arguments)]
            user = users.enter_context(
                subprocess.Popen(
                    command,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                    env=environment,
                    start_new_session=True,
                )
            )
            users.callback(user.kill)
            assert user.stdout is not None
            assert user.stdout.readline() == "ready\n"
            return user

        yield start


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that any account can enter; pytest's own is closed to others."""
    folder = Path(tempfile.mkdtemp(prefix="cagnotte-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def ordinary_uid() -> int:
    """An account that is not root: `nobody` when we are root, else ourselves."""
    return pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else os.geteuid()
