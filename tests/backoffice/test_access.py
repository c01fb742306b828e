from __future__ import annotations

import pytest
from django.test import Client

from backoffice.reading import text_of
from backoffice.shop import PASSWORD, Shop


@pytest.mark.parametrize("path", ["", "members/", "members/11/", "sales/", "stores/", "programme/", "health/"])
def test_nobody_sees_a_page_without_signing_in(screens: Shop, path: str) -> None:
    response = Client().get(f"/backoffice/{path}")

    assert response.status_code == 302
    assert response.headers["Location"] == f"/backoffice/login/?next=/backoffice/{path}"


@pytest.mark.parametrize("path", ["", "members/", "members/11/", "sales/", "programme/", "health/"])
def test_staff_see_only_what_they_may_view(seller: Client, path: str) -> None:
    assert seller.get(f"/backoffice/{path}").status_code == 403


def test_staff_see_what_they_may_view(seller: Client) -> None:
    assert "Stores" in text_of(seller.get("/backoffice/stores/"))


def test_the_menu_offers_only_what_may_be_viewed(seller: Client) -> None:
    page = seller.get("/backoffice/stores/").content.decode()

    assert 'href="/backoffice/stores/"' in page
    assert 'href="/backoffice/members/"' not in page


def test_the_home_page_leads_to_the_back_office(screens: Shop) -> None:
    response = Client().get("/")

    assert (response.status_code, response.headers["Location"]) == (302, "/backoffice/")


def test_pages_load_nothing_from_other_hosts(client: Client) -> None:
    policy = client.get("/backoffice/").headers["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "script-src 'self' 'unsafe-eval'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "http" not in policy


def test_cookies_are_closed_to_scripts_and_to_other_sites(screens: Shop) -> None:
    client = Client()
    client.get("/backoffice/login/")

    client.post("/backoffice/login/?next=/backoffice/", {"username": "head", "password": PASSWORD})

    for name in ("sessionid", "csrftoken"):
        assert client.cookies[name]["httponly"] is True
        assert client.cookies[name]["samesite"] == "Lax"


def test_a_form_without_its_token_is_refused(screens: Shop) -> None:
    client = Client(enforce_csrf_checks=True)

    response = client.post("/language/setlang/", {"language": "fr"})

    assert response.status_code == 403


def test_the_language_chosen_is_kept_in_a_cookie(client: Client) -> None:
    response = client.post("/language/setlang/", {"language": "fr", "next": "/backoffice/stores/"})

    assert (response.status_code, response.headers["Location"]) == (302, "/backoffice/stores/")
    assert text_of(client.get("/backoffice/stores/")).startswith("Points de vente")
