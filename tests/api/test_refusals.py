"""Bad input to acts on points: a typed refusal in words, nothing posted, the same answer when repeated."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import psycopg
import pytest

from api.shop import NOW, PROGRAMME, SALE, Caller
from cagnotte.channels.wording.refusal_words import REFUSALS
from cagnotte.channels.wording.speech import speech
from cagnotte.domain.evaluator.decision import RefusalCode
from cagnotte.domain.kernel import MemberId
from cagnotte.storage.members import Member, add_members

BEFORE = (NOW - timedelta(days=401)).isoformat()  # the day before the programme began
BY_HAND = {"reason": "late delivery", "made_by": "anne.martin"}
_LATER = {"until": "2029-01-01"}

BAD: list[tuple[str, dict[str, Any], int, str]] = [
    ("burns", {"points": 0}, 422, "out_of_range"),
    ("burns", {"points": -5}, 422, "out_of_range"),
    ("burns", {"points": 26}, 409, "insufficient_points"),
    ("burns", {"points": 2**53 + 1}, 422, "out_of_range"),
    ("burns", {"points": 2**64}, 422, "out_of_range"),
    ("burns", {"points": 5.5}, 422, "wrong_type"),
    ("burns", {"points": "5"}, 422, "wrong_type"),
    ("burns", {"points": 5, "wallet": "stars"}, 409, "unknown_wallet"),
    ("burns", {"points": 5, "at": BEFORE}, 409, "no_programme"),
    ("burns", {"points": 5, "at": (NOW + timedelta(days=1)).isoformat()}, 422, "act_in_future"),
    ("holds", {"points": 0}, 422, "out_of_range"),
    ("holds", {"points": 26}, 409, "insufficient_points"),
    ("holds/17:confirm", {}, 404, "unknown_hold"),
    ("transfers", {"points": 5, "to": "carol"}, 409, "to_oneself"),
    ("transfers", {"points": 0, "to": "dave"}, 422, "out_of_range"),
    ("transfers", {"points": 26, "to": "dave"}, 409, "insufficient_points"),
    ("transfers", {"points": 5, "to": "nobody"}, 404, "unknown_member"),
    ("transfers", {"points": 5, "to": "erin"}, 409, "member_closed"),
    ("transfers", {"points": 5, "to": "dave", "at": BEFORE}, 409, "no_programme"),
    ("exchanges", {"exchange": "to-miles"}, 409, "unknown_exchange"),
    ("purchases", {"points": 100}, 409, "not_for_sale"),
    ("adjustments", {"points": 0, **BY_HAND}, 409, "points_must_be_positive"),
    ("adjustments", {"points": -26, **BY_HAND}, 409, "insufficient_points"),
    ("adjustments", {"points": 2**53 + 1, **BY_HAND}, 422, "out_of_range"),
    ("adjustments", {"points": 5, "made_by": "anne.martin"}, 422, "missing_field"),
    ("adjustments", {"points": 5, "made_by": "anne.martin", "reason": " "}, 422, "reason_missing"),
    ("adjustments", {"points": 5, "reason": "late delivery"}, 422, "missing_field"),
    ("adjustments", {"points": 5, "at": BEFORE, **BY_HAND}, 409, "no_programme"),
    ("extensions", {**_LATER, "made_by": "anne.martin", "reason": ""}, 422, "reason_missing"),
    ("extensions", {"until": "2026-04-01", **BY_HAND}, 409, "nothing_to_extend"),
    ("reinstatements", {**_LATER, **BY_HAND, "points": 5}, 409, "more_than_expired"),
    ("reinstatements", {**_LATER, **BY_HAND, "points": 0}, 422, "out_of_range"),
    ("conversions", {"conversion": "voucher-5", "times": 1}, 409, "insufficient_points"),
    ("conversions", {"conversion": "teapot", "times": 1}, 409, "unknown_conversion"),
    ("conversions", {"conversion": "voucher-5", "times": 0}, 422, "out_of_range"),
]


@pytest.fixture
def carol(api: Caller, shop: psycopg.Connection) -> Caller:
    """Carol has 25 points, and may send them; Erin is closed."""
    begun = NOW - timedelta(hours=1)
    shop.execute(
        "INSERT INTO programme_version VALUES ('maison', 2, %s, %s, %s, 'with transfers')",
        (begun, begun, PROGRAMME + '\n[transfers]\nwallets = ["points"]\n'),
    )
    add_members(shop, [Member(MemberId(13), "erin", date(2026, 1, 7))])
    closed = api.call("POST", "/v1/members/erin:close", BY_HAND, Idempotency_Key="close")
    assert closed.status_code == 201
    assert api.put_sale("t-1", {**SALE, "at": NOW.isoformat()}, key="sale").json["points_earned"] == 25
    return api


def act(api: Caller, path: str, body: Any, *, key: str = "k", **headers: str) -> Any:
    return api.call("POST", f"/v1/members/carol/{path}", body, Idempotency_Key=key, **headers)


def books(conn: psycopg.Connection) -> list[Any]:
    """All that the books say, of everyone."""
    tables = ("ledger_transfer", "ledger_entry", "ledger_lot", "ledger_balance", "voucher", "ledger_lot_redated")
    return [conn.execute(f"SELECT * FROM {table} ORDER BY 1, 2, 3".encode()).fetchall() for table in tables]


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize(("path", "body", "status", "code"), BAD)
def test_bad_input_is_refused_in_words_and_twice_alike_and_posts_nothing(  # noqa: PLR0917 - a table and its shop
    carol: Caller,
    shop: psycopg.Connection,
    path: str,
    body: dict[str, Any],
    status: int,
    code: str,
    language: str,
) -> None:
    before = books(shop)

    first = act(carol, path, body, Accept_Language=language)
    second = act(carol, path, body, Accept_Language=language)

    said = first.json
    refusal = said["refusals"][0] if "refusals" in said else said
    assert (first.status_code, refusal["code"]) == (status, code)
    sentence = refusal["message"] if "refusals" in said else refusal["customer_message"]
    assert sentence.endswith(".")
    assert first.headers["content-language"] == language
    assert (second.status_code, second.content) == (first.status_code, first.content)
    assert books(shop) == before


def test_a_refusal_kept_for_one_language_is_read_in_another(carol: Caller) -> None:
    english = act(carol, "burns", {"points": 30}, Accept_Language="en")
    french = act(carol, "burns", {"points": 30}, Accept_Language="fr")

    (said,), (dit,) = english.json["refusals"], french.json["refusals"]
    assert french.headers["idempotent-replayed"] == "true"
    assert said["message"] == "5 points are missing for “points”."
    assert dit["message"] == "Il manque 5 points pour «\u00a0points\u00a0»."
    assert {**said, "message": ""} == {**dit, "message": ""}


@pytest.mark.parametrize("code", RefusalCode)
def test_every_refusal_has_its_sentence_in_both_languages(code: RefusalCode) -> None:
    english, french = (speech(each).say(REFUSALS[code], subject="x", missing="1") for each in ("en", "fr"))

    assert english != french


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("adjustments", {"points": 5, **BY_HAND}),
        ("extensions", {**_LATER, **BY_HAND}),
    ],
)
def test_an_act_by_hand_is_done_only_on_the_books_that_were_looked_at(
    carol: Caller, shop: psycopg.Connection, path: str, body: dict[str, Any]
) -> None:
    seen = carol.call("GET", "/v1/members/carol")
    act(carol, "burns", {"points": 1}, key="burn")
    before = books(shop)

    late = act(carol, path, body, If_Match=seen.headers["etag"], Accept_Language="fr")

    assert (late.status_code, late.json["code"]) == (412, "books_changed")
    assert late.json["customer_message"] == (
        "Votre compte fidélité vient de changer. Merci de le regarder à nouveau avant de continuer."
    )
    assert books(shop) == before
    again = carol.call("GET", "/v1/members/carol")
    assert again.json["version"] > seen.json["version"]
    done = act(carol, path, body, If_Match=again.headers["etag"])
    assert (done.status_code, done.json["version"]) == (201, again.json["version"] + 1)


def test_what_is_done_is_answered_again_though_the_books_moved_by_it(carol: Caller) -> None:
    tag = carol.call("GET", "/v1/members/carol").headers["etag"]

    first = act(carol, "adjustments", {"points": 5, **BY_HAND}, If_Match=tag)
    second = act(carol, "adjustments", {"points": 5, **BY_HAND}, If_Match=tag)

    assert (first.status_code, second.status_code) == (201, 201)
    assert second.content == first.content


@pytest.mark.parametrize(
    ("if_match", "status"),
    [
        ("*", 201),
        ('"{now}"', 201),
        ('"0", "{now}"', 201),
        ('"other", W/"x","{now}" ', 201),
        ('W/"{now}"', 412),
        ('"0{now}"', 412),
        ('"{now}0"', 412),
        ('"anything"', 412),
        ("{now}", 400),
        ('"{now}', 400),
        ("", 400),
    ],
)
def test_if_match_is_read_as_http_says(carol: Caller, if_match: str, status: int) -> None:
    now = carol.call("GET", "/v1/members/carol").json["version"]

    answer = act(carol, "adjustments", {"points": 5, **BY_HAND}, If_Match=if_match.format(now=now))

    assert answer.status_code == status


def test_of_many_people_with_the_same_page_open_one_is_heard(carol: Caller, shop: psycopg.Connection) -> None:
    tag = carol.call("GET", "/v1/members/carol").headers["etag"]

    def adjust(number: int) -> int:
        body = {"points": 5, **BY_HAND}
        status: int = act(carol, "adjustments", body, key=f"k-{number}", If_Match=tag).status_code
        return status

    with ThreadPoolExecutor(8) as people:
        statuses = sorted(people.map(adjust, range(8)))

    assert statuses == [201] + [412] * 7
    given = shop.execute("SELECT sum(points) FROM ledger_transfer JOIN ledger_entry USING (member_id, transfer_id)"
        " WHERE kind = 'given' AND account = 'available'").fetchone()  # fmt: skip
    assert given == (5,)
