"""What a month changes in the accounts: where each portfolio stood before, what moved, and where it stands now."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby

import msgspec
import psycopg

from cagnotte.application.expected_breakage import Expected
from cagnotte.domain.accounting.entries import Kind
from cagnotte.domain.accounting.parts import How
from cagnotte.domain.accounting.portfolios import Moved, Nature, Portfolio, after, balance, steps
from cagnotte.domain.accounting.values import cancelled
from cagnotte.ledger.accounts import (
    PortfolioKey,
    Stored,
    Taken,
    given_in,
    points_ended,
    points_taken,
    stored,
)
from cagnotte.ledger.parts import PartMoved, parts_moved

type Changes = dict[tuple[date, bool, str, int, Kind, Nature, str], int]
"""(day, late, wallet, store, kind, nature, partner) -> what it adds to the balance, in minor units."""

_NONE = Stored(Portfolio(), (0, 0), (0, 0), 0, 0)


class MonthMoved(msgspec.Struct, frozen=True):
    changes: Changes
    portfolios: dict[PortfolioKey, Stored]


class _Moves:
    """Of one portfolio, what moved by day; None: what happened before the month, in all."""

    def __init__(self) -> None:
        self.given: dict[date | None, dict[Nature, tuple[int, int]]] = defaultdict(dict)
        self.taken: dict[date | None, dict[Nature, tuple[int, int]]] = defaultdict(dict)
        self.used: dict[date | None, int] = defaultdict(int)
        self.expired: dict[date | None, int] = defaultdict(int)

    def add_given(self, day: date | None, nature: Nature, amounts: tuple[int, int]) -> None:
        _add(self.given[day], nature, amounts)

    def add_taken(self, day: date | None, nature: Nature, amounts: tuple[int, int]) -> None:
        _add(self.taken[day], nature, amounts)

    def days(self) -> list[date | None]:
        """What came late first."""
        found = {*self.given, *self.taken, *self.used, *self.expired, None}
        return sorted(found, key=lambda day: day or date.min)

    def on(self, day: date | None) -> Moved:
        return Moved(self.given[day], self.taken[day], self.used[day], self.expired[day])


def moves_of(
    conn: psycopg.Connection,
    *,
    first: date,
    end_day: date,
    last: date | None,
    breakage: Expected,
    daily: bool,
) -> MonthMoved:
    """From the state at the end of the `last` closed month (None: there is none) to that at the end of this one.

    All that happened before `end_day` is looked at: what the books hold of earlier months and the last state does
    not, became known since, and is late.
    """
    before = {} if last is None else stored(conn, last)
    moves: dict[PortfolioKey, _Moves] = defaultdict(_Moves)
    for key, day, nature, amounts in given_in(conn, first):
        late = day < first
        moves[key].add_given(None if late else day if daily else _last(end_day), nature, amounts)
    for ended in points_ended(conn, first, end_day, daily=daily):
        moves[ended.key].used[ended.day] += ended.used
        moves[ended.key].expired[ended.day] += ended.expired
    for each, amount in _amounts(points_taken(conn, first, end_day, daily=daily)):
        nature = Nature.SENT if each.moved else Nature.TAKEN_BACK
        moves[each.key].add_taken(each.day, nature, (each.points, amount))
    for part in parts_moved(conn):
        if part.happened_on < end_day:
            on = part.happened_on if daily else _last(end_day)
            _add_part(moves[part.key], None if part.happened_on < first else on, part)
    changes: Changes = defaultdict(int)
    portfolios = {}
    for key in sorted({*before, *moves}):
        was = before.get(key, _NONE)
        expected = breakage.portfolio(key.wallet, key.given_in, was.breakage)
        portfolios[key] = _settle(key, was, moves[key], expected, first, changes)
    return MonthMoved(changes, portfolios)


def _add_part(moves: _Moves, day: date | None, part: PartMoved) -> None:
    match part.how:
        case How.USED:
            moves.used[day] += part.points
        case How.EXPIRED:
            moves.expired[day] += part.points
        case How.MOVED:
            moves.add_taken(day, Nature.SENT, (part.points, part.amount_minor))
        case How.CLAIMED | How.TAKEN:
            moves.add_taken(day, Nature.TAKEN_BACK, (part.points, part.amount_minor))


def _settle(  # noqa: PLR0917
    key: PortfolioKey, was: Stored, moves: _Moves, breakage: int, first: date, changes: Changes
) -> Stored:
    """Day by day from where the portfolio stood; `changes` gains what each day adds to its balance."""
    _without_known(moves, was)
    state, expected = was.portfolio, was.breakage if was is not _NONE else breakage
    taken, sent = was.taken, was.sent
    for day in moves.days():
        moved = moves.on(day)
        for nature, change in steps(state, moved, breakage_before=expected, breakage=breakage):
            late = day is None and nature is not Nature.ESTIMATE
            changes[day or first, late, key.wallet, key.store_id, key.kind, nature, key.partner] += change
        state, expected = after(state, moved), breakage
        taken = _sum(taken, moved.taken.get(Nature.TAKEN_BACK, (0, 0)))
        sent = _sum(sent, moved.taken.get(Nature.SENT, (0, 0)))
    return Stored(state, taken, sent, breakage, balance(state, breakage))


def _without_known(moves: _Moves, was: Stored) -> None:
    """Of what happened before the month, only what the last closing did not know is left."""
    moves.used[None] -= was.portfolio.used
    moves.expired[None] -= was.portfolio.expired
    for nature, known in ((Nature.TAKEN_BACK, was.taken), (Nature.SENT, was.sent)):
        points, amount = moves.taken[None].get(nature, (0, 0))
        moves.taken[None][nature] = (points - known[0], amount - known[1])


def _amounts(taken: Iterable[Taken]) -> Iterator[tuple[Taken, int]]:
    """What of its lot's amount goes with each."""
    for _, group in groupby(taken, key=lambda each: (each.member_id, each.lot_id)):
        draws = list(group)
        amounts = cancelled(draws[0].amount_minor, draws[0].lot_points, [each.points for each in draws])
        yield from zip(draws, amounts, strict=True)


def _add(found: dict[Nature, tuple[int, int]], nature: Nature, amounts: tuple[int, int]) -> None:
    found[nature] = _sum(found.get(nature, (0, 0)), amounts)


def _sum(first: tuple[int, int], second: tuple[int, int]) -> tuple[int, int]:
    return first[0] + second[0], first[1] + second[1]


def _last(end_day: date) -> date:
    return date.fromordinal(end_day.toordinal() - 1)
