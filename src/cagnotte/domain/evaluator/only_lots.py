"""Until when nothing is due to a member but the end of lots, which asks no rule of the programme."""

from datetime import date

from cagnotte.domain.evaluator.decide import looks_at_tiers
from cagnotte.domain.evaluator.facts import Facts
from cagnotte.domain.evaluator.holds import first_morning
from cagnotte.domain.evaluator.life import days_of_life_ahead
from cagnotte.domain.evaluator.prepared import Prepared, prepared
from cagnotte.domain.programme.document import Programme


def only_lots_until(programme: Programme, facts: Facts) -> date | None:
    """The first day on which `decide_days` may do more than let lots expire on their own day.

    Before it (up to 00:00 of that day) a set of members can be brought forward without the evaluator, as long as
    nothing else happens to them. date.max: never; None: it cannot be said, the evaluator has to look.
    """
    ready = prepared(programme)
    if _asks_rules(ready, facts):
        return None
    due = [first_morning(hold) for hold in facts.holds]
    if facts.membership is not None and facts.membership.until is not None:
        due.append(facts.membership.until)
    if ready.conversions_automatic:  # points that become usable may be vouchers at once
        due += [lot.usable_from for lot in facts.lots if lot.usable_from and lot.usable_from > facts.as_of]
    due += looks_at_tiers(ready, facts, date.max)
    due += days_of_life_ahead(ready, facts, facts.as_of)
    return min(due, default=date.max)


def _asks_rules(ready: Prepared, facts: Facts) -> bool:
    """Whether a day's expiry depends on more than the days of lots, or is late already."""
    late = any(lot.expires_on is not None and lot.expires_on <= facts.as_of for lot in facts.lots)
    shared = bool(facts.profile.household) and ready.shares_tiers
    return late or shared or bool(ready.idle_wallets) or ready.tiers_ask or bool(facts.debts)
