"""One history: members, a virtual clock and requests with faults, done by the real acts and by the reference."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import psycopg

from cagnotte.application.acting import PointsAnswer
from cagnotte.application.errors import KeyReused
from cagnotte.application.ids import new_event_id
from cagnotte.domain.kernel import MemberId
from cagnotte.storage.members import Member as StoredMember
from cagnotte.storage.members import add_members
from sim.faults import Fault, FaultKind
from sim.programmes import NUMBERS, published, terms_of
from sim.reference_sales import Member
from sim.shop import Shop

PARIS = ZoneInfo("Europe/Paris")
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
_KINDS = (
    *[FaultKind.LOST_BEFORE] * 12,
    *[FaultKind.LOST_AFTER] * 12,
    *[FaultKind.DEADLOCK] * 5,
    *[FaultKind.SERIALISATION] * 5,
    FaultKind.CUT_BEFORE,
    FaultKind.CUT_AFTER,
    FaultKind.KILLED,
)
type Do = Callable[..., Any]


class Violation(AssertionError):
    """The books are not what they must be."""


@dataclass(frozen=True)
class Request:
    do: Do
    command: Any
    key: str


class World:
    """The members of one seed; `fault_rate` of the requests meet a fault.

    Whoever gives up a request does not hear whether it was done, and finds out by the answer that is kept.
    """

    def __init__(self, shop: Shop, seed: int, *, fault_rate: float = 0.3, alone: bool = False) -> None:
        self.shop, self.seed, self.fault_rate, self.alone = shop, seed, fault_rate, alone
        self.random = Random(seed)
        number = self.random.randrange(NUMBERS)
        self.published, self.terms = published(number), terms_of(number)
        self.now = self.random.choice(BEGINNINGS)
        self.log = [f"programme {number}"]
        self.versions: dict[str, int] = {}
        self.models: dict[str, Member] = {}
        self.ids: dict[str, MemberId] = {}
        self.households: dict[str, str] = {}
        self.sent: list[tuple[Request, Any]] = []
        self._keys = 0
        self._enrol()

    def _enrol(self) -> None:
        day = self.now.astimezone(PARIS).date()
        unique = new_event_id()
        for number in range(3):
            name = f"m{unique}-{number}"
            self.ids[name] = MemberId(new_event_id())
            self.models[name] = Member(self.terms, day)
        conn = self.shop.till(0)
        with conn.transaction():
            add_members(conn, [StoredMember(self.ids[name], name, day) for name in self.ids])

    def new_key(self) -> str:
        self._keys += 1
        return f"{min(self.ids.values())}-{self._keys}"

    @property
    def local_now(self) -> datetime:
        return self.local(self.now)

    def local(self, instant: datetime) -> datetime:
        return instant.astimezone(PARIS).replace(tzinfo=None)

    def a_time(self, *, early: timedelta = timedelta(minutes=5)) -> datetime:
        """The till's time: mostly now, sometimes up to two days late or some minutes ahead."""
        pick = self.random.random()
        if pick < 0.15:
            return self.now - timedelta(minutes=self.random.randint(1, 2 * 24 * 60))
        return self.now + early if pick < 0.25 else self.now

    def ask(self, do: Do, command: Any, *, gives_up: bool = False, key: str = "") -> Any:
        """Send one request, with faults, once or several times; its answer, or None when nothing was done."""
        request = Request(do, command, key or self.new_key())
        self.log.append(f"{self.now.isoformat()} {request.key} {command}")
        copies = self.random.choice((1, 1, 1, 1, 1, 2, 2, 3, 4))
        if copies > 1 and not self.alone and self.random.random() < 0.4:
            answers = self.at_once([request] * copies)
        else:
            answers = [self._until_answered(request, gives_up=gives_up) for _ in range(copies)]
        heard = [answer for answer in answers if answer is not None]
        if not heard and not self._was_answered(request.key):
            return None
        answer = heard[0] if heard else self._until_answered(request, gives_up=False)
        for other in heard:
            _same_answer(answer, other)
        self.sent.append((request, answer))
        return answer

    def ask_again(self) -> None:
        """A request of long ago comes once more: as it was, and another one under its key."""
        past = [each for each in self.sent if (getattr(each[0].command, "at", None) or self.now) <= self.now]
        if not past:
            return
        request, answer = self.random.choice(past)
        self.log.append(f"{self.now.isoformat()} again {request.key}")
        _same_answer(answer, self._until_answered(request, gives_up=False))
        if hasattr(request.command, "points"):
            other = msgspec.structs.replace(request.command, points=(request.command.points or 0) + 5)
            try:
                self._until_answered(Request(request.do, other, request.key), gives_up=False)
            except KeyReused:
                return
            raise Violation(f"{request.key} was taken for another request")

    def at_once(self, requests: Sequence[Request]) -> list[Any]:
        asked = [(request.command, request.key) for request in requests]
        return self.shop.at_once(requests[0].do, self.published, asked, self.now)

    def until_done(self, do: Callable[[psycopg.Connection], Any]) -> None:
        """What has no key of its own, a job or a move: whoever meets a fault starts it again."""
        self._until_answered(Request(lambda conn, *_, **__: do(conn), None, ""), gives_up=False)

    def _until_answered(self, request: Request, *, gives_up: bool) -> Any:
        for number in range(_MOST_TRIES):
            conn = self.shop.till(0)
            conn.fault = self._fault() if number < _MOST_TRIES - 1 else None
            try:
                return request.do(conn, self.published, request.command, key=request.key, now=self.now)
            except (psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure) as error:
                raise Violation(f"a caller saw {error!r}") from error
            except psycopg.OperationalError:
                if gives_up:
                    return None
        raise AssertionError("the last try has no fault")

    def _fault(self) -> Fault | None:
        if self.random.random() > self.fault_rate:
            return None
        at_commit = self.random.random() < 0.4
        number = 1 if at_commit else self.random.randint(1, 14)
        return Fault(self.random.choice(_KINDS), number, at_commit)

    def _was_answered(self, key: str) -> bool:
        row = self.shop.eye.execute("SELECT FROM idempotency_answer WHERE key = %s", (key,)).fetchone()
        return row is not None

    def said(self, answer: Any, name: str) -> PointsAnswer:
        """The answer, checked to be of a version that is not older than one seen before."""
        said = msgspec.json.decode(answer.body, type=PointsAnswer)
        if said.version < self.versions.get(name, 0):
            raise Violation(f"version {said.version} after {self.versions[name]}")
        self.versions[name] = said.version
        return said

    def jump(self, by: timedelta) -> None:
        """The clock of the application goes on, or back."""
        self.now += by

    def to_midnight(self, aside: timedelta) -> None:
        """The next 00:00 local time, or just before or after it."""
        day = self.local_now.date() + timedelta(days=1)
        self.now = datetime.combine(day, datetime.min.time(), PARIS).astimezone(UTC) + aside


def _same_answer(first: Any, second: Any) -> None:
    """A sale told again under its key is answered by the very bytes; so is everything else."""
    if getattr(first, "body", None) != getattr(second, "body", None):
        raise Violation(f"one key, two answers: {first} {second}")
