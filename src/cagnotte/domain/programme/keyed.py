"""A table of a parsed TOML document, its keys, and the faults that are noted at them."""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from cagnotte.domain.programme.faults import ProgrammeFaultCode as Code
from cagnotte.domain.programme.near_words import suggested
from cagnotte.domain.programme.notes import Notes
from cagnotte.domain.programme.positions import Path, end_in_string, offset_in_string
from cagnotte.domain.programme.shapes import ByCode, Inner, InnerOrRows, InnerOrWord, Rows, Shape

_LISTED = 40  # more known values than this are not all named in a message
_KINDS = {str: "text", int: "whole_number", dict: "table", list: "list", bool: "true_or_false"}


class Keyed:
    """One table by its keys. With a shape, its keys are checked at once; without one, any may stand."""

    def __init__(self, notes: Notes, path: Path, values: dict[str, Any], shape: Shape | None = None) -> None:
        self.notes = notes
        self.path = path
        self.values = values
        self.shape = shape
        if shape is not None:
            self._check_keys(shape)

    def fault(self, code: str, at: str | None = None, /, *, on_key: bool = False, **params: str) -> None:
        """Note a fault at the table itself, or at one of its names (at the table when the name is missing)."""
        path = self.path if at is None else (*self.path, at)
        known = at is None or at in self.values
        span = self.notes.span(path if known else self.path)
        start, end = (span.key_start, span.key_end) if on_key else (span.start, span.end)
        self.notes.note(code, path, start, end, params)

    def has_fault(self, name: str | None = None) -> bool:
        """Whether a fault was noted at one of the table's names or below it; without a name, anywhere in it."""
        return self.notes.is_faulty(self.path if name is None else (*self.path, name))

    def only(self, *known: str) -> None:
        """Note each key that is none of the known ones."""
        for name in self.values:
            if name not in known and not self.notes.is_full:
                params = {"name": name, "known": ", ".join(known), **suggested(name, known)}
                self.fault(Code.UNKNOWN_NAME, name, on_key=True, **params)

    def needs(self, name: str, other: str) -> None:
        """Note a fault when `name` is there without `other`, which gives it its meaning."""
        if name in self.values and other not in self.values:
            self.fault(Code.NEEDS_ANOTHER, name, on_key=True, name=name, other=other)

    def unknown(self, code: str, name: str, found: str, known: Sequence[str]) -> None:
        """Note that `found` is none of the known words, with the one that was probably meant."""
        listed = ", ".join(known) if len(known) <= _LISTED else ""
        params = {"name": name, "found": found, "known": listed, **suggested(found, known)}
        self.fault(code, name, on_key=False, **params)

    def fault_within(self, code: str, name: str, start: int, end: int, params: Mapping[str, str]) -> None:
        """Note a fault at the characters from `start` to `end` of the rule that stands at one of its names."""
        path = (*self.path, name)
        span = self.notes.span(path)
        begins, ends = span.start, span.end
        if isinstance(self.values[name], str):
            begins = offset_in_string(self.notes.text, span, start)
            ends = end_in_string(self.notes.text, span, end)
        self.notes.note(code, path, begins, ends, params)

    def is_kind(self, name: str, value: object, kind: type) -> bool:
        """Whether the value has that type; a fault when not. true and false are not numbers."""
        right = isinstance(value, kind) and not (kind is int and isinstance(value, bool))
        if not right:
            self.fault(Code.WRONG_TYPE, name, name=name, expected=_KINDS[kind], found=called(value))
        return right

    def _get(self, name: str, kind: type) -> Any:
        if name not in self.values:
            if self.shape is not None and self.shape.by_name[name].required:
                self.fault(Code.MISSING, name, name=name)
            return None
        value = self.values[name]
        return value if self.is_kind(name, value, kind) else None

    def _kind[K: Struct](self, name: str, kind: type[K], *others: type[Struct]) -> K | None:
        """The kind of the key, when it is the first of those expected; None for another one or without a shape."""
        if self.shape is None:
            return None
        found = self.shape.by_name[name].kind
        assert isinstance(found, (kind, *others)), (self.path, name, found)
        return found if isinstance(found, kind) else None

    def _inner(self, name: str, *kinds: type[Struct]) -> Shape | None:
        """The shape of the table at a key, or of the tables."""
        if self.shape is None:
            return None
        found = self.shape.by_name[name].kind
        assert isinstance(found, kinds), (self.path, name, found)
        match found:
            case Inner(shape) | InnerOrWord(shape) | InnerOrRows(shape) | Rows(shape) | ByCode(shape):
                return shape
        return None

    def _check_keys(self, shape: Shape) -> None:
        self.only(*shape.by_name)
        for group in shape.some_of:
            if self.values.keys().isdisjoint(group):
                self.fault(Code.ONE_NEEDED, known=", ".join(group))
        for group in shape.one_of:
            said = [name for name in group if name in self.values]
            if len(said) > 1:
                self.fault(Code.ONE_OF_TWO, said[1], on_key=True, first=said[0], second=said[1])
        for name, other in shape.needs:
            self.needs(name, other)


def called(value: object) -> str:
    """What kind of value it is, as faults name it."""
    return _KINDS.get(type(value), type(value).__name__)
