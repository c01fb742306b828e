"""Read the text of a programme's file, or say why it cannot be read."""

from pathlib import Path

from cagnotte.channels.cli.terminal import MISUSED, Terminal
from cagnotte.channels.wording import N_


def document_of(path: Path) -> str:
    """The text of a programme file. Raises OSError or UnicodeDecodeError."""
    return path.read_text(encoding="utf-8")


def read_document(path: Path, terminal: Terminal) -> str | int:
    """The text, or the exit status after saying why there is none."""
    try:
        return document_of(path)
    except OSError as error:
        terminal.warn(N_("%(file)s cannot be read: %(detail)s."), file=path, detail=error.strerror or error)
    except UnicodeDecodeError as error:
        terminal.warn(
            N_("%(file)s is not UTF-8 text: byte %(place)s cannot be read. Save it as UTF-8."),
            file=path,
            place=error.start,
        )
    return MISUSED
