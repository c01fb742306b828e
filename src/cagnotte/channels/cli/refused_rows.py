"""Rows of a file that were not loaded: written to a file of their own with line and reason."""

import csv
import os
import tempfile
from pathlib import Path
from typing import IO

from cagnotte.application.loading.values import RowRefused
from cagnotte.channels.cli.terminal import Terminal
from cagnotte.channels.wording import N_
from cagnotte.channels.wording.row_faults import row_sentence


def beside(path: Path) -> Path:
    """Where refused rows go: next to the file, or where one may write."""
    name = path.name + ".refused.csv"
    folders = (path.parent, Path(), Path(tempfile.gettempdir()))
    return next((folder / name for folder in folders if os.access(folder, os.W_OK)), folders[0] / name)


class RefusedRows:
    """Refused rows, written to a file that is made with the first one; the first few are also said.

    What an earlier load left there is gone: the file tells of this load only.
    """

    _SAID = 5

    def __init__(self, path: Path, terminal: Terminal, of: str = "sale_id") -> None:
        """`of`: what the rows are about, the name of its column."""
        self._path = path
        self._terminal = terminal
        self._of = of
        self._file: IO[str] | None = None
        self.count = 0

    def __enter__(self) -> "RefusedRows":
        self._path.unlink(missing_ok=True)
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()

    def add(self, refused: RowRefused) -> None:
        said = row_sentence(refused, self._terminal.speech)
        if self._file is None:
            self._file = self._path.open("w", encoding="utf-8", newline="")
            csv.writer(self._file).writerow(("line", self._of, "code", "reason", "row"))
        csv.writer(self._file).writerow((refused.line, refused.sale, refused.code.value, said, refused.row))
        self.count += 1
        if self.count <= self._SAID:
            self._terminal.warn(N_("Line %(line)s: %(reason)s"), line=refused.line, reason=said)
