"""The JSON Schema (draft 2020-12) of programme documents, made from the shapes that reading goes by."""

from collections.abc import Mapping
from typing import Any

from cagnotte.domain.programme import shapes
from cagnotte.domain.programme.reading import LARGEST_NUMBER
from cagnotte.domain.programme.shapes import (
    CODE_PATTERN,
    FACTOR_PATTERN,
    HOURS_PATTERN,
    MONTH_DAY_PATTERN,
    PERIOD_PATTERN,
    ByCode,
    ByName,
    CodeOf,
    Inner,
    InnerOrRows,
    InnerOrWord,
    Key,
    Kind,
    Rows,
    Shape,
)
from cagnotte.domain.programme.tables_life import DOCUMENT

type Schema = dict[str, Any]

_RULE_LONGEST = 4_000
_MOMENT_PATTERN = "^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?)?$"
_TEXT: Schema = {"type": "string", "minLength": 1}
_DAY: Schema = {"type": "string", "format": "date"}
_CODES: Schema = {"type": "array", "items": {"type": "string", "pattern": f"^{CODE_PATTERN}$"}}


def programme_schema() -> Schema:
    """What an editor needs to complete and to check a document. Rules, dates and codes of other things are
    checked by `check_programme` alone."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Cagnotte programme",
        "description": "One loyalty programme: what `cagnotte programme check` accepts.",
        **_of_shape(DOCUMENT),
        "$defs": {
            "code": {"type": "string", "pattern": f"^{CODE_PATTERN}$"},
            "name": {
                "description": "What people read: one text, or a text per language.",
                "anyOf": [_TEXT, {"type": "object", "additionalProperties": _TEXT}],
            },
            "period": {"type": "string", "pattern": f"^{PERIOD_PATTERN}$", "examples": ["14 days", "12 months"]},
            "condition": {
                "description": "A rule that gives true or false.",
                "type": "string",
                "minLength": 1,
                "maxLength": _RULE_LONGEST,
            },
            "number": {
                "description": "A whole number, or a rule that gives one.",
                "anyOf": [{"type": "integer"}, {"type": "string", "minLength": 1, "maxLength": _RULE_LONGEST}],
            },
        },
    }


def _of_shape(shape: Shape) -> Schema:
    schema: Schema = {
        "type": "object",
        "properties": {key.name: _of_key(key) for key in shape.keys},
        "required": [key.name for key in shape.keys if key.required],
        "additionalProperties": False,
    }
    if not schema["required"]:
        del schema["required"]
    together = [*_at_least_one(shape), *_at_most_one(shape)]
    if together:
        schema["allOf"] = together
    if shape.needs:
        needs: dict[str, list[str]] = {}
        for name, other in shape.needs:
            needs.setdefault(name, []).append(other)
        schema["dependentRequired"] = needs
    return schema


def _at_least_one(shape: Shape) -> list[Schema]:
    return [{"anyOf": [{"required": [name]} for name in group]} for group in shape.some_of]


def _at_most_one(shape: Shape) -> list[Schema]:
    pairs = [
        (first, second) for group in shape.one_of for n, first in enumerate(group) for second in group[n + 1 :]
    ]
    return [{"not": {"required": list(pair)}} for pair in pairs]


def _of_key(key: Key) -> Schema:
    schema = _of_kind(key.kind)
    said = key.says or _says(key.kind)
    described = {"description": said} if said else {}
    default = {} if key.default is None else {"default": key.default}
    return {**described, **schema, **default}


def _says(kind: Kind) -> str:
    match kind:
        case Inner(shape) | Rows(shape) | ByCode(shape):
            return shape.says
        case shapes.Code():
            return "For ever: it stands in the books and in the API."
    return ""


def _of_kind(kind: Kind) -> Schema:
    match kind:
        case Inner() | InnerOrWord() | InnerOrRows() | Rows() | ByCode() | ByName():
            return _of_tables(kind)
        case shapes.Whole(least):
            return {"type": "integer", "minimum": least, "maximum": LARGEST_NUMBER}
        case shapes.Word(words) | CodeOf(_, words) if words:
            return {"enum": [str(word) for word in words]}
        case shapes.Text(pattern) if pattern:
            return {"type": "string", "pattern": f"^{pattern}$"}
        case _:
            return _PLAIN[type(kind)]


def _of_tables(kind: Inner | InnerOrWord | InnerOrRows | Rows | ByCode | ByName) -> Schema:
    match kind:
        case Inner(shape):
            return _of_shape(shape)
        case InnerOrWord(shape, word):
            return {"anyOf": [{"const": word}, _of_shape(shape)]}
        case InnerOrRows(shape):
            return {"anyOf": [_of_shape(shape), {"type": "array", "items": _of_shape(shape)}]}
        case Rows(shape, most):
            return {"type": "array", "items": _of_shape(shape), "maxItems": most}
        case ByCode(shape, most, pattern):
            tables = {"patternProperties": {f"^{pattern}$": _of_shape(shape)}, "additionalProperties": False}
            return {"type": "object", **tables, "maxProperties": most}
        case ByName(inner, pattern):
            return {
                "type": "object",
                "patternProperties": {f"^{pattern}$": _of_kind(inner)},
                "additionalProperties": False,
            }


_PLAIN: Mapping[type, Schema] = {
    CodeOf: _TEXT,
    shapes.Text: _TEXT,
    shapes.Code: {"$ref": "#/$defs/code"},
    shapes.Named: {"$ref": "#/$defs/name"},
    shapes.Period: {"$ref": "#/$defs/period"},
    shapes.Written: {"$ref": "#/$defs/condition"},
    shapes.WholeOrWritten: {"$ref": "#/$defs/number"},
    shapes.Flag: {"type": "boolean"},
    shapes.Day: _DAY,
    shapes.Days: {"type": "array", "items": _DAY},
    shapes.Moment: {"type": "string", "pattern": _MOMENT_PATTERN},
    shapes.MonthDay: {"type": "string", "pattern": f"^{MONTH_DAY_PATTERN}$", "examples": ["12-31"]},
    shapes.Hours: {"type": "array", "items": {"type": "string", "pattern": f"^{HOURS_PATTERN}$"}},
    shapes.Factor: {
        "anyOf": [
            {"type": "integer", "minimum": 1},
            {"type": "string", "pattern": f"^{FACTOR_PATTERN}$"},
        ]
    },
    shapes.Codes: _CODES,
}
