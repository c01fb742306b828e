"""What a sale would earn and get; changes nothing."""

from datetime import datetime

import psycopg

from cagnotte.application.facts import Coming, counts_for, known_members
from cagnotte.application.history import MemberHistory
from cagnotte.application.ids import new_event_id
from cagnotte.application.published import Published
from cagnotte.application.sale_answer import SaleAnswer, SaleStatus, answer
from cagnotte.application.sale_command import PreparedSale, SaleCommand, check_time, prepare
from cagnotte.domain.evaluator.events import Sale


def evaluate_sale(
    conn: psycopg.Connection, published: Published, command: SaleCommand, *, now: datetime
) -> SaleAnswer:
    """The answer that recording this sale now would give. Raises SaleInFuture or NoProgramme."""
    check_time(command, now)
    prepared = prepare(conn, published, command)
    return evaluated(conn, prepared)


def evaluated(conn: psycopg.Connection, prepared: PreparedSale) -> SaleAnswer:
    decision = facts = None
    if prepared.member is not None:
        member_id, version = prepared.member_id, prepared.version
        day = prepared.basket.at.date()
        coming = {member_id: Coming.on(day, prepared.basket.store)}
        known = known_members(conn, prepared.published, coming, locked=False)[member_id]
        history = MemberHistory(known, version, counts_for(conn, prepared.published, [known], locked=False))
        history.bring_to(version, day)
        sale = Sale(new_event_id(), prepared.basket)
        decision = history.take(version, sale, prepared.command.at, "")
        facts = history.facts
    return answer(
        sale_id=prepared.command.sale_id,
        status=SaleStatus.EVALUATED,
        happened_at=prepared.command.at,
        basket=prepared.basket,
        version=prepared.version,
        member=prepared.member.external_id if prepared.member else None,
        facts=facts,
        decision=decision,
    )
