"""The only writer of the books: decisions become transfers, entries, lots and balances."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime

import msgspec
import psycopg

from cagnotte.domain.evaluator.decision import Decision
from cagnotte.domain.evaluator.effects import (
    Effect,
    LotOpened,
    LotsRedated,
    LotsRefilled,
    LotsReleased,
)
from cagnotte.domain.evaluator.facts import Facts
from cagnotte.domain.kernel import LotId, MemberId
from cagnotte.domain.points.lots import Lot
from cagnotte.ledger.movements import AVAILABLE, DEBT, HELD, MOVING, PARTNER, Movement, movement
from cagnotte.ledger.one_act import COLUMNS, Row
from cagnotte.storage.sql import sql
from cagnotte.storage.writing import add_rows

_POSTED = MOVING | {LotsReleased, LotsRedated}
_OF_MEMBER = frozenset({DEBT, HELD})  # the accounts of the member that have no lots
_CHANGED = ("members", "lots", "points", "expires", "usable", "awaits")


class Posting(msgspec.Struct, frozen=True):
    """One decision to be posted. `key` names the event once per member, for ever: the idempotency key.

    `made_by`: the person or machine that did it by hand; "" for what rules and the calendar do.
    """

    decision: Decision
    key: str
    happened_at: datetime
    sale_id: int | None = None
    made_by: str = ""


class MemberBooks(msgspec.Struct, frozen=True):
    """What happened to one member's points, in order, and the facts before and after."""

    member_id: MemberId
    before: Facts
    after: Facts
    postings: tuple[Posting, ...]
    version: int = 0  # of the member's books before


def post(conn: psycopg.Connection, books: Sequence[MemberBooks]) -> dict[MemberId, int]:
    """Post everything in sets, inside the caller's transaction, which holds each member's standing locked.

    member_id -> the version of the books afterwards: each transfer, and each change of lots' days, is one more.

    Raises psycopg.errors.UniqueViolation when a key was posted before: nothing is written then.
    """
    rows, versions = book_rows(books)
    add_rows(conn, "ledger_transfer", COLUMNS["transfers"], rows["transfers"])
    add_rows(conn, "ledger_entry", COLUMNS["entries"], rows["entries"])
    add_rows(conn, "ledger_lot", COLUMNS["lots"], rows["lots"])
    add_rows(conn, "ledger_lot_redated", COLUMNS["redated"], rows["redated"])
    _update_lots(conn, rows["changed_lots"])
    _update_balances(conn, rows["balances"])
    return versions


def book_rows(books: Sequence[MemberBooks]) -> tuple[dict[str, list[Row]], dict[MemberId, int]]:
    """What is to be written, by the names of `one_act.COLUMNS`; and the versions afterwards, as `post`."""
    posted = [_Posted(member) for member in books]
    rows: dict[str, list[Row]] = {
        "transfers": [row for each in posted for row in each.transfers],
        "entries": [row for each in posted for row in each.entries],
        "lots": [row for each in posted for row in each.new_lots()],
        "redated": [row for each in posted for row in each.redated],
        "changed_lots": [row for each in posted for row in each.changed_lots()],
        "balances": [row for each in posted for row in each.balances()],
    }
    return rows, {each.member_id: each.version for each in posted}


class _Posted:
    """The rows of one member. `known`: every lot that was open or is now or was between, with its last dates."""

    def __init__(self, books: MemberBooks) -> None:
        self.member_id, self.before, self.after = books.member_id, books.before, books.after
        self.left = {lot.lot_id: int(lot.points_open) for lot in books.after.lots}
        self.known: dict[LotId, Lot] = {lot.lot_id: lot for lot in books.before.lots}
        self.opened: dict[LotId, int] = {}
        self.transfers: list[Row] = []
        self.entries: list[Row] = []
        self.redated: list[Row] = []
        self.moved: dict[tuple[str, str], int] = {}  # (account of the member's side, wallet) -> points
        self.version = books.version
        for posting in books.postings:
            self._add(posting)
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
            yield (self.member_id, wallet, held, self.version)

    def _add(self, posting: Posting) -> None:
        """The rows of a decision, in the order of its effects: days of lots that change, and transfers.

        Transfers are numbered from 0, so that two decisions of one key collide whatever else they say.
        """
        decision, number = posting.decision, 0
        at, day = posting.happened_at.isoformat(), decision.day.isoformat()  # as text once, not per row
        for effect in decision.effects:
            if type(effect) not in _POSTED:
                continue
            self._look_at_lots(effect, decision)
            found = movement(effect, decision, self.known)
            if found is not None:
                self.version += 1
                about = (f"{posting.key}#{number}", found.kind, found.wallet, at, day, posting.sale_id)
                who = (found.note or None, posting.made_by or None)
                days = (None, None, None) if found.opened is None else _days(found.opened)
                self.transfers.append((self.member_id, found.transfer_id, *about, self.version, *who, *days))
                self._book(found, at)
                number += 1

    def _look_at_lots(self, effect: Effect, decision: Decision) -> None:
        match effect:
            case LotOpened(lot=lot):
                self.known[lot.lot_id] = lot
                self.opened[lot.lot_id] = int(lot.points_open)
            case LotsReleased(lots=lots) | LotsRefilled(lots=lots) | LotsRedated(lots=lots):
                self._redate(decision, lots, effect.reason if isinstance(effect, LotsRedated) else "")
                self.known.update((lot.lot_id, lot) for lot in lots)
            case _:
                pass

    def _redate(self, decision: Decision, lots: Iterable[Lot], reason: str) -> None:
        """A row for each lot whose days are others now: a lot's own row alone would forget what they were."""
        changed = [(self.known[lot.lot_id], lot) for lot in lots if lot.lot_id in self.known]
        changed = [(was, lot) for was, lot in changed if _days(was) != _days(lot)]
        if changed:
            self.version += 1
        for was, lot in changed:
            about = (decision.event_id, decision.day, reason)
            self.redated.append((self.member_id, lot.lot_id, self.version, *_days(was), *_days(lot), *about))

    def _book(self, found: Movement, at: str) -> None:
        """The member's sides, then the programme's, which takes them to zero."""
        member_id, transfer_id, wallet = self.member_id, found.transfer_id, found.wallet
        total = entry_no = 0
        for entry_no, (account, points, lot_id) in enumerate(found.sides, start=1):
            self.entries.append((member_id, transfer_id, entry_no, account, wallet, points, lot_id, at))
            if account != PARTNER:
                self._move(account, wallet, points)
            total += points
        self.entries.append((member_id, transfer_id, entry_no + 1, found.contra, wallet, -total, None, at))
        if found.contra in _OF_MEMBER:
            self._move(found.contra, wallet, -total)

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
            for hold in facts.holds:
                moved[HELD, hold.wallet] = moved.get((HELD, hold.wallet), 0) + sign * hold.points
        assert not any(moved.values()), (self.member_id, moved)


def _update_lots(conn: psycopg.Connection, changed: Sequence[Row]) -> None:
    if changed:
        columns = [list(column) for column in zip(*changed, strict=True)]
        conn.execute(sql("cagnotte.ledger", "draw_lots"), dict(zip(_CHANGED, columns, strict=True)))


def _update_balances(conn: psycopg.Connection, moved: Iterable[Row]) -> None:
    rows = list(moved)
    if rows:
        members, wallets, points, versions = (list(column) for column in zip(*rows, strict=True))
        parameters = {"members": members, "wallets": wallets, "points": points, "versions": versions}
        conn.execute(sql("cagnotte.ledger", "set_balances"), parameters)


def _days(lot: Lot) -> tuple[date | None, date | None, str]:
    return (lot.expires_on, lot.usable_from, lot.awaits)


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None
