from __future__ import annotations

import re

import pytest
from django.test import Client

from backoffice.reading import text_of


def figure(page: str, label: str, until: str) -> str:
    """What stands between a figure's explanation and `until`."""
    found = re.search(rf"{re.escape(label)} \? (.+?) {re.escape(until)}", page)
    assert found is not None, (label, page)
    return found[1]


@pytest.mark.parametrize(
    ("label", "value", "detail"),
    [
        ("Active rate", "66.7%", "2 members bought in 12 months."),
        ("Members", "3", "On April 30, 2025."),
        ("New members over 12 months", "3", "Of which 2 in April 2025."),
        ("Visits per member", "1.5", "Over 12 months, per active member."),
        ("Members' sales", "€310.00", "3 sales in 12 months."),
        ("Average basket", "€103.33", "Per sale of a member."),
        ("Penetration in sales", "81.6%", "€70.00 without a member."),
        ("Penetration in transactions", "60%", "2 sales without a member."),
        ("Points outstanding", "90", "Worth €4.50 in vouchers."),
        ("Points issued", "390", "In 12 months."),
        ("Points burned", "300", "76.9% of the points issued."),
        ("Points expired", "0", "0% of the points issued."),
        ("Vouchers issued", "3", "Worth €15.00 together."),
    ],
)
def test_each_figure_is_what_the_five_sales_give(client: Client, label: str, value: str, detail: str) -> None:
    page = text_of(client.get("/backoffice/"))

    assert figure(page, label, detail).endswith(f" {value}")


def test_the_figures_stand_for_the_last_day_with_a_sale(client: Client) -> None:
    page = text_of(client.get("/backoffice/"))

    assert "From May 1, 2024 to April 30, 2025, the last day with a sale" in page


def test_another_month_moves_the_twelve_months(client: Client) -> None:
    page = text_of(client.get("/backoffice/?month=2025-03"))

    assert "From April 1, 2024 to March 31, 2025" in page
    assert "€80.00 1 sale in 12 months." in page
    assert "60 Worth €3.00 in vouchers." in page  # what happened in April is taken off again
    assert "Every sale of this period has a member" in page


@pytest.mark.parametrize("month", ["", "yesterday", "2025-13", "1066-01", "9999-12", "2025-04-30"])
def test_a_month_that_does_not_exist_shows_one_that_does(client: Client, month: str) -> None:
    response = client.get("/backoffice/", {"month": month})

    assert "12 months up to" in text_of(response)


def test_the_pyramid_counts_members_by_the_status_they_held_that_day(client: Client) -> None:
    page = text_of(client.get("/backoffice/"))

    assert "Gold 0 0% Silver 1 33.3% No status 2 66.7%" in page


def test_charts_have_the_same_figures_as_a_table(client: Client) -> None:
    page = text_of(client.get("/backoffice/"))

    assert "Mar 25 €80.00 €0.00 Apr 25 €230.00 €70.00" in page
    assert "Mar 25 160 100 0 Apr 25 230 200 0" in page


def test_stores_are_ranked_by_what_members_paid(client: Client) -> None:
    page = text_of(client.get("/backoffice/"))

    assert "1 20 €200.00 1 €200.00 80% 2 10 €110.00 2 €55.00 84.6%" in page


def test_french_pages_write_figures_the_french_way(client: Client) -> None:
    page = text_of(client.get("/backoffice/", headers={"accept-language": "fr"}))

    assert figure(page, "Taux d’actifs", "2 membres ont acheté en 12 mois.").endswith(" 66,7 %")
    assert figure(page, "Panier moyen", "Par vente à un membre.").endswith(" 103,33 €")
    assert "Du 1er mai 2024 au 30 avril 2025" in page
