"""How much of what a member spends on such goods is spent here: estimated from peers, with how sure that is.

The wallet is a high quantile of what peers spend (Perlich, Rosset, Lawrence, Zadrozny: High-quantile modeling
for customer wallet estimation, KDD 2007). Its interval comes from order statistics, however the spends are
distributed (Hahn, Meeker: Statistical Intervals, 1991). Whole numbers only.
How it is done, with an example: docs/algorithms/share-of-wallet.md.
"""

from collections.abc import Sequence
from functools import lru_cache

import msgspec
from msgspec.structs import replace

from cagnotte.domain.kernel import Period, PeriodUnit
from cagnotte.domain.members.profile import Profile

WHOLE = 10_000  # basis points
_HUNDRED = 100
_SCALE = 1 << 256  # of the likeliest count: what is cut off is below 10**-70 of it
_YEAR = Period(12, PeriodUnit.MONTHS)


class ShareTerms(msgspec.Struct, frozen=True):
    """The `[share_of_wallet]` table. `quantile`, `confidence`: in percent, 50 to 99.

    `peers`: what members must have in common, what matters most first; where a group has fewer than
    `least_peers` members who bought within the period, the last of them is left out, and so on.
    `declared`: the attribute that holds what a member says to spend within such a period, in minor units.
    """

    peers: tuple[str, ...] = ()
    quantile: int = 90
    confidence: int = 90
    within: Period = _YEAR
    least_peers: int = 30
    declared: str = ""


class Ranks(msgspec.Struct, frozen=True):
    """Which of the sorted spends (from 1) are the quantile, and the ends of its interval."""

    low: int
    quantile: int
    high: int


class Wallet(msgspec.Struct, frozen=True):
    """What members of a group could spend, in minor units: the estimate, and between which amounts it lies."""

    low: int
    estimate: int
    high: int


class Share(msgspec.Struct, frozen=True):
    """Basis points of the wallet; all 0: not known, or nothing was bought. Of a declared one all are the same."""

    share: int = 0
    low: int = 0
    high: int = 0
    declared: bool = False


@lru_cache(maxsize=4096)
def ranks_of(peers: int, quantile: int, confidence: int) -> Ranks | None:
    """The ranks for so many peers; None when they are too few for an upper end with that confidence.

    The number of peers below the quantile is binomial: the interval leaves out at most half of what the
    confidence leaves on either side, so that it is never surer than it says.
    """
    counts = _likelihoods(peers, quantile)
    whole = sum(weight for _, weight in counts)
    most = whole * (_HUNDRED - confidence)  # of 2 * 100 * whole
    low, below = 1, 0
    for count, weight in counts:
        below += weight
        if below * 2 * _HUNDRED > most:
            low = count
            break
    high, above = peers + 1, 0
    for count, weight in reversed(counts):
        above += weight
        if above * 2 * _HUNDRED > most:
            high = count + 1
            break
    if high > peers or low < 1:
        return None
    return Ranks(low, -(-peers * quantile // _HUNDRED), high)


def wallet_of(spends: Sequence[int], terms: ShareTerms) -> Wallet | None:
    """The wallet of a group from what its members spent, smallest first; None when they are too few."""
    if len(spends) < terms.least_peers:
        return None
    ranks = ranks_of(len(spends), terms.quantile, terms.confidence)
    if ranks is None:
        return None
    return Wallet(spends[ranks.low - 1], spends[ranks.quantile - 1], spends[ranks.high - 1])


def estimated(spend: int, wallet: Wallet) -> Share:
    """The share of who spent so much; who spends more than the wallet spends all of it here."""
    return Share(_part(spend, wallet.estimate), _part(spend, wallet.high), _part(spend, wallet.low))


def declared(spend: int, said: int) -> Share:
    """The share of who says to spend `said` (> 0) within the period."""
    share = _part(spend, said)
    return Share(share, share, share, declared=True)


def is_by_hand(profile: Profile) -> bool:
    """Whether the share was declared as such, not worked out: then it is never estimated."""
    return profile.share_declared and profile.share_of_wallet > 0 and profile.share_high == 0


def with_share(profile: Profile, share: Share) -> Profile:
    """The profile with what was worked out; a share declared by hand stays."""
    if is_by_hand(profile):
        return profile
    return replace(
        profile,
        share_of_wallet=share.share,
        share_low=share.low,
        share_high=share.high,
        share_declared=share.declared,
    )


def _part(spend: int, wallet: int) -> int:
    return min(max(spend, 0) * WHOLE // wallet, WHOLE) if wallet > 0 else WHOLE


def _likelihoods(peers: int, quantile: int) -> list[tuple[int, int]]:
    """(how many of the peers lie below the quantile, its weight), fewest first; weights that vanish are left out.

    Each weight follows from its neighbour, from the likeliest outwards: exact but for what a division cuts off.
    """
    likeliest = (peers + 1) * quantile // _HUNDRED
    likeliest = min(likeliest, peers)
    other = _HUNDRED - quantile
    upwards, weight = [], _SCALE
    for count in range(likeliest + 1, peers + 1):
        weight = weight * (peers - count + 1) * quantile // (count * other)
        if not weight:
            break
        upwards.append((count, weight))
    downwards, weight = [], _SCALE
    for count in range(likeliest - 1, -1, -1):
        weight = weight * (count + 1) * other // ((peers - count) * quantile)
        if not weight:
            break
        downwards.append((count, weight))
    return [*reversed(downwards), (likeliest, _SCALE), *upwards]
