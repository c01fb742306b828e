"""What points are worth to who uses them, and what part of a sale's price was paid for them.

IFRS 15, B39 to B43: points are an option to buy more at a discount. The price of the sale is allocated between
the goods and the points in proportion to their stand-alone prices, at the sale, and never again (IFRS 15.88).
"""

from collections.abc import Sequence
from math import lcm

import msgspec

from cagnotte.domain.baskets.basket import shares
from cagnotte.domain.points.terms import UnitValue
from cagnotte.domain.programme.document import Programme

WHOLE = 10_000  # basis points


class Valued(msgspec.Struct, frozen=True):
    """Points given, what so many are worth, and how many basis points of them are expected never to be used."""

    points: int
    value: UnitValue
    breakage: int = 0

    @property
    def exact(self) -> tuple[int, int]:
        """Their stand-alone price, in minor units, as a fraction."""
        return self.points * self.value.amount_minor * (WHOLE - self.breakage), self.value.points * WHOLE


def unit_value(programme: Programme, wallet: str) -> UnitValue | None:
    """What points of the wallet save: as the accounts say, else as they pay at the till, else by the conversion
    that gives most for a point; None: they buy nothing that has a price, and stand in no account."""
    found = programme.wallet(wallet)
    own = [each for each in programme.conversions if each.wallet == wallet]
    best: UnitValue | None = None
    for each in [UnitValue(one.points, one.voucher.amount_minor) for one in own]:
        if best is None or each.amount_minor * best.points > best.amount_minor * each.points:
            best = each
    return found.accounts.value or found.value or best


def allocated(paid_minor: int, lots: Sequence[Valued]) -> list[int]:
    """What of the price of a sale, without tax, was paid for each lot that it gave: P x V / (P + V), minor units.

    The parts of the goods and of all lots add up to the price (largest remainder); nothing of a price below 1.
    """
    if paid_minor <= 0 or not lots:
        return [0] * len(lots)
    fractions = [each.exact for each in lots]
    common = lcm(*(below for _, below in fractions))
    weights = [above * (common // below) for above, below in fractions]
    return shares(paid_minor, [paid_minor * common, *weights])[1:]


def stand_alone(lot: Valued) -> int:
    """The stand-alone price of points, to the nearest minor unit, halves up."""
    above, below = lot.exact
    return (2 * above + below) // (2 * below)


def cancelled(amount: int, points: int, taken: Sequence[int]) -> list[int]:
    """What of a lot's amount goes with each part of its points that is taken back, in the order of the books.

    All parts of the whole lot make the whole amount, in however many steps.
    """
    found, before = [], 0
    for part in taken:
        after = before + part
        found.append(amount * after // points - amount * before // points)
        before = after
    return found
