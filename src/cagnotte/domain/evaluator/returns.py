"""A return: the sale is decided again without what came back, and the difference is undone.

Every figure is worked out from all that was returned so far, never from the last part alone: any split of
a return into parts ends where the return of everything at once ends (INV-10).
"""

from datetime import date

from cagnotte.domain.baskets.basket import without_offers
from cagnotte.domain.evaluator.decision import RefusalCode
from cagnotte.domain.evaluator.effects import LinesReturned, ReferralDue, ReferralUndone
from cagnotte.domain.evaluator.events import Return, SaleTaken
from cagnotte.domain.evaluator.following import look_at_tiers
from cagnotte.domain.evaluator.kept import Kept, Quantities, basket_without, kept_of, whole_sale
from cagnotte.domain.evaluator.making import Making
from cagnotte.domain.evaluator.referring import still_refers
from cagnotte.domain.evaluator.undoing import (
    give_back_spent,
    undo_counts,
    undo_discounts,
    undo_gifts,
    undo_tallies,
)
from cagnotte.domain.evaluator.undoing_points import undo_achievements, undo_points
from cagnotte.domain.kernel import MemberId

_OUTSIDE = (RefusalCode.PROGRAMME_NOT_RUNNING, RefusalCode.NOT_IN_AUDIENCE)


def decide_return(making: Making, event: Return) -> date:
    """Take back and give back what the returned lines brought; nothing when the return is refused."""
    day, taken = event.at.date(), event.taken
    already = returned_so_far(taken)
    lines = _asked(making, event, already)
    if not lines:
        return day
    asked = dict(lines)
    returned = {place: already.get(place, 0) + asked.get(place, 0) for place in {*already, *asked}}
    refunded = sum(each.refund_minor for each in _returns(taken))
    if not _took_part(taken):
        worth = [without_offers(basket_without(taken.sale.basket, each)[0]).payable for each in ({}, returned)]
        making.add(LinesReturned(lines, max(worth[0] - worth[1] - refunded, 0)))
        return day
    whole = whole_sale(making, taken)
    before, after = (kept_of(making, taken, whole, each) for each in (already, returned))
    making.add(LinesReturned(lines, max(whole.totals.payable - after.totals.payable - refunded, 0)))
    undo_discounts(making, before, after)
    undo_gifts(making, before, after, taken)
    if making.programme.returns.give_back_spent:
        give_back_spent(making, taken, whole, after, day)
    _undo_earned(making, taken, (whole, before, after), day)
    if making.programme.returns.give_back_uses:
        undo_tallies(making, whole, before, after)
    look_at_tiers(making, max(day, making.facts.as_of), returned=True)
    return day


def _undo_earned(making: Making, taken: SaleTaken, kept: tuple[Kept, Kept, Kept], day: date) -> None:
    """What the sale counted, what it earned, and the referral that it was."""
    whole, before, after = kept
    undo_counts(making, taken, before, after)
    unreached = undo_achievements(making, taken, kept, day)
    sponsor = _sponsor_rewarded(taken)
    refers = not after.is_empty and still_refers(making, after.result.facts)
    undo_points(making, taken, whole, after, day, unreached=unreached, refers=refers)
    if sponsor is not None and not refers:
        making.add(ReferralUndone(sponsor))


def returned_so_far(taken: SaleTaken) -> Quantities:
    """Position of a line -> articles of it that earlier returns brought back."""
    found: dict[int, int] = {}
    for effect in _returns(taken):
        for place, quantity in effect.lines:
            found[place] = found.get(place, 0) + quantity
    return found


def _took_part(taken: SaleTaken) -> bool:
    """Whether the sale counted at all: the programme ran, for this member."""
    return all(refusal.code not in _OUTSIDE for refusal in taken.decisions[0].refusals)


def _returns(taken: SaleTaken) -> list[LinesReturned]:
    return [
        effect for decision in taken.decisions for effect in decision.effects if isinstance(effect, LinesReturned)
    ]


def _asked(making: Making, event: Return, already: Quantities) -> tuple[tuple[int, int], ...]:
    """The lines and quantities to take back; none when the return is refused."""
    sold = event.taken.sale.basket.lines
    left = {place: line.quantity - already.get(place, 0) for place, line in enumerate(sold) if line.quantity > 0}
    refusals = len(making.refusals)
    if event.at < event.taken.sale.basket.at:
        making.refuse(RefusalCode.RETURN_BEFORE_SALE)
    elif event.lines is None:
        everything = tuple((place, quantity) for place, quantity in left.items() if quantity)
        if not everything:
            making.refuse(RefusalCode.NOTHING_TO_RETURN)
        return everything
    if event.lines is not None and not event.lines:
        making.refuse(RefusalCode.NOTHING_TO_RETURN)
    for place, quantity in _summed(event.lines or ()).items():
        if place not in left:
            making.refuse(RefusalCode.UNKNOWN_LINE, str(place + 1))
        elif quantity < 1:
            making.refuse(RefusalCode.QUANTITY_MUST_BE_POSITIVE, str(place + 1))
        elif quantity > left[place]:
            making.refuse(RefusalCode.MORE_THAN_SOLD, str(place + 1), quantity - left[place])
    if len(making.refusals) > refusals:
        return ()
    return tuple(sorted(_summed(event.lines or ()).items()))


def _summed(lines: tuple[tuple[int, int], ...]) -> dict[int, int]:
    found: dict[int, int] = {}
    for place, quantity in lines:
        found[place] = found.get(place, 0) + quantity
    return found


def _sponsor_rewarded(taken: SaleTaken) -> MemberId | None:
    """The sponsor who was rewarded for the sale, and still is."""
    effects = [effect for decision in taken.decisions for effect in decision.effects]
    if any(isinstance(effect, ReferralUndone) for effect in effects):
        return None
    return next((effect.sponsor for effect in effects if isinstance(effect, ReferralDue)), None)
