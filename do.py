#!/usr/bin/env python3
"""Prepares uv, a Python 3.12 or 3.13 and the locked packages, then becomes the command asked for."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
BOOT, VENV = ROOT / ".boot", ROOT / ".venv"
PYTHON, STAMP = VENV / "bin" / "python", VENV / "prepared"
INPUTS = ["requirements.lock", "pyproject.toml", ".python-version"]
COMMANDS = {
    "demo": (
        "a shop with a year of real sales; --help lists its options",
        [VENV / "bin" / "cagnotte", "demo"],
    ),
    "test": ("the whole test suite; arguments go to pytest", [PYTHON, "-m", "pytest", "-q"]),
    "check": ("what is checked before the tests: format, lint, types, contracts", [PYTHON, "tools/check.py"]),
    "bench": ("one bench by name, with --json for one object", [PYTHON, "-m", "benchmarks"]),
}


def say(text):
    print(text, file=sys.stderr, flush=True)


def runs(*command):
    try:
        return subprocess.run(command, cwd=ROOT, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def run_or_stop(message, *command):
    if subprocess.run(command, cwd=ROOT, stdout=sys.stderr, check=False).returncode != 0:
        sys.exit("do.py: " + message)


def find_uv():
    on_path = shutil.which("uv")
    if on_path and runs(on_path, "--version"):  # a pyenv shim may be there and not run
        return on_path
    own = BOOT / "uv" / "bin"
    if not runs(own / "uv", "--version"):
        say("do.py: installing uv in .boot")
        advice = "uv could not be installed: install it, or your system's python3-venv, and try again."
        run_or_stop(advice, sys.executable, "-m", "venv", "--clear", BOOT / "uv")
        run_or_stop(advice, own / "python", "-m", "pip", "install", "-q", "uv>=0.9")
    return own / "uv"


def make_venv(uv):
    say("do.py: making .venv")
    make = (uv, "venv", "--quiet", "--clear", VENV)  # uv finds, or fetches, what .python-version names
    if not runs(*make):
        advice = "no Python 3.12 or 3.13 is on PATH, and none could be fetched: install one and try again."
        run_or_stop(advice, *make, "--python", ">=3.12,<3.14")


def is_prepared(wanted):
    return STAMP.exists() and STAMP.read_text() == wanted and runs(PYTHON, "--version")


def prepare(wanted):
    if not os.access(os.path.expanduser("~"), os.W_OK):
        os.environ.setdefault("UV_CACHE_DIR", str(BOOT / "cache"))
    for name in ("UV_SYSTEM_CERTS", "UV_NATIVE_TLS"):  # the machine's own certificates, as pip uses them
        os.environ.setdefault(name, "true")
    uv = find_uv()
    if not runs(PYTHON, "-c", "import sys; sys.exit(sys.version_info < (3, 12))"):
        make_venv(uv)
    STAMP.unlink(missing_ok=True)
    say("do.py: installing the packages of requirements.lock")
    advice = "the packages could not be installed: read the lines above, and try again."
    pip = ["--quiet", "--python", PYTHON]
    run_or_stop(advice, uv, "pip", "sync", *pip, "--require-hashes", "requirements.lock")
    run_or_stop(advice, uv, "pip", "install", *pip, "--no-deps", "--editable", ".")
    STAMP.write_text(wanted)


def main(arguments):
    if not arguments or arguments[0] not in COMMANDS:
        say("usage: python3 do.py COMMAND [ARGUMENTS]\n")
        for name, (purpose, _) in COMMANDS.items():
            say(f"  {name:6} {purpose}")
        return 2
    wanted = hashlib.sha256(b"".join((ROOT / name).read_bytes() for name in INPUTS)).hexdigest()
    if not is_prepared(wanted):
        BOOT.mkdir(exist_ok=True)
        with open(BOOT / "lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # of two do.py at once, the second waits and finds it done
            if not is_prepared(wanted):
                prepare(wanted)
    command = [str(part) for part in COMMANDS[arguments[0]][1]] + arguments[1:]
    if arguments[0] != "demo":
        os.chdir(ROOT)  # demo stays where it was called: a path after --programme is relative to that
    os.environ["PATH"] = f"{PYTHON.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    os.execv(command[0], command)  # noqa: S606 - the command gets our signals, output and exit code


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
