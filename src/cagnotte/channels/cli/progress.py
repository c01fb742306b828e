"""A progress bar with rate and time left, on the standard error; silent where nobody watches."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from cagnotte.application.loading.values import LoadPhase, LoadProgress
from cagnotte.channels.wording import N_, Speech

_PHASES = {
    LoadPhase.READING: N_("Reading"),
    LoadPhase.CHECKING: N_("Checking"),
    LoadPhase.POSTING: N_("Posting"),
}
_ROWS = N_("Rows: %(rows)s")
_CHECKS = N_("Checks: %(done)s of %(total)s")
_RATE = N_("%(lines)s lines, %(rate)s lines/s")


@contextmanager
def load_progress(speech: Speech) -> Iterator[Callable[[LoadProgress], None]]:
    """Give a watcher of a load; each phase has a bar of its own."""
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
        yield _Bars(bars, speech).show


@contextmanager
def counting_progress(speech: Speech) -> Iterator[Callable[[int], None]]:
    """Give a watcher of rows whose number is not known before."""
    console = Console(file=sys.stderr)
    columns = (TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bars:
        task = bars.add_task(speech.say(_ROWS, rows=speech.number(0)), total=None)

        def show(rows: int) -> None:
            bars.update(task, description=speech.say(_ROWS, rows=speech.number(rows)))

        yield show


@contextmanager
def checks_progress(speech: Speech, total: int) -> Iterator[Callable[[], None]]:
    """Give what is to be called after each check. Lines that are printed meanwhile stand above the bar."""
    console = Console(file=sys.stderr)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(
        *columns,
        console=console,
        disable=not console.is_terminal,
        transient=True,
        redirect_stdout=sys.stdout.isatty(),  # to a file they go as they are
    ) as bars:
        task = bars.add_task(speech.say(_CHECKS, done=0, total=total), total=total)
        done = count(1)

        def one_more() -> None:
            number = next(done)
            bars.update(task, completed=number, description=speech.say(_CHECKS, done=number, total=total))

        yield one_more


class _Bars:
    def __init__(self, bars: Progress, speech: Speech) -> None:
        self._bars = bars
        self._speech = speech
        self._tasks: dict[LoadPhase, TaskID] = {}

    def show(self, progress: LoadProgress) -> None:
        task = self._tasks.get(progress.phase)
        if task is None:
            self._finish_earlier()
            said = self._speech.say(_PHASES[progress.phase])
            task = self._tasks[progress.phase] = self._bars.add_task(said, total=progress.total, rate="")
        elapsed = self._bars.tasks[task].elapsed or 0
        rate = int(progress.lines / elapsed) if elapsed > 0 else 0
        said = self._speech.say(_RATE, lines=self._speech.number(progress.lines), rate=self._speech.number(rate))
        self._bars.update(task, completed=progress.done, total=progress.total, rate=said if progress.lines else "")

    def _finish_earlier(self) -> None:
        for task in self._tasks.values():
            self._bars.update(task, completed=self._bars.tasks[task].total)
