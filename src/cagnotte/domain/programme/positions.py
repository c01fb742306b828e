"""Where each key and value of a TOML text stands, so that a fault can be shown with its line and a caret.

Works on texts that `tomllib` has accepted: the scanner finds places, it does not judge.
"""

import re
import tomllib
from collections.abc import Iterator

import msgspec

Path = tuple[str | int, ...]

_BARE_KEY_END = " \t=.]"
_ESCAPE_LENGTHS = {"u": 6, "U": 10}
_LINE_END = re.compile(r"\r?\n")
_CONTINUED = re.compile(r"(?:\\[ \t]*\r?\n[ \t\r\n]*)+")  # a line end taken back: it is no part of the string
_STRINGS = {  # up to two quotes may touch the three that end a string of several lines
    '"': re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"'),
    "'": re.compile(r"'[^']*'"),
    '"""': re.compile(r'"""[^"\\]*(?:(?:\\.|"{1,2}(?!"))[^"\\]*)*"{3,5}', re.DOTALL),
    "'''": re.compile(r"'''[^']*(?:'{1,2}(?!')[^']*)*'{3,5}"),
}


class Span(msgspec.Struct, frozen=True):
    """Offsets into the text, ends exclusive. For a table, the value is its header."""

    key_start: int
    key_end: int
    start: int
    end: int


def spans_of(text: str) -> dict[Path, Span]:
    """Path of keys and array indexes -> where it stands."""
    return dict(_Scanner(text).document())


def offset_in_string(text: str, span: Span, index: int) -> int:
    """Offset in the text of character `index` of the string value that stands at `span`."""
    end = end_in_string(text, span, index)
    return _past(_CONTINUED, text, end) if text[span.start] == '"' else end


def end_in_string(text: str, span: Span, index: int) -> int:
    """Offset just after the first `index` characters of the string value that stands at `span`."""
    raw = text[span.start : span.end]
    quote = raw[0]
    triple = raw.startswith(quote * 3)
    at = 3 if triple else 1
    if triple:
        at = _past(_LINE_END, raw, at)
    for _ in range(index):
        at += _length(raw, at, escapes=quote == '"')
    return span.start + at


def _length(raw: str, at: int, *, escapes: bool) -> int:
    """How much of the text makes up one character of the string; a line end of two counts as one."""
    begun = _past(_CONTINUED, raw, at) if escapes else at
    if raw[begun] == "\\" and escapes:
        return begun - at + _ESCAPE_LENGTHS.get(raw[begun + 1], 2)
    return begun - at + (2 if raw.startswith("\r\n", begun) else 1)


def _past(pattern: re.Pattern[str], raw: str, at: int) -> int:
    found = pattern.match(raw, at)
    return found.end() if found else at


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.array_sizes: dict[Path, int] = {}

    def document(self) -> Iterator[tuple[Path, Span]]:
        table: Path = ()
        while self._skip_blank():
            if self.text[self.at] == "[":
                table, span = self._header()
                yield table, span
            else:
                yield from self._pair(table)

    def _header(self) -> tuple[Path, Span]:
        start = self.at
        is_array = self.text.startswith("[[", self.at)
        self.at += 2 if is_array else 1
        keys = self._keys()
        self.at = self.text.index("]]" if is_array else "]", self.at) + (2 if is_array else 1)
        path = self._resolved(keys)
        if is_array:
            number = self.array_sizes.get(path, 0)
            self.array_sizes[path] = number + 1
            path = (*path, number)
        return path, Span(start, self.at, start, self.at)

    def _resolved(self, keys: list[str]) -> Path:
        """The path of a header: an array of tables met on the way means its newest element."""
        path: Path = ()
        for position, key in enumerate(keys):
            path = (*path, key)
            if position < len(keys) - 1 and path in self.array_sizes:
                path = (*path, self.array_sizes[path] - 1)
        return path

    def _pair(self, table: Path) -> Iterator[tuple[Path, Span]]:
        key_start = self.at
        path = (*table, *self._keys())
        key_end = key_start + len(self.text[key_start : self.at].rstrip())
        self.at = self.text.index("=", self.at) + 1
        self._skip_blank()
        start = self.at
        yield from self._value(path)
        yield path, Span(key_start, key_end, start, self.at)

    def _keys(self) -> list[str]:
        keys = []
        while True:
            self._skip_spaces()
            keys.append(self._key())
            self._skip_spaces()
            if self.text[self.at] != ".":
                return keys
            self.at += 1

    def _key(self) -> str:
        start = self.at
        if self.text[start] in "\"'":
            self._string()
            key: str = tomllib.loads(f"key = {self.text[start : self.at]}")["key"]
            return key
        while self.text[self.at] not in _BARE_KEY_END:
            self.at += 1
        return self.text[start : self.at]

    def _value(self, path: Path) -> Iterator[tuple[Path, Span]]:
        start = self.at
        character = self.text[start]
        if character in "\"'":
            self._string()
        elif character == "[":
            yield from self._array(path)
        elif character == "{":
            yield from self._inline_table(path)
        else:
            while self.at < len(self.text) and self.text[self.at] not in ",]}#\r\n":
                self.at += 1
            self.at = start + len(self.text[start : self.at].rstrip(" \t"))

    def _array(self, path: Path) -> Iterator[tuple[Path, Span]]:
        self.at += 1
        number = 0
        while self._skip_blank() and self.text[self.at] != "]":
            start = self.at
            yield from self._value((*path, number))
            yield (*path, number), Span(start, self.at, start, self.at)
            number += 1
            self._skip_blank()
            self.at += self.text[self.at] == ","
        self.at += 1

    def _inline_table(self, path: Path) -> Iterator[tuple[Path, Span]]:
        self.at += 1
        while self._skip_blank() and self.text[self.at] != "}":
            yield from self._pair(path)
            self._skip_blank()
            self.at += self.text[self.at] == ","
        self.at += 1

    def _string(self) -> None:
        quote = self.text[self.at]
        kind = quote * 3 if self.text.startswith(quote * 3, self.at) else quote
        found = _STRINGS[kind].match(self.text, self.at)
        assert found is not None, self.at
        self.at = found.end()

    def _skip_spaces(self) -> None:
        while self.at < len(self.text) and self.text[self.at] in " \t":
            self.at += 1

    def _skip_blank(self) -> bool:
        """Skip white space, line ends and comments; False at the end of the text."""
        while self.at < len(self.text):
            if self.text[self.at] == "#":
                self.at = (self.text.find("\n", self.at) + 1) or len(self.text)
            elif self.text[self.at] in " \t\r\n":
                self.at += 1
            else:
                return True
        return False
