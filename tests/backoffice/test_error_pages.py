"""What people read when a page is not there, not theirs, or broken: in their language, on a page of its own."""

from __future__ import annotations

import pytest
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.utils import translation
from django.views.defaults import bad_request, server_error

from backoffice.shop import PASSWORD, Shop

HEADINGS = {
    400: {"en": "This request cannot be read", "fr": "Cette demande est illisible"},
    403: {"en": "You may not see this", "fr": "Vous ne pouvez pas voir ceci"},
    404: {"en": "There is nothing here", "fr": "Il n’y a rien ici"},
    500: {"en": "Something went wrong on our side", "fr": "Une erreur s’est produite de notre côté"},
}


def shows(page: str, status: int, language: str) -> None:
    assert f'<html lang="{language}">' in page
    assert f"<h1>{HEADINGS[status][language]}</h1>" in page
    assert f"Cagnotte · {status}" in page
    assert 'href="/"' in page
    assert "<script" not in page


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("path", ["/nothing/", "/backoffice/members/99/", "/backoffice/nothing/at/all/"])
def test_what_is_not_there_is_said_in_the_readers_language(client: Client, path: str, language: str) -> None:
    answer = client.get(path, headers={"accept-language": language})

    assert answer.status_code == 404
    shows(answer.content.decode(), 404, language)
    assert "/nothing" not in answer.content.decode()  # what was asked is never written back


@pytest.mark.parametrize("language", ["en", "fr"])
def test_what_is_not_theirs_is_said_in_the_readers_language(seller: Client, language: str) -> None:
    answer = seller.get("/backoffice/members/", headers={"accept-language": language})

    assert answer.status_code == 403
    shows(answer.content.decode(), 403, language)


@pytest.mark.parametrize(
    ("language", "heading"), [("en", "This form is too old"), ("fr", "Ce formulaire est trop ancien")]
)
def test_a_form_without_its_token_is_told_what_to_do(screens: Shop, language: str, heading: str) -> None:
    client = Client(enforce_csrf_checks=True, headers={"accept-language": language})

    answer = client.post("/backoffice/login/", {"username": "head", "password": PASSWORD})

    assert answer.status_code == 403
    assert f"<h1>{heading}</h1>" in answer.content.decode()


@pytest.fixture
def request_of_anyone(screens: Shop) -> HttpRequest:
    return RequestFactory().get("/backoffice/")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_what_fails_is_said_without_the_database_and_without_the_frame(
    request_of_anyone: HttpRequest, language: str
) -> None:
    with translation.override(language):
        broken = server_error(request_of_anyone)
        unread = bad_request(request_of_anyone, ValueError("what it was stays in the log"))

    shows(broken.content.decode(), 500, language)
    shows(unread.content.decode(), 400, language)
    assert b"stays in the log" not in unread.content
