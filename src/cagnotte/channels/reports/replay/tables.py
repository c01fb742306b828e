"""The tables of the report as names of columns and rows of values, for every way of writing them."""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from cagnotte.analytics.replay.figures import Flows, Measured, Report, Spread

type Cell = int | str
_SIDES = ("current", "draft", "difference")


class Table(msgspec.Struct, frozen=True):
    """Names of columns are codes; amounts are in minor units."""

    name: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def tables_of(report: Report) -> list[Table]:
    """Every table of the report, in its order."""
    return [
        _table("wallets", ("wallet",), report.wallets),
        _table("rules", ("rule", "wallet"), report.rules),
        _table("offers", ("offer",), report.offers),
        _table("months", ("month",), report.months),
        _table("stores", ("store", "name"), report.stores),
        _table("segments", ("kind", "value"), report.segments),
        _table("tiers", ("family", "tier"), report.tiers),
        _table("tier_moves", ("current", "draft"), report.moves),
        _spreads(report),
        _members(report),
    ]


def _table(name: str, keys: Sequence[str], rows: Sequence[msgspec.Struct]) -> Table:
    """Keys first, then every figure both ways and their difference."""
    written = [dict(_cells(row)) for row in rows]
    columns = list(written[0]) if written else list(keys)
    return Table(name, columns, [[row[column] for column in columns] for row in written])


def _cells(row: msgspec.Struct) -> Iterator[tuple[str, Cell]]:
    for field in row.__struct_fields__:
        value = getattr(row, field)
        match value:
            case Measured():
                yield from zip([f"{field}_{side}" for side in _SIDES], msgspec.structs.astuple(value), strict=True)
            case Flows():
                yield from _cells(value)
            case int() | str():
                yield field, value
            case _:
                yield field, str(value)


def _spreads(report: Report) -> Table:
    deciles = [f"decile_{number}" for number in range(11)]
    columns = ("of", "winners", "losers", "unchanged", "won", "lost", *deciles)
    rows = [_spread("points", report.points_spread), _spread("benefit_minor", report.benefit_spread)]
    return Table("spread", columns, rows)


def _spread(name: str, spread: Spread) -> list[Cell]:
    deciles: Iterable[int] = spread.deciles or (0,) * 11
    return [name, spread.winners, spread.losers, spread.unchanged, spread.won, spread.lost, *deciles]


def _members(report: Report) -> Table:
    """One row per member and rule that makes a difference."""
    columns = (
        "member_id", "sales", "spend", "points_current", "points_draft", "benefit_current", "benefit_draft",
        "tier_current", "tier_draft", "rule", "rule_current", "rule_draft",
    )  # fmt: skip
    rows: list[list[Cell]] = []
    for member in report.most_changed:
        own = [getattr(member, column) for column in columns[:9]]
        rows += [[*own, rule.rule, rule.current, rule.draft] for rule in member.rules] or [[*own, "", 0, 0]]
    return Table("members", columns, rows)
