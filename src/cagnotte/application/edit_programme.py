"""Change one thing in a programme's text: every comment and every byte around it stays as the author wrote it.

A path names what is meant: ("earn", "base", "points") is the field `points` of the [[earn]] with the code
"base"; a number stands for the place in a list, from 0. tomlkit writes the values.
"""

import copy
import tomllib
from typing import Any

import tomlkit

from cagnotte.application.programme_places import Places
from cagnotte.domain.programme.positions import Path

type Value = str | int | bool | list[Any] | dict[str, Any]


class NoSuchPlace(LookupError):
    """The path leads nowhere, or to something that cannot be changed this way."""

    def __init__(self, path: Path) -> None:
        super().__init__(".".join(map(str, path)))
        self.path = path


def set_field(text: str, path: Path, value: Value) -> str:
    """Give a field this value; one that is missing is added after the last field of its table.

    A missing table on the way becomes an inline one. Raises NoSuchPlace for a thing that is not there, or a
    field that is a table under a heading of its own; tomllib.TOMLDecodeError for a text that is no TOML.
    """
    document = tomllib.loads(text)
    full = _resolved(document, path[:-1], path)
    places = Places(text)
    where = (*full, path[-1])
    if _value_at(document, full) is None:
        return set_field(text, path[:-1], {str(path[-1]): value})
    if where in places.spans and not places.is_heading(where):
        span = places.spans[where]
        edited = text[: span.start] + written(value, like=text[span.start : span.end]) + text[span.end :]
    elif _value_at(document, where) is not None or not isinstance(_value_at(document, full), dict):
        raise NoSuchPlace(path)
    else:
        edited = _added_field(places, full, f"{tomlkit.key(str(path[-1])).as_string()} = {written(value)}", path)
    return _checked(edited, _changed(document, where, value))


def remove_field(text: str, path: Path) -> str:
    """Take a field away, with the comment on its line; one that is not there changes nothing."""
    document = tomllib.loads(text)
    where = (*_resolved(document, path[:-1], path), path[-1])
    if _value_at(document, where) is None:
        return text
    places = Places(text)
    if where not in places.spans or places.is_heading(where):
        raise NoSuchPlace(path)
    start, end = places.field_with_separator(where)
    return _checked(text[:start] + text[end:], _changed(document, where, None))


def add_table(text: str, table: str, values: dict[str, Value], *, code: str | None = None) -> str:
    """Add [[table]] after the last one of that name, else at the end; with `code`, add [table.code]."""
    document = tomllib.loads(text)
    places = Places(text)
    heading = f"[[{table}]]" if code is None else f"[{table}.{tomlkit.key(code).as_string()}]"
    lines = [heading, *(f"{tomlkit.key(name).as_string()} = {written(value)}" for name, value in values.items())]
    block = places.line_end.join(lines)
    at = places.end_of_tables(table)
    before = text[:at].rstrip("\r\n \t") if not text[at:].strip() else text[:at]
    gap = places.line_end * 2 if before else ""
    edited = f"{before}{gap}{block}{text[at:] or places.line_end}"
    expected = copy.deepcopy(document)
    if code is None:
        expected.setdefault(table, []).append(values)
    else:
        expected.setdefault(table, {})[code] = values
    return _checked(edited, expected)


def remove_table(text: str, path: Path) -> str:
    """Take away a thing under a heading, ("earn", "base"), with the comment lines that touch its heading."""
    document = tomllib.loads(text)
    where = _resolved(document, path, path)
    places = Places(text)
    headings = places.headings_below(where)
    if not where or not headings:
        raise NoSuchPlace(path)
    for heading in reversed(headings):
        start, end = places.section(heading)
        text = text[:start] + text[end:]
    return _checked(text, _changed(document, where, None))


def written(value: Value, *, like: str = "") -> str:
    """The value as TOML; a text with quotes in it, or `like` one in single quotes, is put in single quotes."""
    if isinstance(value, str):
        literal = ('"' in value or "\\" in value or like.startswith("'")) and _can_be_literal(value)
        return tomlkit.string(value, literal=literal).as_string()
    if isinstance(value, dict):
        pairs = ", ".join(f"{tomlkit.key(name).as_string()} = {written(each)}" for name, each in value.items())
        return f"{{ {pairs} }}" if pairs else "{}"
    if isinstance(value, list):
        return f"[{', '.join(written(each) for each in value)}]"
    return str(tomlkit.item(value).as_string())


def _can_be_literal(text: str) -> bool:
    return "'" not in text and all(character >= " " and character != "\x7f" for character in text)


def _added_field(places: Places, table: Path, line: str, path: Path) -> str:
    at, before, after = places.room_for_field(table)
    if at < 0:
        raise NoSuchPlace(path)
    return places.text[:at] + before + line + after + places.text[at:]


def _resolved(document: dict[str, Any], path: Path, asked: Path) -> Path:
    """The path with the places of codes in lists; a missing table is left as it is named."""
    found: Any = document
    full: Path = ()
    for step in path:
        if isinstance(found, list):
            place = _place(found, step)
            if place is None:
                raise NoSuchPlace(asked)
            full, found = (*full, place), found[place]
        elif isinstance(found, dict):
            full, found = (*full, step), found.get(str(step))
        elif found is None:
            full = (*full, step)
        else:
            raise NoSuchPlace(asked)
    return full


def _place(rows: list[Any], step: str | int) -> int | None:
    if isinstance(step, int):
        return step if 0 <= step < len(rows) else None
    codes = [row.get("code") if isinstance(row, dict) else None for row in rows]
    return codes.index(step) if step in codes else None


def _value_at(document: Any, path: Path) -> Any:
    """What stands at a path without codes; None when nothing does."""
    for step in path:
        if isinstance(document, dict):
            document = document.get(step)
        elif isinstance(document, list) and isinstance(step, int) and step < len(document):
            document = document[step]
        else:
            return None
    return document


def _changed(document: dict[str, Any], where: Path, value: Value | None) -> dict[str, Any]:
    changed = copy.deepcopy(document)
    parent = _value_at(changed, where[:-1])
    if value is None:
        del parent[where[-1]]
    else:
        parent[where[-1]] = value
    if value is None and parent == [] and len(where) == 2:  # noqa: PLR2004 - the last [[table]] of its name
        del changed[str(where[0])]
    return changed


def _checked(edited: str, expected: dict[str, Any]) -> str:
    """We are wrong when the new text says anything but what was asked."""
    found = tomllib.loads(edited)
    assert found == expected or _without_empty(found) == _without_empty(expected), edited
    return edited


def _without_empty(document: dict[str, Any]) -> dict[str, Any]:
    """A table that only stood in the headings of its parts goes with the last of them."""
    return {name: value for name, value in document.items() if value not in ({}, [])}
