"""A recorded sale, and why each rule gave what it gave: taken again on the facts that were kept."""

from datetime import datetime

import msgspec
import psycopg

from cagnotte.application.kept_sales import BasketLine
from cagnotte.application.published import Published, Version
from cagnotte.application.sale_answer import (
    BadgeReached,
    GiftView,
    MessageView,
    OfferGiven,
    PaidWithWallet,
    ProgrammeUsed,
    Totals,
    VouchersGiven,
    badges_reached,
    gifts_given,
    messages_shown,
    offers_given,
    paid_with_points,
    totals_of,
    vouchers_given,
)
from cagnotte.application.sale_content import SaleDetails, with_details
from cagnotte.application.sale_currency import Counted, counted_as
from cagnotte.domain.baskets.basket import Basket, total_paid
from cagnotte.domain.evaluator.decision import Decision, Refusal, RefusalCode, UsedFacts
from cagnotte.domain.evaluator.effects import TierChanged
from cagnotte.domain.evaluator.explain import RuleExplained, explain_rules
from cagnotte.domain.members.profile import Profile
from cagnotte.domain.tiers.terms import MAIN
from cagnotte.storage.packing import unpack
from cagnotte.storage.sql import sql

_NO_PART = {RefusalCode.PROGRAMME_NOT_RUNNING, RefusalCode.NOT_IN_AUDIENCE}


class LineView(msgspec.Struct, frozen=True):
    line_no: int
    sku: str
    name: str
    category: str
    department: str
    brand: str
    quantity: int
    paid_minor: int


class SaleExplained(msgspec.Struct, frozen=True):
    """`member` None: a guest's sale, for which no rule was asked. Times: the till's, and the wall clock.

    Amounts are in the sale's `currency`; `counted`: what it counts as in the programme's, when that is another.
    """

    sale_id: str
    member: str | None
    store: str
    store_name: str
    channel: str
    happened_at: datetime
    happened_local: datetime
    posted_at: datetime
    paid_minor: int
    currency: str
    counted: Counted | None
    totals: Totals
    offers: tuple[OfferGiven, ...]
    gifts: tuple[GiftView, ...]
    paid_with_points: tuple[PaidWithWallet, ...]
    points_earned: int
    lines: tuple[LineView, ...]
    used: UsedFacts | None
    rules: tuple[RuleExplained, ...]
    vouchers: tuple[VouchersGiven, ...]
    tier_before: str | None
    tier_after: str | None
    achievements: tuple[BadgeReached, ...]
    messages: tuple[MessageView, ...]
    refusals: tuple[Refusal, ...]
    programme: ProgrammeUsed


def explain_sale(
    conn: psycopg.Connection, published: Published, member_id: int, sale_id: int
) -> SaleExplained | None:
    """The sale with its explanation; None when there is none. Product texts are those of today's catalogue."""
    keys = {"member_id": member_id, "sale_id": sale_id}
    head = conn.execute(sql("cagnotte.application", "sale_head"), keys).fetchone()
    if head is None:
        return None
    rows = conn.execute(sql("cagnotte.application", "sale_lines"), keys).fetchall()
    return _explained(published, head, rows)


def _explained(published: Published, head: tuple[object, ...], rows: list[tuple[object, ...]]) -> SaleExplained:
    found = msgspec.convert(dict(zip(_Head.__struct_fields__, head, strict=True)), _Head)
    basket = with_details(
        Basket(
            at=found.happened_local,
            store=found.store,
            lines=tuple(msgspec.convert(row[1:], BasketLine).line() for row in rows),
            channel=found.channel,
        ),
        msgspec.json.decode(found.details, type=SaleDetails) if found.details else None,
    )
    version = _version(published, found)
    decision = msgspec.json.decode(unpack(found.decided), type=Decision) if found.decided else None
    used = decision.used if decision else None
    totals = totals_of(basket, decision)
    changes = [each for each in decision.effects if isinstance(each, TierChanged)] if decision else []
    changes = [change for change in changes if change.family == MAIN]
    held = used.tier if used else None
    return SaleExplained(
        sale_id=found.sale_id,
        member=found.member,
        store=found.store,
        store_name=found.store_name,
        channel=found.channel,
        happened_at=found.happened_at,
        happened_local=found.happened_local,
        posted_at=found.posted_at,
        paid_minor=total_paid(basket),
        currency=basket.currency or version.programme.currency,
        counted=counted_as(version.programme, basket),
        totals=totals,
        offers=offers_given(decision),
        gifts=gifts_given(decision),
        paid_with_points=paid_with_points(decision),
        points_earned=found.points_earned,
        lines=tuple(_view(row) for row in rows),
        used=used,
        rules=_rules(version, basket, used, totals, decision) if used and decision else (),
        vouchers=vouchers_given(decision) if decision else (),
        tier_before=changes[0].before if changes else held,
        tier_after=changes[-1].after if changes else held,
        achievements=badges_reached(decision),
        messages=messages_shown(version, decision, Profile(language=found.language, country=found.country)),
        refusals=decision.refusals if decision else (),
        programme=ProgrammeUsed(version.code, version.version),
    )


class _Head(msgspec.Struct, frozen=True):
    sale_id: str
    member: str | None
    store: str
    store_name: str
    channel: str
    happened_at: datetime
    happened_local: datetime
    posted_at: datetime
    paid_minor: int
    points_earned: int
    version: int | None
    decided: bytes | None
    details: str | None
    language: str
    country: str


def _view(row: tuple[object, ...]) -> LineView:
    line = msgspec.convert(row[1:], BasketLine)
    number = msgspec.convert(row[0], int)
    return LineView(
        number,
        line.sku,
        line.name,
        line.category,
        line.department,
        line.brand,
        line.quantity,
        line.paid_minor,
    )


def _rules(
    version: Version, basket: Basket, used: UsedFacts, totals: Totals, decision: Decision
) -> tuple[RuleExplained, ...]:
    """Why each rule gave what it gave; none was asked when the member could not take part."""
    if {refusal.code for refusal in decision.refusals} & _NO_PART:
        return ()
    return explain_rules(version.programme, basket, used, points_paid=totals.points_paid_minor)


def _version(published: Published, head: _Head) -> Version:
    """The version that decided; for a guest's sale, the one in force at its time."""
    for version in published.versions:
        if version.version == head.version:
            return version
    return published.at(head.happened_at)
