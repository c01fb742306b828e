"""The worker beside the server: what is done by the clock is done where nobody has set up anything else."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from cagnotte.host.settings import Settings

_PATIENCE_S = 20
_COMMAND = "import sys; from cagnotte.host.main import main; sys.exit(main())"


@contextmanager
def worker_beside(settings: Settings) -> Iterator[None]:
    """`cagnotte worker` on the same data, in a process of its own, until the block ends or this process is gone.

    A process, because the server forks: a connection must not be shared. It says only what does not go well.
    """
    command = ["worker", "--quiet", "--child-of", str(os.getpid()), "--data", str(settings.data_dir)]
    with subprocess.Popen(
        [sys.executable, "-c", _COMMAND, *command],
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr,
        start_new_session=True,  # Ctrl-C is for the server, which then ends its worker
    ) as worker:
        try:
            yield
        finally:
            worker.terminate()
            try:
                worker.wait(_PATIENCE_S)
            except subprocess.TimeoutExpired:
                worker.kill()  # leaves whole transactions behind
