"""Many rules over a table of sales and a table of their lines, in one query."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import reduce
from operator import or_
from typing import Any

import ibis
from ibis.expr.operations import Field

from cagnotte.analytics.rules.expressions import IbisWriter
from cagnotte.analytics.rules.line_loops import LineLoops
from cagnotte.analytics.rules.shape import (
    aggregates,
    inner_aggregates,
    is_aggregate,
    paths_read,
    refused_part,
    shape_of,
)
from cagnotte.analytics.rules.tables import column_of
from cagnotte.domain.rules import BOOL, INT, Rule
from cagnotte.domain.rules.tree import Loop, LoopKind, Tree

type Pair = tuple[Rule | None, Rule]
type Table = Any
type Value = Any
type _Texts = frozenset[str] | None
type Columns = dict[tuple[Any, ...], str]

# No name of a rule holds a $, so that no column of the programme's own can be called like these.
_BESIDE = "sale$"  # before the name of a sale's column that stands beside a line's
_TOTAL = "total$"


class NotInBulk(Exception):
    """Rules that tables cannot answer: position of the pair -> the part of its text that stands in the way."""

    def __init__(self, parts: dict[int, str]) -> None:
        super().__init__(", ".join(f"{position}: {part}" for position, part in parts.items()))
        self.parts = parts


def not_in_bulk(pairs: Sequence[Pair], *, root: str = "lines") -> dict[int, str]:
    """Position -> part of the text that tables cannot answer. All other pairs `compile_ibis` takes.

    Such is a loop over the lines inside another whose item it reads, a loop over records that are not
    lines, and a chain of loops that would be too long once written out. Those pairs are for Python.
    """
    parts: dict[int, str] = {}
    for position, pair in enumerate(pairs):
        for rule in pair:
            refused = None if rule is None else refused_part(rule.tree, root)
            if rule is not None and refused is not None:
                parts.setdefault(position, rule.source[refused.start : refused.end])
    return parts


def compile_ibis(
    pairs: Sequence[Pair],
    baskets: Table,
    lines: Table,
    *,
    key: str = "sale_id",
    root: str = "lines",
    dialect: str | None = None,
) -> Table:
    """key, r0, r1 ...: one row per row of `baskets`; the points of each pair, null where its condition fails.

    `baskets` has the key and a column per value that rules read (`column_of`); `lines` has the key and a
    column per field of a line. Lists are arrays. Columns hold facts within bounds, and no null except in
    the programme's own attributes, where null is absent. Raises NotInBulk.

    `dialect` is duckdb, postgres or pyspark, the one that the answer is then written for; None: that of the
    connection that `baskets` comes from.
    """
    if parts := not_in_bulk(pairs, root=root):
        raise NotInBulk(parts)
    work = _Work(baskets, lines, key=key, root=root, dialect=dialect or baskets.get_backend().name)
    trees = [rule.tree for pair in pairs for rule in pair if rule is not None]
    work.aggregate(each for tree in trees for each in inner_aggregates(tree, root))
    work.aggregate(each for tree in trees for each in aggregates(tree, root))
    return work.answers(pairs)


class _Work:
    """The sales' table as it grows by what its lines add up to."""

    def __init__(self, baskets: Table, lines: Table, *, key: str, root: str, dialect: str) -> None:
        self._sales, self._lines = baskets, lines
        self._key, self._root, self._dialect = key, root, dialect
        self._columns: Columns = {}

    def aggregate(self, nodes: Iterable[Tree]) -> None:
        """Adds the columns of the nodes; equal ones share a column.

        Nodes that look at the same texts of a line share a pass: it need not go through the lines of which
        no node asks, and a department lets ten times as many through as a category. None: every line counts.
        """
        new: dict[str, Tree] = {}
        for node in nodes:
            shape = shape_of(node, {})
            if shape not in self._columns:
                self._columns[shape] = f"{_TOTAL}{len(self._columns)}"
                new[self._columns[shape]] = node
        if not new:
            return
        rows = self._rows(new.values())
        parts: dict[_Texts, dict[str, Tree]] = {}
        for name, node in new.items():
            parts.setdefault(_texts(self._loops(rows).counts(node)), {})[name] = node
        for part in parts.values():
            self._add_totals(rows, part)

    def _add_totals(self, rows: Table, nodes: dict[str, Tree]) -> None:
        """One pass over the lines that count for one of the nodes or more."""
        counting = [self._loops(rows).counts(node) for node in nodes.values()]
        if all(each is not None for each in counting):
            rows = rows.filter(reduce(or_, counting))
        loops = self._loops(rows)
        totals = rows.group_by(self._key).agg(**{name: loops.total(node) for name, node in nodes.items()})
        # A sale without such lines has no totals: it keeps its row, and _counted reads nulls as nothing.
        self._sales = self._sales.left_join(totals, self._key).drop(f"{self._key}_right")

    def _loops(self, rows: Table) -> LineLoops:
        writer = self._writer(lambda path: rows[_BESIDE + column_of(*path)], lambda name: rows[_BESIDE + name])
        return LineLoops(writer, rows, rows[self._key].notnull())

    def answers(self, pairs: Sequence[Pair]) -> Table:
        sales = self._sales
        writer = self._writer(lambda path: sales[column_of(*path)], lambda name: sales[name])
        answers = {f"r{position}": _answer(pair, writer) for position, pair in enumerate(pairs)}
        return sales.select(self._key, **answers)

    def _rows(self, nodes: Iterable[Tree]) -> Table:
        """The lines, with the values of their sales that the nodes read inside their loops."""
        wanted = sorted({name for node in nodes for name in self._sale_columns(node)})
        if not wanted:
            return self._lines
        beside = self._sales.select(self._key, **{_BESIDE + name: self._sales[name] for name in wanted})
        return self._lines.inner_join(beside, self._key)

    def _sale_columns(self, node: Tree) -> Iterator[str]:
        for inner in inner_aggregates(node, self._root):
            yield self._columns[shape_of(inner, {})]
        for path in paths_read(node):
            if path != (self._root,):
                yield column_of(*path)

    def _writer(self, column: Callable[[tuple[str, ...]], Value], total: Callable[[str], Value]) -> IbisWriter:
        def counted(node: Tree) -> Value | None:
            if not is_aggregate(node, self._root):
                return None
            value = total(self._columns[shape_of(node, {})])
            return _known(node, value)

        return IbisWriter(self._dialect, column=column, aggregate=counted)


def _texts(counts: Value | None) -> _Texts:
    """The columns of text that decide whether a line counts."""
    if counts is None:
        return None
    return frozenset(field.name for field in counts.op().find(Field) if field.dtype.is_string())


def _answer(pair: Pair, writer: IbisWriter) -> Value:
    when, points = pair
    assert points.tree.type == INT, points.source
    given = writer.expression(points.tree, {}).cast("int64")
    if when is None:
        return given
    assert when.tree.type == BOOL, when.source
    return ibis.ifelse(writer.expression(when.tree, {}), given, ibis.null("int64"))


def _known(node: Tree, total: Value) -> Value:
    """The value of the aggregate from its column, which is null for a sale of which no line passes."""
    match node:
        case Loop(kind=LoopKind.EXISTS):
            return total.fill_null(ibis.literal(value=False))
        case Loop():
            return ~total.fill_null(ibis.literal(value=False))
        case _:
            return total.fill_null(0).cast("int64")
