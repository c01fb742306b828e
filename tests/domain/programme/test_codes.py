"""Codes that stand in what a decision says: each one names one thing."""

import pytest

from domain.programmes import PLAIN, faults_of

OFFER = '[[offers]]\ncode = "{}"\neffect = {{ kind = "percent_off", percent = 10 }}\n'
ACHIEVEMENT = '[[achievements]]\ncode = "{}"\non = "purchase"\ntarget = 3\n'


@pytest.mark.parametrize(
    ("tables", "names"),
    [
        (OFFER.format("base"), "earn, offers"),
        (ACHIEVEMENT.format("base"), "earn, achievements"),
        (OFFER.format("ten") + ACHIEVEMENT.format("ten"), "offers, achievements"),
    ],
)
def test_rules_offers_and_achievements_share_one_set_of_codes(tables: str, names: str) -> None:
    [fault] = faults_of(PLAIN + tables)

    assert (fault.code, fault.params["name"]) == ("duplicate_code", names)
