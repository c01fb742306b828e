"""Read the text of a programme, from a file or from the shop, or say why there is none."""

from pathlib import Path

from cagnotte.application.programme_text import find_text
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


def read_named(name: str, terminal: Terminal) -> str | int:
    """The text of a file, a published version or a draft, or the exit status after saying why there is none."""
    path = Path(name)
    if path.is_file() or path.suffix:
        return read_document(path, terminal)
    with terminal.connected() as conn:
        text = find_text(conn, name)
    if text is None:
        terminal.warn(
            N_("“%(name)s” is neither a file here, nor the number of a published version, nor a draft."), name=name
        )
        return MISUSED
    return text
