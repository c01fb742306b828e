"""Points that are looked at together, and what of the amount allocated to them is earned by now.

IFRS 15, B44 to B47 and Example 52: the amount is earned in proportion to the points used, of all that are expected
to be used; when the estimate changes, what is earned until now is worked out anew. All of it is a function of
where the points stand and of the estimate: an entry is the difference between two such states, so they add up.
"""

from collections.abc import Iterator, Sequence
from enum import StrEnum

import msgspec

from cagnotte.domain.accounting.values import WHOLE
from cagnotte.domain.baskets.basket import shares


class Portfolio(msgspec.Struct, frozen=True):
    """Points given and the amount allocated to them, both less what was taken back; what of the points is used,
    and what expired. The rest is open, or set aside for an order."""

    points: int = 0
    amount: int = 0
    used: int = 0
    expired: int = 0

    @property
    def left(self) -> int:
        return self.points - self.used - self.expired


class Moved(msgspec.Struct, frozen=True):
    """What changes in a portfolio: what was given and taken back, and points used and expired.

    `given`, `taken`: nature -> (points, amount).
    """

    given: dict["Nature", tuple[int, int]] = {}
    taken: dict["Nature", tuple[int, int]] = {}
    used: int = 0
    expired: int = 0


class Nature(StrEnum):
    """Why the amount of a portfolio changes."""

    SALE = "sale"  # points that a sale gave
    BOUGHT = "bought"  # points that were sold
    OPENING = "opening"  # points of the programme before
    GIVEN_BACK = "given_back"  # points that were used and come back in a lot of their own
    GRANT = "grant"  # points that nobody paid for: by hand, by a badge, by a referral
    FUNDED = "funded"  # points that a partner pays for
    RECEIVED = "received"  # from another member or wallet
    TAKEN_BACK = "taken_back"  # with a return, or by hand
    SENT = "sent"  # to another member or wallet
    ESTIMATE = "estimate"  # more or fewer points are expected to be used
    USED = "used"
    EXPIRED = "expired"
    CREDITED = "credited"  # what a partner pays or gets back for points that no lot has: no balance changes


def earned(portfolio: Portfolio, breakage: int) -> int:
    """What of the amount is earned, to the nearest minor unit: amount x used / expected to be used, all of it when
    no more are expected. `breakage`: basis points of the points given that are expected never to be used."""
    used = max(portfolio.used, 0)
    expected = expected_use(portfolio, breakage)
    if expected <= used * WHOLE:
        return portfolio.amount
    return (2 * portfolio.amount * used * WHOLE + expected) // (2 * expected)


def expected_use(portfolio: Portfolio, breakage: int) -> int:
    """How many points will have been used in the end, in ten-thousandths of a point.

    As estimated, but not fewer than are used by now, and not more than can still be: what expired beyond the
    estimate is expected no more.
    """
    used = max(portfolio.used, 0)
    most = used + max(portfolio.left, 0)
    return max(used * WHOLE, min(portfolio.points * (WHOLE - breakage), most * WHOLE))


def balance(portfolio: Portfolio, breakage: int) -> int:
    """What of the amount is still owed in goods."""
    return portfolio.amount - earned(portfolio, breakage)


def own_balances(owed: int, lots: Sequence[tuple[int, int, int]]) -> list[int]:
    """What of a portfolio's balance is each lot's own: in proportion to its amount for the points that are left.

    `lots`: (amount, points that it is for, left of them). The parts add up to the balance (largest remainder);
    where no lot with points left has an amount, they go by points.
    """
    weights = [amount * left * WHOLE // points for amount, points, left in lots]
    return shares(owed, weights if any(weights) else [left for _, _, left in lots])


def after(portfolio: Portfolio, moved: Moved) -> Portfolio:
    points = sum(each for each, _ in moved.given.values()) - sum(each for each, _ in moved.taken.values())
    amount = sum(each for _, each in moved.given.values()) - sum(each for _, each in moved.taken.values())
    return Portfolio(
        portfolio.points + points,
        portfolio.amount + amount,
        portfolio.used + moved.used,
        portfolio.expired + moved.expired,
    )


def steps(before: Portfolio, moved: Moved, *, breakage_before: int, breakage: int) -> Iterator[tuple[Nature, int]]:
    """What each nature adds to the balance (below 0: takes off), in order; together, the change of the balance.

    First what was given and taken back, to the amount allocated; then what the estimate, and those points, change
    in what was earned before; then what the points used and expired earn.
    """
    yield from ((nature, amount) for nature, (_, amount) in moved.given.items())
    yield from ((nature, -amount) for nature, (_, amount) in moved.taken.items())
    given = after(before, msgspec.structs.replace(moved, used=0, expired=0))
    used = msgspec.structs.replace(given, used=given.used + moved.used)
    ended = msgspec.structs.replace(used, expired=used.expired + moved.expired)
    marks = [earned(before, breakage_before), *(earned(each, breakage) for each in (given, used, ended))]
    natures = (Nature.ESTIMATE, Nature.USED, Nature.EXPIRED)
    yield from ((nature, marks[n] - marks[n + 1]) for n, nature in enumerate(natures))
