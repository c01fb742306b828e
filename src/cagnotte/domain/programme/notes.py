"""One document being read: its text, where things stand in it, and the faults found so far."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from cagnotte.domain.programme.faults import ProgrammeFault
from cagnotte.domain.programme.positions import Path, Span, spans_of
from cagnotte.domain.rules import Rule

FAULTS_MOST = 1_000  # told of one document: nobody reads more, and looking for suggestions takes time


class Notes:
    def __init__(self, text: str, values: Mapping[str, Any]) -> None:
        self.text = text
        self.values = values
        self.rules: list[tuple[Any, str, Rule]] = []
        self._faults: dict[tuple[int, int, str, str], ProgrammeFault] = {}
        self._faulty: set[Path] = set()

    @cached_property
    def _spans(self) -> dict[Path, Span]:
        return spans_of(self.text)

    @property
    def faults(self) -> tuple[ProgrammeFault, ...]:
        """Each fault once, in the order of the text."""
        return tuple(self._faults[place] for place in sorted(self._faults))

    def note(self, code: str, path: Path, start: int, end: int, params: Mapping[str, str]) -> None:
        """Note a fault at the characters from `start` to `end`; the same one again is not noted."""
        self._faulty.update(path[:length] for length in range(len(path) + 1))
        if not self.is_full:
            end = max(end, start + 1)
            place = (start, end, str(code), str(path))
            self._faults.setdefault(place, ProgrammeFault(code, path, start, end, dict(params)))

    @property
    def is_full(self) -> bool:
        """Whether no further fault would be told."""
        return len(self._faults) >= FAULTS_MOST

    def is_faulty(self, path: Path) -> bool:
        """Whether a fault was noted there, or below."""
        return path in self._faulty

    def span(self, path: Path) -> Span:
        """Where a path stands; for a table without a header of its own, where its first key stands."""
        if path in self._spans:
            return self._spans[path]
        below = [span for known, span in self._spans.items() if known[: len(path)] == path]
        return min(below, key=lambda span: span.start, default=Span(0, 1, 0, 1))
