"""One member as every screen, the API and the command line show it."""

from datetime import date
from itertools import groupby

import msgspec
import psycopg

from cagnotte.application.facts import facts_of
from cagnotte.application.history import MemberHistory
from cagnotte.application.published import Published
from cagnotte.domain.points.lots import Lot
from cagnotte.domain.tiers.qualification import Missing, missing_to_next
from cagnotte.storage.members import find_member
from cagnotte.storage.sql import sql
from cagnotte.storage.standings import standings


class LotView(msgspec.Struct, frozen=True):
    """`expires_on`: first day, from 00:00 local time, on which the points cannot be used; null: never."""

    lot_id: str
    wallet: str
    points: int
    earned_on: date
    expires_on: date | None


class ExpiryView(msgspec.Struct, frozen=True):
    expires_on: date
    points: int


class BalanceView(msgspec.Struct, frozen=True):
    """Points of one wallet; `next_expiries`: points that go, by day, soonest first."""

    wallet: str
    points: int
    next_expiries: tuple[ExpiryView, ...]


class VoucherView(msgspec.Struct, frozen=True):
    voucher_id: str
    conversion: str
    amount_minor: int
    currency: str
    issued_on: date
    expires_on: date | None


class MemberView(msgspec.Struct, frozen=True):
    """A member on one local day. Amounts in minor units of `currency`.

    `lots` are the open ones, in the order in which they are burned.
    """

    member_id: str
    external_id: str
    first_name: str
    last_name: str
    email: str
    phone: str
    enrolled_on: date
    on: date
    currency: str
    tier: str | None
    tier_since: date | None
    next_tier: Missing | None
    balances: tuple[BalanceView, ...]
    lots: tuple[LotView, ...]
    vouchers: tuple[VoucherView, ...]
    sales: int
    spent_minor: int
    last_sale_on: date | None


def show_member(conn: psycopg.Connection, published: Published, identifier: str, on: date) -> MemberView | None:
    """The member with this identifier, as things stand on a local day; None when nobody has it.

    What has come due since the last event (expiry, tier) is counted as it will be posted. A day before
    the last event shows the member after that event.
    """
    member = find_member(conn, identifier)
    if member is None:
        return None
    standing = standings(conn, [member.member_id])[member.member_id]
    version = published.on(max(on, standing.as_of))
    facts = facts_of(conn, published, {member.member_id: standing})[member.member_id]
    history = MemberHistory(standing, facts, version)
    history.bring_to(version, on)
    facts, today = history.facts, max(on, history.facts.as_of)
    sales, spent, last = _sales(conn, member.member_id)
    return MemberView(
        member_id=str(member.member_id),
        external_id=member.external_id,
        first_name=member.first_name,
        last_name=member.last_name,
        email=member.email,
        phone=member.phone,
        enrolled_on=member.enrolled_on,
        on=today,
        currency=version.programme.currency,
        tier=facts.tier,
        tier_since=history.standing_now().tier_since,
        next_tier=missing_to_next(version.programme.tiers, facts.days, today, facts.tier),
        balances=tuple(_balance(wallet.code, facts.lots) for wallet in version.programme.wallets),
        lots=tuple(_lot(lot) for lot in facts.lots),
        vouchers=_vouchers(conn, member.member_id),
        sales=sales,
        spent_minor=spent,
        last_sale_on=last,
    )


def _balance(code: str, lots: tuple[Lot, ...]) -> BalanceView:
    held = [lot for lot in lots if lot.wallet == code]
    dated = [(lot.expires_on, lot.points_open) for lot in held if lot.expires_on is not None]
    expiries = groupby(dated, key=lambda pair: pair[0])
    return BalanceView(
        wallet=code,
        points=sum(lot.points_open for lot in held),
        next_expiries=tuple(ExpiryView(day, sum(points for _, points in pairs)) for day, pairs in expiries),
    )


def _lot(lot: Lot) -> LotView:
    return LotView(str(lot.lot_id), lot.wallet, lot.points_open, lot.earned_on, lot.expires_on)


def _vouchers(conn: psycopg.Connection, member_id: int) -> tuple[VoucherView, ...]:
    rows = conn.execute(sql("cagnotte.application", "vouchers_of"), {"member_id": member_id})
    return tuple(VoucherView(str(row[0]), *row[1:]) for row in rows)


def _sales(conn: psycopg.Connection, member_id: int) -> tuple[int, int, date | None]:
    row = conn.execute(sql("cagnotte.application", "sales_of"), {"member_id": member_id}).fetchone()
    assert row is not None
    return row[0], row[1], row[2]
