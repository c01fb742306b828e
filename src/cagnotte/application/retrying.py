"""Acts that lost a race are done again, so that no caller ever sees a deadlock or a stale fact (F-13)."""

import logging
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from enum import Enum, StrEnum, auto

from psycopg.errors import DeadlockDetected, SerializationFailure

_TRIES = 5
_TRIES_WITHOUT_LOCK = 3

_log = logging.getLogger("cagnotte.acts")


class Unposted(Enum):
    """Why an act that was decided without a lock wrote nothing."""

    OUTRUN = auto()  # somebody wrote meanwhile: decide again
    NEEDS_LOCK = auto()  # it counts for others too, or adds names: it is to be decided under a lock


class Race(StrEnum):
    """How an act lost one."""

    DEADLOCK = "deadlock"
    SERIALISATION = "serialisation"
    OUTRUN = "outrun"
    GIVEN_UP = "given_up"  # a deadlock or a serialisation failure that the caller was told of, after the last try


class _Races:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lost: Counter[Race] = Counter()

    def add(self, race: Race) -> None:
        with self._lock:
            self._lost[race] += 1

    def lost(self) -> Mapping[Race, int]:
        with self._lock:
            return {race: self._lost[race] for race in Race}


_races = _Races()


def races_lost() -> Mapping[Race, int]:
    """How many, of each kind, since this process began."""
    return _races.lost()


def retried[T](do: Callable[[], T], *, what: str) -> T:
    """`do` is one whole transaction; after the last try, what it raised. `what`: the act, for the log."""
    for number in range(1, _TRIES):
        try:
            return do()
        except (DeadlockDetected, SerializationFailure) as error:
            _lost(what, _race_of(error), number)  # the server has undone all of it, and the other one is through
    try:
        return do()
    except (DeadlockDetected, SerializationFailure):
        _races.add(Race.GIVEN_UP)
        _log.error("act_given_up act=%s tries=%d", what, _TRIES)
        raise


def first_without_lock[T](at_once: Callable[[], T | Unposted], under_lock: Callable[[], T], *, what: str) -> T:
    """Without a lock while that has a chance, then under one, where nobody comes between."""
    for number in range(1, _TRIES_WITHOUT_LOCK + 1):
        found = retried(at_once, what=what)
        if not isinstance(found, Unposted):
            return found
        if found is Unposted.NEEDS_LOCK:
            break
        _lost(what, Race.OUTRUN, number)
    return retried(under_lock, what=what)


def _lost(what: str, race: Race, number: int) -> None:
    _races.add(race)
    _log.info("act_retried act=%s race=%s try=%d", what, race.value, number)


def _race_of(error: DeadlockDetected | SerializationFailure) -> Race:
    return Race.DEADLOCK if isinstance(error, DeadlockDetected) else Race.SERIALISATION
