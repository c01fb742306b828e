"""[accounting], [wallets.CODE.accounting], and what so many points are worth."""

from cagnotte.domain.points.accounts import Account, Accounting, Entries, Portfolios, Role
from cagnotte.domain.points.terms import UnitValue, WalletAccounts
from cagnotte.domain.programme.faults import ProgrammeFaultCode as Code
from cagnotte.domain.programme.reading import Table
from cagnotte.domain.programme.reading_times import month_day_of

_WHOLE = 10_000  # basis points


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
    breakage = table.integer("breakage") if "breakage" in table.values else 0
    if breakage > _WHOLE:
        table.fault(Code.NUMBER_TOO_LARGE, "breakage", name="breakage", most=str(_WHOLE))
        breakage = 0
    return WalletAccounts(unit_value(table.table("value")), breakage)


def unit_value(table: Table) -> UnitValue | None:
    found = UnitValue(table.integer("points"), table.integer("amount"))
    return None if table.absent else found


def _accounts(table: Table) -> tuple[tuple[Role, Account], ...]:
    found = []
    for role in Role:
        named = table.table(role.value)
        if not named.absent:
            found.append((role, Account(named.integer("number"), named.name())))
    return tuple(found)
