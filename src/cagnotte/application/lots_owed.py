"""The lots behind the balance of the accounts at the end of a closed month, each with its own part of it."""

from collections.abc import Iterator
from datetime import date
from itertools import groupby

import msgspec
import psycopg

from cagnotte.application.accounts_refusals import PeriodOpen
from cagnotte.domain.accounting.entries import Kind
from cagnotte.domain.accounting.portfolios import own_balances
from cagnotte.domain.kernel import Period as Length
from cagnotte.domain.kernel import PeriodUnit, day_after
from cagnotte.ledger.accounts import Period, periods, stored
from cagnotte.ledger.parts import lots_left

_MONTH = Length(1, PeriodUnit.MONTHS)


class OwnBalance(msgspec.Struct, frozen=True):
    """One lot with points left: its amount, less what was taken back, and what of that is still owed."""

    wallet: str
    kind: Kind
    given_in: date  # the month whose closing took it into account
    member_id: int
    lot_id: int
    given_on: date
    points: int
    left: int
    amount_minor: int
    balance_minor: int
    partner: str = ""  # who pays for this part of the lot


def closed_period(conn: psycopg.Connection, month: date) -> Period:
    """The closed month that holds the day. Raises PeriodOpen."""
    first = month.replace(day=1)
    found = next((period for period in periods(conn) if period.month == first), None)
    if found is None:
        raise PeriodOpen(month=f"{first:%Y-%m}")
    return found


def show_lots(conn: psycopg.Connection, period: Period) -> Iterator[OwnBalance]:
    """Every lot with points left then, as the books stood when the month was closed; inside a transaction.

    Their balances add up to that of the accounts, portfolio by portfolio.
    """
    states = stored(conn, period.month)
    for key, group in groupby(lots_left(conn, period, day_after(period.month, _MONTH)), key=lambda lot: lot.key):
        lots = list(group)
        owed = states[key].balance_minor if key in states else 0
        own = own_balances(owed, [(lot.amount_minor, lot.kept, lot.left) for lot in lots])
        for lot, balance in zip(lots, own, strict=True):
            yield OwnBalance(
                wallet=key.wallet,
                kind=key.kind,
                given_in=key.given_in,
                member_id=lot.member_id,
                lot_id=lot.lot_id,
                given_on=lot.given_on,
                points=lot.points,
                left=lot.left,
                amount_minor=lot.amount_minor,
                balance_minor=balance,
                partner=key.partner,
            )
