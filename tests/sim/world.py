"""One history: members, a virtual clock and requests with faults, done by the real acts and by the reference."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import psycopg

from cagnotte.application.acting import Acted, PointsAnswer
from cagnotte.application.ids import new_event_id
from cagnotte.application.published import Published
from cagnotte.domain.kernel import MemberId
from cagnotte.storage.members import Member as StoredMember
from cagnotte.storage.members import add_members
from sim.faults import Fault, FaultKind, FaultyConnection, connect_faulty
from sim.reference import Member, Wallet

PARIS = ZoneInfo("Europe/Paris")
PROGRAMME = """
[programme]
code = "maison"
currency = "EUR"
timezone = "Europe/Paris"

[wallets.points]
expiry = { after = "30 days" }
price = { points = 10, amount = 250 }
[wallets.months]
expiry = { after = "1 month" }
pending = { for = "2 days" }
[wallets.rounded]
expiry = { after = "1 month", rounded_to = "month" }
burn = { order = "oldest", over_asked = "cut" }
[wallets.credit]
expiry = { after = "12 months" }
burn = { order = "newest" }
negative = "allowed"
owed_most = 40

[transfers]
wallets = ["points", "months", "credit"]

[[exchanges]]
code = "to-credit"
into = "credit"
give = 10
get = 3

[[earn]]
code = "base"
points = 1
per = 100
[[earn]]
code = "months"
wallet = "months"
points = 1
per = 300
[[earn]]
code = "credit"
wallet = "credit"
points = 1
per = 700
"""
WALLETS = {
    wallet.code: wallet
    for wallet in (
        Wallet("points", days=30, per=100, price=10),
        Wallet("months", months=1, pending=2, per=300),
        Wallet("rounded", months=1, to_month=True, order="oldest", cut=True),
        Wallet("credit", months=12, order="newest", may_owe=True, owed_most=40, per=700),
    )
}
# The nights on which clocks change, ends of short months, 29 February, a new year.
BEGINNINGS = tuple(
    datetime.fromisoformat(f"{day}T{hour}:00+00:00")
    for day, hour in (
        ("2026-03-28", "22"),
        ("2026-10-24", "21"),
        ("2028-01-30", "12"),
        ("2028-02-28", "22"),
        ("2026-12-31", "20"),
        ("2026-01-31", "08"),
        ("2026-05-15", "10"),
    )
)
_MOST_TRIES = 6
type Do = Callable[..., Any]


class Violation(AssertionError):
    """The books are not what they must be."""


class World:
    """The members of one seed; `fault_rate` of the requests meet a fault."""

    def __init__(self, dsn: str, published: Published, seed: int, *, fault_rate: float = 0.3) -> None:
        self.dsn, self.published, self.seed, self.fault_rate = dsn, published, seed, fault_rate
        self.random = Random(seed)
        self.now = self.random.choice(BEGINNINGS)
        self.connections: list[FaultyConnection] = []
        self.log: list[str] = []
        self.versions: dict[str, int] = {}
        self.models: dict[str, Member] = {}
        self.ids: dict[str, MemberId] = {}
        self._keys = 0
        self._enrol()

    def _enrol(self) -> None:
        day = self.now.astimezone(PARIS).date()
        unique = new_event_id()
        for number in range(3):
            name = f"m{unique}-{number}"
            self.ids[name] = MemberId(new_event_id())
            self.models[name] = Member(WALLETS, day)
        conn = self.connection(0)
        with conn.transaction():
            add_members(conn, [StoredMember(self.ids[name], name, day) for name in self.ids])

    def close(self) -> None:
        for conn in self.connections:
            conn.close()

    def connection(self, number: int) -> FaultyConnection:
        """The one of that thread, opened again when it was cut."""
        while len(self.connections) <= number:
            self.connections.append(connect_faulty(self.dsn))
        if self.connections[number].closed or self.connections[number].broken:
            self.connections[number] = connect_faulty(self.dsn)
        return self.connections[number]

    def new_key(self) -> str:
        self._keys += 1
        return f"{min(self.ids.values())}-{self._keys}"

    def local(self, instant: datetime) -> datetime:
        return instant.astimezone(PARIS).replace(tzinfo=None)

    def a_time(self, *, early: timedelta = timedelta(minutes=5)) -> datetime:
        """The till's time: mostly now, sometimes up to two days late or some minutes ahead."""
        pick = self.random.random()
        if pick < 0.15:
            return self.now - timedelta(minutes=self.random.randint(1, 2 * 24 * 60))
        return self.now + early if pick < 0.25 else self.now

    def ask(self, do: Do, command: Any, key: str, *, gives_up: bool = False) -> Any:
        """Send one request, with faults, once or several times; its answer, or None when the caller gave up."""
        self.log.append(f"{self.now.isoformat()} {key} {command}")
        copies = self.random.choice((1, 1, 1, 1, 2, 2, 3, 4))
        if copies > 1 and self.random.random() < 0.5:
            return self.at_once(do, [(command, key)] * copies)[0]
        answers = [self._until_answered(do, command, key, gives_up=gives_up) for _ in range(copies)]
        bodies = {answer.body for answer in answers if answer is not None}
        if len(bodies) > 1 and all(isinstance(answer, Acted) for answer in answers if answer):
            raise Violation(f"one key, two answers: {bodies}")
        return next((answer for answer in answers if answer is not None), None)

    def at_once(self, do: Do, requests: Sequence[tuple[Any, str]]) -> list[Any]:
        conns = [self.connection(number) for number in range(len(requests))]
        for conn in conns:
            conn.fault = None
        with ThreadPoolExecutor(len(requests)) as threads:
            return list(
                threads.map(
                    lambda each: do(each[0], self.published, each[1][0], key=each[1][1], now=self.now),
                    zip(conns, requests, strict=True),
                )
            )

    def _until_answered(self, do: Do, command: Any, key: str, *, gives_up: bool) -> Any:
        for number in range(_MOST_TRIES):
            conn = self.connection(0)
            conn.fault = self._fault() if number < _MOST_TRIES - 1 else None
            try:
                return do(conn, self.published, command, key=key, now=self.now)
            except (psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure) as error:
                raise Violation(f"a caller saw {error!r}") from error
            except psycopg.OperationalError:
                if gives_up:
                    return None
        raise AssertionError("the last try has no fault")

    def _fault(self) -> Fault | None:
        if self.random.random() > self.fault_rate:
            return None
        at_commit = self.random.random() < 0.5
        number = 1 if at_commit else self.random.randint(1, 12)
        return Fault(self.random.choice(list(FaultKind)), number, at_commit)

    def said(self, acted: Acted, name: str) -> PointsAnswer:
        """The answer, checked to be of a version that is not older than one seen before."""
        answer = msgspec.json.decode(acted.body, type=PointsAnswer)
        if answer.version < self.versions.get(name, 0):
            raise Violation(f"version {answer.version} after {self.versions[name]}")
        self.versions[name] = answer.version
        return answer

    def said_in_race(self, acted: Acted) -> PointsAnswer:
        """Of several at once: which was first is not known here."""
        return msgspec.json.decode(acted.body, type=PointsAnswer)

    def version_of(self, name: str) -> int:
        row = self.connection(3).execute(
            "SELECT version FROM member_standing WHERE member_id = %s", (self.ids[name],)
        )
        found = row.fetchone()
        assert found is not None
        return int(found[0])
