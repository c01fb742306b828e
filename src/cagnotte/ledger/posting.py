"""The only writer of the books: decisions become transfers, entries, lots and balances."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime

import msgspec
import psycopg

from cagnotte.domain.evaluator.values import Decision, Facts, LotOpened, LotsRefilled, LotsReleased
from cagnotte.domain.kernel import LotId, MemberId
from cagnotte.domain.points.lots import Lot
from cagnotte.ledger.movements import AVAILABLE, DEBT, movements
from cagnotte.storage.sql import sql
from cagnotte.storage.writing import add_rows

type Row = tuple[object, ...]

_TRANSFER = (
    "member_id", "transfer_id", "key", "kind", "wallet", "happened_at", "happened_on", "sale_id"
)  # fmt: skip
_ENTRY = (
    "member_id", "transfer_id", "entry_no", "account", "wallet", "points", "lot_id", "happened_at"
)  # fmt: skip
_LOT = (
    "member_id", "lot_id", "wallet", "points", "points_open", "earned_on", "expires_on", "usable_from", "awaits"
)  # fmt: skip
_OF_LOTS = frozenset({LotOpened, LotsRefilled, LotsReleased})
_CHANGED = ("members", "lots", "points", "expires", "usable", "awaits")


class Posting(msgspec.Struct, frozen=True):
    """One decision to be posted. `key` names the event once per member, for ever: the idempotency key."""

    decision: Decision
    key: str
    happened_at: datetime
    sale_id: int | None = None


class MemberBooks(msgspec.Struct, frozen=True):
    """What happened to one member's points, in order, and the facts before and after."""

    member_id: MemberId
    before: Facts
    after: Facts
    postings: tuple[Posting, ...]


def post(conn: psycopg.Connection, books: Sequence[MemberBooks]) -> None:
    """Post everything in sets, inside the caller's transaction, which holds each member's standing locked.

    Raises psycopg.errors.UniqueViolation when a key was posted before: nothing is written then.
    """
    posted = [_Posted(member) for member in books]
    add_rows(conn, "ledger_transfer", _TRANSFER, [row for each in posted for row in each.transfers])
    add_rows(conn, "ledger_entry", _ENTRY, [row for each in posted for row in each.entries])
    add_rows(conn, "ledger_lot", _LOT, [row for each in posted for row in each.new_lots()])
    _update_lots(conn, [row for each in posted for row in each.changed_lots()])
    _update_balances(conn, [row for each in posted for row in each.balances()])


class _Posted:
    """The rows of one member. `known`: every lot that was open or is now or was between, with its last dates."""

    def __init__(self, books: MemberBooks) -> None:
        self.member_id, self.before, self.after = books.member_id, books.before, books.after
        self.left = {lot.lot_id: int(lot.points_open) for lot in books.after.lots}
        self.known: dict[LotId, Lot] = {lot.lot_id: lot for lot in books.before.lots}
        self.opened: dict[LotId, int] = {}
        self.transfers: list[Row] = []
        self.entries: list[Row] = []
        self.moved: dict[tuple[str, str], int] = {}  # (account of the member's side, wallet) -> points
        for posting in books.postings:
            self._look_at_lots(posting.decision)
            self._book(posting)
        self._check()

    def new_lots(self) -> Iterator[Row]:
        """Lots opened by these postings, with what is left of them and their dates at the end."""
        for lot_id, points in self.opened.items():
            lot = self.known[lot_id]
            left, earned = self.left.get(lot_id, 0), lot.earned_on.isoformat()
            dates = (earned, _text(lot.expires_on), _text(lot.usable_from))
            yield (self.member_id, lot_id, lot.wallet, points, left, *dates, lot.awaits)

    def changed_lots(self) -> Iterator[Row]:
        """Lots that were there before and have been drawn from, refilled or released."""
        before = {lot.lot_id: lot for lot in self.before.lots}
        for lot_id, lot in self.known.items():
            if lot_id not in self.opened:
                left, was = self.left.get(lot_id, 0), before.get(lot_id)
                if was is not lot or left != lot.points_open:
                    yield (self.member_id, lot_id, left, lot.expires_on, lot.usable_from, lot.awaits)

    def balances(self) -> Iterator[Row]:
        """Each balance that moved, set to what the member's lots now hold."""
        wallets = [wallet for account, wallet in self.moved if account == AVAILABLE]
        for wallet in wallets:
            held = sum(lot.points_open for lot in self.after.lots if lot.wallet == wallet)
            yield (self.member_id, wallet, held)

    def _look_at_lots(self, decision: Decision) -> None:
        for effect in decision.effects:
            if type(effect) not in _OF_LOTS:
                continue
            match effect:
                case LotOpened(lot=lot):
                    self.known[lot.lot_id] = lot
                    self.opened[lot.lot_id] = int(lot.points_open)
                case LotsReleased(lots=lots) | LotsRefilled(lots=lots):
                    self.known.update((lot.lot_id, lot) for lot in lots)

    def _book(self, posting: Posting) -> None:
        """Add the rows of the decision's transfers: the member's side by lot, then the programme's side.

        Transfers are numbered from 0, so that two decisions of one key collide whatever else they say.
        """
        member_id = self.member_id
        at, day = posting.happened_at.isoformat(), posting.decision.day.isoformat()  # as text once, not per row
        for number, each in enumerate(movements(posting.decision, self.known)):
            transfer_id, wallet = each.transfer_id, each.wallet
            key = f"{posting.key}#{number}"
            self.transfers.append((member_id, transfer_id, key, each.kind, wallet, at, day, posting.sale_id))
            total = entry_no = 0
            for entry_no, (points, lot_id) in enumerate(each.sides, start=1):
                account = DEBT if lot_id is None else AVAILABLE
                self.entries.append((member_id, transfer_id, entry_no, account, wallet, points, lot_id, at))
                self._move(account, wallet, points)
                total += points
            contra = (member_id, transfer_id, entry_no + 1, each.contra, wallet, -total, None, at)
            self.entries.append(contra)
            if each.contra == DEBT:
                self._move(DEBT, wallet, -total)

    def _move(self, account: str, wallet: str, points: int) -> None:
        self.moved[account, wallet] = self.moved.get((account, wallet), 0) + points

    def _check(self) -> None:
        """What is about to be written says what the member's facts say; a defect of ours stops here."""
        moved = dict(self.moved)
        for sign, facts in ((1, self.before), (-1, self.after)):
            for lot in facts.lots:
                moved[AVAILABLE, lot.wallet] = moved.get((AVAILABLE, lot.wallet), 0) + sign * lot.points_open
            for wallet, points in facts.debts:
                moved[DEBT, wallet] = moved.get((DEBT, wallet), 0) - sign * points
        assert not any(moved.values()), (self.member_id, moved)


def _update_lots(conn: psycopg.Connection, changed: Sequence[Row]) -> None:
    if changed:
        columns = [list(column) for column in zip(*changed, strict=True)]
        conn.execute(sql("cagnotte.ledger", "draw_lots"), dict(zip(_CHANGED, columns, strict=True)))


def _update_balances(conn: psycopg.Connection, moved: Iterable[Row]) -> None:
    rows = list(moved)
    if rows:
        members, wallets, points = (list(column) for column in zip(*rows, strict=True))
        parameters = {"members": members, "wallets": wallets, "points": points}
        conn.execute(sql("cagnotte.ledger", "set_balances"), parameters)


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None
