"""Who decides without a lock tries again when outrun, and waits under one when it must or has lost too often."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from psycopg.errors import DeadlockDetected, SerializationFailure

from cagnotte.application.retrying import Unposted, first_without_lock


def played(outcomes: Sequence[str | Unposted | Exception]) -> tuple[list[str], Callable[[], str | Unposted]]:
    """What was asked, and an act that comes out as said, time after time."""
    asked: list[str] = []
    left = iter(outcomes)

    def at_once() -> str | Unposted:
        asked.append("at once")
        outcome = next(left)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    return asked, at_once


@pytest.mark.parametrize(
    ("outcomes", "tries", "answer"),
    [
        (["done"], 1, "done"),
        ([Unposted.OUTRUN, "done"], 2, "done"),
        ([Unposted.OUTRUN] * 3, 3, "under lock"),
        ([Unposted.NEEDS_LOCK], 1, "under lock"),
        ([Unposted.OUTRUN, Unposted.NEEDS_LOCK], 2, "under lock"),
        ([DeadlockDetected(), SerializationFailure(), "done"], 3, "done"),
    ],
)
def test_an_act_is_tried_without_a_lock_while_that_has_a_chance(
    outcomes: Sequence[str | Unposted | Exception], tries: int, answer: str
) -> None:
    asked, at_once = played(outcomes)

    assert first_without_lock(at_once, lambda: "under lock", what="test") == answer
    assert len(asked) == tries
