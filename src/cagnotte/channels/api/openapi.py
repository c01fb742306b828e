"""The OpenAPI 3.1 document, generated from the table of operations and the structs."""

import inspect
from itertools import groupby
from typing import Any

import msgspec

from cagnotte.channels.api.catalogue import CATALOGUE
from cagnotte.channels.api.operations import OPERATIONS, Operation
from cagnotte.channels.api.problems import MEDIA_TYPE, Problem, example_problem

type Json = dict[str, Any]

API_VERSION = "1.0.0"  # of the interface, not of the program

_DESCRIPTION = (
    "A till asks what a sale would earn, commits it, and shows a member. Amounts are whole numbers in the "
    "smallest unit of the programme's currency, times are RFC 3339 with their offset, ids are opaque text."
)
_IDEMPOTENCY_KEY: Json = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "New for each act, the same for its repeats, such as a UUID. Answers are kept 30 days.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
}
_IF_MATCH: Json = {
    "name": "If-Match",
    "in": "header",
    "required": False,
    "description": "The ETag of the member that you looked at: done only while it is still theirs, else 412.",
    "schema": {"type": "string"},
    "example": '"42"',
}
_ETAG: Json = {
    "ETag": {
        "description": "The version of the member's books, for `If-Match`. It only ever grows.",
        "schema": {"type": "string"},
        "example": '"42"',
    }
}
_PARAMETERS: Json = {
    "Accept-Language": {
        "name": "Accept-Language",
        "in": "header",
        "required": False,
        "description": "Language of `customer_message` in a problem and `message` in a refusal: `en` or `fr`.",
        "schema": {"type": "string"},
        "example": "fr",
    },
}
_REPLAYED: Json = {
    "Idempotent-Replayed": {
        "description": "`true` when this answer was given before and nothing was written now.",
        "schema": {"const": "true", "type": "string"},
    }
}
_REF = "#/components/schemas/{name}"
_RETRY_AFTER: Json = {
    "Retry-After": {
        "description": "Seconds to wait before the same request is sent again.",
        "schema": {"type": "integer", "minimum": 1},
    }
}


def openapi_document() -> Json:
    types = _types()
    schemas, components = msgspec.json.schema_components(types, ref_template=_REF)
    schema_of = dict(zip(types, schemas, strict=True))
    return {
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {
            "title": "Cagnotte",
            "version": API_VERSION,
            "description": _DESCRIPTION,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "paths": _paths(schema_of),
        "components": {
            "schemas": {name: _described(components[name]) for name in sorted(components)},
            "parameters": _PARAMETERS,
            "securitySchemes": {
                "apiKey": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "An API key, `<prefix>.<secret>`, with the operation's scope.",
                }
            },
        },
    }


def _described(schema: Json) -> Json:
    """The schema with its docstring as it reads; Python 3.12 keeps the indentation of the source."""
    text = schema.get("description")
    return {**schema, "description": inspect.cleandoc(text)} if isinstance(text, str) else schema


def openapi_text() -> str:
    """The document as the file in docs/reference holds it."""
    return msgspec.json.format(msgspec.json.encode(openapi_document()), indent=2).decode() + "\n"


def _types() -> list[type]:
    found: dict[type, None] = {Problem: None}
    for operation in OPERATIONS:
        if operation.request is not None:
            found[operation.request] = None
        found[operation.answer] = None
        if operation.waiting is not None:
            found[type(operation.waiting[1])] = None
    return list(found)


def _paths(schema_of: dict[type, Json]) -> Json:
    paths: Json = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation, schema_of)
    return paths


def _operation(operation: Operation, schema_of: dict[type, Json]) -> Json:
    described: Json = {
        "operationId": operation.operation_id,
        "summary": operation.summary,
        "description": operation.description,
        "security": [{"apiKey": []}] if operation.scope else [],
        "parameters": _parameters(operation),
        "responses": _responses(operation, schema_of),
    }
    if operation.scope is not None:
        described["x-scope"] = operation.scope.value
    if operation.request is not None:
        described["requestBody"] = {
            "required": True,
            "content": {
                "application/json": {
                    "schema": schema_of[operation.request],
                    "example": msgspec.to_builtins(operation.request_example),
                }
            },
        }
    return described


def _parameters(operation: Operation) -> list[Json]:
    in_path = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "description": text,
            "schema": {"type": "string", "minLength": 1, "maxLength": 255},
            "example": operation.path_example[name],
        }
        for name, text in operation.path_ids.items()
    ]
    query = [
        {"name": name, "in": "query", "required": False, "description": text, "schema": dict(schema)}
        for name, (text, schema) in operation.query.items()
    ]
    key = [_IDEMPOTENCY_KEY | {"example": operation.key_example}] if operation.key_example else []
    if_match = [_IF_MATCH] if operation.takes_if_match else []
    return [*in_path, *query, *key, *if_match, {"$ref": "#/components/parameters/Accept-Language"}]


def _responses(operation: Operation, schema_of: dict[type, Json]) -> Json:
    """By status; one status may be an answer and a problem, told apart by the media type."""
    responses = _answers(operation, schema_of)
    codes = sorted(operation.problems, key=lambda code: (CATALOGUE[code].status, code))
    for status, group in groupby(codes, key=lambda code: CATALOGUE[code].status):
        described = _problem_answer(list(group), schema_of[Problem])
        if answer := responses.get(str(int(status))):
            answer["description"] += " Or: " + described["description"]
            answer["content"] |= described["content"]
        else:
            responses[str(int(status))] = described
    return responses


def _answers(operation: Operation, schema_of: dict[type, Json]) -> Json:
    example = msgspec.to_builtins(operation.answer_example)
    sent = (_REPLAYED if operation.key_example else {}) | (_ETAG if operation.gives_etag else {})
    headers = {"headers": sent} if sent else {}
    answers: Json = {
        str(status): {
            "description": text,
            **headers,
            "content": {"application/json": {"schema": schema_of[operation.answer], "example": example}},
        }
        for status, text in operation.statuses.items()
    }
    if operation.waiting is not None:
        text, waits = operation.waiting
        shown = {"schema": schema_of[type(waits)], "example": msgspec.to_builtins(waits)}
        answers["202"] = {"description": text, **headers, "content": {"application/json": shown}}
    return answers


def _problem_answer(codes: list[str], schema: Json) -> Json:
    examples = {
        code: {"summary": CATALOGUE[code].title, "value": msgspec.to_builtins(example_problem(code))}
        for code in codes
    }
    text = " or ".join(f"`{code}`" for code in codes)
    waits = any(CATALOGUE[code].retry_after_s for code in codes)
    headers = {"headers": _RETRY_AFTER} if waits else {}
    return {"description": text, **headers, "content": {MEDIA_TYPE: {"schema": schema, "examples": examples}}}
