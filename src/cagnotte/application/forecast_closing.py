"""What a closing of the programme on a day would mean: for the points of a wallet, and for the accounts."""

from datetime import date, datetime

import msgspec
import psycopg

from cagnotte.application.accounts_refusals import ClosingTooEarly, NothingClosed, NothingGiven, WalletNotValued
from cagnotte.application.published import Published
from cagnotte.domain.accounting.entries import Kind
from cagnotte.domain.accounting.values import unit_value
from cagnotte.domain.accounting.winding_up import Released, Standing, released
from cagnotte.domain.breakage.estimate import estimate
from cagnotte.domain.breakage.triangle import month_after
from cagnotte.domain.breakage.winding_up import MonthAhead, Plan, given_in_a_month, wind_up
from cagnotte.ledger.accounts import periods, stored
from cagnotte.ledger.cohorts import read_triangles

__all__ = ["Forecast", "ForecastClosing", "Plan", "forecast_closing"]


class ForecastClosing(msgspec.Struct, frozen=True):
    """`close`: the last day of the programme; `last_earn`, `last_burn` None: that day. `uplift`: basis points."""

    wallet: str
    close: date
    last_earn: date | None = None
    last_burn: date | None = None
    announced: date | None = None
    uplift: int = 0
    given: int | None = None


class Forecast(msgspec.Struct, frozen=True):
    """From the end of `month`, the last closed one. `given`: points that are given in a whole month."""

    wallet: str
    month: date
    plan: Plan
    given: int
    currency: str
    ahead: tuple[MonthAhead, ...]
    deferred: Released
    provision: Released


def forecast_closing(
    conn: psycopg.Connection, published: Published, asked: ForecastClosing, *, now: datetime
) -> Forecast:
    """From the books as the last closed month knew them. Raises NothingClosed, ClosingTooEarly, WalletNotValued or
    NothingGiven."""
    closed = periods(conn)
    if not closed:
        raise NothingClosed
    last = closed[-1]
    programme = published.on(date.fromordinal(month_after(last.month).toordinal() - 1)).programme
    value = unit_value(programme, asked.wallet) if programme.has_wallet(asked.wallet) else None
    if value is None:
        raise WalletNotValued(wallet=asked.wallet)
    plan = _plan(asked, now.date())
    if plan.last_burn < month_after(last.month):
        raise ClosingTooEarly(day=plan.last_burn.isoformat(), month=f"{last.month:%Y-%m}")
    triangle = read_triangles(conn, last.month, last.known_at).get(asked.wallet)
    if triangle is None:
        raise NothingGiven(wallet=asked.wallet, month=f"{last.month:%Y-%m}")
    columns = triangle.whole()
    ahead = tuple(wind_up(estimate(triangle), columns, plan))
    standings = {
        kind: [
            Standing(key.given_in, each.portfolio, each.breakage)
            for key, each in stored(conn, last.month).items()
            if key.wallet == asked.wallet and key.kind is kind
        ]
        for kind in Kind
    }
    deferred, provision = (
        released(standings[kind], ahead, value, first=closed[0].month) for kind in (Kind.DEFERRED, Kind.PROVISION)
    )
    given = plan.given if plan.given is not None else given_in_a_month(columns, last.month)
    return Forecast(asked.wallet, last.month, plan, given, programme.currency, ahead, deferred, provision)


def _plan(asked: ForecastClosing, today: date) -> Plan:
    last_burn = min(asked.last_burn or asked.close, asked.close)
    return Plan(
        last_earn=min(asked.last_earn or last_burn, last_burn),
        last_burn=last_burn,
        announced=asked.announced or today,
        uplift=asked.uplift,
        given=asked.given,
    )
