"""Wallets of groups of peers, and each member's share: two queries over the history, in sets."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import duckdb
import ibis
import ibis.expr.types as ir
import msgspec

from cagnotte.analytics.history.layout import EVENTS, read_facts
from cagnotte.domain.kernel import MemberId, first_day_counted
from cagnotte.domain.members.wallet_share import Share, ShareTerms, Wallet, declared, estimated, wallet_of
from cagnotte.domain.programme.vocabulary import PEERS_BY

_EVENTS = {
    "member_id": "int64",
    "profile": "string",
    "event": "string",
    "at": "timestamp",
    "paid": "int64",
    "order_discount": "int64",
    "line_paid": "array<int64>",
}
_AT_ONCE = 10_000  # rows of members held in memory

type Key = tuple[str, ...]
"""What the members of a group have in common, as JSON texts; "": not said."""


class GroupSeen(msgspec.Struct, frozen=True):
    """Members who have `alike` in common and bought; `wallet` None: too few of them."""

    alike: Key
    peers: int
    wallet: Wallet | None


class MemberEstimate(msgspec.Struct, frozen=True):
    """What one member spent within the period, in minor units (> 0), and the share with its reasons.

    `group`: the narrowest with peers enough; None: there was none, or `said` decides: what the member declared.
    """

    member_id: MemberId
    spend: int
    said: int
    group: GroupSeen | None
    share: Share


class Estimates:
    """The answer for one history: its groups, and its members who bought, in order of their ids."""

    def __init__(self, folder: Path, terms: ShareTerms, first: date, last: date) -> None:
        self._folder, self._terms = folder, terms
        self.first, self.last = first, last
        self.groups: dict[Key, GroupSeen] = {}
        with self._connected() as conn:
            for count in range(len(terms.peers) + 1):
                self.groups |= {
                    seen.alike: seen for seen in _groups(conn, _spends(terms, first, last), terms, count)
                }

    def members(self) -> Iterator[MemberEstimate]:
        """Every member who spent more than was brought back; the others are absent."""
        spends = _spends(self._terms, self.first, self.last).order_by("member_id")
        with self._connected() as conn:
            found = conn.execute(ibis.to_sql(spends, dialect="duckdb"))
            while rows := found.fetchmany(_AT_ONCE):
                for member_id, spend, said, *alike in rows:
                    yield self._of(MemberId(member_id), int(spend), said, tuple(alike))

    def _of(self, member_id: MemberId, spend: int, said: int, alike: Key) -> MemberEstimate:
        if said > 0:
            return MemberEstimate(member_id, spend, said, None, declared(spend, said))
        for count in range(len(alike), -1, -1):
            group = self.groups[alike[:count]]
            if group.wallet is not None:
                return MemberEstimate(member_id, spend, 0, group, estimated(spend, group.wallet))
        return MemberEstimate(member_id, spend, 0, None, Share())

    def _connected(self) -> duckdb.DuckDBPyConnection:
        conn = duckdb.connect()
        conn.read_parquet(str(self._folder / EVENTS / "*.parquet")).create_view("events")
        return conn


def estimates(folder: Path, terms: ShareTerms) -> Estimates:
    """Work out every group of the history; the period ends with its last day. Raises HistoryRefused."""
    facts = read_facts(folder)
    last = facts.last_day or facts.exported_at.date()
    return Estimates(folder, terms, first_day_counted(last, terms.within), last)


def _groups(
    conn: duckdb.DuckDBPyConnection, spends: ir.Table, terms: ShareTerms, count: int
) -> Iterator[GroupSeen]:
    """The groups that have the first `count` of the peers' attributes in common, one at a time."""
    keys = [spends[_column(number)] for number in range(count)]
    alike = spends.group_by(keys) if keys else spends
    asked = alike.agg(spends=spends.spend.collect(order_by=spends.spend))
    found = conn.execute(ibis.to_sql(asked, dialect="duckdb"))
    while row := found.fetchone():
        *alike, sorted_spends = row
        values: Sequence[int] = sorted_spends or ()  # all members together are one row, also when nobody bought
        yield GroupSeen(tuple(alike), len(values), wallet_of(values, terms))


def _spends(terms: ShareTerms, first: date, last: date) -> ir.Table:
    """member_id, spend (> 0), said, and a column per attribute of the peers."""
    events = ibis.table(_EVENTS, name="events")
    begins, ends = (datetime.combine(day, time()) for day in (first, last + timedelta(days=1)))
    sold = events.filter(events.event.isnull(), events["at"] >= _literal(begins), events["at"] < _literal(ends))
    spends = sold.group_by(sold.member_id).agg(
        profile=sold.profile.max(), spend=(sold.paid - _discount(sold)).sum().cast("int64")
    )
    profile = spends.profile.cast("json")
    said = profile["attributes"][terms.declared].cast("int64").fill_null(0) if terms.declared else ibis.literal(0)
    alike = {_column(number): _attribute(profile, name) for number, name in enumerate(terms.peers)}
    return spends.filter(spends.spend > 0).select("member_id", "spend", said=said, **alike)


def _discount(sold: ir.Table) -> Any:
    """The till's discount in the programme's currency, as `paid` is; the lines are in that of the sale."""
    whole = sold.line_paid.sums()
    in_ours = sold.order_discount * sold.paid // whole.nullif(0)
    return ibis.ifelse(whole == sold.paid, sold.order_discount, in_ours).fill_null(sold.order_discount)


def _attribute(profile: Any, name: str) -> Any:
    value = profile[name] if name in PEERS_BY else profile["attributes"][name]
    return value.cast("string").fill_null("")


def _literal(at: datetime) -> Any:
    return ibis.literal(at, type="timestamp")


def _column(number: int) -> str:
    return f"alike_{number}"
