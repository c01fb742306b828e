"""Planted bugs of sales, returns, vouchers and households."""

from __future__ import annotations

from typing import Any

import pytest

from cagnotte.application import idempotency, record_sale, return_sale
from cagnotte.application.version_looks import day_in
from cagnotte.domain.earning.caps import Counting
from cagnotte.domain.evaluator import following, holds, paying, pooling, returns, sale, undoing, undoing_points

__all__ = ["day_in", "holds", "idempotency", "record_sale"]


def reversal_forgotten(patch: pytest.MonkeyPatch) -> None:
    """A return takes no points back."""
    patch.setattr(returns, "undo_points", lambda *_, **__: None)


def rounding_down(patch: pytest.MonkeyPatch) -> None:
    """Whatever the programme says."""
    patch.setattr(undoing_points, "rounded", lambda number, of, mode: number // of)


def clawback_from_any_lot(patch: pytest.MonkeyPatch) -> None:
    """Not from the sale's own lots first."""
    claw = paying._claw
    patch.setattr(
        paying, "_claw", lambda making, wallet, points, day, own: claw(making, wallet, points, day, set())
    )


def expired_is_owed(patch: pytest.MonkeyPatch) -> None:
    """What of the sale's points expired is taken back all the same."""
    patch.setattr(return_sale, "expired_so_far", lambda *_: ())


def paid_back_to_the_first(patch: pytest.MonkeyPatch) -> None:
    """To the lots drawn first."""
    part = undoing.part_of_each
    patch.setattr(undoing, "part_of_each", lambda drawn, back, points: part(drawn[::-1], back, points))


def paid_back_whole(patch: pytest.MonkeyPatch) -> None:
    """A return of one line gives back all the points that paid."""
    give_back = returns.give_back_spent

    def all_of_it(making: Any, taken: Any, whole: Any, after: Any, day: Any) -> None:
        replace = sale.msgspec.structs.replace
        nothing = replace(after.result, totals=replace(after.result.totals, points_paid=0))
        give_back(making, taken, whole, replace(after, result=nothing), day)

    patch.setattr(returns, "give_back_spent", all_of_it)


def paid_points_earn(patch: pytest.MonkeyPatch) -> None:
    """What points paid earns points too."""
    lines = sale.line_bases

    def as_if_paid(policy: Any, basket: Any, totals: Any) -> Any:
        return lines(policy, basket, sale.msgspec.structs.replace(totals, points_paid=0))

    patch.setattr(sale, "line_bases", as_if_paid)


def worth_rounded_up(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(
        paying, "_worth", lambda value, points, exchange: -(-points * value.amount_minor // value.points)
    )


def late_not_corrected(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(record_sale, "correct_late", lambda *_, **__: ())


def cap_not_counted(patch: pytest.MonkeyPatch) -> None:
    """What was given under a cap is not remembered."""
    patch.setattr(Counting, "added", lambda self: ())


def one_voucher_more(patch: pytest.MonkeyPatch) -> None:
    issued = following.VouchersIssued

    def more(code: str, transfer: int, times: int, *rest: Any) -> Any:
        return issued(code, transfer, times + 1, *rest)

    patch.setattr(following, "VouchersIssued", more)


def others_first(patch: pytest.MonkeyPatch) -> None:
    """Those of the others are spent before one's own."""
    shares = pooling._shares

    def all_they_have(purses: Any, wallet: str, lacking: int) -> Any:
        there = sum(pooling._offered(purse, wallet) for purse in purses)
        return shares(purses, wallet, max(lacking, min(there, 1)))

    patch.setattr(pooling, "_shares", all_they_have)
