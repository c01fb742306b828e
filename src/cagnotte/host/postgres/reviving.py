"""An embedded server that is killed under the program is brought back by it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from cagnotte.host.postgres.server import Server
from cagnotte.host.postgres.unavailable import DatabaseUnavailable
from cagnotte.host.threads import in_a_thread

_LOOKS_APART_S = 0.5
_AGAIN_AFTER_S = 5.0  # a start that failed


@contextmanager
def kept_alive(server: Server, tell: Callable[[DatabaseUnavailable | None], None]) -> Iterator[None]:
    """Look after the server until the block ends.

    `tell` is called, in a thread of its own, with None once it was brought back, with the reason when it could
    not be; then it is tried again.
    """
    if server.kind == "external":
        yield
        return
    with in_a_thread(partial(_watch, server, tell)):
        yield


def _watch(server: Server, tell: Callable[[DatabaseUnavailable | None], None], over: threading.Event) -> None:
    wait_s = _LOOKS_APART_S
    while not over.wait(wait_s):
        wait_s = _LOOKS_APART_S
        try:
            if server.revive():
                tell(None)
        except DatabaseUnavailable as fault:
            wait_s = _AGAIN_AFTER_S
            tell(fault)
