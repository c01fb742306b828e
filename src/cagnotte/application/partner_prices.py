"""What partners pay for points, by the version in force at the sale's time; and what they owe for all of them."""

from bisect import bisect_right
from datetime import date, datetime
from fractions import Fraction

import msgspec
import psycopg

from cagnotte.application.published import Published
from cagnotte.domain.kernel import nearest
from cagnotte.domain.points.terms import Name, Partner, UnitValue
from cagnotte.storage.sql import sql


class PartnerPrices:
    """The prices of every version; a partner that no version has pays nothing."""

    def __init__(self, published: Published) -> None:
        self.begins = [version.effective_from for version in published.versions]
        self._terms: dict[str, list[Partner | None]] = {}
        for place, version in enumerate(published.versions):
            for partner in version.programme.partners:
                self._terms.setdefault(partner.code, [None] * len(self.begins))[place] = partner

    def known(self) -> list[str]:
        """The codes of all partners of any version, in its order."""
        return list(self._terms)

    def name(self, code: str) -> Name:
        """By the newest version that has the partner."""
        return dict(self._last(code).name) if code in self._terms else {}

    def newest(self, code: str) -> UnitValue:
        """Of a known partner, the price in the newest version that has it."""
        return self._last(code).price

    def worth(self, code: str, version: int, points: int) -> Fraction:
        """Of points given while the version of that number (from 1; 0: before the first) was in force, in minor
        units; a version without the partner pays as the newest one that has it."""
        if code not in self._terms:
            return Fraction()
        price = (self._terms[code][max(version, 1) - 1] or self._last(code)).price
        return Fraction(points * price.amount_minor, price.points)

    def version_at(self, instant: datetime) -> int:
        return bisect_right(self.begins, instant)

    def _last(self, code: str) -> Partner:
        return next(partner for partner in reversed(self._terms[code]) if partner is not None)


class Owed(msgspec.Struct, frozen=True):
    """What a partner owes for `points`: below 0, what it gets back."""

    points: int
    amount_minor: int


def owed_by_partners(
    conn: psycopg.Connection, published: Published, end_day: date, known_at: datetime | None = None
) -> dict[str, Owed]:
    """Partner -> what it owes for all that happened before `end_day` and was posted by `known_at` (None: at all).

    Rounded for each month of its statements, as they are: once all points of a month are in it, so is its
    statement.
    """
    prices = PartnerPrices(published)
    asked = {"end_day": end_day, "known_at": known_at, "begins": prices.begins, "zone": published.zone.key}
    points: dict[str, int] = {}
    due: dict[tuple[str, date], Fraction] = {}
    for partner, month, version, number in conn.execute(sql("cagnotte.ledger", "owed_by_partners"), asked):
        points[partner] = points.get(partner, 0) + number
        due[partner, month] = due.get((partner, month), Fraction()) + prices.worth(partner, version, number)
    amounts = dict.fromkeys(points, 0)
    for (partner, _), exact in due.items():
        amounts[partner] += nearest(*exact.as_integer_ratio())
    return {partner: Owed(points[partner], amounts[partner]) for partner in sorted(points)}
