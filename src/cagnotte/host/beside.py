"""What runs beside the server where nobody has set up anything else: its database, and the jobs of the clock."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial

from cagnotte.channels.cli.terminal import Terminal
from cagnotte.channels.wording import N_
from cagnotte.host.postgres import DatabaseUnavailable, kept_alive
from cagnotte.host.settings import Settings
from cagnotte.host.shop import OpenShop
from cagnotte.host.threads import in_a_thread

_PATIENCE_S = 20
_LOOKS_APART_S = 0.5
_AGAIN_AFTER_S = (1, 30)  # at first; at most, for one that ends each time
_LIVED_S = 60  # so long that its end has nothing to do with its start
_COMMAND = "import sys; from cagnotte.host.main import main; sys.exit(main())"


@contextmanager
def tended(shop: OpenShop, terminal: Terminal, *, with_worker: bool = True) -> Iterator[None]:
    """The embedded database is brought back when it ends by itself, and the worker runs, until the block ends."""

    def tell(fault: DatabaseUnavailable | None) -> None:
        if fault is None:
            terminal.warn(N_("The database had ended; it was started again."))
        else:
            terminal.warn("%(fault)s", fault=fault)

    with ExitStack() as running:
        running.enter_context(kept_alive(shop.server, tell))
        if with_worker:
            running.enter_context(in_a_thread(partial(_keep_worker, shop.settings, terminal)))
        yield


def _keep_worker(settings: Settings, terminal: Terminal, over: threading.Event) -> None:
    """`cagnotte worker` on the same data, in a process of its own, until `over`; one that ends is started again.

    A process, because a connection must not be shared. It says only what does not go well.
    """
    again_after, longest = _AGAIN_AFTER_S
    wait_s = again_after
    while True:
        begun = time.monotonic()
        _run_one(settings, over)
        if over.is_set():
            return
        wait_s = again_after if time.monotonic() - begun > _LIVED_S else wait_s
        terminal.warn(N_("The worker has ended; it is started again in %(seconds)s s."), seconds=wait_s)
        if over.wait(wait_s):
            return
        wait_s = min(2 * wait_s, longest)


def _run_one(settings: Settings, over: threading.Event) -> None:
    """Until it ends by itself, or is ended because all is over."""
    command = ["worker", "--quiet", "--child-of", str(os.getpid()), "--data", str(settings.data_dir)]
    with subprocess.Popen(
        [sys.executable, "-c", _COMMAND, *command],
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr,
        start_new_session=True,  # Ctrl-C is for the server, which then ends its worker
    ) as worker:
        while worker.poll() is None:
            if over.wait(_LOOKS_APART_S):
                _end(worker)


def _end(worker: "subprocess.Popen[bytes]") -> None:
    worker.terminate()
    try:
        worker.wait(_PATIENCE_S)
    except subprocess.TimeoutExpired:
        worker.kill()  # leaves whole transactions behind
