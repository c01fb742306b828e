"""What a replay is asked, made ready once for all members."""

from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import duckdb
import msgspec

from cagnotte.analytics.history.layout import EVENTS
from cagnotte.analytics.replay.shared import Together, together
from cagnotte.analytics.replay.sums import Segment
from cagnotte.domain.programme.document import Programme

RECENCY = (30, 90, 180)  # days since the last purchase, at the end of the history
NEVER = "never"
_SPEND = """
SELECT quantile_disc(spend, [0.25, 0.5, 0.75])
  FROM (SELECT sum(paid)::BIGINT AS spend FROM read_parquet(?) WHERE event IS NULL GROUP BY member_id)
"""


class Terms(msgspec.Struct, frozen=True):
    """Both programmes, the last local day, the zone of the wall clocks (`timezones`:
    of countries that have another), the quarters of spend, and how many of
    the most changed members are kept."""

    current: Programme
    draft: Programme
    end: date
    timezone: str
    timezones: dict[str, str]
    quartiles: tuple[int, ...]
    most: int

    @property
    def together(self) -> Together:
        """Who must be decided together, under either programme."""
        return together(self.current, self.draft)

    def segments(self, last: date, tier: str, sales: int, spend: int) -> tuple[Segment, ...]:
        """Where a member belongs; `tier` is the one held under the current programme at the end."""
        quartile = str(1 + sum(spend > most for most in self.quartiles)) if sales else NEVER
        return ("tier", tier), ("spend", quartile), ("recency", self._recency(last, sales))

    def _recency(self, last: date, sales: int) -> str:
        if not sales:
            return NEVER
        since = self.end - last
        return next((str(days) for days in RECENCY if since <= timedelta(days=days)), str(RECENCY[-1] + 1))


def spend_quartiles(folder: Path) -> tuple[int, ...]:
    """What a member of the first, second and third quarter spends at most, in minor units; () without a sale."""
    with duckdb.connect(config={"threads": 1}) as conn:
        row = conn.execute(_SPEND, [str(folder / EVENTS / "*.parquet")]).fetchone()
    return tuple(row[0]) if row and row[0] else ()


def unit_values(programme: Programme) -> dict[str, Fraction]:
    """Wallet -> minor units that a point is worth, at the till or else as a voucher; absent when neither."""
    found: dict[str, Fraction] = {}
    for conversion in programme.conversions:
        found.setdefault(conversion.wallet, Fraction(conversion.voucher.amount_minor, conversion.points))
    for wallet in programme.wallets:
        if wallet.value is not None:
            found[wallet.code] = Fraction(wallet.value.amount_minor, wallet.value.points)
    return found


def worth(points: dict[str, int], values: dict[str, Fraction]) -> int:
    """Estimated minor units of points by wallet, each rounded down; wallets without a value count for nothing."""
    return sum([int(number * values[wallet] // 1) for wallet, number in points.items() if wallet in values])
