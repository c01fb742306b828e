"""What the members of a row group come to under both programmes; sums of groups add up to those of all."""

from collections import Counter
from collections.abc import Iterable
from heapq import nlargest

import msgspec

from cagnotte.analytics.replay.outcome import Flow, Month, Outcome, merge

type Segment = tuple[str, str]
"""(kind, value): ("tier", "gold"), ("spend", "4"), ("recency", "30")."""


class SideSums(msgspec.Struct):
    """One programme. Points: [issued, burned, expired, taken back]; given: [vouchers, their minor units,
    discounts in minor units]; open: [all points open, not usable yet]."""

    months: dict[tuple[Month, str], Flow] = {}
    stores: dict[tuple[str, str], Flow] = {}
    months_given: dict[Month, Flow] = {}
    stores_given: dict[str, Flow] = {}
    rules: dict[tuple[str, str], Flow] = {}  # (rule, wallet) -> points, times, members
    offers: dict[str, Flow] = {}  # offer -> minor units, times, members
    wallets: dict[str, Flow] = {}
    open: dict[str, Flow] = {}
    segments: dict[tuple[Segment, str], Flow] = {}  # by wallet: points, then open
    segments_given: dict[Segment, Flow] = {}
    tiers: dict[tuple[str, str], int] = {}  # (family, tier) -> members
    refused: dict[str, int] = {}

    def add(self, outcome: Outcome, wallets: dict[str, Flow], open_points: dict[str, Flow]) -> None:
        """Count one member; `wallets` and `open_points` are the outcome's own totals."""
        for (month, store, wallet), flow in outcome.flows.items():
            merge(self.months, (month, wallet), flow)
            merge(self.stores, (store, wallet), flow)
        for (month, store), flow in outcome.given.items():
            merge(self.months_given, month, flow)
            merge(self.stores_given, store, flow)
        for rule, flow in outcome.rules.items():
            merge(self.rules, rule, [*flow, 1])
        for offer, flow in outcome.offers.items():
            merge(self.offers, offer, [*flow, 1])
        for wallet, flow in wallets.items():
            merge(self.wallets, wallet, flow)
        for wallet, flow in open_points.items():
            merge(self.open, wallet, flow)
        for held in outcome.facts.held:
            self.tiers[held.family, held.tier] = self.tiers.get((held.family, held.tier), 0) + 1
        for code, times in outcome.refused.items():
            self.refused[code.value] = self.refused.get(code.value, 0) + times

    def add_segment(
        self, segment: Segment, wallets: dict[str, Flow], open_points: dict[str, Flow], given: Flow
    ) -> None:
        for wallet in wallets.keys() | open_points.keys():
            flow = [*wallets.get(wallet, _NO_FLOW), *open_points.get(wallet, _NO_OPEN)]
            merge(self.segments, (segment, wallet), flow)
        merge(self.segments_given, segment, given)

    def merge(self, other: "SideSums") -> None:
        for name in self.__struct_fields__:
            own, more = getattr(self, name), getattr(other, name)
            for key, value in more.items():
                if isinstance(value, int):
                    own[key] = own.get(key, 0) + value
                else:
                    merge(own, key, value)


class RuleChange(msgspec.Struct, frozen=True):
    """Points of one rule for one member, under both programmes."""

    rule: str
    current: int
    draft: int


class MemberChange(msgspec.Struct, frozen=True):
    """A member both ways; `benefit`: estimated minor units of points, discounts and vouchers of offers."""

    member_id: int
    sales: int
    spend: int
    points_current: int
    points_draft: int
    benefit_current: int
    benefit_draft: int
    tier_current: str
    tier_draft: str
    rules: tuple[RuleChange, ...]

    @property
    def weight(self) -> tuple[int, int, int]:
        """The most changed first; the same order whoever counted them."""
        points = abs(self.points_draft - self.points_current)
        return (points, abs(self.benefit_draft - self.benefit_current), -self.member_id)


class Sums(msgspec.Struct):
    """Both programmes and what differs between them.

    `points`, `benefits`: difference (draft less current) -> members. `moves`: (tier under current, under
    draft) at the end -> members. `segment_members`: [members, winners, losers] by points.
    """

    current: SideSums
    draft: SideSums
    members: int = 0
    sales: int = 0
    paid: int = 0
    differing: int = 0
    points: Counter[int] = msgspec.field(default_factory=Counter)
    benefits: Counter[int] = msgspec.field(default_factory=Counter)
    moves: Counter[tuple[str, str]] = msgspec.field(default_factory=Counter)
    segment_members: dict[Segment, Flow] = {}
    most: list[MemberChange] = []

    @classmethod
    def nothing(cls) -> "Sums":
        return cls(SideSums(), SideSums())

    def merge(self, other: "Sums", most: int) -> None:
        self.current.merge(other.current)
        self.draft.merge(other.draft)
        for name in ("members", "sales", "paid", "differing"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.points.update(other.points)
        self.benefits.update(other.benefits)
        self.moves.update(other.moves)
        for segment, flow in other.segment_members.items():
            merge(self.segment_members, segment, flow)
        self.most = most_changed([*self.most, *other.most], most)


def most_changed(changes: Iterable[MemberChange], most: int) -> list[MemberChange]:
    return nlargest(most, changes, key=lambda change: change.weight)


_NO_FLOW, _NO_OPEN = [0, 0, 0, 0], [0, 0]
