"""Returns: progress and streaks, sales that did not count, expired points, referrals, offers and their shares."""

from datetime import date, datetime, time

import msgspec
import pytest

from cagnotte.domain.baskets.basket import PointsPayment
from cagnotte.domain.earning.tallies import Progress
from cagnotte.domain.evaluator.decision import Decision, RefusalCode
from cagnotte.domain.evaluator.effects import (
    AchievementReached,
    DiscountGiven,
    GiftGiven,
    LinesReturned,
    ReferralUndone,
    VoucherGiven,
)
from cagnotte.domain.evaluator.events import FriendQualified, FriendReturned
from cagnotte.domain.evaluator.facts import Facts
from cagnotte.domain.kernel import LotId, MemberId, Points
from cagnotte.domain.members.profile import Profile
from cagnotte.domain.points.lots import Lot
from domain.evaluator.lives import MONDAY, Life, a_line, a_programme, by_rule
from domain.programmes import HEAD, programme_of

TUESDAY = date(2026, 3, 3)
BASE = '[[earn]]\ncode = "base"\npoints = 1\nper = 100\n'
THREE = '[[achievements]]\ncode = "three"\ntarget = 3\npoints = 10\n'
CLAWBACK = '[wallets.points]\nnegative = "clawback_only"\n'
FIRST_WEEK, SECOND_WEEK, THIRD_WEEK = date(2026, 3, 2), date(2026, 3, 9), date(2026, 3, 16)


def refund(decision: Decision) -> int:
    return sum(e.refund_minor for e in decision.effects if isinstance(e, LinesReturned))


def badges(life: Life) -> dict[str, tuple[int, int]]:
    return {each.achievement: (each.value, each.times) for each in life.facts.progress}


# --- achievements ---


def test_an_achievement_no_longer_reached_gives_its_points_back_whichever_sale_comes_back() -> None:
    life = Life(a_programme(THREE))
    for name in ("a", "b", "c"):
        life.buy(100, sale=name)
    assert life.balance() == 10

    back = life.bring_back("a")
    assert (by_rule(back), life.balance(), badges(life)) == ({"three": -10}, 0, {"three": (2, 0)})
    again = life.buy(100, sale="d")
    life.bring_back("c")
    life.bring_back("d")

    assert (by_rule(again), life.balance(), badges(life)) == ({"three": 10}, 0, {"three": (1, 0)})


def test_an_achievement_that_other_sales_still_reach_stays() -> None:
    life = Life(a_programme(THREE))
    for name in ("a", "b", "c", "d"):
        life.buy(100, sale=name)

    late, early = life.bring_back("d"), life.bring_back("a")

    assert (by_rule(late), by_rule(early)) == ({}, {"three": -10})
    assert badges(life) == {"three": (2, 0)}


def test_the_fourth_of_three_may_be_the_third_when_the_first_comes_back() -> None:
    life = Life(a_programme(THREE))
    for name in ("a", "b", "c", "d"):
        life.buy(100, sale=name)

    back = life.bring_back("a")

    assert (by_rule(back), life.balance(), badges(life)) == ({}, 10, {"three": (3, 1)})


def test_a_sale_of_nothing_makes_no_progress_and_its_return_undoes_none() -> None:
    text = THREE + "[measures.articles]\ncounts = 'eligible.quantity'\n"
    life = Life(a_programme(text))
    life.buy(100, sale="one")
    before = life.facts

    free = life.buy(0, sale="free")
    life.bring_back("free")

    assert [each.code for each in free.refusals] == [RefusalCode.NOTHING_PAID]
    assert life.facts == before


def test_a_part_that_leaves_nothing_paid_leaves_no_visit_and_no_measure() -> None:
    life = Life(a_programme("[measures.articles]\ncounts = 'eligible.quantity'\n"))
    life.buy(a_line(500), a_line(0))

    life.bring_back(lines=((0, 1),))
    assert [(t.paid, t.visits, t.measured) for t in life.facts.days] == [(0, 0, ())]
    life.bring_back()

    assert [(t.paid, t.visits, t.measured) for t in life.facts.days] == [(0, 0, ())]
    assert life.facts.purchases == 0


def weekly(more: str = "", target: int = 2) -> Life:
    text = f'[[achievements]]\ncode = "weeks"\nstreak = "week"\ntarget = {target}\npoints = 30\n{more}'
    return Life(a_programme(text))


def test_a_period_counts_once_also_the_one_that_reached_the_streak() -> None:
    life = weekly("repeats = true\n")
    days = (FIRST_WEEK, SECOND_WEEK, date(2026, 3, 10), THIRD_WEEK, date(2026, 3, 23))

    reached = [any(isinstance(e, AchievementReached) for e in life.buy(100, on=day).effects) for day in days]

    assert reached == [False, True, False, False, True]


def test_a_streak_that_a_returned_sale_reached_is_undone_and_may_be_reached_again() -> None:
    life = weekly()
    life.buy(100, on=FIRST_WEEK, sale="one")
    life.buy(100, on=SECOND_WEEK, sale="two")
    assert (life.balance(), badges(life)) == (30, {"weeks": (2, 1)})

    back = life.bring_back("two", on=SECOND_WEEK)
    assert (by_rule(back), life.facts.progress) == ({"weeks": -30}, (Progress("weeks", 1, 0, 20514),))
    again = life.buy(100, on=date(2026, 3, 12), sale="three")

    assert (by_rule(again), badges(life)) == ({"weeks": 30}, {"weeks": (2, 1)})


def test_a_week_in_which_something_else_was_bought_stays_in_the_row() -> None:
    life = weekly()
    life.buy(100, on=FIRST_WEEK, sale="one")
    life.buy(100, on=SECOND_WEEK, sale="two")
    life.buy(100, on=date(2026, 3, 11), sale="three")

    back = life.bring_back("two", on=date(2026, 3, 12))

    assert (by_rule(back), badges(life)) == ({}, {"weeks": (2, 1)})


def test_a_week_taken_out_of_the_row_leaves_the_weeks_after_it() -> None:
    life = weekly(target=4)
    for number, day in enumerate((FIRST_WEEK, SECOND_WEEK, THIRD_WEEK)):
        life.buy(100, on=day, sale=f"sale-{number}")

    life.bring_back("sale-1", on=THIRD_WEEK)

    assert badges(life) == {"weeks": (1, 0)}


def test_a_repeated_streak_reached_before_the_present_row_is_undone_with_its_own_sale() -> None:
    life = weekly("repeats = true\n")
    for number, day in enumerate((FIRST_WEEK, SECOND_WEEK, THIRD_WEEK)):
        life.buy(100, on=day, sale=f"sale-{number}")
    assert badges(life) == {"weeks": (1, 1)}

    back = life.bring_back("sale-1", on=THIRD_WEEK)

    assert (by_rule(back), badges(life)) == ({"weeks": -30}, {"weeks": (1, 0)})


# --- sales that did not count ---


@pytest.mark.parametrize("head", ['audience = "member.age >= 18"', "ends = 2026-03-01T00:00:00"])
def test_the_return_of_a_sale_that_did_not_count_pays_back_and_changes_nothing(head: str) -> None:
    text = (
        f"{HEAD}{head}\n[wallets.points]\n{BASE}{THREE}"
        "[measures.articles]\ncounts = 'eligible.quantity'\n"
        '[[offers]]\ncode = "ten"\neffect = { kind = "percent_off", percent = 10 }\n'
    )
    life = Life(programme_of(text), Facts(MONDAY, profile=Profile(born_on=date(2015, 1, 1))))
    life.buy(a_line(2_000, quantity=2), delivery=490)
    before = life.facts

    part, rest = life.bring_back(lines=((0, 1),)), life.bring_back()

    assert (refund(part), refund(rest)) == (1_000, 1_490)
    assert life.facts == before


# --- points: payments, expired ones ---


def test_two_payments_from_one_wallet_come_back_whole() -> None:
    lots = (
        Lot(LotId(1), "points", Points(400), MONDAY, date(2026, 6, 1)),
        Lot(LotId(2), "points", Points(600), MONDAY, date(2026, 9, 1)),
    )
    life = Life(a_programme("", "[wallets.points]\nvalue = { points = 1, amount = 1 }\n"), Facts(MONDAY, lots))
    life.buy(500, 500, pay=(PointsPayment("points", 200), PointsPayment("points", 600)))
    assert life.balance() == 200

    life.bring_back(lines=((0, 1),))
    life.bring_back()

    assert life.facts.lots == lots


def test_a_sale_in_a_wallet_that_may_be_negative_is_not_paid_with_points_that_are_not_there() -> None:
    wallet = '[wallets.points]\nvalue = { points = 1, amount = 1 }\nnegative = "allowed"\n'
    lots = (Lot(LotId(1), "points", Points(100), MONDAY),)
    life = Life(a_programme("", wallet), Facts(MONDAY, lots))

    paid = life.buy(500, pay=(PointsPayment("points", 500),))
    back = life.bring_back()

    assert [each.code for each in paid.refusals] == [RefusalCode.INSUFFICIENT_POINTS]
    assert (refund(back), life.facts.lots, life.facts.debts) == (500, lots, ())


def expired_on(life: Life, points: int) -> None:
    life.sales["sale"] = msgspec.structs.replace(life.sales["sale"], expired=(("points", points),))


def test_points_that_expired_are_gone_already_and_count_as_the_first_to_come_back() -> None:
    wallet = CLAWBACK + 'expiry = { after = "30 days" }\n'
    life = Life(a_programme(BASE, wallet))
    life.buy(5_000, 5_000)
    life.upto(date(2026, 5, 1))
    expired_on(life, 100)

    life.bring_back(lines=((0, 1),), on=date(2026, 5, 2))
    expired_on(life, 100)
    life.bring_back(on=date(2026, 5, 2))

    assert (life.facts.debts, life.facts.lots) == ((), ())


def test_points_that_expired_after_a_part_came_back_are_not_claimed_again() -> None:
    wallet = CLAWBACK + 'expiry = { after = "30 days" }\n'
    life = Life(a_programme(BASE, wallet))
    life.buy(5_000, 5_000)
    life.bring_back(lines=((0, 1),), on=TUESDAY)
    life.upto(date(2026, 5, 1))
    expired_on(life, 50)

    life.bring_back(on=date(2026, 5, 2))

    assert (life.facts.debts, life.facts.lots) == ((), ())


# --- referral ---


def test_a_friend_who_brings_the_purchase_back_is_rewarded_at_the_next_one_that_stays() -> None:
    text = "[referral]\nsponsor = { points = 500 }\nfriend = { points = 200 }\n"
    programme = a_programme('[returns]\npoints = "in_proportion"\n' + text)
    friend = Life(programme, Facts(MONDAY, profile=Profile(sponsor=MemberId(7))))
    sponsor = Life(programme)
    friend.buy(1_000, 1_000)
    at = datetime.combine(MONDAY, time(12))
    rewarded = sponsor.take(FriendQualified(sponsor.next_id(), at, MemberId(8)))

    part = friend.bring_back(lines=((0, 1),))
    rest = friend.bring_back()
    sponsor.take(FriendReturned(sponsor.next_id(), at, MemberId(8), rewarded))
    again = friend.buy(1_000, sale="next")

    assert (by_rule(part), by_rule(rest)) == ({}, {"referral.friend": -200})
    assert [e for e in rest.effects if isinstance(e, ReferralUndone)] == [ReferralUndone(MemberId(7))]
    assert (by_rule(again), sponsor.balance()) == ({"referral.friend": 200}, 0)


# --- offers ---


def test_points_that_an_offer_added_go_when_it_is_no_longer_given() -> None:
    offer = '[[offers]]\ncode = "more"\nspend = 10000\neffect = { kind = "points_bonus", points = 50 }\n'
    life = Life(a_programme(BASE + offer))
    life.buy(6_000, 5_000)

    back = life.bring_back(lines=((1, 1),))

    assert by_rule(back) == {"base": -50, "more": -50}


def test_free_delivery_and_an_offer_that_takes_the_place_of_another_are_told() -> None:
    text = (
        '[[offers]]\ncode = "delivery"\nspend = 5000\neffect = { kind = "free_delivery" }\n'
        '[[offers]]\ncode = "small"\nwhen = "paid < 5000"\neffect = { kind = "percent_off", percent = 10 }\n'
    )
    life = Life(a_programme(text))
    life.buy(3_000, 3_000, delivery=500)

    part = life.bring_back(lines=((1, 1),))
    rest = life.bring_back()

    assert [e for e in part.effects if isinstance(e, DiscountGiven)] == [
        DiscountGiven("delivery", (), delivery=-500),
        DiscountGiven("small", ((0, 300),)),
    ]
    assert [e for e in rest.effects if isinstance(e, DiscountGiven)] == [DiscountGiven("small", ((0, -300),))]
    assert (refund(part), refund(rest)) == (2_800, 3_200)


def test_an_offer_that_asks_for_nothing_is_taken_back_with_the_whole_sale() -> None:
    text = (
        '[[offers]]\ncode = "bag"\neffect = { kind = "gift", what = "bag" }\n'
        '[[offers]]\ncode = "ticket"\neffect = { kind = "voucher", amount = 500, valid_for = "1 month" }\n'
    )
    life = Life(a_programme(text))
    life.buy(3_000)

    back = life.bring_back(on=TUESDAY)

    assert [e for e in back.effects if isinstance(e, GiftGiven | VoucherGiven)] == [
        GiftGiven("bag", "product", "bag", -1),
        VoucherGiven("ticket", -1, 500, MONDAY, date(2026, 4, 2)),
    ]


SHARED = '[returns]\ndiscounts = "as_shared"\n'
FIFTEEN = '[[offers]]\ncode = "fifteen"\nspend = 10000\neffect = { kind = "amount_off", amount = 1500 }\n'


@pytest.mark.parametrize(("returns", "refunds"), [("", (10_000, 5_000)), (SHARED, (9_000, 4_500))])
def test_a_discount_is_decided_again_or_each_line_keeps_its_share(returns: str, refunds: tuple[int, int]) -> None:
    programme = a_programme(returns + FIFTEEN.replace("10000", "5000"))
    life = Life(programme)
    life.buy(2_000, 3_000, 10_000)

    back = (refund(life.bring_back(lines=((2, 1),))), refund(life.bring_back()))

    assert sum(back) == 13_500
    assert back[0] == (refunds[0] if returns else 10_000)


def test_articles_of_one_line_share_its_discount_and_no_cent_is_lost() -> None:
    life = Life(a_programme(SHARED + BASE + FIFTEEN.replace("10000", "5000")))
    life.buy(a_line(10_001, quantity=3), order_discount=100)

    refunds = [refund(life.bring_back(lines=((0, 1),))) for _ in range(3)]

    assert sum(refunds) == 8_401
    assert refunds == [2_800, 2_801, 2_800]
    assert life.balance() == 0


def test_shared_points_of_offers_stay_in_part_and_gifts_until_everything_is_back() -> None:
    text = (
        '[[offers]]\ncode = "more"\nspend = 10000\n'
        'effects = [{ kind = "points_bonus", points = 50 }, { kind = "gift", what = "bag" }]\n'
    )
    life = Life(a_programme(SHARED + BASE + text))
    life.buy(6_000, 6_000)

    part, rest = life.bring_back(lines=((1, 1),)), life.bring_back()

    assert (by_rule(part), by_rule(rest)) == ({"base": -60, "more": -25}, {"base": -60, "more": -25})
    assert [[e.quantity for e in d.effects if isinstance(e, GiftGiven)] for d in (part, rest)] == [[], [-1]]
