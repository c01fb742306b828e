"""Why the database did not do what it was asked, by what the caller can do about it."""

from enum import StrEnum

import psycopg
from psycopg import errors
from psycopg_pool import PoolTimeout, TooManyRequests


class Trouble(StrEnum):
    """All pass; what was asked may be asked again as it was. Also the API's code of it."""

    UNAVAILABLE = "database_unavailable"  # away, being started or stopped, or the connection was lost
    FULL = "database_full"  # a disk: no write will succeed before a person makes room; reads do
    BUSY = "too_busy"  # too much at once, or another holds what was asked for: nothing was done


AWAY = (psycopg.OperationalError, errors.ReadOnlySqlTransaction, errors.IdleInTransactionSessionTimeout)
"""What is raised for a trouble; another psycopg.Error is a mistake of ours. A server that is a standby now only
reads."""

_FULL = (errors.DiskFull, errors.IoError)
_BUSY = (
    *(PoolTimeout, TooManyRequests),
    *(
        errors.InsufficientResources,
        errors.OutOfMemory,
        errors.TooManyConnections,
        errors.ConfigurationLimitExceeded,
    ),
    *(errors.LockNotAvailable, errors.QueryCanceled, errors.DeadlockDetected, errors.SerializationFailure),
    errors.IdleInTransactionSessionTimeout,
)


def trouble_of(error: BaseException | None) -> Trouble | None:
    """None: it is no trouble of the database's."""
    if isinstance(error, _FULL):
        return Trouble.FULL
    if isinstance(error, _BUSY):
        return Trouble.BUSY
    return Trouble.UNAVAILABLE if isinstance(error, AWAY) else None
