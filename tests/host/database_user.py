"""A process that uses the embedded server, to be watched and killed: database_user.py HOME hold|write [UID].

It prints `ready`; then `hold` waits for its input to close and stops; `write` commits numbers,
printing each once it is committed, until something ends it. With UID, it becomes that account
first: a setuid in the middle, since the test's own Python may lie where others cannot go.
"""

from __future__ import annotations

import itertools
import os
import sys
from pathlib import Path

import psycopg

from cagnotte.host.postgres import EmbeddedPostgres


def main(home: str, act: str, uid: str | None = None) -> None:
    if uid is not None:
        os.setgroups([])
        os.setgid(int(uid))
        os.setuid(int(uid))
    with (
        EmbeddedPostgres(Path(home)) as server,
        psycopg.connect(server.dsn("postgres"), autocommit=True) as conn,
    ):
        print("ready", flush=True)
        if act == "hold":
            sys.stdin.read()
        else:
            _write_for_ever(conn)


def _write_for_ever(conn: psycopg.Connection) -> None:
    conn.execute("CREATE TABLE IF NOT EXISTS written (number bigint PRIMARY KEY)")
    row = conn.execute("SELECT coalesce(max(number), 0) FROM written").fetchone()
    assert row is not None
    for number in itertools.count(row[0] + 1):
        conn.execute("INSERT INTO written VALUES (%s)", [number])
        print(number, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
