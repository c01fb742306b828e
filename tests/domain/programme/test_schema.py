"""The JSON Schema that `cagnotte programme schema` prints says what reading accepts, key by key."""

import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from cagnotte.domain.programme import shapes
from cagnotte.domain.programme.faults import ProgrammeFaultCode as Code
from cagnotte.domain.programme.schema import programme_schema
from cagnotte.domain.programme.shapes import ByCode, ByName, Inner, InnerOrRows, InnerOrWord, Key, Rows, Shape
from cagnotte.domain.programme.tables_life import DOCUMENT
from cagnotte.domain.programme.tables_offers import KINDS
from domain.programme.complete_document import COMPLETE
from domain.programme.test_programme_page import EXAMPLES, completed
from domain.programme.test_table_faults import FAULTY
from domain.programmes import DOCUMENTS, HEAD, faults_of

DEMO = Path(__file__).parents[3].joinpath("src/cagnotte/host/demo/programme.toml").read_text(encoding="utf-8")
VALIDATOR = Draft202012Validator(programme_schema())

SEEN = {
    Code.MUST_NOT_BE_NEGATIVE,
    Code.ONE_OF_TWO,
    Code.ONE_NEEDED,
    Code.UNKNOWN_CHOICE,
    Code.BAD_COUNTRY,
    Code.BAD_LANGUAGE,
    Code.BAD_WORTH,
    Code.BAD_MOMENT,
    Code.BAD_NAME,
}
"""Faults that an editor with the schema tells too; the others take the rule language or the whole document."""


def plain(value: Any) -> Any:
    """The document as an editor sees it: dates are texts."""
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [plain(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value


def errors(text: str) -> list[str]:
    return [error.message for error in VALIDATOR.iter_errors(plain(tomllib.loads(text)))]


def keys(shape: Shape, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Shape, Key]]:
    """Every key of the document with the way to it; "*" stands for a code or a row, "?" for one of a list."""
    for key in shape.keys:
        here = (*path, key.name)
        yield here, shape, key
        match key.kind:
            case Inner(inner) | InnerOrWord(inner) | InnerOrRows(inner):
                yield from keys(inner, here)
            case ByCode(inner):
                yield from keys(inner, (*here, "*"))
            case Rows(inner):
                yield from keys(inner, (*here, "?"))


ALL = list(keys(DOCUMENT))
READ = [path for path, _, _ in ALL if path[:3] != ("offers", "?", "effects") or len(path) == 3]  # as in `effect`


def with_value(path: tuple[str, ...], value: Any) -> Any:
    """The smallest table in which that value stands at that path."""
    if not path:
        return value
    inner = with_value(path[1:], value)
    return [inner] if path[0] == "?" else {"x1" if path[0] == "*" else path[0]: inner}


def written(value: Any) -> str:
    """A value as inline TOML."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {written(each)}" for key, each in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    return str(value)


def is_told(document: dict[str, Any], path: tuple[str, ...]) -> bool:
    wallets = "" if "wallets" in document else "[wallets.points]\n"
    text = "\n".join(f"{name} = {written(value)}" for name, value in document.items())
    place = [{"*": "x1", "?": "0"}.get(part, part) for part in path]
    told = [fault for fault in faults_of(f"{text}\n{wallets}") if fault.code != Code.UNKNOWN_NAME]
    return any([str(part) for part in fault.path[: len(place)]] == place for fault in told)


def beside(path: tuple[str, ...]) -> list[dict[str, str]]:
    """What stands beside a key in one of the tables that say by a word or another key what they are."""
    if path[:3] == ("offers", "?", "effect") and len(path) > 3:
        return [{"kind": f'"{kind}"'} for kind in KINDS]
    return [{"points": "1", "per": "1"} if path == ("earn", "?", "of") else {}]


@pytest.mark.parametrize("path", READ, ids=".".join)
def test_every_key_of_the_schema_is_read_and_no_key_takes_any_value(path: tuple[str, ...]) -> None:
    """1.5 is right nowhere: a key that reading passed over would not be told."""
    documents = []
    for more in beside(path):
        document = with_value(path, 1.5)
        table = document[path[0]][0] if more else {}
        table = table["effect"] if "kind" in more else table
        table.update({name: value for name, value in more.items() if name not in table})
        documents.append(document)

    assert any(is_told(document, path) for document in documents)


def test_the_schema_has_the_keys_of_every_shape_and_no_other() -> None:
    properties = programme_schema()["properties"]

    assert list(properties) == [key.name for key in DOCUMENT.keys]
    assert list(properties["earn"]["items"]["properties"]) == [
        path[-1] for path, _, _ in ALL if path[:2] == ("earn", "?") and len(path) == 3
    ]
    assert next(iter(properties["wallets"]["patternProperties"].values()))["additionalProperties"] is False


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(programme_schema())


@pytest.mark.parametrize("text", [*DOCUMENTS, COMPLETE, DEMO, *map(completed, EXAMPLES)])
def test_programmes_agree_with_the_schema(text: str) -> None:
    assert errors(text) == []


@pytest.mark.parametrize(("right", "wrong", "code", "marked"), FAULTY)
def test_the_schema_refuses_what_it_can_see_and_accepts_the_rest(
    right: str, wrong: str, code: str | None, marked: str
) -> None:
    found = errors(COMPLETE.replace(right, wrong, 1))

    if code is None or code in SEEN:
        assert (found == []) is (code is None)


def test_the_schema_says_what_each_key_means() -> None:
    undescribed = [path for path, _, key in ALL if not key.says and not isinstance(key.kind, (
        shapes.Code, shapes.Named, Inner, Rows, ByCode, ByName))]  # fmt: skip

    assert undescribed == []


def test_a_head_without_a_currency_is_refused() -> None:
    assert errors(HEAD.replace('currency = "EUR"\n', "") + "[wallets.points]\n") == [
        "'currency' is a required property"
    ]
