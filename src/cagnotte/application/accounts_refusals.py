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
