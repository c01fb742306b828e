"""The fold of members who share caps or measures: both programmes, event by event in order of time across members.

What one member takes of a cap is missing to the others, so they cannot be decided side by side. Members of
different households still can, unless a cap is of a store or of the programme.
"""

from pathlib import Path

import duckdb
import msgspec

from cagnotte.analytics.history.in_time import events_in_time
from cagnotte.analytics.history.layout import EVENTS
from cagnotte.analytics.history.reading import EventTold, Products, day_begun, profile_of
from cagnotte.analytics.replay.fold import Adding, Bought
from cagnotte.analytics.replay.outcome import Life
from cagnotte.analytics.replay.shared import Shared, Together
from cagnotte.analytics.replay.sums import Sums
from cagnotte.analytics.replay.terms import Terms
from cagnotte.domain.evaluator.events import Sale

_ROWS = """
SELECT count(*) FROM read_parquet(?) WHERE ? OR coalesce(json_extract_string(profile, '$.household'), '') <> ''
"""


class Part(msgspec.Struct, frozen=True):
    """Members who are decided together: everybody, or one share of the households. `rows`: events, roughly."""

    number: int
    of: int
    rows: int


def parts_of(folder: Path, terms: Terms, most: int) -> list[Part]:
    """The parts that can be folded side by side, at most so many; none when nothing is shared."""
    if terms.together is Together.NOBODY:
        return []
    everybody = terms.together is Together.EVERYBODY
    files = str(folder / EVENTS / "*.parquet")
    with duckdb.connect(config={"threads": 1}) as conn:
        row = conn.execute(_ROWS, [files, everybody]).fetchone()
    assert row is not None
    parts = 1 if everybody else max(most, 1)
    return [Part(number, parts, row[0] // parts) for number in range(parts) if row[0]]


def fold_together(folder: Path, part: Part, products: Products, terms: Terms) -> Sums:
    """The members of a part, in sums. Memory grows with the members, not with what they bought."""
    sides = (Shared(terms.current), Shared(terms.draft))
    members: dict[int, _Member] = {}
    everybody = terms.together is Together.EVERYBODY
    for told in events_in_time(folder, products, everybody=everybody, part=part.number, parts=part.of):
        member = members.get(told.member_id)
        if member is None:
            member = members[told.member_id] = _Member(told, terms, sides)
        member.take(told)
    adding = Adding(terms)
    for member_id in sorted(members):
        member = members.pop(member_id)
        current, draft = (life.ended(terms.end) for life in member.lives)
        adding.add(member.bought, current, draft)
    return adding.sums_now()


class _Member:
    """One member under both programmes, and what the history itself says."""

    def __init__(self, first: EventTold, terms: Terms, sides: tuple[Shared, Shared]) -> None:
        profile = profile_of(first)
        begun = day_begun(profile, first.at)
        self.lives = [
            Life(programme, profile, begun, shared)
            for programme, shared in zip((terms.current, terms.draft), sides, strict=True)
        ]
        self.bought = Bought(first.member_id, 0, 0, begun)

    def take(self, told: EventTold) -> None:
        for life in self.lives:
            life.take(told.at, told.event)
        bought = self.bought
        bought.sales += isinstance(told.event, Sale)
        bought.spend += told.paid
        bought.last = told.at.date()
