"""What people read when the database is away, full or busy: 503, a page that needs neither it nor the frame."""

import logging
import sys
from collections.abc import Callable

import psycopg
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.defaults import server_error
from psycopg_pool import PoolTimeout

from cagnotte.storage.trouble import Trouble, trouble_of

RETRY_AFTER_S = {Trouble.UNAVAILABLE: 5, Trouble.FULL: 30, Trouble.BUSY: 2}

_LOOKS_S = 0.3

_log = logging.getLogger("cagnotte.backoffice")


class Troubles:
    """Middleware: what a view could not do because of the database is no defect, and leaves one line of log."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return _told(request, error)


def failed(request: HttpRequest) -> HttpResponse:
    """Django's handler500: what failed outside of a view, such as keeping who is signed in."""
    return _told(request, sys.exception()) or server_error(request)


def _trouble(error: BaseException) -> Trouble | None:
    """Django's pool has nothing to give when all wait and when the database is away: ask which it is."""
    if isinstance(error, PoolTimeout) and _is_away():
        return Trouble.UNAVAILABLE
    return trouble_of(error)


def _is_away() -> bool:
    try:
        with settings.CAGNOTTE_POOL_ASIDE.connection(timeout=_LOOKS_S):
            return False
    except PoolTimeout:
        return False
    except psycopg.OperationalError:
        return True


def _told(request: HttpRequest, error: BaseException | None) -> HttpResponse | None:
    trouble = None
    while trouble is None and error is not None:
        trouble, error = _trouble(error), error.__cause__  # Django's errors have ours as their cause
    if trouble is None:
        return None
    _log.error("%s page=%s", trouble.value, getattr(request.resolver_match, "view_name", None))
    page = render_to_string("503.html", {"trouble": trouble.value, "again": request.method == "GET"})
    return HttpResponse(page, status=503, headers={"Retry-After": str(RETRY_AFTER_S[trouble])})
