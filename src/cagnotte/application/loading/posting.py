"""Staged sales become decisions, member by member, and are posted in sets."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import groupby

import msgspec
import psycopg

from cagnotte.application.facts import Coming, counts_for, known_members
from cagnotte.application.history import MemberHistory, points_earned, write_histories
from cagnotte.application.ids import new_event_id
from cagnotte.application.loading.staging import StagedSale
from cagnotte.application.published import Published, instant_of
from cagnotte.application.retrying import retried
from cagnotte.application.sale_content import as_text, content_hash, content_hash_of, guest_account, sale_details
from cagnotte.application.sale_currency import paid_counted
from cagnotte.domain.baskets.basket import Basket, Line
from cagnotte.domain.evaluator.effects import LotOpened, VouchersIssued
from cagnotte.domain.evaluator.events import Sale
from cagnotte.storage.catalogue import products_by_id
from cagnotte.storage.sales import SaleRow
from cagnotte.storage.sql import sql

_LINES_AT_ONCE = 40_000
_PRODUCTS_KEPT = 300_000


type Described = tuple[str, str, str, str, str, tuple[str, ...]]
"""What rules may ask of a product: sku, category, department, brand, supplier, tags."""


class Posted(msgspec.Struct, frozen=True):
    """What one set came to."""

    sales: int = 0
    lines: int = 0
    sales_already: int = 0
    lines_already: int = 0
    guest_sales: int = 0
    paid_minor: int = 0
    points_issued: int = 0
    vouchers: int = 0
    conflicts: tuple[StagedSale, ...] = ()


class ProductFacts:
    """product_id -> what rules may ask of the product; read when first needed, forgotten when there are many."""

    def __init__(self, conn: psycopg.Connection) -> None:
        self._conn = conn
        self._known: dict[int, Described] = {}

    def of(self, sales: Iterable[StagedSale]) -> Mapping[int, Described]:
        """The products of these sales at least."""
        missing = {product for sale in sales for product in sale.product_ids} - self._known.keys()
        if missing:
            if len(self._known) > _PRODUCTS_KEPT:
                self._known = {}
                missing = {product for sale in sales for product in sale.product_ids}
            for product_id, known in products_by_id(self._conn, missing).items():
                self._known[product_id] = (
                    known.sku,
                    known.category,
                    known.department,
                    known.brand,
                    known.supplier,
                    known.tags,
                )
        return self._known


def batches(sales: Iterable[StagedSale]) -> Iterator[list[list[StagedSale]]]:
    """Whole members, as many as make up a set of bounded size: a member's sales are never parted."""
    batch: list[list[StagedSale]] = []
    lines = 0
    for _, group in groupby(sales, key=lambda sale: sale.member_id):
        batch.append(list(group))
        lines += sum(len(sale.product_ids) for sale in batch[-1])
        if lines >= _LINES_AT_ONCE:
            yield batch
            batch, lines = [], 0
    if batch:
        yield batch


def post_batch(
    conn: psycopg.Connection,
    published: Published,
    products: ProductFacts,
    batch: Sequence[Sequence[StagedSale]],
    *,
    write: bool = True,
) -> Posted:
    """Decide and write one set in one transaction; with `write` False everything but the writing.

    Sets of other members may be posted at the same time by others.
    """
    known = products.of(sale for sales in batch for sale in sales)
    return retried(partial(_post, conn, published, known, batch, write=write), what="load_sales")


def _post(
    conn: psycopg.Connection,
    published: Published,
    known: Mapping[int, Described],
    batch: Sequence[Sequence[StagedSale]],
    *,
    write: bool,
) -> Posted:
    with conn.transaction():
        coming = {
            sales[0].member_id: _coming(sales) for sales in batch if sales[0].member_id > 0 and _has_new(sales)
        }
        members = known_members(conn, published, coming, locked=write)
        shared = counts_for(conn, published, members.values(), locked=write)
        new, already, conflicts = _sorted_out(_seen_since(conn, batch), known, published)
        histories: list[MemberHistory] = []
        rows: list[SaleRow] = []
        for sales in new:
            member_id = sales[0].member_id
            if member_id < 0:
                rows += [_row(sale, known, published, new_event_id(), 0) for sale in sales]
            else:
                history = MemberHistory(members[member_id], published.current, shared)
                rows += _fold(history, published, known, sales)
                histories.append(history)
        if write:
            write_histories(conn, histories, rows)
    return _posted(rows, histories, already, conflicts)


def _fold(
    history: MemberHistory,
    published: Published,
    products: Mapping[int, Described],
    sales: Sequence[StagedSale],
) -> list[SaleRow]:
    """Decide one member's sales in order of time."""
    rows = []
    for sale in sales:
        version = published.at(sale.at)
        history.bring_to(version, sale.local.date())
        event = Sale(new_event_id(), _basket(sale, products))
        decision = history.take(version, event, sale.at, f"sale:{sale.external_id}")
        rows.append(_row(sale, products, published, event.event_id, points_earned(decision)))
    history.bring_to(published.current, history.facts.as_of)  # lots of late sales that are past their day
    return rows


def _basket(sale: StagedSale, products: Mapping[int, Described]) -> Basket:
    lines = []
    for product_id, quantity, paid in zip(sale.product_ids, sale.quantities, sale.paid, strict=True):
        sku, category, department, brand, supplier, tags = products[product_id]
        lines.append(Line(sku, quantity, paid, category, department, brand, supplier, tags))
    return Basket(sale.local, sale.store, tuple(lines), sale.channel, currency=sale.currency or "")


def _coming(sales: Sequence[StagedSale]) -> Coming:
    """A member's sales come in order of time; across a change of time zone, the local day may step back by one."""
    days = [sale.local.date() for sale in sales]
    return Coming(min(days), max(days), frozenset(sale.store for sale in sales))


def _has_new(sales: Sequence[StagedSale]) -> bool:
    return any(sale.recorded_hash is None for sale in sales)


def _seen_since(conn: psycopg.Connection, batch: Sequence[Sequence[StagedSale]]) -> Sequence[Sequence[StagedSale]]:
    """The set, with what was recorded since it was staged: tills go on selling while a file is loaded."""
    new = [sale.external_id for sales in batch for sale in sales if sale.recorded_hash is None]
    rows = conn.execute(sql("cagnotte.application.loading", "recorded_since"), {"sales": new})
    found = {sale: (member_id, content) for sale, member_id, content in rows}
    return [[_as_recorded(sale, found) for sale in sales] for sales in batch] if found else batch


def _as_recorded(sale: StagedSale, found: Mapping[str, tuple[int, bytes]]) -> StagedSale:
    if sale.external_id not in found:
        return sale
    member_id, content = found[sale.external_id]
    return sale._replace(recorded_member=member_id, recorded_hash=content)


def _sorted_out(
    batch: Sequence[Sequence[StagedSale]], known: Mapping[int, Described], published: Published
) -> tuple[list[list[StagedSale]], list[StagedSale], list[StagedSale]]:
    """(new sales by member, sales recorded before with the same content, sales recorded with other content)."""
    new: list[list[StagedSale]] = []
    already: list[StagedSale] = []
    conflicts: list[StagedSale] = []
    for sales in batch:
        fresh = [sale for sale in sales if sale.recorded_hash is None]
        if fresh:
            new.append(fresh)
        for sale in sales:
            if sale.recorded_hash is not None:
                same = 0 not in sale.product_ids and _is_as_recorded(sale, known, published)
                (already if same else conflicts).append(sale)
    return new, already, conflicts


def _is_as_recorded(sale: StagedSale, products: Mapping[int, Described], published: Published) -> bool:
    """Whether it is the sale that was recorded, also when its member lived by another clock then."""
    if _hash(sale, products) == sale.recorded_hash:
        return True
    clocks = () if sale.has_offset else published.zones()
    moved = (sale._replace(at=instant_of(sale.local, zone)) for zone in clocks)
    return any(_hash(each, products) == sale.recorded_hash for each in moved)


def _hash(sale: StagedSale, products: Mapping[int, Described]) -> bytes:
    """The content of the sale; one that was recorded as a guest's stays a guest's, whoever enrolled since."""
    as_guest = sale.recorded_member is not None and sale.recorded_member < 0
    member_id = guest_account(sale.external_id) if as_guest else sale.member_id
    if sale.currency:
        return content_hash_of(_basket(sale, products), member_id=member_id, at=sale.at)
    return content_hash(
        member_id=member_id,
        store=sale.store,
        at=sale.at,
        channel=sale.channel,
        lines=zip(_skus(sale, products), sale.quantities, sale.paid, strict=True),
    )


def _skus(sale: StagedSale, products: Mapping[int, Described]) -> list[str]:
    return [products[product_id][0] for product_id in sale.product_ids]


def _row(
    sale: StagedSale,
    products: Mapping[int, Described],
    published: Published,
    sale_id: int,
    points: int,
) -> SaleRow:
    abroad = _basket(sale, products) if sale.currency else None
    details = None if abroad is None else sale_details(abroad)
    paid = sum(sale.paid)
    return SaleRow(
        member_id=sale.member_id,
        sale_id=sale_id,
        external_id=sale.external_id,
        store_id=sale.store_id,
        happened_at=sale.at,
        happened_local=sale.local,
        channel=sale.channel,
        paid_minor=paid if abroad is None else paid_counted(published.at(sale.at).programme, abroad),
        points_earned=points,
        content_hash=_hash(sale, products),
        lines=list(zip(sale.product_ids, sale.quantities, sale.paid, strict=True)),
        details=None if details is None else as_text(details),
        currency=sale.currency,
        own_minor=None if abroad is None else paid,
    )


def _posted(
    rows: Sequence[SaleRow],
    histories: Sequence[MemberHistory],
    already: Sequence[StagedSale],
    conflicts: Sequence[StagedSale],
) -> Posted:
    effects = [effect for history in histories for step in history.steps for effect in step.decision.effects]
    return Posted(
        sales=len(rows),
        lines=sum(len(row.lines) for row in rows),
        sales_already=len(already),
        lines_already=sum(len(sale.product_ids) for sale in already),
        guest_sales=sum(row.member_id < 0 for row in rows),
        paid_minor=sum(row.paid_minor for row in rows),
        points_issued=sum(effect.lot.points_open for effect in effects if isinstance(effect, LotOpened)),
        vouchers=sum(effect.count for effect in effects if isinstance(effect, VouchersIssued)),
        conflicts=tuple(conflicts),
    )
