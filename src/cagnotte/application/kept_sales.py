"""Recorded sales as the evaluator wants them: the basket, and what was decided for it, then and since."""

from datetime import datetime

import msgspec
import psycopg

from cagnotte.application.history import MemberHistory
from cagnotte.application.published import Published, Version
from cagnotte.application.sale_content import SaleDetails, with_details
from cagnotte.domain.baskets.basket import Basket, Line
from cagnotte.domain.evaluator.decision import Decision, Refusal, RefusalCode
from cagnotte.domain.evaluator.effects import DrawReason, LotsDrawn, LotsRefilled
from cagnotte.domain.evaluator.events import Sale, SaleTaken
from cagnotte.domain.evaluator.undoing_points import lots_earned
from cagnotte.domain.kernel import EventId, MemberId
from cagnotte.domain.members.profile import NO_ATTRIBUTES
from cagnotte.domain.points.lots import Lot, part_of
from cagnotte.ledger.reading import expired_lots
from cagnotte.storage.packing import unpack
from cagnotte.storage.returns import (
    KeptCorrection,
    KeptReturn,
    ask_corrections,
    ask_returns,
    read_corrections,
    read_returns,
)
from cagnotte.storage.sql import sql

type _Attributes = dict[str, int | str | bool | tuple[str, ...]]


class KeptSale(msgspec.Struct, frozen=True):
    """A sale that is recorded. `decision`: with the facts that it used; None for a guest's, and for none kept.

    `returns` and `corrections`: what was decided for it since, oldest first.
    """

    member_id: MemberId
    external_id: str
    happened_at: datetime
    sale: Sale
    version: Version
    decision: Decision | None
    returns: tuple[KeptReturn, ...] = ()
    corrections: tuple[KeptCorrection, ...] = ()
    newest: Decision | None = None  # of a return that is being recorded

    def with_decision(self, newest: Decision) -> "KeptSale":
        return msgspec.structs.replace(self, newest=newest)

    def taken(self, expired: tuple[Lot, ...] = ()) -> SaleTaken:
        """As an event that is about the sale wants it; `expired`: what of the member's lots expired."""
        since = [each.decision for each in self.returns] + [each.decision for each in self.corrections]
        since += [self.newest] if self.newest else []
        since.sort(key=lambda decision: decision.event_id)
        decisions = (self.decision or _not_decided(self.sale), *since)
        own = {lot.lot_id for lot in lots_earned(SaleTaken(self.sale, decisions))}
        gone: dict[str, int] = {}
        for lot in expired:
            if lot.lot_id in own:
                gone[lot.wallet] = gone.get(lot.wallet, 0) + lot.points_open
        return SaleTaken(self.sale, decisions, tuple(sorted(gone.items())))


class BasketLine(msgspec.Struct, frozen=True, array_like=True):
    """A line as the database tells it, in the order of its columns."""

    sku: str
    name: str
    category: str
    department: str
    brand: str
    supplier: str
    tags: tuple[str, ...]
    quantity: int
    paid_minor: int
    list_minor: int | None
    tax_minor: int | None
    cost_minor: int | None
    attributes: str | None

    def line(self) -> Line:
        return Line(
            self.sku,
            self.quantity,
            self.paid_minor,
            self.category,
            self.department,
            self.brand,
            self.supplier,
            tuple(self.tags),
            self.list_minor,
            self.tax_minor or 0,
            self.cost_minor,
            msgspec.json.decode(self.attributes, type=_Attributes) if self.attributes else NO_ATTRIBUTES,
        )


def kept_sales(
    conn: psycopg.Connection, published: Published, member_id: MemberId, sale_id: int | None = None
) -> list[KeptSale]:
    """One sale of an account, or all of them in order of what happened. Product texts are today's catalogue's."""
    keys = {"member_id": member_id, "sale_id": sale_id}
    with conn.pipeline():  # one round trip
        heads = conn.execute(sql("cagnotte.application", "sales_of_member"), keys)
        rows = conn.execute(sql("cagnotte.application", "lines_of_member"), keys)
        returned = ask_returns(conn, member_id, sale_id)
        corrected = ask_corrections(conn, member_id, sale_id)
    lines: dict[int, list[Line]] = {}
    for of_sale, *columns in rows.fetchall():
        lines.setdefault(of_sale, []).append(BasketLine(*columns).line())
    returns, corrections = read_returns(returned), read_corrections(corrected)
    versions = {version.version: version for version in published.versions}
    found = []
    for head in heads.fetchall():
        about = head[0]
        kept = _kept(published, versions, member_id, head, lines.get(about, []))
        since = (tuple(returns.get(about, ())), tuple(corrections.get(about, ())))
        found.append(msgspec.structs.replace(kept, returns=since[0], corrections=since[1]))
    return found


def expired_so_far(conn: psycopg.Connection, history: MemberHistory) -> tuple[Lot, ...]:
    """What of the member's lots has expired: as posted, and in the steps that are about to be."""
    effects = [effect for step in history.steps for effect in step.decision.effects]
    back = [lot for effect in effects if isinstance(effect, LotsRefilled) for lot in effect.lots]
    lots = {lot.lot_id: lot for lot in (*history.before.lots, *back)}  # one that was all set aside is not open
    going = [
        part_of(lots[draw.lot_id], draw.points)
        for effect in effects
        if isinstance(effect, LotsDrawn) and effect.reason is DrawReason.EXPIRY
        for draw in effect.draws
        if draw.lot_id in lots
    ]
    return (*expired_lots(conn, history.member_id), *going)


def _kept(
    published: Published,
    versions: dict[int, Version],
    member_id: MemberId,
    head: tuple[object, ...],
    lines: list[Line],
) -> KeptSale:
    found = _Head(*head)  # type: ignore[arg-type]  # the columns of sales_of_member.sql
    details = msgspec.json.decode(found.details, type=SaleDetails) if found.details else None
    plain = Basket(at=found.happened_local, store=found.store, lines=tuple(lines), channel=found.channel)
    decision = msgspec.json.decode(unpack(found.decided), type=Decision) if found.decided else None
    judged = versions.get(found.version) if found.version is not None else None
    return KeptSale(
        member_id,
        found.external_id,
        found.happened_at,
        Sale(EventId(found.sale_id), with_details(plain, details)),
        judged or published.begun_at(found.happened_at),
        decision,
    )


class _Head(msgspec.Struct, frozen=True):
    sale_id: int
    external_id: str
    store: str
    channel: str
    happened_at: datetime
    happened_local: datetime
    version: int | None
    decided: bytes | None
    details: str | None


def _not_decided(sale: Sale) -> Decision:
    """A guest's sale: the programme was not for whom nobody knows."""
    return Decision(sale.event_id, sale.basket.at.date(), (), (Refusal(RefusalCode.NOT_IN_AUDIENCE),))
