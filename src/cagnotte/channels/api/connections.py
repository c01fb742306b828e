"""The connection that a call works on, and how long it may wait for it."""

import time
from contextlib import AbstractContextManager

import falcon
import psycopg
from psycopg_pool import ConnectionPool

PATIENCE_S = 1.0  # of a call, for all its connections together


def connection(pool: ConnectionPool, req: falcon.Request) -> AbstractContextManager[psycopg.Connection]:
    """Raises OperationalError when none becomes free before the call is PATIENCE_S old."""
    return pool.connection(timeout=PATIENCE_S - (time.perf_counter() - req.context.began))
