"""The pages that explain the API to people: plain HTML made from the OpenAPI document, without script."""

import base64
import hashlib
import shlex
from html import escape
from typing import Any

import msgspec

from cagnotte.channels.api.catalogue import CATALOGUE, Kind
from cagnotte.channels.api.problems import MEDIA_TYPE

type Json = dict[str, Any]

_STYLE = """
:root { color-scheme: light dark; --ink: #1d2330; --soft: #5a6273; --paper: #fdfdfb; --line: #d9dce3;
  --code: #f1f2ee; --link: #0b5a8a; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e8ee; --soft: #a3abbc; --paper: #14171d;
  --line: #333a47; --code: #1e232c; --link: #7cc4f0; } }
body { margin: 0 auto; max-width: 60rem; padding: 2rem 1rem 4rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.55 system-ui, sans-serif; }
a { color: var(--link); } h1, h2, h3 { line-height: 1.2; } h2 { margin-top: 3rem; padding-top: 1.5rem;
  border-top: 1px solid var(--line); } .soft { color: var(--soft); }
code, pre { font: .9em/1.5 ui-monospace, monospace; background: var(--code); border-radius: 4px; }
code { padding: .1em .3em; overflow-wrap: anywhere; } pre { padding: .8rem 1rem; overflow-x: auto; }
pre code { padding: 0; overflow-wrap: normal; }
.table { overflow-x: auto; } table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .4rem .6rem; border-bottom: 1px solid var(--line); }
"""
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
CONTENT_SECURITY_POLICY = (
    f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)


def api_page(document: Json, base_url: str) -> str:
    """All operations with a curl command each; `base_url` is where the reader reached us."""
    operations = [
        (method.upper(), path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    return _page(
        "Cagnotte API",
        f"<p>{escape(document['info']['description'])} Machine-readable: "
        '<a href="/v1/openapi.json">/v1/openapi.json</a>.</p>'
        "<p>The commands below read the key from the environment: "
        "<code>export API_KEY=&lt;prefix&gt;.&lt;secret&gt;</code></p>",
        _contents(operations),
        *(_operation(document, base_url, *each) for each in operations),
        "<h2 id='schemas'>Schemas</h2>",
        *(_schema(name, schema) for name, schema in document["components"]["schemas"].items()),
        "<h2 id='problems'>Problems</h2>",
        _problem_table(list(CATALOGUE)),
    )


def problem_page(code: str) -> str:
    """One entry of the catalogue. Raises KeyError for a code that is not in it."""
    kind: Kind = CATALOGUE[code]
    again = "The same request may succeed later." if kind.retryable else "Change the request before you repeat it."
    return _page(
        kind.title,
        f"<p>Code <code>{escape(code)}</code>, status {int(kind.status)}. {again}</p>",
        f"<h2>For the developer</h2><p>{escape(kind.detail)}</p>",
        "<h2>For the customer</h2>"
        f"<p lang='en'>{escape(kind.customer.en)}</p><p lang='fr'>{escape(kind.customer.fr)}</p>",
        "<p><a href='/v1/docs#problems'>All problems</a></p>",
    )


def curl_command(document: Json, base_url: str, method: str, path: str) -> str:
    """A command that runs as it stands, with the document's own examples."""
    operation = document["paths"][path][method.lower()]
    url = base_url + path
    headers = ['-H "Authorization: Bearer $API_KEY"'] if operation["security"] else []
    for parameter in _parameters(document, operation):
        if parameter["in"] == "path":
            url = url.replace(f"{{{parameter['name']}}}", parameter["example"])
        elif parameter["required"]:
            headers.append(f"-H {shlex.quote(parameter['name'] + ': ' + parameter['example'])}")
    if body := operation.get("requestBody"):
        example = body["content"]["application/json"]["example"]
        headers.append("-H 'Content-Type: application/json'")
        headers.append(f"-d {shlex.quote(_json(example))}")
    return " \\\n  ".join([f"curl -sS -X {method} {shlex.quote(url)}", *headers])


def _page(title: str, *parts: str) -> str:
    return (
        "<!doctype html><html lang='en'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>"
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>"
        f"<body><main><h1>{escape(title)}</h1>{''.join(parts)}</main></body></html>"
    )


def _contents(operations: list[tuple[str, str, Json]]) -> str:
    rows = "".join(
        f"<li><a href='#{escape(operation['operationId'])}'>{escape(operation['summary'])}</a> "
        f"<span class='soft'><code>{method} {escape(path)}</code></span></li>"
        for method, path, operation in operations
    )
    return f"<nav aria-label='Operations'><ul>{rows}</ul></nav>"


def _operation(document: Json, base_url: str, method: str, path: str, operation: Json) -> str:
    scope = f"<p>Scope <code>{escape(operation['x-scope'])}</code>.</p>" if "x-scope" in operation else ""
    command = curl_command(document, base_url, method, path)
    answers, codes = _answers_and_codes(operation)
    return (
        f"<section><h2 id='{escape(operation['operationId'])}'>{escape(operation['summary'])}</h2>"
        f"<p><code>{method} {escape(path)}</code></p><p>{_prose(operation['description'])}</p>{scope}"
        f"<h3>Try it</h3><pre tabindex='0'><code>{escape(command)}</code></pre>"
        f"{_parameter_table(document, operation)}{_body_link(operation)}<h3>Answers</h3>{answers}"
        f"<h3>Problems</h3>{_problem_table(codes)}</section>"
    )


def _answers_and_codes(operation: Json) -> tuple[str, list[str]]:
    """The HTML of the successes, and the codes of the problems."""
    html, codes, shown = "", [], None
    for status, answer in operation["responses"].items():
        codes += answer["content"].get(MEDIA_TYPE, {"examples": {}})["examples"]
        content = answer["content"].get("application/json")
        if content is None:
            continue
        html += f"<p>{status}: {_prose(answer['description'])} Schema {_schema_link(content['schema'])}.</p>"
        shown = content["example"]
    return f"{html}<pre tabindex='0'><code>{escape(_json(shown))}</code></pre>", codes


def _json(value: object) -> str:
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode()


def _parameters(document: Json, operation: Json) -> list[Json]:
    shared = document["components"]["parameters"]
    return [
        shared[each["$ref"].rpartition("/")[2]] if "$ref" in each else each for each in operation["parameters"]
    ]


def _parameter_table(document: Json, operation: Json) -> str:
    rows = "".join(
        f"<tr><td><code>{escape(each['name'])}</code></td><td>{each['in']}</td>"
        f"<td>{_need(each['required'])}</td><td>{_prose(each['description'])}</td></tr>"
        for each in _parameters(document, operation)
    )
    head = "<tr><th>Name</th><th>In</th><th>Presence</th><th>Meaning</th></tr>"
    return f"<h3>Parameters</h3><div class='table'><table>{head}{rows}</table></div>"


def _body_link(operation: Json) -> str:
    if "requestBody" not in operation:
        return ""
    return f"<p>Body: {_schema_link(operation['requestBody']['content']['application/json']['schema'])}.</p>"


def _schema(name: str, schema: Json) -> str:
    required = set(schema.get("required", ()))
    rows = "".join(
        f"<tr><td><code>{escape(field)}</code></td><td>{_kind(of)}</td><td>{_need(field in required)}</td>"
        f"<td>{_prose(of.get('description', ''))}</td></tr>"
        for field, of in schema.get("properties", {}).items()
    )
    head = "<tr><th>Field</th><th>Type</th><th>Presence</th><th>Meaning</th></tr>"
    return (
        f"<h3 id='schema-{escape(name)}'>{escape(name)}</h3><p>{_prose(schema.get('description', ''))}</p>"
        f"<div class='table'><table>{head}{rows}</table></div>"
    )


def _need(is_required: bool) -> str:
    return "required" if is_required else "optional"


def _kind(schema: Json) -> str:
    """A type in a few words."""
    if "$ref" in schema:
        return _schema_link(schema)
    if "anyOf" in schema:
        return " or ".join(_kind(each) for each in schema["anyOf"])
    if "enum" in schema:
        return " or ".join(f"<code>{escape(str(each))}</code>" for each in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_kind(schema['items'])}" if schema.get("items") else "list"
    return escape(str(schema.get("format") or schema.get("type", "any")))


def _schema_link(schema: Json) -> str:
    name = escape(schema["$ref"].rpartition("/")[2])
    return f"<a href='#schema-{name}'>{name}</a>"


def _problem_table(codes: list[str]) -> str:
    rows = "".join(
        f"<tr><td>{int(CATALOGUE[code].status)}</td>"
        f"<td><a href='/v1/problems/{code}'><code>{code}</code></a></td>"
        f"<td>{escape(CATALOGUE[code].title)}</td><td>{'yes' if CATALOGUE[code].retryable else 'no'}</td></tr>"
        for code in codes
    )
    head = "<tr><th>Status</th><th>Code</th><th>Meaning</th><th>Retry</th></tr>"
    return f"<div class='table'><table>{head}{rows}</table></div>"


def _prose(text: str) -> str:
    """Escaped text whose `quoted` words are code."""
    return "".join(
        f"<code>{escape(part)}</code>" if number % 2 else escape(part)
        for number, part in enumerate(text.split("`"))
    )
