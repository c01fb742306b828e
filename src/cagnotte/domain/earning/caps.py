"""Caps: which window a moment lies in, what is left of it, and what an event adds to it."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta

from cagnotte.domain.earning.tallies import Tally
from cagnotte.domain.earning.terms import Cap, Every, Scope
from cagnotte.domain.kernel import first_day_counted

EPOCH = date(1970, 1, 1).toordinal()
_LATE_DAYS = 62  # a window is remembered that long after its end, for events that arrive late


def window_of(every: Every, at: datetime) -> int:  # noqa: PLR0911 - one plain list
    """The number of the window that local time `at` lies in: see `Tally`."""
    day = at.toordinal() - EPOCH
    match every:
        case Every.SALE | Every.DAY | Every.ROLLING:
            return day
        case Every.HOUR:
            return day * 24 + at.hour
        case Every.WEEK:
            return day - at.weekday()
        case Every.MONTH:
            return day - at.day + 1
        case Every.QUARTER:
            return date(at.year, (at.month - 1) // 3 * 3 + 1, 1).toordinal() - EPOCH
        case Every.YEAR:
            return date(at.year, 1, 1).toordinal() - EPOCH
        case Every.EVER:
            return 0


def windows_of(cap: Cap, first: date, last: date) -> tuple[int, int]:
    """The first and the last window that events of these days may ask about, both included."""
    if cap.every is Every.ROLLING:
        assert cap.within is not None, cap
        first = first_day_counted(first, cap.within)
    evening = datetime.combine(last, time(23))
    return window_of(cap.every, datetime.combine(first, time())), window_of(cap.every, evening)


def subject_of(cap: Cap, *, store: str, household: str) -> str:
    """Whose tally the cap counts; a member without a household is counted alone."""
    match cap.scope:
        case Scope.MEMBER:
            return ""
        case Scope.HOUSEHOLD:
            return f"household:{household}" if household else ""
        case Scope.STORE:
            return f"store:{store}"
        case Scope.PROGRAMME:
            return "programme"


class Counting:
    """The tallies as they stand while one event is decided."""

    def __init__(
        self, tallies: Sequence[Tally], shared: Sequence[Tally], *, at: datetime, store: str, household: str
    ) -> None:
        self._known = {_key(each): each.value for each in (*tallies, *shared)} if tallies or shared else {}
        self._added: dict[tuple[str, str, int], int] = {}
        self._of_sale: dict[str, int] = {}  # caps per sale begin anew with each event
        self._at, self._store, self._household = at, store, household

    def left(self, cap: Cap) -> int:
        """What is left of the cap at this moment, never below 0."""
        subject = subject_of(cap, store=self._store, household=self._household)
        window = window_of(cap.every, self._at)
        return max(cap.most - self._counted(cap, subject, window), 0)

    def add(self, cap: Cap, value: int) -> None:
        if cap.every is Every.SALE:
            self._of_sale[cap.code] = self._of_sale.get(cap.code, 0) + value
            return
        subject = subject_of(cap, store=self._store, household=self._household)
        key = (cap.code, subject, window_of(cap.every, self._at))
        self._added[key] = self._added.get(key, 0) + value
        self._forget(cap, subject)

    def added(self) -> tuple[Tally, ...]:
        """What the event adds, in order; windows long past are brought to 0."""
        if not self._added:
            return ()
        return tuple(Tally(*key, value) for key, value in sorted(self._added.items()) if value)

    def _forget(self, cap: Cap, subject: str) -> None:
        if cap.every is Every.EVER:
            return
        late = timedelta(days=min(_LATE_DAYS, self._at.toordinal() - 1))
        oldest = _first_window(cap, self._at - late)
        for key, value in self._known.items():
            if key[0] == cap.code and key[1] == subject and key[2] < oldest:
                self._added[key] = -value

    def _counted(self, cap: Cap, subject: str, window: int) -> int:
        if cap.every is Every.SALE:
            return self._of_sale.get(cap.code, 0)
        here = (cap.code, subject, window)
        added = self._added.get(here, 0)
        if cap.every is not Every.ROLLING:
            return self._known.get(here, 0) + added
        first = _first_window(cap, self._at)
        known = self._known.items()
        return added + sum(v for (c, s, w), v in known if c == cap.code and s == subject and first <= w <= window)


def _first_window(cap: Cap, at: datetime) -> int:
    """The first window that counts at local time `at`; of a rolling cap the first day."""
    if cap.every is not Every.ROLLING:
        return window_of(cap.every, at)
    assert cap.within is not None, cap
    return first_day_counted(at.date(), cap.within).toordinal() - EPOCH


def with_tallies(tallies: tuple[Tally, ...], added: Iterable[Tally]) -> tuple[Tally, ...]:
    """The tallies with the differences added, in order; the order is that of their keys."""
    found = list(tallies)
    for each in added:
        position = bisect_left(found, _key(each), key=_key)
        if position < len(found) and _key(found[position]) == _key(each):
            value = found[position].value + each.value
            found[position] = Tally(each.cap, each.subject, each.window, value)
        else:
            found.insert(position, each)
    return tuple(each for each in found if each.value)


def _key(tally: Tally) -> tuple[str, str, int]:
    return (tally.cap, tally.subject, tally.window)
