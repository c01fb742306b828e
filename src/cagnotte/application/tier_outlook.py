"""The tiers a member holds, what is missing to the next one, and what comes if nothing more is bought."""

from datetime import date, datetime, time

import msgspec

from cagnotte.domain.evaluator.facts import Facts
from cagnotte.domain.evaluator.households import days_for_tiers
from cagnotte.domain.evaluator.prepared import prepared
from cagnotte.domain.evaluator.seen import event_facts, used_facts
from cagnotte.domain.programme.document import Programme
from cagnotte.domain.tiers.outlook import Missing, Projected, missing_to_keep, missing_to_next, projected
from cagnotte.domain.tiers.qualification import Seen
from cagnotte.domain.tiers.terms import MAIN, HeldBy, TierHeld


class TierView(msgspec.Struct, frozen=True):
    """A tier held in one family. `until`: first day on which a gift or a paid tier ends, or on which a tier in
    its grace is gone (null: neither)."""

    family: str
    tier: str
    since: date
    by: HeldBy
    until: date | None


class FamilyOutlook(msgspec.Struct, frozen=True):
    """One family of tiers: what is missing to rise and to keep the tier held, and what comes otherwise."""

    family: str
    next_tier: Missing | None
    keep: Missing | None
    projected: Projected | None


def tier_views(facts: Facts) -> tuple[TierView, ...]:
    return tuple(
        TierView(held.family, held.tier, held.since, held.by, held.grace_until or held.until)
        for held in facts.held
    )


def next_tier(programme: Programme, facts: Facts, today: date) -> Missing | None:
    """What is missing to the next tier of the main family."""
    tiers = programme.tiers_of(MAIN)
    return missing_to_next(tiers, _seen(programme, facts, today), facts.tier) if tiers else None


def outlooks(programme: Programme, facts: Facts, today: date) -> tuple[FamilyOutlook, ...]:
    """Every family of the programme; `facts` are brought to that day."""
    seen = _seen(programme, facts, today)
    return tuple(_outlook(programme, family, facts, seen) for family in programme.families())


def _outlook(programme: Programme, family: str, facts: Facts, seen: Seen) -> FamilyOutlook:
    tiers, held = programme.tiers_of(family), _held(facts, family)
    return FamilyOutlook(
        family,
        missing_to_next(tiers, seen, held.tier if held else None),
        missing_to_keep(tiers, held, seen),
        projected(tiers, held, seen),
    )


def _held(facts: Facts, family: str) -> TierHeld | None:
    return next((held for held in facts.held if held.family == family), None)


def _seen(programme: Programme, facts: Facts, today: date) -> Seen:
    rules, ready = None, prepared(programme)
    if ready.tiers_ask:
        rules = event_facts(ready, used_facts(ready, facts, today), datetime.combine(today, time()))
    return Seen(days_for_tiers(ready, facts), today, facts.profile.enrolled_on, rules)
