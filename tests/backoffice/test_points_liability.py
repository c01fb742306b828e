"""The page of the liability: who may see it, and its figures."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.conf import settings
from django.test import Client

from backoffice.reading import text_of
from backoffice.shop import Shop
from cagnotte.application.close_accounts import close_accounts
from cagnotte.application.programme_staff import EVERYTHING, Actor
from cagnotte.application.published import load_published

PAGE = "/backoffice/liability/"


@pytest.fixture
def closed(screens: Shop) -> None:
    """March and April 2025, closed once for all tests of the run: nothing is ever taken back."""
    with settings.CAGNOTTE_POOL.connection() as conn:
        for month in (date(2025, 3, 1), date(2025, 4, 1)):
            actor = Actor("head", EVERYTHING, "terminal")
            close_accounts(conn, load_published(conn), month, actor, now=datetime(2025, 6, 1, tzinfo=UTC))


def test_each_cut_shows_the_same_points(closed: None, client: Client) -> None:
    pages = [text_of(client.get(PAGE, {"by": cut})) for cut in ("cohort", "wallet", "tier", "store")]

    lines = {page[page.index("All ") :].split("Breakage of")[0] for page in pages}
    assert len(lines) == 1
    assert "March 2025" in pages[0]
    assert "Back-test of “Loyalty points”" in pages[0]
    assert "What changed in the month" in pages[0]


def test_the_page_is_in_french_too(closed: None, client: Client) -> None:
    page = text_of(client.get(PAGE, headers={"accept-language": "fr"}))

    assert "Points non consommés de « Points fidélité » par mois de gain" in page
    assert "Passif" in page


def test_who_may_not_read_the_accounts_does_not_see_it(seller: Client) -> None:
    assert seller.get(PAGE).status_code == 403
