"""The machine a bench ran on, in words that name no host."""

import os
import platform
from pathlib import Path

import msgspec
import psutil
import psycopg


class Machine(msgspec.Struct, frozen=True):
    """`load_before`: how many processes were busy on average in the minute before the bench began."""

    cores: int
    memory_mb: int
    cpu: str
    python: str
    postgres: str
    load_before: float

    @property
    def in_words(self) -> str:
        return (
            f"{self.cores} cores ({self.cpu}), {self.memory_mb:,} MB, Python {self.python},"
            f" PostgreSQL {self.postgres}; load average before it {self.load_before}"
        )


def load_now() -> float:
    """Average number of busy processes over the last minute."""
    return round(os.getloadavg()[0], 2)


def describe_machine(dsn: str, *, load_before: float) -> Machine:
    with psycopg.connect(dsn) as conn:
        row = conn.execute("SHOW server_version").fetchone()
    assert row is not None
    return Machine(
        cores=_cores(),
        memory_mb=round(psutil.virtual_memory().total / 1_000_000),
        cpu=_cpu(),
        python=platform.python_version(),
        postgres=str(row[0]).split(maxsplit=1)[0],
        load_before=load_before,
    )


def _cores() -> int:
    """Cores that this process may use, not all that the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _cpu() -> str:
    known = Path("/proc/cpuinfo")
    lines = known.read_text(encoding="utf-8").splitlines() if known.exists() else []
    for line in lines:
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
