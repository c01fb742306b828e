"""What a partner pays: the points that rules and offers gave in its name in a month, and what they cost."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

import msgspec
import psycopg

from cagnotte.application.errors import NoPartners, UnknownPartner
from cagnotte.application.partner_prices import PartnerPrices
from cagnotte.application.published import Published, day_start
from cagnotte.domain.kernel import Period, PeriodUnit, day_after, nearest
from cagnotte.domain.points.terms import UnitValue
from cagnotte.storage.sql import sql

_MONTH = Period(1, PeriodUnit.MONTHS)


class FundedAt(msgspec.Struct, frozen=True):
    """Points of one wallet in one store ("": none); `points` = `given` - `taken_back`."""

    store: str
    wallet: str
    given: int
    taken_back: int
    points: int


class PartnerStatement(msgspec.Struct, frozen=True):
    """What was posted in a month of the programme's clock: the same for ever. What arrives late stands in the
    month in which it arrived.

    `amount_minor`: what the partner pays, at the price of the version of each sale's time, rounded once (half a
    unit away from 0); below 0: what it gets back. `price`: of the newest version that has the
    partner.
    """

    partner: str
    name: dict[str, str]
    price: UnitValue
    first_day: date
    end_day: date
    rows: tuple[FundedAt, ...]
    points: int
    amount_minor: int
    currency: str


def show_partner(conn: psycopg.Connection, published: Published, code: str, month: date) -> PartnerStatement:
    """The month that holds the day `month`. Raises UnknownPartner, or NoPartners."""
    prices = PartnerPrices(published)
    if code not in prices.known():
        if not prices.known():
            raise NoPartners
        raise UnknownPartner(partner=code, known=", ".join(prices.known()))
    first = month.replace(day=1)
    end = day_after(first, _MONTH)
    found = conn.execute(
        sql("cagnotte.ledger", "funded"),
        {
            "partner": code,
            "first_instant": day_start(first, published.zone),
            "end_instant": day_start(end, published.zone),
            "begins": prices.begins,
        },
    ).fetchall()
    due = Fraction()
    for *_, number, given, back in found:
        due += prices.worth(code, number, given - back)
    rows = tuple(_rows(found))
    return PartnerStatement(
        partner=code,
        name=prices.name(code),
        price=prices.newest(code),
        first_day=first,
        end_day=end,
        rows=rows,
        points=sum(row.points for row in rows),
        amount_minor=nearest(*due.as_integer_ratio()),
        currency=published.current.programme.currency,
    )


def _rows(found: list[tuple[str, str, int, int, int]]) -> Iterator[FundedAt]:
    """By store and wallet, whatever the price was."""
    sums: dict[tuple[str, str], tuple[int, int]] = {}
    for store, wallet, _, given, back in found:
        before = sums.get((store, wallet), (0, 0))
        sums[store, wallet] = (before[0] + given, before[1] + back)
    for (store, wallet), (given, back) in sums.items():
        yield FundedAt(store, wallet, given, back, given - back)
