"""The only writer of the books: decisions become transfers, entries, lots and balances."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

import msgspec
import psycopg

from cagnotte.domain.evaluator.values import Decision, DrawReason, Facts, LotOpened, LotsDrawn
from cagnotte.domain.kernel import LotId, MemberId
from cagnotte.domain.points.lots import Lot
from cagnotte.storage.sql import sql
from cagnotte.storage.writing import add_rows

_CONTRA = {DrawReason.CONVERSION: "redeemed", DrawReason.EXPIRY: "expired"}
_TRANSFER = (
    "member_id", "transfer_id", "key", "kind", "wallet", "happened_at", "happened_on", "sale_id"
)  # fmt: skip
_ENTRY = (
    "member_id", "transfer_id", "entry_no", "account", "wallet", "points", "lot_id", "happened_at"
)  # fmt: skip
_LOT = ("member_id", "lot_id", "wallet", "points", "points_open", "earned_on", "expires_on")


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
    transfers: list[tuple[object, ...]] = []
    entries: list[tuple[object, ...]] = []
    for member in books:
        for posting in member.postings:
            _book(member.member_id, posting, transfers, entries)
    _check(books, entries)
    add_rows(conn, "ledger_transfer", _TRANSFER, transfers)
    add_rows(conn, "ledger_entry", _ENTRY, entries)
    add_rows(conn, "ledger_lot", _LOT, [row for member in books for row in _new_lots(member)])
    _update_lots(conn, books)
    _update_balances(conn, books)


def _book(
    member_id: MemberId,
    posting: Posting,
    transfers: list[tuple[object, ...]],
    entries: list[tuple[object, ...]],
) -> None:
    """Add the rows of the decision's transfers: the member's side by lot, then the programme's side.

    Transfers are numbered from 0, so that two decisions of one key collide whatever else they say.
    """
    at, day = posting.happened_at.isoformat(), posting.decision.day.isoformat()  # as text once, not per row
    number = 0
    for effect in posting.decision.effects:
        match effect:
            case LotOpened(lot=lot):
                transfer_id, wallet, kind, contra = lot.lot_id, lot.wallet, "earn", "issued"
                sides: list[tuple[int, int]] = [(lot.points_open, lot.lot_id)]
            case LotsDrawn():
                transfer_id, wallet, kind = LotId(effect.transfer_id), effect.wallet, effect.reason.value
                contra = _CONTRA[effect.reason]
                sides = [(-draw.points, draw.lot_id) for draw in effect.draws]
            case _:
                continue
        key = f"{posting.key}#{number}"
        number += 1
        transfers.append((member_id, transfer_id, key, kind, wallet, at, day, posting.sale_id))
        for entry_no, (points, lot_id) in enumerate(sides, start=1):
            entries.append((member_id, transfer_id, entry_no, "available", wallet, points, lot_id, at))
        total = sum(points for points, _ in sides)
        entries.append((member_id, transfer_id, len(sides) + 1, contra, wallet, -total, None, at))


def _new_lots(member: MemberBooks) -> Iterator[tuple[object, ...]]:
    """Lots opened by these postings, with what is left of them at the end."""
    left = {lot.lot_id: lot.points_open for lot in member.after.lots}
    for lot in _opened(member):
        yield (
            member.member_id,
            lot.lot_id,
            lot.wallet,
            lot.points_open,
            left.get(lot.lot_id, 0),
            lot.earned_on.isoformat(),
            lot.expires_on.isoformat() if lot.expires_on else None,
        )


def _opened(member: MemberBooks) -> Iterator[Lot]:
    for posting in member.postings:
        for effect in posting.decision.effects:
            if isinstance(effect, LotOpened):
                yield effect.lot


def _update_lots(conn: psycopg.Connection, books: Iterable[MemberBooks]) -> None:
    """Lots that were open before and have been drawn from."""
    changed: list[tuple[int, int, int]] = []
    for member in books:
        left = {lot.lot_id: lot.points_open for lot in member.after.lots}
        for lot in member.before.lots:
            if left.get(lot.lot_id, 0) != lot.points_open:
                changed.append((member.member_id, lot.lot_id, left.get(lot.lot_id, 0)))
    if changed:
        members, lots, points = (list(column) for column in zip(*changed, strict=True))
        parameters = {"members": members, "lots": lots, "points": points}
        done = conn.execute(sql("cagnotte.ledger", "draw_lots"), parameters)
        assert done.rowcount == len(changed), (done.rowcount, len(changed))


def _update_balances(conn: psycopg.Connection, books: Iterable[MemberBooks]) -> None:
    """Each balance that moved is set to what the member's lots now hold."""
    moved: list[tuple[int, str, int]] = []
    for member in books:
        held = _held_by_wallet(member.after)
        for wallet in _wallets_moved(member):
            moved.append((member.member_id, wallet, held.get(wallet, 0)))
    if moved:
        members, wallets, points = (list(column) for column in zip(*moved, strict=True))
        parameters = {"members": members, "wallets": wallets, "points": points}
        conn.execute(sql("cagnotte.ledger", "set_balances"), parameters)


def _wallets_moved(member: MemberBooks) -> set[str]:
    moved = set()
    for posting in member.postings:
        for effect in posting.decision.effects:
            match effect:
                case LotOpened(lot=lot):
                    moved.add(lot.wallet)
                case LotsDrawn(wallet=wallet):
                    moved.add(wallet)
    return moved


def _held_by_wallet(facts: Facts) -> dict[str, int]:
    held: dict[str, int] = {}
    for lot in facts.lots:
        held[lot.wallet] = held.get(lot.wallet, 0) + lot.points_open
    return held


def _check(books: Iterable[MemberBooks], entries: Iterable[tuple[object, ...]]) -> None:
    """What is about to be written says what each member's facts say; a defect of ours stops here."""
    moved: dict[object, int] = {}
    for member_id, _, _, account, _, points, _, _ in entries:
        if account == "available":
            assert isinstance(points, int)
            moved[member_id] = moved.get(member_id, 0) + points
    for member in books:
        held = _held(member.after) - _held(member.before)
        assert moved.get(member.member_id, 0) == held, (member.member_id, moved.get(member.member_id), held)


def _held(facts: Facts) -> int:
    return sum(lot.points_open for lot in facts.lots)
