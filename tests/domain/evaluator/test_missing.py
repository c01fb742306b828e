"""What is missing: the smallest addition to the basket that unlocks something, proved by deciding with it."""

from datetime import date, datetime, time

from hypothesis import given
from hypothesis import strategies as st

from cagnotte.domain.baskets.basket import Basket
from cagnotte.domain.evaluator import decide
from cagnotte.domain.evaluator.effects import TierChanged
from cagnotte.domain.evaluator.events import Sale
from cagnotte.domain.evaluator.facts import Facts
from cagnotte.domain.evaluator.missing import Unlocked, UnlockKind, what_is_missing
from cagnotte.domain.kernel import EventId, LotId, Points
from cagnotte.domain.points.lots import Lot
from cagnotte.domain.programme.document import Programme
from domain.evaluator.lives import MONDAY, a_line, a_programme

TEXT = (
    '[[earn]]\ncode = "base"\npoints = 1\nper = 100\n'
    '[[earn]]\ncode = "fifty"\nwhen = "eligible.paid >= 5000"\npoints = 20\n'
    '[[earn]]\ncode = "wine"\nwhen = \'lines.exists(l, l.category == "wine" && l.paid >= 800)\'\npoints = 15\n'
    '[[earn]]\ncode = "tuesday"\nwhen = "weekday == 2"\npoints = 99\n'
    '[[tiers]]\ncode = "gold"\nreach = { spend = 6000 }\n'
    '[[conversions]]\ncode = "five"\npoints = 100\nvoucher = { amount = 500 }\n'
)


def missing(
    programme: Programme, *paid: int, points: int = 0
) -> dict[str, tuple[int, tuple[tuple[str, str], ...]]]:
    lots = (Lot(LotId(1), "points", Points(points), MONDAY),) if points else ()
    found = what_is_missing(programme, Facts(MONDAY, lots), a_sale(*paid))
    return {each.code: (each.amount_minor, each.like) for each in found}


def a_sale(*paid: int, on: date = MONDAY) -> Sale:
    lines = tuple(a_line(each) for each in paid)
    return Sale(EventId(64), Basket(datetime.combine(on, time(12)), "store-1", lines))


def test_an_amount_that_lacks_is_told_to_the_cent_for_rules_tiers_and_vouchers() -> None:
    found = missing(a_programme(TEXT), 4_580, points=50)

    assert found == {
        "fifty": (420, ()),  # the voucher comes with its points: 50 + 50 + 20 are more than 100
        "five": (420, ()),
        "wine": (800, (("category", "wine"),)),
        "gold": (1_420, ()),
    }


def test_what_no_basket_can_unlock_is_not_told() -> None:
    assert "tuesday" not in missing(a_programme(TEXT), 4_580)


def test_what_the_sale_gives_already_is_not_missing_but_a_second_voucher_is() -> None:
    found = missing(a_programme(TEXT), 6_000, points=30)

    assert "fifty" not in found
    assert "gold" not in found
    assert found["five"] == (7_500, (("category", "wine"),))  # 75 points, and 15 for the wine, to the 10 left


@given(st.integers(1, 9_000), st.integers(0, 99))
def test_the_addition_unlocks_it_and_a_cent_less_does_not(paid: int, points: int) -> None:
    programme = a_programme(TEXT)
    lots = (Lot(LotId(1), "points", Points(points), MONDAY),) if points else ()
    facts = Facts(MONDAY, lots)

    for each in what_is_missing(programme, facts, a_sale(paid)):
        if each.kind is UnlockKind.TIER:
            assert _reaches(programme, facts, paid, each, 0)
            assert not _reaches(programme, facts, paid, each, -1)


def _reaches(programme: Programme, facts: Facts, paid: int, unlocked: Unlocked, more: int) -> bool:
    effects = decide(programme, facts, a_sale(paid, unlocked.amount_minor + more)).effects
    return any(isinstance(effect, TierChanged) and effect.after == unlocked.code for effect in effects)
