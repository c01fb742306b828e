"""Points that paid and come back after the end of their lot: they live on, and are nobody's earnings."""

from datetime import date

from cagnotte.domain.baskets.basket import PointsPayment
from cagnotte.domain.evaluator.effects import LotOpened, LotSource, LotsRefilled, PaidWithPoints
from cagnotte.domain.evaluator.facts import Facts
from cagnotte.domain.evaluator.undoing_points import lots_earned
from cagnotte.domain.kernel import LotId, Points
from cagnotte.domain.points.lots import Lot
from domain.evaluator.lives import MONDAY, Life, a_line, a_programme

BASE = '[[earn]]\ncode = "base"\npoints = 1\nper = 100\n'
WALLETS = '[wallets.points]\nvalue = { points = 1, amount = 1 }\nnegative = "clawback_only"\n'
PROGRAMME = a_programme('[returns]\nspent_lives = "30 days"\n' + BASE, WALLETS)
LOTS = (
    Lot(LotId(1), "points", Points(100), MONDAY, date(2026, 6, 1)),
    Lot(LotId(2), "points", Points(50), MONDAY),
)


def test_each_part_back_after_the_end_is_a_lot_that_lives_on_and_what_was_earned_is_gone() -> None:
    """120 of 150 points pay: all 100 that end in June, and 20 that never end. The 20 come back first."""
    life = Life(PROGRAMME, Facts(MONDAY, LOTS))
    life.buy(a_line(1_000, quantity=2), pay=(PointsPayment("points", 120),))

    for day in (date(2026, 6, 10), date(2026, 6, 11)):
        life.bring_back(lines=((0, 1),), on=day)

    opened = [effect for effect in life.effects if isinstance(effect, LotOpened)]
    back = [effect.lot for effect in opened if effect.source is LotSource.GIVEN_BACK]
    refilled = [effect for effect in life.effects if isinstance(effect, LotsRefilled)]
    assert [(lot.points_open, lot.expires_on) for lot in back] == [
        (40, date(2026, 7, 10)),
        (60, date(2026, 7, 11)),
    ]
    assert [(draw.lot_id, draw.points) for effect in refilled for draw in effect.draws] == [(2, 20)]
    assert sum(effect.points for effect in life.effects if isinstance(effect, PaidWithPoints)) == 0
    assert [(lot.points_open, lot.expires_on) for lot in life.facts.lots] == [
        (40, date(2026, 7, 10)),
        (60, date(2026, 7, 11)),
        (50, None),
    ]
    assert [(lot.points_open, lot.earned_on) for lot in lots_earned(life.sales["sale"])] == [(8, MONDAY)]
