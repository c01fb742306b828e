"""A bar for work that counts one thing: on the standard error, silent where nobody watches."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from cagnotte.channels.wording import N_, Speech

_RATE = N_("%(done)s events, %(rate)s/s")

type Watch = Callable[[int, int], None]
"""Told (done, total)."""


@contextmanager
def events_progress(title: str, speech: Speech) -> Iterator[Watch]:
    """Give a watcher of work over events; `title` is a sentence to translate."""
    console = Console(file=sys.stderr)
    columns = (
        TextColumn("{task.description:<12}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal) as bars:
        task = bars.add_task(speech.say(title), total=None, rate="")

        def watch(done: int, total: int) -> None:
            elapsed = bars.tasks[task].elapsed or 0
            rate = speech.number(int(done / elapsed)) if elapsed > 0 else "–"
            said = speech.say(_RATE, done=speech.number(done), rate=rate)
            bars.update(task, completed=done, total=total, rate=said)

        yield watch
