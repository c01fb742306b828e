"""What a file of opening balances says, and what loading it came to."""

from datetime import date

import msgspec


class BalanceRow(msgspec.Struct, frozen=True):
    """Points that a member brings along. `wallet` "": the programme's first one.

    `by_terms`: they end as the wallet says, counted from the opening day; otherwise at 00:00 of `expires_on`
    (None: never), and can be used from 00:00 of `usable_from` on (None: at once). `reference` tells rows of a
    member apart that are otherwise alike.
    """

    line: int
    member: str
    points: int
    wallet: str = ""
    by_terms: bool = True
    expires_on: date | None = None
    usable_from: date | None = None
    reference: str = ""


class BalancesReport(msgspec.Struct, frozen=True):
    """Points of the file: `points_told` = opened + opened before + written off (already ended) + refused.

    `points_refused` counts refused rows whose points could be read. `in_books`: what the books hold as opened
    from this source, read again after the load; None in a dry run.
    """

    rows_read: int
    rows_refused: int
    rows_written_off: int
    rows_already: int
    members_new: int
    points_told: int
    points_opened: int
    points_already: int
    points_written_off: int
    points_refused: int
    in_books: int | None
    dry_run: bool
    seconds: float

    @property
    def agrees(self) -> bool:
        """Whether the books hold from this source just what the file says of rows that were not refused."""
        return self.in_books is None or self.in_books == self.points_opened + self.points_already
