"""[[offers]] and [offer_policy]: what a text says, and what is wrong with it."""

from datetime import datetime

import pytest

from cagnotte.channels.wording.programme_faults import SENTENCES
from cagnotte.domain.earning.terms import Cap, CapUnit, Every, Life, Scope
from cagnotte.domain.kernel import Period, PeriodUnit
from cagnotte.domain.offers.effects import (
    Amount,
    Bundle,
    BuyGet,
    Discount,
    GroupOff,
    On,
    Per,
    Percent,
    Present,
    Price,
    Step,
    Steps,
    StepsBy,
    Target,
)
from cagnotte.domain.offers.policy import Choose, Groups, OfferPolicy, Pick, Reckoning, RoundedTo
from cagnotte.domain.offers.terms import Stack
from cagnotte.domain.programme.offer_faults import OfferFaultCode
from cagnotte.domain.programme.tables_offers import KINDS, OFFER, OFFER_POLICY
from domain.offers.sales import offer, offers_of, read


def effect_of(effect: str, more: str = "") -> object:
    [found], _ = offers_of(offer(effect, more=more))
    [one] = found.effects
    return one


def faults_of(text: str) -> list[tuple[str, str]]:
    """(code, the text at the place) of each fault."""
    _, _, faults = read(text)
    return [(fault.code, text[fault.start : fault.end]) for fault in faults]


def test_the_example_of_the_design_is_an_offer() -> None:
    [found], _ = offers_of(
        """
        [[offers]]
        code = "first-ten"
        when = 'channel == "store"'
        effect = { kind = "percent_off", basis_points = 1000, on = "basket" }
        limit = { per = "store", every = "day", times = 10 }
        stack = { group = "basket", exclusive = true }
        """
    )

    assert found.effects == (Discount(Percent(1000), Target(On.BASKET)),)
    assert found.caps == (Cap("offer.first-ten", CapUnit.TIMES, 10, Scope.STORE, Every.DAY),)
    assert found.stack == Stack("basket", exclusive=True)
    assert found.when is not None


@pytest.mark.parametrize(
    ("effect", "read_as"),
    [
        ('kind = "percent_off", percent = "12.5"', Discount(Percent(1250), Target(On.BASKET))),
        ('kind = "percent_off", percent = 20, on = "cheapest", most = 500',
         Discount(Percent(2000), Target(On.CHEAPEST), most=500)),
        ('kind = "amount_off", amount = 500', Discount(Amount(500), Target(On.BASKET))),
        ('kind = "amount_off", amount = 100, first = 500, per = "unit", units = 3',
         Discount(Amount(100), Target(On.QUALIFYING, units=3), Per.UNIT, first=500)),
        ('kind = "fixed_price", price = 999', Discount(Price(999), Target(On.QUALIFYING), Per.UNIT)),
        ('kind = "fixed_price", price = 999, on = "basket"', Discount(Price(999), Target(On.BASKET), Per.SALE)),
        ('kind = "free_delivery"', Discount(Percent(10_000), Target(On.DELIVERY))),
        ('kind = "nth_off", every = 3', GroupOff((None, None, Percent(10_000)), 2)),
        ('kind = "nth_off", every = 2, percent = 50, pick = "dearest"',
         GroupOff((None, Percent(5000)), 1, pick=Pick.DEAREST)),
        ('kind = "nth_off", places = [{}, { percent = 20 }, { amount = 300 }]',
         GroupOff((None, Percent(2000), Amount(300)), 1)),
        ('kind = "buy_get", buy = 2, get = 1', BuyGet(1, Percent(10_000), None, buy=2)),
        ('kind = "buy_get", spend = 5000, price = 100, per = "sale"',
         BuyGet(1, Price(100), None, spend=5000, shared=True)),
        ('kind = "steps", steps = [{ from = 100, amount = 10 }, { from = 200, percent = 20 }]',
         Steps((Step(100, Amount(10)), Step(200, Percent(2000))))),
        ('kind = "steps", every = 3, by = "quantity", amount = 500',
         Steps((Step(3, Amount(500)),), StepsBy.QUANTITY, every=3)),
        ('kind = "gift", of = "service", what = "hemming", quantity = 2', Present("service", "hemming", 2)),
    ],
)  # fmt: skip
def test_effects_are_read_as_they_are_written(effect: str, read_as: object) -> None:
    assert effect_of(effect) == read_as


def test_a_bundle_is_of_some_articles_or_of_parts() -> None:
    one = effect_of('kind = "bundle", quantity = 3, price = 1000')
    two = effect_of('kind = "bundle", price = 1000, parts = [{ lines = \'line.sku == "a"\' }, { quantity = 2 }]')

    assert isinstance(one, Bundle)
    assert isinstance(two, Bundle)
    assert [(part.quantity, part.lines) for part in one.parts] == [(3, None)]
    assert [(part.quantity, part.lines is None) for part in two.parts] == [(1, False), (2, True)]


def test_a_discount_is_on_the_lines_that_qualify_when_a_rule_says_which() -> None:
    found = effect_of('kind = "percent_off", percent = 20', more="lines = 'line.sku == \"a\"'")

    assert found == Discount(Percent(2000), Target(On.QUALIFYING))


def test_codes_are_kept_as_they_are_compared() -> None:
    [one, two], _ = offers_of(
        offer('kind = "free_delivery"', code="a", more='coupon = "welcome 20-26"')
        + offer('kind = "free_delivery"', code="b", more='coupons = ["x-1", "X1", "y"]')
    )

    assert (one.coupons, two.coupons) == (("WELCOME2026",), ("X1", "Y"))


def test_several_limits_have_numbers() -> None:
    [found], _ = offers_of(
        offer(
            'kind = "free_delivery"',
            more='limits = [{ times = 1 }, { money = 500, per = "programme", within = "7 days" }]',
        )
    )

    assert found.caps == (
        Cap("offer.it", CapUnit.TIMES, 1),
        Cap("offer.it.2", CapUnit.MONEY, 500, Scope.PROGRAMME, Every.ROLLING, Period(7, PeriodUnit.DAYS)),
    )


def test_dates_are_a_life() -> None:
    [found], _ = offers_of(offer('kind = "free_delivery"', more="begins = 2026-03-01\nends = 2026-03-31T18:00:00"))

    assert found.life == Life(datetime(2026, 3, 1), datetime(2026, 3, 31, 18))


def test_without_a_policy_everything_is_the_default() -> None:
    assert offers_of("")[1] == OfferPolicy()


def test_an_offer_says_otherwise_than_the_policy() -> None:
    own = 'policy = { groups = "basket_order", rounding = { per = "unit" } }'
    [found, other], policy = offers_of(
        '[offer_policy]\nchoose = "priority"\ngroups = "least"\nrounding = { mode = "down" }\n'
        + offer('kind = "free_delivery"', code="a", more=own)
        + offer('kind = "free_delivery"', code="b")
    )

    assert policy.choose is Choose.PRIORITY
    assert (found.reckoning.groups, found.reckoning.rounded_per) == (Groups.BASKET_ORDER, RoundedTo.UNIT)
    assert other.reckoning == policy.reckoning


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (offer('kind = "percent_of", percent = 20'), ("unknown_choice", '"percent_of"')),
        (offer('kind = "percent_off", percent = 101'), ("offer.bad_percent", "101")),
        (offer('kind = "percent_off", percent = 12.5'), ("offer.bad_percent", "12.5")),
        (offer('kind = "percent_off", percent = "0"'), ("offer.bad_percent", '"0"')),
        (offer('kind = "percent_off", percent = "1.005"'), ("offer.bad_percent", '"1.005"')),
        (offer('kind = "percent_off", percent = -5'), ("offer.bad_percent", "-5")),
        (offer('kind = "percent_off", basis_points = 10001'), ("offer.above_most", "10001")),
        (offer('kind = "percent_off", percent = 5, basis_points = 500'), ("one_of_two", "basis_points")),
        (offer('kind = "percent_off", amount = 500'), ("unknown_name", "amount")),
        (offer('kind = "amount_off", amount = 0'), ("must_be_positive", "0")),
        (offer('kind = "amount_off", amount = -500'), ("must_be_positive", "-500")),
        (offer('kind = "nth_off", every = 51'), ("offer.above_most", "51")),
        (offer('kind = "nth_off", every = 3, units = 4'), ("offer.above_most", "4")),
        (offer('kind = "buy_get", buy = 1, spend = 500'), ("one_of_two", "spend")),
        (offer('kind = "message"'), ("missing", "")),
        (offer('kind = "points_multiplier", multiply = 1'), ("bad_factor", "1")),
        (offer('kind = "free_delivery"', more="ends = 2026-01-01\nbegins = 2026-02-01"),
         ("ends_before_it_begins", "2026-01-01")),
        (offer('kind = "free_delivery"', more='during = ["never"]'), ("unknown_reference", '["never"]')),
        (offer('kind = "free_delivery"', more="repeat = true"), ("offer.nothing_repeats", "repeat")),
        (offer('kind = "free_delivery"', more="lines = 'line.prize > 3'"), ("rule.unknown_field", "prize")),
        (offer('kind = "free_delivery"', more="limit = { times = 0 }"), ("must_be_positive", "0")),
        ("[offer_policy]\nmost_percent = 101\n", ("offer.above_most", "101")),
        ('[offer_policy]\nrounding = { mode = "odd" }\n', ("unknown_choice", '"odd"')),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_place(text: str, fault: tuple[str, str]) -> None:
    found = faults_of(text)

    assert [code for code, _ in found] == [fault[0]]
    assert not fault[1] or found[0][1] == fault[1]


@pytest.mark.parametrize(
    "text",
    [
        offer('kind = "percent_off"'),
        offer('kind = "steps"'),
        offer('kind = "steps", steps = [{ from = 100 }]'),
        offer('kind = "bundle", quantity = 3'),
        offer('kind = "buy_get"'),
        offer('kind = "nth_off"'),
        offer('kind = "gift"'),
        offer('kind = "free_delivery"', more='limit = { per = "store" }'),
        offer('kind = "free_delivery"', more="needs = [{ lines = 'line.paid > 0' }]"),
        '[[offers]]\ncode = "empty"\n',
    ],
)
def test_what_is_left_out_is_said(text: str) -> None:
    assert [code for code, _ in faults_of(text)] == ["one_needed"]


def test_every_kind_has_keys_that_exist() -> None:
    keys = {key.name for effect in OFFER.keys if effect.name == "effects" for key in effect.kind.shape.keys}

    assert {name for names in KINDS.values() for name in names} | {"kind"} == keys


def test_every_fault_of_offers_has_a_sentence() -> None:
    assert {code.value for code in OfferFaultCode} <= SENTENCES.keys()


def test_the_defaults_that_the_table_names_are_those_of_the_terms() -> None:
    defaults = {key.name: key.default for key in OFFER_POLICY.keys}
    reckoning = Reckoning()

    for name in (
        "price",
        "works_on",
        "share_by",
        "odd_cents",
        "threshold",
        "groups",
        "pick",
        "gift",
        "floor_refused",
        "units",
    ):
        assert defaults[name] == getattr(reckoning, name).value
    assert (defaults["over_budget"], defaults["partial"]) == (reckoning.over_budget.value, reckoning.partial)
