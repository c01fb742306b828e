"""The operating system's account that runs the embedded server.

PostgreSQL refuses to run as root, so root hands the server to another account. That account
often cannot walk to the data (below /root, or below a temporary folder of mode 700), and it is
not ours to open other people's folders. So root opens the folder and passes the open
descriptor; the server enters through /proc/self/fd, which needs no right on the parents.
"""

from __future__ import annotations

import os
import pwd
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import msgspec

from cagnotte.host.postgres.unavailable import FolderUnusable

DESCRIPTORS = Path("/proc/self/fd")
# PG* variables of the person's own shell must not reach the server or initdb.
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}


class Account(msgspec.Struct, frozen=True):
    uid: int
    gid: int
    switched: bool  # we are root and must become this account

    def own(self, folder: Path) -> None:
        """Give `folder`, which we have just made, to the account."""
        if self.switched:
            os.chown(folder, self.uid, self.gid)

    @contextmanager
    def seen(self, folder: Path) -> Iterator[tuple[str, tuple[int, ...]]]:
        """The path by which the account reaches `folder`, and the descriptors to pass on with it."""
        if not self.switched or not DESCRIPTORS.is_dir():
            yield str(folder), ()
            return
        descriptor = os.open(folder, os.O_PATH | os.O_DIRECTORY)
        try:
            yield f"{DESCRIPTORS}/{descriptor}", (descriptor,)
        finally:
            os.close(descriptor)

    def run(
        self,
        command: Sequence[str | Path],
        *,
        keep: Sequence[int] = (),
        errors_to: int | IO[bytes] = subprocess.PIPE,
    ) -> subprocess.CompletedProcess[bytes]:
        """Run `command` as the account, apart from the terminal so that Ctrl-C does not reach it.

        Raises OSError when the program cannot be run or the account cannot be taken.
        """
        return subprocess.run(
            command,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors_to,
            env=ENVIRONMENT,
            cwd="/",
            pass_fds=keep,
            start_new_session=True,
            umask=0o077,
            user=self.uid if self.switched else None,
            group=self.gid if self.switched else None,
            extra_groups=[] if self.switched else None,
        )


def server_account(data: Path) -> Account:
    """Ourselves; or, as root, the owner of existing data, else `postgres`, else `nobody`."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), switched=False)
    if data.exists() and data.stat().st_uid != 0:
        return Account(data.stat().st_uid, data.stat().st_gid, switched=True)
    entries = {entry.pw_name: entry for entry in pwd.getpwall() if entry.pw_uid != 0}
    entry = entries.get("postgres") or entries.get("nobody")
    if entry is None:
        raise FolderUnusable(
            "PostgreSQL does not run as root and this machine has neither an account postgres nor nobody: "
            "run the program as an ordinary user, or set DATABASE_URL."
        )
    return Account(entry.pw_uid, entry.pw_gid, switched=True)
