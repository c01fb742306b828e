"""File locks that the kernel gives back when their holders die, however they die."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Wait for our turn; only one process at a time is inside for `path`."""
    descriptor = _open(path)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def share(path: Path) -> int:
    """A descriptor that holds `path` together with others; closing it, or dying, lets go."""
    descriptor = _open(path)
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    return descriptor


def is_last(descriptor: int) -> bool:
    """True when nobody else shares this lock; the caller must close it either way."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def claim(path: Path) -> int | None:
    """A descriptor that holds `path` for us and for children it is passed to; None while others hold it."""
    descriptor = _open(path)
    if is_last(descriptor):
        return descriptor
    os.close(descriptor)
    return None


def _open(path: Path) -> int:
    return os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
