"""A pure what-if: points per rule over the whole history in one query, for rules that read nothing but the sale.

Such a programme has no memory: no tier, balance, cap or member in its rules. Then no fold is needed, and the
rules become DuckDB's work. The answer is that of the replay, to the point.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import ibis
import msgspec

from cagnotte.analytics.history.layout import EVENTS, PRODUCTS, read_facts
from cagnotte.analytics.rules import compile_ibis, not_in_bulk, rule_tables
from cagnotte.domain.earning.terms import EarnPolicy, EarnRule, Formula, Life, Price
from cagnotte.domain.kernel import POINTS_MOST
from cagnotte.domain.programme.document import Programme
from cagnotte.domain.programme.vocabulary import CLOCK, LINE_FIELDS, PLACE, PURCHASE, TIME
from cagnotte.domain.rules import INT, QUANTITY, TEXT, Record, Rule, Scope, list_of, names_used
from cagnotte.storage.sql import sql

type Pair = tuple[Rule | None, Rule]

_SCOPE: Scope = {
    **TIME,
    **CLOCK,
    **PLACE,
    "region": TEXT,
    "till": TEXT,
    "paid": INT,
    "list_price": INT,
    "delivery": INT,
    "eligible": Record("eligible", {"paid": INT, "quantity": QUANTITY, "products": QUANTITY}),
    "coupons": list_of(TEXT),
    "lines": list_of(Record("line", LINE_FIELDS)),
}
"""What rules may read: the sale as the till told it, and the products of its lines."""


class RulePoints(msgspec.Struct, frozen=True):
    """Points that one rule gives over the history, and on how many sales."""

    rule: str
    wallet: str
    points: int
    times: int


class NotStateless(Exception):
    """The programme cannot be asked without a fold; `reasons`: ("part" or "rule", what stands in the way)."""

    def __init__(self, reasons: tuple[tuple[str, str], ...], named: str) -> None:
        super().__init__(", ".join(f"{code}: {subject}" for code, subject in reasons))
        self.reasons = reasons
        self.named = named


def what_if(
    folder: Path, programme: Programme, *, threads: int | None = None, named: str = ""
) -> tuple[RulePoints, ...]:
    """Each earn rule on purchases, in the document's order. `named`: the programme in an error.

    Raises NotStateless, also for a history with discounts on whole orders, which take from what lines count, or
    with sales in other currencies, which are exchanged line by line.
    """
    if reasons := tuple(_reasons(programme)):
        raise NotStateless(reasons, named)
    rules = [rule for rule in programme.earn if rule.on == PURCHASE]
    sums = [[0, 0] for _ in rules]
    with duckdb.connect(config={} if threads is None else {"threads": threads}) as conn:
        conn.execute(_statement("products"), [str(folder / PRODUCTS)])
        query = _query([_pair(rule) for rule in rules])
        if _has_order_discounts(conn, folder):
            raise NotStateless((("part", "order_discount"),), named)
        if read_facts(folder).currencies:
            raise NotStateless((("part", "currency"),), named)
        for part in sorted((folder / EVENTS).glob("*.parquet")):
            _add(sums, conn, part, query)
    return tuple(RulePoints(rule.code, rule.wallet, *found) for rule, found in zip(rules, sums, strict=True))


def _add(sums: list[list[int]], conn: duckdb.DuckDBPyConnection, part: Path, query: str) -> None:
    """One file of the history at a time, so that memory does not grow with it."""
    conn.execute(_EVENTS.replace("{part}", str(part).replace("'", "''")))
    conn.execute(_statement("sales"))
    conn.execute(_statement("lines"))
    row: tuple[Any, ...] | None = conn.execute(query).fetchone()
    assert row is not None
    for number, found in enumerate(sums):
        found[0] += int(row[2 * number] or 0)
        found[1] += int(row[2 * number + 1] or 0)


def _has_order_discounts(conn: duckdb.DuckDBPyConnection, folder: Path) -> bool:
    found = conn.execute(_DISCOUNTED, [str(folder / EVENTS / "*.parquet")]).fetchone()
    return found == (True,)


def _query(pairs: list[Pair]) -> str:
    """(points, times) of each pair, in one row.

    What a rule does not give is made null before it is added up: two aggregates with a FILTER for each rule
    take twice as long.
    """
    sales, lines = rule_tables(_SCOPE)
    answers = compile_ibis(pairs, sales, lines, dialect="duckdb")
    judged = ibis.to_sql(answers, dialect="duckdb")
    rules = [f"r{number}" for number in range(len(pairs))]
    given = [f"CASE WHEN {rule} BETWEEN 1 AND {POINTS_MOST} THEN {rule} END AS {rule}" for rule in rules]
    totals = [f"sum({rule}), count({rule})" for rule in rules]
    given_of_all = f"SELECT {', '.join(given) or 'NULL'} FROM ({judged})"  # noqa: S608 - checked rules, by Ibis
    return f"SELECT {', '.join(totals) or 'NULL'} FROM ({given_of_all})"  # noqa: S608


def _statement(name: str) -> str:
    return sql(__package__, f"what_if_{name}").decode()


def _pair(rule: EarnRule) -> Pair:
    assert isinstance(rule.amount, Formula), rule.code
    return rule.when, rule.amount.points


def _reasons(programme: Programme) -> Iterator[tuple[str, str]]:
    """Everything that would need a fold."""
    for name, is_there in (
        ("offers", programme.offers),
        ("audience", programme.audience),
        ("achievements", programme.achievements),
        ("referral", programme.referral),
    ):
        if is_there:
            yield "part", name
    if programme.life != Life():
        yield "part", "life"
    if not _is_plain(programme.earning):
        yield "part", "earning"
    for rule in programme.earn:
        yield from (("rule", f"{rule.code}: {why}") for why in _of_rule(rule))


def _is_plain(policy: EarnPolicy) -> bool:
    """Whether every line counts what was paid for it, with its tax."""
    return (
        policy.price is Price.PAID
        and policy.tax_included
        and not policy.delivery_counts
        and policy.exclude is None
        and policy.include is None
        and policy.rounding == EarnPolicy().rounding
    )


def _of_rule(rule: EarnRule) -> Iterator[str]:
    if rule.on != PURCHASE:
        yield rule.on
        return
    if not isinstance(rule.amount, Formula):
        yield type(rule.amount).__name__.lower()
        return
    for field in ("lines", "during", "group", "coupon", "caps"):
        if getattr(rule, field):
            yield field
    if rule.life != Life():
        yield "life"
    pair = (rule.when, rule.amount.points)
    read = frozenset[str]().union(*(names_used(each) for each in pair if each is not None))
    yield from sorted(name for name in read if not _is_of_sale(name))
    yield from not_in_bulk([pair]).values()


def _is_of_sale(name: str) -> bool:
    root, _, field = name.partition(".")
    root = root.removesuffix("[]")
    if root == "lines":
        return not field or field in LINE_FIELDS
    return root in _SCOPE


_DISCOUNTED = "SELECT bool_or(order_discount <> 0) FROM read_parquet(?)"
_EVENTS = """
CREATE OR REPLACE TEMP VIEW events AS
SELECT *, file_row_number AS sale_id
  FROM read_parquet('{part}', file_row_number = true)
 WHERE event IS NULL AND paid > 0
"""
