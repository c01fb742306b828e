"""Which SQL statements are run, and how long each takes, seen from the program's side."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

import psycopg


class Statements:
    """Statements executed so far, in order. BEGIN and COMMIT are the driver's own and are not among them."""

    def __init__(self) -> None:
        self.count = 0
        self.seconds = 0.0  # from the call to the last row in memory

    def clear(self) -> None:
        self.count, self.seconds = 0, 0.0


@contextmanager
def watched_statements() -> Iterator[Statements]:
    """Count what every cursor of psycopg executes, also those of Django's; for one thread at a time."""
    seen = Statements()
    execute = psycopg.Cursor.execute

    def counted(cursor: psycopg.Cursor[Any], *arguments: Any, **options: Any) -> psycopg.Cursor[Any]:
        begun = time.perf_counter()
        try:
            return execute(cursor, *arguments, **options)
        finally:
            seen.count += 1
            seen.seconds += time.perf_counter() - begun

    with mock.patch.object(psycopg.Cursor, "execute", counted):
        yield seen
