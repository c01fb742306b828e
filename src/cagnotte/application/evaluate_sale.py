"""What a sale would earn and get; changes nothing."""

from datetime import datetime

import psycopg

from cagnotte.application.facts import facts_of
from cagnotte.application.history import MemberHistory
from cagnotte.application.ids import new_event_id
from cagnotte.application.published import Published
from cagnotte.application.sale_answer import SaleAnswer, SaleStatus, answer
from cagnotte.application.sale_command import PreparedSale, SaleCommand, prepare
from cagnotte.domain.baskets.basket import total_paid
from cagnotte.domain.evaluator.values import Sale
from cagnotte.storage.standings import standings


def evaluate_sale(
    conn: psycopg.Connection, published: Published, command: SaleCommand, *, now: datetime
) -> SaleAnswer:
    """The answer that recording this sale now would give. Raises SaleInFuture or NoProgramme."""
    prepared = prepare(conn, published, command, now=now)
    return evaluated(conn, prepared)


def evaluated(conn: psycopg.Connection, prepared: PreparedSale) -> SaleAnswer:
    decision = facts = None
    if prepared.member is not None:
        member_id, version = prepared.member_id, prepared.version
        standing = standings(conn, [member_id])[member_id]
        known = facts_of(conn, prepared.published, {member_id: standing})[member_id]
        history = MemberHistory(standing, known, version)
        history.bring_to(version, prepared.basket.at.date())
        sale = Sale(new_event_id(), prepared.basket)
        decision = history.take(version, sale, prepared.command.at, "")
        facts = history.facts
    return answer(
        sale_id=prepared.command.sale_id,
        status=SaleStatus.EVALUATED,
        happened_at=prepared.command.at,
        paid_minor=total_paid(prepared.basket),
        version=prepared.version,
        member=prepared.member.external_id if prepared.member else None,
        facts=facts,
        decision=decision,
    )
