"""A rich programme in a real browser: its words can be found, folded and read at a desk and on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.conf import settings
from playwright.sync_api import expect

from backoffice.browser import Walk
from backoffice.shop import Shop
from backoffice.test_browser import address, browser, walk
from backoffice.words import RICH
from cagnotte.application.draft_programme import discard_draft, save_draft
from cagnotte.application.programme_staff import EVERYTHING, Actor

__all__ = ["address", "browser", "walk"]

MANY = "".join(f'[[earn]]\ncode = "shelf-{number}"\nwhen = "weekday == 1"\npoints = 1\n' for number in range(100))
ANNE = Actor("anne", EVERYTHING, "backoffice")


@pytest.fixture
def rich_draft(screens: Shop) -> Iterator[str]:
    """The address of a draft of the rich programme with a hundred rules more."""
    with settings.CAGNOTTE_POOL.connection() as conn:
        save_draft(conn, "rich", f"{RICH}\n{MANY}", actor=ANNE, now=datetime.now(UTC))
    yield "/backoffice/programme/drafts/rich/"
    with settings.CAGNOTTE_POOL.connection() as conn:
        discard_draft(conn, "rich", actor=ANNE, now=datetime.now(UTC), comment="")


@pytest.mark.parametrize(
    "walk",
    [
        {"name": "desk-en"},
        {"name": "desk-fr", "locale": "fr"},
        {"name": "desk-dark-fr", "locale": "fr", "color_scheme": "dark"},
        {"name": "phone-en", "viewport": {"width": 390, "height": 844}},
        {"name": "phone-fr", "locale": "fr", "viewport": {"width": 390, "height": 844}},
    ],
    indirect=True,
    ids=lambda chosen: chosen["name"],
)
def test_a_hundred_rules_are_folded_and_every_section_is_one_step_away(walk: Walk, rich_draft: str) -> None:
    walk.sign_in()
    walk.go(rich_draft)

    walk.page.locator("#in-words > summary").click()
    walk.page.locator(".cg-contents a[href='#offers']").click()

    assert walk.page.locator("#offers").bounding_box()["y"] < 844
    expect(walk.page.locator(".cg-contents a[href='#earn'] .cg-count")).to_have_text("107")
    expect(walk.page.locator("#earn li:visible")).to_have_count(12)
    walk.keep("programme-in-words")
    walk.page.locator("#earn .cg-rest summary").click()
    expect(walk.page.locator("#earn li:visible")).to_have_count(107)
    assert walk.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert walk.faults == []
