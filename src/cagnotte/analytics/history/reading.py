"""Read a history row group by row group, as members with their events."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from cagnotte.analytics.history.layout import DICTIONARIES, EVENTS, PRODUCTS
from cagnotte.domain.baskets.basket import Basket, Line, PointsPayment
from cagnotte.domain.evaluator.events import Event, Sale
from cagnotte.domain.kernel import EventId, MemberId
from cagnotte.domain.members.profile import NO_ATTRIBUTES, AttributeValue, Profile

type Described = tuple[str, str, str, str, tuple[str, ...]]
"""Category, department, brand, supplier, tags."""


class Group(msgspec.Struct, frozen=True):
    """One row group of one file: whole members."""

    path: Path
    number: int
    rows: int


class MemberPast(msgspec.Struct, frozen=True):
    """A member, and every event in order of time. `paid`: of each event's lines, in minor units
    of the programme's currency."""

    member_id: MemberId
    profile: Profile
    events: Sequence[tuple[datetime, Event]]
    paid: Sequence[int]


class EventTold(msgspec.Struct, frozen=True):
    """One row: `profile` as JSON; `paid`: of its lines, in minor units."""

    member_id: MemberId
    profile: str
    at: datetime
    event: Event
    paid: int


class Products:
    """The catalogue by row number; products of one category share its text."""

    def __init__(self, folder: Path) -> None:
        table = pq.read_table(folder / PRODUCTS, read_dictionary=["category", "department", "brand", "supplier"])
        self.skus: list[str] = table.column("sku").to_pylist()
        shared = [_texts(table.column(name)) for name in ("category", "department", "brand", "supplier")]
        tags = [tuple(each) if each else () for each in table.column("tags").to_pylist()]
        self.described: list[Described] = list(zip(*shared, tags, strict=True))


def groups_of(folder: Path) -> list[Group]:
    """Every row group of the history that holds a member, in order."""
    found = []
    for path in sorted((folder / EVENTS).glob("*.parquet")):
        meta = pq.read_metadata(path)
        rows = [meta.row_group(number).num_rows for number in range(meta.num_row_groups)]
        found += [Group(path, number, count) for number, count in enumerate(rows) if count]
    return found


def members_of(group: Group, products: Products) -> Iterator[MemberPast]:
    """The members of a row group; their baskets are made one member at a time."""
    with pq.ParquetFile(group.path, read_dictionary=list(DICTIONARIES)) as file:
        columns = _Columns(file.read_row_group(group.number, use_threads=False), products)
    first = 0
    members = columns.member_ids
    for row in range(1, len(members) + 1):
        if row == len(members) or members[row] != members[first]:
            events = [(columns.at[number], columns.event(number)) for number in range(first, row)]
            profile = _profile.decode(columns.profiles[first])
            yield MemberPast(MemberId(members[first]), profile, events, columns.paid[first:row])
            first = row


def events_of(table: pa.Table, products: Products) -> Iterator[EventTold]:
    """The rows of a table of events, in its order, whosever they are."""
    columns = _Columns(table, products)
    for row, member_id in enumerate(columns.member_ids):
        yield EventTold(
            MemberId(member_id), columns.profiles[row], columns.at[row], columns.event(row), columns.paid[row]
        )


def profile_of(told: EventTold) -> Profile:
    return _profile.decode(told.profile)


def first_day(past: MemberPast) -> date:
    """The day from which a member's facts are known: that of joining, or of the first event before it."""
    return day_begun(past.profile, past.events[0][0])


def day_begun(profile: Profile, first_event: datetime) -> date:
    joined, begun = profile.enrolled_on, first_event.date()
    return begun if joined is None else min(joined, begun)


_profile = msgspec.json.Decoder(Profile)
_event = msgspec.json.Decoder(Event)
_payments = msgspec.json.Decoder(tuple[PointsPayment, ...])
_attributes = msgspec.json.Decoder(dict[str, int | str | bool | tuple[str, ...]])


class _Columns:
    """A row group as Python values, column by column: rows one by one would cost ten times as much."""

    def __init__(self, table: pa.Table, products: Products) -> None:
        self._products = products
        self.member_ids: list[int] = _numbers(table, "member_id")
        self.at: list[datetime] = table.column("at").to_numpy().astype("datetime64[us]").tolist()
        self.paid: list[int] = _numbers(table, "paid")
        self.profiles = _texts(table.column("profile"))
        self._ids: list[int] = _numbers(table, "event_id")
        self._others: list[str | None] | None = _said(table, "event")
        self._places = [_texts(table.column(name)) for name in ("store", "channel", "region", "till")]
        self._order_discounts = _numbers(table, "order_discount")
        self._deliveries = _numbers(table, "delivery")
        self._coupons = _said(table, "coupons")
        self._payments = _said(table, "payments")
        self._sale_attributes = _said(table, "attributes")
        self._currencies = _said(table, "currency") if "currency" in table.column_names else None
        self._starts: list[int] = _list(table, "product").offsets.to_numpy().tolist()
        self._lines = [_values(table, name) for name in ("product", "quantity", "line_paid")]
        more = {name: _said(table, name) for name in ("listed", "tax", "cost", "line_attributes")}
        self._more = more if any(column is not None for column in more.values()) else None

    def event(self, row: int) -> Event:
        other = self._others[row] if self._others else None
        if other is not None:
            event: Event = _event.decode(other)
            return event
        lines = self._plain_lines(row)
        if self._more is not None:
            lines = self._with_more(row, lines)
        store, channel, region, till = self._places
        coupons = self._coupons[row] if self._coupons else None
        payments = self._payments[row] if self._payments else None
        attributes = self._sale_attributes[row] if self._sale_attributes else None
        basket = Basket(
            self.at[row],
            store[row],
            lines,
            channel[row],
            region[row],
            till[row],
            tuple(coupons) if coupons else (),
            _payments.decode(payments) if payments else (),
            self._order_discounts[row],
            self._deliveries[row],
            _attributes.decode(attributes) if attributes else NO_ATTRIBUTES,
            (self._currencies[row] or "") if self._currencies else "",
        )
        return Sale(EventId(self._ids[row]), basket)

    def _plain_lines(self, row: int) -> tuple[Line, ...]:
        first, end = self._starts[row], self._starts[row + 1]
        skus, described = self._products.skus, self._products.described
        numbers, quantities, paid = self._lines
        return tuple(
            [
                Line(skus[product], quantity, minor, *described[product])
                for product, quantity, minor in zip(
                    numbers[first:end], quantities[first:end], paid[first:end], strict=True
                )
            ]
        )

    def _with_more(self, row: int, lines: tuple[Line, ...]) -> tuple[Line, ...]:
        assert self._more is not None
        said = {name: column[row] if column else None for name, column in self._more.items()}
        nothing = [None] * len(lines)
        listed, tax, cost = (said[name] or nothing for name in ("listed", "tax", "cost"))
        attributes = [_line_attributes(each) for each in said["line_attributes"] or nothing]
        return tuple(
            msgspec.structs.replace(
                line, listed=listed[number], tax=tax[number] or 0, cost=cost[number], attributes=attributes[number]
            )
            for number, line in enumerate(lines)
        )


def _line_attributes(said: str | None) -> dict[str, AttributeValue]:
    return _attributes.decode(said) if said else {}


def _numbers(table: pa.Table, name: str) -> list[int]:
    found: list[int] = table.column(name).to_numpy().tolist()
    return found


def _list(table: pa.Table, name: str) -> Any:
    return table.column(name).combine_chunks()


def _values(table: pa.Table, name: str) -> list[int]:
    found: list[int] = _list(table, name).values.to_numpy().tolist()
    return found


def _said(table: pa.Table, name: str) -> list[Any] | None:
    """The column; None when it says nothing in any row, as most do."""
    column = table.column(name)
    return None if column.null_count == len(column) else column.to_pylist()


def _texts(column: pa.ChunkedArray) -> list[str]:
    """Equal texts are one object."""
    array = column.combine_chunks()
    known: list[str] = array.dictionary.to_pylist()
    return [known[number] for number in array.indices.to_numpy().tolist()]
