"""Case files of `cagnotte programme test`: YAML, TOML or JSON, read into cases, every fault with its place."""

import re
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import msgspec

from cagnotte.application.trials.cases import Case, CaseFile, Variant
from cagnotte.application.trials.report import place
from cagnotte.application.trials.unfolding import Unfolded, unfolded
from cagnotte.application.trials.values import NotWritten, read_value, schema_of_value
from cagnotte.channels.files.case_places import (
    Places,
    Unreadable,
    Where,
    read_json,
    read_toml,
    read_yaml,
)

READERS = {".yaml": read_yaml, ".yml": read_yaml, ".toml": read_toml, ".json": read_json}
SIZE_MOST = 16 * 1024 * 1024  # bytes of one file
_AT = re.compile(r"(?P<said>.*) - at `(?:key )?(?:in )?\$(?P<path>[^`]*)`", re.DOTALL)
_DECIMAL = re.compile(r"[-+]?\d*\.\d+")
_STEP = re.compile(r"\.?([^.\[\]]+)|\[(\d+|\.\.\.)\]")
_KINDS = (
    ("unknown_name", re.compile(r"Object contains unknown field `(?P<name>.*)`", re.DOTALL)),
    ("missing_name", re.compile(r"Object missing required field `(?P<name>.*)`")),
    ("wrong_type", re.compile(r"Expected `(?P<expected>.*)`, got `(?P<found>.*)`")),
)


class FileFault(msgspec.Struct, frozen=True):
    """What is wrong in a file: `line` from 1 (0: not known), `at` like cases[2].steps[0].sale."""

    code: str
    line: int
    at: str
    params: dict[str, str]


class CaseFileRefused(Exception):
    """Nothing of the file can be read."""

    def __init__(self, fault: FileFault) -> None:
        super().__init__(f"{fault.code} {fault.params}")
        self.fault = fault


class ReadCase:
    """One case of a file, or the fault for which it could not be read."""

    def __init__(self, file: str, source: Unfolded, places: Places) -> None:
        self.file = file
        self.case_id = source.case_id
        self.case: Case | None = None
        self.fault: FileFault | None = None
        self._source = source
        self._places = places

    @property
    def line(self) -> int:
        """Where the case, or its variant, begins."""
        return self._places.line(self._source.within)

    def line_at(self, at: str) -> int:
        """The line of a place within the case, like steps[0].sale; 0 when it is not known."""
        return self._places.line(self.path_at(_path(at)))

    def path_at(self, path: Where) -> Where:
        """The place in the file: in the variant, when that is where it is said."""
        own = bool(path) and path[0] in self._source.own
        return (*(self._source.within if own else self._source.path), *path)


def read_cases(path: Path) -> list[ReadCase]:
    """Every case of the file, variants written out; a faulty case does not hide the others.

    Raises CaseFileRefused when the file as a whole cannot be read, OSError when there is none.
    """
    raw, places = _raw(path)
    _check_names(raw, places)
    return [_read(str(path), each, places) for each in unfolded(raw)]


def cases_schema() -> dict[str, Any]:
    """The JSON Schema of case files, for editors and checks."""
    schema = msgspec.json.schema(CaseFile, schema_hook=schema_of_value)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Cagnotte case file", **schema}


def _raw(path: Path) -> tuple[dict[str, Any], Places]:
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise _refusal("unknown_format", found=path.suffix or path.name, known=", ".join(READERS))
    if path.stat().st_size > SIZE_MOST:
        raise _refusal("file_too_large", most=str(SIZE_MOST // 1024**2))
    try:
        raw, places = reader(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise _refusal("not_utf8", place=str(error.start)) from error
    except Unreadable as error:
        raise CaseFileRefused(FileFault(error.code, error.line, "", error.params)) from error
    if not isinstance(raw, dict):
        raise _refusal("no_cases")
    return raw, places


def _refusal(code: str, **params: str) -> CaseFileRefused:
    return CaseFileRefused(FileFault(code, 0, "", params))


def _check_names(raw: dict[str, Any], places: Places) -> None:
    """The names of the file itself and its shape; what stands in a case is checked with the case."""
    known = CaseFile.__struct_fields__
    for name in raw:
        if name not in known:
            params = {"name": name, "known": ", ".join(known), **_near(name, known)}
            raise CaseFileRefused(FileFault("unknown_name", places.line((name,)), name, params))
    if not isinstance(raw.get("programme"), dict | None):
        params = {"expected": "object", "found": type(raw["programme"]).__name__}
        raise CaseFileRefused(FileFault("wrong_type", places.line(("programme",)), "programme", params))
    cases = raw.get("cases")
    if not isinstance(cases, list) or not cases:
        raise CaseFileRefused(FileFault("no_cases", places.line(("cases",)), "cases", {}))
    seen: set[str] = set()
    for number, case in enumerate(cases):
        at = place(("cases", number))
        line = places.line(("cases", number))
        if not isinstance(case, dict):
            raise CaseFileRefused(FileFault("case_not_map", line, at, {}))
        case_id = str(case.get("id", number))
        if case_id in seen:
            raise CaseFileRefused(FileFault("id_twice", line, at, {"name": case_id}))
        seen.add(case_id)
        variants = case.get("variants")
        if variants is not None and not (
            isinstance(variants, list) and all(isinstance(v, dict) for v in variants)
        ):
            path: Where = ("cases", number, "variants")
            raise CaseFileRefused(FileFault("case_not_map", places.line(path), place(path), {}))


def _read(file: str, source: Unfolded, places: Places) -> ReadCase:
    read = ReadCase(file, source, places)
    fault = _variant_fault(source)
    try:
        read.case = msgspec.convert(source.values, Case, dec_hook=read_value) if fault is None else None
    except msgspec.ValidationError as error:
        fault = _told(error, source.values, Case)
    if fault is not None:
        code, path, params = fault
        where = read.path_at(path)
        read.fault = FileFault(code, places.line(where), place(where), params)
    return read


def _variant_fault(source: Unfolded) -> tuple[str, Where, dict[str, str]] | None:
    unknown = [name for name in sorted(source.own) if name not in Variant.__struct_fields__]
    if not unknown:
        return None
    return "unknown_name", (unknown[0],), _unknown(unknown[0], Variant.__struct_fields__)


def _told(error: msgspec.ValidationError, values: Any, kind: type) -> tuple[str, Where, dict[str, str]]:
    """Code, place and parts of the sentence, from what msgspec says."""
    found = _AT.fullmatch(str(error))
    said, path = (found["said"], _path(found["path"])) if found else (str(error), ())
    cause = error.__cause__
    if isinstance(cause, NotWritten):
        return cause.code, path, {"found": cause.found, "decimals": ""}
    for code, pattern in _KINDS:
        matched = pattern.fullmatch(said)
        if matched is None:
            continue
        params = matched.groupdict()
        if code == "unknown_name":
            return code, (*path, params["name"]), _unknown(params["name"], _names_at(kind, path))
        if params.get("found") == "str" and _DECIMAL.fullmatch(str(_value_at(values, path))):
            params["found"] = "decimal"  # it is read as a text, so that no cent is lost
        return code, path, params
    return "not_readable", path, {"detail": said}


def _value_at(values: Any, path: Where) -> Any:
    """What stands there; None where the place is not that of one value."""
    for part in path:
        inner = isinstance(values, dict) and part in values
        if not inner and not (isinstance(values, list) and isinstance(part, int) and part < len(values)):
            return None
        values = values[part]
    return values


def _unknown(name: str, known: tuple[str, ...]) -> dict[str, str]:
    return {"name": name, "known": ", ".join(known), **_near(name, known)}


def _near(name: str, known: tuple[str, ...]) -> dict[str, str]:
    near = get_close_matches(name.lower(), known, n=1, cutoff=0.6) or [
        each for each in known if name and each.startswith(name.lower())
    ]
    return {"suggestion": near[0]} if near else {}


def _path(text: str) -> Where:
    parts: list[str | int] = []
    for name, index in _STEP.findall(text):
        parts.append(name or (int(index) if index.isdigit() else index))
    return tuple(parts)


def _names_at(kind: type, path: Where) -> tuple[str, ...]:
    """The names that the struct at that place has; none when it cannot be told."""
    types: list[msgspec.inspect.Type] = [msgspec.inspect.type_info(kind)]
    for part in path:
        types = [below for each in types for below in _below(each, part)]
    structs = [each for each in _flat(types) if isinstance(each, msgspec.inspect.StructType)]
    return tuple(field.encode_name for each in structs for field in each.fields)


def _flat(types: list[msgspec.inspect.Type]) -> Iterator[msgspec.inspect.Type]:
    for each in types:
        if isinstance(each, msgspec.inspect.UnionType):
            yield from _flat(list(each.types))
        else:
            yield each


def _below(kind: msgspec.inspect.Type, part: str | int) -> Iterator[msgspec.inspect.Type]:
    for each in _flat([kind]):
        if isinstance(each, msgspec.inspect.StructType):
            yield from (field.type for field in each.fields if field.encode_name == part)
        elif isinstance(each, msgspec.inspect.VarTupleType | msgspec.inspect.ListType):
            yield each.item_type
        elif isinstance(each, msgspec.inspect.DictType):
            yield each.value_type
