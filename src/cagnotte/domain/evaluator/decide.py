"""What an event gives: the only place where a programme's rules are interpreted."""

from collections.abc import Callable, Iterator
from datetime import date, datetime

from cagnotte.domain.evaluator.ahead import Ahead
from cagnotte.domain.evaluator.apply import brought_to
from cagnotte.domain.evaluator.correcting import decide_correction
from cagnotte.domain.evaluator.decision import Decision, RefusalCode
from cagnotte.domain.evaluator.effects import TierChanged
from cagnotte.domain.evaluator.events import (
    Burn,
    ConversionAsked,
    Correction,
    DayBegun,
    Enrolled,
    Event,
    ExchangeAsked,
    FriendQualified,
    FriendReturned,
    Happened,
    HoldEnding,
    LotsExtended,
    MembershipBegun,
    MembershipEnded,
    PointsBought,
    PointsGiven,
    PointsHeld,
    PointsPooled,
    PointsReceived,
    PointsReinstated,
    PointsSent,
    PointsTaken,
    PoolAsked,
    ProfileChanged,
    Return,
    Sale,
    TierGranted,
)
from cagnotte.domain.evaluator.facts import Facts
from cagnotte.domain.evaluator.following import convert, holding
from cagnotte.domain.evaluator.holds import decide_held, decide_hold_ending, first_morning
from cagnotte.domain.evaluator.households import days_for_tiers
from cagnotte.domain.evaluator.life import (
    days_of_life_ahead,
    decide_day,
    decide_enrolled,
    decide_happened,
    decide_membership_begun,
    decide_membership_ended,
    decide_profile_changed,
    decide_tier_granted,
    happen,
    idle_ends,
)
from cagnotte.domain.evaluator.making import Making
from cagnotte.domain.evaluator.moving import decide_bought, decide_exchange, decide_received, decide_sent
from cagnotte.domain.evaluator.paying import decide_burn, decide_points_given, decide_points_taken
from cagnotte.domain.evaluator.pooling import decide_pool, decide_pooled
from cagnotte.domain.evaluator.prepared import Prepared, prepared
from cagnotte.domain.evaluator.redating import decide_extended, decide_reinstated
from cagnotte.domain.evaluator.referring import decide_friend_qualified, decide_friend_returned
from cagnotte.domain.evaluator.returns import decide_return
from cagnotte.domain.evaluator.sale import decide_sale
from cagnotte.domain.kernel import VOUCHERS_MOST, EventId
from cagnotte.domain.points.holds import HoldEnd, overdue
from cagnotte.domain.points.known import next_turn
from cagnotte.domain.programme.document import Programme
from cagnotte.domain.programme.vocabulary import REFERRAL, TIER
from cagnotte.domain.tiers.qualification import next_look
from cagnotte.domain.tiers.terms import TierCause

# What earns, spends, or brings points to a member. What undoes, ends or takes goes on when the member is closed.
_FOR_THE_OPEN = (
    Burn,
    ConversionAsked,
    ExchangeAsked,
    FriendQualified,
    Happened,
    LotsExtended,
    MembershipBegun,
    PointsBought,
    PointsGiven,
    PointsHeld,
    PointsPooled,
    PointsReceived,
    PointsReinstated,
    PointsSent,
    PoolAsked,
    TierGranted,
)


def decide(programme: Programme, facts: Facts, event: Event) -> Decision:
    """What the event gives the member; nothing is changed, the same input gives the same bytes.

    The caller first brings the facts to the event's day with `decide_days`.
    """
    return decide_and_apply(programme, facts, event)[0]


def decide_and_apply(
    programme: Programme, facts: Facts, event: Event, ahead: Ahead | None = None
) -> tuple[Decision, Facts]:
    """The decision, and the facts that `apply` gives for it: a decision works on them anyway.

    `ahead`: of a caller that decides many events of one member, one after the other.
    """
    making = Making(programme, facts, event.event_id, ahead)
    totals = None
    if isinstance(event, Sale):
        day, totals = decide_sale(making, event)
    else:
        day = _decide_other(making, event)
    if making.ready.keeps_tiers:
        _keep_tiers_reached(making, _time_of(event))
    decision = Decision(event.event_id, day, tuple(making.effects), tuple(making.refusals), making.used, totals)
    return decision, brought_to(making.facts, day)


def next_day_due(
    programme: Programme, facts: Facts, *, upto: date = date.max, ahead: Ahead | None = None
) -> date | None:
    """The first day on which something happens by itself: a lot expires or becomes usable, a membership ends,
    a birthday or an anniversary is kept, a tier may change. None: nothing does.

    A day after `upto` may be left out: the caller does not want it. `ahead` saves looks at tiers up to it.
    """
    ready, as_of = prepared(programme), facts.as_of
    lots, membership = facts.lots, facts.membership
    due = [next_turn(lots, as_of).on if ahead is None else ahead.lots.turn(lots, as_of, upto)]
    if membership is not None and membership.until is not None:
        due.append(membership.until)
    if facts.holds:
        due += [max(first_morning(hold), as_of) for hold in facts.holds]
    if ready.idle_wallets:
        due += idle_ends(ready, facts)
    if upto > as_of:  # what follows lies after `as_of`: a second sale of a day need not look for it
        if ahead is None or not ahead.stays_quiet(ready, facts, upto):
            due += looks_at_tiers(ready, facts, upto)
        if ready.days_of_life:
            due += days_of_life_ahead(ready, facts, as_of)
    first = min(due)
    return None if first == date.max else first


def decide_days(
    programme: Programme,
    facts: Facts,
    upto: date,
    new_id: Callable[[], EventId],
    ahead: Ahead | None = None,
    *,
    look_on: date | None = None,
) -> Iterator[tuple[Decision, Facts]]:
    """Each day with something due up to and with `upto`, in order, with the facts after it.

    Days on which nothing changes are passed over. `new_id` gives the ids of the events, `ahead` is as in
    `decide_and_apply`. `look_on`: the first day of a version: tiers are looked at on it, or on the last day that
    is done when that is later.
    """
    looks = [] if look_on is None else [max(look_on, facts.as_of)]
    if facts.profile.household and prepared(programme).shares_tiers:
        looks.append(facts.as_of)  # others of the household may have bought since, on that day or late
    due = _next_due(programme, facts, upto, looks, ahead)
    while due is not None and due <= upto:
        decision, after = decide_and_apply(programme, facts, DayBegun(new_id(), due), ahead)
        facts = after
        if decision.effects:
            yield decision, facts
        looks = [day for day in looks if day > due]
        following = _next_due(programme, facts, upto, looks, ahead)
        assert following is None or following > due or decision.effects, (following, facts)
        due = following


def _next_due(
    programme: Programme, facts: Facts, upto: date, looks: list[date], ahead: Ahead | None
) -> date | None:
    due = next_day_due(programme, facts, upto=upto, ahead=ahead)
    return due if not looks else min([*looks, due or date.max])


def lapsed(facts: Facts, at: datetime, new_id: Callable[[], EventId]) -> Iterator[HoldEnding]:
    """For each hold whose time is over at local time `at`, the event that ends it, at the time it was over.

    The caller decides them, in this order, before what happens at `at`.
    """
    for hold in overdue(facts.holds, at):
        yield HoldEnding(new_id(), hold.until, hold.hold_id, HoldEnd.LAPSED)


def looks_at_tiers(ready: Prepared, facts: Facts, upto: date) -> Iterator[date]:
    """Of each family of tiers the next day on which to look at it."""
    days, enrolled_on = days_for_tiers(ready, facts), facts.profile.enrolled_on
    for family, tiers in ready.families.items():
        day = next_look(tiers, holding(facts.held, family), days, enrolled_on, facts.as_of, upto=upto)
        if day is not None:
            yield day


def _decide_other(making: Making, event: Event) -> date:  # noqa: PLR0911, PLR0912 - one plain list
    if isinstance(event, _FOR_THE_OPEN) and making.facts.profile.is_closed(event.at.date()):
        making.refuse(RefusalCode.MEMBER_CLOSED)
        return event.at.date()
    match event:
        case DayBegun():
            return decide_day(making, event)
        case ConversionAsked():
            return _decide_conversion(making, event)
        case Return():
            return decide_return(making, event)
        case Correction():
            return decide_correction(making, event)
        case Happened():
            return decide_happened(making, event)
        case Burn():
            return decide_burn(making, event)
        case PointsGiven():
            return decide_points_given(making, event)
        case PointsTaken():
            return decide_points_taken(making, event)
        case Enrolled():
            return decide_enrolled(making, event)
        case ProfileChanged():
            return decide_profile_changed(making, event)
        case MembershipBegun():
            return decide_membership_begun(making, event)
        case MembershipEnded():
            return decide_membership_ended(making, event)
        case TierGranted():
            return decide_tier_granted(making, event)
        case FriendQualified():
            day = decide_friend_qualified(making, event)
            if making.effects:
                happen(making, REFERRAL, event.at)
            return day
        case FriendReturned():
            return decide_friend_returned(making, event)
        case PointsHeld():
            return decide_held(making, event)
        case HoldEnding():
            return decide_hold_ending(making, event)
        case PointsSent():
            return decide_sent(making, event)
        case PointsReceived():
            return decide_received(making, event)
        case PoolAsked():
            return decide_pool(making, event)
        case PointsPooled():
            return decide_pooled(making, event)
        case ExchangeAsked():
            return decide_exchange(making, event)
        case PointsBought():
            return decide_bought(making, event)
        case LotsExtended():
            return decide_extended(making, event)
        case PointsReinstated():
            return decide_reinstated(making, event)
        case Sale():
            raise AssertionError(event)


def _time_of(event: Event) -> datetime:
    match event:
        case Sale(basket=basket):
            return basket.at
        case DayBegun(day=day):
            return datetime.combine(day, datetime.min.time())
        case _:
            return event.at


def _keep_tiers_reached(making: Making, at: datetime) -> None:
    """The occasion of each tier that was reached or given, also of one that the points of another lead to."""
    seen = 0
    while seen < len(making.effects):
        effect = making.effects[seen]
        seen += 1
        if isinstance(effect, TierChanged) and effect.cause in {TierCause.REACHED, TierCause.GRANTED}:
            happen(making, TIER, at)


def _decide_conversion(making: Making, asked: ConversionAsked) -> date:
    day = asked.at.date()
    conversions = making.programme.conversions
    conversion = next((known for known in conversions if known.code == asked.conversion), None)
    if conversion is None:
        making.refuse(RefusalCode.UNKNOWN_CONVERSION, asked.conversion)
    elif asked.times < 1:
        making.refuse(RefusalCode.COUNT_MUST_BE_POSITIVE, asked.conversion)
    elif asked.times > VOUCHERS_MOST:
        making.refuse(RefusalCode.COUNT_TOO_LARGE, asked.conversion)
    else:
        missing = conversion.points * asked.times - making.available(conversion.wallet, day)
        if missing > 0:
            making.refuse(RefusalCode.INSUFFICIENT_POINTS, asked.conversion, missing)
        else:
            convert(making, conversion, asked.times, day)
            making.keep_alive(day)
    return day
