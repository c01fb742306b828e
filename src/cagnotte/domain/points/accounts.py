"""What a programme says of how its points stand in the company's accounts."""

from enum import StrEnum

import msgspec

from cagnotte.domain.points.terms import Name


class Role(StrEnum):
    """What an account is for; the programme says which account of the company that is."""

    DEFERRED = "deferred"  # what was paid for points that are not used yet
    REVENUE = "revenue"  # the sales that it is taken from, and becomes
    PROVISION = "provision"  # what points will cost that nobody paid for
    EXPENSE = "expense"  # that cost, when they are given
    REVERSAL = "reversal"  # and what of it was not needed, or is now borne by the sale that they pay
    SUSPENSE = "suspense"  # the other side of what is booked elsewhere: points sold, the programme before
    RECEIVABLE = "receivable"  # what partners owe for points given in their name
    MOVED = "moved"  # between members and wallets: goes out and comes back


class Account(msgspec.Struct, frozen=True):
    """An account of the company's chart: its number, and what it is called there."""

    number: int
    name: Name = {}


class Entries(StrEnum):
    """Which day the entries of a period bear."""

    MONTHLY = "monthly"  # the last one
    DAILY = "daily"  # that of what happened


class Portfolios(StrEnum):
    """What is looked at together when the use of points is estimated: always what was given in one month."""

    WALLET = "wallet"
    STORE = "store"  # of each store apart


def _french(number: int, fr: str, en: str) -> Account:
    return Account(number, {"fr": fr, "en": en})


FRENCH_PLAN = {
    Role.DEFERRED: _french(487_000, "Produits constatés d’avance", "Deferred revenue"),
    Role.REVENUE: _french(707_000, "Ventes de marchandises", "Sales of goods"),
    Role.PROVISION: _french(151_800, "Autres provisions pour risques", "Other provisions"),
    Role.EXPENSE: _french(681_500, "Dotations aux provisions d’exploitation", "Additions to provisions"),
    Role.REVERSAL: _french(781_500, "Reprises sur provisions d’exploitation", "Provisions reversed"),
    Role.SUSPENSE: _french(471_000, "Comptes d’attente", "Suspense account"),
    Role.RECEIVABLE: _french(418_100, "Clients – factures à établir", "Receivables to be invoiced"),
    Role.MOVED: _french(580_000, "Virements internes", "Internal transfers"),
}
"""Accounts of the French plan comptable général, which hold where the programme names no other."""


class Accounting(msgspec.Struct, frozen=True):
    """The `[accounting]` table. `fiscal_year`: (month, day) on which the company's year begins."""

    fiscal_year: tuple[int, int] = (1, 1)
    entries: Entries = Entries.MONTHLY
    portfolios: Portfolios = Portfolios.WALLET
    accounts: tuple[tuple[Role, Account], ...] = ()

    def account(self, role: Role) -> Account:
        """What the programme names, called as the French plan does where it gives no name."""
        usual = FRENCH_PLAN[role]
        named = dict(self.accounts).get(role, usual)
        return named if named.name else Account(named.number, usual.name)
