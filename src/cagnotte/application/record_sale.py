"""Record a sale: the sale, its points, tier, vouchers and the answer, in one transaction, once."""

import hashlib
from datetime import datetime

import msgspec
import psycopg

from cagnotte.application.correct_late import correct_late, is_late
from cagnotte.application.errors import SaleConflict
from cagnotte.application.facts import Coming, counts_for, known_members
from cagnotte.application.history import MemberHistory, act_of, points_earned, write_histories
from cagnotte.application.idempotency import (
    DAYS_KEPT,
    answer_row,
    ask_answers,
    keep_answer,
    lock_of,
    read_answers,
)
from cagnotte.application.ids import new_event_id
from cagnotte.application.kept_sales import KeptSale
from cagnotte.application.new_names import lock_new_names
from cagnotte.application.published import Published
from cagnotte.application.retrying import Unposted, first_without_lock
from cagnotte.application.sale_answer import SaleAnswer, SaleCorrection, SaleStatus, answer
from cagnotte.application.sale_command import (
    PreparedSale,
    SaleCommand,
    as_guest,
    check_time,
    prepare,
    unknown_products,
)
from cagnotte.application.sale_content import as_text, line_details, sale_details
from cagnotte.application.sale_currency import paid_counted
from cagnotte.domain.baskets.basket import Basket, total_paid
from cagnotte.domain.evaluator.decision import Decision
from cagnotte.domain.evaluator.effects import ProfileSet
from cagnotte.domain.evaluator.events import Sale
from cagnotte.domain.evaluator.facts import Facts
from cagnotte.domain.evaluator.late import Told
from cagnotte.domain.kernel import EventId, MemberId
from cagnotte.ledger.one_act import ActRows, Outcome, Unseen, post_act
from cagnotte.storage.catalogue import (
    add_products,
    add_stores,
    ask_store_id,
    products_by_sku,
    read_store_id,
    store_id_of,
)
from cagnotte.storage.packing import unpack
from cagnotte.storage.sales import (
    LineMore,
    RecordedSale,
    SaleRow,
    ask_recorded_sale,
    lock_sale,
    read_recorded_sale,
)

_CREATED, _OK = 201, 200


class Recorded(msgspec.Struct, frozen=True):
    """`body` is the JSON of a SaleAnswer; the same bytes each time the same key is sent."""

    body: bytes
    status: int
    replayed: bool


def record_sale(
    conn: psycopg.Connection, published: Published, command: SaleCommand, *, key: str, now: datetime
) -> Recorded:
    """Record the sale, or give the first answer again when its key was seen before.

    Raises KeyReused (the key was used for another request), SaleConflict (the sale id is recorded with
    other content), SaleInFuture or NoProgramme; then nothing is written.
    """
    request = hashlib.sha256(msgspec.json.encode(command)).digest()
    asked = _Asked(published, command, key, request, now)
    return first_without_lock(lambda: _at_once(conn, asked), lambda: _under_lock(conn, asked), what="record_sale")


class _Asked(msgspec.Struct, frozen=True):
    published: Published
    command: SaleCommand
    key: str
    request: bytes
    now: datetime


def _at_once(conn: psycopg.Connection, asked: _Asked) -> Recorded | Unposted:
    """Read, decide, and write in one statement that looks again.

    A lock is needed when the sale is there already, adds names, counts for several members or is late.
    """
    command = asked.command
    with conn.pipeline():  # what is asked goes out when an answer is read
        answers = ask_answers(conn, asked.key, locked=False)
        sales = ask_recorded_sale(conn, command.sale_id)
        stores = ask_store_id(conn, command.store)
        prepared = prepare(conn, asked.published, command)
        known, store_id = read_recorded_sale(sales), read_store_id(stores)
        if known is not None or store_id is None or unknown_products(prepared):
            return Unposted.NEEDS_LOCK
        owner = prepared.member_id
        earlier = read_answers(answers, member_id=owner, key=asked.key, request_hash=asked.request)
        if earlier is not None:
            return Recorded(earlier.body, earlier.status, replayed=True)
        check_time(command, asked.now)
        decided = _decide(conn, prepared, store_id, asked.now, locked=False)
    if decided is None:
        return Unposted.NEEDS_LOCK
    body = msgspec.json.encode(decided.said)
    kept = answer_row(member_id=owner, key=asked.key, request_hash=asked.request, status=_CREATED, body=body)
    act, _ = act_of(decided.histories, [decided.row])
    unseen = Unseen((lock_of(asked.key),), (asked.key,), DAYS_KEPT, (command.sale_id,))
    posted = post_act(conn, ActRows({**act.rows, "answers": [kept]}), unseen) is Outcome.POSTED
    return Recorded(body, _CREATED, replayed=False) if posted else Unposted.OUTRUN


def _under_lock(conn: psycopg.Connection, asked: _Asked) -> Recorded:
    """The same in a transaction that locks all it reads: nobody comes between."""
    command = asked.command
    with conn.pipeline(), conn.transaction():
        lock_sale(conn, command.sale_id)
        answers = ask_answers(conn, asked.key)
        sales = ask_recorded_sale(conn, command.sale_id)
        stores = ask_store_id(conn, command.store)
        prepared = prepare(conn, asked.published, command)
        known = read_recorded_sale(sales)
        if known is not None and known.member_id < 0:  # a guest's sale stays one, whoever enrolled since
            prepared = as_guest(prepared)
        owner = prepared.member_id
        earlier = read_answers(answers, member_id=owner, key=asked.key, request_hash=asked.request)
        if earlier is not None:
            return Recorded(earlier.body, earlier.status, replayed=True)
        said, status = _record(conn, prepared, known, read_store_id(stores), asked.now)
        body = msgspec.json.encode(said)
        keep_answer(conn, member_id=owner, key=asked.key, request_hash=asked.request, status=status, body=body)
        return Recorded(body, status, replayed=False)


def _record(
    conn: psycopg.Connection,
    prepared: PreparedSale,
    known: RecordedSale | None,
    store_id: int | None,
    now: datetime,
) -> tuple[SaleAnswer, int]:
    if known is None:
        check_time(prepared.command, now)
        return _write(conn, prepared, store_id or _new_store(conn, prepared), now), _CREATED
    if known.content_hash != prepared.content_hash:
        raise SaleConflict(sale=prepared.command.sale_id)
    return _again(conn, prepared, known.sale_id), _OK


def _new_store(conn: psycopg.Connection, prepared: PreparedSale) -> int:
    """Another till may have added it at the same time: then it is that one."""
    add_stores(conn, [(new_event_id(), prepared.command.store)])
    store_id = store_id_of(conn, prepared.command.store)
    assert store_id is not None
    return store_id


def _write(conn: psycopg.Connection, prepared: PreparedSale, store_id: int, now: datetime) -> SaleAnswer:
    if new := unknown_products(prepared):
        lock_new_names(conn)
        add_products(conn, new)
    decided = _decide(conn, prepared, store_id, now, locked=True)
    assert decided is not None
    write_histories(conn, decided.histories, [decided.row])
    return decided.said


class _Decided(msgspec.Struct, frozen=True):
    said: SaleAnswer
    histories: list[MemberHistory]
    row: SaleRow


def _decide(
    conn: psycopg.Connection, prepared: PreparedSale, store_id: int, now: datetime, *, locked: bool
) -> _Decided | None:
    """What the sale does, nothing written yet. None: it is to be decided under a lock."""
    event_id = new_event_id()
    if prepared.member is None:
        row = _sale_row(conn, prepared, event_id, store_id, 0)
        return _Decided(_answer(prepared, None, None), [], row)
    history = _history(conn, prepared, prepared.member_id, locked=locked)
    if history.shared.are_any and not locked:
        return None
    history.bring_to(prepared.version, prepared.basket.at.date())
    sale = Sale(event_id, prepared.basket)
    key = f"sale:{prepared.command.sale_id}"
    decision = history.take(prepared.version, sale, prepared.command.at, key)
    corrected: tuple[SaleCorrection, ...] = ()
    if is_late(conn, history, sale.basket.at):
        if not locked:
            return None
        corrected = _corrected(conn, prepared, history, sale, decision, now)
    # A late sale's lot may already be past its day; what is due next is for the version in force to say.
    history.bring_to(prepared.published.current, history.facts.as_of)
    if history.made(ProfileSet) and not locked:
        return None
    row = _sale_row(conn, prepared, event_id, store_id, points_earned(decision))
    return _Decided(_answer(prepared, history.facts, decision, corrected), [history], row)


def _corrected(  # noqa: PLR0917 - the parts of one act
    conn: psycopg.Connection,
    prepared: PreparedSale,
    history: MemberHistory,
    sale: Sale,
    decision: Decision,
    now: datetime,
) -> tuple[SaleCorrection, ...]:
    """What a sale that arrived after later ones changes of them, and of itself."""
    command, version = prepared.command, prepared.version
    told = Told(version.programme, sale, decision.used)
    about = KeptSale(history.member_id, command.sale_id, command.at, sale, version, decision)
    return correct_late(conn, prepared.published, history, told, about, because=command.sale_id, now=now)


def _history(
    conn: psycopg.Connection, prepared: PreparedSale, member_id: MemberId, *, locked: bool
) -> MemberHistory:
    coming = {member_id: Coming.on(prepared.basket.at.date(), prepared.basket.store)}
    known = known_members(conn, prepared.published, coming, locked=locked)[member_id]
    return MemberHistory(known, prepared.version, counts_for(conn, prepared.published, [known], locked=locked))


def _sale_row(
    conn: psycopg.Connection, prepared: PreparedSale, event_id: EventId, store_id: int, points: int
) -> SaleRow:
    command = prepared.command
    ids = {sku: product.product_id for sku, product in prepared.products.items()}
    missing = {line.sku for line in command.lines} - ids.keys()
    if missing:
        ids |= {sku: product.product_id for sku, product in products_by_sku(conn, missing).items()}
    return SaleRow(
        member_id=prepared.member_id,
        sale_id=event_id,
        external_id=command.sale_id,
        store_id=store_id,
        happened_at=command.at,
        happened_local=prepared.basket.at,
        channel=command.channel,
        paid_minor=paid_counted(prepared.version.programme, prepared.basket),
        points_earned=points,
        content_hash=prepared.content_hash,
        lines=[(ids[line.sku], line.quantity, line.paid_minor) for line in command.lines],
        currency=prepared.basket.currency or None,
        own_minor=total_paid(prepared.basket) if prepared.basket.currency else None,
        details=None if (details := sale_details(prepared.basket)) is None else as_text(details),
        more=_more(prepared.basket),
    )


def _more(basket: Basket) -> list[LineMore] | None:
    """What else is said of the lines; None when nothing is said of any."""
    if all(line_details(line) is None for line in basket.lines):
        return None
    return [
        (line.listed, line.tax or None, line.cost, as_text(line.attributes) if line.attributes else None)
        for line in basket.lines
    ]


def _again(conn: psycopg.Connection, prepared: PreparedSale, sale_id: int) -> SaleAnswer:
    """The answer for a sale that is there: what was decided then, the member as it stands now."""
    if prepared.member is None:
        return _answer(prepared, None, None)
    row = conn.execute(
        "SELECT decided FROM sale WHERE member_id = %s AND sale_id = %s",
        (prepared.member_id, sale_id),
    ).fetchone()
    assert row is not None, sale_id
    coming = {prepared.member_id: Coming.on(prepared.basket.at.date())}
    known = known_members(conn, prepared.published, coming, locked=False)[prepared.member_id]
    return _answer(prepared, known.facts, msgspec.json.decode(unpack(row[0]), type=Decision))


def _answer(
    prepared: PreparedSale,
    facts: Facts | None,
    decision: Decision | None,
    corrections: tuple[SaleCorrection, ...] = (),
) -> SaleAnswer:
    return answer(
        sale_id=prepared.command.sale_id,
        status=SaleStatus.RECORDED,
        happened_at=prepared.command.at,
        basket=prepared.basket,
        version=prepared.version,
        member=prepared.member.external_id if prepared.member else None,
        facts=facts,
        decision=decision,
        corrections=corrections,
    )
