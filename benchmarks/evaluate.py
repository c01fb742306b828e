"""One sale evaluated and recorded, beside the round trip of one row and a bare posting function."""

import re
import time
import uuid
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from random import Random
from statistics import median

import msgspec
import psycopg

from benchmarks.history import History, load_history
from benchmarks.machine import Machine, describe_machine
from benchmarks.place import Place, say
from benchmarks.result import BenchFailed, Figures, Told, percentile, result_of, significant
from benchmarks.statements import watched_statements
from cagnotte.application.evaluate_sale import evaluate_sale
from cagnotte.application.published import load_published
from cagnotte.application.record_sale import record_sale
from cagnotte.application.sale_command import SaleCommand, SaleLine
from cagnotte.storage.database import connected

NAME = "evaluate"
LINES_PER_SALE = 5  # as many as the yardstick's posting has
_CALLS = 400
_UNTIMED = 50  # before the first round: statements are prepared, caches filled
_BASKETS = 1_000
_SEED = 7
_ACCOUNTS = 200_000  # as limits/loyalty_schema.sql makes them
_LIMITS = Path(__file__).resolve().parent / "limits"
_ONE_ROW = "SELECT member_id, tier, as_of FROM member_standing WHERE member_id = %s"
_EARN_FULL = "SELECT loy.earn_full(%s, %s, %s::jsonb, %s, %s)"
_SALES_COPIED = """
SELECT sale.member_id, member.external_id, store.external_id,
       array_agg(product.sku ORDER BY line_no), array_agg(quantity ORDER BY line_no),
       array_agg(line.paid_minor ORDER BY line_no)
  FROM (SELECT * FROM sale WHERE line_count = %(lines)s AND member_id > 0
         ORDER BY md5(external_id) LIMIT %(most)s) AS sale
  JOIN member ON member.member_id = sale.member_id
  JOIN store ON store.store_id = sale.store_id
  JOIN sale_line AS line ON (line.member_id, line.sale_id) = (sale.member_id, sale.sale_id)
  JOIN product ON product.product_id = line.product_id
 GROUP BY 1, 2, 3, sale.external_id
 ORDER BY md5(sale.external_id)
"""

type Call = Callable[[], object]


class Timed(msgspec.Struct, frozen=True):
    """Calls of one kind in one round: seconds of each, and of them all the seconds computed by Python."""

    seconds: list[float]
    python_s: float

    @property
    def per_s(self) -> float:
        return len(self.seconds) / sum(self.seconds)


type Round = dict[str, Timed]


class _Kinds:
    """The four kinds of call; each call takes the next of some real baskets, a year's members among them."""

    def __init__(self, conn: psycopg.Connection, limits: psycopg.Connection, accounts: int) -> None:
        self._conn = conn
        self._limits = limits
        self._accounts = accounts
        self._published = load_published(conn)
        self._members, self._sales = _baskets(conn)
        self._number = count()
        self._random = Random(_SEED)
        self._lines = _yardstick_lines()
        row = conn.execute("SELECT max(happened_at) FROM sale").fetchone()
        assert row is not None
        self._last: datetime = row[0]

    @property
    def calls(self) -> dict[str, Call]:
        return {
            "select1": self._select1,
            "evaluate": self._evaluate,
            "earn_full": self._earn_full,
            "record": self._record,
        }

    def _select1(self) -> object:
        member = self._members[next(self._number) % len(self._members)]
        return self._conn.execute(_ONE_ROW, (member,)).fetchone()

    def _earn_full(self) -> object:
        account, points = self._random.randint(1, self._accounts), self._random.randint(1, 200)
        given = (account, uuid.UUID(int=self._random.getrandbits(128)), self._lines, points, points)
        return self._limits.execute(_EARN_FULL, given).fetchone()

    def _evaluate(self) -> object:
        sale = self._next_sale()
        return evaluate_sale(self._conn, self._published, sale, now=sale.at)

    def _record(self) -> object:
        sale = self._next_sale()
        return record_sale(self._conn, self._published, sale, key=sale.sale_id, now=sale.at)

    def _next_sale(self) -> SaleCommand:
        """A real basket under a new id, later than everything before it."""
        number = next(self._number)
        sale = self._sales[number % len(self._sales)]
        at = self._last + timedelta(seconds=number + 1)
        return msgspec.structs.replace(sale, sale_id=f"bench-{number}", at=at)


def bench_evaluate(
    place: Place,
    history: History,
    rounds: int,
    *,
    load_before: float,
    calls: int = _CALLS,
    accounts: int = _ACCOUNTS,
) -> Told:
    """Each round makes `calls` calls of each kind, one after the other on one connection."""
    with place.database("evaluate", migrated=True) as dsn, place.database("limits", migrated=False) as bare:
        say(f"loading the history, and the yardstick's {accounts:,} accounts")
        with connected(dsn) as reading, connected(dsn) as writing:
            load_history(history, reading, writing, dsn=dsn)
        load_yardstick(bare, accounts)
        with connected(dsn) as conn, psycopg.connect(bare, autocommit=True) as limits:
            kinds = _Kinds(conn, limits, accounts)
            _round(kinds, min(calls, _UNTIMED))
            measured = [_round(kinds, calls) for _ in range(rounds)]
            statements = {name: _statements(call) for name, call in kinds.calls.items()}
    return told(measured, statements, describe_machine(place.server.dsn(), load_before=load_before))


def load_yardstick(dsn: str, accounts: int) -> None:
    """The schema of limits/; its VACUUMs, which run in no transaction, come last as they do there."""
    text = (_LIMITS / "loyalty_schema.sql").read_text(encoding="utf-8").replace(str(_ACCOUNTS), str(accounts))
    lines = text.splitlines()
    vacuums = [part for line in lines if line.startswith("VACUUM") for part in line.split(";") if part.strip()]
    with psycopg.connect(dsn, autocommit=True) as conn:
        conn.execute("\n".join(line for line in lines if not line.startswith("VACUUM")).encode())
        for vacuum in vacuums:
            conn.execute(vacuum.encode())


def told(rounds: Sequence[Round], statements: dict[str, int], machine: Machine) -> Told:
    """`statements`: how many one call of each kind runs."""
    figures: Figures = {"rounds": len(rounds), "calls_per_round": len(rounds[0]["evaluate"].seconds)}
    for name in rounds[0]:
        figures[name] = _figures([each[name] for each in rounds], statements[name])
    ratios = {
        "evaluate_vs_select1": [each["evaluate"].per_s / each["select1"].per_s for each in rounds],
        "record_vs_earn_full": [each["record"].per_s / each["earn_full"].per_s for each in rounds],
    }
    sentences = tuple(_sentence(name, figures[name]) for name in ("evaluate", "record"))
    return Told(result_of(NAME, figures, ratios, machine), sentences)


def _figures(timed: Sequence[Timed], statements: int) -> dict[str, int | float]:
    seconds = [second for each in timed for second in each.seconds]
    return {
        "per_s": round(median(each.per_s for each in timed)),
        "p50_ms": significant(1_000 * percentile(seconds, 50)),
        "p95_ms": significant(1_000 * percentile(seconds, 95)),
        "python_ms": significant(1_000 * sum(each.python_s for each in timed) / len(seconds)),
        "mean_ms": significant(1_000 * sum(seconds) / len(seconds)),
        "statements": statements,
    }


def _sentence(name: str, figures: object) -> str:
    assert isinstance(figures, dict)
    waiting = figures["mean_ms"] - figures["python_ms"]
    return (
        f"{name}: of {figures['mean_ms']:.2f} ms on average, Python computes {figures['python_ms']:.2f} ms (rules,"
        f" building rows, the driver's own work) and waits {max(0.0, waiting):.2f} ms for PostgreSQL in"
        f" {figures['statements']} statements, and the commit where there is one."
    )


def _round(kinds: _Kinds, calls: int) -> Round:
    return {name: _timed(call, calls) for name, call in kinds.calls.items()}


def _timed(call: Call, calls: int) -> Timed:
    seconds: list[float] = []
    python = time.process_time()
    for _ in range(calls):
        begun = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - begun)
    return Timed(seconds, time.process_time() - python)


def _statements(call: Call) -> int:
    with watched_statements() as seen:
        call()
    return seen.count


def _baskets(conn: psycopg.Connection) -> tuple[list[int], list[SaleCommand]]:
    """(members, sales of members to take again), in an order that has nothing to do with time or member."""
    rows = conn.execute(_SALES_COPIED, {"lines": LINES_PER_SALE, "most": _BASKETS}).fetchall()
    if not rows:
        raise BenchFailed(f"the history has no member's sale of {LINES_PER_SALE} lines")
    return [row[0] for row in rows], [_sale(*row[1:]) for row in rows]


def _sale(member: str, store: str, skus: list[str], quantities: list[int], paid: list[int]) -> SaleCommand:
    lines = tuple(SaleLine(*line) for line in zip(skus, quantities, paid, strict=True))
    return SaleCommand(sale_id="", store=store, at=datetime.min, lines=lines, member=member)  # noqa: DTZ901


def _yardstick_lines() -> str:
    """The five basket lines that the yardstick's script posts, as JSON."""
    script = (_LIMITS / "earn_full.pgb").read_text(encoding="utf-8")
    found = re.search(r"'(\[.*\])'::jsonb", script)
    assert found is not None, script
    return found[1]
