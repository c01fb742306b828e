"""The tier held, against a plain simulation of every day that knows nothing of the room's own code."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from cagnotte.domain.kernel import Period, PeriodUnit, day_after
from cagnotte.domain.tiers.qualification import Seen, followed
from cagnotte.domain.tiers.terms import Drop, Keep, MeasuredIn, Reach, Review, Tier
from domain.tiers.ladders import START, YEAR, bought, folded

ONE_DAY = timedelta(days=1)
SALES = st.lists(
    st.tuples(st.integers(0, 1_400), st.integers(-200, 400)).map(
        lambda sale: (START + timedelta(days=sale[0]), sale[1])
    ),
    max_size=14,
)


class Simulation:
    """One member, one measure, one way of keeping for all tiers; `thresholds` lowest first, levels from 1."""

    def __init__(self, thresholds: list[int], review: Review, grace: Period | None, drop: Drop) -> None:
        self.thresholds, self.review, self.grace, self.drop = thresholds, review, grace, drop
        self.level = 0
        self.since = START
        self.guaranteed: date | None = None
        self.grace_ends: date | None = None
        self.missed_on = START
        self.spent: dict[date, int] = {}

    def day(self, today: date, paid: int | None) -> None:
        self.look(today)
        if paid is not None:
            self.spent[today] = self.spent.get(today, 0) + paid
            self.look(today, is_midnight=False)

    def look(self, today: date, *, is_midnight: bool = True) -> None:
        reached = self.reached(today)
        if reached > self.level:
            self.hold(reached, today)
            return
        if self.level == 0:
            return
        if self.grace_ends is not None:
            if self.judged(self.missed_on, today) >= self.thresholds[self.level - 1]:
                self.grace_ends = None
            elif today == self.grace_ends:
                self.lose(today, self.judged(self.missed_on, today), reached)
            return
        is_rolling = self.review is Review.ROLLING and not (self.guaranteed and today < self.guaranteed)
        if not is_rolling and not (is_midnight and self.is_review(today)):
            return
        self.guaranteed = None
        total = self.judged(today, today)
        if total >= self.thresholds[self.level - 1]:
            return
        if self.grace:
            self.grace_ends, self.missed_on = day_after(today, self.grace), today
        else:
            self.lose(today, total, reached)

    def reached(self, today: date) -> int:
        total = self.window(today)
        return max((level for level, least in enumerate(self.thresholds, 1) if total >= least), default=0)

    def window(self, today: date) -> int:
        raise NotImplementedError

    def judged(self, review: date, today: date) -> int:
        raise NotImplementedError

    def is_review(self, today: date) -> bool:
        if self.guaranteed is not None:
            return today == self.guaranteed
        if self.review is Review.CALENDAR_YEAR:
            return (today.month, today.day) == (1, 1) and today.year >= self.since.year + 2
        if self.review is Review.ANNIVERSARY:
            number = today.year - self.since.year
            return number > 0 and day_after(self.since, Period(12 * number, PeriodUnit.MONTHS)) == today
        return False

    def lose(self, today: date, total: int, reached: int) -> None:
        kept = max((level for level, least in enumerate(self.thresholds, 1) if total >= least), default=0)
        target = {Drop.REACHED: kept, Drop.ONE_LEVEL: self.level - 1, Drop.FULL: 0}[self.drop]
        self.hold(max(target, reached), today)
        if self.level == 0 or reached > target:
            return
        if self.review is Review.CALENDAR_YEAR:
            self.guaranteed = date(today.year + 1, 1, 1)
        elif self.review is Review.ROLLING and total < self.thresholds[self.level - 1]:
            self.guaranteed = day_after(today, YEAR)

    def hold(self, level: int, today: date) -> None:
        self.level, self.since, self.guaranteed, self.grace_ends = level, today, None, None


class Rolling(Simulation):
    """Twelve months back, whatever the review."""

    def window(self, today: date) -> int:
        return sum(paid for day, paid in self.spent.items() if day <= today < day_after(day, YEAR))

    def judged(self, review: date, today: date) -> int:
        return self.window(today)


class ByCalendar(Simulation):
    """Since 1 January; a yearly review judges the year that ends with it, which a grace prolongs."""

    def window(self, today: date) -> int:
        return sum(paid for day, paid in self.spent.items() if day.year == today.year and day <= today)

    def judged(self, review: date, today: date) -> int:
        if self.review is Review.ROLLING:
            return self.window(today)
        last = today if review < today else today - ONE_DAY
        last = today - ONE_DAY if today == self.grace_ends else last
        if review == today and self.grace_ends is not None:
            last = today
        first = date(review.year - 1, 1, 1)
        if self.review is Review.ANNIVERSARY:
            first = next(
                review - timedelta(days=back)
                for back in range(367, 0, -1)
                if day_after(review - timedelta(days=back), YEAR) > review
            )
        return sum(paid for day, paid in self.spent.items() if first <= day <= last)


@settings(deadline=None)
@given(
    st.lists(st.integers(1, 300), min_size=1, max_size=3),
    st.sampled_from((Review.ROLLING, Review.ANNIVERSARY, Review.CALENDAR_YEAR)),
    st.none() | st.builds(Period, st.integers(1, 11), st.just(PeriodUnit.MONTHS)),
    st.sampled_from(Drop),
    st.sampled_from((MeasuredIn.ROLLING, MeasuredIn.CALENDAR_YEAR)),
    SALES,
)
def test_every_day_holds_what_a_plain_simulation_of_all_days_holds(  # noqa: PLR0917 - what is invented
    steps: list[int],
    review: Review,
    grace: Period | None,
    drop: Drop,
    window: MeasuredIn,
    sales: list[tuple[date, int]],
) -> None:
    thresholds = [sum(steps[: number + 1]) for number in range(len(steps))]
    keep = Keep(review, grace=grace, drop=drop)
    within = YEAR if window is MeasuredIn.ROLLING else None
    tiers = [
        Tier(str(number), Reach("spend", least, window, within), keep=keep)
        for number, least in enumerate(thresholds, 1)
    ]
    simulation = (Rolling if window is MeasuredIn.ROLLING else ByCalendar)(thresholds, review, grace, drop)
    days = folded([bought(day, paid) for day, paid in sales])
    by_day = {total.day: total.paid for total in days}

    for number in range(1_600):
        today = START + timedelta(days=number)
        simulation.day(today, by_day.get(today))
        if number % 97 == 0 or today in by_day:
            held = followed(tiers, Seen(tuple(total for total in days if total.day <= today), today))
            assert int(held.tier if held else 0) == simulation.level, today
