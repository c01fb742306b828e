"""An own PostgreSQL in a folder: started by its first user, shared, stopped with its last.

Three locks carry all of it, and the kernel gives each back when its holder dies:

- `start.lock`: one process at a time starts or stops the server;
- `users.lock`: shared by every process that uses the server;
- `server.lock`: taken before the server starts and inherited by all its processes. Whoever gets
  it knows that the postmaster *and* its last orphaned backend are gone, whatever pid files say,
  so a left-over postmaster.pid can be removed even when its pid lives on in another program.
"""

from __future__ import annotations

import atexit
import hashlib
import os
import shutil
import signal
import stat
import subprocess
import time
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from psycopg.conninfo import make_conninfo
from psycopg.pq import PGconn, Ping

from cagnotte.host.postgres import locks
from cagnotte.host.postgres.account import Account, server_account
from cagnotte.host.postgres.binaries import Binaries, find_binaries
from cagnotte.host.postgres.databases import create_database
from cagnotte.host.postgres.options import PORT, initdb_options, server_options
from cagnotte.host.postgres.unavailable import (
    FolderUnusable,
    StartFailed,
    VersionUnsupported,
)

SUPERUSER = "cagnotte"
PATIENCE_S = 120.0  # without any sign of life
POLL_S = 0.02
LOG_BYTES_MAX = 5_000_000
# A socket's whole path holds 103 bytes on some systems, and a comma separates hosts for libpq.
SOCKET_FOLDER_BYTES_MAX = 85
# The shell returns at once and leaves the server to itself; it says nothing on success.
IN_BACKGROUND = ["/bin/sh", "-c", '"$@" >&2 &', "sh"]


class EmbeddedPostgres:
    """A PostgreSQL server whose data, log and locks lie in `home`, reachable by unix socket only.

    Any number of processes may start() the same home: the first starts the server, the last to
    stop() ends it. A process that dies without stop(), by kill -9 or a signal that nobody handles,
    lets go of its locks at once, but a server left without users then keeps running until the next
    user comes and goes. Ctrl-C never reaches the server; stop() also runs at the process's normal exit.

    As root the server runs as the data's owner, else as `postgres` or `nobody`.
    Every failure is a DatabaseUnavailable.
    """

    kind: Literal["embedded"] = "embedded"

    def __init__(self, home: Path) -> None:
        self.home = home.expanduser().absolute()
        self.data = self.home / "data"
        identity = hashlib.sha256(os.fsencode(self.home.resolve())).hexdigest()[:12]
        self._name = f"cagnotte-{identity}"
        self.socket = self.home / "s"
        if len(os.fsencode(self.socket)) > SOCKET_FOLDER_BYTES_MAX or "," in str(self.socket):
            self.socket = Path("/tmp") / self._name  # noqa: S108 - its owner is checked before use
        self._users: int | None = None
        self._process_id = 0

    def start(self) -> Self:
        """Return once the server answers; may be called again, to bring back a server that crashed.

        Takes about a second for a new folder; after a crash, as long as recovery takes.
        """
        with ExitStack() as undo:
            undo.callback(self.stop)
            try:
                self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
                with locks.alone(self.home / "start.lock"):
                    self._become_user()
                    self._ensure_running()
            except OSError as fault:
                raise FolderUnusable(self._cannot_use(fault)) from fault
            undo.pop_all()
        return self

    def revive(self) -> bool:
        """Bring back a server whose postmaster was killed; false, and nothing done, while it lives."""
        if self._postmaster() is not None:
            return False
        self.start()
        return True

    def stop(self) -> None:
        """Let go of the server, and end it when nobody else uses it. Does nothing the second time."""
        if self._users is None or self._process_id != os.getpid():
            return  # a forked child must not stop its parent's server
        atexit.unregister(self.stop)
        try:
            with locks.alone(self.home / "start.lock"):
                if locks.is_last(self._users):
                    self._shut_down()
        except OSError as fault:
            raise FolderUnusable(self._cannot_use(fault)) from fault
        finally:
            os.close(self._users)
            self._users = None

    def dsn(self, database: str | None = None) -> str:
        """libpq's connection string to `database`, by default the program's own, as superuser."""
        return make_conninfo(host=str(self.socket), port=PORT, user=SUPERUSER, dbname=database or "cagnotte")

    def ensure_database(self, name: str) -> None:
        """Create the database when it is missing: UTF-8, sorted by code point."""
        create_database(self.dsn("postgres"), name)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _become_user(self) -> None:
        if self._process_id == os.getpid() and self._users is not None:
            return
        if self._users is not None:
            os.close(self._users)  # our parent's, from before a fork; the parent keeps it
        self._users, self._process_id = locks.share(self.home / "users.lock"), os.getpid()
        atexit.register(self.stop)

    def _ensure_running(self) -> None:
        account = server_account(self.data)
        self._prepare_socket(account)
        launched = False
        give_up_at = time.monotonic() + PATIENCE_S
        while (answer := self._ping()) != Ping.OK:
            # The lock is held by a server that starts, or by the last backends of one that was killed.
            claimed = locks.claim(self.home / "server.lock")
            if claimed is not None:
                try:
                    if launched:
                        raise StartFailed(self._with_log("The embedded PostgreSQL ended while starting"))
                    self._launch(account, claimed)
                finally:
                    os.close(claimed)  # the server's processes keep it
                launched = True
            elif answer == Ping.REJECT:  # it recovers, for as long as that takes: never begin anew
                give_up_at = time.monotonic() + PATIENCE_S
            elif time.monotonic() > give_up_at:
                raise StartFailed(self._with_log("The embedded PostgreSQL does not answer"))
            time.sleep(POLL_S)

    def _ping(self) -> int:
        """OK when the server takes connections, also while all of them are in use."""
        return PGconn.ping(make_conninfo(self.dsn("postgres"), connect_timeout=5).encode())

    def _launch(self, account: Account, claimed: int) -> None:
        """Start a postmaster that lives as long as `claimed` is held; no process of a former one is left."""
        binaries = find_binaries(account)
        if not self.data.exists():
            self._initialise(account, binaries, claimed)
        self._check_version(binaries)
        for left_over in (self.data / "postmaster.pid", self.socket / f".s.PGSQL.{PORT}.lock"):
            left_over.unlink(missing_ok=True)
        with (
            account.seen(self.data) as (data, data_fd),
            account.seen(self.socket) as (socket, socket_fd),
            (self.home / "start.log").open("wb") as log,
        ):
            self._drop_long_logs()
            command: list[str | Path] = [*IN_BACKGROUND, binaries.folder / "postgres", "-D", data]
            command += server_options(socket, self._name)
            account.run(command, keep=(claimed, *data_fd, *socket_fd), errors_to=log)

    def _initialise(self, account: Account, binaries: Binaries, claimed: int) -> None:
        """Make the data folder under another name first: a killed initdb must not leave half a folder."""
        making = self.home / "data.new"
        if making.exists():
            shutil.rmtree(making)
        making.mkdir(mode=0o700)
        account.own(making)
        with account.seen(making) as (path, path_fd):
            command: list[str | Path] = [binaries.folder / "initdb", "-D", path, "-U", SUPERUSER]
            command += initdb_options(binaries.version)
            answer = account.run(command, keep=(claimed, *path_fd), errors_to=subprocess.STDOUT)
        if answer.returncode != 0:
            said = answer.stdout.decode(errors="replace")[-2000:]
            raise StartFailed(f"The database's folder {self.data} could not be made. initdb said:\n{said}")
        making.rename(self.data)
        _sync_folder(self.home)

    def _check_version(self, binaries: Binaries) -> None:
        written_by = (self.data / "PG_VERSION").read_text().strip()
        if written_by != str(binaries.version):
            raise VersionUnsupported(
                f"{self.data} was written by PostgreSQL {written_by} and the one found here "
                f"({binaries.folder}) is {binaries.version}: install PostgreSQL {written_by}, or "
                "choose another data folder."
            )

    def _prepare_socket(self, account: Account) -> None:
        try:
            self.socket.mkdir(mode=0o700)
            account.own(self.socket)
        except FileExistsError:
            found = self.socket.lstat()  # outside home somebody else could have made it first
            if found.st_uid != account.uid or not stat.S_ISDIR(found.st_mode):
                raise FolderUnusable(
                    f"{self.socket} belongs to another account: remove it, or choose another data folder."
                ) from None

    def _shut_down(self) -> None:
        """Fast shutdown: open transactions are rolled back, all that was committed is on disk."""
        if (postmaster := self._postmaster()) is None:
            return
        os.kill(postmaster, signal.SIGINT)
        give_up_at = time.monotonic() + PATIENCE_S
        while (claimed := locks.claim(self.home / "server.lock")) is None:
            if time.monotonic() > give_up_at:
                raise StartFailed(self._with_log("The embedded PostgreSQL does not stop"))
            time.sleep(POLL_S)
        os.close(claimed)
        if self.socket.parent != self.home:
            self.socket.rmdir()  # the server has emptied it

    def _postmaster(self) -> int | None:
        """The running postmaster's pid; None when the pid in its file is nobody's or another program's."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split()[0])
        except (FileNotFoundError, ValueError, IndexError):
            return None
        return pid if f"cluster_name={self._name}" in _command_line(pid) else None

    def _with_log(self, what: str) -> str:
        logs = [self.home / "start.log", *(self.data / "log").glob("*.log")]
        written = sorted((path for path in logs if path.exists()), key=lambda path: path.stat().st_mtime)
        tail = "".join(path.read_text(errors="replace")[-1500:] for path in written[-2:])
        return f"{what}. Its files are in {self.home}; its last lines:\n{tail}"

    def _drop_long_logs(self) -> None:
        # The server empties a weekday's file only when midnight passes while it runs.
        for log in (self.data / "log").glob("*.log"):
            if log.stat().st_size > LOG_BYTES_MAX:
                log.unlink()

    def _cannot_use(self, fault: OSError) -> str:
        return (
            f"The folder {self.home} cannot be used for the database: {fault}. Choose a folder that you can "
            "write to, on a local disk, or set DATABASE_URL."
        )


def _command_line(pid: int) -> str:
    process = Path("/proc") / str(pid) / "cmdline"
    if Path("/proc/self").exists():
        try:
            return process.read_text(errors="replace")
        except OSError:
            return ""
    answer = subprocess.run(["ps", "-o", "args=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return answer.stdout


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
