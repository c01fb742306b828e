"""What an event that arrived late changes of the sales after it: told again in order, the difference posted."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

import msgspec
import psycopg

from cagnotte.application.history import MemberHistory
from cagnotte.application.ids import new_event_id
from cagnotte.application.kept_sales import KeptSale, expired_so_far, kept_sales
from cagnotte.application.published import Published
from cagnotte.application.sale_answer import EarnedByRule, SaleCorrection
from cagnotte.domain.evaluator.effects import LinesReturned
from cagnotte.domain.evaluator.events import Correction, Return, Sale, SaleTaken, Settled
from cagnotte.domain.evaluator.facts import Facts
from cagnotte.domain.evaluator.late import Corrected, Told, corrections, used_now
from cagnotte.domain.kernel import EventId, day_after
from cagnotte.domain.programme.document import LateCorrection
from cagnotte.storage.returns import CorrectionRow, KeptReturn, add_corrections

_LATER = "SELECT EXISTS (SELECT FROM sale WHERE member_id = %s AND happened_local > %s)"

type Triple = tuple[str, str, int]  # rule, wallet, points


def is_late(conn: psycopg.Connection, history: MemberHistory, at: datetime) -> bool:
    """Whether something was decided for the member, before this act, that happened after local time `at`: a later
    sale, or a day that has begun since, on which tiers may have changed."""
    before, day = history.before, at.date()
    if day < before.as_of:
        return True
    if before.last_active is None or before.last_active < day:
        return False
    row = conn.execute(_LATER, (history.member_id, at)).fetchone()
    return bool(row and row[0])


def correct_late(
    conn: psycopg.Connection,
    published: Published,
    history: MemberHistory,
    late: Told,
    about: KeptSale,
    *,
    because: str,
    now: datetime,
) -> tuple[SaleCorrection, ...]:
    """Correct what `late` changes, which the history has just taken; the caller writes the history.

    `about`: the late sale, or that of a late return, with all that is decided for it. `because`: the caller's word
    for the late event, which the entries keep. What the programme in force says of late events holds.
    """
    policy = published.current.programme.late
    if policy.correct is LateCorrection.NEVER or day_after(late.at.date(), policy.within) <= now.date():
        return ()
    known = {each.sale.event_id: each for each in kept_sales(conn, published, history.member_id)}
    told = sorted(_told(known.values()), key=_in_order)
    before = [each for each in told if _in_order(each) < _in_order(late)]
    start = _newcomer(history, [*told, late])
    found = corrections(start, before, late, told[len(before) :], upto=history.facts.as_of)
    known[about.sale.event_id] = about
    due = [each for each in found.sales if not each.left and known[each.sale_id].decision is not None]
    _post(conn, history, known, due, late.event.event_id, because, found.settled, about)
    return tuple(
        SaleCorrection(known[each.sale_id].external_id, tuple(EarnedByRule(*triple) for triple in _triples(each)))
        for each in due
    )


def _told(known: Iterable[KeptSale]) -> Iterator[Told]:
    for kept in known:
        programme = kept.version.programme
        yield Told(programme, kept.sale, kept.decision.used if kept.decision else None)
        for back in kept.returns:
            yield Told(programme, _return_again(kept, back))


def _return_again(kept: KeptSale, back: KeptReturn) -> Return:
    """What was brought back then, or refunded: of the one line that it was of, or of all."""
    said = [effect for effect in back.decision.effects if isinstance(effect, LinesReturned)]
    event = Return(EventId(back.return_id), back.happened_local, SaleTaken(kept.sale, ()))
    refunds = [amount for effect in said for amount in effect.amounts]
    if not refunds:
        return msgspec.structs.replace(event, lines=tuple(line for effect in said for line in effect.lines))
    of_line = refunds[0][0] if len(refunds) == 1 else None
    return msgspec.structs.replace(event, amount=sum(minor for _, minor in refunds), of_line=of_line)


def _in_order(told: Told) -> tuple[datetime, bool, int]:
    """By what happened; a sale before a return of the same moment, then as they arrived."""
    return (told.at, not isinstance(told.event, Sale), told.event.event_id)


def _newcomer(history: MemberHistory, told: Sequence[Told]) -> Facts:
    """The member on the first day that anything is told of."""
    profile = history.before.profile
    days = [each.at.date() for each in told]
    if profile.enrolled_on is not None:
        days.append(profile.enrolled_on)
    return Facts(min(days), profile=profile, membership=history.before.membership)


def _post(  # noqa: PLR0917 - what all corrections of one late event have in common
    conn: psycopg.Connection,
    history: MemberHistory,
    known: Mapping[EventId, KeptSale],
    due: Sequence[Corrected],
    late: EventId,
    because: str,
    settled: Settled,
    about: KeptSale,
) -> None:
    """One correction per sale. The last one says how the member stands; without any it is the late sale's own."""
    expired = expired_so_far(conn, history) if due else ()
    asked: list[tuple[KeptSale, tuple[Triple, ...], Corrected | None]] = [
        (known[each.sale_id], _triples(each), each) for each in due
    ]
    if not asked and settled != Settled():
        asked.append((about, (), None))
    rows = []
    for number, (kept, earned, corrected) in enumerate(asked, start=1):
        taken = kept.taken(expired)
        used = used_now(taken.used, corrected) if corrected else None
        ends = settled if number == len(asked) else None
        event_id = new_event_id()
        event = Correction(event_id, kept.sale.basket.at, taken, late, because, earned, used, ends)
        decision = history.take(
            kept.version, event, kept.happened_at, f"correction:{event_id}", about=kept.sale.event_id
        )
        version = kept.version
        row = (history.member_id, event_id, kept.sale.event_id, late, kept.happened_at, event.at)
        rows.append(CorrectionRow(*row, version.code, version.version, decision))
    add_corrections(conn, rows)


def _triples(corrected: Corrected) -> tuple[Triple, ...]:
    return tuple((rule, wallet, points) for (rule, wallet), points in sorted(corrected.earned.items()))
