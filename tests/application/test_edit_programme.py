"""One thing of a programme's text is changed; every comment and every other byte stays."""

from __future__ import annotations

import tomllib
from itertools import takewhile
from typing import Any

import pytest
from hypothesis import assume, given, reject
from hypothesis import strategies as st

from cagnotte.application.edit_programme import NoSuchPlace, add_table, remove_field, remove_table, set_field
from cagnotte.domain.programme.positions import spans_of
from domain.programme.invented_documents import documents

TEXT = """\
# Our programme. Ask Anne before you touch it.
[programme]
code = "maison"   # never changes
name = { fr = "La Maison", en = "The House" }

[wallets.points]
expiry = { after = "12 months" }  # decided in May

# One point per euro.
[[earn]]
code = "base"
points = "eligible.paid / 100"   # whole steps

# Tuesdays count twice:
# the shops asked for it.
[[earn]]
code = "tuesday"
when = 'weekday == 2'
points = 5
[earn.cap]
per = "member" # each

# --- tiers ---

[[tiers]]
code = "gold"
"""


def test_a_value_is_replaced_and_nothing_else():
    assert set_field(TEXT, ("earn", "base", "points"), "eligible.paid / 50") == TEXT.replace("/ 100", "/ 50")
    assert set_field(TEXT, ("programme", "name", "en"), "Home") == TEXT.replace("The House", "Home")
    assert set_field(TEXT, ("earn", "tuesday", "cap", "per"), "household") == TEXT.replace(
        '"member"', '"household"'
    )
    assert set_field(TEXT, ("wallets", "points", "expiry", "after"), "6 months") == TEXT.replace("12 m", "6 m")


def test_a_rule_with_quotes_in_it_stays_readable():
    changed = set_field(TEXT, ("earn", "base", "points"), 'tier == "gold" ? 2 : 1')

    assert changed == TEXT.replace('"eligible.paid / 100"', "'tier == \"gold\" ? 2 : 1'")


def test_a_new_field_stands_after_the_last_one_of_its_table():
    assert set_field(TEXT, ("earn", "base", "when"), "hour < 9") == TEXT.replace(
        "   # whole steps\n", '   # whole steps\nwhen = "hour < 9"\n'
    )
    assert set_field(TEXT, ("earn", "tuesday", "wallet"), "points") == TEXT.replace(
        "points = 5\n", 'points = 5\nwallet = "points"\n'
    )
    assert set_field(TEXT, ("wallets", "points", "expiry", "rounded_to"), "month") == TEXT.replace(
        '"12 months" }', '"12 months", rounded_to = "month" }'
    )


def test_a_missing_table_on_the_way_is_made():
    assert set_field(TEXT, ("tiers", "gold", "reach", "spend"), 500).endswith(
        'code = "gold"\nreach = { spend = 500 }\n'
    )


def test_a_field_is_taken_away_with_the_comment_on_its_line():
    assert remove_field(TEXT, ("earn", "tuesday", "when")) == TEXT.replace("when = 'weekday == 2'\n", "")
    assert remove_field(TEXT, ("programme", "name", "fr")) == TEXT.replace('fr = "La Maison", ', "")
    assert remove_field(TEXT, ("programme", "name", "en")) == TEXT.replace(', en = "The House"', "")
    assert remove_field(TEXT, ("earn", "base", "when")) == TEXT


def test_a_table_is_added_after_the_last_of_its_name():
    added = add_table(TEXT, "earn", {"code": "visit", "points": 1, "cap": {"every": "day", "times": 1}})

    assert added == TEXT.replace(
        "# each\n",
        '# each\n\n[[earn]]\ncode = "visit"\npoints = 1\ncap = { every = "day", times = 1 }\n',
    )


def test_the_first_table_of_a_name_stands_at_the_end():
    assert add_table(TEXT, "offers", {"code": "ten"}) == TEXT + '\n[[offers]]\ncode = "ten"\n'
    assert add_table(TEXT, "wallets", {}, code="stars") == TEXT.replace("in May\n", "in May\n\n[wallets.stars]\n")
    assert add_table("", "offers", {"code": "ten"}) == '[[offers]]\ncode = "ten"\n'


def test_a_table_goes_with_the_comment_above_it_and_leaves_all_others():
    removed = remove_table(TEXT, ("earn", "tuesday"))

    start, end = TEXT.index("# Tuesdays"), TEXT.index("# --- tiers")
    assert removed == TEXT[:start] + TEXT[end:]
    assert remove_table(TEXT, ("tiers", "gold")) == TEXT[: TEXT.index("[[tiers]]")]


def test_line_ends_stay_as_they_are():
    text = TEXT.replace("\n", "\r\n")

    assert set_field(text, ("earn", "base", "when"), "true") == text.replace(
        "# whole steps\r\n", '# whole steps\r\nwhen = "true"\r\n'
    )
    assert add_table(text, "tiers", {"code": "x"}) == text + '\r\n[[tiers]]\r\ncode = "x"\r\n'


@pytest.mark.parametrize(
    "path",
    [
        ("earn", "nobody", "points"),
        ("earn", 7, "points"),
        ("programme", "code", "deeper"),
        ("earn", "tuesday", "cap"),
    ],
)
def test_a_place_that_is_not_there_is_refused(path: tuple[str | int, ...]):
    with pytest.raises(NoSuchPlace):
        set_field(TEXT, path, 1)


def test_a_thing_without_a_heading_cannot_be_taken_out():
    with pytest.raises(NoSuchPlace):
        remove_table(TEXT, ("earn", "nobody"))


VALUES = st.one_of(st.text(max_size=12), st.integers(-(2**40), 2**40), st.booleans())


@given(text=documents(), value=VALUES, data=st.data())
def test_a_changed_field_leaves_every_other_byte(text: str, value: Any, data: st.DataObject):
    path = data.draw(st.sampled_from(_fields(text)))

    changed = set_field(text, path, value)

    span = spans_of(text)[path]
    assert changed.startswith(text[: span.start])
    assert changed.endswith(text[span.end :])
    assert tomllib.loads(changed) == _with(text, path, value)


@given(text=documents(), value=VALUES, data=st.data())
def test_a_new_field_adds_bytes_in_one_place_and_changes_none(text: str, value: Any, data: st.DataObject):
    path = (*data.draw(st.sampled_from(_tables(text))), "new-field")

    try:
        changed = set_field(text, path, value)
    except NoSuchPlace:  # a table that only dotted keys or other headings make
        reject()

    assert _common_prefix(text, changed) + _common_suffix(text, changed) >= len(text)
    assert _at(tomllib.loads(changed), path) == value


def _parsed(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        reject()


def _walk(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[tuple[str | int, ...], Any]]:
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else []
    return [(path, value), *(found for key, each in below for found in _walk(each, (*path, key)))]


def _fields(text: str) -> list[tuple[str | int, ...]]:
    """Paths of plain values that stand in tables."""
    found = [
        path
        for path, value in _walk(_parsed(text))
        if path and isinstance(path[-1], str) and not isinstance(value, (dict, list))
    ]
    assume(found)
    return found


def _tables(text: str) -> list[tuple[str | int, ...]]:
    return [path for path, value in _walk(_parsed(text)) if isinstance(value, dict)]


def _at(document: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        document = document[step]
    return document


def _with(text: str, path: tuple[str | int, ...], value: Any) -> dict[str, Any]:
    document = tomllib.loads(text)
    _at(document, path[:-1])[path[-1]] = value
    return document


def _common_prefix(one: str, other: str) -> int:
    same = takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    return sum(1 for _ in same)


def _common_suffix(one: str, other: str) -> int:
    return _common_prefix(one[::-1], other[::-1])
