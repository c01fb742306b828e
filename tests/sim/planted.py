"""Bugs planted in the program from outside, each of which the simulator must find.

`PLANTED` has for each a seed whose history finds it; `python -m sim.catalogue` looks for all of them from seed 1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, timedelta
from importlib import import_module
from typing import Any, NamedTuple

import pytest

from cagnotte.application import acting
from cagnotte.application.history import MemberHistory
from cagnotte.domain.evaluator import life, making, moving, paying, redating
from cagnotte.domain.evaluator.effects import Tallied
from cagnotte.domain.points import lots, times
from cagnotte.ledger import movements
from cagnotte.ledger.one_act import ActRows
from sim import planted_sales

_DECIDE = import_module("cagnotte.domain.evaluator.decide")  # its package has a function of that name

type Plant = Callable[[pytest.MonkeyPatch], None]


class Bug(NamedTuple):
    plant: Plant
    seed: int  # from 1 on, the first history that found it


def _burn_order_reversed(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(lots, "_ORDERS", {order: lambda lot: -lot.lot_id for order in lots._ORDERS})


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


def _lost_update(patch: pytest.MonkeyPatch) -> None:
    """What was read is written back whatever happened meanwhile: nobody compares the revision."""
    post = acting.post_act

    def post_anyway(conn: Any, act: ActRows, unseen: Any = None) -> Any:
        standings = [(row[0], _revision(conn, row[0]), *row[2:]) for row in act.rows.get("standings", ())]
        return post(conn, ActRows({**act.rows, "standings": standings}), unseen)

    patch.setattr(acting, "post_act", post_anyway)


def _revision(conn: Any, member_id: object) -> int:
    row = conn.execute("SELECT revision FROM member_standing WHERE member_id = %s", (member_id,)).fetchone()
    return int(row[0]) if row else 0


def _answers_forgotten(patch: pytest.MonkeyPatch) -> None:
    """Looked for among those of the last 0 days."""
    for module in (acting, planted_sales.record_sale, planted_sales.idempotency):
        patch.setattr(module, "DAYS_KEPT", 0)


def _debt_not_paid(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(making.Making, "_pay_debt", lambda *_: None)


def _debt_not_seen(patch: pytest.MonkeyPatch) -> None:
    """What is owed is not taken off what can be spent."""
    patch.setattr(making.Making, "available", lambda self, wallet, day: self.usable(wallet, day))


def _owed_without_limit(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(paying, "_spendable", lambda wallet, available: None if wallet.owed_most else available)


def _taken_by_hand_is_spent(patch: pytest.MonkeyPatch) -> None:
    """It stands in the account of what members spend."""
    patch.setitem(movements._DRAWN, movements.DrawReason.ADJUSTMENT, "redeemed")


def _transfer_one_sided(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(moving, "TransferDue", lambda to, wallet, sent: Tallied(()))


def _sending_prolongs(patch: pytest.MonkeyPatch) -> None:
    """Points that are sent live anew."""

    def received(making: Any, event: Any) -> Any:
        points = sum(lot.points_open for lot in event.lots)
        making.open_lot(
            making.ready.terms_of_wallet[event.wallet], points, event.at.date(), moving.LotSource.RECEIVED
        )
        return event.at.date()

    patch.setattr(_DECIDE, "decide_received", received)


def _exchanged_once(patch: pytest.MonkeyPatch) -> None:
    """Twice given up, once received."""
    exchange = moving.decide_exchange

    def once(making: Any, asked: Any) -> Any:
        open_lot = making.open_lot
        making.open_lot = lambda terms, points, *rest: open_lot(terms, points // max(asked.times, 1), *rest)
        return exchange(making, asked)

    patch.setattr(_DECIDE, "decide_exchange", once)


def _expiry_off_by_one_day(patch: pytest.MonkeyPatch) -> None:
    end = making.expires_on

    def longer(*terms: Any) -> Any:
        ends = end(*terms)
        return ends and ends + timedelta(days=1)

    patch.setattr(making, "expires_on", longer)


def _job_a_day_early(patch: pytest.MonkeyPatch) -> None:
    """The daily job does what is due tomorrow."""
    for name in ("expire_lots", "expire_sets"):
        module = f"cagnotte.application.{name}.day_in"
        patch.setattr(module, lambda zone, on: planted_sales.day_in(zone, on) + timedelta(days=1))


def _day_of_greenwich(patch: pytest.MonkeyPatch) -> None:
    """The day of an act is that of UTC, not of the member."""
    patch.setattr(acting, "wall_clock", lambda instant, zone: instant.astimezone(UTC).replace(tzinfo=None))


def _month_of_30_days(patch: pytest.MonkeyPatch) -> None:
    def after(day: Any, period: Any) -> Any:
        return day + timedelta(days=period.count * (1 if period.unit.value.startswith("day") else 30))

    patch.setattr(times, "day_after", after)


def _first_of_month_rounded_on(patch: pytest.MonkeyPatch) -> None:
    """Points that end on a first of a month live a month longer."""
    rounded = times.rounded_up
    patch.setattr(
        times, "rounded_up", lambda day, to: rounded(day + timedelta(days=1), to) if to != "day" else day
    )


def _pending_is_spendable(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(making, "usable_from", lambda *_: None)


def _overdue_holds_stay(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(MemberHistory, "end_overdue_holds", lambda *_: None)
    patch.setattr(life, "end_overdue", lambda *_: None)


def _hold_fills_the_first_lots(patch: pytest.MonkeyPatch) -> None:
    """What a hold gives back goes to the lots that end first."""
    part = planted_sales.holds.part_of_each
    patch.setattr(planted_sales.holds, "part_of_each", lambda drawn, back, points: part(drawn[::-1], back, points))


def _extension_shortens(patch: pytest.MonkeyPatch) -> None:
    def chosen(lot: Any, asked: Any) -> bool:
        return bool(lot.wallet == asked.wallet)

    patch.setattr(redating, "_is_extended", chosen)


def _reinstated_to_the_first(patch: pytest.MonkeyPatch) -> None:
    """The lots that ended first are filled, not the last."""
    patch.setattr(redating, "burn_order", lambda lot: tuple(-part for part in _numbers(lot)))


def _numbers(lot: Any) -> tuple[int, ...]:
    return tuple(part if isinstance(part, int) else part.toordinal() for part in lots.burn_order(lot))


PLANTED: dict[str, Bug] = {
    "burn order reversed": Bug(_burn_order_reversed, 16),
    "key not checked": Bug(_key_not_checked, 3),
    "lost update": Bug(_lost_update, 55),
    "answers forgotten": Bug(_answers_forgotten, 3),
    "debt not paid": Bug(_debt_not_paid, 27),
    "debt not seen": Bug(_debt_not_seen, 137),
    "owed without limit": Bug(_owed_without_limit, 11),
    "taken by hand is spent": Bug(_taken_by_hand_is_spent, 11),
    "transfer one-sided": Bug(_transfer_one_sided, 44),
    "sending prolongs": Bug(_sending_prolongs, 44),
    "exchanged once": Bug(_exchanged_once, 89),
    "expiry off by one day": Bug(_expiry_off_by_one_day, 3),
    "job a day early": Bug(_job_a_day_early, 9),
    "day of Greenwich": Bug(_day_of_greenwich, 15),
    "month of 30 days": Bug(_month_of_30_days, 1),
    "first of month rounded on": Bug(_first_of_month_rounded_on, 8),
    "pending is spendable": Bug(_pending_is_spendable, 3),
    "overdue holds stay": Bug(_overdue_holds_stay, 1),
    "hold fills the first lots": Bug(_hold_fills_the_first_lots, 1006),
    "extension shortens": Bug(_extension_shortens, 4),
    "reinstated to the first": Bug(_reinstated_to_the_first, 280),
    "reversal forgotten": Bug(planted_sales.reversal_forgotten, 6),
    "rounding down": Bug(planted_sales.rounding_down, 6),
    "clawback from any lot": Bug(planted_sales.clawback_from_any_lot, 16),
    "expired is owed": Bug(planted_sales.expired_is_owed, 52),
    "paid points back to the first": Bug(planted_sales.paid_back_to_the_first, 713),
    "paid points come back whole": Bug(planted_sales.paid_back_whole, 262),
    "paid points earn": Bug(planted_sales.paid_points_earn, 11),
    "worth rounded up": Bug(planted_sales.worth_rounded_up, 64),
    "late sale not corrected": Bug(planted_sales.late_not_corrected, 208),
    "cap of nobody": Bug(planted_sales.cap_not_counted, 109),
    "one voucher more": Bug(planted_sales.one_voucher_more, 16),
    "others of the household first": Bug(planted_sales.others_first, 1898),
}


@contextmanager
def planted(name: str) -> Iterator[None]:
    making._life_of_lot.cache_clear()
    with pytest.MonkeyPatch.context() as patch:
        PLANTED[name].plant(patch)
        yield
    making._life_of_lot.cache_clear()
