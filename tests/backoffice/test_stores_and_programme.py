from __future__ import annotations

from django.test import Client

from backoffice.reading import text_of
from backoffice.shop import Shop


def test_a_store_page_shows_rank_basket_penetration_and_members(client: Client, screens: Shop) -> None:
    page = text_of(client.get(screens.store("10")))

    assert "€110.00 2 sales in 12 months." in page
    assert "2 Of 2 stores with sales." in page
    assert "€55.00 Per sale of a member." in page
    assert "84.6% €20.00 without a member." in page
    assert "1 0 members call it their store." in page


def test_a_store_without_a_sale_in_the_period_has_no_rank(client: Client, screens: Shop) -> None:
    page = text_of(client.get(screens.store("20"), {"month": "2025-03"}))

    assert "– Of 1 store with sales." in page


def test_stores_are_found_by_part_of_their_name(client: Client) -> None:
    page = text_of(client.get("/backoffice/stores/", {"q": "2"}))

    assert "1 20 €200.00" in page
    assert "€110.00" not in page


def test_a_programme_is_shown_in_words_and_as_written(client: Client) -> None:
    page = text_of(client.get("/backoffice/programme/"))

    assert "The House" in page
    assert "Points expire 12 months after the sale." in page
    assert "100 points of “Loyalty points” become a voucher of €5.00." in page
    assert "The voucher can be used for 3 months." in page
    assert "Reached by spending €500.00 within 12 months." in page
    assert "# Points that become vouchers." in page


def test_the_words_of_a_programme_are_in_the_readers_language(client: Client) -> None:
    page = text_of(client.get("/backoffice/programme/maison/1/", headers={"accept-language": "fr"}))

    assert "S’obtient avec 500,00 € d’achats en 12 mois." in page
    assert "100 points de « Points fidélité » deviennent un chèque cadeau de 5,00 €." in page


def test_a_version_that_does_not_exist_is_not_found(client: Client) -> None:
    assert client.get("/backoffice/programme/maison/2/").status_code == 404
