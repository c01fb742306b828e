"""What differs in a country: its clock."""

import pytest

from cagnotte.application.recurrences import days_of_recurrence
from cagnotte.domain.programme.check import check_programme
from cagnotte.domain.programme.document import Programme
from domain.programmes import HEAD

ZONES = frozenset({"Europe/Paris", "Asia/Tokyo"})
INTERNATIONAL = """
[countries.JP]
timezone = "Asia/Tokyo"

[countries.BE]
language = "fr"
"""


@pytest.fixture(scope="module")
def maison() -> Programme:
    text = f"{HEAD}[wallets.points]\n{INTERNATIONAL}"
    return check_programme(text, timezones=ZONES, calendar_days=days_of_recurrence)


@pytest.mark.parametrize(
    ("country", "zone"),
    [("JP", "Asia/Tokyo"), ("BE", "Europe/Paris"), ("US", "Europe/Paris"), ("", "Europe/Paris")],
)
def test_a_member_lives_by_the_clock_of_the_country_else_of_the_programme(
    maison: Programme, country: str, zone: str
) -> None:
    assert maison.timezone_in(country) == zone


def test_only_countries_with_another_clock_are_named(maison: Programme) -> None:
    assert maison.other_timezones() == {"JP": "Asia/Tokyo"}
