"""A disk that becomes full below the data of an embedded server, and has room again."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg

MEGABYTES = 160
_BLOCK = 4096


class SmallDisk:
    """A file system of fixed size, laid over the folder. Needs the right to mount."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)

    def __enter__(self) -> SmallDisk:
        assert _mount(self.folder) == 0, "may not mount"
        self.folder.chmod(0o755)
        return self

    def __exit__(self, *_: object) -> None:
        subprocess.run(["umount", str(self.folder)], check=True, capture_output=True)

    @contextmanager
    def full(self, dsn: str, *, but_bytes: int = 256 * 1024) -> Iterator[None]:
        """No more room than `but_bytes`; the server's log of what it does has just been begun anew."""
        _begin_log_anew(dsn)
        filler = self.folder / "filler"
        try:
            _fill(filler)
            os.truncate(filler, filler.stat().st_size - but_bytes)
            yield
        finally:
            filler.unlink()

    @contextmanager
    def without_log(self, dsn: str) -> Iterator[None]:
        """Room for data, and none for the next 16 MB of what the server writes first: it ends itself."""
        with self.full(dsn, but_bytes=8 * 1024 * 1024):
            try:
                with psycopg.connect(dsn, autocommit=True) as conn:
                    for _ in range(32):
                        conn.execute("SELECT pg_logical_emit_message(true, 'rig', repeat('x', 1000000))")
            except psycopg.OperationalError:
                yield
            else:
                raise AssertionError("the log found room")


class FullDevice:
    """Where nobody may mount: tables that are empty lie where every write fails as on a full disk."""

    TABLES = ("sale", "django_session")

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)

    def __enter__(self) -> FullDevice:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is left."""

    @contextmanager
    def full(self, dsn: str) -> Iterator[None]:
        tables = [self._file(dsn, name) for name in self.TABLES]
        for table in tables:
            table.rename(table.with_suffix(".aside"))
            table.symlink_to("/dev/full")
        _forget_open_files(dsn)
        try:
            yield
        finally:
            for table in tables:
                table.unlink()
                table.with_suffix(".aside").rename(table)
            _forget_open_files(dsn)

    @contextmanager
    def without_log(self, dsn: str) -> Iterator[None]:
        """The server ends as it does when it finds no room for its log: at once, in the middle of everything."""
        pid = int((self.folder / "postgres" / "data" / "postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGQUIT)
        yield

    def _file(self, dsn: str, table: str) -> Path:
        with psycopg.connect(dsn) as conn:
            found = conn.execute(
                "SELECT pg_relation_filepath(%s), pg_relation_size(%s)", (table, table)
            ).fetchone()
        assert found is not None
        path, size = found
        assert size == 0
        return self.folder / "postgres" / "data" / str(path)


def kinds_of_full() -> list[type[SmallDisk | FullDevice]]:
    """Both, or the one that needs no right."""
    probe = Path("/tmp") / f"cagnotte-may-mount-{os.getpid()}"
    try:
        with SmallDisk(probe):
            return [SmallDisk, FullDevice]
    except (AssertionError, FileNotFoundError):
        return [FullDevice]
    finally:
        probe.rmdir()


def _mount(folder: Path) -> int:
    command = ["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m", "tmpfs", str(folder)]
    return subprocess.run(command, check=False, capture_output=True).returncode


def _begin_log_anew(dsn: str) -> None:
    """A segment of 16 MB that is there already: what is full first is the data."""
    with psycopg.connect(dsn, autocommit=True) as conn:
        conn.execute("SELECT pg_switch_wal()")
        conn.execute("SELECT pg_logical_emit_message(true, 'rig', 'begun')")


def _fill(filler: Path) -> None:
    for step in (256 * _BLOCK, _BLOCK):
        with filler.open("ab", buffering=0) as file, suppress(OSError):
            while True:
                file.write(b"\0" * step)


def _forget_open_files(dsn: str) -> None:
    """Each process of the server opens the table's file once; new ones open it anew."""
    with psycopg.connect(dsn, autocommit=True) as conn:
        conn.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
