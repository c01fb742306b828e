"""Articles put into groups: which ones are bought and which ones are given, without going article by article."""

from collections.abc import Iterator, Sequence

from cagnotte.domain.offers.bill import Run
from cagnotte.domain.offers.policy import Groups

type Members = list[tuple[Run, int]]  # (articles at one price, how many of them), dearest first
type Placed = tuple[int, Run, int]  # (place in its group, articles at one price, how many)


def ordered(runs: Sequence[Run], *, dearest_first: bool) -> list[Run]:
    """By price; ties: as the basket has them."""
    return sorted(runs, key=lambda run: ((-run.price if dearest_first else run.price), run.line, run.piece))


def articles(runs: Sequence[Run]) -> int:
    return sum([run.count for run in runs])


def first_articles(runs: Sequence[Run], wanted: int) -> Members:
    """The first `wanted` articles, or as many as there are."""
    found: Members = []
    for run in runs:
        if wanted <= 0:
            break
        found.append((run, min(run.count, wanted)))
        wanted -= run.count
    return found


def without(runs: Sequence[Run], taken: Members) -> list[Run]:
    """The runs without the articles that were taken of them."""
    gone = {id(run): count for run, count in taken}
    left = [Run(run.line, run.piece, run.price, run.count - gone.get(id(run), 0)) for run in runs]
    return [run for run in left if run.count > 0]


def groups_of(runs: Sequence[Run], size: int, most: int | None) -> Iterator[tuple[int, Members]]:
    """Full groups of `size` articles in the order of `runs`: (how many groups alike, the members of one).

    At most `most` groups. A part group at the end is not among them.
    """
    left = times_of(runs, size, most)
    waiting: Members = []
    missing = size
    for run in runs:
        count = run.count
        if waiting:
            part = min(count, missing)
            waiting.append((run, part))
            count, missing = count - part, missing - part
            if not missing:
                yield 1, waiting
                waiting, missing, left = [], size, left - 1
        if not left:
            return
        alike = min(count // size, left)
        if not waiting and alike:
            yield alike, [(run, size)]
            count, left = count - alike * size, left - alike
        if not waiting and count:
            waiting, missing = [(run, count)], size - count


def times_of(runs: Sequence[Run], size: int, most: int | None) -> int:
    """How many full groups there are, at most `most`."""
    full = articles(runs) // size
    return full if most is None else min(full, most)


def placed(runs: Sequence[Run], size: int, most: int | None, groups: Groups) -> list[Placed]:
    """(place in its group, articles at one price, how many), for articles in full groups of `size`.

    Place 0 is the dearest of a group. `runs` in the order of the basket.
    """
    if groups is Groups.LEAST:
        return _cheapest_last(runs, size, most)
    in_order = ordered(runs, dearest_first=True) if groups is Groups.BEST else list(runs)
    found = []
    for alike, members in groups_of(in_order, size, most):
        place = 0
        for run, count in sorted(members, key=lambda member: (-member[0].price, member[0].line, member[0].piece)):
            found += [(place + step, run, alike) for step in range(count)]
            place += count
    return found


def _cheapest_last(runs: Sequence[Run], size: int, most: int | None) -> list[Placed]:
    """The cheapest articles of all take the last place of every group, the next ones the place before it."""
    times = times_of(runs, size, most)
    left = ordered(runs, dearest_first=False)
    found = []
    for place in range(size - 1, -1, -1):
        taken = first_articles(left, times)
        found += [(place, run, count) for run, count in taken]
        left = without(left, taken)
    return found
