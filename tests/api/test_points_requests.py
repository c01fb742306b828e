"""Acts by hand above a ceiling through the API: asked, listed, answered, taken back; and closed members."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import psycopg
import pytest

from api.shop import NOW, PROGRAMME, Caller, rows
from cagnotte.application.staff_people import link_person
from cagnotte.storage.api_keys import Scope, create_api_key
from cli.running import run

CEILINGS = f"""{PROGRAMME}
[[adjustments.ceilings]]
most = 100
[[adjustments.ceilings]]
role = "managers"
most = 5000
"""


@pytest.fixture
def limited(shop: psycopg.Connection, database: str) -> psycopg.Connection:
    """The shop with ceilings; Olga is a manager, Quentin is not."""
    for name in ("olga", "quentin"):
        added = run(database, "staff", "add", name, "--password-stdin", given="a long enough password\n")
        assert added.code == 0, added.err
    shop.execute("INSERT INTO auth_group (name) VALUES ('managers')")
    shop.execute(
        "INSERT INTO auth_user_groups (user_id, group_id)"
        " SELECT u.id, g.id FROM auth_user u, auth_group g WHERE u.username = 'olga'"
    )
    begun = NOW - timedelta(days=1)
    row = ("maison", begun, begun, CEILINGS)
    shop.execute("INSERT INTO programme_version VALUES (%s, 2, %s, %s, %s, 'with ceilings')", row)
    return shop


def bound(app: Any, shop: psycopg.Connection, staff: str) -> Caller:
    return Caller(app, create_api_key(shop, staff, list(Scope), staff=staff))


def adjust(api: Caller, points: int = 500, *, by: str = "anne", key: str = "k", member: str = "carol") -> Any:
    body = {"points": points, "reason": "late delivery", "made_by": by}
    return api.call("POST", f"/v1/members/{member}/adjustments", body, Idempotency_Key=key)


def answer(api: Caller, verb: str, request: str, **body: str) -> Any:
    return api.call("POST", f"/v1/points-requests/{request}:{verb}", {"reason": "she waited", **body})


def test_above_the_ceiling_it_waits_until_another_person_approves(
    app: Any, api: Caller, limited: psycopg.Connection
) -> None:
    olga = bound(app, limited, "olga")
    asked = adjust(api)
    listed = olga.call("GET", "/v1/points-requests")
    posted = rows(limited, "ledger_transfer")

    first = answer(olga, "approve", asked.json["request"])
    again = answer(olga, "approve", asked.json["request"])
    ended = olga.call("GET", "/v1/points-requests?state=ended")

    assert (asked.status_code, posted) == (202, 0)
    assert (asked.json["points"], asked.json["above"], asked.json["most"]) == (500, "gesture", 100)
    assert listed.json == {"requests": [asked.json], "next": None}
    assert (first.status_code, first.json["points"], first.json["balances"][0]["points"]) == (201, 500, 500)
    assert (again.text, again.headers["idempotent-replayed"]) == (first.text, "true")
    assert rows(limited, "ledger_transfer") == 1
    assert [each["end"]["how"] for each in ended.json["requests"]] == ["approved"]


def test_a_key_that_is_nobodys_approves_nothing_and_a_persons_key_speaks_for_that_person(
    app: Any, api: Caller, limited: psycopg.Connection
) -> None:
    olga, quentin = bound(app, limited, "olga"), bound(app, limited, "quentin")
    request = adjust(api).json["request"]
    own = adjust(olga, 6000, by="Olga", key="own").json["request"]

    refused = [
        answer(api, "approve", request),
        answer(quentin, "approve", request),
        adjust(quentin, by="olga", key="other"),
        answer(olga, "approve", own),
        answer(olga, "withdraw", request, made_by="olga"),
        answer(quentin, "withdraw", request, made_by="anne"),
    ]

    assert [(each.status_code, each.json["code"]) for each in refused] == [
        (403, "person_needed"),
        (403, "ceiling_too_low"),
        (403, "key_of_another"),
        (403, "approval_by_asker"),
        (403, "not_the_asker"),
        (403, "key_of_another"),
    ]
    assert rows(limited, "ledger_transfer") == 0


def test_ones_own_account_is_forbidden_with_the_reason_in_words(
    app: Any, api: Caller, limited: psycopg.Connection
) -> None:
    link_person(limited, "olga", "carol")
    olga = bound(app, limited, "olga")
    request = adjust(api).json["request"]

    refused = [adjust(olga, 1, by="olga", key="own"), adjust(api, 1, by="OLGA", key="named"),
               answer(olga, "approve", request), answer(olga, "refuse", request)]  # fmt: skip

    assert {(each.status_code, each.json["code"]) for each in refused} == {(403, "own_account")}
    assert "olga is the member carol" in refused[0].json["detail"]
    assert adjust(olga, 1, by="olga", key="dave", member="dave").status_code == 201


def test_a_persons_key_does_what_the_person_may_today(app: Any, api: Caller, limited: psycopg.Connection) -> None:
    olga, request = bound(app, limited, "olga"), adjust(api).json["request"]
    limited.execute("UPDATE auth_user SET is_superuser = false WHERE username = 'olga'")
    lacks = [
        adjust(olga, 1, by="olga", key="own"),
        answer(olga, "approve", request),
        answer(olga, "refuse", request),
    ]
    limited.execute("UPDATE auth_user SET is_active = false WHERE username = 'olga'")
    gone = [adjust(olga, 1, by="olga", key="own"), answer(olga, "approve", request)]

    assert [(each.status_code, each.json["code"]) for each in lacks] == [(403, "not_allowed")] * 3
    assert "olga, for whom this key speaks, lacks the permission points.adjust" in lacks[0].json["detail"]
    assert [(each.status_code, each.json["code"]) for each in gone] == [(403, "unknown_staff")] * 2
    assert rows(limited, "ledger_transfer") == 0


def test_a_refused_and_a_withdrawn_request_are_over(app: Any, api: Caller, limited: psycopg.Connection) -> None:
    olga = bound(app, limited, "olga")
    refused, withdrawn = (adjust(api, key=key).json["request"] for key in ("a", "b"))

    first = answer(olga, "refuse", refused)
    again = answer(olga, "refuse", refused)
    taken = answer(api, "withdraw", withdrawn, made_by="anne")
    late = [answer(olga, "approve", each) for each in (refused, withdrawn)]

    assert (first.status_code, first.json["end"]["how"], first.json["end"]["ended_by"]) == (200, "refused", "olga")
    assert again.json == first.json
    assert (taken.status_code, taken.json["end"]["how"]) == (200, "withdrawn")
    assert [(each.status_code, each.json["code"]) for each in late] == [(409, "request_over")] * 2
    assert rows(limited, "ledger_transfer") == 0


def test_a_request_needs_the_books_that_were_looked_at(api: Caller, limited: psycopg.Connection) -> None:
    body = {"points": 500, "reason": "late delivery", "made_by": "anne"}

    stale = api.call("POST", "/v1/members/carol/adjustments", body, Idempotency_Key="v", If_Match='"7"')

    assert (stale.status_code, stale.json["code"], rows(limited, "points_request")) == (412, "books_changed", 0)


@pytest.mark.parametrize("state", ["closed", "OPEN"])
def test_the_list_knows_two_states(api: Caller, limited: psycopg.Connection, state: str) -> None:
    refused = api.call("GET", f"/v1/points-requests?state={state}")

    assert (refused.status_code, refused.json["code"]) == (400, "bad_request")


def test_a_closed_member_is_told_so_and_opened_again(api: Caller, shop: psycopg.Connection) -> None:
    body = {"reason": "asked to leave", "made_by": "anne"}
    closed = api.call("POST", "/v1/members/carol:close", body, Idempotency_Key="c")
    again = api.call("POST", "/v1/members/carol:close", body, Idempotency_Key="c")
    refused = adjust(api, 5)
    french = api.call("POST", "/v1/members/carol/burns", {"points": 5}, Idempotency_Key="b", Accept_Language="fr")
    shown = api.call("GET", "/v1/members/carol")

    assert (closed.status_code, again.text) == (201, closed.text)
    assert (refused.status_code, refused.json["refusals"][0]["code"]) == (409, "member_closed")
    assert french.json["refusals"][0]["message"].startswith("Le compte du membre est clôturé")
    assert shown.json["closed_on"] == "2026-03-10"
    assert api.call("POST", "/v1/members/carol:reopen", body, Idempotency_Key="o").status_code == 201
    assert api.call("GET", "/v1/members/carol").json["closed_on"] is None
    assert adjust(api, 5, key="after").status_code == 201
