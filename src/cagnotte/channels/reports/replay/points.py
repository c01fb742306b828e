"""Sections of the page about points and money: by month, rule, offer, segment, store and wallet."""

from collections.abc import Callable, Iterable, Sequence
from html import escape

from cagnotte.analytics.replay.figures import Flows, Measured, RuleRow, SegmentRow, StoreRow
from cagnotte.channels.reports.replay.charts import Group, columns
from cagnotte.channels.reports.replay.markup import Column, Reader, bars, details, section, table
from cagnotte.channels.wording import N_, Nn_
from cagnotte.channels.wording.replay_words import (
    KINDS,
    NO_STORE,
    month_name,
    month_short,
    segment_name,
    thing_name,
    written,
)

CURRENT, DRAFT, DIFFERENCE = N_("Current"), N_("Draft"), N_("Difference")
_STORES_SHOWN = 20
_TOLD = N_("%(month)s, %(side)s: %(points)s points")
_AS_TABLE = N_("The same as a table")
_COST_COLUMN = N_("Estimated cost")
_MORE_STORES = Nn_(
    "%(number)s store more is in tables/stores.csv.", "%(number)s stores more are in tables/stores.csv."
)


def legend(reader: Reader) -> str:
    sides = (("current", CURRENT), ("draft", DRAFT))
    items = "".join(f'<li><i class="{kind}"></i>{reader.say(name)}</li>' for kind, name in sides)
    return f'<ul class="legend">{items}</ul>'


def months_section(reader: Reader) -> str:
    title = reader.say(N_("Points issued by month"))
    groups = []
    for row in reader.report.months:
        month, issued = month_name(row.month, reader.speech), row.flows.issued
        told = [
            reader.speech.say(_TOLD, month=month, side=reader.speech.say(side), points=reader.speech.number(value))
            for side, value in ((CURRENT, issued.current), (DRAFT, issued.draft))
        ]
        groups.append(Group((month_short(row.month),), (issued.current, issued.draft), told))
    rows = [
        [escape(month_name(row.month, reader.speech)), *_flows(reader, row.flows)] for row in reader.report.months
    ]
    chart = columns(reader.speech.say(N_("Points issued by month")), groups, ("current", "draft"), _shown(reader))
    listed = table([Column(reader.say(N_("Month")), is_figure=False), *_flow_columns(reader)], rows)
    return section(title, legend(reader), chart, details(reader.say(_AS_TABLE), listed))


def rules_section(reader: Reader) -> str:
    lead = reader.say(
        N_("Where the difference comes from: the points that each rule gives, and to how many members.")
    )
    rows = reader.report.rules
    largest = _largest(row.points for row in rows)
    headings = [
        Column(reader.say(N_("Rule")), is_figure=False),
        Column("", is_figure=False),
        *_sides(reader),
        Column(reader.say(N_("Members"))),
        Column(reader.say(_COST_COLUMN)),
    ]
    cells = [_rule(reader, row, largest) for row in rows]
    return section(reader.say(N_("Points by rule")), legend(reader), table(headings, cells), lead=lead)


def offers_section(reader: Reader) -> str:
    rows = reader.report.offers
    largest = _largest(row.given for row in rows)
    cells = [
        [
            _named(reader, row.offer),
            bars(row.given, largest),
            *_both(reader, row.given, is_money=True),
            reader.change(row.members),
        ]
        for row in rows
    ]
    headings = [
        Column(reader.say(N_("Offer")), is_figure=False),
        Column("", is_figure=False),
        *_sides(reader),
        Column(reader.say(N_("Members"))),
    ]
    return section(reader.say(N_("Discounts and vouchers by offer")), table(headings, cells))


def segments_section(reader: Reader) -> str:
    parts = []
    for kind, title in KINDS.items():
        rows = [row for row in reader.report.segments if row.kind == kind]
        if any(row.value for row in rows):
            parts.append(f"<h3>{reader.say(title)}</h3>{_segments(reader, rows)}")
    lead = reader.say(N_("Points issued to members of each kind, and how many of them get more or fewer."))
    return section(reader.say(N_("Who gets them")), *parts, lead=lead)


def stores_section(reader: Reader) -> str:
    rows = reader.report.stores
    shown = rows[:_STORES_SHOWN]
    largest = _largest(row.flows.issued for row in shown)
    cells = [_store(reader, row, largest) for row in shown]
    headings = [
        Column(reader.say(N_("Store")), is_figure=False),
        Column("", is_figure=False),
        *_sides(reader),
        Column(reader.say(_COST_COLUMN)),
    ]
    more = len(rows) - len(shown)
    told = f"<p>{escape(reader.speech.count(_MORE_STORES, more))}</p>" if more else ""
    lead = reader.say(N_("Points issued by the stores where they change most."))
    return section(reader.say(N_("Stores")), table(headings, cells), told, lead=lead)


def wallets_section(reader: Reader) -> str:
    """One line per wallet and figure."""
    figures = (
        (N_("Issued"), "issued", False),
        (N_("Burned"), "burned", False),
        (N_("Expired"), "expired", False),
        (N_("Taken back"), "taken_back", False),
        (N_("Open at the end"), "outstanding", False),
        (N_("of which not usable yet"), "pending", False),
        (N_("Estimated cost of what was issued"), "cost", True),
        (N_("Owed to members at the end"), "liability", True),
    )
    parts = []
    for row in reader.report.wallets:
        cells = []
        for title, field, is_money in figures:
            measured: Measured = getattr(row, field)
            if measured.current or measured.draft:
                cells.append([reader.say(title), *_both(reader, measured, is_money=is_money)])
        headings = [Column(_named(reader, row.wallet), is_figure=False), *_sides(reader)]
        parts.append(table(headings, cells))
    return section(reader.say(N_("Wallets")), *parts)


def _rule(reader: Reader, row: RuleRow, largest: int) -> list[str]:
    return [
        _named(reader, row.rule),
        bars(row.points, largest),
        *_both(reader, row.points),
        reader.change(row.members) if row.members.difference else reader.figure(row.members.draft),
        reader.change(row.cost, is_money=True),
    ]


def _segments(reader: Reader, rows: Sequence[SegmentRow]) -> str:
    largest = _largest(row.flows.issued for row in rows)
    headings = [
        Column("", is_figure=False),
        Column(reader.say(N_("Members"))),
        Column("", is_figure=False),
        *_sides(reader),
        Column(reader.say(N_("get more"))),
        Column(reader.say(N_("get fewer"))),
    ]
    cells = [
        [
            escape(segment_name(row.kind, row.value, reader.report, reader.speech)),
            reader.figure(row.members),
            bars(row.flows.issued, largest),
            *_both(reader, row.flows.issued),
            reader.figure(row.winners),
            reader.figure(row.losers),
        ]
        for row in rows
    ]
    return table(headings, cells)


def _store(reader: Reader, row: StoreRow, largest: int) -> list[str]:
    named = (
        f'{escape(row.store)}<span class="code">{escape(row.name)}</span>' if row.store else reader.say(NO_STORE)
    )
    issued = row.flows.issued
    return [named, bars(issued, largest), *_both(reader, issued), reader.change(row.flows.cost, is_money=True)]


def _flows(reader: Reader, flows: Flows) -> list[str]:
    return [
        *_both(reader, flows.issued),
        reader.change(flows.cost, is_money=True),
        *_both(reader, flows.vouchers_cost, is_money=True),
    ]


def _flow_columns(reader: Reader) -> list[Column]:
    vouchers = reader.say(N_("Vouchers"))
    return [
        *_sides(reader),
        Column(reader.say(_COST_COLUMN)),
        *[Column(f"{vouchers}<br>{column.heading}") for column in _sides(reader)],
    ]


def _sides(reader: Reader) -> list[Column]:
    return [Column(reader.say(side)) for side in (CURRENT, DRAFT, DIFFERENCE)]


def _both(reader: Reader, measured: Measured, *, is_money: bool = False) -> list[str]:
    return [
        reader.figure(measured.current, is_money=is_money),
        reader.figure(measured.draft, is_money=is_money),
        reader.change(measured, is_money=is_money),
    ]


def _named(reader: Reader, code: str) -> str:
    """A thing's name, and its code where that says something else."""
    name = thing_name(code, reader.report, reader.speech)
    shown = f'<span class="code">{escape(code)}</span>' if name != code else ""
    return f"{escape(name)}{shown}"


def _largest(measured: Iterable[Measured]) -> int:
    return max((max(each.current, each.draft) for each in measured), default=0)


def _shown(reader: Reader) -> Callable[[int], str]:
    return lambda value: written(value, reader.report, reader.speech, is_money=False)
