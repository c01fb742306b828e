"""The words of a programme, sentence by sentence, in both languages, and on the page of a draft."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation

from backoffice.reading import text_of
from backoffice.shop import Shop
from backoffice.words import RICH, sentence, told
from cagnotte.application.draft_programme import discard_draft, save_draft
from cagnotte.application.programme_staff import EVERYTHING, Actor
from cagnotte.application.published import parsed
from cagnotte.channels.backoffice.programme_words import in_sentences

ANNE = Actor("anne", EVERYTHING, "backoffice")
SMALL = """
[programme]
code = "small"
currency = "EUR"
timezone = "Europe/Paris"

[wallets.points]
"""


@pytest.fixture(params=["en", "fr"])
def language(request: pytest.FixtureRequest, screens: Shop) -> Iterator[str]:
    with translation.override(request.param):
        yield request.param


@pytest.fixture
def english(screens: Shop) -> Iterator[None]:
    with translation.override("en"):
        yield


def test_every_table_of_the_rich_programme_has_a_section(english: None) -> None:
    sections = in_sentences(parsed(RICH))

    assert [(section.key, len(section.items)) for section in sections] == [
        ("about", 2),
        ("goals", 1),
        ("earn", 7),
        ("earning", 4),
        ("caps", 1),
        ("wallets", 3),
        ("returns", 1),
        ("late", 1),
        ("conversions", 2),
        ("households", 1),
        ("offers", 5),
        ("offer-policy", 2),
        ("tiers", 5),
        ("plans", 2),
        ("achievements", 2),
        ("referral", 1),
        ("messages", 1),
        ("share-of-wallet", 1),
        ("measures", 3),
        ("calendars", 2),
        ("events", 2),
        ("attributes", 3),
        ("brands", 2),
        ("countries", 2),
    ]


def test_what_a_programme_does_not_say_has_no_section(english: None) -> None:
    sections = in_sentences(parsed(SMALL))

    assert [section.key for section in sections] == ["about", "wallets"]
    assert sentence("about", "Who it is for", SMALL) == "Everyone may take part."


def test_no_sentence_is_empty_or_lacks_a_value(language: str) -> None:
    sentences = [each for item in told().values() for each in item.sentences]

    assert len(sentences) > 100
    assert [each for each in sentences if not each.strip() or "%(" in each or "None" in each] == []


def test_no_sentence_of_the_rich_programme_is_the_same_in_both_languages(screens: Shop) -> None:
    with translation.override("en"):
        english = {each for item in told().values() for each in item.sentences}
    with translation.override("fr"):
        french = {each for item in told().values() for each in item.sentences}

    assert english & french == set()


@pytest.mark.parametrize(
    ("section", "name", "said"),
    [
        (
            "about",
            "Who it is for",
            "Who meets the condition may take part. It holds from January 1, 2026 to December 31, 2028.",
        ),
        (
            "earn",
            "One point per euro",
            "Each sale gives 1 point in “Loyalty points” for each €1.00."
            " At most 200 points per household, each day."
            " At most €1,000.00 per member, within 30 days.",
        ),
        (
            "earn",
            "Double points",
            "Each sale multiplies the points of “One point per euro” by 2."
            " It holds from Mar 1, 2026, 08:00 to September 30, 2026."
            " It holds only during “Happy hours” or “Sales”.",
        ),
        (
            "earn",
            "Organic wine",
            "Each sale that meets the condition gives points in “Loyalty points”, the band of the whole"
            " amount for all of it: 1 point for each €1.00 up to €50.00 and 3 points for each €2.00 above"
            " that."
            " Only the lines that meet their condition count."
            " Of the rules of the group “best”, only the one that gives most counts."
            " With the other rules of the cap “welcome”, at most 5,000 points for the whole programme,"
            " each month.",
        ),
        (
            "earn",
            "Welcome code",
            "Each sale gives 10 points in “Status points”."
            " The code PROMO10 must come with the sale."
            " Points can be used from December 24, 2026 on."
            " Points expire 3 months after the sale, at the end of that month.",
        ),
        ("earn", "Birthday", "Each birthday gives 50 points in “Loyalty points”."),
        (
            "wallets",
            "Loyalty points",
            "Points expire 12 months after they became usable, at the end of that quarter."
            " By the status held when they are earned, it is 24 months with “Gold”."
            " Points can be used 14 days after the sale."
            " The oldest points are spent first."
            " They are spent in multiples of 50 points, and no fewer than 100 points at a time."
            " Who asks for more points than there are spends those there are."
            " A return may take the balance below zero, and nothing else may; the next points pay the"
            " debt."
            " 100 points pay €5.00 at the till."
            " The balance is shown as money."
            " They are set aside for an open order for 30 minutes.",
        ),
        (
            "returns",
            "Returns",
            "A return takes back the share of the sale’s points that its lines had, rounded up."
            " Points that paid for the returned lines do not come back."
            " Limits and coupons that the sale used stay used.",
        ),
        (
            "late",
            "What arrives late",
            "A sale that arrives within 45 days corrects the sales after it.",
        ),
        (
            "earning",
            "Rounding and multipliers",
            "Points are rounded to the nearest, halves up, once, on the sum of all rules of a kitty."
            " Multipliers work on exact fractions of points, before rounding."
            " Fixed bonuses are multiplied too."
            " ×2 and ×3 on the same points give ×3: only the best counts.",
        ),
        (
            "tiers",
            "Gold",
            "Level 2 of the main family."
            " Reached by spending €1,000.00 within 12 months."
            " Kept by spending €800.00 within 12 months."
            " Reviewed each year on the day on which it was reached."
            " After a missed review it is held for another 3 months, and kept when the threshold is met"
            " meanwhile."
            " Who loses it falls by one level at most."
            " Once it was held, the member never falls below it."
            " It comes with the membership “VIP”.",
        ),
        (
            "plans",
            "VIP",
            "It costs €49.00."
            " It lasts 12 months."
            " It brings the status “Gold”."
            " It can be renewed without losing a day from 2 months before its end on.",
        ),
        (
            "achievements",
            "Regular",
            "Each sale that meets the condition counts; it takes one at least in each of 4 weeks in a"
            " row."
            " It gives the badge and 20 points in “Stars”."
            " It begins anew once it is reached.",
        ),
        (
            "referral",
            "Referral",
            "The sponsor gets 100 points in “Loyalty points”, the friend 50 points in “Stars”."
            " It is given at the friend’s first sale that meets the condition."
            " The sale must come within 90 days of joining."
            " Both wait 14 days for their points."
            " A sponsor is rewarded for at most 10 friends a year.",
        ),
        (
            "calendars",
            "Happy hours",
            "104 days from January 1, 2026 to December 31, 2026: Tuesday, Thursday."
            " Only at these hours: 17:00–19:00, 22:30–00:30.",
        ),
        ("events", "Review", "It is reported with “stars” (whole number) and “words” (text)."),
        ("countries", "CH", "Time zone: Europe/Zurich. Amounts in CHF; 1 CHF is worth 1.05 EUR. Language: fr."),
        (
            "messages",
            "almost",
            "Each sale that meets the condition shows it on the seller’s screen: “Nearly gold!”",
        ),
    ],
)
def test_the_programme_is_told_in_english(section: str, name: str, said: str, english: None) -> None:
    assert sentence(section, name) == said


def test_the_rules_that_sentences_speak_of_are_quoted(english: None) -> None:
    assert told()["earn", "Organic wine"].rules == (
        ("Condition", 'tiers.club == "cellar" || channel == "web"'),
        ("Lines", 'line.category == "wine" && line.organic'),
    )


def test_the_page_of_a_draft_says_it_in_words(client: Client) -> None:
    with settings.CAGNOTTE_POOL.connection() as conn:
        save_draft(conn, "in-words", RICH, actor=ANNE, now=datetime.now(UTC))

    page = text_of(client.get("/backoffice/programme/drafts/in-words/"))

    with settings.CAGNOTTE_POOL.connection() as conn:
        discard_draft(conn, "in-words", actor=ANNE, now=datetime.now(UTC), comment="")
    assert "How points are earned 7" in page
    assert "Cellar evening cellar-evening Each sale gives 25 points in “Loyalty points”." in page


def test_the_words_of_a_draft_with_faults_are_left_out(client: Client) -> None:
    with settings.CAGNOTTE_POOL.connection() as conn:
        save_draft(conn, "faulty-words", RICH.replace('"EUR"', '"EURO"'), actor=ANNE, now=datetime.now(UTC))

    page = text_of(client.get("/backoffice/programme/drafts/faulty-words/"))

    with settings.CAGNOTTE_POOL.connection() as conn:
        discard_draft(conn, "faulty-words", actor=ANNE, now=datetime.now(UTC), comment="")
    assert "Read the draft in words" not in page


ACCOUNTS = f"""{SMALL}accounting = {{ value = {{ points = 100, amount = 480 }}, breakage = 1250 }}
[accounting]
fiscal_year = "04-01"
entries = "daily"
portfolios = "store"
[accounting.accounts]
deferred = {{ number = 487200, name = {{ fr = "PCA fidélité", en = "Deferred loyalty" }} }}
revenue = {{ number = 707100 }}
"""


def test_accounts_are_said_in_words(english: None) -> None:
    assert sentence("accounting", "Points in the accounts", ACCOUNTS) == (
        "The company’s year begins on 1 April. Entries bear the day of what happened. Points of each store are"
        " looked at apart, and entries name the store. What was paid for points that are not used yet: 487200"
        " Deferred loyalty. The sales that it is taken from, and becomes: 707100 Sales of goods."
    )
    assert sentence("wallets", "points", ACCOUNTS).endswith(
        "In the accounts, 100 points are worth €4.80. In the accounts, 12.5 % of the points are expected never to"
        " be used."
    )
    assert ("accounting", "Points in the accounts") not in told(SMALL)


def test_accounts_are_said_in_french(screens: Shop) -> None:
    with translation.override("fr"):
        said = sentence("accounting", "Les points en comptabilité", ACCOUNTS)

    assert said.startswith(
        "L’exercice de l’entreprise commence le 1 avril. Les écritures portent le jour des faits."
    )
    assert said.endswith(
        "Ce qui a été payé pour des points encore inutilisés : 487200 PCA fidélité. Les ventes dont il est retiré,"
        " et où il revient : 707100 Ventes de marchandises."
    )
