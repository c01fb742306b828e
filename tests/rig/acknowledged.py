"""Tills that act on a running server and note what they were told, and what the books must hold of it."""

from __future__ import annotations

import http.client
import json
import random
import threading
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Self

import msgspec
import psycopg

from application.shop import prove
from rig.deaths import MEMBERS, until

_BOOKS = """
SELECT m.external_id, sum(e.points)::int FROM ledger_entry e JOIN member m USING (member_id)
 WHERE e.account IN ('available', 'held', 'debt') GROUP BY 1
"""
_COUNTS = """
SELECT (SELECT count(*) FROM sale), (SELECT count(*) FROM sale_return)
"""


class Act(msgspec.Struct, frozen=True):
    """A request under its key. `points`: what it moves on the member's side when it is done."""

    kind: str
    member: str
    points: int
    method: str
    path: str
    key: str
    body: str


class Answer(msgspec.Struct, frozen=True):
    status: int
    body: bytes


class Tills:
    """So many tills that act, and send again under the same key until they are answered, while the block runs."""

    def __init__(self, port: int, api_key: str, *, seed: int, count: int = 5) -> None:
        self.answered: dict[Act, Answer] = {}
        self.refused: list[str] = []  # answers that are neither done, refused by the books, nor "come back later"
        self.sent_again = 0
        self._address = f"http://127.0.0.1:{port}"
        self._api_key = api_key
        self._over, self._given_up = threading.Event(), threading.Event()
        self._threads = [
            threading.Thread(target=self._work, args=(number, random.Random(f"{seed} {number}")))
            for number in range(count)
        ]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, fault: type[BaseException] | None, *_: object) -> None:
        if fault is not None:
            self._given_up.set()
        self.close()

    def close(self) -> None:
        """The day ends; the act of each till is answered first."""
        self._over.set()
        for thread in self._threads:
            thread.join(30)
        self._given_up.set()

    def wait_for(self, more: int, within_s: float = 20) -> float:
        """Until so many more acts are answered; how many seconds it took."""
        wanted = len(self.answered) + more
        try:
            return until(lambda: len(self.answered) >= wanted, within_s, f"{more} more answers")
        except AssertionError as fault:
            fault.add_note(f"answered {len(self.answered)}, refused {self.refused[-3:]}")
            raise

    def send(self, act: Act) -> Answer | None:
        """None: nobody knows whether it was done."""
        headers = {
            "Authorization": f"Bearer {self._api_key}",
            "Content-Type": "application/json",
            "Idempotency-Key": act.key,
        }
        request = urllib.request.Request(self._address + act.path, act.body.encode(), headers, method=act.method)
        try:
            with urllib.request.urlopen(request, timeout=10) as reply:
                return Answer(reply.status, reply.read())
        except urllib.error.HTTPError as error:
            said = error.read()
            if error.code in {404, 409}:
                return Answer(error.code, said)
            if error.code != 503:
                self.refused.append(f"{act.kind} {error.code} {said.decode(errors='replace')[:300]}")
            return None
        except (OSError, http.client.HTTPException):
            return None

    def _work(self, number: int, dice: random.Random) -> None:
        mine: list[Act] = []
        while not self._over.is_set():
            act = _next_act(number, len(mine), mine, dice)
            while (answer := self.send(act)) is None:
                self.sent_again += 1
                if self._given_up.wait(dice.uniform(0.05, 0.2)):
                    return
            mine.append(act)
            self.answered[act] = answer


def _next_act(till: int, number: int, before: list[Act], dice: random.Random) -> Act:
    """A sale, a burn, or the whole return of a sale of this till that has not come back."""
    key, member, what = f"till-{till}-act-{number}", dice.choice(MEMBERS), dice.random()
    if what < 0.25:
        points = dice.randint(1, 9)
        return _act("burn", member, points, "POST", f"/v1/members/{member}/burns", key, {"points": points})
    back = {act.path.partition("/returns")[0] for act in before if act.kind == "return"}
    sold = [act for act in before if act.kind == "sale" and act.path not in back]
    if what < 0.4 and sold:
        sale = dice.choice(sold)
        return _act("return", sale.member, sale.points, "POST", f"{sale.path}/returns", key, {})
    points = dice.randint(1, 40)
    body = {
        "store": "1",
        "at": datetime.now(UTC).isoformat(),
        "member": member,
        "lines": [{"sku": f"sku {dice.randint(1, 5)}", "quantity": 1, "paid_minor": 100 * points}],
    }
    return _act("sale", member, points, "PUT", f"/v1/sales/{till}-{number}", key, body)


def _act(kind: str, member: str, points: int, method: str, path: str, key: str, body: object) -> Act:  # noqa: PLR0917
    return Act(kind, member, points, method, path, key, json.dumps(body))


def check(dsn: str, tills: Tills) -> None:
    """All that was acknowledged is in the books once, nothing else is, and each key gives its first answer."""
    answered = tills.answered
    assert not tills.refused, tills.refused[:3]
    assert keys_of(dsn) == {act.key for act in answered}
    check_books(dsn, answered)
    with ThreadPoolExecutor(4) as again:
        repeated = dict(zip(answered, again.map(tills.send, answered), strict=True))
    changed = [(act, answer, repeated[act]) for act, answer in answered.items() if repeated[act] != answer]
    assert not changed, changed[:3]
    check_books(dsn, answered)


def check_books(dsn: str, answered: Mapping[Act, Answer]) -> None:
    """The books hold in themselves, and the sum of what these answers say."""
    done = [act for act, answer in answered.items() if answer.status in {200, 201}]
    points: Counter[str] = Counter()
    for act in done:
        points[act.member] += act.points if act.kind == "sale" else -act.points
    kinds = Counter(act.kind for act in done)
    with psycopg.connect(dsn) as conn:
        counts = conn.execute(_COUNTS).fetchone()
        books = dict(conn.execute(_BOOKS).fetchall())
    expected = (kinds["sale"], kinds["return"])
    assert counts == expected, (counts, expected)
    assert books == dict(points), (books, points)
    prove(dsn)


def keys_of(dsn: str) -> set[str]:
    """The keys under which something was done."""
    with psycopg.connect(dsn) as conn:
        return {key for (key,) in conn.execute("SELECT key FROM idempotency_answer").fetchall()}
