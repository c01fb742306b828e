"""Bugs planted in the program from outside, each of which the simulator must find."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest

from cagnotte.application import acting
from cagnotte.domain.evaluator import making, moving, paying, redating
from cagnotte.domain.evaluator.effects import Tallied
from cagnotte.domain.points import lots
from cagnotte.ledger.one_act import ActRows

type Plant = Callable[[pytest.MonkeyPatch], None]


def _burn_order_reversed(patch: pytest.MonkeyPatch) -> None:
    orders = {order: lambda lot: -lot.lot_id for order in lots._ORDERS}
    patch.setattr(lots, "_ORDERS", orders)


def _key_not_checked(patch: pytest.MonkeyPatch) -> None:
    """A second request with the key is another act."""
    counted = iter(range(10**9))
    patch.setattr(acting, "answered", lambda *_, **__: None)
    patch.setattr(acting, "read_answers", lambda *_, **__: None)
    patch.setattr(acting, "keep_answer", lambda *_, **__: None)
    post = acting.post_act

    def post_without_answer(conn: Any, act: ActRows, unseen: Any = None) -> Any:
        return post(conn, ActRows({**act.rows, "answers": ()}))

    patch.setattr(acting, "post_act", post_without_answer)
    take = acting.Acting.take

    def with_own_key(self: Any, event: Any, *, of: int = 0, key: str | None = None, made_by: str = "") -> Any:
        return take(self, event, of=of, key=f"{key or self.key}#{next(counted)}", made_by=made_by)

    patch.setattr(acting.Acting, "take", with_own_key)


def _debt_not_paid(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(making.Making, "_pay_debt", lambda *_: None)


def _transfer_one_sided(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(moving, "TransferDue", lambda to, wallet, sent: Tallied(()))


def _expiry_off_by_one_day(patch: pytest.MonkeyPatch) -> None:
    life = making._life_of_lot

    def longer(terms: Any, on: Any, tier: Any) -> Any:
        ends, usable, awaits = life(terms, on, tier)
        return (ends and ends + timedelta(days=1), usable, awaits)

    patch.setattr(making, "_life_of_lot", longer)


def _extension_shortens(patch: pytest.MonkeyPatch) -> None:
    def chosen(lot: Any, asked: Any) -> bool:
        return bool(lot.wallet == asked.wallet)

    patch.setattr(redating, "_is_extended", chosen)


def _owed_without_limit(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(paying, "_spendable", lambda wallet, available: None if wallet.owed_most else available)


PLANTED: dict[str, Plant] = {
    "burn order reversed": _burn_order_reversed,
    "key not checked": _key_not_checked,
    "debt not paid": _debt_not_paid,
    "transfer one-sided": _transfer_one_sided,
    "expiry off by one day": _expiry_off_by_one_day,
    "extension shortens": _extension_shortens,
    "owed without limit": _owed_without_limit,
}


@contextmanager
def planted(name: str) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        PLANTED[name](patch)
        yield
