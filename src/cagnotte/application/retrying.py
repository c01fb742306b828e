"""Acts that lost a race are done again, so that no caller ever sees a deadlock or a stale fact (F-13)."""

from collections.abc import Callable
from enum import Enum, auto

from psycopg.errors import DeadlockDetected, SerializationFailure

_TRIES = 5
_TRIES_WITHOUT_LOCK = 3


class Unposted(Enum):
    """Why an act that was decided without a lock wrote nothing."""

    OUTRUN = auto()  # somebody wrote meanwhile: decide again
    NEEDS_LOCK = auto()  # it counts for others too, or adds names: it is to be decided under a lock


def retried[T](do: Callable[[], T]) -> T:
    """`do` is one whole transaction; after the last try, what it raised."""
    for _ in range(_TRIES - 1):
        try:
            return do()
        except (DeadlockDetected, SerializationFailure):
            continue  # the server has undone all of it, and the other one is through
    return do()


def first_without_lock[T](at_once: Callable[[], T | Unposted], under_lock: Callable[[], T]) -> T:
    """Without a lock while that has a chance, then under one, where nobody comes between."""
    for _ in range(_TRIES_WITHOUT_LOCK):
        found = retried(at_once)
        if not isinstance(found, Unposted):
            return found
        if found is Unposted.NEEDS_LOCK:
            break
    return retried(under_lock)
