"""One round of the pages, in a process of its own: the program has just started and knows nothing yet.

python -m benchmarks.pages_round FOLDER WARM_VISITS: one JSON object on the standard output.
"""

import secrets
import sys
import time
from pathlib import Path

import msgspec
import psycopg
from django.contrib.auth import get_user_model

from benchmarks.result import BenchFailed
from benchmarks.statements import Statements, watched_statements
from benchmarks.wsgi_client import WsgiClient
from cagnotte.host.secrets import shop_secrets
from cagnotte.host.settings import Settings
from cagnotte.host.shop import OpenShop
from cagnotte.host.web import close_django, ensure_staff_user, migrate_django
from cagnotte.host.wsgi import make_app

_USER = "bench"
_OFFICE = "/backoffice/"
_LOGIN = f"{_OFFICE}login/"
_OK, _FOUND = 200, 302
_BUSIEST_MEMBER = "SELECT member_id FROM sale WHERE member_id > 0 GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"
_LONGEST_SALE = "SELECT member_id, sale_id FROM sale WHERE member_id > 0 ORDER BY line_count DESC, sale_id LIMIT 1"
_BUSIEST_STORE = "SELECT store_id FROM sale GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"


class Visit(msgspec.Struct, frozen=True):
    """One page answered: milliseconds in all, of them in SQL, number of statements, bytes of the answer."""

    ms: float
    sql_ms: float
    statements: int
    size: int


class PagesRound(msgspec.Struct, frozen=True):
    """Page -> the first visit, and the visits after it."""

    cold: dict[str, Visit]
    warm: dict[str, list[Visit]]


def visit_pages(folder: Path, warm_visits: int) -> PagesRound:
    """Start the program on the shop of `folder`, sign in, and visit every page once, then `warm_visits` times."""
    shop = OpenShop(Settings(data_dir=folder))
    try:
        dsn = shop.dsn()
        app = make_app(dsn, shop_secrets(folder).session_key, ("127.0.0.1",), threads=1, connections=3)
        migrate_django(dsn)
        try:
            return _visits(WsgiClient(app), dsn, warm_visits)
        finally:
            get_user_model().objects.filter(username=_USER).delete()
            close_django()
    finally:
        shop.close()


def _visits(client: WsgiClient, dsn: str, warm_visits: int) -> PagesRound:
    _sign_in(client)
    pages = _pages(dsn)
    with watched_statements() as seen:
        cold = {name: _visit(client, path, seen) for name, path in pages.items()}
        warm: dict[str, list[Visit]] = {name: [] for name in pages}
        for _ in range(warm_visits):
            for name, path in pages.items():
                warm[name].append(_visit(client, path, seen))
    return PagesRound(cold, warm)


def _visit(client: WsgiClient, path: str, seen: Statements) -> Visit:
    seen.clear()
    begun = time.perf_counter()
    answer = client.get(path)
    ms = 1_000 * (time.perf_counter() - begun)
    if answer.status != _OK:
        raise BenchFailed(f"{path} answered {answer.status}")
    return Visit(ms, 1_000 * seen.seconds, seen.count, len(answer.body))


def _sign_in(client: WsgiClient) -> None:
    """With an account of the bench's own, deleted in the end: the demo's password stays what it is."""
    password = secrets.token_urlsafe()
    ensure_staff_user(_USER, password)
    client.get(_LOGIN)
    form = {"username": _USER, "password": password, "csrfmiddlewaretoken": client.cookie("csrftoken")}
    answer = client.post(_LOGIN, form | {"next": _OFFICE})
    if answer.status != _FOUND:
        raise BenchFailed(f"signing in answered {answer.status}")


def _pages(dsn: str) -> dict[str, str]:
    """Page -> path; of members, sales and stores the one with the most to show."""
    with psycopg.connect(dsn) as conn:
        member = _one(conn, _BUSIEST_MEMBER)
        sale = _one(conn, _LONGEST_SALE)
        store = _one(conn, _BUSIEST_STORE)
    return {
        "dashboard": _OFFICE,
        "members": f"{_OFFICE}members/",
        "member": f"{_OFFICE}members/{member[0]}/",
        "sales": f"{_OFFICE}sales/",
        "sale": f"{_OFFICE}sales/{sale[0]}/{sale[1]}/",
        "stores": f"{_OFFICE}stores/",
        "store": f"{_OFFICE}stores/{store[0]}/",
        "programme": f"{_OFFICE}programme/",
    }


def _one(conn: psycopg.Connection, query: str) -> tuple[int, ...]:
    row = conn.execute(query.encode()).fetchone()
    if row is None:
        raise BenchFailed("the database holds no sale of a member")
    return tuple(row)


if __name__ == "__main__":
    print(msgspec.json.encode(visit_pages(Path(sys.argv[1]), int(sys.argv[2]))).decode())
