"""[accounting], [wallets.CODE.accounting], and what so many points are worth."""

from cagnotte.domain.points.accounts import Account, Accounting, Entries, Portfolios, Role
from cagnotte.domain.points.terms import EstimateTerms, UnitValue, WalletAccounts
from cagnotte.domain.programme.faults import ProgrammeFaultCode as Code
from cagnotte.domain.programme.reading import Table
from cagnotte.domain.programme.reading_times import month_day_of

_WHOLE = 10_000  # basis points
_SUREST = 99  # percent


def accounting(root: Table) -> Accounting:
    """The `[accounting]` table."""
    table = root.table("accounting")
    return Accounting(
        fiscal_year=month_day_of(table, "fiscal_year") or Accounting().fiscal_year,
        entries=table.word("entries", Entries.MONTHLY),
        portfolios=table.word("portfolios", Portfolios.WALLET),
        accounts=_accounts(table.table("accounts")),
    )


def wallet_accounts(table: Table) -> WalletAccounts:
    breakage = _at_most(table, "breakage", 0, _WHOLE)
    return WalletAccounts(unit_value(table.table("value")), breakage, _estimate(table.table("estimate")))


def unit_value(table: Table) -> UnitValue | None:
    found = UnitValue(table.integer("points"), table.integer("amount"))
    return None if table.absent else found


def _estimate(table: Table) -> EstimateTerms | None:
    usual = EstimateTerms()
    ceiling = _at_most(table, "ceiling", usual.ceiling, _WHOLE)
    terms = EstimateTerms(
        floor=_at_most(table, "floor", usual.floor, ceiling),
        ceiling=ceiling,
        constrained=table.flag("constrained", default=usual.constrained),
        confidence=_at_most(table, "confidence", usual.confidence, _SUREST),
    )
    return None if table.absent else terms


def _at_most(table: Table, name: str, usual: int, most: int) -> int:
    found = table.integer(name) if name in table.values else usual
    if found > most:
        table.fault(Code.NUMBER_TOO_LARGE, name, name=name, most=str(most))
        return usual
    return found


def _accounts(table: Table) -> tuple[tuple[Role, Account], ...]:
    found = []
    for role in Role:
        named = table.table(role.value)
        if not named.absent:
            found.append((role, Account(named.integer("number"), named.name())))
    return tuple(found)
