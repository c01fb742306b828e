"""What happens without buying: days, birthdays, events, memberships, referral, achievements, expiry."""

from datetime import date, datetime, time

import pytest

from cagnotte.domain.evaluator.decision import RefusalCode
from cagnotte.domain.evaluator.effects import AchievementReached, ReferralDue
from cagnotte.domain.evaluator.events import (
    Burn,
    ConversionAsked,
    Enrolled,
    FriendQualified,
    Happened,
    MembershipBegun,
    MembershipEnded,
    TierGranted,
)
from cagnotte.domain.evaluator.facts import Facts
from cagnotte.domain.kernel import EventId, LotId, MemberId, Points
from cagnotte.domain.members.profile import Profile
from cagnotte.domain.points.lots import Lot
from domain.evaluator.lives import MONDAY, Life, a_programme, by_rule
from domain.programmes import HEAD, programme_of

BASE = '[[earn]]\ncode = "base"\npoints = 1\nper = 100\n'


def at(day: date) -> datetime:
    return datetime.combine(day, time(12))


def test_a_birthday_gives_its_points_at_midnight_of_the_day() -> None:
    programme = a_programme('[[earn]]\ncode = "birthday"\non = "birthday"\npoints = 200\n')
    life = Life(programme, Facts(MONDAY, profile=Profile(born_on=date(1990, 5, 20))))

    days = life.upto(date(2027, 6, 1))

    assert [(each.day, by_rule(each)) for each in days] == [
        (date(2026, 5, 20), {"birthday": 200}),
        (date(2027, 5, 20), {"birthday": 200}),
    ]


@pytest.mark.parametrize(("kept", "day"), [("28 february", date(2027, 2, 28)), ("1 march", date(2027, 3, 1))])
def test_a_birthday_of_29_february_is_kept_as_the_programme_says(kept: str, day: date) -> None:
    text = '[[earn]]\ncode = "birthday"\non = "birthday"\npoints = 200\n'
    programme = programme_of(f'{HEAD}leap_birthday = "{kept}"\n[wallets.points]\n{text}')
    life = Life(programme, Facts(MONDAY, profile=Profile(born_on=date(2000, 2, 29))))

    days = [each.day for each in life.upto(date(2028, 12, 31))]

    assert days == [day, date(2028, 2, 29)]


def test_a_declared_event_gives_points_by_its_attributes_and_another_is_unknown() -> None:
    text = (
        '[events.review]\nfields = { rating = "int", verified = "bool" }\n'
        '[[earn]]\ncode = "review"\non = "review"\nwhen = "event.verified"\npoints = "event.rating * 2"\n'
    )
    life = Life(a_programme(text))

    good = life.take(Happened(life.next_id(), at(MONDAY), "review", {"rating": 5, "verified": True}))
    plain = life.take(Happened(life.next_id(), at(MONDAY), "review", {"rating": 5}))
    other = life.take(Happened(life.next_id(), at(MONDAY), "visit"))

    assert (by_rule(good), by_rule(plain)) == ({"review": 10}, {})
    assert [each.code for each in other.refusals] == [RefusalCode.UNKNOWN_EVENT]


def test_points_pending_until_an_event_wait_for_that_of_their_sale() -> None:
    wallet = '[wallets.points]\npending = { event = "delivered" }\n'
    life = Life(a_programme("[events.delivered]\n" + BASE, wallet))
    life.buy(1_000, sale="one")
    life.buy(2_000, sale="two")
    assert (life.balance(), life.pending()) == (0, 30)

    event_id = life.sales["one"].sale.event_id
    life.take(Happened(life.next_id(), at(MONDAY), "delivered", of_sale=event_id))

    assert (life.balance(), life.pending()) == (10, 20)


def test_a_membership_brings_its_tier_for_its_time_and_a_renewal_adds_to_it() -> None:
    text = (
        '[plans.vip]\nfee = 4900\nvalid_for = "12 months"\ntier = "vip"\n'
        '[[tiers]]\ncode = "vip"\n'
        '[[earn]]\ncode = "vip"\nwhen = \'member.plan == "vip"\'\npoints = 9\n'
    )
    life = Life(a_programme(text))

    life.take(MembershipBegun(life.next_id(), at(MONDAY), "vip"))
    assert (life.facts.tier, by_rule(life.buy(100))) == ("vip", {"vip": 9})
    life.take(MembershipBegun(life.next_id(), at(date(2027, 2, 1)), "vip"))
    assert life.facts.membership is not None
    assert life.facts.membership.until == date(2028, 3, 2)
    life.upto(date(2028, 3, 2))

    assert (life.facts.tier, life.facts.membership) == (None, None)


def test_a_membership_given_up_takes_its_tier_with_it_at_once() -> None:
    text = '[plans.vip]\nfee = 4900\ntier = "vip"\n[[tiers]]\ncode = "vip"\n'
    life = Life(a_programme(text))
    life.take(MembershipBegun(life.next_id(), at(MONDAY), "vip"))

    life.take(MembershipEnded(life.next_id(), at(MONDAY)))

    assert (life.facts.tier, life.facts.membership) == (None, None)


def test_a_tier_given_as_a_gift_ends_on_its_day() -> None:
    life = Life(a_programme('[[tiers]]\ncode = "gold"\nreach = { spend = 100000 }\n'))

    life.take(TierGranted(life.next_id(), at(MONDAY), "gold", until=date(2026, 6, 1)))
    assert life.facts.tier == "gold"
    life.upto(date(2026, 5, 31))
    assert life.facts.tier == "gold"
    life.upto(date(2026, 6, 1))

    assert life.facts.tier is None


def test_both_sides_of_a_referral_are_rewarded_at_the_friends_first_purchase_that_counts() -> None:
    text = (
        "[referral]\nsponsor = { points = 500 }\nfriend = { points = 200 }\n"
        'when = "paid >= 3000"\nwithin = "90 days"\nafter = "14 days"\nmost_per_year = 1\n'
    )
    programme = a_programme(text)
    friend, sponsor = Life(programme), Life(programme)
    friend.take(Enrolled(friend.next_id(), at(MONDAY), Profile(sponsor=MemberId(7))))

    small, large, again = friend.buy(2_000), friend.buy(3_000), friend.buy(9_000)
    due = [e for d in (small, large, again) for e in d.effects if isinstance(e, ReferralDue)]
    first = sponsor.take(FriendQualified(sponsor.next_id(), at(MONDAY), MemberId(8)))
    second = sponsor.take(FriendQualified(sponsor.next_id(), at(MONDAY), MemberId(9)))

    assert (by_rule(small), by_rule(large), by_rule(again)) == ({}, {"referral.friend": 200}, {})
    assert due == [ReferralDue(MemberId(7))]
    assert (friend.pending(), friend.balance()) == (200, 0)
    assert by_rule(first) == {"referral.sponsor": 500}
    assert [each.code for each in second.refusals] == [RefusalCode.REFERRAL_LIMIT]


def test_an_achievement_is_reached_once_and_a_repeated_one_begins_anew() -> None:
    text = (
        '[[achievements]]\ncode = "three"\non = "purchase"\ntarget = 3\npoints = 10\n'
        '[[achievements]]\ncode = "two"\non = "purchase"\ntarget = 2\npoints = 1\nrepeats = true\n'
    )
    life = Life(a_programme(text))

    points = [by_rule(life.buy(100)) for _ in range(6)]

    assert points == [{}, {"two": 1}, {"three": 10}, {"two": 1}, {}, {"two": 1}]


def test_a_streak_counts_weeks_in_a_row_and_begins_anew_after_a_gap() -> None:
    text = '[[achievements]]\ncode = "faithful"\non = "purchase"\nstreak = "week"\ntarget = 3\npoints = 30\n'
    life = Life(a_programme(text))

    reached = [
        any(isinstance(e, AchievementReached) for e in life.buy(100, on=day).effects)
        for day in (
            date(2026, 3, 2),
            date(2026, 3, 8),
            date(2026, 3, 10),
            date(2026, 3, 25),
            date(2026, 3, 30),
            date(2026, 4, 11),
        )
    ]

    assert reached == [False, False, False, False, False, True]


def test_points_end_by_inactivity_and_each_purchase_begins_the_time_anew() -> None:
    life = Life(a_programme(BASE, '[wallets.points]\nexpiry = { idle = "6 months" }\n'))
    life.buy(1_000)
    life.buy(1_000, on=date(2026, 8, 1))

    life.upto(date(2027, 1, 31))
    assert life.balance() == 20
    life.upto(date(2027, 2, 1))

    assert life.balance() == 0


def test_points_that_are_spent_keep_the_others_alive() -> None:
    conversion = '[[conversions]]\ncode = "v"\npoints = 5\ntrigger = "on_request"\nvoucher = { amount = 100 }\n'
    life = Life(a_programme(BASE + conversion, '[wallets.points]\nexpiry = { idle = "6 months" }\n'))
    life.buy(2_000)
    burn = Burn(EventId(101 * 128), datetime(2026, 7, 1, 10), "points", 5)
    nothing = Burn(EventId(102 * 128), datetime(2026, 8, 1, 10), "points", 500)
    asked = ConversionAsked(EventId(103 * 128), datetime(2026, 12, 1, 10), "v")

    for event in (burn, nothing, asked):
        life.upto(event.at.date())
        life.take(event)

    life.upto(date(2027, 5, 31))
    assert life.balance() == 10
    life.upto(date(2027, 6, 1))

    assert life.balance() == 0
    assert life.facts.purchases == 1


def test_points_end_on_a_day_of_the_year_or_later_by_tier() -> None:
    yearly = Life(a_programme(BASE, '[wallets.points]\nexpiry = { on = "12-31" }\n'))
    yearly.buy(1_000)
    text = '[[tiers]]\ncode = "gold"\nreach = { spend = 1000 }\n'
    wallet = '[wallets.points]\nexpiry = { after = "1 month", by_tier = { gold = "3 months" } }\n'
    tiered = Life(a_programme(BASE + text, wallet))
    tiered.buy(1_000)
    tiered.buy(1_000)

    assert [lot.expires_on for lot in yearly.facts.lots] == [date(2026, 12, 31)]
    assert [lot.expires_on for lot in tiered.facts.lots] == [date(2026, 4, 2), date(2026, 6, 2)]


@pytest.mark.parametrize(
    ("burn", "asked", "left", "refused"),
    [
        ('over_asked = "refuse"', 120, 100, [RefusalCode.INSUFFICIENT_POINTS]),
        ('over_asked = "cut"', 120, 0, []),
        ("step = 50", 60, 100, [RefusalCode.NOT_IN_STEPS]),
        ("least = 80", 60, 100, [RefusalCode.FEWER_THAN_LEAST]),
        ("least = 60", 60, 40, []),
        ("", 0, 100, [RefusalCode.POINTS_MUST_BE_POSITIVE]),
        ("", -5, 100, [RefusalCode.POINTS_MUST_BE_POSITIVE]),
    ],
)
def test_a_burn_follows_the_terms_of_its_wallet(
    burn: str, asked: int, left: int, refused: list[RefusalCode]
) -> None:
    wallet = f"[wallets.points]\nburn = {{ {burn} }}\n"
    lots = (Lot(LotId(1), "points", Points(100), MONDAY),)
    life = Life(a_programme("", wallet), Facts(MONDAY, lots))

    decision = life.take(Burn(life.next_id(), at(MONDAY), "points", asked))

    assert ([each.code for each in decision.refusals], life.balance()) == (refused, left)


@pytest.mark.parametrize(("order", "left"), [("soonest_expiry", [1, 3]), ("oldest", [2, 3]), ("newest", [1, 2])])
def test_a_burn_takes_lots_in_the_order_of_the_wallet(order: str, left: list[int]) -> None:
    lots = (
        Lot(LotId(2), "points", Points(10), date(2026, 2, 1), date(2026, 5, 1)),
        Lot(LotId(1), "points", Points(10), date(2026, 1, 1), date(2026, 9, 1)),
        Lot(LotId(3), "points", Points(10), date(2026, 3, 1)),
    )
    life = Life(a_programme("", f'[wallets.points]\nburn = {{ order = "{order}" }}\n'), Facts(MONDAY, lots))

    life.take(Burn(life.next_id(), at(MONDAY), "points", 10))

    assert sorted(lot.lot_id for lot in life.facts.lots) == left


def test_a_programme_out_of_its_life_or_for_others_gives_nothing() -> None:
    ended = programme_of(f"{HEAD}ends = 2026-03-01T00:00:00\n[wallets.points]\n{BASE}")
    adults = programme_of(f'{HEAD}audience = "member.age >= 18"\n[wallets.points]\n{BASE}')

    late = Life(ended).buy(1_000)
    child = Life(adults, Facts(MONDAY, profile=Profile(born_on=date(2015, 1, 1)))).buy(1_000)
    adult = Life(adults, Facts(MONDAY, profile=Profile(born_on=date(2008, 3, 2)))).buy(1_000)

    assert [each.code for each in late.refusals] == [RefusalCode.PROGRAMME_NOT_RUNNING]
    assert [each.code for each in child.refusals] == [RefusalCode.NOT_IN_AUDIENCE]
    assert by_rule(adult) == {"base": 10}


def test_a_tier_that_is_reached_or_given_is_an_occasion_and_one_leads_to_the_next() -> None:
    text = (
        '[[earn]]\ncode = "risen"\non = "tier"\npoints = 100\n'
        '[[tiers]]\ncode = "silver"\nreach = { spend = 1000 }\n'
        '[[tiers]]\ncode = "gold"\nreach = { points = 100 }\n'
    )
    life = Life(a_programme(text))

    first, second = life.buy(1_000), life.buy(1_000)

    assert (by_rule(first), life.facts.tier) == ({"risen": 200}, "gold")
    assert by_rule(second) == {}


def test_a_friends_purchase_is_an_occasion_for_the_sponsor() -> None:
    text = (
        "[referral]\nsponsor = { points = 500 }\nfriend = { points = 200 }\n"
        '[[achievements]]\ncode = "ambassador"\non = "referral"\ntarget = 2\npoints = 1000\n'
    )
    sponsor = Life(a_programme(text))

    points = [
        by_rule(sponsor.take(FriendQualified(sponsor.next_id(), at(MONDAY), MemberId(friend))))
        for friend in (8, 9)
    ]

    assert points == [{"referral.sponsor": 500}, {"referral.sponsor": 500, "ambassador": 1000}]


def test_a_late_sale_whose_lot_ended_on_a_birthday_brings_no_second_birthday() -> None:
    text = '[[earn]]\ncode = "birthday"\non = "birthday"\npoints = 200\n' + BASE
    programme = a_programme(text, '[wallets.points]\nexpiry = { after = "30 days" }\n')
    life = Life(programme, Facts(MONDAY, profile=Profile(born_on=date(1990, 4, 5))))
    life.upto(date(2026, 6, 1))

    life.buy(1_000, on=date(2026, 3, 6))
    days = life.upto(date(2026, 6, 1))

    assert [(each.day, by_rule(each)) for each in days] == [(date(2026, 4, 5), {})]
