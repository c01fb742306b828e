"""How a good answer leaves the API."""

from typing import Protocol

import falcon
import msgspec


class Recorded(Protocol):
    """What an act that is done once gives: the bytes of its first answer, also when it is repeated."""

    @property
    def body(self) -> bytes: ...
    @property
    def status(self) -> int: ...
    @property
    def replayed(self) -> bool: ...


class Reply(msgspec.Struct, frozen=True):
    """Bytes that were made of what is recorded."""

    body: bytes
    status: int
    replayed: bool


def entity_tag(version: int) -> str:
    """The ETag of a member: the version of their books, which is what a conditional act is compared with."""
    return f'"{version}"'


def reply(resp: falcon.Response, answer: msgspec.Struct) -> None:
    _send(resp, 200, msgspec.json.encode(answer))


def reply_recorded(resp: falcon.Response, recorded: Recorded) -> None:
    if recorded.replayed:
        resp.set_header("Idempotent-Replayed", "true")
    _send(resp, recorded.status, recorded.body)


def _send(resp: falcon.Response, status: int, body: bytes) -> None:
    resp.status = status
    resp.content_type = "application/json"
    resp.data = body
