"""What the histories of one process share: connections that fail on demand, one that sees all, and threads."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg

from cagnotte.application.published import Published
from sim.faults import FaultyConnection, connect_faulty

_AT_ONCE = 4


class Shop:
    """A database of the histories' own. Opening connections costs more than a history, so they are kept."""

    def __init__(self, dsn: str) -> None:
        self.dsn = dsn
        self.eye = psycopg.connect(dsn, autocommit=True)  # as the owner: it only looks, and retires members
        self._tills: list[FaultyConnection] = []
        self._threads = ThreadPoolExecutor(_AT_ONCE)

    def __enter__(self) -> Shop:
        return self

    def __exit__(self, *_: object) -> None:
        self._threads.shutdown()
        for conn in (self.eye, *self._tills):
            conn.close()

    def till(self, number: int) -> FaultyConnection:
        """Its connection, opened again when it was cut; without a fault."""
        while len(self._tills) <= number:
            self._tills.append(connect_faulty(self.dsn))
        if self._tills[number].closed or self._tills[number].broken:
            self._tills[number].close()
            self._tills[number] = connect_faulty(self.dsn)
        self._tills[number].fault = None
        return self._tills[number]

    def at_once(self, do: Any, published: Published, requests: Sequence[tuple[Any, str]], now: Any) -> list[Any]:
        """The answers of as many tills that send (command, key) at the same time."""
        conns = [self.till(number) for number in range(len(requests))]
        asked = [
            self._threads.submit(do, conn, published, command, key=key, now=now)
            for conn, (command, key) in zip(conns, requests, strict=True)
        ]
        return [each.result() for each in asked]

    def retire(self, member_ids: Sequence[int]) -> None:
        """These members are done: the daily job of another history's time does not look at them any more."""
        self.eye.execute(
            "UPDATE member_standing SET next_due_on = NULL, only_lots_until = NULL WHERE member_id = ANY(%s)",
            (list(member_ids),),
        )
