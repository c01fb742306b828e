"""The life of a version at the terminal: two accounts, real processes, exit codes and words."""

from __future__ import annotations

import json
import subprocess

import pytest

from cli.test_commands import CAGNOTTE, PROGRAMME, Shop, shop

__all__ = ["shop"]

TWICE = PROGRAMME.replace("eligible.paid / 100", "eligible.paid / 50").replace("amount = 500", "amount = 1000")


@pytest.fixture
def staffed(shop: Shop) -> Shop:
    """A shop with anne and bruno, and the programme in two files."""
    for name in ("anne", "bruno"):
        subprocess.run(
            [CAGNOTTE, "staff", "add", name, "--password-stdin"],
            env=shop._environ,
            input="a long enough password\n",
            capture_output=True,
            text=True,
            check=True,
        )
    shop.file("maison.toml", PROGRAMME)
    shop.file("twice.toml", TWICE)
    return shop


def run(shop: Shop, *arguments: str) -> tuple[int, str]:
    """(exit code, all that was said) of `cagnotte programme ...`."""
    done = shop.run("programme", *arguments)
    return done.returncode, done.stdout + done.stderr


def test_two_people_bring_a_draft_into_force(staffed: Shop):
    run(staffed, "publish", "maison.toml")
    saved = run(staffed, "draft", "spring", "twice.toml", "--as", "anne")
    asked = run(staffed, "review", "spring", "--as", "anne", "--comment", "for spring")
    own = run(staffed, "approve", "spring", "--as", "anne")
    unapproved = run(staffed, "publish", "--draft", "spring", "--as", "anne")
    approved = run(staffed, "approve", "spring", "--as", "bruno")
    past = run(staffed, "publish", "--draft", "spring", "--as", "anne", "--from", "2020-01-01T00:00")
    published = run(staffed, "publish", "--draft", "spring", "--as", "anne", "--from", "2199-03-01T00:00")
    direct = run(staffed, "publish", "maison.toml", "--from", "2200-01-01T00:00")

    assert saved == (0, "The draft “spring”, revision 1: draft.\n")
    assert asked == (0, "The draft “spring”, revision 1: in review.\n")
    assert own == (1, "anne wrote in the draft “spring”: a second person must approve it or send it back.\n")
    assert unapproved == (1, "The draft “spring” as it stands was not approved by a second person.\n")
    assert approved == (0, "The draft “spring”, revision 1: approved.\n")
    assert past[0] == 1
    assert past[1].startswith("A version never begins in the past: 2019-12-31T23:00:00+00:00 lies before now, ")
    assert published == (
        0,
        "Version 2 of “maison” is published; it judges sales from 2199-03-01T00:00:00+01:00 on.\n",
    )
    assert direct[0] == 1
    assert direct[1].startswith("A second person approves versions here, so none is published past them.")


def test_a_version_is_withdrawn_and_the_programme_retired(staffed: Shop):
    run(staffed, "publish", "maison.toml")
    run(staffed, "publish", "twice.toml", "--from", "2199-03-01T00:00")

    withdrawn = run(staffed, "retire", "2", "--as", "bruno")
    retired = run(staffed, "retire", "--as", "bruno", "--from", "2198-01-01T00:00")
    again = run(staffed, "retire", "--as", "bruno")
    listed = json.loads(staffed.run("programme", "versions", "--json").stdout)

    assert withdrawn == (0, "Version 2 is withdrawn: it will never judge a sale.\n")
    assert retired == (0, "Version 1 is retired: no sale earns from 2198-01-01T00:00:00+01:00 on.\n")
    assert again == (1, "Version 1 was given an end already: 2197-12-31T23:00:00+00:00.\n")
    assert [(each["version"], each["state"], each["ends_at"]) for each in listed] == [
        (1, "in_force", "2197-12-31T23:00:00Z"),
        (2, "withdrawn", "2199-02-28T23:00:00Z"),
    ]


def test_a_version_published_in_the_past_is_refused(shop: Shop):
    run(shop, "publish", shop.file("maison.toml", PROGRAMME))
    shop.file("twice.toml", TWICE)

    refused = run(shop, "publish", "twice.toml", "--from", "2026-01-01T00:00")
    described = run(shop, "publish", "twice.toml", "--from", "2026-01-01T00:00", "--past")

    assert refused[0] == 1
    assert refused[1].startswith("A version never begins in the past: 2025-12-31T23:00:00+00:00 lies before now, ")
    assert described[0] == 0


def test_a_faulty_draft_is_kept_and_its_faults_are_shown(staffed: Shop):
    staffed.file("faulty.toml", PROGRAMME.replace("eligible.paid", "eligible.payd"))

    saved = run(staffed, "draft", "spring", "faulty.toml", "--as", "anne")
    asked = run(staffed, "review", "spring", "--as", "anne")
    shown = staffed.run("programme", "show", "spring").stdout

    assert saved[0] == 0
    assert "faulty.toml:14:20: “eligible” has no field “payd”." in saved[1]
    assert asked[0] == 1
    assert "spring:14:20: “eligible” has no field “payd”." in asked[1]
    assert shown == PROGRAMME.replace("eligible.paid", "eligible.payd")


def test_who_has_no_account_does_nothing(staffed: Shop):
    assert run(staffed, "draft", "spring", "twice.toml", "--as", "zoe") == (
        1,
        "Nobody who may sign in is called “zoe”. Add an account: cagnotte staff add USER\n",
    )
    assert run(staffed, "drafts") == (0, "There is no draft.\n")


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("maison.toml", "--draft", "spring", "--as", "anne"),
        ("--draft", "spring"),
        ("maison.toml", "--as", "anne"),
    ],
)
def test_a_file_or_a_draft_is_published_and_never_both(shop: Shop, arguments: tuple[str, ...]):
    assert run(shop, "publish", *arguments) == (
        2,
        "Publish either a FILE, or a draft: --draft NAME --as USER.\n",
    )


def test_versions_drafts_and_files_are_compared_in_words(staffed: Shop):
    run(staffed, "publish", "maison.toml")
    run(staffed, "draft", "spring", "twice.toml", "--as", "anne")
    expected = (
        "Earn rule “base”\n"
        "  Points: “eligible.paid / 100” becomes “eligible.paid / 50”.\n"
        "Conversion “five”\n"
        "  Value of the voucher: 5.00 EUR becomes 10.00 EUR.\n"
    )

    assert run(staffed, "diff", "1", "spring") == (0, expected)
    assert run(staffed, "diff", "maison.toml", "twice.toml") == (0, expected)
    assert run(staffed, "diff", "1", "maison.toml") == (0, "Both programmes mean the same: no difference.\n")
    assert run(staffed, "diff", "1", "7") == (
        2,
        "“7” is neither a file here, nor the number of a published version, nor a draft.\n",
    )
