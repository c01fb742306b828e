"""What each table of a document becomes, key by key."""

from datetime import date, datetime

import pytest

from cagnotte.domain.earning.terms import (
    BASIS,
    Achievement,
    Amount,
    Band,
    Bands,
    BothMatch,
    Cap,
    CapUnit,
    Combine,
    EarnPolicy,
    EarnRule,
    Every,
    Formula,
    Life,
    Mode,
    Multiplier,
    MultiplyOn,
    Price,
    Rate,
    RoundedPer,
    Rounding,
    Scope,
    TierOf,
)
from cagnotte.domain.kernel import Period, PeriodUnit
from cagnotte.domain.members.wallet_share import ShareTerms
from cagnotte.domain.points.accounts import FRENCH_PLAN, Account, Accounting, Entries, Portfolios, Role
from cagnotte.domain.points.ceilings import Adjustments, Ceiling
from cagnotte.domain.points.terms import (
    BurnOrder,
    EstimateTerms,
    Exchange,
    Expiry,
    ExpiryStart,
    Negative,
    OverAsked,
    Partner,
    Pending,
    Pooling,
    RoundedTo,
    Sending,
    UnitValue,
    Wallet,
    WalletAccounts,
)
from cagnotte.domain.programme.document import (
    Announce,
    AttributeType,
    Brand,
    Country,
    Declared,
    Goal,
    LeapBirthday,
    Plan,
    Programme,
    ReturnedDiscounts,
    ReturnedPoints,
    ReturnPolicy,
)
from cagnotte.domain.rules import Rule, day_number
from cagnotte.domain.tiers.terms import Drop, Keep, MeasuredIn, Reach, Review
from domain.programme.complete_document import COMPLETE
from domain.programmes import HEAD, programme_of


@pytest.fixture(scope="module")
def programme() -> Programme:
    return programme_of(COMPLETE)


def months(count: int) -> Period:
    return Period(count, PeriodUnit.MONTHS)


def days(count: int) -> Period:
    return Period(count, PeriodUnit.DAYS)


def source(rule: Rule | None) -> str | None:
    return None if rule is None else rule.source


def earn(programme: Programme, code: str) -> EarnRule:
    return next(rule for rule in programme.earn if rule.code == code)


def one_amount(text: str) -> Amount:
    return programme_of(f'{HEAD}[wallets.points]\n[[earn]]\ncode = "a"\n{text}\n').earn[0].amount


def test_the_programme_has_an_audience_a_life_and_its_ways(programme: Programme) -> None:
    assert source(programme.audience) == 'member.age >= 16 && !("staff" in member.segments)'
    assert programme.announce is Announce.EVERY
    assert programme.leap_birthday is LeapBirthday.AFTER
    assert programme.life.begins == datetime(2026, 1, 1)


def test_goals_say_what_the_programme_is_for_and_what_would_be_success(programme: Programme) -> None:
    assert programme.goals == (
        Goal(
            "frequency",
            "more_purchases",
            "purchases per active member and year",
            "4.2 instead of 3.6 after one year",
            "the shop next door",
            {"fr": "Revenir", "en": "Come back"},
        ),
    )


def test_brands_and_countries_of_one_international_programme(programme: Programme) -> None:
    assert programme.brands == (Brand("maison", {"en": "La Maison", "fr": "La Maison"}), Brand("atelier"))
    assert programme.countries == (
        Country("FR", language="fr"),
        Country("CH", "Europe/Paris", "CHF", "fr", "1.05"),
    )


def test_attributes_and_events_of_the_programmes_own_have_types(programme: Programme) -> None:
    assert programme.declared == Declared(
        member={"shoe_size": AttributeType.INT, "hobbies": AttributeType.TEXTS, "at_home": AttributeType.INT},
        sale={"gift_wrapped": AttributeType.BOOL},
        line={"organic": AttributeType.BOOL, "harvested": AttributeType.DATE},
        events={"review": {"stars": AttributeType.INT, "words": AttributeType.TEXT}, "delivered": {}},
        event_names={"review": {"fr": "Avis", "en": "Review"}},
    )


def test_a_calendar_is_the_days_of_its_rule_and_single_days_without_those_left_out(programme: Programme) -> None:
    happy, sales = programme.calendars

    assert happy.hours == ((17 * 60, 19 * 60), (22 * 60 + 30, 30))
    assert len(happy.days) == 53 + 52 - 1  # Thursdays, Tuesdays, without the Tuesday of 14 July
    assert day_number(date(2026, 1, 1)) in happy.days
    assert day_number(date(2026, 7, 14)) not in happy.days
    assert sales.days == {day_number(date(2026, 1, 7)), day_number(date(2026, 6, 24))}
    assert sales.hours == ()


def test_measures_count_on_an_occasion_within_a_period(programme: Programme) -> None:
    wine, reviews, family = programme.measures

    assert (wine.code, wine.on, source(wine.when), wine.within) == (
        "wine", "purchase", 'channel == "store"', months(6),
    )  # fmt: skip
    assert (reviews.on, source(reviews.counts), reviews.when, reviews.within) == ("review", "1", None, None)
    assert (wine.of, reviews.of, family.of) == (Scope.MEMBER, Scope.MEMBER, Scope.HOUSEHOLD)


def test_the_share_of_wallet_is_estimated_among_peers(programme: Programme) -> None:
    assert programme.share_of_wallet == ShareTerms(
        ("country", "at_home"), 80, 95, months(6), least_peers=50, declared="at_home"
    )


def test_wallets_say_when_points_end_when_they_can_be_used_and_what_they_are_worth(programme: Programme) -> None:
    points, status, stars = programme.wallets

    assert points == Wallet(
        "points",
        Expiry(months(12), RoundedTo.QUARTER, ExpiryStart.USABLE, by_tier=(("gold", months(24)),)),
        Pending(days(14)),
        Negative.CLAWBACK_ONLY,
        BurnOrder.OLDEST,
        OverAsked.CUT,
        50,
        100,
        UnitValue(100, 500),
        shown_as_money=True,
        accounts=WalletAccounts(UnitValue(100, 480), 1_250, EstimateTerms(100, 4_000, confidence=85)),
        name={"en": "Points", "fr": "Points"},
    )
    assert status == Wallet("status", Expiry(on=(12, 31), idle=months(6)), Pending(event="delivered"))
    assert stars == Wallet("stars", Expiry(), Pending(), Negative.ALLOWED, owed_most=30)


def test_what_counts_for_earning_is_a_policy_of_its_own(programme: Programme) -> None:
    policy = programme.earning

    assert (source(policy.exclude), source(policy.include)) == (
        'line.category in ["tobacco", "gift card"]', "line.paid > 0",
    )  # fmt: skip
    assert policy == EarnPolicy(
        Price.LIST,
        tax_included=False,
        after_offers=False,
        after_points_payment=False,
        delivery_counts=True,
        order_discount_spread=False,
        exclude=policy.exclude,
        include=policy.include,
        both_match=BothMatch.INCLUDE,
        rounding=Rounding(Mode.HALF_UP, RoundedPer.SALE),
        multiply_on=MultiplyOn.EXACT,
        multiply_fixed=True,
        combine=Combine.BEST,
        tier=TierOf.AFTER,
        ends_inclusive=True,
    )


def test_what_is_not_said_is_the_stated_default() -> None:
    plain = programme_of(f"{HEAD}[wallets.points]\n")

    assert (plain.earning, plain.returns, plain.life) == (EarnPolicy(), ReturnPolicy(), Life())
    assert plain.wallets == (Wallet("points"),)
    assert (plain.announce, plain.leap_birthday) == (Announce.HIGHEST, LeapBirthday.BEFORE)


def test_returns_have_a_policy(programme: Programme) -> None:
    assert programme.returns == ReturnPolicy(
        ReturnedPoints.IN_PROPORTION,
        Mode.HALF_UP,
        ReturnedDiscounts.AS_SHARED,
        give_back_spent=False,
        give_back_uses=False,
    )


def test_accounts_are_those_of_the_company_else_of_the_french_plan(programme: Programme) -> None:
    assert programme.accounting == Accounting(
        fiscal_year=(4, 1),
        entries=Entries.DAILY,
        portfolios=Portfolios.STORE,
        accounts=(
            (Role.DEFERRED, Account(487_200, {"fr": "PCA fidélité", "en": "Deferred loyalty"})),
            (Role.REVENUE, Account(707_100)),
        ),
    )
    assert programme.accounting.account(Role.REVENUE) == Account(707_100, FRENCH_PLAN[Role.REVENUE].name)
    assert programme.accounting.account(Role.PROVISION) == FRENCH_PLAN[Role.PROVISION]


def test_points_by_hand_have_ceilings(programme: Programme) -> None:
    assert programme.adjustments == Adjustments(
        (Ceiling(most=50), Ceiling("Manager", "points", 5000, 20_000)), days(3)
    )


def test_members_may_send_points_and_exchange_them(programme: Programme) -> None:
    assert programme.sending == Sending(("points", "stars"), 50, 500, ("sent",), keeps_dates=False)
    assert programme.pooling == Pooling(("points",), 400, ("family",), 6, days(30))
    assert programme.partners == (Partner("acme", UnitValue(100, 80), {"en": "Acme", "fr": "Acme"}),)
    assert programme.exchanges == (Exchange("to-stars", "points", "stars", 100, 3),)


def test_a_rate_gives_points_per_amount_and_its_own_caps_are_named_after_the_rule(programme: Programme) -> None:
    base = earn(programme, "base")

    assert base.amount == Rate(1, 100)
    assert base.caps == ("earn.base", "earn.base.2")
    assert base.group == "best"
    assert programme.caps == (
        Cap("welcome", CapUnit.POINTS, 5000, Scope.PROGRAMME, Every.MONTH),
        Cap("family", CapUnit.POINTS, 300, Scope.MEMBER, Every.ROLLING, days(30)),
        Cap("sent", CapUnit.POINTS, 1000, Scope.MEMBER, Every.MONTH),
        Cap("earn.base", CapUnit.POINTS, 200, Scope.HOUSEHOLD, Every.DAY),
        Cap("earn.base.2", CapUnit.MONEY, 100000, Scope.MEMBER, Every.ROLLING, days(30)),
        Cap("earn.review", CapUnit.TIMES, 1, Scope.MEMBER, Every.WEEK),
    )


def test_a_multiplier_has_rules_calendars_and_a_life(programme: Programme) -> None:
    double = earn(programme, "double")

    assert double.amount == Multiplier(2 * BASIS, ("base",))
    assert double.during == ("happy_hour", "sales")
    assert double.life.begins == datetime(2026, 3, 1, 8)


def test_bands_of_lines_share_a_cap(programme: Programme) -> None:
    wine = earn(programme, "wine")

    assert isinstance(wine.amount, Bands)
    assert wine.amount.bands == (Band(5000, 1, 100), Band(None, 3, 200))
    assert (wine.amount.marginal, source(wine.amount.of)) == (False, "eligible.paid")
    assert source(wine.lines) == 'line.category == "wine" && line.organic'
    assert wine.caps == ("welcome",)


def test_a_rule_may_have_terms_of_its_own_and_a_coupon(programme: Programme) -> None:
    code, review = earn(programme, "code"), earn(programme, "review")

    assert (code.coupon, code.wallet) == ("PROMO10", "status")
    assert (code.pending, code.expiry) == (
        Pending(until=date(2026, 12, 24)), Expiry(months(3), RoundedTo.MONTH),
    )  # fmt: skip
    assert (review.on, review.pending, review.expiry) == ("review", Pending(), Expiry())
    assert review.rounding == Rounding(Mode.UP, RoundedPer.RULE)


def test_occasions_of_the_members_life_earn_too(programme: Programme) -> None:
    birthday = earn(programme, "birthday")

    assert (birthday.on, birthday.wallet) == ("birthday", "points")
    assert isinstance(birthday.amount, Formula)
    assert source(birthday.amount.points) == "50"


@pytest.mark.parametrize(("written", "basis_points"), [("2", 20_000), ('"1.5"', 15_000), ('"10.0625"', 100_625)])
def test_a_factor_is_whole_or_has_decimals_in_quotes(written: str, basis_points: int) -> None:
    assert one_amount(f"multiply = {written}") == Multiplier(basis_points)


def test_a_written_number_is_a_fixed_bonus_and_with_per_a_rate() -> None:
    fixed = one_amount("points = 5")

    assert isinstance(fixed, Formula)
    assert fixed.points.source == "5"
    assert one_amount("points = 5\nper = 200") == Rate(5, 200)


def test_achievements_count_occasions_or_periods_in_a_row(programme: Programme) -> None:
    regular, critic = programme.achievements

    assert regular == Achievement(
        "regular", "purchase", 4, regular.counts, regular.when, Every.WEEK, True, 20, "stars",
        {"en": "Regular", "fr": "Regular"},
    )  # fmt: skip
    assert (source(regular.counts), source(regular.when)) == ("1", "paid >= 1000")
    assert (critic.on, critic.target, source(critic.counts), critic.streak) == ("review", 25, "event.stars", None)
    assert (critic.points, critic.wallet) == (0, "")


def test_a_referral_rewards_both_sides(programme: Programme) -> None:
    referral = programme.referral

    assert referral is not None
    assert (referral.sponsor_points, referral.sponsor_wallet) == (100, "points")
    assert (referral.friend_points, referral.friend_wallet) == (50, "stars")
    assert (source(referral.when), referral.within, referral.after, referral.most_per_year) == (
        "paid >= 2000", days(90), days(14), 10,
    )  # fmt: skip


def test_plans_are_free_or_paid_memberships(programme: Programme) -> None:
    vip = Plan("vip", 4900, months(12), "gold", months(2), {"en": "VIP", "fr": "VIP"})

    assert programme.plans == (vip, Plan("free"))


def test_messages_have_a_place_and_a_condition(programme: Programme) -> None:
    [message] = programme.messages

    assert (message.code, message.place, message.on) == ("almost", "screen", "purchase")
    assert message.text == {"fr": "Bientôt Or !", "en": "Nearly gold!"}
    assert source(message.when) == 'tier == "silver" && balance > 900'


def test_tiers_of_several_families_by_visits_spend_points_measures_or_gift(programme: Programme) -> None:
    silver, gold, cellar, ambassador, friend = programme.tiers
    year = (MeasuredIn.ROLLING, months(12))

    assert silver.reach == Reach("visits", 5, MeasuredIn.CALENDAR_YEAR)
    assert gold.reach == Reach("spend", 100_000, *year)
    assert gold.floor
    assert gold.keep == Keep(Review.ANNIVERSARY, Reach("spend", 80_000, *year), months(3), Drop.ONE_LEVEL)
    assert cellar.reach is not None
    assert cellar.reach == Reach("wine", 30_000, MeasuredIn.ROLLING, months(6), when=cellar.reach.when)
    assert (ambassador.family, ambassador.reach) == ("club", Reach("points", 500, wallet="stars"))
    assert (friend.family, friend.reach) == ("circle", None)


@pytest.mark.parametrize(
    ("policy", "end"),
    [("exclusive", datetime(2027, 1, 1)), ("inclusive", datetime(2026, 12, 31, 23, 59, 59, 999_999))],
)
def test_an_end_on_a_date_is_the_whole_of_that_day_whether_ends_are_inclusive_or_not(
    policy: str, end: datetime
) -> None:
    text = f'{HEAD}ends = 2026-12-31\n[wallets.points]\n[earning]\nends = "{policy}"\n'

    assert programme_of(text).life == Life(None, end)
