"""Close a month of the accounts: its lots are valued, its entries written, and none of it changes any more."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime

import msgspec
import psycopg

from cagnotte.application.accounts_refusals import NothingToClose, OtherMonthFirst, PeriodNotOver
from cagnotte.application.expected_breakage import close_with_breakage
from cagnotte.application.months_moved import Changes, moves_of
from cagnotte.application.partner_prices import PartnerPrices, owed_by_partners
from cagnotte.application.programme_staff import Actor, Permission
from cagnotte.application.published import Published, Version, day_start
from cagnotte.application.show_liability import keep_liability
from cagnotte.application.value_lots import Valuing, value_lots
from cagnotte.domain.accounting.entries import Kind, lines
from cagnotte.domain.accounting.portfolios import Nature
from cagnotte.domain.kernel import Period as Length
from cagnotte.domain.kernel import PeriodUnit, day_after
from cagnotte.domain.points.accounts import Entries
from cagnotte.ledger.accounts import Period, add_closing, ledger_clock, periods
from cagnotte.ledger.receivables import Receivable, add_receivables, receivables

_LOCK = "SELECT pg_advisory_xact_lock(%s)"
_CLOSING = 4_917_203_588_129
_FIRST_MOVED = "SELECT min(happened_on) FROM ledger_transfer"
_MONTH = Length(1, PeriodUnit.MONTHS)
_OF_RECEIVABLES = frozenset({Nature.FUNDED, Nature.TAKEN_BACK})


class Closed(msgspec.Struct, frozen=True):
    """`new` False: the month was closed before, and nothing was written."""

    period: Period
    new: bool


def close_accounts(
    conn: psycopg.Connection, published: Published, month: date, actor: Actor, *, now: datetime
) -> Closed:
    """Close the month that holds the day, in one transaction; closing it again changes nothing.

    What happened in the month, on the members' clocks, and is known now counts in it. What becomes known later
    counts in the month that is closed next, and is marked late there. Months are closed in order, once they are
    over on the programme's clock. Raises NotAllowed, PeriodNotOver, OtherMonthFirst or NothingToClose.
    """
    actor.check(Permission.CLOSE_ACCOUNTS)
    first = month.replace(day=1)
    with conn.transaction():
        conn.execute(_LOCK, (_CLOSING,))
        before = periods(conn)
        earlier = next((period for period in before if period.month == first), None)
        if earlier is not None:
            return Closed(earlier, new=False)
        _check_month(conn, published, before, first, now)
        return Closed(_close(conn, published, before, first, actor, now), new=True)


def _check_month(
    conn: psycopg.Connection, published: Published, before: list[Period], first: date, now: datetime
) -> None:
    if day_start(day_after(first, _MONTH), published.zone) > now:
        raise PeriodNotOver(month=_written(first))
    if before:
        wanted = day_after(before[-1].month, _MONTH)
        if first != wanted:
            raise OtherMonthFirst(month=_written(first), first=_written(wanted))
        return
    row = conn.execute(_FIRST_MOVED).fetchone()
    if row is None or row[0] is None or row[0] >= day_after(first, _MONTH):
        raise NothingToClose(month=_written(first))


def _close(  # noqa: PLR0917 - the parts of one closing
    conn: psycopg.Connection,
    published: Published,
    before: list[Period],
    first: date,
    actor: Actor,
    now: datetime,
) -> Period:
    end_day = day_after(first, _MONTH)
    version = published.on(date.fromordinal(end_day.toordinal() - 1))
    accounting = version.programme.accounting
    known_at = ledger_clock(conn)
    first_ever = before[0].month if before else first
    breakage = close_with_breakage(conn, version.programme, first, first=first_ever, known_at=known_at)
    lots = value_lots(conn, published, Valuing(first, end_day, breakage.wallets, accounting.portfolios))
    last = before[-1].month if before else None
    daily = accounting.entries is Entries.DAILY
    moved = moves_of(conn, first=first, end_day=end_day, last=last, breakage=breakage, daily=daily)
    owed = _settle_partners(conn, published, before, end_day, moved.changes)
    number = (before[-1].last_entry if before else 0) + 1
    rows = list(_rows(moved.changes, version, first, number))
    entries = rows[-1][0] - number + 1 if rows else 0
    period = Period(
        month=first,
        closed_at=now,
        closed_by=actor.name,
        currency=version.programme.currency,
        version=version.version,
        fiscal_year=_fiscal_year(first, accounting.fiscal_year),
        lots=lots,
        entries=entries,
        first_entry=number,
        last_entry=number + entries - 1,
        known_at=known_at,
    )
    add_closing(conn, period, moved.portfolios, rows)
    add_receivables(conn, first, owed)
    keep_liability(conn, period)
    return period


def _settle_partners(
    conn: psycopg.Connection, published: Published, before: list[Period], end_day: date, changes: Changes
) -> list[Receivable]:
    """What each partner owes now. What that is more or less than its lots were given or lost in the month gets an
    entry: what it gets back for points that members had spent, or pays for points that stand in no account."""
    last = before[-1] if before else None
    then = _owed_then(conn, published, last)
    now = owed_by_partners(conn, published, end_day)
    added = Counter[str]()
    for (*_, nature, partner), change in changes.items():
        if partner and nature in _OF_RECEIVABLES:
            added[partner] += change
    day = date.fromordinal(end_day.toordinal() - 1)
    for partner in sorted({*then, *now, *added}):
        owed = now[partner].amount_minor if partner in now else 0
        rest = owed - then.get(partner, 0) - added[partner]
        changes[day, False, "", 0, Kind.DEFERRED, Nature.CREDITED, partner] = rest
    names = PartnerPrices(published)
    return [Receivable(code, names.name(code), each.points, each.amount_minor) for code, each in now.items()]


def _owed_then(conn: psycopg.Connection, published: Published, last: Period | None) -> dict[str, int]:
    """At the end of the last closed month. Where that one did not count it, what was owed then is in no entry, and
    is not entered afterwards: the company has booked it itself."""
    if last is None:
        return {}
    if last.with_partners:
        return {each.partner: each.amount_minor for each in receivables(conn, last.month)}
    found = owed_by_partners(conn, published, day_after(last.month, _MONTH), last.known_at)
    return {partner: each.amount_minor for partner, each in found.items()}


type _Row = tuple[int, int, date, date, str, int, str, str, bool, str, int, str, int, int, str]


def _rows(changes: Changes, version: Version, month: date, number: int) -> Iterator[_Row]:
    """Entry by entry, by day, wallet, store and nature, numbered from `number`; what comes to nothing has none."""
    accounting = version.programme.accounting
    for about, change in sorted(changes.items()):
        if change == 0:
            continue
        day, late, wallet, store_id, kind, nature, partner = about
        for line_no, line in enumerate(lines(kind, nature, change, partner=partner), start=1):
            account = accounting.account(line.role)
            name = msgspec.json.encode(account.name).decode()
            where = (number, line_no, month, day, wallet, store_id)
            booked = (line.role.value, account.number, name, line.debit, line.credit)
            yield (*where, kind.value, nature.value, late, *booked, partner)
        number += 1


def _fiscal_year(month: date, begins: tuple[int, int]) -> date:
    """The first day of the company's year that holds the first day of the month."""
    year = date(month.year, *begins)
    return year if year <= month else date(month.year - 1, *begins)


def _written(month: date) -> str:
    return f"{month:%Y-%m}"
