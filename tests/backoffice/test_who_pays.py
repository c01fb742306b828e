"""Who pays for points, on the screens: the partners' page, a sale's reasons, a member's ledger. It writes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect, sync_playwright

from backoffice.browser import Walk, launch, served
from backoffice.reading import text_of
from backoffice.shop import ANNA, PROGRAMME, Shop
from cagnotte.application.draft_programme import save_draft
from cagnotte.application.programme_staff import EVERYTHING, Actor
from cagnotte.application.publish_programme import publish_draft
from cagnotte.application.published import load_published
from cagnotte.application.record_sale import record_sale
from cagnotte.application.return_sale import ReturnSale, return_sale
from cagnotte.application.review_programme import approve_draft, ask_review
from cagnotte.application.sale_command import SaleCommand, SaleLine
from cagnotte.host.web import make_django_app

PAGE = "/backoffice/partners/"
FUNDED = (
    PROGRAMME
    + """
[partners.acme]
name = { fr = "Biscuits Acme", en = "Acme Biscuits" }
price = { points = 100, amount = 80 }

[[earn]]
code = "acme-triple"
name = { fr = "Triple chez Acme", en = "Triple at Acme" }
points = 3
per = 100
lines = 'line.brand == "acme"'
funded_by = "acme"
"""
)
LINES = (SaleLine("biscuit", 4, 12_000, brand="acme"), SaleLine("bread", 1, 500))


@pytest.fixture(scope="module")
def sold(screens: Shop) -> tuple[int, int]:
    """A sale of 120.00 of Acme, of which one of four packets came back: account and sale id."""
    now = datetime.now(UTC)
    anne, bruno = (Actor(name, EVERYTHING, "backoffice") for name in ("anne", "bruno"))
    with settings.CAGNOTTE_POOL.connection() as conn:
        save_draft(conn, "funded", FUNDED, actor=anne, now=now)  # two people: others may have asked for that here
        ask_review(conn, "funded", actor=anne, now=now)
        approve_draft(conn, "funded", actor=bruno, now=now)
        publish_draft(conn, "funded", actor=anne, now=now)
        published = load_published(conn)
        sale = SaleCommand("P1", "10", datetime.now(UTC), LINES, "anna")
        record_sale(conn, published, sale, key="P1", now=datetime.now(UTC))
        return_sale(conn, published, ReturnSale("P1", ((1, 1),)), key="P1-back", now=datetime.now(UTC))
        [found] = conn.execute("SELECT member_id, sale_id FROM sale WHERE external_id = 'P1'").fetchall()
    return found[0], found[1]


def test_the_page_says_what_each_partner_owes_by_rule_and_store(sold: tuple[int, int], client: Client) -> None:
    page = text_of(client.get(PAGE, {"partner": "acme"}))

    assert "Acme Biscuits €0.80 for 100 points 360 90 270 €2.16" in page
    assert "Triple at Acme Loyalty points 360 90 270" in page
    assert "Store 10 Loyalty points 360 90 270" in page


def test_the_page_is_in_french_too(sold: tuple[int, int], client: Client) -> None:
    page = text_of(client.get(PAGE, {"partner": "acme"}, headers={"accept-language": "fr"}))

    assert "Partenaires" in page
    assert "« Biscuits Acme » par règle" in page


def test_a_sale_and_a_member_say_who_paid(sold: tuple[int, int], client: Client) -> None:
    account, sale_id = sold

    sale = text_of(client.get(f"/backoffice/sales/{account}/{sale_id}/"))
    member = text_of(client.get(f"/backoffice/members/{ANNA}/"))
    french = text_of(client.get(f"/backoffice/members/{ANNA}/", headers={"accept-language": "fr"}))

    assert "The rule applies. Paid by “Acme Biscuits”." in sale
    assert "Paid by “Acme Biscuits”" in member
    assert "Payé par « Biscuits Acme »" in french


def test_who_may_not_see_partners_does_not(sold: tuple[int, int], seller: Client) -> None:
    assert seller.get(PAGE).status_code == 403


def test_the_page_is_reached_from_the_menu(sold: tuple[int, int]) -> None:
    with sync_playwright() as playwright, served(make_django_app()) as address:
        browser = launch(playwright.chromium)
        try:
            page = browser.new_context(locale="en", viewport={"width": 1440, "height": 900}).new_page()
            walk = Walk(page, address, "desk")
            walk.sign_in()
            page.get_by_role("link", name="Partners").click()
            page.get_by_role("link", name="Acme Biscuits").click()
            expect(page.get_by_role("heading", name="“Acme Biscuits” by rule")).to_be_visible()
            walk.keep("who-pays")
            assert walk.faults == []
        finally:
            browser.close()
