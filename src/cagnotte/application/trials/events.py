"""From a step of a case to the event that the evaluator decides."""

from collections.abc import Mapping
from datetime import datetime

import msgspec
from msgspec import UNSET

from cagnotte.application.trials.baskets import attributes_of, basket_of, minor_of, within
from cagnotte.application.trials.cases import (
    KINDS,
    ConversionMade,
    EventReported,
    LineReturned,
    PointsAsked,
    PointsCredited,
    ProfileGiven,
    ReturnMade,
    SaleMade,
    Step,
    TierGiven,
)
from cagnotte.application.trials.opening import profile_of
from cagnotte.application.trials.points_events import Points, points_event
from cagnotte.application.trials.problems import CaseProblem, unknown
from cagnotte.application.trials.values import Money, Word
from cagnotte.domain.evaluator.decision import Decision
from cagnotte.domain.evaluator.effects import LinesReturned
from cagnotte.domain.evaluator.events import (
    Burn,
    ConversionAsked,
    Enrolled,
    Event,
    Happened,
    MembershipBegun,
    MembershipEnded,
    PointsGiven,
    PointsTaken,
    ProfileChanged,
    Return,
    Sale,
    SaleTaken,
    TierGranted,
)
from cagnotte.domain.evaluator.facts import Facts
from cagnotte.domain.kernel import POINTS_MOST, EventId, MemberId
from cagnotte.domain.points.lots import Lot
from cagnotte.domain.programme.document import Programme
from cagnotte.domain.tiers.terms import HeldBy


class Around(msgspec.Struct):
    """What a step refers to: the member and its facts, the members by name, sales and gifts of points by the
    id of their step."""

    programme: Programme
    facts: Facts
    member: MemberId
    members: Mapping[str, MemberId]
    taken: Mapping[str, SaleTaken]
    credited: Mapping[str, Lot]
    points: Points


def kind_of(step: Step) -> str:
    """Which of the things that can happen the step is."""
    said = [kind for kind in KINDS if _said(step, kind) is not None]
    if len(said) != 1:
        code = "two_things" if said else "nothing_happens"
        raise CaseProblem(code, kinds=", ".join(said or KINDS))
    return said[0]


def event_of(step: Step, kind: str, event_id: EventId, at: datetime, around: Around) -> Event:  # noqa: PLR0911, PLR0912 - one plain list
    """The event of a step that is not a day. Raises CaseProblem."""
    programme = around.programme
    first = programme.wallets[0].code
    moved = points_event(kind, _said(step, kind), event_id, at, around.points)
    if moved is not None:
        return moved
    match _said(step, kind):
        case str() as said if kind in {"return", "void"}:
            return _return(ReturnMade(Word(said)), event_id, at, around)
        case ReturnMade() as said:
            return _return(said, event_id, at, around)
        case str() as said if kind == "event":
            return _happened(EventReported(Word(said)), event_id, at, around)
        case EventReported() as said:
            return _happened(said, event_id, at, around)
        case str() as said if kind == "convert":
            return ConversionAsked(event_id, at, said)
        case ConversionMade(conversion=code, times=times):
            return ConversionAsked(event_id, at, str(code), times)
        case str() as said if kind == "grant_tier":
            return TierGranted(event_id, at, said)
        case TierGiven(tier=tier, until=until, by=by):
            return TierGranted(event_id, at, str(tier), until, _held_by(by))
        case str() as said if kind == "begin_membership":
            return MembershipBegun(event_id, at, str(said))
        case bool():
            return MembershipEnded(event_id, at)
        case ProfileGiven() as said:
            profile = profile_of(programme, around.facts.profile, said, around.members)
            if kind == "enrol":
                return Enrolled(event_id, at, profile, around.member)
            return ProfileChanged(event_id, at, profile)
        case PointsCredited() as said:
            return _credited(said, first, event_id, at)
        case int() as points if kind == "credit":
            return PointsGiven(event_id, at, first, within(points, POINTS_MOST))
        case int() | PointsAsked() as said:
            asked = PointsAsked(said) if isinstance(said, int) else said
            taking = Burn if kind == "burn" else PointsTaken
            return taking(
                event_id, at, str(asked.wallet) or first, within(asked.points, POINTS_MOST), str(asked.reason)
            )
        case SaleMade() as said:
            return Sale(event_id, basket_of(programme, said, at, around.facts.profile.country))
        case said:
            raise AssertionError(said)


def _said(step: Step, kind: str) -> object:
    return getattr(step, "return_" if kind == "return" else kind)


def _held_by(by: str) -> HeldBy:
    known = [HeldBy.GIFT.value, HeldBy.PAID.value]
    if by not in known:
        raise unknown("unknown_way_to_hold", by, known)
    return HeldBy(by)


def _credited(said: PointsCredited, first: str, event_id: EventId, at: datetime) -> PointsGiven:
    by_terms = said.usable_from is UNSET and said.expires is UNSET
    return PointsGiven(
        event_id,
        at,
        str(said.wallet) or first,
        within(said.points, POINTS_MOST),
        str(said.reason),
        by_terms,
        None if said.usable_from is UNSET else said.usable_from,
        None if said.expires is UNSET else said.expires,
        said.migrated,
    )


def _credit_undone(said: ReturnMade, lot: Lot, event_id: EventId, at: datetime) -> PointsTaken:
    """So many points of the lot, or all of them, from what is left of it first."""
    if said.lines is not None:
        raise CaseProblem("lines_of_credit", ("lines",))
    points = int(lot.points_open) if said.points is None else within(said.points, POINTS_MOST)
    return PointsTaken(event_id, at, lot.wallet, points, from_lot=lot.lot_id)


def _happened(said: EventReported, event_id: EventId, at: datetime, around: Around) -> Happened:
    fields = around.programme.declared.events.get(str(said.name), {})
    about = _taken(str(said.sale), around) if said.sale else None
    return Happened(
        event_id,
        at,
        str(said.name),
        attributes_of(fields, said.attributes),
        str(said.store),
        str(said.channel),
        about.sale.event_id if about else None,
    )


def _taken(sale_id: str, around: Around) -> SaleTaken:
    if sale_id not in around.taken:
        raise unknown("unknown_sale", sale_id, [*around.taken, *around.credited])
    return around.taken[sale_id]


def _return(said: ReturnMade, event_id: EventId, at: datetime, around: Around) -> Return | PointsTaken:
    if said.sale in around.credited:
        return _credit_undone(said, around.credited[said.sale], event_id, at)
    taken = _taken(str(said.sale), around)
    if said.amount is not None:
        return _refunded(said, said.amount, Return(event_id, at, taken), around.programme)
    if said.line is not None:
        raise CaseProblem("line_without_amount", ("line",))
    if said.points is not None:
        raise CaseProblem("points_of_sale", ("points",))
    if said.lines is None:
        return Return(event_id, at, taken)
    if isinstance(said.lines, dict):
        asked = tuple(LineReturned(Word(sku), quantity=quantity) for sku, quantity in said.lines.items())
    else:
        asked = said.lines
    back = _quantities_back(taken)
    found: dict[int, int] = {}
    for line in asked:
        for position, quantity in _positions(taken, line, back, found):
            found[position] = found.get(position, 0) + quantity
    return Return(event_id, at, taken, tuple(sorted(found.items())))


def _refunded(said: ReturnMade, amount: Money, whole: Return, programme: Programme) -> Return:
    if said.lines is not None or said.points is not None:
        raise CaseProblem("goods_or_amount", ("amount",))
    minor = minor_of(whole.taken.sale.basket.currency or programme.currency, amount)
    of_line = None if said.line is None else said.line - 1
    return msgspec.structs.replace(whole, amount=minor, of_line=of_line)


def _positions(
    taken: SaleTaken, asked: LineReturned, back: Mapping[int, int], chosen: Mapping[int, int]
) -> list[tuple[int, int]]:
    """Which lines come back. A sku that stands on several lines is taken from them in their order; what no
    line holds any more stays asked of the last one, so that the evaluator refuses it."""
    lines = taken.sale.basket.lines
    if (asked.sku is None) == (asked.line is None):
        raise CaseProblem("sku_or_line")
    if asked.line is not None:
        position = asked.line - 1
        known = 0 <= position < len(lines)
        left = lines[position].quantity - back.get(position, 0) if known else 1
        return [(position if known else len(lines), left if asked.quantity is None else asked.quantity)]
    places = [number for number, line in enumerate(lines) if line.sku == asked.sku]
    if not places:
        return [(len(lines), 1 if asked.quantity is None else asked.quantity)]
    left_on = {n: lines[n].quantity - back.get(n, 0) - chosen.get(n, 0) for n in places}
    if asked.quantity is None:
        return [(n, left) for n, left in left_on.items() if left > 0] or [(places[0], 1)]
    return _spread(asked.quantity, left_on)


def _spread(quantity: int, left_on: Mapping[int, int]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for position, left in left_on.items():
        part = min(quantity, max(left, 0))
        if part > 0:
            found.append((position, part))
            quantity -= part
    if quantity or not found:
        found.append((list(left_on)[-1], quantity))
    return found


def _quantities_back(taken: SaleTaken) -> dict[int, int]:
    back: dict[int, int] = {}
    for decision in taken.decisions:
        for position, quantity in _returned(decision):
            back[position] = back.get(position, 0) + quantity
    return back


def _returned(decision: Decision) -> list[tuple[int, int]]:
    lines: list[tuple[int, int]] = []
    for effect in decision.effects:
        if isinstance(effect, LinesReturned):
            lines += effect.lines
    return lines
