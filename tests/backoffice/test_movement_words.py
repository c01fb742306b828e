"""What a member's page says of points set aside, and of what was done by hand."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import psycopg
import pytest
from django.conf import settings
from django.utils import translation

from backoffice.shop import Shop
from cagnotte.analytics.dashboard.member_ledger import Transfer
from cagnotte.application.published import load_published
from cagnotte.application.show_member import BalanceView
from cagnotte.channels.backoffice.member_words import transfer_shown, wallet_shown
from cagnotte.channels.backoffice.pages import Shop as Desk
from cagnotte.channels.wording.movement_words import ACCOUNTS, MOVEMENTS
from cagnotte.ledger import movements


@pytest.fixture
def desk(screens: Shop) -> Desk:
    with settings.CAGNOTTE_POOL.connection() as conn:
        return Desk(conn, load_published(conn))


@pytest.mark.parametrize(
    ("language", "points", "said"),
    [
        ("en", 1, "1 point is set aside for an open order."),
        ("en", 60, "60 points are set aside for open orders."),
        ("fr", 60, "60 points sont mis de côté pour des commandes en cours."),
    ],
)
def test_points_set_aside_are_told(desk: Desk, language: str, points: int, said: str) -> None:
    balance = BalanceView(wallet="points", points=40, pending=0, owed=0, held=points, next_expiries=())

    with translation.override(language):
        assert wallet_shown(balance, (), desk).waiting == [said]


def test_what_is_done_by_hand_says_why_and_who(desk: Desk) -> None:
    at = datetime(2026, 3, 1, 9, tzinfo=UTC)
    entries = [("available", 25, 7), ("adjusted", -25, None)]
    given = Transfer(7, "given", "points", at, at, None, "late delivery", "anne", 25, 25, entries)
    spent = Transfer(8, "burn", "points", at, at, None, "tote bag", "", -5, 20, [])

    with translation.override("en"):
        shown = transfer_shown(given, desk)
        assert (shown.called, shown.note) == ("Points given by hand", "late delivery · anne")
        assert [(entry.account, entry.points) for entry in shown.entries] == [
            ("Member's points", 25),
            ("Adjusted by hand", -25),
        ]
        assert transfer_shown(spent, desk).note == "tote bag"


def test_every_kind_and_account_of_the_books_has_words(screens: Shop) -> None:
    with settings.CAGNOTTE_POOL.connection() as conn:
        kinds, accounts = (
            _words(conn, function) for function in ("is_ledger_kind(text)", "is_ledger_account(text)")
        )
    assert kinds == set(MOVEMENTS)
    assert accounts == set(ACCOUNTS)
    assert {movements.AVAILABLE, movements.DEBT, movements.HELD} <= accounts


def _words(conn: psycopg.Connection, function: str) -> set[str]:
    """The words that a check of the books takes: all that stands between the braces of its list."""
    row = conn.execute("SELECT prosrc FROM pg_proc WHERE oid = %s::regprocedure", (function,)).fetchone()
    assert row is not None
    listed = re.sub(r"'\s*'", "", row[0])  # a text that goes on in the next line
    found = re.search(r"\{(.*?)\}", listed)
    assert found is not None
    return set(found[1].split(","))
