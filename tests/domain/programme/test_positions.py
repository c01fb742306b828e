"""Where things stand in a programme's text."""

import tomllib
from collections.abc import Iterator

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cagnotte.domain.programme.positions import Path, Span, end_in_string, offset_in_string, spans_of
from domain.programme.invented_documents import TEXTS, documents


def _parsed(text: str) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        assume(False)
        raise


def _values(value: object, path: Path = ()) -> Iterator[tuple[Path, object]]:
    yield path, value
    if isinstance(value, dict):
        for key, below in value.items():
            yield from _values(below, (*path, key))
    if isinstance(value, list):
        for number, below in enumerate(value):
            yield from _values(below, (*path, number))


def _is_header(text: str, span: Span) -> bool:
    return (span.key_start, span.key_end) == (span.start, span.end) and text[span.start] == "["


@given(documents())
def test_every_value_that_is_no_table_has_a_place_that_reads_back_as_that_value(text: str) -> None:
    values = _parsed(text)

    spans = spans_of(text)

    for path, value in _values(values):
        if not isinstance(value, dict | list):
            span = spans[path]
            assert tomllib.loads(f"x = {text[span.start : span.end]}")["x"] == value


@given(documents())
def test_every_place_is_that_of_a_value_and_its_key_ends_with_the_last_name_of_the_path(text: str) -> None:
    known = dict(_values(_parsed(text)))

    for path, span in spans_of(text).items():
        assert path in known
        if isinstance(path[-1], str) and not _is_header(text, span):
            key: object = tomllib.loads(f"{text[span.key_start : span.key_end]} = 1")
            names = []
            while isinstance(key, dict):
                [(name, key)] = key.items()
                names.append(name)
            assert path[-len(names) :] == tuple(names)


@given(TEXTS, st.booleans())
def test_each_character_of_a_text_is_found_where_it_is_written(written: str, crlf: bool) -> None:
    document = f"key = {written} # after\n"
    document = document.replace("\n", "\r\n") if crlf else document
    value = _parsed(document)["key"]
    assert isinstance(value, str)
    span = spans_of(document)[("key",)]
    quotes = document[span.start] * 3

    for index, character in enumerate(value):
        piece = document[offset_in_string(document, span, index) : end_in_string(document, span, index + 1)]
        assert tomllib.loads(f"x = {quotes}_{piece}{quotes}")["x"] == f"_{character}"


@pytest.mark.parametrize(
    ("text", "path", "value"),
    [
        ("a = 1 # why\n", ("a",), "1"),
        ("a = 1", ("a",), "1"),
        ("[t]\r\na = 2026-01-01 10:00:00 # x\r\n", ("t", "a"), "2026-01-01 10:00:00"),
        ("[[t]]\n[[t]]\na.b = 'x'\n", ("t", 1, "a", "b"), "'x'"),
        ("[[t]]\n[[t.u]]\n[[t]]\n[[t.u]]\nz=3", ("t", 1, "u", 0, "z"), "3"),
        ("a = [1, [2, 30]]", ("a", 1, 1), "30"),
        ("a = {b = {c = 'd'}}", ("a", "b"), "{c = 'd'}"),
        ("a = [ # one\n  1, # two ]\n  2,\n]\n", ("a", 1), "2"),
        ("a = [{b = 1}, {b = 2}]", ("a", 1, "b"), "2"),
        ('a = """x""y"""""\nb = 4', ("a",), '"""x""y"""""'),
        ("[wallets.points] # note\n", ("wallets", "points"), "[wallets.points]"),
        ('"caf\\u00e9" = 5', ("café",), "5"),
    ],
)
def test_a_value_stands_where_a_reader_sees_it(text: str, path: Path, value: str) -> None:
    span = spans_of(text)[path]

    assert text[span.start : span.end] == value


@pytest.mark.parametrize(
    ("text", "index", "rest"),
    [
        ("a = 'abc'", 1, "bc'"),
        ('a = "\\"bc"', 1, 'bc"'),
        ('a = "\\u00e9b"', 1, 'b"'),
        ('a = "\\U0001F600b"', 1, 'b"'),
        ('a = """\nabc"""', 0, 'abc"""'),
        ('a = """\r\nx\r\nyz"""', 2, 'yz"""'),
        ("a = '''\r\nx\r\nyz'''", 3, "z'''"),
        ('a = """one \\\n     two"""', 4, 'two"""'),
        ("a = 'abc'", 3, "'"),
    ],
)
def test_a_place_inside_a_text_counts_what_the_text_says_not_how_it_is_written(
    text: str, index: int, rest: str
) -> None:
    offset = offset_in_string(text, spans_of(text)[("a",)], index)

    assert text[offset:] == rest
