"""How many of the points given are expected never to be used: as is estimated, else as the programme says."""

from datetime import date, datetime

import msgspec
import psycopg

from cagnotte.domain.accounting.values import unit_value
from cagnotte.domain.breakage.made import Made, made, together
from cagnotte.domain.programme.document import Programme
from cagnotte.ledger.cohorts import read_triangles
from cagnotte.storage.breakage import breakage_rate, breakage_rates, keep_made


class Expected(msgspec.Struct, frozen=True):
    """In basis points. `wallets`: of points given anew. `portfolios`: of what was given in a month, where that is
    estimated; else that of its wallet."""

    wallets: dict[str, int]
    portfolios: dict[tuple[str, date], int] = {}

    def portfolio(self, wallet: str, given_in: date, otherwise: int) -> int:
        """`otherwise`: of a wallet that the programme does not know any more."""
        return self.portfolios.get((wallet, given_in), self.wallets.get(wallet, otherwise))


def expected_breakage(conn: psycopg.Connection, programme: Programme, month: date) -> dict[str, int]:
    """Wallet -> basis points, by the newest stated estimate not of a later month, else by the programme."""
    declared = {wallet.code: wallet.accounts.breakage for wallet in programme.wallets}
    return declared | breakage_rates(conn, month)


def estimate_breakage(
    conn: psycopg.Connection, programme: Programme, month: date, known_at: datetime
) -> dict[str, Made]:
    """By wallet whose points stand in the accounts and were ever given, as the books stood at an instant."""
    stated = expected_breakage(conn, programme, month)
    found = {}
    for wallet, triangle in read_triangles(conn, month, known_at).items():
        if programme.has_wallet(wallet) and unit_value(programme, wallet) is not None:
            terms = programme.wallet(wallet).accounts.estimate
            found[wallet] = made(triangle, terms, stated[wallet])
    return found


def close_with_breakage(
    conn: psycopg.Connection, programme: Programme, month: date, *, first: date, known_at: datetime
) -> Expected:
    """Estimate, keep what was estimated, and say what this closing counts with.

    `first`: the first month ever closed, whose portfolio holds all that was given before too. Where a person
    stated an estimate for the month, that one stands.
    """
    wallets = expected_breakage(conn, programme, month)
    portfolios: dict[tuple[str, date], int] = {}
    for wallet, each in estimate_breakage(conn, programme, month, known_at).items():
        is_stated = breakage_rate(conn, wallet, month)
        if is_stated is not None and is_stated.month == month:
            continue
        keep_made(conn, each, known_at)
        if each.terms is not None:
            wallets[wallet] = each.applied_new
            shares = together(each.applied, each.columns, first)
            portfolios |= {(wallet, given_in): share for given_in, share in shares.items()}
    return Expected(wallets, portfolios)
