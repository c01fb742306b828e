"""Arguments of commands: texts that become days, times and choices, or a sentence that says how to write them."""

from argparse import ArgumentTypeError
from datetime import date, datetime

from cagnotte.channels.files.readers import FileFormat


def a_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"“{text}” is not a day: write it like 2026-12-01") from error


def an_instant(text: str) -> datetime:
    """Local time when it has no offset."""
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"“{text}” is not a time: write it like 2026-12-01T00:00") from error


def a_format(text: str) -> FileFormat:
    try:
        return FileFormat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"“{text}” is not a format: csv, ndjson or parquet") from error


def a_count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise ArgumentTypeError(f"“{text}” is not a whole number of 1 or more")
    return int(text)


def a_port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65_536):  # noqa: PLR2004
        raise ArgumentTypeError(f"“{text}” is not a port: a number from 1 to 65535")
    return int(text)
