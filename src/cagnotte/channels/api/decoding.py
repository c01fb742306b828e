"""From the bytes of a request to our structs; every fault becomes a problem that points at its place."""

import difflib
import re
from datetime import datetime

import falcon
import msgspec

from cagnotte.channels.api.problems import RequestRefused
from cagnotte.channels.api.wire import FIELDS, MAX_LINES, Id

MAX_BODY_BYTES = 1_000_000
MAX_KEY_LENGTH = 255
FIRST_YEAR, LAST_YEAR = 1900, 9990  # outside, a change of time zone may leave the calendar

_PLACE = re.compile(r"(?P<what>.*) - at `(?P<path>\$[^`]*)`", re.DOTALL)
_STEP = re.compile(r"\.(?P<name>\w+)|\[(?P<index>\d+)\]")
_UNKNOWN = re.compile(r"Object contains unknown field `(?P<field>.*)`", re.DOTALL)
_MISSING = re.compile(r"Object missing required field `(?P<field>.*)`")
_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_TAG = r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"'
_TAGS = re.compile(rf"[ \t]*{_TAG}(?:[ \t]*,[ \t]*{_TAG})*[ \t]*")
_VERSION = re.compile(r'(?<!W/)"(0|[1-9][0-9]{0,18})"')


def read_body[T](req: falcon.Request, decoder: msgspec.json.Decoder[T]) -> T:
    """Decode the body. Raises RequestRefused with what is wrong and where."""
    text = _text(_body(req))
    try:
        return decoder.decode(text)
    except msgspec.ValidationError as fault:
        raise refused_field(str(fault)) from fault
    except msgspec.DecodeError as fault:
        raise RequestRefused("invalid_json", reason=str(fault).replace("`", "")) from fault


def read_key(req: falcon.Request) -> str:
    """The Idempotency-Key. Raises RequestRefused when it is missing or cannot be used."""
    key = req.get_header("Idempotency-Key")
    if not key:
        raise RequestRefused("idempotency_key_missing")
    if not _KEY.fullmatch(key):
        raise RequestRefused("idempotency_key_invalid", length=len(key))
    return key


def read_if_match(req: falcon.Request) -> frozenset[int] | None:
    """The versions of a member's books that If-Match names (RFC 9110, section 13.1.1); None: any will do.

    A weak tag never matches, nor does one that we never gave. Raises RequestRefused when it is no list of tags.
    """
    said = req.get_header("If-Match")
    if said is None or said.strip() == "*":
        return None
    if not _TAGS.fullmatch(said):
        raise RequestRefused("if_match_invalid")
    return frozenset(int(found[1]) for found in _VERSION.finditer(said))


def read_id(value: str) -> str:
    """An id from the path. Raises RequestRefused."""
    # Bytes that are no UTF-8 arrive as U+FFFD, the same for different ids.
    if "\ufffd" in value:
        raise RequestRefused("invalid_id")
    try:
        checked: str = msgspec.convert(value, Id)
    except msgspec.ValidationError as fault:
        raise RequestRefused("invalid_id") from fault
    return checked


def check_year(at: datetime, pointer: str) -> None:
    """Raises RequestRefused for a time outside the years that we reckon with."""
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        reason = f"Expected a time between the years {FIRST_YEAR} and {LAST_YEAR}"
        raise RequestRefused("out_of_range", pointer=pointer, reason=reason)


def refused_field(message: str) -> RequestRefused:
    """The problem for a sentence of msgspec, such as "Expected `int`, got `str` - at `$.lines[0].quantity`"."""
    found = _PLACE.fullmatch(message)
    what, path = (found["what"], found["path"]) if found else (message, "$")
    pointer = _pointer(path)
    if unknown := _UNKNOWN.fullmatch(what):
        field = unknown["field"]
        return RequestRefused(
            "unknown_field", pointer=f"{pointer}/{_escape(field)}", field=field, advice=_advice(field)
        )
    if missing := _MISSING.fullmatch(what):
        return RequestRefused(
            "missing_field", pointer=f"{pointer}/{_escape(missing['field'])}", field=missing["field"]
        )
    if pointer == "/lines" and what.endswith(f"length <= {MAX_LINES}"):
        return RequestRefused("too_many_lines", pointer=pointer, limit=MAX_LINES)
    return RequestRefused(_code(what), pointer=pointer, reason=_reason(what))


def _body(req: falcon.Request) -> bytes:
    media_type = (req.content_type or "application/json").partition(";")[0].strip().lower()
    if media_type != "application/json" and not media_type.endswith("+json"):
        raise RequestRefused("unsupported_media_type")
    if req.content_length is None and req.get_header("Transfer-Encoding") and not _ends(req):
        raise RequestRefused("length_required")
    if (req.content_length or 0) > MAX_BODY_BYTES:
        raise RequestRefused("body_too_large", limit=MAX_BODY_BYTES)
    stream = req.stream if req.content_length is None and _ends(req) else req.bounded_stream
    body: bytes = stream.read(MAX_BODY_BYTES + 1)
    if len(body) > MAX_BODY_BYTES:
        raise RequestRefused("body_too_large", limit=MAX_BODY_BYTES)
    return body


def _ends(req: falcon.Request) -> bool:
    """Whether the server itself ends a body that comes without a length; else reading it could hang."""
    return bool(req.env.get("wsgi.input_terminated"))


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as fault:
        raise RequestRefused("invalid_utf8", byte=fault.start) from fault


def _pointer(path: str) -> str:
    """`$.lines[0].sku` as /lines/0/sku; the whole body is the empty pointer."""
    return "".join(f"/{step['name'] or step['index']}" for step in _STEP.finditer(path))


def _escape(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _advice(field: str) -> str:
    near = difflib.get_close_matches(field[:100], FIELDS, n=1)
    return f" Did you mean '{near[0]}'?" if near else ""


def _code(what: str) -> str:
    if "out of range" in what or " <= " in what or " >= " in what:
        return "out_of_range"
    return "wrong_type" if ", got " in what else "invalid_value"


def _reason(what: str) -> str:
    if "matching regex" in what:
        return "Expected text without control characters"
    return what.replace("`", "")
