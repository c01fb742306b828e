"""The OpenAPI file and the pages: generated from the structs, with examples that are true."""

from __future__ import annotations

import html
import json
import re
import shlex
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest

from api.shop import Caller
from cagnotte.channels.api.catalogue import CATALOGUE
from cagnotte.channels.api.openapi import openapi_document, openapi_text
from cagnotte.channels.api.operations import OPERATIONS, Operation
from cagnotte.channels.api.problems import Problem
from cagnotte.domain.kernel import MemberId
from cagnotte.storage.api_keys import Scope
from cagnotte.storage.members import Member, add_members

FILE = Path(__file__).parents[2] / "docs" / "reference" / "openapi.json"
COMMAND = re.compile(r"<pre tabindex='0'><code>(curl .*?)</code></pre>", re.DOTALL)


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(msgspec.json.encode(openapi_document()))
    return found


def operation_in(document: dict[str, Any], operation: Operation) -> dict[str, Any]:
    found: dict[str, Any] = document["paths"][operation.path][operation.method.lower()]
    return found


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        yield from (value for name, value in node.items() if name == "$ref")
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def test_the_file_in_the_repository_is_what_the_structs_say() -> None:
    assert FILE.read_text(encoding="utf-8") == openapi_text()


def test_the_server_serves_the_same_document_without_key(app: Any) -> None:
    served = Caller(app, None).call("GET", "/v1/openapi.json")

    assert (served.status_code, served.json["openapi"]) == (200, "3.1.0")
    assert served.json == json.loads(FILE.read_text(encoding="utf-8"))


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    for reference in references(document):
        node: Any = document
        for step in reference.removeprefix("#/").split("/"):
            node = node[step]
        assert node


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.operation_id)
def test_examples_are_values_of_their_structs(document: dict[str, Any], operation: Operation) -> None:
    described = operation_in(document, operation)

    if operation.request is not None:
        example = described["requestBody"]["content"]["application/json"]["example"]
        assert msgspec.convert(example, operation.request) == operation.request_example
    for status in operation.statuses:
        example = described["responses"][str(status)]["content"]["application/json"]["example"]
        assert msgspec.convert(example, operation.answer) == operation.answer_example
    if operation.waiting is not None:
        example = described["responses"]["202"]["content"]["application/json"]["example"]
        assert msgspec.convert(example, type(operation.waiting[1])) == operation.waiting[1]


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.operation_id)
def test_every_operation_lists_its_problems_with_an_example(
    document: dict[str, Any], operation: Operation
) -> None:
    listed: set[str] = set()
    for status, answer in operation_in(document, operation)["responses"].items():
        content = answer["content"].get("application/problem+json", {"examples": {}})
        for code, example in content["examples"].items():
            listed.add(code)
            assert msgspec.convert(example["value"], Problem).code == code
            assert str(int(CATALOGUE[code].status)) == status

    assert listed == set(operation.problems)


def test_every_problem_of_the_catalogue_can_happen_somewhere() -> None:
    listed = {code for operation in OPERATIONS for code in operation.problems}

    assert CATALOGUE.keys() - listed == {"route_not_found", "method_not_allowed"}


def test_an_operation_that_needs_a_key_says_its_scope(document: dict[str, Any]) -> None:
    for operation in OPERATIONS:
        described = operation_in(document, operation)
        assert described["security"] == ([{"apiKey": []}] if operation.scope else [])
        assert described.get("x-scope") == operation.scope


def test_the_page_needs_no_script_and_nothing_from_elsewhere(app: Any) -> None:
    page = Caller(app, None).call("GET", "/v1/docs")

    policy = page.headers["content-security-policy"]
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "<script" not in page.text
    assert not re.findall(r"""(?:src|href)=['"]https?:""", page.text)


def test_the_page_shows_every_operation_schema_and_problem(app: Any, document: dict[str, Any]) -> None:
    page = Caller(app, None).call("GET", "/v1/docs").text

    anchors = {f"id='{each.operation_id}'" for each in OPERATIONS}
    anchors |= {f"id='schema-{name}'" for name in document["components"]["schemas"]}
    anchors |= {f"/v1/problems/{code}" for code in CATALOGUE}
    assert {anchor for anchor in anchors if anchor not in page} == set()
    assert set(re.findall(r"href='#([^']+)'", page)) <= set(re.findall(r"id='([^']+)'", page))


def test_a_hostile_host_name_is_shown_as_text(app: Any) -> None:
    page = Caller(app, None).call("GET", "/v1/docs", Host="<b>x</b>").text

    assert "<b>x" not in page


def test_the_curl_commands_of_the_page_run(app: Any, shop: psycopg.Connection, full_key: str) -> None:
    add_members(shop, [Member(MemberId(number), str(number), date(2026, 1, 1)) for number in (1, 2)])
    page = Caller(app, None).call("GET", "/v1/docs").text
    commands = [html.unescape(found) for found in COMMAND.findall(page)]

    answers = [run(app, command.replace("$API_KEY", full_key)) for command in commands]

    assert len(answers) == len(OPERATIONS)
    for operation, answer in zip(OPERATIONS, answers, strict=True):
        if "{hold}" in operation.path:  # the hold of the example is nobody's
            assert (answer.status_code, answer.json["code"]) == (404, "unknown_hold")
        elif "{request}" in operation.path:  # nobody asked for it, and the key is nobody's
            code = "unknown_request" if operation.scope is Scope.POINTS_ADJUST else "person_needed"
            assert answer.json["code"] == code
        else:
            assert answer.status_code in operation.statuses, answer.text


def run(app: Any, command: str) -> Any:
    """Do what curl would do with these arguments."""
    words = shlex.split(command.replace("\\\n", " "))
    assert words[:3] == ["curl", "-sS", "-X"]
    headers: dict[str, str] = {}
    body = None
    options = iter(words[5:])
    for option in options:
        match option, next(options):
            case "-H", header:
                name, _, value = header.partition(": ")
                headers[name] = value
            case "-d", text:
                body = text.encode()
    path = words[4].partition("://")[2].partition("/")[2]
    return Caller(app, None).call(words[3], f"/{path}", body, **headers)


def test_the_manual_names_every_problem_under_its_status() -> None:
    manual = (FILE.parent / "api.md").read_text(encoding="utf-8")
    table = {
        code: row.split("|")[1]
        for row in manual.partition("| status | codes |")[2].splitlines()
        for code in re.findall(r"`([a-z0-9_]+)`", row)
        if code in CATALOGUE
    }

    assert table.keys() == CATALOGUE.keys()
    for code, statuses in table.items():
        assert str(int(CATALOGUE[code].status)) in statuses, code
