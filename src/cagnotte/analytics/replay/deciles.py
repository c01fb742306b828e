"""How differences are spread over members."""

from collections import Counter
from collections.abc import Iterator

from cagnotte.analytics.replay.figures import Spread

_PARTS = 10


def spread_of(differences: Counter[int]) -> Spread:
    """`differences`: difference -> members."""
    members = differences.total()
    winners = sum(count for value, count in differences.items() if value > 0)
    losers = sum(count for value, count in differences.items() if value < 0)
    return Spread(
        winners=winners,
        losers=losers,
        unchanged=members - winners - losers,
        won=sum(value * count for value, count in differences.items() if value > 0),
        lost=sum(value * count for value, count in differences.items() if value < 0),
        deciles=tuple(_deciles(differences, members)),
    )


def _deciles(differences: Counter[int], members: int) -> Iterator[int]:
    """Smallest, nine deciles, largest, by nearest rank; nothing without a member."""
    if not members:
        return
    ranks = [1] + [-(-members * part // _PARTS) for part in range(1, _PARTS + 1)]
    counted, values = 0, iter(sorted(differences.items()))
    value = 0
    for rank in ranks:
        while counted < rank:
            value, count = next(values)
            counted += count
        yield value
