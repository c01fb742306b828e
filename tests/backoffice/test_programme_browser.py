"""The draft's page in a real browser: line numbers, faults that lead to their line, no fault of our own."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.conf import settings
from playwright.sync_api import expect

from backoffice.browser import Walk
from backoffice.shop import PROGRAMME, Shop
from backoffice.test_browser import address, browser, walk
from cagnotte.application.draft_programme import save_draft
from cagnotte.application.programme_staff import EVERYTHING, Actor

__all__ = ["address", "browser", "walk"]

FAULTY = PROGRAMME.replace("eligible.paid", "eligible.payd", 1)


@pytest.fixture
def faulty_draft(screens: Shop) -> str:
    """The address of a draft with a fault on line 17."""
    anne = Actor("anne", EVERYTHING, "backoffice")
    with settings.CAGNOTTE_POOL.connection() as conn:
        save_draft(conn, "in-browser", FAULTY, actor=anne, now=datetime.now(UTC))
    return "/backoffice/programme/drafts/in-browser/"


@pytest.mark.parametrize(
    "walk",
    [
        {"name": "desk-en"},
        {"name": "desk-dark-fr", "locale": "fr", "color_scheme": "dark"},
        {"name": "phone-fr", "locale": "fr", "viewport": {"width": 390, "height": 844}},
    ],
    indirect=True,
    ids=lambda chosen: chosen["name"],
)
def test_a_fault_leads_to_its_line(walk: Walk, faulty_draft: str) -> None:
    walk.sign_in()
    walk.go(faulty_draft)

    walk.page.locator("[data-line='20']").click()

    chosen = (
        "(() => { const t = document.activeElement; return t.value.slice(t.selectionStart, t.selectionEnd) })()"
    )
    assert walk.page.evaluate(chosen) == 'points = "eligible.payd / 100"'
    expect(walk.page.locator(".cg-lines span")).to_have_count(FAULTY.count("\n") + 1)
    expect(walk.page.locator(".cg-line-fault")).to_have_text("20")
    walk.keep("programme-draft")
    assert walk.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert walk.faults == []
