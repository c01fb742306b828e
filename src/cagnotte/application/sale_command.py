"""A sale as a caller sends it, and what it becomes once members, stores and products are looked up."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import msgspec
import psycopg

from cagnotte.application.errors import SaleInFuture
from cagnotte.application.ids import new_event_id
from cagnotte.application.published import Published, Version, wall_clock
from cagnotte.application.sale_content import content_hash, guest_account
from cagnotte.domain.baskets.basket import Basket, Line
from cagnotte.domain.kernel import MemberId
from cagnotte.storage.catalogue import Product, products_by_sku
from cagnotte.storage.members import Member, find_member

CLOCK_TOLERANCE = timedelta(minutes=5)  # how far a till's clock may run ahead of ours


class SaleLine(msgspec.Struct, frozen=True):
    """One line. `paid_minor`: paid for the whole line. What is said of a known product is not used."""

    sku: str
    quantity: int
    paid_minor: int
    category: str = ""
    department: str = ""
    brand: str = ""
    supplier: str = ""
    tags: tuple[str, ...] = ()


class SaleCommand(msgspec.Struct, frozen=True):
    """`member` is any identifier; None, or one that nobody has, makes it a guest's sale. `at` has an offset."""

    sale_id: str
    store: str
    at: datetime
    lines: tuple[SaleLine, ...]
    member: str | None = None
    channel: str = "store"


class PreparedSale(msgspec.Struct, frozen=True):
    """`member` None: a guest, whose account is `member_id` (negative)."""

    command: SaleCommand
    member: Member | None
    member_id: MemberId
    published: Published
    version: Version  # the one in force at the sale's time
    basket: Basket
    products: Mapping[str, Product]
    content_hash: bytes


def prepare(
    conn: psycopg.Connection, published: Published, command: SaleCommand, *, now: datetime
) -> PreparedSale:
    """Look up what the sale names; nothing is written. Raises SaleInFuture, or NoProgramme at its time."""
    if command.at > now + CLOCK_TOLERANCE:
        raise SaleInFuture(at=command.at.isoformat(), now=now.isoformat())
    version = published.at(command.at)
    member = None if command.member is None else find_member(conn, command.member)
    member_id = guest_account(command.sale_id) if member is None else member.member_id
    products = products_by_sku(conn, {line.sku for line in command.lines})
    basket = Basket(
        at=wall_clock(command.at, version.zone),
        store=command.store,
        lines=tuple(_line(line, products) for line in command.lines),
        channel=command.channel,
    )
    content = _content(command, member_id)
    return PreparedSale(command, member, member_id, published, version, basket, products, content)


def as_guest(prepared: PreparedSale) -> PreparedSale:
    """The same sale without its member."""
    member_id = guest_account(prepared.command.sale_id)
    content = _content(prepared.command, member_id)
    return msgspec.structs.replace(prepared, member=None, member_id=member_id, content_hash=content)


def _content(command: SaleCommand, member_id: MemberId) -> bytes:
    return content_hash(
        member_id=member_id,
        store=command.store,
        at=command.at,
        channel=command.channel,
        lines=[(line.sku, line.quantity, line.paid_minor) for line in command.lines],
    )


def unknown_products(prepared: PreparedSale, new_id: Callable[[], int] = new_event_id) -> tuple[Product, ...]:
    """Products the sale names for the first time, as its lines describe them."""
    new = {line.sku: line for line in prepared.command.lines if line.sku not in prepared.products}
    return tuple(
        Product(new_id(), line.sku, "", line.category, line.department, line.brand, line.supplier, line.tags)
        for line in new.values()
    )


def _line(line: SaleLine, products: Mapping[str, Product]) -> Line:
    known = products.get(line.sku)
    of = known if known is not None else line
    return Line(
        sku=line.sku,
        quantity=line.quantity,
        paid=line.paid_minor,
        category=of.category,
        department=of.department,
        brand=of.brand,
        supplier=of.supplier,
        tags=of.tags,
    )
