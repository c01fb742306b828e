"""Which rules and offers gave the points that a partner pays for in a month, from the decisions that are kept."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import msgspec
import psycopg

from cagnotte.application.published import Published, day_start
from cagnotte.domain.evaluator.decision import Decision
from cagnotte.domain.evaluator.effects import RuleEarned
from cagnotte.domain.evaluator.prepared import prepared
from cagnotte.domain.kernel import Period, PeriodUnit, day_after
from cagnotte.storage.packing import unpack
from cagnotte.storage.sql import sql

_MONTH = Period(1, PeriodUnit.MONTHS)
_CHUNK = 5_000
_decision = msgspec.json.Decoder(Decision)


class FundedBy(msgspec.Struct, frozen=True):
    """Points of one rule or offer; `rule` "": of acts whose decision is not kept, such as a birthday.

    `points` = `given` - `taken_back`.
    """

    rule: str
    wallet: str
    given: int
    taken_back: int
    points: int


def show_partner_rules(
    conn: psycopg.Connection, published: Published, code: str, month: date
) -> tuple[FundedBy, ...]:
    """Of the month that holds the day, in the order of the codes; their points are those of the statement."""
    first = month.replace(day=1)
    ends = (day_start(day, published.zone) for day in (first, day_after(first, _MONTH)))
    asked = dict(zip(("first_instant", "end_instant"), ends, strict=True)) | {"partner": code}
    sums: dict[tuple[str, str], tuple[int, int]] = {}
    with conn.transaction(), conn.cursor("funded_decisions") as cursor:
        cursor.itersize = _CHUNK
        cursor.execute(sql("cagnotte.ledger", "funded_decisions"), asked)
        for row in cursor:
            for rule, wallet, points in _by_rule(published, code, row):
                given, back = sums.get((rule, wallet), (0, 0))
                sums[rule, wallet] = (given + max(points, 0), back + max(-points, 0))
    return tuple(FundedBy(*key, given, back, given - back) for key, (given, back) in sorted(sums.items()))


def _by_rule(published: Published, code: str, row: tuple[Any, ...]) -> Iterator[tuple[str, str, int]]:
    wallet, rest, number, packed, text = row
    version = next((each for each in published.versions if each.version == number), None)
    kept = unpack(packed) if packed else text
    if version is not None and kept is not None:
        payers = prepared(version.programme).funded_by
        for effect in _decision.decode(kept).effects:
            if isinstance(effect, RuleEarned) and effect.wallet == wallet and payers.get(effect.rule) == code:
                rest -= effect.points
                yield effect.rule, wallet, int(effect.points)
    if rest:
        yield "", wallet, rest
