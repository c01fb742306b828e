"""The lock names every dependency of pyproject.toml with hashes, and no place where packages came from."""

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_NAME = re.compile(r"[A-Za-z0-9._-]+")


def main() -> int:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    locked = {_plain(line) for line in lock.splitlines() if re.match(r"[A-Za-z0-9]", line)}
    faults = [f"{name} is not in requirements.lock" for name in map(_plain, wanted) if name not in locked]
    if "://" in lock or "--index" in lock or "--find-links" in lock:
        faults.append("requirements.lock records where packages came from")
    unhashed = re.findall(r"^([A-Za-z0-9][^ ;\n]*)(?: ;[^\n\\]*)?$", lock, flags=re.MULTILINE)
    faults += [f"{name} has no hash in requirements.lock" for name in unhashed]
    for fault in faults:
        print(fault)
    return 1 if faults else 0


def _plain(requirement: str) -> str:
    found = _NAME.match(requirement)
    assert found is not None, requirement
    return re.sub(r"[-_.]+", "-", found[0]).lower()


if __name__ == "__main__":
    sys.exit(main())
