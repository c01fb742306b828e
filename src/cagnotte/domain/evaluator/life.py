"""What happens to a member without buying: days, birthdays, joining, memberships, gifts of a tier, events."""

from collections.abc import Iterator
from datetime import date, datetime
from itertools import groupby

from msgspec.structs import replace

from cagnotte.domain.evaluator.decision import RefusalCode
from cagnotte.domain.evaluator.earning import gains_of, within_life
from cagnotte.domain.evaluator.effects import (
    DrawReason,
    LotsReleased,
    MembershipSet,
    ProfileSet,
    Tallied,
    TierChanged,
    TierKept,
)
from cagnotte.domain.evaluator.events import (
    DayBegun,
    Enrolled,
    Happened,
    MembershipBegun,
    MembershipEnded,
    ProfileChanged,
    TierGranted,
)
from cagnotte.domain.evaluator.facts import Facts
from cagnotte.domain.evaluator.following import (
    convert_what_is_due,
    follow,
    give_points,
    holding,
    look_at_tiers,
    measured,
)
from cagnotte.domain.evaluator.gains import NO_LINES, Asking
from cagnotte.domain.evaluator.holds import end_overdue
from cagnotte.domain.evaluator.households import count_day
from cagnotte.domain.evaluator.making import Making
from cagnotte.domain.evaluator.prepared import Prepared
from cagnotte.domain.evaluator.seen import birthday_in, event_facts, used_facts
from cagnotte.domain.kernel import TRANSFERS_PER_EVENT, day_after
from cagnotte.domain.members.profile import NO_ATTRIBUTES, Attributes, Membership, Profile
from cagnotte.domain.points.lots import Draw, Lot
from cagnotte.domain.points.terms import ExpiryStart, Wallet
from cagnotte.domain.points.times import expires_on
from cagnotte.domain.programme.document import Plan
from cagnotte.domain.tiers.days import DayTotal
from cagnotte.domain.tiers.qualification import granted
from cagnotte.domain.tiers.terms import HeldBy, TierCause

_MORNING = datetime.min.time()


def decide_day(making: Making, begun: DayBegun) -> date:
    """Holds that are over, expiry, what becomes usable, the end of a membership, days of the member's life, tiers.

    In this order.
    """
    day = begun.day
    if making.facts.holds:
        end_overdue(making, datetime.combine(day, _MORNING), day)
    for wallet, lots in _past_lots(making, day):
        making.draw(wallet, DrawReason.EXPIRY, day, [Draw(lot.lot_id, lot.points_open) for lot in lots])
    membership = making.facts.membership
    if membership is not None and membership.until is not None and membership.until <= day:
        making.add(MembershipSet(None))
    is_new = day > making.facts.as_of  # a late lot brings an old day back, but no birthday with it
    for occasion in days_of_life(making.ready, making.facts, day) if is_new else ():
        happen(making, occasion, datetime.combine(day, _MORNING))
    is_open = not making.facts.profile.is_closed(day)
    if is_open and any(lot.usable_from == day for lot in making.facts.lots):
        convert_what_is_due(making, day)
    look_at_tiers(making, max(day, making.facts.as_of))
    return day


def decide_happened(making: Making, event: Happened) -> date:
    if event.name not in making.programme.declared.events:
        making.refuse(RefusalCode.UNKNOWN_EVENT, event.name)
        return event.at.date()
    _release(making, event)
    happen(making, event.name, event.at, attributes=event.attributes, store=event.store, channel=event.channel)
    return event.at.date()


def decide_enrolled(making: Making, event: Enrolled) -> date:
    day, profile = event.at.date(), event.profile
    if making.facts.profile.enrolled_on is not None:
        making.refuse(RefusalCode.ALREADY_ENROLLED)
        return day
    if profile.sponsor is not None and profile.sponsor == event.member:
        making.refuse(RefusalCode.OWN_SPONSOR)
        profile = replace(profile, sponsor=None)
    making.add(ProfileSet(replace(profile, enrolled_on=day)))
    happen(making, "enrolment", event.at)
    return day


def decide_profile_changed(making: Making, event: ProfileChanged) -> date:
    enrolled_on = making.facts.profile.enrolled_on
    making.add(ProfileSet(replace(event.profile, enrolled_on=event.profile.enrolled_on or enrolled_on)))
    look_at_tiers(making, max(event.at.date(), making.facts.as_of))
    return event.at.date()


def decide_membership_begun(making: Making, event: MembershipBegun) -> date:
    """A new membership begins on the day; a renewal in time is added to what is left."""
    day = event.at.date()
    plan = next((each for each in making.programme.plans if each.code == event.plan), None)
    if plan is None:
        making.refuse(RefusalCode.UNKNOWN_PLAN, event.plan)
        return day
    membership = _membership(plan, making.facts.membership, day)
    making.add(MembershipSet(membership, plan.fee_minor))
    if plan.tier:
        _grant(making, plan.tier, day, membership.until, HeldBy.PAID)
    happen(making, "membership", event.at)
    return day


def decide_membership_ended(making: Making, event: MembershipEnded) -> date:
    day = event.at.date()
    membership = making.facts.membership
    if membership is None:
        making.refuse(RefusalCode.NO_MEMBERSHIP)
        return day
    making.add(MembershipSet(None))
    look_at_tiers(making, max(day, making.facts.as_of), given_up=HeldBy.PAID)
    return day


def decide_tier_granted(making: Making, event: TierGranted) -> date:
    day = event.at.date()
    if all(tier.code != event.tier for tier in making.programme.tiers):
        making.refuse(RefusalCode.UNKNOWN_TIER, event.tier)
    else:
        _grant(making, event.tier, day, event.until, event.by)
        look_at_tiers(making, max(day, making.facts.as_of))
    return day


def happen(
    making: Making,
    on: str,
    at: datetime,
    *,
    attributes: Attributes = NO_ATTRIBUTES,
    store: str = "",
    channel: str = "",
) -> None:
    """One occasion that is not a sale: points of its rules, measures, and all that follows; none when closed."""
    if making.facts.profile.is_closed(at.date()):
        return
    occasion = making.ready.on(on)
    is_event = on in making.programme.declared.events
    if occasion.is_empty and not is_event:
        look_at_tiers(making, max(at.date(), making.facts.as_of))
        return
    if not within_life(making.programme.life, at, making.programme.earning.ends_inclusive):
        making.refuse(RefusalCode.PROGRAMME_NOT_RUNNING)
        return
    used = used_facts(making.ready, making.facts, at.date())
    facts = event_facts(making.ready, used, at, attributes=attributes, store=store, channel=channel)
    counting = making.counting(at, store)
    gains = gains_of(making.programme, occasion, Asking(facts, NO_LINES, at), counting)
    earned = give_points(making, gains, at.date())
    if added := counting.added():
        making.add(Tallied(added))
    values = measured(making, on, facts)
    if earned or values or is_event:
        total = DayTotal(at.date(), 0, tuple(sorted(earned.items())), 0, values)
        count_day(making, total, making.facts.profile.household, active=is_event)
    follow(making, on, facts, at)


def days_of_life(ready: Prepared, facts: Facts, day: date) -> Iterator[str]:
    """The occasions of the member's life that fall on the day, where the programme does something on them."""
    leap = ready.programme.leap_birthday
    for occasion in ready.days_of_life:
        first = _first_day(facts.profile, occasion)
        if first is not None and day > first and birthday_in(day.year, first, leap) == day:
            yield occasion


def days_of_life_ahead(ready: Prepared, facts: Facts, after: date) -> Iterator[date]:
    """Of each such occasion the next day after `after` on which it falls."""
    leap = ready.programme.leap_birthday
    for occasion in ready.days_of_life:
        first = _first_day(facts.profile, occasion)
        if first is not None:
            days = [birthday_in(year, first, leap) for year in (after.year, after.year + 1)]
            yield from [day for day in days if day > after and day > first][:1]


def _first_day(profile: Profile, occasion: str) -> date | None:
    return profile.born_on if occasion == "birthday" else profile.enrolled_on


def idle_ends(ready: Prepared, facts: Facts) -> Iterator[date]:
    """The days on which points of a wallet end because the member did nothing."""
    for wallet in ready.idle_wallets:
        earned = [lot.earned_on for lot in facts.lots if lot.wallet == wallet.code]
        if earned and wallet.expiry.idle is not None:
            yield day_after(max([*earned, facts.last_active or date.min]), wallet.expiry.idle)


def _past_lots(making: Making, day: date) -> Iterator[tuple[str, list[Lot]]]:
    """Lots whose time is over, by wallet; also of a wallet that the programme no longer has."""
    past = [lot for lot in making.facts.lots if _is_past(making, lot, day)]
    for wallet, lots in groupby(sorted(past, key=lambda lot: lot.wallet), key=lambda lot: lot.wallet):
        yield wallet, list(lots)


def _is_past(making: Making, lot: Lot, day: date) -> bool:
    if lot.expires_on is not None and lot.expires_on <= day:
        return True
    wallet = making.ready.wallets.get(lot.wallet)
    if wallet is None or wallet.expiry.idle is None:
        return False
    lots = [each.earned_on for each in making.facts.lots if each.wallet == lot.wallet]
    return day_after(max([*lots, making.facts.last_active or date.min]), wallet.expiry.idle) <= day


def _release(making: Making, event: Happened) -> None:
    """Pending lots that await this event become usable: those of its sale, or all when it names none."""
    day = event.at.date()
    waiting = [
        lot
        for lot in making.facts.lots
        if lot.awaits == event.name and (event.of_sale is None or _is_of(lot, event.of_sale))
    ]
    if waiting:
        making.add(LotsReleased(day, tuple(_released(making, lot, day) for lot in waiting)))


def _is_of(lot: Lot, event_id: int) -> bool:
    return event_id <= lot.lot_id < event_id + TRANSFERS_PER_EVENT


def _released(making: Making, lot: Lot, day: date) -> Lot:
    wallet: Wallet | None = making.ready.wallets.get(lot.wallet)
    ends = lot.expires_on
    if wallet is not None and wallet.expiry.counts_from is ExpiryStart.USABLE:
        ends = expires_on(wallet.expiry, lot.earned_on, day, making.facts.tier)
    return Lot(lot.lot_id, lot.wallet, lot.points_open, lot.earned_on, ends, day)


def _membership(plan: Plan, known: Membership | None, day: date) -> Membership:
    until = known.until if known is not None else None
    renews = known is not None and known.plan == plan.code and until is not None and until > day
    if renews and plan.renewable_from is not None:
        assert until is not None
        renews = day_after(day, plan.renewable_from) >= until
    begins = until if renews and until is not None else day
    since = known.since if renews and known is not None else day
    return Membership(plan.code, since, None if plan.valid_for is None else day_after(begins, plan.valid_for))


def _grant(making: Making, tier: str, day: date, until: date | None, by: HeldBy) -> None:
    family = next(each.family for each in making.programme.tiers if each.code == tier)
    held = holding(making.facts.held, family)
    now = granted(making.ready.families[family], held, tier, day, until, by)
    before = held.tier if held else None
    if before != now.tier:
        making.add(TierChanged(day, before, now.tier, family, TierCause.GRANTED, now))
    elif now != held:
        making.add(TierKept(day, now))
