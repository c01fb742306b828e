"""Three for two, the second at half price: articles in groups, each place with its own cut."""

from collections.abc import Sequence

from cagnotte.domain.offers.bill import Portion, Run
from cagnotte.domain.offers.cuts import cut_off
from cagnotte.domain.offers.effects import Amount, Cut, GroupOff, Per
from cagnotte.domain.offers.giving import Giving
from cagnotte.domain.offers.groups import Members, articles, ordered, placed, times_of, without
from cagnotte.domain.offers.policy import Pick, RoundedTo

type _Article = tuple[int, int, int]  # line, piece, price


def group_off(giving: Giving, effect: GroupOff) -> int:
    """Take the cuts off the places of groups; how many groups there were, a part group with them."""
    lines = giving.lines(effect.lines)
    kinds = [(number,) for number in lines] if effect.by_line else [lines]
    portions: list[Portion] = []
    minors: list[int] = []
    times = 0
    for own in kinds:
        most = None if giving.most_times is None else giving.most_times - times
        runs = payable(giving, own)
        found = _places(giving, effect, runs, most)
        if not found:
            giving.missing = max(giving.missing, len(effect.cuts) - articles(runs))
        for place in range(len(effect.cuts)):
            cut = _cut_of(giving, effect, place)
            got = [giving.portion(run, count) for at, run, count in found if at == place]
            if cut is not None and got:
                portions += got
                minors += cuts_off(giving, got, cut, Per.UNIT)
        times += sum([count for at, _, count in found if at == 0])
    giving.take(portions, minors)
    return times


def payable(giving: Giving, lines: Sequence[int]) -> list[Run]:
    """The articles that cost something: what was given for nothing already is neither bought nor given."""
    return [run for run in giving.runs(lines) if run.price > 0]


def cuts_off(
    giving: Giving, portions: Sequence[Portion], cut: Cut, per: Per, target: RoundedTo = RoundedTo.LINE
) -> list[int]:
    asked = giving.reckoning.rounded_per
    return cut_off(
        portions,
        cut,
        per=per,
        reckoning=giving.reckoning,
        rounded_per=target if asked is RoundedTo.TARGET else asked,
    )


def times_cut(cut: Cut, times: int) -> Cut:
    """What a cut for one group is for `times` groups together."""
    match cut:
        case Amount(minor=minor):
            return Amount(minor * times)
        case _ if hasattr(cut, "minor"):
            return type(cut)(cut.minor * times)
        case _:
            return cut


def _places(giving: Giving, effect: GroupOff, runs: list[Run], most: int | None) -> list[tuple[int, Run, int]]:
    """(place in the group, articles, how many); with a part group at the end where the policy gives it."""
    size, groups = len(effect.cuts), giving.reckoning.groups
    found = placed(runs, size, most, groups)
    times = times_of(runs, size, None)
    is_room = most is None or times < most
    left = articles(runs) - times * size
    if giving.reckoning.partial and is_room and left > effect.bought:
        over = less(runs, [(run, count) for _, run, count in found])
        rest = ordered(over, dearest_first=True)
        found += [(place, run, 1) for place, run in enumerate(_one_by_one(rest))]
    return found


def _one_by_one(runs: Sequence[Run]) -> list[Run]:
    return [run for run in runs for _ in range(run.count)]


def _cut_of(giving: Giving, effect: GroupOff, place: int) -> Cut | None:
    """The cut of a place counted from the dearest; the dearest gets the last cut when dearest are picked."""
    pick = effect.pick or giving.reckoning.pick
    return effect.cuts[place if pick is Pick.CHEAPEST else len(effect.cuts) - 1 - place]


def less(runs: Sequence[Run], taken: Members) -> list[Run]:
    """The runs without articles that are taken, in their order."""
    used: dict[_Article, int] = {}
    for run, count in taken:
        used[_key(run)] = used.get(_key(run), 0) + count
    return without(runs, [(run, used.get(_key(run), 0)) for run in runs])


def _key(run: Run) -> _Article:
    return run.line, run.piece, run.price
