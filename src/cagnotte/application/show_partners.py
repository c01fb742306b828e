"""All partners in a month: what each paid for, and what it owes for it."""

from datetime import date

import msgspec
import psycopg

from cagnotte.application.partner_prices import PartnerPrices
from cagnotte.application.programme_staff import Actor, Permission
from cagnotte.application.published import Published
from cagnotte.application.show_partner import PartnerStatement, show_partner
from cagnotte.application.show_partner_rules import FundedBy, show_partner_rules

_MONTHS = """
SELECT DISTINCT date_trunc('month', posted_at AT TIME ZONE %s)::date FROM ledger_transfer
 WHERE kind = 'funded' ORDER BY 1 DESC
"""


class PartnersSeen(msgspec.Struct, frozen=True):
    """`months` in which anything was posted for a partner, newest first. `rules`: of the `partner` asked for."""

    months: tuple[date, ...]
    month: date
    statements: tuple[PartnerStatement, ...]
    partner: str
    rules: tuple[FundedBy, ...]


def show_partners(
    conn: psycopg.Connection, published: Published, actor: Actor, month: date | None, partner: str
) -> PartnersSeen | None:
    """The month that holds the day, else the newest one; None: nothing was ever posted for a partner.

    Raises NotAllowed.
    """
    actor.check(Permission.READ_PARTNERS)
    months = tuple(row[0] for row in conn.execute(_MONTHS, (published.zone.key,)))
    if not months:
        return None
    wanted = month.replace(day=1) if month is not None else months[0]
    shown = wanted if wanted in months else months[0]
    codes = PartnerPrices(published).known()
    asked = partner if partner in codes else ""
    statements = tuple(show_partner(conn, published, code, shown) for code in codes)
    rules = show_partner_rules(conn, published, asked, shown) if asked else ()
    return PartnersSeen(months, shown, statements, asked, rules)
