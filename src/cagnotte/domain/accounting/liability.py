"""What the open points of a closed month stand for: by the month they were earned in, wallet, tier or store."""

from collections.abc import Iterable
from enum import StrEnum

import msgspec

from cagnotte.domain.accounting.entries import Kind
from cagnotte.domain.accounting.values import WHOLE

_FINE = 1_000_000  # parts of a minor unit that values are summed in


class Cut(StrEnum):
    COHORT = "cohort"
    WALLET = "wallet"
    TIER = "tier"
    STORE = "store"


class OpenPoints(msgspec.Struct, frozen=True, gc=False):
    """One lot with points left. `codes`: where it belongs in each cut; "": nowhere.

    `value_minor`: the stand-alone price of all its `points`, less `breakage` in basis points.
    """

    codes: dict[Cut, str]
    kind: Kind
    points: int
    left: int
    expected: int
    value_minor: int
    breakage: int
    balance_minor: int


class Liability(msgspec.Struct, frozen=True):
    """One row of a cut. `value_minor`: what the points save who uses them, to the minor unit, halves up."""

    cut: Cut
    code: str
    points: int = 0
    value_minor: int = 0
    expected_points: int = 0
    deferred_minor: int = 0
    provision_minor: int = 0

    @property
    def balance_minor(self) -> int:
        return self.deferred_minor + self.provision_minor


def liabilities(lots: Iterable[OpenPoints]) -> list[Liability]:
    """Every cut, in order of its codes; the rows of each add up to the same points and to the same balance."""
    sums: dict[tuple[Cut, str], list[int]] = {}
    for lot in lots:
        value = _fine_value(lot)
        deferred = lot.balance_minor if lot.kind is Kind.DEFERRED else 0
        row = (lot.left, value, lot.expected, deferred, lot.balance_minor - deferred)
        for cut in Cut:
            found = sums.setdefault((cut, lot.codes[cut]), [0] * len(row))
            for place, each in enumerate(row):
                found[place] += each
    return [
        Liability(cut, code, points, (2 * value + _FINE) // (2 * _FINE), expected, deferred, provision)
        for (cut, code), (points, value, expected, deferred, provision) in sorted(sums.items())
    ]


def _fine_value(lot: OpenPoints) -> int:
    """What the points left save who uses them: the breakage taken off is put back; nothing where it was all."""
    kept = WHOLE - lot.breakage
    return lot.left * lot.value_minor * _FINE * WHOLE // (lot.points * kept) if kept else 0
