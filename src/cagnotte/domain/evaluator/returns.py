"""A return: the sale is decided again without what came back, and the difference is undone.

Every figure is worked out from all that was returned so far, never from the last part alone: any split of
a return into parts ends where the return of everything at once ends (INV-10).
"""

from datetime import date

import msgspec

from cagnotte.domain.baskets.basket import Basket, without_offers
from cagnotte.domain.evaluator.decision import RefusalCode
from cagnotte.domain.evaluator.effects import LinesReturned, ReferralDue, ReferralUndone
from cagnotte.domain.evaluator.events import Return, SaleTaken
from cagnotte.domain.evaluator.following import look_at_tiers
from cagnotte.domain.evaluator.kept import Kept, Quantities, basket_without, kept_of, whole_sale
from cagnotte.domain.evaluator.lowering import Costs, Lowered, basket_lowered, costs_of, less_of, lowered, spread
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


class Back(msgspec.Struct, frozen=True):
    """What came back of a sale so far: articles by position of their line, and what was refunded without any."""

    articles: Quantities
    refunds: tuple[Lowered, ...] = ()


def decide_return(making: Making, event: Return) -> date:
    """Take back and give back what the returned lines brought; nothing when the return is refused."""
    day, taken, already = event.at.date(), event.taken, _back_so_far(event.taken)
    if not _took_part(taken):
        _pay_back(making, event, already)
        return day
    whole = whole_sale(making, taken)
    before = _stands(making, taken, whole, already)
    back = _asked(making, event, already, costs_of(before.basket, before.places, before.totals))
    if back is None:
        return day
    after = _stands(making, taken, whole, back)
    _say_what_came_back(making, taken, back, whole.totals.payable - after.totals.payable)
    undo_discounts(making, before, after)
    undo_gifts(making, before, after, taken)
    if making.programme.returns.give_back_spent:
        give_back_spent(making, taken, whole, after, day)
    _undo_earned(making, taken, (whole, before, after), day)
    if making.programme.returns.give_back_uses:
        undo_tallies(making, whole, before, after)
    look_at_tiers(making, max(day, making.facts.as_of), returned=True)
    return day


def _stands(making: Making, taken: SaleTaken, whole: Kept, back: Back) -> Kept:
    """The sale without what came back of it, and with what was refunded of the rest."""
    return lowered(making, taken, kept_of(making, taken, whole, back.articles), back.refunds)


def _pay_back(making: Making, event: Return, already: Back) -> None:
    """Of a sale that did not count only the money goes back."""
    sold = event.taken.sale.basket
    costs = _costs_without_offers(sold, already)
    less = less_of(costs, already.refunds)
    still = tuple(cost - minor for cost, minor in zip(costs.minor, less, strict=True))
    back = _asked(making, event, already, msgspec.structs.replace(costs, minor=still))
    if back is not None:
        _say_what_came_back(making, event.taken, back, _payable(sold, Back({})) - _payable(sold, back))


def _payable(sold: Basket, back: Back) -> int:
    basket, _ = basket_without(sold, back.articles)
    less = less_of(_costs_without_offers(sold, back), back.refunds)
    return without_offers(basket_lowered(basket, less)).payable


def _costs_without_offers(sold: Basket, back: Back) -> Costs:
    basket, places = basket_without(sold, back.articles)
    return costs_of(basket, places, without_offers(basket))


def _say_what_came_back(making: Making, taken: SaleTaken, back: Back, worth: int) -> None:
    """`worth`: of all that came back so far, in minor units; what was paid back before is taken off."""
    earlier = _back_so_far(taken)
    lines = [(place, count - earlier.articles.get(place, 0)) for place, count in back.articles.items()]
    amounts = tuple((each.place, each.minor) for each in back.refunds[len(earlier.refunds) :])
    refunded = sum(each.refund_minor for each in _returns(taken))
    came = tuple(sorted(line for line in lines if line[1]))
    making.add(LinesReturned(came, max(worth - refunded, 0), amounts))


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


def _back_so_far(taken: SaleTaken) -> Back:
    """What earlier returns brought back, and what was refunded of lines while so many of their articles stayed."""
    articles: dict[int, int] = {}
    refunds: list[Lowered] = []
    sold = taken.sale.basket.lines
    for effect in _returns(taken):
        for place, minor in effect.amounts:
            refunds.append(Lowered(place, sold[place].quantity - articles.get(place, 0), minor))
        for place, quantity in effect.lines:
            articles[place] = articles.get(place, 0) + quantity
    return Back(articles, tuple(refunds))


def _took_part(taken: SaleTaken) -> bool:
    """Whether the sale counted at all: the programme ran, for this member."""
    return all(refusal.code not in _OUTSIDE for refusal in taken.decisions[0].refusals)


def _returns(taken: SaleTaken) -> list[LinesReturned]:
    return [
        effect for decision in taken.decisions for effect in decision.effects if isinstance(effect, LinesReturned)
    ]


def _asked(making: Making, event: Return, already: Back, costs: Costs) -> Back | None:
    """All that came back with this return; None when it is refused. `costs`: of the lines before it, after all
    that was refunded of them."""
    if event.amount is not None:
        refunds = _refunds_asked(making, event, event.amount, costs)
        return Back(already.articles, (*already.refunds, *refunds)) if refunds else None
    lines = _lines_asked(making, event, already.articles)
    articles = dict(already.articles)
    for place, quantity in lines:
        articles[place] = articles.get(place, 0) + quantity
    return Back(articles, already.refunds) if lines else None


def _refunds_asked(making: Making, event: Return, amount: int, costs: Costs) -> list[Lowered]:
    """The refund shared between the lines that stay, by what they still cost; none when it is refused."""
    still = [max(minor, 0) for minor in costs.minor]
    if event.of_line is not None:
        still = [cost if place == event.of_line else 0 for place, cost in zip(costs.places, still, strict=True)]
    if event.at < event.taken.sale.basket.at:
        making.refuse(RefusalCode.RETURN_BEFORE_SALE)
    elif event.of_line is not None and event.of_line not in costs.places:
        making.refuse(RefusalCode.UNKNOWN_LINE, str(event.of_line + 1))
    elif amount < 1:
        making.refuse(RefusalCode.AMOUNT_MUST_BE_POSITIVE)
    elif amount > sum(still):
        making.refuse(RefusalCode.MORE_THAN_PAID, "", amount - sum(still))
    else:
        parts = zip(costs.places, costs.articles, spread(amount, still), strict=True)
        return [Lowered(place, articles, minor) for place, articles, minor in parts if minor]
    return []


def _lines_asked(making: Making, event: Return, already: Quantities) -> tuple[tuple[int, int], ...]:
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
