"""The locks name every dependency of pyproject.toml with hashes, and no place where packages came from."""

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_NAME = re.compile(r"[A-Za-z0-9._-]+")


def main() -> int:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    plain, spark = _read("requirements.lock"), _read("requirements-spark.lock")
    faults = [
        *_faults("requirements.lock", plain, wanted),
        *_faults(
            "requirements-spark.lock", spark, [*wanted, *project["project"]["optional-dependencies"]["spark"]]
        ),
    ]
    # Spark is tested beside the very packages that everybody has, or its test would say little about them.
    faults += [f"{pin} is not in requirements-spark.lock" for pin in sorted(_pins(plain) - _pins(spark))]
    for fault in faults:
        print(fault)
    return 1 if faults else 0


def _read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def _faults(name: str, lock: str, wanted: list[str]) -> list[str]:
    locked = {_plain(pin) for pin in _pins(lock)}
    faults = [f"{each} is not in {name}" for each in map(_plain, wanted) if each not in locked]
    if "://" in lock or "--index" in lock or "--find-links" in lock:
        faults.append(f"{name} records where packages came from")
    unhashed = re.findall(r"^([A-Za-z0-9][^ ;\n]*)(?: ;[^\n\\]*)?$", lock, flags=re.MULTILINE)
    return [*faults, *(f"{each} has no hash in {name}" for each in unhashed)]


def _pins(lock: str) -> set[str]:
    """The lines that name a package and its version."""
    return {line.removesuffix(" \\") for line in lock.splitlines() if re.match(r"[A-Za-z0-9]", line)}


def _plain(requirement: str) -> str:
    found = _NAME.match(requirement)
    assert found is not None, requirement
    return re.sub(r"[-_.]+", "-", found[0]).lower()


if __name__ == "__main__":
    sys.exit(main())
