"""What is remembered of lots is what the lots say, whatever happens to them."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from cagnotte.domain.kernel import LotId, Points
from cagnotte.domain.points.known import LotsKnown, next_turn
from cagnotte.domain.points.lots import BurnPlan, Lot, burn_order, plan_burn, points_usable, without_draws

START = date(2026, 1, 1)
DAYS = st.integers(-5, 40)
DATES = st.none() | DAYS.map(lambda number: START + timedelta(days=number))
OPENED = st.tuples(
    st.sampled_from(("points", "miles")), st.integers(1, 50), DATES, DATES, st.sampled_from(("", "", "visit"))
)
BURNED = st.tuples(st.sampled_from(("points", "miles")), st.integers(1, 60))
ACTS = st.lists(st.tuples(st.integers(0, 6), OPENED | BURNED | st.none()), max_size=25)


@given(ACTS)
def test_points_and_days_are_those_of_the_lots(acts: list[tuple[int, tuple[object, ...] | None]]) -> None:
    known, day = LotsKnown(), START
    lots: tuple[Lot, ...] = ()
    for number, (later, act) in enumerate(acts):
        day += timedelta(days=later)
        lots = _after(known, lots, act, day, number)

        for wallet in ("points", "miles"):
            assert known.usable(lots, wallet, day) == points_usable(lots, wallet, day)
        for upto in (day, day + timedelta(days=10), date.max):
            turn, found = next_turn(lots, day).on, known.turn(lots, day, upto)
            assert found == turn if turn <= upto else found > upto


def _after(
    known: LotsKnown, lots: tuple[Lot, ...], act: tuple[object, ...] | None, day: date, number: int
) -> tuple[Lot, ...]:
    match act:
        case (str(wallet), int(points), ends, usable, str(awaits)):
            lot = Lot(LotId(number), wallet, Points(points), day, ends, usable, awaits)  # type: ignore[arg-type]
            after = tuple(sorted([*lots, lot], key=burn_order))
            known.opened(lots, lot, after)
        case (str(wallet), int(points)):
            plan = plan_burn([lot for lot in lots if lot.wallet == wallet], Points(points), on=day)
            if not isinstance(plan, BurnPlan):
                return lots
            after = without_draws(lots, plan.draws)
            known.burned(lots, wallet, day, plan.draws, after)
        case _:
            after = lots[1:]  # as an expiry would: what is known is not told of it
    return after
