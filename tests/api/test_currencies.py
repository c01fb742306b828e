"""Sales in other currencies at the API."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import psycopg
import pytest

from api.shop import NOW, PROGRAMME, SALE, Caller, rows

COUNTRIES = """
[countries.CH]
timezone = "Europe/Zurich"
currency = "CHF"
worth = "1.05"
"""


@pytest.fixture
def abroad(shop: psycopg.Connection, api: Caller) -> Caller:
    """Carol lives in Switzerland, and the programme knows the country."""
    begun = NOW - timedelta(days=300)
    shop.execute(
        "INSERT INTO programme_version VALUES ('maison', 2, %s, %s, %s, '2')",
        (begun, begun, PROGRAMME + COUNTRIES),
    )
    shop.execute("UPDATE member SET country = 'CH', language = 'fr' WHERE external_id = 'carol'")
    return api


def sale(**more: Any) -> dict[str, Any]:
    return SALE | more


@pytest.mark.parametrize("said", [{}, {"currency": "CHF"}])
def test_a_sale_is_answered_in_its_currency_with_what_it_counts_as(abroad: Caller, said: dict[str, str]) -> None:
    evaluated = abroad.evaluate(sale(**said)).json
    recorded = abroad.put_sale("t-1", sale(**said), key="k").json

    assert (recorded["currency"], recorded["paid_minor"]) == ("CHF", 1599)
    assert recorded["counted"] == {"currency": "EUR", "paid_minor": 1679, "worth": "1.05"}
    assert evaluated["counted"] == recorded["counted"]
    assert recorded["points_earned"] == 16 + 10


def test_a_sale_in_the_programmes_currency_says_nothing_more(abroad: Caller) -> None:
    answer = abroad.put_sale("t-1", sale(currency="EUR"), key="k").json

    assert answer["currency"] == "EUR"
    assert "counted" not in answer


def test_a_currency_that_the_programme_does_not_know_is_a_problem(
    abroad: Caller, shop: psycopg.Connection
) -> None:
    answer = abroad.put_sale("t-1", sale(currency="USD"), key="k")

    assert answer.status_code == 422
    assert (answer.json["code"], answer.json["pointer"]) == ("unknown_currency", "/currency")
    assert "EUR, CHF" in answer.json["detail"]
    assert rows(shop, "sale") == 0


@pytest.mark.parametrize("currency", ["chf", "CHFR", "", "CHF\n", 5])
def test_what_is_no_currency_is_refused(abroad: Caller, currency: object) -> None:
    answer = abroad.put_sale("t-1", sale(currency=currency), key="k")

    assert answer.status_code == 422
    assert answer.json["pointer"] == "/currency"


def test_a_member_is_shown_with_country_language_and_clock(abroad: Caller) -> None:
    member = abroad.call("GET", "/v1/members/carol").json

    assert (member["country"], member["language"], member["timezone"]) == ("CH", "fr", "Europe/Zurich")
    assert member["currency"] == "EUR"
