"""What a return gives back and undoes besides points earned: discounts, gifts, points that paid, what was counted.

What is undone is the difference between the sale as it stood before the return and after it, so that the
parts of a return add up to the whole.
"""

from collections.abc import Mapping
from datetime import date

from cagnotte.domain.baskets.basket import local_day
from cagnotte.domain.earning.tallies import Tally
from cagnotte.domain.evaluator.effects import (
    DiscountGiven,
    GiftGiven,
    LotSource,
    LotsRefilled,
    PaidWithPoints,
    Tallied,
    VoucherGiven,
)
from cagnotte.domain.evaluator.events import SaleTaken
from cagnotte.domain.evaluator.following import measured
from cagnotte.domain.evaluator.households import count_day
from cagnotte.domain.evaluator.kept import Kept
from cagnotte.domain.evaluator.making import Making
from cagnotte.domain.evaluator.sale import spent_on
from cagnotte.domain.kernel import LotId, Points, TransferId, day_after
from cagnotte.domain.points.lots import Draw, Lot, part_of
from cagnotte.domain.programme.document import SpentBack
from cagnotte.domain.programme.vocabulary import PURCHASE
from cagnotte.domain.tiers.days import DayTotal

_DELIVERY = -1  # its place among the lines of a discount

type _Gift = tuple[str, str, str, tuple[str, ...]]  # the offer, the kind, what, the choices
type _Voucher = tuple[str, int]  # the offer, and what one is worth
type _TallyKey = tuple[str, str, int]


def undo_discounts(making: Making, before: Kept, after: Kept) -> None:
    """What offers took off and no longer do; an offer that takes the place of another is given."""
    given, stays = _by_offer(before), _by_offer(after)
    for offer, coupon in {**given, **stays}:
        lines = _less(given.get((offer, coupon), {}), stays.get((offer, coupon), {}))
        delivery = lines.pop(_DELIVERY, 0)
        if lines or delivery:
            making.add(DiscountGiven(offer, tuple(sorted(lines.items())), coupon, delivery))


def undo_gifts(making: Making, before: Kept, after: Kept, taken: SaleTaken) -> None:
    """Gifts and vouchers that offers gave and no longer give; the caller knows whether they were used."""
    gifts = _less(_gifts(before), _gifts(after))
    for (offer, kind, what, choices), quantity in gifts.items():
        making.add(GiftGiven(offer, kind, what, quantity, choices))
    day = local_day(taken.sale.basket)
    ends = _vouchers_end(before, day) | _vouchers_end(after, day)
    for (offer, amount), count in _less(_vouchers(before), _vouchers(after)).items():
        making.add(VoucherGiven(offer, count, amount, day, ends[offer, amount]))


def give_back_spent(making: Making, taken: SaleTaken, whole: Kept, after: Kept, day: date) -> None:
    """Points that paid for the lines go back to the very lots they came from, the last drawn first.

    Where the programme says so, they all come back once all of the sale has, and those whose lot has ended come
    as a new lot that lives for so long.
    """
    if making.programme.returns.spent is SpentBack.WHEN_WHOLE and not after.is_empty:
        return
    paid, stays = whole.totals.points_paid, after.totals.points_paid
    for effect in _payments(taken):
        if effect.points < 0:
            continue
        earlier = [each for each in _payments(taken) if each.points < 0 and each.wallet == effect.wallet]
        back = effect.points * (paid - stays) // paid
        points = back + sum(each.points for each in earlier)
        minor = effect.amount_minor * back // effect.points + sum(each.amount_minor for each in earlier)
        if points > 0:
            parts = part_of_each(effect.lots, _by_lot(earlier), points)
            transfer = _put_back(making, effect.wallet, parts, day)
            making.add(PaidWithPoints(effect.wallet, Points(-points), -minor, transfer, parts))


def _put_back(making: Making, wallet: str, parts: tuple[Lot, ...], day: date) -> TransferId:
    """The parts go back to their lots; where the programme lets those that have ended live on, as one new lot.

    The transfer of what went back to lots, or of the new one when nothing did.
    """
    lives = making.programme.returns.spent_lives
    ended = [part for part in parts if lives and part.expires_on is not None and part.expires_on <= day]
    kept = [part for part in parts if part not in ended]
    transfers: list[TransferId] = []
    if kept:
        transfers.append(making.next_transfer())
        lots = tuple(grown(making, part) for part in kept)
        draws = tuple(Draw(part.lot_id, part.points_open) for part in kept)
        making.add(LotsRefilled(transfers[0], wallet, day, lots, draws))
    if ended and lives:
        points, ends = sum(part.points_open for part in ended), day_after(day, lives)
        opened = making.open_lot_until(
            making.ready.wallets[wallet], points, day, usable=None, ends=ends, source=LotSource.GIVEN_BACK
        )
        transfers.append(opened)
    return transfers[0]


def undo_counts(making: Making, taken: SaleTaken, before: Kept, after: Kept) -> None:
    """The spend, the visit and the measures of the day of the sale, less what came back.

    Those of a household are taken from the one that the member belonged to then.
    """
    values = _less(_measured(making, before), _measured(making, after))
    total = DayTotal(
        local_day(taken.sale.basket),
        spent_on(after.counted) - spent_on(before.counted),
        (),
        int(after.is_sale) - int(before.is_sale),
        tuple(sorted(values.items())),
    )
    count_day(making, total, taken.used.profile.household)


def undo_tallies(making: Making, whole: Kept, before: Kept, after: Kept) -> None:
    """What caps and limits counted for what came back is free again; never more than they still know of."""
    facts = making.facts
    known = {(each.cap, each.subject, each.window): each.value for each in (*facts.tallies, *facts.shared)}
    most = _tallies(whole)
    differences = _less(_at_most(_tallies(before), most), _at_most(_tallies(after), most))
    changed = [
        Tally(*key, max(difference, -known.get(key, 0)))
        for key, difference in sorted(differences.items())
        if difference > 0 or known.get(key, 0) > 0
    ]
    if changed:
        making.add(Tallied(tuple(changed)))


def _less[Key](before: Mapping[Key, int], after: Mapping[Key, int]) -> dict[Key, int]:
    """`after` less `before`, without what is the same."""
    found = {key: after.get(key, 0) - value for key, value in before.items()}
    found |= {key: value for key, value in after.items() if key not in before}
    return {key: value for key, value in found.items() if value}


def _by_offer(kept: Kept) -> dict[tuple[str, str], dict[int, int]]:
    found: dict[tuple[str, str], dict[int, int]] = {}
    for given in kept.result.offered.discounts:
        lines = found.setdefault((given.offer, given.coupon), {})
        for place, minor in given.lines:
            original = kept.places[place]
            lines[original] = lines.get(original, 0) + minor
        if given.delivery:
            lines[_DELIVERY] = lines.get(_DELIVERY, 0) + given.delivery
    return found


def _gifts(kept: Kept) -> dict[_Gift, int]:
    found: dict[_Gift, int] = {}
    for given in kept.result.offered.decided.given:
        for present in given.presents:
            key = (given.offer, present.kind, present.what, present.choices)
            found[key] = found.get(key, 0) + present.quantity
    return found


def _vouchers(kept: Kept) -> dict[_Voucher, int]:
    found: dict[_Voucher, int] = {}
    for given in kept.result.offered.decided.given:
        for voucher in given.vouchers:
            key = (given.offer, voucher.amount_minor)
            found[key] = found.get(key, 0) + voucher.quantity
    return found


def _vouchers_end(kept: Kept, day: date) -> dict[_Voucher, date | None]:
    return {
        (given.offer, each.amount_minor): None if each.valid_for is None else day_after(day, each.valid_for)
        for given in kept.result.offered.decided.given
        for each in given.vouchers
    }


def _payments(taken: SaleTaken) -> list[PaidWithPoints]:
    return [
        effect for decision in taken.decisions for effect in decision.effects if isinstance(effect, PaidWithPoints)
    ]


def _by_lot(given_back: list[PaidWithPoints]) -> dict[LotId, int]:
    found: dict[LotId, int] = {}
    for effect in given_back:
        for lot in effect.lots:
            found[lot.lot_id] = found.get(lot.lot_id, 0) + lot.points_open
    return found


def part_of_each(drawn: tuple[Lot, ...], back: Mapping[LotId, int], points: int) -> tuple[Lot, ...]:
    parts = []
    for lot in reversed(drawn):
        room = min(lot.points_open - back.get(lot.lot_id, 0), points)
        if room > 0:
            points -= room
            parts.append(part_of(lot, room))
    assert points == 0, (drawn, back)
    return tuple(parts)


def grown(making: Making, part: Lot) -> Lot:
    """The lot with the part back in it: with its dates as they are now, where it is open."""
    open_now = next((lot for lot in making.facts.lots if lot.lot_id == part.lot_id), None)
    return part if open_now is None else part_of(open_now, open_now.points_open + part.points_open)


def _measured(making: Making, kept: Kept) -> dict[str, int]:
    return dict(measured(making, PURCHASE, kept.result.facts)) if kept.is_sale else {}


def _tallies(kept: Kept) -> dict[_TallyKey, int]:
    added = kept.result.counting.added()
    return {(each.cap, each.subject, each.window): each.value for each in added if each.value > 0}


def _at_most(found: Mapping[_TallyKey, int], most: Mapping[_TallyKey, int]) -> dict[_TallyKey, int]:
    """A return never makes a sale count more than it did."""
    return {key: min(value, most[key]) for key, value in found.items() if key in most}
