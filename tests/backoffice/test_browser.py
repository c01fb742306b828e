from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from backoffice.browser import Walk, launch, served
from backoffice.shop import ANNA, PASSWORD, Shop
from cagnotte.host.web import make_django_app

PAGES = [
    "",
    "members/",
    f"members/{ANNA}/",
    "approvals/",
    "sales/",
    "stores/",
    "programme/",
    "auth/user/",
    "auth/group/",
]


@pytest.fixture(scope="module")
def address(screens: Shop) -> Iterator[str]:
    with served(make_django_app()) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = launch(playwright.chromium)
        yield browser
        browser.close()


@pytest.fixture
def walk(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Walk]:
    """An English reader at a desk, unless the test says otherwise."""
    chosen: dict[str, Any] = getattr(request, "param", {})
    name = chosen.get("name", "desk")
    options = {key: value for key, value in chosen.items() if key != "name"}
    context = browser.new_context(
        **{"locale": "en", "viewport": {"width": 1440, "height": 900}, "reduced_motion": "reduce", **options}
    )
    yield Walk(context.new_page(), address, name)
    context.close()


def test_a_head_office_signs_in_finds_a_member_and_opens_a_sale(walk: Walk) -> None:
    walk.sign_in()
    expect(walk.page.locator("main h1")).to_have_text("Dashboard")

    walk.page.get_by_role("link", name="Members").click()
    walk.page.get_by_placeholder("Name, card, e-mail, phone or id").fill("martin")
    walk.page.keyboard.press("Enter")
    walk.page.get_by_role("link", name="anna").click()
    walk.page.get_by_role("link", name="T1", exact=True).click()

    expect(walk.page.locator("#explanation")).to_contain_text("Tuesday evening")
    assert walk.faults == []


def test_the_whole_walk_works_from_the_keyboard(walk: Walk) -> None:
    page = walk.page
    walk.go("/backoffice/")
    walk.tab_to(lambda said: said == "username")
    page.keyboard.type("head")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    walk.enter()

    walk.tab_to(lambda said: said == "How is this computed: Active rate")
    page.keyboard.press("Enter")
    expect(page.get_by_text("divided by all members enrolled by then")).to_be_visible()

    walk.tab_to(lambda said: said.splitlines()[-1:] == ["Members"])
    walk.enter()
    walk.tab_to(lambda said: said == "q")
    page.keyboard.type("martin")
    walk.enter()
    walk.tab_to(lambda said: said == "anna")
    walk.enter()
    walk.tab_to(lambda said: said == "Why these points: sale T1")
    walk.enter()
    expect(page.locator("#explanation")).to_contain_text("Tuesday evening")

    walk.tab_to(lambda said: said == "language")
    page.keyboard.press("Tab")
    walk.enter()
    expect(page.locator("#explanation")).to_contain_text("Mardi soir")
    assert walk.faults == []


@pytest.mark.parametrize("walk", [{"name": "no-script", "java_script_enabled": False}], indirect=True)
def test_pages_and_the_language_switch_work_without_script(walk: Walk) -> None:
    walk.sign_in()

    walk.page.get_by_role("button", name="Français").click()

    expect(walk.page.locator("main h1")).to_have_text("Tableau de bord")
    walk.page.locator("summary", has_text="Les mêmes chiffres en tableau").first.click()
    expect(walk.page.get_by_role("cell", name="230,00").first).to_be_visible()
    walk.keep("dashboard")


def test_the_charts_are_drawn(walk: Walk) -> None:
    walk.sign_in()

    expect(walk.page.locator("[data-chart] svg")).to_have_count(4)
    assert walk.faults == []


@pytest.mark.parametrize(
    "walk",
    [
        {"name": "desk-en"},
        {"name": "desk-dark-fr", "locale": "fr", "color_scheme": "dark"},
        {"name": "phone-fr", "locale": "fr", "viewport": {"width": 390, "height": 844}},
        {"name": "phone-dark-en", "color_scheme": "dark", "viewport": {"width": 390, "height": 844}},
    ],
    indirect=True,
    ids=lambda chosen: chosen["name"],
)
def test_every_page_fits_its_screen_without_a_fault(walk: Walk, screens: Shop) -> None:
    walk.go("/backoffice/login/")
    walk.keep("login")
    walk.sign_in()

    for path in [*(f"/backoffice/{page}" for page in PAGES), screens.sale("T1"), screens.store("10")]:
        walk.go(path)
        walk.page.wait_for_load_state("networkidle")
        walk.keep(_picture_of(path))
        assert walk.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path

    assert walk.faults == []


def _picture_of(path: str) -> str:
    words = [word for word in path.split("/")[2:] if word and not word.lstrip("-").isdecimal()]
    details = {f"/backoffice/members/{ANNA}/": "member"}
    if path.startswith(("/backoffice/sales/", "/backoffice/stores/")) and path.count("/") > 3:
        return words[0].removesuffix("s")
    return details.get(path, "-".join(words) or "dashboard")
