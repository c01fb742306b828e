"""Offers in words in English, and a part of everything in French."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import translation

from backoffice.shop import Shop
from backoffice.words import sentence


@pytest.fixture
def english(screens: Shop) -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def french(screens: Shop) -> Iterator[None]:
    with translation.override("fr"):
        yield


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (
            "10% for the first ten of the day",
            "It takes 10% off the whole basket."
            " It is given when the condition holds."
            " Given at most 10 times per store, each day."
            " Its budget is €5,000.00 for the whole programme, in all."
            " It never goes with another offer of the group “basket”.",
        ),
        (
            "Welcome",
            "It takes €5.00 off the whole basket."
            " It takes off at most €4.00."
            " It gives delivery free."
            " It shows on the till: “Welcome!”"
            " At least €20.00 of what qualifies must be bought."
            " The code WELCOME or BIENVENUE must come with the sale."
            " It holds from February 1, 2026 on."
            " Shares of a price are rounded down."
            " A discount above what is left of a budget is not given.",
        ),
        (
            "Three for two",
            "Of each 3 articles that qualify, from the dearest to the cheapest: full price, full price,"
            " free."
            " Each line makes groups of its own."
            " Of each 3 articles that qualify, from the dearest to the cheapest: full price, 20% off, at"
            " €5.00."
            " The dearest articles are reduced."
            " For each 2 articles that qualify, 1 article of the effect’s lines: free."
            " Bought together, 1 article of the effect’s lines and 2 articles of the effect’s lines: at"
            " €20.00.",
        ),
        (
            "The more you buy",
            "On the whole basket: €10.00 off from €100.00 on and €25.00 off from €200.00 on."
            " It brings the 2 cheapest articles that qualify down to €10.00."
            " This is for each article."
            " It gives an experience: 2 × “tasting”."
            " It gives a product: “tote” or “mug”, as the member chooses."
            " It gives a voucher of 10% of what is left to pay for the lines that qualify."
            " The voucher can be used for 3 months."
            " It gives 5 points in “Stars” for each €10.00 left to pay."
            " It multiplies the sale’s points in “Loyalty points” by 1.5.",
        ),
    ],
)
def test_offers_are_told_in_english(name: str, said: str, english: None) -> None:
    assert sentence("offers", name) == said


@pytest.mark.parametrize(
    ("section", "name", "said"),
    [
        (
            "earn",
            "Un point par euro",
            "Chaque vente donne 1 point dans « Points fidélité » par tranche de 1,00 €."
            " Au plus 200 points par foyer, chaque jour."
            " Au plus 1 000,00 € par membre, en 30 jours.",
        ),
        (
            "offers",
            "10 % pour les dix premiers",
            "Elle donne 10 % de remise sur tout le panier."
            " Elle est accordée quand la condition est remplie."
            " Accordée au plus 10 fois par point de vente, chaque jour."
            " Son budget est de 5 000,00 € pour tout le programme, en tout."
            " Elle ne se cumule jamais avec une autre offre du groupe « basket ».",
        ),
        (
            "tiers",
            "Or",
            "Niveau 2 de la famille principale."
            " S’obtient avec 1 000,00 € d’achats en 12 mois."
            " Se garde avec 800,00 € d’achats en 12 mois."
            " Examiné chaque année au jour anniversaire de son obtention."
            " Après un examen manqué, il est encore conservé 3 mois, et gardé si le seuil est atteint"
            " entre-temps."
            " Qui le perd descend d’un niveau au plus."
            " Une fois détenu, le membre ne descend plus en dessous."
            " Il vient avec l’abonnement « VIP ».",
        ),
        ("calendars", "Soldes", "Ces jours : 7 janvier 2026 et 1er juillet 2026."),
    ],
)
def test_the_programme_is_told_in_french(section: str, name: str, said: str, french: None) -> None:
    assert sentence(section, name) == said
