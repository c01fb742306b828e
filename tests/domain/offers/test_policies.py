"""Where retailers differ: each answer of each policy of offers."""

import pytest

from domain.offers.sales import decided, line, offer, saved

TWENTY = offer('kind = "percent_off", percent = 20', code="twenty")
TEN = offer('kind = "percent_off", percent = 10', code="ten")


def with_policy(said: str, *offers: str) -> str:
    return f"[offer_policy]\n{said}\n" + "".join(offers)


@pytest.mark.parametrize(("works_on", "off"), [("left", 2800), ("original", 3000)])
def test_percentages_are_compounded_or_added_up(works_on: str, off: int) -> None:
    assert saved(with_policy(f'works_on = "{works_on}"', TWENTY, TEN), line("a", 1, 10000)) == [off]


def test_percentages_added_up_never_exceed_the_price() -> None:
    half = offer('kind = "percent_off", percent = 60', code="a") + offer(
        'kind = "percent_off", percent = 60', code="b"
    )

    assert saved(with_policy('works_on = "original"', half), line("a", 1, 1000)) == [1000]


@pytest.mark.parametrize(("price", "off"), [("paid", 160), ("list", 200), ("list_instead", 0)])
def test_the_percentage_is_of_the_price_paid_or_of_the_list_price(price: str, off: int) -> None:
    reduced = line("a", 1, 800, listed=1000)

    assert saved(with_policy(f'price = "{price}"', TWENTY), reduced) == [off]


def test_what_the_till_took_off_counts_towards_a_larger_percentage() -> None:
    half = offer('kind = "percent_off", percent = 50')

    assert saved(with_policy('price = "list_instead"', half), line("a", 1, 800, listed=1000)) == [300]


@pytest.mark.parametrize(
    ("mode", "off"), [("half_up", [2, 3]), ("down", [1, 2]), ("half_even", [2, 2]), ("up", [2, 3])]
)
def test_shares_of_a_cent_are_rounded_as_the_policy_says(mode: str, off: list[int]) -> None:
    text = with_policy(
        f'rounding = {{ mode = "{mode}" }}', offer('kind = "percent_off", percent = 10, on = "all"')
    )

    assert saved(text, line("a", 1, 15), line("b", 1, 25)) == off


@pytest.mark.parametrize(("per", "off"), [("unit", [3, 1]), ("line", [2, 1]), ("basket", [2, 0])])
def test_a_percentage_is_rounded_per_article_per_line_or_on_the_basket(per: str, off: list[int]) -> None:
    text = with_policy(f'rounding = {{ per = "{per}" }}', offer('kind = "percent_off", percent = 10, on = "all"'))

    assert saved(text, line("a", 3, 5), line("b", 1, 5)) == off


@pytest.mark.parametrize(
    ("odd", "off"),
    [
        ("remainder", [334, 333, 333]),
        ("first", [334, 333, 333]),
        ("last", [333, 333, 334]),
        ("rest_to_last", [333, 333, 334]),
    ],
)
def test_the_odd_cent_goes_where_the_policy_says(odd: str, off: list[int]) -> None:
    text = with_policy(f'odd_cents = "{odd}"', offer('kind = "amount_off", amount = 1000'))

    assert saved(text, *(line(sku, 1, 2000) for sku in "abc")) == off


def test_the_odd_cents_may_go_to_the_largest() -> None:
    text = with_policy('odd_cents = "largest"', offer('kind = "amount_off", amount = 100'))

    basket = (line("a", 1, 1000), line("b", 1, 4000), line("c", 1, 2000))

    assert saved(text, *basket) == [14, 58, 28]
    assert saved(text.replace("largest", "remainder"), *basket) == [14, 57, 29]


@pytest.mark.parametrize(("below", "off"), [("true", [1200, 0, 0]), ("false", [600, 0, 0])])
def test_offers_take_more_or_no_more_than_what_is_left_to_pay(below: str, off: list[int]) -> None:
    text = with_policy(f"below_zero = {below}", offer('kind = "percent_off", percent = 10'))

    assert saved(text, line("a", 1, 12000), line("back", -1, 10400), line("back", -1, 1000)) == off


@pytest.mark.parametrize(
    ("by", "off"), [("value", [600, 400, 0]), ("quantity", [750, 250, 0]), ("lines", [500, 500, 0])]
)
def test_an_amount_is_shared_by_value_by_articles_or_equally(by: str, off: list[int]) -> None:
    text = with_policy(f'share_by = "{by}"', offer('kind = "amount_off", amount = 1000'))

    assert saved(text, line("a", 3, 2000), line("b", 1, 4000), line("free", 1, 0)) == off


def test_what_a_line_cannot_take_of_an_equal_share_goes_to_the_others() -> None:
    text = with_policy('share_by = "lines"', offer('kind = "amount_off", amount = 1000'))

    assert saved(text, line("a", 1, 200), line("b", 1, 3000), line("c", 2, 3000)) == [200, 400, 400]


def test_a_line_in_two_parts_has_one_equal_share() -> None:
    half = offer('kind = "percent_off", percent = 50, units = 1', code="half", more="priority = 1")
    text = with_policy('share_by = "lines"', half + offer('kind = "amount_off", amount = 600, units = 4'))

    assert saved(text, line("a", 3, 1000), line("b", 1, 2000)) == [500 + 300, 300]


@pytest.mark.parametrize(("threshold", "off"), [("before", 2000), ("after", 1000)])
def test_a_threshold_is_measured_before_or_after_earlier_offers(threshold: str, off: int) -> None:
    first = offer('kind = "amount_off", amount = 1000', code="first", more="priority = 5")
    second = offer('kind = "amount_off", amount = 1000', code="second", more="spend = 10000")

    found = decided(with_policy(f'threshold = "{threshold}"', first, second), line("a", 1, 10500))

    assert found.saving == off
    if threshold == "after":
        assert [(each.offer, each.missing) for each in found.refused] == [("second", 500)]


@pytest.mark.parametrize(("tax", "off"), [("included", 1000), ("excluded", 0)])
def test_a_threshold_counts_tax_or_not(tax: str, off: int) -> None:
    text = with_policy(
        f'threshold_tax = "{tax}"', offer('kind = "amount_off", amount = 1000', more="spend = 10000")
    )

    assert saved(text, line("a", 1, 12000 - 1, tax=2000)) == [off]


@pytest.mark.parametrize(("tax", "off"), [("included", 1500), ("excluded", 1800)])
def test_amounts_are_with_tax_or_without(tax: str, off: int) -> None:
    text = with_policy(f'tax = "{tax}"', offer('kind = "amount_off", amount = 1500'))

    assert saved(text, line("a", 1, 12000, tax=2000)) == [off]


@pytest.mark.parametrize(("pick", "off"), [("cheapest", [0, 500]), ("dearest", [1000, 0])])
def test_the_cheapest_or_the_dearest_is_given(pick: str, off: list[int]) -> None:
    text = with_policy(f'pick = "{pick}"', offer('kind = "buy_get", buy = 1, get = 1'))

    assert saved(text, line("a", 1, 1000), line("b", 1, 500)) == off


@pytest.mark.parametrize(("refused", "off"), [("lost", [600, 300]), ("moved", [700, 300])])
def test_what_a_floor_refuses_is_lost_or_moved(refused: str, off: list[int]) -> None:
    text = with_policy(
        f'floor_refused = "{refused}"', offer('kind = "amount_off", amount = 1000', more="floor = 700")
    )

    assert saved(text, line("a", 1, 1500), line("b", 1, 1000)) == off


@pytest.mark.parametrize(("over", "off"), [("cut", 300), ("refuse", 0)])
def test_what_passes_a_budget_is_cut_or_the_offer_refused(over: str, off: int) -> None:
    text = with_policy(
        f'over_budget = "{over}"',
        offer('kind = "amount_off", amount = 1000', more='limit = { money = 5000, per = "programme" }'),
    )

    found = decided(text, line("a", 1, 2000), budget_left=lambda _: 300)

    assert found.saving == off
    assert [each.reason.value for each in found.refused] == ([] if off else ["budget_spent"])


@pytest.mark.parametrize(("units", "off"), [("shared", 200), ("once", 100)])
def test_an_article_may_count_for_one_offer_only(units: str, off: int) -> None:
    two = "".join(
        offer('kind = "amount_off", amount = 100, units = 2', code=code, more="quantity = 2")
        for code in ("a", "b")
    )

    assert sum(saved(with_policy(f'units = "{units}"', two), line("a", 3, 1000))) == off
    assert sum(saved(with_policy(f'units = "{units}"', two), line("a", 4, 1000))) == 200


def test_what_met_a_condition_is_used_up_with_what_got_the_discount() -> None:
    free = offer(
        'kind = "percent_off", percent = 100, on = "cheapest"', code="free", more="quantity = 3\npriority = 1"
    )
    tenth = offer('kind = "percent_off", percent = 10, on = "all"', code="tenth")

    assert saved(with_policy('units = "once"', free, tenth), line("a", 4, 1000), line("b", 1, 500)) == [200, 500]


@pytest.mark.parametrize(
    ("order", "codes", "off"),
    [
        ("priority", ("AMOUNT", "HALF"), 6000),
        ("priority", ("HALF", "AMOUNT"), 6000),
        ("claimed", ("AMOUNT", "HALF"), 5500),
        ("claimed", ("HALF", "AMOUNT"), 6000),
    ],
)
def test_codes_count_by_priority_or_as_they_are_claimed(order: str, codes: tuple[str, ...], off: int) -> None:
    half = offer('kind = "percent_off", percent = 50', code="half", more='coupon = "HALF"\npriority = 2')
    amount = offer('kind = "amount_off", amount = 1000', code="amount", more='coupon = "amount"\npriority = 1')

    assert saved(with_policy(f'coupons = "{order}"', amount, half), line("a", 1, 10000), coupons=codes) == [off]


def test_one_percentage_on_the_whole_basket_per_sale() -> None:
    found = decided(with_policy("one_basket_percentage = true", TEN, TWENTY), line("a", 1, 10000))

    assert [each.offer for each in found.given] == ["twenty"]
    assert [(each.offer, each.lost_to) for each in found.refused] == [("ten", ("twenty",))]


def test_at_most_so_many_codes_and_offers() -> None:
    codes = "".join(
        offer(f'kind = "amount_off", amount = {n}00', code=f"c{n}", more=f'coupon = "C{n}"') for n in (1, 2, 3)
    )

    two = decided(with_policy("coupons_most = 2", codes), line("a", 1, 10000), coupons=("C1", "C2", "C3"))
    one = decided(with_policy("offers_most = 1", codes), line("a", 1, 10000), coupons=("C1", "C2", "C3"))

    assert ([each.offer for each in two.given], two.coupons_not_applied) == (["c2", "c3"], ("C1",))
    assert [each.offer for each in one.given] == ["c3"]


def test_all_offers_together_take_at_most_a_share_off() -> None:
    assert saved(with_policy("most_percent = 25", TWENTY, TEN), line("a", 1, 10000)) == [2500]


def test_lines_that_no_offer_looks_at() -> None:
    text = with_policy("exclude = 'line.category == \"gift card\"'", TWENTY)

    assert saved(text, line("a", 1, 1000), line("card", 1, 5000, category="gift card")) == [200, 0]


def test_an_offer_may_have_a_policy_of_its_own() -> None:
    own = 'policy = { rounding = { mode = "down" } }'
    text = with_policy(
        'rounding = { mode = "up" }',
        offer('kind = "percent_off", percent = 10', code="a"),
        offer('kind = "percent_off", percent = 10', code="b", more=own),
    )

    assert [given.saving for given in decided(text, line("a", 1, 101)).given] == [11, 9]


@pytest.mark.parametrize(
    ("choose", "given"), [("best", ["b", "c"]), ("priority", ["a", "c"]), ("exclusive_first", ["b", "c"])]
)
def test_exclusive_beats_priority_or_the_reverse(choose: str, given: list[str]) -> None:
    text = with_policy(
        f'choose = "{choose}"',
        offer('kind = "amount_off", amount = 100', code="a", more='priority = 9\nstack = { group = "g" }'),
        offer('kind = "amount_off", amount = 200', code="b", more='stack = { group = "g", exclusive = true }'),
        offer('kind = "amount_off", amount = 50', code="c"),
    )

    assert [each.offer for each in decided(text, line("a", 1, 1000)).given] == given


@pytest.mark.parametrize(
    ("objective", "given"), [("member_saving", "large"), ("margin", "small"), ("points_cost", "large")]
)
def test_the_best_of_a_group_is_what_the_objective_says(objective: str, given: str) -> None:
    group = 'stack = { group = "g", exclusive = true }'
    text = with_policy(
        f'objective = "{objective}"',
        offer('kind = "amount_off", amount = 500', code="large", more=group),
        offer('kind = "amount_off", amount = 100', code="small", more=group),
        offer('kind = "points_bonus", points = 9', code="points", more=f"{group}\nworth = 300"),
    )

    assert [each.offer for each in decided(text, line("a", 1, 1000)).given] == [given]
