from __future__ import annotations

import pytest
from django.test import Client

from backoffice.reading import text_of
from backoffice.shop import ANNA, BRUNO, CHLOE


@pytest.mark.parametrize("words", ["ann", "ANNA", "martin", "Anna Mar", "9250", "anna@example"])
def test_a_member_is_found_by_the_beginning_of_a_name_or_identifier(client: Client, words: str) -> None:
    page = text_of(client.get("/backoffice/members/", {"q": words}))

    assert "anna Anna Martin" in page
    assert "bruno" not in page


def test_who_is_not_there_is_not_found(client: Client) -> None:
    page = text_of(client.get("/backoffice/members/", {"q": "zoe"}))

    assert "Nobody was found." in page


def test_the_list_shows_status_points_last_visit_and_sales(client: Client) -> None:
    page = text_of(client.get("/backoffice/members/"))

    assert "anna Anna Martin No status 90 Apr 10, 2025, 11:00 €110.00" in page
    assert "chloe Chloé Roux No status 0 – €0.00" in page


def test_the_list_sorts_by_a_figure_with_empty_ones_last(client: Client) -> None:
    page = text_of(client.get("/backoffice/members/", {"sort": "-visit"}))

    assert page.index("bruno") < page.index("anna") < page.index("chloe")


@pytest.mark.parametrize(("tier", "found"), [("silver", "bruno"), ("-", "anna")])
def test_the_list_can_be_limited_to_a_status(client: Client, tier: str, found: str) -> None:
    page = text_of(client.get("/backoffice/members/", {"tier": tier}))

    assert f"{found} " in page
    assert ("bruno " in page) == (tier == "silver")


@pytest.mark.parametrize("address", ["?sort=nothing", "?page=0", "?page=9999999", "?page=x", "?tier=<b>"])
def test_an_address_somebody_typed_never_breaks_the_list(client: Client, address: str) -> None:
    assert client.get(f"/backoffice/members/{address}").status_code == 200


def test_a_member_page_says_what_is_held_what_expires_and_what_is_missing(client: Client) -> None:
    page = text_of(client.get(f"/backoffice/members/{ANNA}/"))

    assert "Loyalty points 90 60 points expire on Mar 4, 2026." in page
    assert "March 4, 2026 60 April 10, 2026 30" in page
    assert "€90.00 more to reach “Silver”. €110.00 of €200.00 within 12 months." in page
    assert "Mar 4, 2025 €5.00 Jun 4, 2025" in page
    assert "Card 9250001" in page
    assert "Household martin-1 To spend with the household Loyalty points: 90" in page
    assert "About 42.5 % of what the member spends on such goods, between 39.9 % and 51.0 %" in page


def test_the_ledger_shows_each_transfer_with_the_balance_after_it(client: Client) -> None:
    page = text_of(client.get(f"/backoffice/members/{ANNA}/"))

    ledger = page[page.index("Ledger 3 transfers") :]
    assert "Points earned Loyalty points +30 90" in ledger
    assert "Turned into vouchers Loyalty points -100 60" in ledger
    assert "Points earned Loyalty points +160 160" in ledger


def test_a_member_who_never_bought_has_a_page_too(client: Client) -> None:
    page = text_of(client.get(f"/backoffice/members/{CHLOE}/"))

    assert "This member has not bought anything yet." in page
    assert "No transfer yet." in page


def test_the_status_held_is_shown_with_its_day(client: Client) -> None:
    page = text_of(client.get(f"/backoffice/members/{BRUNO}/"))

    assert "Silver since April 12, 2025" in page


def test_a_member_who_does_not_exist_is_not_found(client: Client) -> None:
    assert client.get("/backoffice/members/99/").status_code == 404
