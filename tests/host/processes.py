"""What the tests ask of the operating system about the embedded server."""

from __future__ import annotations

import os
from pathlib import Path

from cagnotte.host.postgres import locks


def postmaster_pid(home: Path) -> int:
    return int((home / "data" / "postmaster.pid").read_text().split()[0])


def is_running(home: Path) -> bool:
    """True while any process of the server lives, orphaned backends included."""
    claimed = locks.claim(home / "server.lock")
    if claimed is None:
        return True
    os.close(claimed)
    return False


def permissions(paths: list[Path]) -> dict[Path, tuple[int, int, int]]:
    """path -> mode, owner, group."""
    return {path: (found.st_mode, found.st_uid, found.st_gid) for path in paths for found in [path.stat()]}
