"""The plain values of a YAML, TOML or JSON file, and the line on which each of them stands.

YAML is read as version 1.2 has it, and no more than a case needs: only true and false are true and false,
12.00 is a text and so stays exact, 17:30, 007 and yes are texts, days and times are days and times.
"""

import json
import re
import tomllib
from bisect import bisect_right
from datetime import date, datetime
from typing import Any

import yaml

from cagnotte.domain.programme.positions import spans_of

type Where = tuple[str | int, ...]
VALUES_MOST = 300_000  # of one file, aliases counted as often as they are used
DEPTH_MOST = 50
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_TAGS = {f"tag:yaml.org,2002:{kind}" for kind in ("str", "seq", "map")}
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]{0,30})")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?(\.[0-9]+)?(Z|[+-][0-9:]+)?")
_NULLS = {"", "~", "null", "Null", "NULL"}
_BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}


class Unreadable(Exception):
    """The text is not of its format; `line` from 1, 0 when it is not known."""

    def __init__(self, code: str, line: int, **params: str) -> None:
        super().__init__(f"{code} {params}")
        self.code = code
        self.line = line
        self.params = params


class Places:
    """Path of a value -> its line, from 1."""

    def __init__(self, lines: dict[Where, int] | None = None) -> None:
        self._lines = lines or {}

    def line(self, path: Where) -> int:
        """The line of the value, or of the nearest one around it; 0 when the format does not tell."""
        for length in range(len(path), 0, -1):
            if path[:length] in self._lines:
                return self._lines[path[:length]]
        return 0


def read_yaml(text: str) -> tuple[Any, Places]:
    """Raises Unreadable."""
    try:
        _check_depth(text)
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise Unreadable("not_yaml", mark.line + 1 if mark else 0, detail=error.problem or str(error)) from error
    except yaml.YAMLError as error:
        raise Unreadable("not_yaml", 0, detail=str(error).split("\n", 1)[0]) from error
    reading = _YamlReading()
    return (None if node is None else reading.value(node, ())), Places(reading.lines)


def read_toml(text: str) -> tuple[Any, Places]:
    """Raises Unreadable."""
    try:
        values = tomllib.loads(text, parse_float=str)
    except tomllib.TOMLDecodeError as error:
        raise Unreadable(
            "not_toml", error.lineno or 0 if hasattr(error, "lineno") else 0, detail=str(error)
        ) from error
    except (ValueError, RecursionError) as error:
        raise Unreadable("not_toml", 0, detail=str(error)) from error
    starts = [0, *(found.end() for found in re.finditer("\n", text))]
    lines = {path: bisect_right(starts, span.key_start) for path, span in spans_of(text).items()}
    return values, Places(lines)


def read_json(text: str) -> tuple[Any, Places]:
    """Raises Unreadable. The lines of values are not known; their paths say where they are."""
    try:
        return json.loads(text, parse_float=str, object_pairs_hook=_pairs), Places()
    except json.JSONDecodeError as error:
        raise Unreadable("not_json", error.lineno, detail=error.msg) from error
    except (ValueError, RecursionError) as error:
        raise Unreadable("not_json", 0, detail=str(error)) from error


def _check_depth(text: str) -> None:
    """Before the nodes are made, which the library does by calling itself until the process falls."""
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEPTH_MOST:
            line = event.start_mark.line + 1 if event.start_mark else 0
            raise Unreadable("too_deep", line, most=str(DEPTH_MOST))


def _toml_line(message: str) -> int:
    found = re.search(r"at line ([0-9]+)", message)
    return int(found[1]) if found else 0


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise Unreadable("name_twice", 0, name=name)
        found[name] = value
    return found


class _YamlReading:
    """Values from nodes; a name that stands twice and a tag of another language are refused."""

    def __init__(self) -> None:
        self.lines: dict[Where, int] = {}
        self._values = 0

    def value(self, node: yaml.Node, path: Where) -> Any:
        self._values += 1
        line = node.start_mark.line + 1
        if self._values > VALUES_MOST:
            raise Unreadable("too_many_values", line, most=str(VALUES_MOST))
        if len(path) > DEPTH_MOST:
            raise Unreadable("too_deep", line, most=str(DEPTH_MOST))
        if node.tag not in _TAGS and node.tag != "!":
            raise Unreadable("yaml_tag", line, found=node.tag)
        self.lines.setdefault(path, line)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(each, (*path, number)) for number, each in enumerate(node.value)]
        return _scalar(node)

    def _mapping(self, node: yaml.MappingNode, path: Where) -> dict[str, Any]:
        found: dict[str, Any] = {}
        shared: dict[str, Any] = {}
        for key, below in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                raise Unreadable("name_not_text", line)
            if key.value == "<<" and not key.style:
                shared |= self._merged(below, path, line)
                continue
            if key.value in found:
                raise Unreadable("name_twice", line, name=key.value)
            self.lines[(*path, key.value)] = line
            found[key.value] = self.value(below, (*path, key.value))
        return shared | found

    def _merged(self, node: yaml.Node, path: Where, line: int) -> dict[str, Any]:
        value = self.value(node, path)
        if not isinstance(value, dict):
            raise Unreadable("name_not_text", line)
        return value


def _scalar(node: Any) -> Any:
    """A text in quotes is a text; without, it may be a whole number, true, false, null, a day or a time."""
    text: str = node.value
    if node.style:
        return text
    if text in _NULLS:
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    kind = date if _DAY.fullmatch(text) else datetime if _TIME.fullmatch(text) else None
    try:
        return kind.fromisoformat(text) if kind else text
    except ValueError:
        return text  # 2026-02-30: who reads it as a day will say so
