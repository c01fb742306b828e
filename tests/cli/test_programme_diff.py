"""Differences between programmes as people read them, in English and French, and as JSON."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, reject

from cagnotte.channels.wording import speech
from cagnotte.channels.wording.programme_diff import told
from cagnotte.domain.programme.diff import NotToml, diff_texts
from cli.test_commands import PROGRAMME, Shop, shop
from domain.programme.invented_documents import documents

__all__ = ["shop"]

WIDE = (
    PROGRAMME.replace("points = 50\n", 'points = 50\nstores = ["10", "20"]\n')
    + """
[[tiers]]
code = "gold"
name = { fr = "Or", en = "Gold" }
reach = { spend = 50000, within = "12 months" }

[unheard]
share = { basis_points = 250 }
open = true
"""
)
CHANGED = (
    WIDE.replace('["10", "20"]', '["20", "30"]')
    .replace("spend = 50000", "spend = 60000")
    .replace('"12 months"', '"1 year"')
    .replace("basis_points = 250", "basis_points = 1000")
    .replace("open = true", "open = false\nuntil = 2026-12-24")
    .replace('after = "30 days"', 'after = "30 days", rounded_to = "month"')
)


def words(old: str, new: str, language: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(each.heading, each.sentences) for each in told(diff_texts(old, new), speech(language))]


def test_each_thing_is_named_with_what_changes_in_it():
    assert words(WIDE, CHANGED, "en") == [
        ("Wallet “points”", ("Expiry rounded to the end of its: day becomes month.",)),
        ("Conversion “five”", ("“stores”: “30” added, “10” removed.",)),
        (
            "Tier “gold” (Gold)",
            (
                "Spend to reach it: 500.00 EUR becomes 600.00 EUR.",
                "Counted within: 12 months becomes 1 year.",
            ),
        ),
        (
            "Table “unheard”",
            (
                "“share.basis_points”: 2.5% becomes 10%.",
                "“open”: yes becomes no.",
                "“until”: 2026-12-24, not given before.",
            ),
        ),
    ]


def test_the_same_in_french():
    said = [
        (
            heading.replace("\xa0", " "),
            tuple(each.replace("\xa0", " ").replace("\u202f", " ") for each in sentences),
        )
        for heading, sentences in words(WIDE, CHANGED, "fr")
    ]

    assert said[2] == (
        "Statut « gold » (Or)",
        (
            "Achats pour l’atteindre : 500,00 EUR devient 600,00 EUR.",
            "Compté sur : 12 mois devient 1 an.",
        ),
    )
    assert said[3][1][0] == "« share.basis_points » : 2,5 % devient 10 %."


@pytest.mark.parametrize("language", ["en", "fr"])
def test_what_is_new_and_what_is_gone_is_told_with_all_that_it_says(language: str):
    without = WIDE[: WIDE.index("[[tiers]]")] + WIDE[WIDE.index("[unheard]") :]

    added, removed = words(without, WIDE, language), words(WIDE, without, language)

    assert added[0][0] == removed[0][0]
    assert added[0][1][1:] == removed[0][1][1:]
    assert len(added[0][1]) == 3
    assert (added[0][1][0], removed[0][1][0]) == {"en": ("New.", "Removed."), "fr": ("Nouveau.", "Supprimé.")}[
        language
    ]


def test_the_json_of_a_difference_holds_the_values_as_the_documents_do(shop: Shop):
    shop.file("old.toml", WIDE)
    shop.file("new.toml", WIDE.replace("spend = 50000", "spend = 60000"))

    done = shop.run("programme", "diff", "old.toml", "new.toml", "--json")

    assert done.returncode == 0
    assert json.loads(done.stdout) == {
        "old": "old.toml",
        "new": "new.toml",
        "same": False,
        "changes": [
            {
                "kind": "changed",
                "subject": {"table": "tiers", "code": "gold", "name": {"fr": "Or", "en": "Gold"}},
                "field": ["reach", "spend"],
                "old": 50000,
                "new": 60000,
            }
        ],
    }


def test_a_file_that_is_no_toml_is_refused_with_its_place(shop: Shop):
    done = shop.run("programme", "diff", shop.file("a.toml", PROGRAMME), shop.file("b.toml", "[programme"))

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("b.toml is not valid TOML: ")


@given(old=documents(), new=documents())
def test_every_difference_can_be_said_in_both_languages(old: str, new: str):
    try:
        diff = diff_texts(old, new)
    except NotToml:
        reject()

    for language in ("en", "fr"):
        said = told(diff, speech(language))
        assert all(each.heading and each.sentences for each in said)
        assert bool(said) == bool(diff.changes)
