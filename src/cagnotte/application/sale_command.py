"""A sale as a caller sends it, and what it becomes once members, stores and products are looked up."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import msgspec
import psycopg

from cagnotte.application.errors import SaleInFuture
from cagnotte.application.ids import new_event_id
from cagnotte.application.published import Published, Version, wall_clock
from cagnotte.application.sale_attributes import Sent, declared_attributes
from cagnotte.application.sale_content import content_hash_of, guest_account
from cagnotte.application.sale_currency import check_amounts, sale_currency
from cagnotte.domain.baskets.basket import Basket, Line, PointsPayment
from cagnotte.domain.kernel import MemberId
from cagnotte.domain.programme.document import Declared
from cagnotte.storage.catalogue import Product, ask_products, read_products
from cagnotte.storage.members import Member, ask_member, read_member

CLOCK_TOLERANCE = timedelta(minutes=5)  # how far a till's clock may run ahead of ours


class SaleLine(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line; amounts are of the whole line. What is said of a known product is not used.

    `paid_minor`: what the till asks for it. `list_minor`: before any reduction (None: as paid). `tax_minor`:
    within what is paid. `cost_minor`: what the goods cost the store (None: not known).
    """

    sku: str
    quantity: int
    paid_minor: int
    category: str = ""
    department: str = ""
    brand: str = ""
    supplier: str = ""
    tags: tuple[str, ...] = ()
    list_minor: int | None = None
    tax_minor: int = 0
    cost_minor: int | None = None
    attributes: dict[str, Sent] = {}


class SaleCommand(msgspec.Struct, frozen=True, omit_defaults=True):
    """`member` is any identifier; None, or one that nobody has, makes it a guest's sale. `at` has an offset.

    `pay_with_points`: wallet -> points. `order_discount_minor`: what the till took off the whole order, not yet
    in the lines. `delivery_minor`: its price, not in the lines. `currency`: of all amounts (None: of the member's
    country, else the programme's).
    """

    sale_id: str
    store: str
    at: datetime
    lines: tuple[SaleLine, ...]
    member: str | None = None
    channel: str = "store"
    region: str = ""
    till: str = ""
    coupons: tuple[str, ...] = ()
    pay_with_points: dict[str, int] = {}
    order_discount_minor: int = 0
    delivery_minor: int = 0
    currency: str | None = None
    attributes: dict[str, Sent] = {}


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


def prepare(conn: psycopg.Connection, published: Published, command: SaleCommand) -> PreparedSale:
    """Look up what the sale names, in one round trip with all that the caller asked before; nothing is written.

    Raises NoProgramme at its time, SaleTooLarge, UnknownCurrency, UnknownAttribute or WrongAttribute.
    """
    version = published.at(command.at)
    with conn.pipeline():
        asked = None if command.member is None else ask_member(conn, command.member)
        product_rows = ask_products(conn, {line.sku for line in command.lines})
    member = None if asked is None else read_member(asked)
    products = read_products(product_rows)
    member_id = guest_account(command.sale_id) if member is None else member.member_id
    basket = _basket(command, version, products, member)
    content = content_hash_of(basket, member_id=member_id, at=command.at)
    return PreparedSale(command, member, member_id, published, version, basket, products, content)


def check_time(command: SaleCommand, now: datetime) -> None:
    """Raises SaleInFuture. A sale that is recorded, or answered under its key, is not asked again."""
    if command.at > now + CLOCK_TOLERANCE:
        raise SaleInFuture(at=command.at.isoformat(), now=now.isoformat())


def as_guest(prepared: PreparedSale) -> PreparedSale:
    """The same sale without its member, on the programme's clock."""
    command = prepared.command
    member_id = guest_account(command.sale_id)
    basket = _basket(command, prepared.version, prepared.products, None)
    content = content_hash_of(basket, member_id=member_id, at=command.at)
    return msgspec.structs.replace(prepared, member=None, member_id=member_id, basket=basket, content_hash=content)


def unknown_products(prepared: PreparedSale, new_id: Callable[[], int] = new_event_id) -> tuple[Product, ...]:
    """Products the sale names for the first time, as its lines describe them."""
    new = {line.sku: line for line in prepared.command.lines if line.sku not in prepared.products}
    return tuple(
        Product(new_id(), line.sku, "", line.category, line.department, line.brand, line.supplier, line.tags)
        for line in new.values()
    )


def _basket(
    command: SaleCommand, version: Version, products: Mapping[str, Product], member: Member | None
) -> Basket:
    """The sale on the clock and in the currency of the member's country; a guest's in the programme's."""
    programme, country = version.programme, member.country if member else ""
    declared = programme.declared
    lines = enumerate(command.lines)
    basket = Basket(
        at=wall_clock(command.at, version.zone_in(country)),
        store=command.store,
        lines=tuple(_line(line, products, declared, f"/lines/{number}/attributes") for number, line in lines),
        channel=command.channel,
        region=command.region,
        till=command.till,
        coupons=command.coupons,
        payments=tuple(PointsPayment(wallet, points) for wallet, points in command.pay_with_points.items()),
        order_discount=command.order_discount_minor,
        delivery=command.delivery_minor,
        attributes=declared_attributes(declared.sale, command.attributes, "/attributes"),
        currency=sale_currency(programme, command.currency, country),
    )
    check_amounts(programme, basket)
    return basket


def _line(line: SaleLine, products: Mapping[str, Product], declared: Declared, place: str) -> Line:
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
        listed=line.list_minor,
        tax=line.tax_minor,
        cost=line.cost_minor,
        attributes=declared_attributes(declared.line, line.attributes, place) if line.attributes else {},
    )
