"""Connections that fail on demand, at any statement or commit, without a hook in the program."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import psycopg

from cagnotte.storage.database import as_program


class FaultKind(StrEnum):
    """A cut costs a new server process. A loss tells the caller the same and leaves the books the same:
    what was not committed is undone, what was stays."""

    LOST_BEFORE = "lost before"  # the caller hears an error, the server never saw the statement or the commit
    LOST_AFTER = "lost after"  # the server has done it, the caller never hears
    CUT_BEFORE = "cut before"  # as lost, and the connection is gone
    CUT_AFTER = "cut after"
    KILLED = "killed"  # the server ends the connection
    DEADLOCK = "deadlock"
    SERIALISATION = "serialisation"


_COMMENT = re.compile(r"--[^\n]*")
_WRITES = re.compile(r"\b(INSERT|UPDATE|DELETE|LOCK|pg_advisory)", re.IGNORECASE)


@dataclass
class Fault:
    """Happens at the call of that number (1: the first one); `at_commit`: at that outermost commit instead."""

    kind: FaultKind
    number: int
    at_commit: bool
    happened: bool = False

    def is_now(self, *, commit: bool) -> bool:
        if self.happened or commit != self.at_commit:
            return False
        self.number -= 1
        self.happened = self.number == 0
        return self.happened


class FaultyConnection(psycopg.Connection):
    """`fault` is armed by the caller for one request."""

    fault: Fault | None = None

    @contextmanager
    def transaction(
        self, savepoint_name: str | None = None, force_rollback: bool = False
    ) -> Iterator[psycopg.Transaction]:
        outermost = self.info.transaction_status == psycopg.pq.TransactionStatus.IDLE
        now = False
        with super().transaction(savepoint_name, force_rollback) as opened:
            yield opened
            now = outermost and self.fault is not None and self.fault.is_now(commit=True)
            if now:
                self.fail_before()
        if now:
            self.fail_after()

    def fail_before(self) -> None:
        assert self.fault is not None
        match self.fault.kind:
            case FaultKind.LOST_BEFORE:
                raise psycopg.OperationalError("lost before")
            case FaultKind.CUT_BEFORE:
                self.close()
                raise psycopg.OperationalError("cut before")
            case FaultKind.KILLED:
                self._ended_by_the_server()
            case FaultKind.DEADLOCK:
                raise psycopg.errors.DeadlockDetected("told by the test")
            case FaultKind.SERIALISATION:
                raise psycopg.errors.SerializationFailure("told by the test")
            case FaultKind.LOST_AFTER | FaultKind.CUT_AFTER:
                pass

    def fail_after(self) -> None:
        assert self.fault is not None
        match self.fault.kind:
            case FaultKind.LOST_AFTER:
                raise psycopg.OperationalError("lost after")
            case FaultKind.CUT_AFTER:
                self.close()
                raise psycopg.OperationalError("cut after")
            case _:
                pass

    def _ended_by_the_server(self) -> None:
        with psycopg.connect(self.info.dsn, password=self.info.password, autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s, 2000)", (self.info.backend_pid,))


class FaultyCursor(psycopg.Cursor[Any]):
    def execute(self, query: Any, *args: Any, **named: Any) -> FaultyCursor:
        conn = self.connection
        assert isinstance(conn, FaultyConnection)
        now = conn.fault is not None and self._may_be(conn.fault, query) and conn.fault.is_now(commit=False)
        if now:
            conn.fail_before()
        super().execute(query, *args, **named)
        if now:
            conn.fail_after()
        return self

    def _may_be(self, fault: Fault, query: Any) -> bool:
        """Who only reads, outside of a transaction, waits for nobody."""
        if fault.kind not in {FaultKind.DEADLOCK, FaultKind.SERIALISATION}:
            return True
        is_alone = self.connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE
        return not is_alone or _WRITES.search(_COMMENT.sub("", str(query))) is not None


def connect_faulty(dsn: str) -> FaultyConnection:
    """What is committed may be lost with the server, which is not what is tested here: commits do not wait."""
    conn = FaultyConnection.connect(dsn, autocommit=True, cursor_factory=FaultyCursor)
    conn.execute("SET synchronous_commit = off")
    as_program(conn)
    return conn
