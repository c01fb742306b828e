"""Arguments of commands: texts that become days, times and choices, or a sentence that says how to write them."""

from argparse import ArgumentTypeError
from datetime import date, datetime
from gettext import gettext as _
from pathlib import Path

from cagnotte.channels.files.readers import FileFormat
from cagnotte.channels.wording import N_
from cagnotte.domain.kernel import POINTS_MOST


def a_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(_("“%(text)s” is not a day: write it like 2026-12-01") % {"text": text}) from error


def a_month(text: str) -> date:
    """Its first day."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError as error:
        raise ArgumentTypeError(_("“%(text)s” is not a month: write it like 2026-03") % {"text": text}) from error


def an_instant(text: str) -> datetime:
    """Local time when it has no offset."""
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(
            _("“%(text)s” is not a time: write it like 2026-12-01T00:00") % {"text": text}
        ) from error


def a_time_or_file(text: str) -> date | datetime | Path:
    """A day, an instant (local time when it has no offset), or else a file."""
    for read in (date.fromisoformat, datetime.fromisoformat):
        try:
            return read(text)
        except ValueError:
            continue
    return Path(text)


def a_format(text: str) -> FileFormat:
    try:
        return FileFormat(text)
    except ValueError as error:
        raise ArgumentTypeError(
            _("“%(text)s” is not a format: csv, ndjson or parquet") % {"text": text}
        ) from error


def a_count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise ArgumentTypeError(_("“%(text)s” is not a whole number of 1 or more") % {"text": text})
    return int(text)


def points_of_books(text: str) -> int:
    """Points to give, or below 0 to take: no more than books and readers hold exactly."""
    try:
        points = int(text)
    except ValueError as error:
        raise ArgumentTypeError(_("“%(text)s” is not a whole number") % {"text": text}) from error
    if abs(points) > POINTS_MOST:
        raise ArgumentTypeError(_("“%(text)s” is more than books hold exactly") % {"text": text})
    return points


def a_port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65_536):  # noqa: PLR2004
        raise ArgumentTypeError(_("“%(text)s” is not a port: a number from 1 to 65535") % {"text": text})
    return int(text)


LIBRARY = (
    # What argparse says itself; it asks the same catalogue.
    N_("usage: "),
    N_("options"),
    N_("positional arguments"),
    N_("show this help message and exit"),
    N_("%(prog)s: error: %(message)s\n"),
    N_("argument %(argument_name)s: %(message)s"),
    N_("the following arguments are required: %s"),
    N_("unrecognized arguments: %s"),
    N_("expected one argument"),
    N_("invalid choice: %(value)r (choose from %(choices)s)"),
    N_("unknown parser %(parser_name)r (choices: %(choices)s)"),
)
