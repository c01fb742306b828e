"""When an offer is to be had, and what is said when it is not."""

from datetime import datetime, timedelta

import pytest

from cagnotte.domain.evaluator.seen import Named
from domain.offers.sales import NOON, decided, line, offer

ARTICLE = line("a", 1, 1000)
OFF = 'kind = "amount_off", amount = 100'


def reasons(text: str, *lines: object, **sale: object) -> list[tuple[str, int]]:
    found = decided(text, *lines, explain=True, **sale)
    assert not found.given
    return [(each.reason.value, each.missing) for each in found.refused]


def test_twenty_percent_on_the_first_order() -> None:
    text = offer('kind = "percent_off", percent = 20', more="when = 'order_number == 1'")
    dress = line("dress", 1, 5000)

    assert decided(text, dress).saving == 1000
    assert reasons(text, dress, facts={"order_number": 2}) == [("condition", 0)]


@pytest.mark.parametrize(
    ("at", "said"),
    [("2026-03-01T09:59:59", "not_begun"), ("2026-03-01T10:00:00", ""), ("2026-03-31T23:59:59", ""),
     ("2026-04-01T00:00:00", "ended")],
)  # fmt: skip
def test_an_offer_lives_from_its_beginning_to_its_end(at: str, said: str) -> None:
    text = offer(OFF, more="begins = 2026-03-01T10:00:00\nends = 2026-03-31")

    found = decided(text, ARTICLE, at=datetime.fromisoformat(at), explain=True)

    assert [each.reason.value for each in found.refused] == ([said] if said else [])
    assert bool(found.given) is not bool(said)


def test_an_offer_holds_while_one_of_its_calendars_does() -> None:
    text = offer(OFF, more='during = ["happy", "sales"]')

    assert reasons(text, ARTICLE, facts={"during": Named({"happy": False, "sales": False})}) == [("not_during", 0)]
    assert decided(text, ARTICLE, facts={"during": Named({"happy": False, "sales": True})}).saving == 100


def test_the_code_must_come_with_the_sale() -> None:
    text = offer(OFF, more='coupon = "welcome-2026"')

    assert reasons(text, ARTICLE) == [("coupon_missing", 0)]
    assert decided(text, ARTICLE, coupons=("WELCOME2026",)).given[0].coupon == "WELCOME2026"


def test_any_of_several_codes_will_do_and_counts_once() -> None:
    text = offer(OFF, more='coupons = ["A1", "A2"]')

    found = decided(text, ARTICLE, coupons=("A2", "A1", "A2"))

    assert (found.saving, found.given[0].coupon) == (100, "A1")
    assert [(each.coupon, each.lost_to) for each in found.refused] == [("A2", ("it",))]


def test_unknown_codes_and_codes_that_gave_nothing_are_told_apart() -> None:
    text = offer(OFF, more='coupon = "BIG"\nspend = 5000')

    found = decided(text, ARTICLE, coupons=("NONE", "BIG"))

    assert (found.coupons_unknown, found.coupons_not_applied) == (("NONE",), ("BIG",))
    assert [(each.coupon, each.reason.value, each.missing) for each in found.refused] == [
        ("BIG", "spend_more", 4000)
    ]


def test_an_ended_code_says_so() -> None:
    text = offer(OFF, more='coupon = "OLD"\nends = 2025-12-31')

    assert [each.reason.value for each in decided(text, ARTICLE, coupons=("OLD",)).refused] == ["ended"]


def test_five_hundred_codes_in_one_basket() -> None:
    text = offer(OFF, more='coupon = "C250"')

    found = decided(text, ARTICLE, coupons=tuple(f"C{n}" for n in range(500)))

    assert (found.saving, len(found.coupons_unknown)) == (100, 499)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("spend = 1500", ("spend_more", 500)),
        ("quantity = 3", ("buy_more", 2)),
        ("products = 2", ("more_products", 1)),
        ("lines = 'line.sku == \"x\"'", ("no_lines", 1)),
        ("lines = 'line.sku == \"x\"'\nquantity = 2", ("buy_more", 2)),
        ("needs = [{ lines = 'line.sku == \"x\"', quantity = 1 }]", ("buy_more", 1)),
        ("needs = [{ spend = 1000 }, { spend = 1200 }]", ("spend_more", 200)),
    ],
)
def test_what_is_missing_is_said(asked: str, said: tuple[str, int]) -> None:
    assert reasons(offer(OFF, more=asked), ARTICLE) == [said]


def test_a_complementary_purchase_is_a_need_of_its_own() -> None:
    text = offer(
        'kind = "percent_off", percent = 50',
        more="lines = 'line.sku == \"film\"'\nneeds = [{ lines = 'line.sku == \"camera\"', quantity = 1 }]",
    )
    film = line("film", 1, 1000)

    assert reasons(text, film) == [("buy_more", 1)]
    assert decided(text, film, line("camera", 1, 9000)).given[0].lines == ((0, 500),)


def test_an_offer_without_uses_left_is_refused() -> None:
    text = offer(OFF, more='limit = { times = 10, per = "store", every = "day" }')

    assert reasons(text, ARTICLE, left=lambda _: 0) == [("limit_reached", 0)]
    assert decided(text, ARTICLE, left=lambda _: 1).given[0].uses == 1


def test_limits_may_count_each_time_an_offer_is_given() -> None:
    text = offer('kind = "nth_off", every = 3', more='uses = "times"\nlimit = { times = 5 }')

    found = decided(text, line("a", 9, 1000), left=lambda _: 2)

    assert (found.saving, found.given[0].times, found.given[0].uses) == (2000, 2, 2)


def test_a_spent_budget_refuses() -> None:
    text = offer(OFF, more="limit = { money = 5000 }")

    assert reasons(text, ARTICLE, budget_left=lambda _: 0) == [("budget_spent", 0)]


def test_limits_are_asked_only_of_offers_that_have_some() -> None:
    def asked(_: object) -> int:
        raise AssertionError

    assert decided(offer(OFF), ARTICLE, left=asked, budget_left=asked).saving == 100


def test_an_offer_that_takes_nothing_off_says_so() -> None:
    assert reasons(offer('kind = "free_delivery"'), ARTICLE) == [("nothing_to_give", 0)]
    assert reasons(offer(OFF)) == [("nothing_to_give", 0)]


def test_without_explanation_only_what_helps_is_said() -> None:
    text = (
        offer(OFF, code="code", more='coupon = "X"')
        + offer(OFF, code="never", more="when = 'hour == 3'")
        + offer(OFF, code="near", more="spend = 1100")
    )

    assert [each.offer for each in decided(text, ARTICLE).refused] == ["near"]
    assert [each.offer for each in decided(text, ARTICLE, explain=True).refused] == ["code", "never", "near"]


def test_the_time_is_the_sales_own() -> None:
    text = offer(OFF, more="when = 'hour >= 17 && hour < 19 && weekday == 2'")

    assert decided(text, ARTICLE, at=NOON + timedelta(hours=5)).saving == 100
    assert decided(text, ARTICLE, at=NOON).saving == 0
