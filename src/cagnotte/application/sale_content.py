"""What makes a sale the same sale: its content, as a hash, and the account of a guest."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

import msgspec

from cagnotte.domain.baskets.basket import Basket, Line, PointsPayment
from cagnotte.domain.kernel import MemberId
from cagnotte.domain.members.profile import AttributeValue

type Kept = Mapping[str, AttributeValue]
"""Attributes as rules read them."""


class LineDetails(msgspec.Struct, frozen=True, omit_defaults=True):
    """What else a till may say of a line, in minor units; the names are those of `Line`."""

    listed: int | None = None
    tax: int = 0
    cost: int | None = None
    attributes: dict[str, int | str | bool | tuple[str, ...]] = {}


class SaleDetails(msgspec.Struct, frozen=True, omit_defaults=True):
    """What else a till may say of a sale; the names are those of `Basket`. Kept with the sale as JSON."""

    region: str = ""
    till: str = ""
    coupons: tuple[str, ...] = ()
    payments: tuple[PointsPayment, ...] = ()
    order_discount: int = 0
    delivery: int = 0
    currency: str = ""
    attributes: dict[str, int | str | bool | tuple[str, ...]] = {}


_NO_SALE, _NO_LINE = SaleDetails(), LineDetails()
_encoder = msgspec.json.Encoder(order="deterministic")


def sale_details(basket: Basket) -> SaleDetails | None:
    """None when nothing but the lines, the store, the time and the channel is said."""
    details = SaleDetails(
        basket.region,
        basket.till,
        basket.coupons,
        basket.payments,
        basket.order_discount,
        basket.delivery,
        basket.currency,
        dict(basket.attributes),
    )
    return None if details == _NO_SALE else details


def line_details(line: Line) -> LineDetails | None:
    if line.listed is None and not line.tax and line.cost is None and not line.attributes:
        return None
    return LineDetails(line.listed, line.tax, line.cost, dict(line.attributes))


def with_details(basket: Basket, details: SaleDetails | None) -> Basket:
    """The basket of a sale, and what else was kept of it."""
    if details is None:
        return basket
    said = {name: getattr(details, name) for name in SaleDetails.__struct_fields__}
    return msgspec.structs.replace(basket, **said)


def as_text(details: msgspec.Struct | Kept) -> str:
    """JSON, the same for the same details."""
    return _encoder.encode(details).decode()


def content_hash(
    *,
    member_id: MemberId,
    store: str,
    at: datetime,
    channel: str,
    lines: Iterable[tuple[str, int, int]],
) -> bytes:
    """16 bytes that are equal for equal sales; the order of lines (sku, quantity, paid) does not matter."""
    said = [f"{sku}\x1e{quantity}\x1e{paid}" for sku, quantity, paid in lines]
    return _hash(said, member_id, store, at, channel)


def content_hash_of(basket: Basket, *, member_id: MemberId, at: datetime) -> bytes:
    """The same for a basket, with all that a till may say; what it does not say leaves the hash as it is."""
    said = []
    for line in basket.lines:
        of_line = line_details(line)
        more = "" if of_line is None else f"\x1e{as_text(of_line)}"
        said.append(f"{line.sku}\x1e{line.quantity}\x1e{line.paid}{more}")
    details = sale_details(basket)
    ending = () if details is None else (as_text(details),)
    return _hash(said, member_id, basket.store, at, basket.channel, *ending)


def guest_account(external_id: str) -> MemberId:
    """The account of one guest sale: negative, and always the same for the same sale, so a retry finds it.

    Sixty bits of SHA-256; `ordered_sales.sql` says the same in SQL.
    """
    return MemberId(-1 - int(hashlib.sha256(external_id.encode()).hexdigest()[:15], 16))


def _hash(lines: list[str], member_id: MemberId, store: str, at: datetime, channel: str, *more: str) -> bytes:
    content = sorted(lines)
    content += [str(member_id), store, at.astimezone(UTC).isoformat(), channel, *more]
    return hashlib.blake2b("\x1f".join(content).encode(), digest_size=16).digest()
