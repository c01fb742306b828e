"""Sums of both programmes become the report's rows, in an order that a reader expects."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction

import msgspec

from cagnotte.analytics.history.layout import HistoryFacts
from cagnotte.analytics.replay.deciles import spread_of
from cagnotte.analytics.replay.figures import (
    Flows,
    Measured,
    Measures,
    MonthRow,
    OfferRow,
    Report,
    RuleRow,
    SegmentRow,
    Side,
    StoreRow,
    TierMove,
    TierRow,
    WalletRow,
)
from cagnotte.analytics.replay.notes import notes_of
from cagnotte.analytics.replay.outcome import BURNED, EXPIRED, ISSUED, TAKEN, Flow
from cagnotte.analytics.replay.sums import Segment, SideSums, Sums
from cagnotte.analytics.replay.terms import NEVER, RECENCY, Terms, unit_values
from cagnotte.domain.programme.currencies import DECIMALS
from cagnotte.domain.programme.document import Programme
from cagnotte.domain.tiers.terms import MAIN

type _Values = Mapping[str, Fraction]
type _ByWallet = Mapping[str, Flow]

_KINDS = ("tier", "spend", "recency")
_NOTHING: Flow = [0, 0, 0, 0, 0, 0]


class _Pair(msgspec.Struct, frozen=True):
    """One programme's points by wallet, what it gave besides, and what its points are worth."""

    points: _ByWallet
    given: Flow
    values: _Values

    def total(self, place: int) -> int:
        return sum(flow[place] for flow in self.points.values())

    def cost(self, place: int = ISSUED) -> int:
        return sum(_worth(wallet, flow[place], self.values) for wallet, flow in self.points.items())


def report_of(
    sums: Sums,
    terms: Terms,
    history: HistoryFacts,
    *,
    stores: Mapping[str, str],
    named: tuple[str, str],
    took: Measures,
) -> Report:
    """`stores`: code -> name. `named`: how (current, draft) were named by who asked."""
    current, draft = sums.current, sums.draft
    values = (unit_values(terms.current), unit_values(terms.draft))
    wallets = _wallets(current, draft, values)
    totals = _flows(
        _Pair(current.wallets, _summed(current.months_given), values[0]),
        _Pair(draft.wallets, _summed(draft.months_given), values[1]),
    )
    return Report(
        current=_side(terms.current, named[0]),
        draft=_side(terms.draft, named[1]),
        currency=terms.current.currency,
        decimals=DECIMALS[terms.current.currency],
        first_day=history.first_day,
        last_day=history.last_day,
        members=sums.members,
        sales=sums.sales,
        lines=history.lines,
        paid=sums.paid,
        same=sums.differing == 0,
        members_differing=sums.differing,
        totals=totals,
        outstanding=_added([row.outstanding for row in wallets]),
        pending=_added([row.pending for row in wallets]),
        liability=_added([row.liability for row in wallets]),
        wallets=wallets,
        rules=_rules(sums, terms, values),
        offers=_offers(current, draft),
        months=_months(current, draft, values),
        stores=_stores(current, draft, values, stores),
        segments=_segments(sums, terms, values),
        tiers=_tiers(sums, terms),
        moves=_moves(sums, terms),
        points_spread=spread_of(sums.points),
        benefit_spread=spread_of(sums.benefits),
        most_changed=tuple(sums.most),
        notes=notes_of(sums, terms),
        took=took,
    )


def _side(programme: Programme, named: str) -> Side:
    coded = (
        programme.earn,
        programme.achievements,
        programme.wallets,
        programme.tiers,
        programme.offers,
        programme.conversions,
    )
    names = {thing.code: thing.name for things in coded for thing in things if thing.name}
    return Side(named, programme.code, programme.name, names)


def _wallets(current: SideSums, draft: SideSums, values: tuple[_Values, _Values]) -> tuple[WalletRow, ...]:
    codes = _known([current.wallets, current.open], [draft.wallets, draft.open])
    return tuple(_wallet(code, current, draft, values) for code in codes)


def _wallet(code: str, current: SideSums, draft: SideSums, values: tuple[_Values, _Values]) -> WalletRow:
    before = [*current.wallets.get(code, _NOTHING[:4]), *current.open.get(code, (0, 0))]
    after = [*draft.wallets.get(code, _NOTHING[:4]), *draft.open.get(code, (0, 0))]
    issued, burned, expired, taken, outstanding, pending = map(Measured.of, before, after)
    return WalletRow(
        wallet=code,
        issued=issued,
        burned=burned,
        expired=expired,
        taken_back=taken,
        outstanding=outstanding,
        pending=pending,
        cost=_worths(code, issued, values),
        liability=_worths(code, outstanding, values),
    )


def _rules(sums: Sums, terms: Terms, values: tuple[_Values, _Values]) -> tuple[RuleRow, ...]:
    """In the order of the draft's document, then of the current one's; also rules that gave nothing."""
    before, after = sums.current.rules, sums.draft.rules
    known = dict.fromkeys((rule.code, rule.wallet) for side in (terms.draft, terms.current) for rule in side.earn)
    known.update(dict.fromkeys(sorted(before.keys() | after.keys())))
    rows = []
    for rule, wallet in known:
        measured = map(
            Measured.of, before.get((rule, wallet), _NOTHING[:3]), after.get((rule, wallet), _NOTHING[:3])
        )
        points, times, members = measured
        rows.append(RuleRow(rule, wallet, points, times, members, _worths(wallet, points, values)))
    return tuple(rows)


def _offers(current: SideSums, draft: SideSums) -> tuple[OfferRow, ...]:
    rows = []
    for code in _known([current.offers], [draft.offers]):
        before, after = current.offers.get(code, _NOTHING[:3]), draft.offers.get(code, _NOTHING[:3])
        rows.append(OfferRow(code, *map(Measured.of, before, after)))
    return tuple(rows)


def _months(current: SideSums, draft: SideSums, values: tuple[_Values, _Values]) -> tuple[MonthRow, ...]:
    before = _by_first(current.months, current.months_given, values[0])
    after = _by_first(draft.months, draft.months_given, values[1])
    months = sorted(before.keys() | after.keys())
    nothing = _Pair({}, _NOTHING[:3], {})
    return tuple(
        MonthRow(date(*_month(month)), _flows(before.get(month, nothing), after.get(month, nothing)))
        for month in months
    )


def _stores(
    current: SideSums, draft: SideSums, values: tuple[_Values, _Values], names: Mapping[str, str]
) -> tuple[StoreRow, ...]:
    """Those with the largest difference of points first, then those that issue most."""
    before = _by_first(current.stores, current.stores_given, values[0])
    after = _by_first(draft.stores, draft.stores_given, values[1])
    nothing = _Pair({}, _NOTHING[:3], {})
    rows = [
        StoreRow(store, names.get(store, ""), _flows(before.get(store, nothing), after.get(store, nothing)))
        for store in before.keys() | after.keys()
    ]
    return tuple(sorted(rows, key=_store_order))


def _store_order(row: StoreRow) -> tuple[int, int, str]:
    issued = row.flows.issued
    return (-abs(issued.difference), -issued.current, row.store)


def _segments(sums: Sums, terms: Terms, values: tuple[_Values, _Values]) -> tuple[SegmentRow, ...]:
    before = _by_first(sums.current.segments, sums.current.segments_given, values[0])
    after = _by_first(sums.draft.segments, sums.draft.segments_given, values[1])
    rows = []
    for kind, value in sorted(sums.segment_members, key=lambda segment: _segment_order(segment, terms)):
        segment = (kind, value)
        members, winners, losers = sums.segment_members[segment]
        own = before.get(segment, _Pair({}, _NOTHING[:3], values[0]))
        others = after.get(segment, _Pair({}, _NOTHING[:3], values[1]))
        outstanding = Measured.of(own.total(4), others.total(4))
        rows.append(SegmentRow(kind, value, members, winners, losers, _flows(own, others), outstanding))
    return tuple(rows)


def _segment_order(segment: Segment, terms: Terms) -> tuple[int, int]:
    kind, value = segment
    orders = {
        "tier": ["", *(tier.code for tier in terms.current.tiers)],
        "spend": [NEVER, *"1234"],
        "recency": [*map(str, RECENCY), str(RECENCY[-1] + 1), NEVER],
    }
    return _KINDS.index(kind), orders[kind].index(value)


def _tiers(sums: Sums, terms: Terms) -> tuple[TierRow, ...]:
    """The lowest first in each family; in the main one, those without a tier before all."""
    before, after = sums.current.tiers, sums.draft.tiers
    defined = dict.fromkeys(
        (tier.family, tier.code) for side in (terms.draft, terms.current) for tier in side.tiers
    )
    rows = [TierRow(*key, Measured.of(before.get(key, 0), after.get(key, 0))) for key in defined]
    without = [
        sums.members - sum(number for (family, _), number in side.items() if family == MAIN)
        for side in (before, after)
    ]
    return (TierRow(MAIN, "", Measured.of(*without)), *rows) if any(without) else tuple(rows)


def _moves(sums: Sums, terms: Terms) -> tuple[TierMove, ...]:
    order = ["", *dict.fromkeys(tier.code for side in (terms.draft, terms.current) for tier in side.tiers)]
    moves = [TierMove(current, draft, members) for (current, draft), members in sums.moves.items()]
    return tuple(sorted(moves, key=lambda move: (order.index(move.current), order.index(move.draft))))


def _by_first[K](points: Mapping[tuple[K, str], Flow], given: Mapping[K, Flow], values: _Values) -> dict[K, _Pair]:
    """Each month, store or segment with its points by wallet."""
    found: dict[K, dict[str, Flow]] = {}
    for (key, wallet), flow in points.items():
        found.setdefault(key, {})[wallet] = flow
    return {
        key: _Pair(found.get(key, {}), given.get(key, _NOTHING[:3]), values) for key in found.keys() | given.keys()
    }


def _flows(current: _Pair, draft: _Pair) -> Flows:
    issued, burned, expired, taken = (
        Measured.of(current.total(place), draft.total(place)) for place in (ISSUED, BURNED, EXPIRED, TAKEN)
    )
    cost = Measured.of(current.cost(), draft.cost())
    vouchers, vouchers_cost, discounts = map(Measured.of, current.given, draft.given)
    return Flows(issued, burned, expired, taken, cost, vouchers, vouchers_cost, discounts)


def _worths(wallet: str, points: Measured, values: tuple[_Values, _Values]) -> Measured:
    return Measured.of(_worth(wallet, points.current, values[0]), _worth(wallet, points.draft, values[1]))


def _worth(wallet: str, points: int, values: _Values) -> int:
    value = values.get(wallet)
    return 0 if value is None else int(points * value // 1)


def _added(measured: Sequence[Measured]) -> Measured:
    return Measured.of(sum(each.current for each in measured), sum(each.draft for each in measured))


def _summed(given: Mapping[int, Flow]) -> Flow:
    return [sum(flow[place] for flow in given.values()) for place in range(3)]


def _known(*sides: Iterable[Mapping[str, Flow]]) -> list[str]:
    return sorted({code for side in sides for known in side for code in known})


def _month(number: int) -> tuple[int, int, int]:
    year, month = divmod(number, 12)
    return year, month + 1, 1
