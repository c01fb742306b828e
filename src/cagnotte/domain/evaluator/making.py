"""A decision being made: the effects so far, and the facts as they stand after them."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache

from cagnotte.domain.earning.caps import Counting
from cagnotte.domain.evaluator.ahead import Ahead
from cagnotte.domain.evaluator.apply import after_effect
from cagnotte.domain.evaluator.decision import Refusal, RefusalCode, UsedFacts, lot_of, transfer_of
from cagnotte.domain.evaluator.effects import (
    DayCounted,
    DebtMoved,
    DrawReason,
    Effect,
    LotOpened,
    LotsDrawn,
    LotSource,
)
from cagnotte.domain.evaluator.facts import Facts
from cagnotte.domain.evaluator.prepared import LotTerms, Prepared, prepared
from cagnotte.domain.kernel import TRANSFERS_PER_EVENT, EventId, LotId, Points, TransferId
from cagnotte.domain.points.lots import Draw, Lot, points_usable
from cagnotte.domain.points.terms import Wallet
from cagnotte.domain.points.times import expires_on, usable_from
from cagnotte.domain.programme.document import Programme
from cagnotte.domain.tiers.days import DayTotal


class Making:
    """What the parts of a decision write to."""

    def __init__(self, programme: Programme, facts: Facts, event_id: EventId, ahead: Ahead | None = None) -> None:
        self.programme = programme
        self.ready: Prepared = prepared(programme)
        self.facts = facts
        self.event_id = event_id
        self.ahead = ahead
        self.effects: list[Effect] = []
        self.refusals: list[Refusal] = []
        self.used: UsedFacts | None = None
        self._transfers = 0

    def add(self, effect: Effect) -> None:
        self.effects.append(effect)
        self.facts = after_effect(self.facts, effect)

    def count_day(self, total: DayTotal, *, active: bool) -> None:
        before = self.facts
        self.add(DayCounted(total, active))
        if self.ahead is not None:
            self.ahead.counted(before, total, self.facts)

    def refuse(self, code: RefusalCode, subject: str = "", missing: int = 0, reason: str = "") -> None:
        self.refusals.append(Refusal(code, subject, missing, reason))

    def next_transfer(self) -> TransferId:
        assert self._transfers < TRANSFERS_PER_EVENT, self.event_id
        self._transfers += 1
        return transfer_of(self.event_id, self._transfers - 1)

    def usable(self, wallet: str, day: date) -> int:
        lots = self.facts.lots
        if self.ahead is None:
            return points_usable(lots, wallet, day)
        return self.ahead.lots.usable(lots, wallet, day)

    def available(self, wallet: str, day: date) -> int:
        """Points that can be used on the day, less what is owed; below 0 when more is owed than there is."""
        usable = self.usable(wallet, day)
        return usable - dict(self.facts.debts).get(wallet, 0) if self.facts.debts else usable

    def counting(self, at: datetime, store: str) -> Counting:
        profile = self.facts.profile
        facts = self.facts
        return Counting(facts.tallies, facts.shared, at=at, store=store, household=profile.household)

    def open_lot(
        self, terms: LotTerms, points: int, on: date, source: LotSource = LotSource.EARNED, *, reason: str = ""
    ) -> None:
        """Give points as one lot of these terms; what the member owes in the wallet is paid from it."""
        tier = self.facts.tier if terms.expiry.by_tier else None
        ends, usable, awaits = _life_of_lot(terms, on, tier)
        lot = Lot(self._new_lot(), terms.wallet.code, Points(points), on, ends, usable, awaits)
        self._open(LotOpened(lot, source, reason))

    def open_lot_until(
        self,
        wallet: Wallet,
        points: int,
        on: date,
        *,
        usable: date | None,
        ends: date | None,
        source: LotSource,
        reason: str = "",
    ) -> TransferId:
        """Give points as one lot with dates of its own."""
        transfer = self.next_transfer()
        lot = Lot(lot_of(transfer), wallet.code, Points(points), on, ends, usable)
        self._open(LotOpened(lot, source, reason))
        return transfer

    def draw(
        self, wallet: str, reason: DrawReason, on: date, draws: Iterable[Draw], source: str = ""
    ) -> TransferId:
        transfer, before, drawn = self.next_transfer(), self.facts.lots, tuple(draws)
        self.add(LotsDrawn(transfer, wallet, reason, on, drawn, source))
        if self.ahead is not None and reason is DrawReason.CONVERSION:
            self.ahead.lots.burned(before, wallet, on, drawn, self.facts.lots)
        return transfer

    def owe(self, wallet: str, points: int, reason: DrawReason) -> None:
        """A debt that the next earn pays, of points that were to be drawn for that reason."""
        self.add(DebtMoved(self.next_transfer(), wallet, points, reason))

    def keep_alive(self, day: date) -> None:
        """The member did something other than buying: points that end by inactivity live on."""
        if self.ready.idle_wallets:
            self.add(DayCounted(DayTotal(day, 0), active=True))

    def _new_lot(self) -> LotId:
        return lot_of(self.next_transfer())

    def _open(self, opened: LotOpened) -> None:
        before, lot = self.facts.lots, opened.lot
        self.add(opened)
        if self.ahead is not None:
            self.ahead.lots.opened(before, lot, self.facts.lots)
        self._pay_debt(lot)

    def _pay_debt(self, lot: Lot) -> None:
        if not self.facts.debts:
            return
        owed = dict(self.facts.debts).get(lot.wallet, 0)
        if owed:
            paid = min(owed, lot.points_open)
            draw = Draw(lot.lot_id, Points(paid))
            transfer = self.draw(lot.wallet, DrawReason.DEBT, lot.earned_on, [draw])
            self.add(DebtMoved(transfer, lot.wallet, -paid))


@lru_cache(maxsize=4096)
def _life_of_lot(terms: LotTerms, on: date, tier: str | None) -> tuple[date | None, date | None, str]:
    """When such a lot ends, from when it can be used, and the event that it awaits. All sales of a day ask it."""
    usable = usable_from(on, terms.pending)
    return expires_on(terms.expiry, on, usable, tier), usable, terms.pending.event if terms.pending else ""
