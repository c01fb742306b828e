"""Transactions that lost a race are done again, so that no caller ever sees a deadlock (F-13)."""

from collections.abc import Callable

from psycopg.errors import DeadlockDetected, SerializationFailure

_TRIES = 5


def retried[T](do: Callable[[], T]) -> T:
    """`do` is one whole transaction; after the last try, what it raised."""
    for _ in range(_TRIES - 1):
        try:
            return do()
        except (DeadlockDetected, SerializationFailure):
            continue  # the server has undone all of it, and the other one is through
    return do()
