"""One member as every screen, the API and the command line show it."""

from datetime import date, datetime
from itertools import groupby

import msgspec
import psycopg

from cagnotte.application.acting import HoldView, holds_of
from cagnotte.application.facts import Coming, counts_for, known_members
from cagnotte.application.history import MemberHistory
from cagnotte.application.household_points import HouseholdPoints, household_points
from cagnotte.application.published import Published, wall_clock
from cagnotte.application.tier_outlook import FamilyOutlook, TierView, next_tier, outlooks, tier_views
from cagnotte.domain.evaluator.facts import Facts
from cagnotte.domain.members.profile import Profile
from cagnotte.domain.points.holds import points_held
from cagnotte.domain.points.lots import Lot, is_pending
from cagnotte.domain.tiers.outlook import Missing
from cagnotte.storage.members import Member, find_member
from cagnotte.storage.sql import sql


class LotView(msgspec.Struct, frozen=True):
    """`expires_on`: first day, from 00:00 local time, on which the points cannot be used; null: never.

    `usable_from`: first day on which they can (null: at once); `awaits`: the event that makes them so ("": none).
    """

    lot_id: str
    wallet: str
    points: int
    earned_on: date
    expires_on: date | None
    usable_from: date | None
    awaits: str


class ExpiryView(msgspec.Struct, frozen=True):
    expires_on: date
    points: int


class BalanceView(msgspec.Struct, frozen=True):
    """Points of one wallet that can be used, and those that cannot yet; `next_expiries`: points that go, by day,
    soonest first. `held`: set aside for open orders."""

    wallet: str
    points: int
    pending: int
    owed: int
    held: int
    next_expiries: tuple[ExpiryView, ...]


class BadgeView(msgspec.Struct, frozen=True):
    """How far an achievement is: `value` of its target, reached `times` times so far."""

    achievement: str
    value: int
    times: int


class MembershipView(msgspec.Struct, frozen=True):
    """`until`: first day without it, from 00:00 local time; null: no end."""

    plan: str
    since: date
    until: date | None


class VoucherView(msgspec.Struct, frozen=True):
    voucher_id: str
    conversion: str
    amount_minor: int
    currency: str
    issued_on: date
    expires_on: date | None


class ShareView(msgspec.Struct, frozen=True):
    """Basis points of what the member spends on such goods, and between which they lie.

    `declared`: the member said it, or said how much is spent; otherwise it is estimated from peers.
    """

    share: int
    low: int
    high: int
    declared: bool


class MemberView(msgspec.Struct, frozen=True):
    """A member on one day of their own clock, `timezone`. Amounts in minor units of `currency`.

    `closed_on`: from 00:00 of it on the member neither earns nor spends; null: open.
    `version`: of the member's books, higher with each change. `lots` are the open ones, soonest to expire first.
    `tier`, `tier_since` and `next_tier` are of the main family; `tiers` are all that are held, `outlook` what lies
    ahead in each family. `household_points`: what can be spent with the household, of wallets where that may be.
    `share_of_wallet` null: not known.
    """

    member_id: str
    version: int
    external_id: str
    first_name: str
    last_name: str
    email: str
    phone: str
    enrolled_on: date
    closed_on: date | None
    language: str
    country: str
    timezone: str
    on: date
    currency: str
    tier: str | None
    tier_since: date | None
    next_tier: Missing | None
    tiers: tuple[TierView, ...]
    outlook: tuple[FamilyOutlook, ...]
    badges: tuple[BadgeView, ...]
    membership: MembershipView | None
    balances: tuple[BalanceView, ...]
    lots: tuple[LotView, ...]
    holds: tuple[HoldView, ...]
    vouchers: tuple[VoucherView, ...]
    household: str
    household_points: tuple[HouseholdPoints, ...]
    share_of_wallet: ShareView | None
    sales: int
    spent_minor: int
    last_sale_on: date | None


def show_member(conn: psycopg.Connection, published: Published, identifier: str, on: date) -> MemberView | None:
    """The member with this identifier, as things stand on a local day of theirs; None when nobody has it.

    What has come due since the last event (expiry, tier) is counted as it will be posted. A day before
    the last event shows the member after that event.
    """
    member = find_member(conn, identifier)
    return None if member is None else _shown(conn, published, member, on)


def show_member_at(
    conn: psycopg.Connection, published: Published, identifier: str, now: datetime
) -> MemberView | None:
    """The same for an instant: the day that it is then on the member's clock."""
    member = find_member(conn, identifier)
    if member is None:
        return None
    return _shown(conn, published, member, wall_clock(now, published.zone_in(member.country)).date())


def _shown(conn: psycopg.Connection, published: Published, member: Member, on: date) -> MemberView:
    known = known_members(conn, published, {member.member_id: Coming.on(on)}, locked=False)[member.member_id]
    version = published.on(max(on, known.standing.as_of), member.country)
    history = MemberHistory(known, version, counts_for(conn, published, [known], locked=False))
    history.bring_to(version, on)
    facts, today = history.facts, max(on, history.facts.as_of)
    sales, spent, last = _sales(conn, member.member_id)
    return MemberView(
        member_id=str(member.member_id),
        version=known.standing.version,
        external_id=member.external_id,
        first_name=member.first_name,
        last_name=member.last_name,
        email=member.email,
        phone=member.phone,
        enrolled_on=member.enrolled_on,
        closed_on=facts.profile.closed_on,
        language=member.language,
        country=member.country,
        timezone=version.zone_in(member.country).key,
        on=today,
        currency=version.programme.currency,
        tier=facts.tier,
        tier_since=history.standing_now().tier_since,
        next_tier=next_tier(version.programme, facts, today),
        tiers=tier_views(facts),
        outlook=outlooks(version.programme, facts, today),
        badges=tuple(BadgeView(each.achievement, each.value, each.times) for each in facts.progress),
        membership=_membership(facts),
        balances=tuple(_balance(wallet.code, facts, today) for wallet in version.programme.wallets),
        lots=tuple(_lot(lot) for lot in facts.lots),
        holds=holds_of(facts, version.zone_in(member.country)),
        vouchers=_vouchers(conn, member.member_id),
        household=facts.profile.household,
        household_points=household_points(conn, published, version.programme, member.member_id, facts),
        share_of_wallet=_share(facts.profile),
        sales=sales,
        spent_minor=spent,
        last_sale_on=last,
    )


def _balance(code: str, facts: Facts, today: date) -> BalanceView:
    held = [lot for lot in facts.lots if lot.wallet == code]
    pending = sum(lot.points_open for lot in held if is_pending(lot, today))
    dated = [(lot.expires_on, lot.points_open) for lot in held if lot.expires_on is not None]
    expiries = groupby(dated, key=lambda pair: pair[0])
    return BalanceView(
        wallet=code,
        points=sum(lot.points_open for lot in held) - pending,
        pending=pending,
        owed=dict(facts.debts).get(code, 0),
        held=points_held(facts.holds, code),
        next_expiries=tuple(ExpiryView(day, sum(points for _, points in pairs)) for day, pairs in expiries),
    )


def _membership(facts: Facts) -> MembershipView | None:
    held = facts.membership
    return None if held is None else MembershipView(held.plan, held.since, held.until)


def _share(profile: Profile) -> ShareView | None:
    share = profile.share_of_wallet
    if profile.share_declared and share:
        return ShareView(share, share, share, declared=True)
    return ShareView(share, profile.share_low, profile.share_high, declared=False) if profile.share_high else None


def _lot(lot: Lot) -> LotView:
    return LotView(
        str(lot.lot_id), lot.wallet, lot.points_open, lot.earned_on, lot.expires_on, lot.usable_from, lot.awaits
    )


def _vouchers(conn: psycopg.Connection, member_id: int) -> tuple[VoucherView, ...]:
    rows = conn.execute(sql("cagnotte.application", "vouchers_of"), {"member_id": member_id})
    return tuple(VoucherView(str(row[0]), *row[1:]) for row in rows)


def _sales(conn: psycopg.Connection, member_id: int) -> tuple[int, int, date | None]:
    row = conn.execute(sql("cagnotte.application", "sales_of"), {"member_id": member_id}).fetchone()
    assert row is not None
    return row[0], row[1], row[2]
