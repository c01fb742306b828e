"""A closed month of the accounts as a page shows it: the liability by its cuts, and breakage as estimated."""

from datetime import date

import msgspec
import psycopg

from cagnotte.application.programme_staff import Actor, Permission
from cagnotte.application.show_liability import LiabilityOf, show_liability
from cagnotte.application.show_rollforward import RolledOf, show_rollforward
from cagnotte.domain.breakage.back_test import Verdict, verdict
from cagnotte.domain.breakage.made import Made
from cagnotte.ledger.accounts import periods
from cagnotte.storage.breakage import made_estimates


class WalletSeen(msgspec.Struct, frozen=True):
    """One wallet's estimate, and how good those before it were; None: there is no month before."""

    made: Made
    verdict: Verdict | None


class AccountsSeen(msgspec.Struct, frozen=True):
    """`months`: the closed ones, newest first."""

    months: tuple[date, ...]
    liability: LiabilityOf
    rolled: RolledOf
    wallets: tuple[WalletSeen, ...]


def show_accounts(conn: psycopg.Connection, actor: Actor, month: date | None) -> AccountsSeen | None:
    """The closed month that holds the day, else the newest one; None: no month is closed. Raises NotAllowed."""
    actor.check(Permission.READ_ACCOUNTS)
    months = [period.month for period in periods(conn)]
    if not months:
        return None
    wanted = month.replace(day=1) if month is not None else months[-1]
    shown = wanted if wanted in months else months[-1]
    wallets = [WalletSeen(made, _verdict(made)) for made in made_estimates(conn, shown)]
    return AccountsSeen(
        tuple(reversed(months)), show_liability(conn, shown), show_rollforward(conn, shown), tuple(wallets)
    )


def _verdict(made: Made) -> Verdict | None:
    return verdict(made.back_tested, confidence=made.estimate.confidence) if made.back_tested else None
