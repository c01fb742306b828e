"""What two documents differ in: meaning, not writing."""

from __future__ import annotations

import random
import tomllib
from datetime import date
from typing import Any

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from cagnotte.domain.programme.changes import Added, Changed, Listed, Moved, Removed, Renamed, Said, Subject
from cagnotte.domain.programme.diff import NotToml, diff_documents, diff_texts
from domain.programme.invented_documents import documents

BASE = """
[programme]
code = "maison"
name = { fr = "La Maison", en = "The House" }
currency = "EUR"

[wallets.points]
expiry = { after = "12 months" }

[wallets.stars]

[[earn]]
code = "base"
points = "eligible.paid / 100"

[[earn]]
code = "tuesday"
when = "weekday == 2"
points = 5

[[tiers]]
code = "silver"
reach = { spend = 20000, within = "12 months" }

[[tiers]]
code = "gold"
reach = { spend = 50000, within = "12 months" }
"""
REORDERED = """# The same, written by somebody else.
[[tiers]]
reach = { within = "12 month", spend = 20_000 }   # 200 EUR
code = 'silver'

[[tiers]]
code = "gold"
[tiers.reach]
spend = 50000
within = "12 months"

[[earn]]
code = "tuesday"
on = "purchase"
points = "5"
when = "weekday==2"

[[earn]]
points = '''eligible.paid
  / 100'''
wallet = "points"
code = "base"

[wallets]
points = { expiry = { after = "12 months" } }
stars = {}

[programme]
name.en = "The House"
name.fr = "La Maison"
currency = "EUR"
code = "maison"
"""


def changes(old: str, new: str) -> tuple[object, ...]:
    return diff_texts(old, new).changes


def test_another_way_of_writing_the_same_is_no_difference():
    diff = diff_texts(BASE, REORDERED)

    assert diff.changes == ()
    assert diff.same


def test_a_changed_field_is_named_with_both_values():
    diff = diff_texts(BASE, BASE.replace("spend = 20000", "spend = 25000"))

    assert diff.changes == (Changed(Subject("tiers", "silver"), ("reach", "spend"), 20000, 25000),)
    assert (diff.currency_old, diff.currency_new) == ("EUR", "EUR")


def test_a_field_that_came_or_went_has_no_value_on_one_side():
    capped = BASE.replace("points = 5", 'points = 5\ncap = { every = "day", points = 20 }')

    assert changes(BASE, capped) == (
        Changed(Subject("earn", "tuesday"), ("cap", "every"), "ever", "day"),
        Changed(Subject("earn", "tuesday"), ("cap", "points"), None, 20),
    )
    assert changes(capped, BASE)[0] == Changed(Subject("earn", "tuesday"), ("cap", "every"), "day", "ever")


def test_a_default_written_out_is_no_difference_and_stands_for_what_is_not_written():
    capped = BASE.replace("points = 5", "points = 5\ncap = { points = 20 }")
    settings = '[earning]\nprice = "paid"\nmultiply = { combine = "add" }\n'

    assert changes(capped, capped.replace("points = 20", 'points = 20, per = "member", every = "ever"')) == ()
    assert changes(BASE, BASE + settings) == ()
    assert changes(BASE, BASE + settings.replace('"paid"', '"list"')) == (
        Changed(Subject("earning"), ("price",), "paid", "list"),
    )


def test_things_are_added_and_removed_with_what_they_say():
    more = BASE + '\n[[earn]]\ncode = "visit"\nname = "Visit"\npoints = 1\ncap = { every = "day" }\n'
    visit = Subject("earn", "visit", "Visit")
    said = (Said(("points",), 1), Said(("cap", "every"), "day"))

    assert changes(BASE, more) == (Added(visit, said),)
    assert changes(more, BASE) == (Removed(visit, said),)


def test_a_new_code_for_the_same_thing_is_a_new_name_and_not_two_changes():
    assert changes(BASE, BASE.replace('"tuesday"', '"second-day"')) == (
        Renamed(Subject("earn", "second-day"), "tuesday"),
    )


def test_lists_of_plain_values_say_what_came_and_what_went():
    old = BASE.replace("points = 5", 'points = 5\nstores = ["10", "20", "30"]')
    new = BASE.replace("points = 5", 'points = 5\nstores = ["40", "30", "10"]')

    assert changes(old, new) == (Listed(Subject("earn", "tuesday"), ("stores",), ("40",), ("20",)),)
    assert changes(old, old.replace('"10", "20"', '"20", "10"')) == ()


def test_rows_without_codes_are_compared_where_they_differ():
    old = BASE.replace("points = 5", "points = 5\nbands = [{ from = 0, rate = 1 }, { from = 100, rate = 2 }]")
    new = old.replace("{ from = 100", "{ from = 50, rate = 3 }, { from = 100")

    assert changes(old, new) == (
        Changed(Subject("earn", "tuesday"), ("bands", "2", "from"), None, 50),
        Changed(Subject("earn", "tuesday"), ("bands", "2", "rate"), None, 3),
    )


def test_order_counts_only_where_it_means_something():
    first = BASE.replace("\n[wallets.stars]\n", "").replace(
        "[wallets.points]", "[wallets.stars]\n[wallets.points]"
    )

    assert changes(BASE, first) == (
        Changed(Subject("earn", "base"), ("wallet",), "points", "stars"),
        Changed(Subject("earn", "tuesday"), ("wallet",), "points", "stars"),
        Moved(Subject("wallets", "stars"), 2, 1),
    )


def test_one_name_for_all_languages_becomes_a_name_in_one_of_them():
    old = BASE.replace('name = { fr = "La Maison", en = "The House" }', 'name = "La Maison"')

    assert changes(old, BASE) == (Changed(Subject("programme"), ("name", "en"), "La Maison", "The House"),)
    assert changes(old, BASE.replace("The House", "La Maison")) == ()


def test_words_for_readers_differ_by_a_space():
    assert len(changes(BASE, BASE.replace("The House", "The  House"))) == 1


def test_true_is_not_one_and_days_are_values_of_their_own():
    old, new = "until = 2026-12-01\nonce = true\n[x]", "until = 2026-12-24\nonce = 1\n[x]"

    assert changes(old, new) == (
        Changed(Subject("until"), (), date(2026, 12, 1), date(2026, 12, 24)),
        Changed(Subject("once"), (), True, 1),
    )


def test_a_code_used_twice_is_compared_in_order():
    twice = '[[earn]]\ncode = "a"\npoints = 1\n[[earn]]\ncode = "a"\npoints = 2\n'

    assert changes(twice, twice.replace("points = 2", "points = 3")) == (
        Changed(Subject("earn", "a"), ("points",), 2, 3),
    )


def test_a_text_that_is_no_toml_cannot_be_compared():
    with pytest.raises(NotToml) as refused:
        diff_texts(BASE, "[programme")

    assert "Expected ']'" in refused.value.detail


@pytest.mark.parametrize("count", [20_000])
def test_documents_of_many_rules_are_compared_in_one_pass(count: int):
    old = {"earn": [{"code": f"r{number}", "points": number} for number in range(count)]}
    new = {"earn": [{"code": f"r{number}", "points": number + (number == 7)} for number in reversed(range(count))]}

    assert diff_documents(old, new).changes == (Changed(Subject("earn", "r7"), ("points",), 7, 8),)


@given(text=documents(), dice=st.randoms())
def test_a_document_never_differs_from_itself_in_another_order(text: str, dice: random.Random):
    document = _read(text)

    assert diff_documents(document, _shuffled(document, dice)).changes == ()


@given(old=documents(), new=documents())
def test_whatever_differs_from_old_to_new_differs_from_new_to_old(old: str, new: str):
    there, back = diff_documents(_read(old), _read(new)), diff_documents(_read(new), _read(old))

    assert there.same == back.same
    assert sum(isinstance(each, Added) for each in there.changes) == sum(
        isinstance(each, Removed) for each in back.changes
    )


def _read(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        reject()


def _shuffled(values: Any, dice: random.Random) -> Any:
    """Tables with their keys in another order; lists stay, since rows without codes have places."""
    if isinstance(values, list):
        return [_shuffled(each, dice) for each in values]
    if not isinstance(values, dict):
        return values
    names = list(values)
    dice.shuffle(names)
    return {name: _shuffled(values[name], dice) for name in names}
