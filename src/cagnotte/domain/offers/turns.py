"""Offers given one after the other, each on what the ones before it left."""

from collections.abc import Sequence

import msgspec

from cagnotte.domain.earning.terms import BASIS
from cagnotte.domain.offers.bill import Bill
from cagnotte.domain.offers.given import Standing, give
from cagnotte.domain.offers.goods import Goods
from cagnotte.domain.offers.policy import CouponOrder, OfferPolicy
from cagnotte.domain.offers.terms import BestPer
from cagnotte.domain.offers.values import OfferGiven, OfferReason, OfferRefused


class Outcome(msgspec.Struct, frozen=True):
    """What a choice of offers gives together; amounts before tax is added where the policy reckons without."""

    given: tuple[OfferGiven, ...]
    refused: tuple[OfferRefused, ...]
    saving: int
    worth: int
    points: int


def in_turn(standing: Sequence[Standing], policy: OfferPolicy, typed: Sequence[str]) -> list[Standing]:
    """The order in which offers are given: by priority, then as the document has them."""
    claimed = policy.coupon_order is CouponOrder.CLAIMED

    def turn(each: Standing) -> tuple[int, int, int]:
        claim = typed.index(each.coupon) + 1 if claimed and each.coupon else 0
        return (claim, -each.offer.priority, each.place)

    return sorted(standing, key=turn)


def take_turns(chosen: Sequence[Standing], goods: Goods) -> Outcome:
    """Give the offers in their order; those that compete line by line take the turn of their first."""
    bill = goods.bill()
    answers: list[OfferGiven | OfferRefused] = []
    ahead: list[OfferRefused] = []
    done: set[str] = set()
    for each in chosen:
        rivals = _rivals(each, chosen)
        if not rivals:
            answer, missing = give(each, goods, bill, _ceiling(goods, bill))
            answers.append(answer)
            if missing:
                ahead.append(OfferRefused(each.offer.code, OfferReason.NEXT_STEP, missing, each.coupon))
        elif each.offer.stack.group not in done:
            done.add(each.offer.stack.group)
            answers += _best_per_line(rivals, goods, bill)
    return _outcome(answers, ahead, chosen)


def _rivals(each: Standing, chosen: Sequence[Standing]) -> list[Standing]:
    """The offers that compete with this one for each line, itself with them; empty when there is no other."""
    stack = each.offer.stack
    if stack.best_per is not BestPer.LINE:
        return []
    same = [other for other in chosen if other.offer.stack.best_per is BestPer.LINE]
    rivals = [other for other in same if other.offer.stack.group == stack.group]
    return rivals if len(rivals) > 1 else []


def _best_per_line(rivals: Sequence[Standing], goods: Goods, bill: Bill) -> list[OfferGiven | OfferRefused]:
    """On each line the offer that takes most off; ties: the first. The delivery is one more line."""
    tries = [bill.copy() for _ in rivals]
    ceiling = _ceiling(goods, bill)
    answers = [give(each, goods, own, ceiling)[0] for each, own in zip(rivals, tries, strict=True)]
    winners = [_winner([own.left[line] for own in tries], left) for line, left in enumerate(bill.left)]
    for line, winner in enumerate(winners):
        if winner is not None:
            bill.take_line_of(tries[winner], line)
    delivery = _winner([own.delivery for own in tries], bill.delivery)
    if delivery is not None:
        bill.delivery = tries[delivery].delivery
    return [
        _kept(answer, {line for line, winner in enumerate(winners) if winner == number}, number == delivery)
        for number, answer in enumerate(answers)
    ]


def _winner(left: Sequence[int], before: int) -> int | None:
    least = min(left)
    return left.index(least) if least < before else None


def _kept(answer: OfferGiven | OfferRefused, lines: set[int], has_delivery: bool) -> OfferGiven | OfferRefused:
    """What is left of an offer on the lines that it won."""
    if isinstance(answer, OfferRefused):
        return answer
    kept = msgspec.structs.replace(
        answer,
        lines=tuple([(line, minor) for line, minor in answer.lines if line in lines]),
        delivery=answer.delivery if has_delivery else 0,
    )
    if kept.saving or not answer.saving:
        return kept
    return OfferRefused(answer.offer, OfferReason.LOST, coupon=answer.coupon, alone=answer.saving)


def _ceiling(goods: Goods, bill: Bill) -> int | None:
    """What all offers together may still take off the lines."""
    share = goods.policy.most_basis_points
    if share is None and goods.policy.below_zero:
        return None
    whole = sum(goods.original)
    most = whole if share is None else whole * share // BASIS
    if not goods.policy.below_zero:
        most = min(most, goods.come_to)
    return max(most - (whole - sum(bill.left)), 0)


def _outcome(
    answers: Sequence[OfferGiven | OfferRefused], ahead: Sequence[OfferRefused], chosen: Sequence[Standing]
) -> Outcome:
    given = tuple([each for each in answers if isinstance(each, OfferGiven)])
    codes = {each.offer for each in given}
    return Outcome(
        given=given,
        refused=(*[each for each in answers if isinstance(each, OfferRefused)], *ahead),
        saving=sum([each.saving for each in given]),
        worth=sum([each.offer.worth for each in chosen if each.offer.code in codes]),
        points=sum([points for each in given for _, points in each.points]),
    )
