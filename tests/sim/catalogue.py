"""Looks for every planted bug from seed 1 on: python -m sim.catalogue [NAME ...], in the folder tests."""

from __future__ import annotations

import logging
import sys
import tempfile
import time
from pathlib import Path

from cagnotte.host.postgres import open_server
from cagnotte.host.settings import Settings
from cagnotte.storage.migrations import migrate
from sim.history import play
from sim.planted import PLANTED, planted
from sim.shop import Shop

MOST = 5000


def found_after(dsn: str, name: str, *, first: int = 1, most: int = MOST) -> tuple[int, str]:
    """How many histories it took, and what was seen; 0 when the bug was not found in so many.

    Whatever is raised has found it: also an error that the database gives, or an assertion of the program.
    """
    with planted(name), Shop(dsn) as shop:
        for seed in range(first, first + most):
            try:
                play(shop, seed)
            except Exception as error:  # noqa: BLE001 - each one tells of the bug
                return seed - first + 1, f"{type(error).__name__}: {str(error).splitlines()[0]}"
    return 0, ""


def main(names: list[str]) -> int:
    logging.getLogger("psycopg").setLevel(logging.CRITICAL)  # connections are cut on purpose
    with tempfile.TemporaryDirectory() as folder:
        server = open_server(Settings(database_url=None, data_dir=Path(folder)))
        missed = 0
        try:
            for number, name in enumerate(names or PLANTED):
                database = f"catalogue_{number}"
                server.ensure_database(database)
                migrate(server.dsn(database))
                begun = time.monotonic()
                histories, what = found_after(server.dsn(database), name)
                missed += not histories
                said = f"after {histories:4} histories: {what}" if histories else f"not found in {MOST} histories"
                print(f"{name:36} {said[:100]} ({time.monotonic() - begun:.1f} s)", flush=True)
        finally:
            server.stop()
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
