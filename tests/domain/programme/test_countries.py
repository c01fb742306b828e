"""What differs in a country: its clock and its languages."""

import pytest

from cagnotte.application.recurrences import days_of_recurrence
from cagnotte.domain.programme.check import check_programme
from cagnotte.domain.programme.document import Programme, called
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


NAME = {"en": "Thanks", "fr": "Merci", "fr-CH": "Merci bien", "it_IT": "Grazie", "de": "Danke"}


@pytest.mark.parametrize(
    ("language", "country", "said"),
    [
        ("fr", "FR", "Merci"),
        ("fr", "CH", "Merci bien"),
        ("fr-CH", "", "Merci bien"),
        ("fr_CH", "FR", "Merci bien"),
        ("fr-BE", "BE", "Merci"),
        ("it", "CH", "Grazie"),  # a text of the language for another region is better than another language
        ("es", "DE", "Danke"),  # the country's language where the member's is not written
        ("", "DE", "Danke"),
        ("", "", "Thanks"),
        ("ja", "JP", "Thanks"),
    ],
)
def test_a_text_is_in_the_members_language_as_it_is_spoken_where_they_live(
    language: str, country: str, said: str
) -> None:
    text = f'{HEAD}[wallets.points]\n[countries.DE]\nlanguage = "de"\n[countries.CH]\nlanguage = "de"\n'
    programme = check_programme(text, timezones=ZONES, calendar_days=days_of_recurrence)

    assert called(NAME, "thanks", *programme.languages_of(language, country)) == said


def test_a_reader_of_a_language_reads_the_text_of_a_region_where_there_is_no_other() -> None:
    assert called({"en": "Thanks", "fr-CH": "Merci bien"}, "thanks", "fr") == "Merci bien"
    assert called({}, "thanks", "fr") == "thanks"


def test_a_name_table_takes_regional_wording() -> None:
    text = f'{HEAD}[wallets.points]\nname = {{ fr = "Points", fr-CH = "Étoiles", en_GB = "Stars" }}\n'
    programme = check_programme(text, timezones=ZONES, calendar_days=days_of_recurrence)

    assert programme.wallets[0].name == {"fr": "Points", "fr-CH": "Étoiles", "en_GB": "Stars"}
