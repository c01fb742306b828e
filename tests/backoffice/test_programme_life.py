"""Drafts on the screens: two people bring a changed programme into force, and what is refused on the way."""

from __future__ import annotations

import html
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.http import HttpResponse
from django.test import Client
from django.utils import translation

from backoffice.reading import text_of
from backoffice.shop import PASSWORD, PROGRAMME, Shop

DRAFTS = "/backoffice/programme/drafts/"


class Person:
    """A member of staff with a browser; `say` follows the answer to the page that it leads to."""

    def __init__(self, name: str, *permissions: str, language: str = "en") -> None:
        user = get_user_model().objects.create_user(name, password=PASSWORD, is_staff=True)
        known = apps.get_model("auth", "Permission").objects
        user.user_permissions.add(*known.filter(codename__in=["view_programmeversion", *permissions]))
        self.user = user
        self.client = Client(headers={"accept-language": language})
        self.client.force_login(user)

    def sees(self, path: str) -> str:
        return text_of(self.client.get(path))

    def text(self, draft: str) -> str:
        """What stands in the editor; a browser leaves the first line end out."""
        page = self.client.get(draft).content.decode()
        shown = page[page.index("<textarea") : page.index("</textarea>")]
        return html.unescape(shown.partition(">")[2]).removeprefix("\n")

    def does(self, path: str, **values: object) -> HttpResponse:
        return self.client.post(path, values, follow=True)


@pytest.fixture
def anne(screens: Shop) -> Iterator[Person]:
    """Writes drafts, asks for reviews, publishes."""
    person = Person("anne", "programme.draft", "programme.review", "programme.publish", "programme.approve")
    yield person
    person.user.delete()
    translation.deactivate()


@pytest.fixture
def bruno(screens: Shop) -> Iterator[Person]:
    """Approves."""
    person = Person("bruno", "programme.approve", "programme.retire")
    yield person
    person.user.delete()
    translation.deactivate()


def begun(person: Person, name: str, text: str = PROGRAMME.replace("/ 100", "/ 50")) -> str:
    """The address of a draft that the person wrote."""
    person.does("/backoffice/programme/new-draft/", name=name, start="1")
    person.does(f"{DRAFTS}{name}/save/", document=text, revision="1")
    return f"{DRAFTS}{name}/"


def test_a_draft_is_reviewed_approved_by_another_published_for_later_and_withdrawn(
    anne: Person, bruno: Person
) -> None:
    draft = begun(anne, "spring")

    asked = text_of(anne.does(f"{draft}act/review/", revision="2", comment="Twice the points in spring"))
    approved = text_of(bruno.does(f"{draft}act/approve/", revision="2"))
    published = text_of(anne.does(f"{draft}act/publish/", revision="2", begins="2199-03-01T00:00"))
    versions = bruno.sees("/backoffice/programme/")
    withdrawn = text_of(bruno.does("/backoffice/programme/retire/2/end/"))

    assert "spring In review" in asked
    assert "You wrote in it: a second person must approve it." in asked
    assert "Points: “eligible.paid / 100” becomes “eligible.paid / 50”." in bruno.sees(draft)
    assert "bruno approved revision 2." in approved
    assert "Published as version 2." in published
    assert "maison 2 Coming Mar 1, 2199, 00:00 anne bruno" in versions
    assert "maison 2 Withdrawn" in withdrawn
    assert "maison 1 In force The beginning – published directly" in withdrawn


def test_an_author_who_may_approve_still_cannot_approve_a_draft_of_their_own(anne: Person, bruno: Person) -> None:
    draft = begun(anne, "own")
    anne.does(f"{draft}act/review/", revision="2")

    refused = anne.does(f"{draft}act/approve/", revision="2")

    assert "anne wrote in the draft “own”: a second person must approve it" in refused.content.decode()
    assert "own In review" in bruno.sees(draft)


def test_faults_stand_above_the_text_with_their_lines(anne: Person) -> None:
    draft = begun(anne, "faulty", PROGRAMME.replace("eligible.paid", "eligible.payd", 1))

    page = anne.client.get(draft)
    refused = anne.does(f"{draft}act/review/", revision="2")

    assert "1 fault Line 20 “eligible” has no field “payd”. Did you mean “paid”?" in text_of(page)
    assert '<script id="cg-fault-lines" type="application/json">[20]</script>' in page.content.decode()
    assert "The text has faults: correct them first." in refused.content.decode()
    assert "Correct the faults: then the draft can go to review." in text_of(refused)


def test_what_somebody_else_saved_is_not_overwritten_and_nothing_typed_is_lost(anne: Person) -> None:
    draft = begun(anne, "both")
    second = Person("chloe", "programme.draft")
    second.does(f"{draft}save/", document=PROGRAMME, revision="2")

    refused = anne.client.post(f"{draft}save/", {"document": PROGRAMME + "# mine", "revision": "2"})
    second.user.delete()

    assert refused.status_code == 409
    page = refused.content.decode()
    assert "chloe saved the draft “both” since you read it" in page
    assert "# mine</textarea>" in page
    assert "# mine" not in anne.client.get(draft).content.decode()


def test_a_form_changes_one_field_and_keeps_every_comment(anne: Person) -> None:
    text = PROGRAMME.replace("[[tiers]]", "# From 200 EUR on.\n[[tiers]]", 1)
    draft = begun(anne, "form", text)

    form = anne.sees(f"{draft}part/tiers/silver/")
    anne.does(
        f"{draft}part/tiers/silver/",
        **{"revision": "2", "name.fr": "Argent", "name.en": "Sterling", "reach.spend": "250,50"},
    )

    assert "Spend to reach it (EUR)" in form
    changed = text.replace('en = "Silver"', 'en = "Sterling"').replace("spend = 20000", "spend = 25050")
    assert anne.text(draft) == changed


def test_an_amount_that_is_no_number_is_said_beside_its_field(anne: Person) -> None:
    draft = begun(anne, "amount")

    page = anne.does(f"{draft}part/tiers/silver/", revision="2", **{"reach.spend": "much"})

    assert "“much” is not a number." in text_of(page)
    assert "spend = 20000" in anne.text(draft)


def test_a_rule_is_added_then_taken_out_again(anne: Person) -> None:
    draft = begun(anne, "rules")

    added = text_of(anne.does(f"{draft}add-rule/", revision="2"))
    text_with = anne.text(draft)
    anne.does(f"{draft}part/earn/rule-1/remove/", revision="3")

    assert added.startswith("Earn rule “rule-1”")
    assert '[[earn]]\ncode = "rule-1"\npoints = 0\n' in text_with
    assert anne.text(draft) == PROGRAMME.replace("/ 100", "/ 50")


def test_who_may_not_draft_sees_the_text_and_cannot_change_it(anne: Person, bruno: Person) -> None:
    draft = begun(anne, "seen")

    page = bruno.client.get(draft).content.decode()
    refused = bruno.does(f"{draft}save/", document="x", revision="2")

    assert "readonly" in page
    assert "Save the text" not in page
    assert "bruno may not do this: the permission programme.draft is missing." in refused.content.decode()


def test_acts_are_refused_without_the_permission_to_view_programmes(seller: Client) -> None:
    assert seller.get("/backoffice/programme/new-draft/").status_code == 403
    assert seller.post("/backoffice/programme/retire/1/end/").status_code == 403


def test_a_draft_in_french_speaks_french_throughout(anne: Person) -> None:
    draft = begun(anne, "langue")

    page = text_of(anne.client.get(draft, headers={"accept-language": "fr"}))

    assert "« eligible.paid / 100 » devient « eligible.paid / 50 »" in page.replace("\xa0", " ")
    assert "becomes" not in page
