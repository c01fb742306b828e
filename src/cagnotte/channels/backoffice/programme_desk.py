"""What the pages of drafts share: who is at the desk, the programme in force if there is one, and refusals."""

from datetime import UTC, datetime
from functools import wraps
from typing import Any

import msgspec
import psycopg
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language

from cagnotte.application.errors import NoProgramme, RequestError
from cagnotte.application.programme_staff import Actor, Permission
from cagnotte.application.published import Published, load_published
from cagnotte.channels.backoffice.pages import View
from cagnotte.channels.wording import Speech, speech
from cagnotte.channels.wording.programme_acts import refusal

_VIEW = "cagnotte.view_programmeversion"


class Desk(msgspec.Struct, frozen=True):
    """A connection for the length of one request, and the person; `published` None: no programme yet."""

    conn: psycopg.Connection
    published: Published | None
    actor: Actor

    @property
    def text_in_force(self) -> str | None:
        return self.published.current.document if self.published else None


def desk_page(view: View) -> View:
    """A page for who may view programmes; it gets the Desk, and runs on the programme's time zone."""

    @wraps(view)
    def shown(request: HttpRequest, **values: Any) -> HttpResponse:
        if not request.user.has_perm(_VIEW):
            raise PermissionDenied
        with settings.CAGNOTTE_POOL.connection() as conn:
            published = _published(conn)
            with timezone.override(published.zone if published else UTC):
                return view(request, Desk(conn, published, actor_of(request)), **values)

    return shown


def actor_of(request: HttpRequest) -> Actor:
    """The person who is signed in, with the permissions of the account."""
    held = frozenset(each for each in Permission if request.user.has_perm(f"cagnotte.{each.value}"))
    return Actor(request.user.get_username(), held, "backoffice")


def reader() -> Speech:
    """The speech of the reader's language, for the sentences that the command line says too."""
    return speech("fr" if (get_language() or "").startswith("fr") else "en")


def refused(request: HttpRequest, error: RequestError, page: str, **values: Any) -> HttpResponse:
    """Back to the page, with the reason on top of it."""
    messages.error(request, refusal(error, reader()))
    return redirect(f"admin:{page}", **values)


def asked_instant(request: HttpRequest, name: str) -> datetime | None:
    """The instant of a date and time field, on the programme's clock; None: left empty, or unreadable."""
    try:
        local = datetime.fromisoformat(request.POST.get(name, ""))
    except ValueError:
        return None
    return local if local.tzinfo else timezone.make_aware(local)


def _published(conn: psycopg.Connection) -> Published | None:
    try:
        return load_published(conn)
    except NoProgramme:
        return None
