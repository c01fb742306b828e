"""How much memory the program and its database take together."""

import os
import threading
from pathlib import Path
from types import TracebackType

import psutil

_SAMPLES_APART_S = 0.5


class PeakMemory:
    """Samples this process and the database's processes until stopped; shared pages count once.

    Proportional set size where the system tells it, else resident size.
    """

    def __init__(self, postmaster_pid: int | None) -> None:
        self._pid = postmaster_pid
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="peak-memory", daemon=True)
        self.peak_bytes = 0

    def __enter__(self) -> "PeakMemory":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()

    @property
    def peak_mb(self) -> int:
        return round(self.peak_bytes / 1_000_000)

    def _watch(self) -> None:
        self._sample()
        while not self._stop.wait(_SAMPLES_APART_S):
            self._sample()

    def _sample(self) -> None:
        total = sum(_size(process) for process in self._processes())
        self.peak_bytes = max(self.peak_bytes, total)

    def _processes(self) -> list[psutil.Process]:
        own = psutil.Process(os.getpid())
        found = [own, *own.children(recursive=True)]
        if self._pid is not None:
            try:
                postmaster = psutil.Process(self._pid)
                found += [postmaster, *postmaster.children(recursive=True)]
                found = list({process.pid: process for process in found}.values())
            except psutil.NoSuchProcess:
                self._pid = None
        return found


def postmaster_pid(data_dir: Path) -> int | None:
    """Pid of the embedded server of a data folder; None when it is not running there."""
    try:
        first = (data_dir / "postgres" / "data" / "postmaster.pid").read_text().split("\n", 1)[0]
    except OSError:
        return None
    return int(first) if first.isdigit() else None


def _size(process: psutil.Process) -> int:
    try:
        return int(getattr(process.memory_full_info(), "pss", 0) or process.memory_info().rss)
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return 0
