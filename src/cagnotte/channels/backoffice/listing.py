"""Lists: one page of rows, headings that sort, links to the pages around."""

from collections.abc import Sequence
from typing import Any

import msgspec
from django.core.paginator import Paginator
from django.db.models import F, QuerySet
from django.http import HttpRequest

ROWS = 50
_SORT, _PAGE = "sort", "page"


class Column(msgspec.Struct, frozen=True):
    """A heading; `field` is what it sorts by (empty: it does not)."""

    code: str
    label: str
    field: str = ""
    is_number: bool = False


class Heading(msgspec.Struct, frozen=True):
    column: Column
    address: str  # where a click leads; empty: nowhere
    direction: str  # "ascending", "descending" or "none", for aria-sort


class Listing(msgspec.Struct, frozen=True):
    """What a template shows of a list. `total` None: not counted."""

    headings: list[Heading]
    rows: list[Any]
    first: int
    last: int
    total: int | None
    previous: str
    next: str


def sorted_list(request: HttpRequest, found: QuerySet, columns: Sequence[Column], *, default: str) -> Listing:
    """The page of `found` that the address asks for, sorted as it asks; `default` like "-points"."""
    chosen = _chosen_sort(request, columns, default)
    ordered = found.order_by(_order(chosen, columns), "pk")
    pages = Paginator(ordered, ROWS)
    page = pages.get_page(request.GET.get(_PAGE))
    return Listing(
        headings=[_heading(request, column, chosen) for column in columns],
        rows=list(page.object_list),
        first=page.start_index(),
        last=page.end_index(),
        total=pages.count,
        previous=address(request, page=page.number - 1) if page.has_previous() else "",
        next=address(request, page=page.number + 1) if page.has_next() else "",
    )


def uncounted(request: HttpRequest, found: QuerySet, columns: Sequence[Column]) -> Listing:
    """A page of a list too long to count, in its own order."""
    page = page_number(request)
    start = (page - 1) * ROWS
    rows = list(found[start : start + ROWS + 1])
    return Listing(
        headings=[Heading(column, "", "none") for column in columns],
        rows=rows[:ROWS],
        first=start + 1 if rows else 0,
        last=start + min(len(rows), ROWS),
        total=None,
        previous=address(request, page=page - 1) if page > 1 else "",
        next=address(request, page=page + 1) if len(rows) > ROWS else "",
    )


def page_number(request: HttpRequest, name: str = _PAGE) -> int:
    """The page asked for, from 1; anything unreadable means the first."""
    asked = request.GET.get(name, "")
    return max(1, int(asked)) if asked.isdecimal() and len(asked) < 7 else 1  # noqa: PLR2004 - no such page


def address(request: HttpRequest, **changes: object) -> str:
    """The same page with other parameters."""
    query = request.GET.copy()
    for name, value in changes.items():
        query[name] = str(value)
    return f"?{query.urlencode()}"


def _chosen_sort(request: HttpRequest, columns: Sequence[Column], default: str) -> str:
    asked = request.GET.get(_SORT, "")
    sortable = {column.code for column in columns if column.field}
    return asked if asked.removeprefix("-") in sortable else default


def _order(chosen: str, columns: Sequence[Column]) -> object:
    field = next(column.field for column in columns if column.code == chosen.removeprefix("-"))
    return F(field).desc(nulls_last=True) if chosen.startswith("-") else F(field).asc(nulls_last=True)


def _heading(request: HttpRequest, column: Column, chosen: str) -> Heading:
    if not column.field:
        return Heading(column, "", "none")
    is_chosen = chosen.removeprefix("-") == column.code
    descending = chosen.startswith("-")
    flips = descending if is_chosen else not column.is_number
    sort = column.code if flips else f"-{column.code}"
    direction = ("descending" if descending else "ascending") if is_chosen else "none"
    return Heading(column, address(request, sort=sort, page=1), direction)
