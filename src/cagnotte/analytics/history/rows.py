"""Rows of the database as columns of the history's events."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

import msgspec

from cagnotte.analytics.history.layout import EVENT_COLUMNS
from cagnotte.domain.evaluator.events import ConversionAsked, DayBegun, Event
from cagnotte.domain.kernel import TRANSFERS_PER_EVENT, EventId
from cagnotte.domain.members.profile import Profile

_encoder = msgspec.json.Encoder()
_NO_TIMES = EventId(TRANSFERS_PER_EVENT)  # of the one day that stands for a member who did nothing


class Sold(NamedTuple):
    """A row of events.sql."""

    member_id: int
    event_id: int | None
    happened_at: datetime
    at: datetime
    conversion: str | None
    times: int
    store: str
    channel: str
    details: str | None
    paid: int
    product_ids: list[int] | None
    quantities: list[int] | None
    line_paid: list[int] | None
    listed: list[int | None] | None
    tax: list[int | None] | None
    cost: list[int | None] | None
    attributes: list[str | None] | None


class Details(msgspec.Struct, frozen=True):
    """What else a till said of a sale, as it is kept with the sale."""

    region: str = ""
    till: str = ""
    coupons: tuple[str, ...] = ()
    payments: msgspec.Raw = msgspec.Raw(b"")
    order_discount: int = 0
    delivery: int = 0
    currency: str = ""
    attributes: msgspec.Raw = msgspec.Raw(b"")


_NOTHING = Details()
_details = msgspec.json.Decoder(Details)


class EventRows:
    """The columns of one row group, filled member by member. `days`: those of sales, first and last of each;
    `currencies`: of sales, besides the programme's."""

    def __init__(self, numbers: dict[int, int]) -> None:
        self._numbers = numbers
        self.columns: dict[str, list[Any]] = {name: [] for name in EVENT_COLUMNS.names}
        self.sales = self.lines = 0
        self.days: list[date] = []
        self.currencies: set[str] = set()

    def __len__(self) -> int:
        return len(self.columns["member_id"])

    def add_member(self, events: Sequence[Sold], profile: Profile) -> None:
        said = _encoder.encode(profile).decode()
        for row in events:
            self._add(row, said)
        sold = [row.at.date() for row in events if row.product_ids is not None]
        if sold:
            self.days += (min(sold), max(sold))

    def _add(self, row: Sold, profile: str) -> None:
        details = _NOTHING if row.details is None else _details.decode(row.details)
        products = row.product_ids or []
        other = _other_event(row)
        values = (
            row.member_id,
            profile,
            row.event_id or _NO_TIMES,
            row.at,
            None if other is None else _encoder.encode(other).decode(),
            row.store,
            details.region,
            details.till,
            row.channel,
            details.coupons or None,
            _text(details.payments),
            details.order_discount,
            details.delivery,
            _text(details.attributes),
            details.currency or None,
            row.paid,
            [self._numbers[product] for product in products],
            row.quantities or [],
            row.line_paid or [],
            row.listed,
            None if row.tax is None else [tax or 0 for tax in row.tax],
            row.cost,
            row.attributes,
        )
        for column, value in zip(self.columns.values(), values, strict=True):
            column.append(value)
        if details.currency:
            self.currencies.add(details.currency)
        if other is None:
            self.sales += 1
            self.lines += len(products)


def _other_event(row: Sold) -> Event | None:
    """None for a sale."""
    if row.event_id is None:
        return DayBegun(_NO_TIMES, row.at.date())
    if row.conversion is not None:
        return ConversionAsked(EventId(row.event_id), row.at, row.conversion, row.times)
    return None


def _text(raw: msgspec.Raw) -> str | None:
    said = bytes(raw)
    return said.decode() if said else None
