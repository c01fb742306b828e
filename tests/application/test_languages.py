"""What a member reads is in their own language, as it is spoken where they live."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import msgspec
import pytest

from application.shop import NOW, a_sale, publish
from cagnotte.application.explain_sale import explain_sale
from cagnotte.application.record_sale import record_sale
from cagnotte.domain.kernel import MemberId
from cagnotte.storage.database import connected
from cagnotte.storage.members import Member, add_members

DOCUMENT = """
[programme]
code = "maison"
currency = "EUR"
timezone = "Europe/Paris"

[countries.CH]
language = "de"

[wallets.points]

[[messages]]
code = "thanks"
text = { en = "Thank you.", fr = "Merci.", fr-CH = "Merci, à bientôt.", de = "Danke." }

[[offers]]
code = "hello"
effects = [{ kind = "message", text = { fr = "Bonjour.", en = "Hello." } }]
"""


@pytest.mark.parametrize(
    ("language", "country", "said"),
    [
        ("fr", "FR", ["Bonjour.", "Merci."]),
        ("fr", "CH", ["Bonjour.", "Merci, à bientôt."]),
        ("", "CH", ["Hello.", "Danke."]),
        ("es", "", ["Hello.", "Thank you."]),
        ("", "", [None, None]),  # the till chooses
    ],
)
def test_messages_of_a_sale_are_in_the_members_language(
    database: str, language: str, country: str, said: list[str | None]
) -> None:
    published = publish(database, DOCUMENT)
    member = Member(MemberId(64), "carol", date(2026, 1, 1), language=language, country=country)
    with connected(database) as conn:
        with conn.transaction():
            add_members(conn, [member])
        answer: dict[str, Any] = json.loads(record_sale(conn, published, a_sale(), key="k", now=NOW).body)
        row = conn.execute("SELECT member_id, sale_id FROM sale").fetchone()
        assert row is not None
        explained = explain_sale(conn, published, *row)

    assert [message.get("said") for message in answer["messages"]] == said
    assert [message["text"]["en"] for message in answer["messages"]] == ["Hello.", "Thank you."]
    assert explained is not None
    assert list(msgspec.to_builtins(explained.messages)) == answer["messages"]
