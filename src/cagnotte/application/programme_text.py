"""The text of a programme by its number or its draft's name, as people name it when they compare."""

import psycopg

from cagnotte.application.programme_versions import version_text
from cagnotte.storage.programme_drafts import draft_text

_LARGEST_VERSION = 2**31 - 1


def find_text(conn: psycopg.Connection, name: str) -> str | None:
    """A published version's text for a number, else the newest text of the draft with that name."""
    if name.isascii() and name.isdigit():
        number = int(name) if len(name) < len(str(_LARGEST_VERSION)) else 0
        return version_text(conn, number)
    found = draft_text(conn, name)
    return found.document if found else None
