"""What the lines of each sale add up to: the aggregates of one group-by."""

from typing import Any

import ibis
import ibis.expr.types as ir

from cagnotte.analytics.rules.expressions import IbisWriter
from cagnotte.domain.rules.tree import ExtremeKind, ExtremeOf, Loop, LoopKind, Size, Sum, Tree

type Value = Any


class LineLoops:
    """Aggregates over `rows`, of which each is a line; `is_row` is a column that is true for all of them."""

    def __init__(self, writer: IbisWriter, rows: Value, is_row: Value) -> None:
        self._writer = writer
        self._rows = rows
        self._is_row = is_row

    def total(self, node: Tree) -> Value:
        """The aggregate, over the lines of a sale; null where no line passes its filters."""
        match node:
            case Sum(items=items):
                item, where = self._passing(items)
                return item.sum(where=where).cast("int64")
            case Size(of=of):
                return self._rows.count(where=self._passing(of)[1])
            case ExtremeOf(kind=kind, items=items):
                item, where = self._passing(items)
                return item.min(where=where) if kind is ExtremeKind.MIN else item.max(where=where)
            case Loop():
                return self._decides(node).any()
        raise AssertionError(node)

    def counts(self, node: Tree) -> Value | None:
        """Whether the line changes the total of the node: without the others it is the same. None: all do."""
        match node:
            case Sum(items=items) | Size(of=items) | ExtremeOf(items=items):
                return self._passing(items)[1]
            case Loop():
                return self._decides(node)
        raise AssertionError(node)

    def _decides(self, node: Loop) -> Value:
        """Whether the line makes an `exists` true, or an `all` false."""
        item, where = self._passing(node.items)
        condition = self._writer.expression(node.body, {node.variable: item})
        wanted = self._of_rows(condition if node.kind is LoopKind.EXISTS else ~condition)
        return wanted if where is None else where & wanted

    def _passing(self, chain: Tree) -> tuple[Value, Value | None]:
        """What a chain of filters and maps makes of a line, and whether the line passes; None: all do."""
        item, conditions = self._writer.chain(chain, {}, self._rows)
        where = None
        for condition in conditions:
            where = condition if where is None else where & condition
        item = item if item is self._rows else self._of_rows(item)
        return item, None if where is None else self._of_rows(where)

    def _of_rows(self, value: Value) -> Value:
        """The value as a column: of a constant, such as the 1 of `lines.map(l, 1)`, nothing can be summed."""
        if isinstance(value, ir.Scalar):
            return ibis.ifelse(self._is_row, value, ibis.null(value.type()))
        return value
