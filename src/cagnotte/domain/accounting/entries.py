"""Entries of a journal: which accounts a change of the balance goes to, and that each entry balances."""

from enum import StrEnum

import msgspec

from cagnotte.domain.accounting.portfolios import Nature
from cagnotte.domain.points.accounts import Role


class Kind(StrEnum):
    """What points are to the company."""

    DEFERRED = "deferred"  # somebody paid for them: revenue of later (IFRS 15)
    PROVISION = "provision"  # nobody paid for them: a cost that comes (IAS 37)


class Line(msgspec.Struct, frozen=True):
    """One side of an entry, in minor units; one of the two is 0, neither is below it."""

    role: Role
    debit: int = 0
    credit: int = 0


_ELSEWHERE = {
    Nature.BOUGHT: Role.SUSPENSE,  # the till that sold them booked the money
    Nature.OPENING: Role.SUSPENSE,  # the balance is in the company's books already
    Nature.FUNDED: Role.RECEIVABLE,
    Nature.RECEIVED: Role.MOVED,
    Nature.SENT: Role.MOVED,
}


def lines(kind: Kind, nature: Nature, change: int, *, partner: str = "") -> tuple[Line, Line]:
    """The two sides of a change of the balance that is not 0: debit first.

    `partner`: who paid for the points. What is taken back of them is taken off what it owes; what it is CREDITED
    (below 0) goes from the revenue, and changes no balance.
    """
    assert change != 0, (kind, nature)
    if nature is Nature.CREDITED:
        own, other = Role.REVENUE, Role.RECEIVABLE
    else:
        own = Role.DEFERRED if kind is Kind.DEFERRED else Role.PROVISION
        other = _other(kind, nature, change, partner)
    debited, credited = (other, own) if change > 0 else (own, other)
    return Line(debited, debit=abs(change)), Line(credited, credit=abs(change))


def _other(kind: Kind, nature: Nature, change: int, partner: str) -> Role:
    if partner and nature is Nature.TAKEN_BACK:
        return Role.RECEIVABLE
    return _ELSEWHERE.get(nature) or _result(kind, change)


def _result(kind: Kind, change: int) -> Role:
    if kind is Kind.DEFERRED:
        return Role.REVENUE
    return Role.EXPENSE if change > 0 else Role.REVERSAL
