from __future__ import annotations

import psycopg
from django.db import connection
from django.test import Client

from backoffice.reading import text_of
from backoffice.shop import NOW, Shop
from cagnotte.application.published import load_published
from cagnotte.application.return_sale import ReturnSale, return_sale
from cagnotte.host.postgres import Server
from cagnotte.storage.database import connected


def test_the_list_shows_the_newest_sale_first_and_guests_as_such(client: Client) -> None:
    page = text_of(client.get("/backoffice/sales/"))

    assert "Apr 30, 2025, 23:30 T5 10 Guest €20.00 0" in page
    assert page.index("T5") < page.index("T4") < page.index("T3") < page.index("T2") < page.index("T1")


def test_the_list_finds_the_sales_of_a_member_by_the_whole_id(client: Client) -> None:
    page = text_of(client.get("/backoffice/sales/", {"q": "anna"}))

    assert "T1" in page
    assert "T2" in page
    assert "T3" not in page


def test_the_list_can_be_limited_to_guests(client: Client) -> None:
    page = text_of(client.get("/backoffice/sales/", {"who": "guests"}))

    assert "T4" in page
    assert "T3" not in page


def test_lists_show_a_sale_in_its_own_currency(client: Client, screens: Shop, server: Server) -> None:
    account, sale_id = screens.sales["T1"]
    abroad = "UPDATE sale SET currency = %s, own_minor = %s WHERE sale_id = %s"
    dsn = server.dsn(connection.settings_dict["NAME"])
    with psycopg.connect(dsn) as conn:
        conn.execute(abroad, ("JPY", 12_345, sale_id))
    try:
        sales = text_of(client.get("/backoffice/sales/", {"q": "anna"}))
        member = text_of(client.get(f"/backoffice/members/{account}/"))
    finally:
        with psycopg.connect(dsn) as conn:
            conn.execute(abroad, (None, None, sale_id))

    assert "¥12,345 160" in sales
    assert "¥12,345" in member
    assert "€30.00" in sales  # the other one is the programme's


def test_a_sale_says_which_rules_gave_points(client: Client, screens: Shop) -> None:
    page = text_of(client.get(screens.sale("T1")))

    assert "Points earned 160" in page
    assert "One point per euro +80 Loyalty points The rule applies." in page
    assert "Tuesday evening +80 Loyalty points The rule applies." in page
    assert "weekday == 2 met (weekday = 2)" in page
    assert "1 voucher of €5.00 was issued, to be used before June 4, 2025." in page


def test_a_sale_says_why_a_rule_gave_nothing(client: Client, screens: Shop) -> None:
    page = text_of(client.get(screens.sale("T2")))

    assert "Tuesday evening No point The rule does not apply: its condition is not met." in page
    assert "weekday == 2 not met (weekday = 4)" in page
    assert "hour >= 18 not met (hour = 11)" in page
    assert "the member held 60 points and the status “No status”." in page


def test_a_sale_says_that_the_status_changed(client: Client, screens: Shop) -> None:
    page = text_of(client.get(screens.sale("T3")))

    assert "The status went from “No status” to “Silver”." in page


def test_a_guest_sale_was_judged_by_no_rule(client: Client, screens: Shop) -> None:
    page = text_of(client.get(screens.sale("T4")))

    assert "A guest's sale: no rule was asked." in page
    assert "Total €50.00" in page


def test_the_sale_is_explained_in_french(client: Client, screens: Shop) -> None:
    page = text_of(client.get(screens.sale("T2"), headers={"accept-language": "fr"}))

    assert "Mardi soir Aucun point La règle ne s’applique pas : sa condition n’est pas remplie." in page


def test_a_sale_that_does_not_exist_is_not_found(client: Client) -> None:
    assert client.get("/backoffice/sales/11/1/").status_code == 404


def test_what_came_back_stands_with_the_sale(client: Client, screens: Shop, server: Server) -> None:
    with connected(server.dsn(connection.settings_dict["NAME"])) as conn:
        command = ReturnSale("T5", at=NOW, reason="too small")
        return_sale(conn, load_published(conn), command, key="back", now=NOW)

    page = text_of(client.get(screens.sale("T5")))

    assert "What came back 1 Goods came back; €20.00 were paid back. May 2, 2025, 14:00" in page
    assert "Line 1: 2 articles. Line 2: 1 article. Reason: too small" in page
