"""Fold both programmes over the members of a row group."""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction

import msgspec

from cagnotte.analytics.history.reading import MemberPast
from cagnotte.analytics.replay.outcome import ISSUED, Flow, Outcome, lived
from cagnotte.analytics.replay.shared import Together
from cagnotte.analytics.replay.sums import MemberChange, RuleChange, SideSums, Sums, most_changed
from cagnotte.analytics.replay.terms import Terms, unit_values, worth
from cagnotte.domain.evaluator.events import Sale

type _Points = dict[str, Flow]


def fold(pasts: Iterable[MemberPast], terms: Terms) -> Sums:
    """Every member's life under both programmes, in sums; memory does not grow with the members."""
    adding = Adding(terms)
    for past in pasts:
        if terms.together is Together.HOUSEHOLDS and past.profile.household:
            continue  # decided with the others of the household, in together.py
        bought = Bought(
            past.member_id,
            sum([isinstance(event, Sale) for _at, event in past.events]),
            sum(past.paid),
            past.events[-1][0].date(),
        )
        current, draft = (lived(each, past, terms.end) for each in (terms.current, terms.draft))
        adding.add(bought, current, draft)
    return adding.sums_now()


class Bought(msgspec.Struct):
    """What the history itself says of a member: sales, minor units, and the day of the last event."""

    member_id: int
    sales: int
    spend: int
    last: date


class Adding:
    """Members being added up, one after the other."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._values = (unit_values(terms.current), unit_values(terms.draft))
        self._sums = Sums.nothing()

    def add(self, bought: Bought, current: Outcome, draft: Outcome) -> None:
        sums, terms = self._sums, self._terms
        _add_member(sums, bought, (current, draft), terms, self._values)
        if len(sums.most) > 8 * terms.most:
            sums.most = most_changed(sums.most, terms.most)

    def sums_now(self) -> Sums:
        self._sums.most = most_changed(self._sums.most, self._terms.most)
        return self._sums


class _Side:
    """One member under one programme, with the totals that more than one figure asks for."""

    def __init__(self, outcome: Outcome, terms: Terms, values: dict[str, Fraction]) -> None:
        self.outcome = outcome
        self.wallets = outcome.by_wallet()
        self.open = outcome.open_points(terms.end)
        _assert_balanced(self.wallets, self.open)
        self.given = outcome.given_in_all()
        self.tier = outcome.facts.tier or ""
        earned = {wallet: flow[ISSUED] for wallet, flow in self.wallets.items()}
        self.points = sum(earned.values())
        by_offers = sum([minor for minor, _times in outcome.offers.values()])
        self.benefit = worth(earned, values) + by_offers

    def same_as(self, other: "_Side") -> bool:
        own, others = self.outcome, other.outcome
        return (
            self.open == other.open
            and own.flows == others.flows
            and own.rules == others.rules
            and own.given == others.given
            and own.facts.held == others.facts.held
        )


def _add_member(
    sums: Sums,
    bought: Bought,
    outcomes: tuple[Outcome, Outcome],
    terms: Terms,
    values: tuple[dict[str, Fraction], dict[str, Fraction]],
) -> None:
    current, draft = (_Side(outcome, terms, each) for outcome, each in zip(outcomes, values, strict=True))
    sums.members += 1
    sums.sales += bought.sales
    sums.paid += bought.spend
    _add_side(sums.current, current)
    _add_side(sums.draft, draft)
    gained = draft.points - current.points
    sums.points[gained] += 1
    sums.benefits[draft.benefit - current.benefit] += 1
    sums.moves[current.tier, draft.tier] += 1
    for segment in terms.segments(bought.last, current.tier, bought.sales, bought.spend):
        sums.current.add_segment(segment, current.wallets, current.open, current.given)
        sums.draft.add_segment(segment, draft.wallets, draft.open, draft.given)
        counted = sums.segment_members.setdefault(segment, [0, 0, 0])
        counted[0] += 1
        counted[1] += gained > 0
        counted[2] += gained < 0
    if not current.same_as(draft):
        sums.differing += 1
        sums.most.append(_change(bought, current, draft))


def _add_side(sums: SideSums, side: _Side) -> None:
    sums.add(side.outcome, side.wallets, side.open)


def _change(bought: Bought, current: _Side, draft: _Side) -> MemberChange:
    before, after = _by_rule(current.outcome), _by_rule(draft.outcome)
    codes = sorted(before.keys() | after.keys())
    changes = [RuleChange(code, before.get(code, 0), after.get(code, 0)) for code in codes]
    changes = [change for change in changes if change.current != change.draft]
    changes.sort(key=lambda change: (-abs(change.draft - change.current), change.rule))
    return MemberChange(
        member_id=bought.member_id,
        sales=bought.sales,
        spend=bought.spend,
        points_current=current.points,
        points_draft=draft.points,
        benefit_current=current.benefit,
        benefit_draft=draft.benefit,
        tier_current=current.tier,
        tier_draft=draft.tier,
        rules=tuple(changes),
    )


def _by_rule(outcome: Outcome) -> dict[str, int]:
    points: dict[str, int] = {}
    for (rule, _wallet), (given, _times) in outcome.rules.items():
        points[rule] = points.get(rule, 0) + given
    return points


def _assert_balanced(wallets: _Points, open_points: _Points) -> None:
    """What was issued and is neither burned, expired nor taken back is open: the books balance here too."""
    for wallet in wallets.keys() | open_points.keys():
        issued, burned, expired, taken = wallets.get(wallet, (0, 0, 0, 0))
        left = open_points.get(wallet, (0, 0))[0]
        assert issued - burned - expired - taken == left, (wallet, wallets, open_points)
