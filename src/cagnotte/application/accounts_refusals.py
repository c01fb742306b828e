"""Why a month of the accounts cannot be closed or shown."""

from typing import ClassVar

from cagnotte.application.errors import RequestError


class AccountsRefused(RequestError):
    """Base of all acts on the accounts that are refused. Nothing was written."""

    code: ClassVar[str] = "accounts_refused"


class PeriodNotOver(AccountsRefused):
    """The month is not over on the programme's clock. Params: month."""

    code = "period_not_over"


class OtherMonthFirst(AccountsRefused):
    """Months are closed in order. Params: month, first (which is to be closed)."""

    code = "other_month_first"


class NothingToClose(AccountsRefused):
    """No point had moved by the end of the month. Params: month."""

    code = "nothing_to_close"


class PeriodOpen(AccountsRefused):
    """The month is not closed, so that its entries are not known. Params: month."""

    code = "period_open"


class WalletNotValued(AccountsRefused):
    """The programme has no such wallet, or its points buy nothing with a price. Params: wallet."""

    code = "wallet_not_valued"


class NothingGiven(AccountsRefused):
    """No point of the wallet was given by the end of the month. Params: wallet, month."""

    code = "nothing_given"


class NothingClosed(AccountsRefused):
    """No month is closed, so that there is nothing to start from."""

    code = "nothing_closed"


class ClosingTooEarly(AccountsRefused):
    """The last day of use is not after the last closed month. Params: day, month."""

    code = "closing_too_early"
