"""The command run in a process of its own, on a database of the test, with an empty HOME."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import msgspec

CAGNOTTE = Path(sys.executable).with_name("cagnotte")


class Ran(msgspec.Struct, frozen=True):
    code: int
    out: str
    err: str


def environment(dsn: str, home: Path) -> dict[str, str]:
    """The test's server may be one that forgets: nothing real is kept there."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "DATABASE_URL": dsn,
        "CAGNOTTE_DATA_DIR": str(home / "data"),
        "CAGNOTTE_ALLOW_UNSAFE_DATABASE": "1",
    }


def run(dsn: str, *arguments: str, language: str = "en", given: str | None = None) -> Ran:
    """`given`: what is typed to the command."""
    with tempfile.TemporaryDirectory() as home:
        done = subprocess.run(
            [CAGNOTTE, *arguments],
            env=environment(dsn, Path(home)) | {"CAGNOTTE_LANGUAGE": language},
            input=given,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
    return Ran(done.returncode, done.stdout, done.stderr)
