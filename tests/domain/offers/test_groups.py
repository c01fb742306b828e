"""Three for two, buy some and get some, bundles."""

import pytest

from domain.offers.sales import decided, line, offer, saved

SIX = tuple(line(f"s{price}", 1, price) for price in (6000, 5000, 4000, 3000, 2000, 1000))
PLAIN = "[offer_policy]\n"


def test_three_for_two_gives_the_cheapest_of_three() -> None:
    text = offer('kind = "percent_off", percent = 100, on = "cheapest"', more="quantity = 3")

    assert saved(text, line("a", 3, 1200)) == [1200]
    assert saved(offer('kind = "nth_off", every = 3'), line("a", 3, 1200)) == [1200]


@pytest.mark.parametrize(
    ("groups", "off"),
    [
        ("best", [0, 0, 4000, 0, 0, 1000]),
        ("least", [0, 0, 0, 0, 2000, 1000]),
        ("basket_order", [0, 0, 4000, 0, 0, 1000]),
    ],
)
def test_which_articles_make_a_group_is_a_policy(groups: str, off: list[int]) -> None:
    text = f'[offer_policy]\ngroups = "{groups}"\n' + offer('kind = "nth_off", every = 3')

    assert saved(text, *SIX) == off


def test_groups_in_the_order_of_the_basket_give_the_cheapest_of_each() -> None:
    text = '[offer_policy]\ngroups = "basket_order"\n' + offer('kind = "nth_off", every = 3')
    basket = (line("a", 1, 100), line("b", 1, 900), line("c", 4, 500))

    assert saved(text, *basket) == [100, 0, 500]


def test_the_dearest_may_be_the_one_given() -> None:
    text = offer('kind = "nth_off", every = 3, pick = "dearest"')

    assert saved(text, *SIX[:3]) == [6000, 0, 0]


def test_the_second_at_half_price() -> None:
    text = offer('kind = "nth_off", every = 2, percent = 50')

    assert saved(text, line("a", 2, 1000), line("b", 1, 600)) == [500, 0]
    assert saved(text, line("a", 2, 1000), line("b", 2, 600)) == [500, 300]


def test_each_place_of_a_group_may_have_its_own_percentage() -> None:
    text = offer('kind = "nth_off", places = [{}, { percent = 20 }, { percent = 50 }]')

    assert saved(text, *SIX[:3]) == [0, 1000, 2000]
    assert saved(text, *SIX[:2]) == [0, 0]


def test_a_part_group_gives_what_it_has_where_the_policy_says_so() -> None:
    places = offer(
        'kind = "nth_off", places = [{}, { percent = 20 }, { percent = 50 }]', more="policy = { partial = true }"
    )
    two_and_two = offer('kind = "buy_get", buy = 2, get = 2', more="policy = { partial = true }")

    assert saved(places, *SIX[:2]) == [0, 1000]
    assert saved(two_and_two, *SIX[:3]) == [0, 0, 4000]
    assert saved(two_and_two.replace("partial = true", "partial = false"), *SIX[:3]) == [0, 0, 0]


def test_groups_within_each_line_only() -> None:
    text = offer('kind = "nth_off", every = 3, by_line = true')

    assert saved(text, line("a", 2, 1000), line("b", 4, 600)) == [0, 600]


def test_at_most_so_many_groups_in_one_sale() -> None:
    assert saved(offer('kind = "nth_off", every = 3', more="times = 1"), line("a", 9, 1000)) == [1000]


def test_buy_two_get_one_needs_three_in_the_basket() -> None:
    text = offer('kind = "buy_get", buy = 2, get = 1')

    assert saved(text, line("a", 2, 1000)) == [0]
    assert saved(text, line("a", 3, 1000)) == [1000]
    assert decided(text, line("a", 2, 1000)).refused[0].missing == 1


def test_what_is_got_may_be_among_what_is_bought() -> None:
    text = offer('kind = "buy_get", buy = 2, get = 1', more='policy = { gift = "among" }')

    assert saved(text, line("a", 2, 1000), line("b", 2, 600)) == [1000, 600]


def test_what_is_got_may_be_handed_out_on_top() -> None:
    found = decided(
        offer('kind = "buy_get", buy = 2, get = 1', more='policy = { gift = "added" }'), line("a", 5, 1000)
    )

    assert [(each.kind, each.what, each.quantity) for each in found.given[0].presents] == [("product", "a", 2)]
    assert found.saving == 0


def test_buy_some_of_one_range_get_some_of_another() -> None:
    text = offer(
        'kind = "buy_get", buy = 2, get = 1, get_lines = \'line.category == "socks"\'',
        more="lines = 'line.category == \"shoes\"'",
    )
    basket = (
        line("a", 4, 6000, category="shoes"), line("b", 1, 900, category="socks"),
        line("c", 3, 1200, category="socks"),
    )  # fmt: skip

    assert saved(text, *basket) == [0, 900, 1200]
    assert saved(text.replace("get = 1", 'get = 1, pick = "dearest"'), *basket) == [0, 0, 2400]


def test_an_article_is_not_bought_and_got_at_once() -> None:
    text = offer(
        "kind = \"buy_get\", buy = 1, get = 1, get_lines = 'line.paid > 0'", more="lines = 'line.sku == \"a\"'"
    )

    assert saved(text, line("a", 1, 1000)) == [0]
    assert saved(text, line("a", 2, 1000)) == [1000]
    assert saved(text, line("a", 1, 1000), line("b", 1, 300)) == [0, 300]


def test_spend_some_get_some() -> None:
    text = offer(
        'kind = "buy_get", spend = 5000, get = 1, get_lines = \'line.sku == "gift"\'',
        more="lines = 'line.sku != \"gift\"'",
    )

    assert saved(text, line("a", 1, 4999), line("gift", 1, 700)) == [0, 0]
    assert saved(text, line("a", 1, 5000), line("gift", 2, 700)) == [0, 700]
    assert saved(text, line("a", 2, 5000), line("gift", 2, 700)) == [0, 1400]


def test_what_is_got_may_have_a_price_or_an_amount_off() -> None:
    half = offer('kind = "buy_get", buy = 1, get = 1, amount = 300')
    price = offer('kind = "buy_get", buy = 1, get = 1, price = 100')

    assert saved(half, line("a", 2, 1000)) == [300]
    assert saved(price, line("a", 2, 1000)) == [900]


def test_an_amount_across_all_that_is_got_is_shared() -> None:
    text = offer('kind = "buy_get", buy = 1, get = 2, amount = 300, per = "sale"')

    assert saved(text, line("a", 1, 5000), line("b", 1, 200), line("c", 1, 1000)) == [0, 50, 250]


def test_some_articles_at_a_price() -> None:
    text = offer('kind = "bundle", quantity = 3, price = 1000')

    assert saved(text, line("a", 3, 500)) == [500]
    assert saved(text, line("a", 7, 500)) == [1000]
    assert saved(text, line("a", 3, 300)) == [0]  # dearer together than alone


def test_a_set_of_products_at_a_price() -> None:
    text = offer(
        'kind = "bundle", price = 2000, parts = [{ lines = \'line.sku == "camera"\' }, '
        "{ lines = 'line.sku == \"film\"', quantity = 2 }]"
    )

    assert saved(text, line("camera", 1, 2000), line("film", 1, 500)) == [0, 0]
    assert saved(text, line("camera", 1, 2000), line("film", 3, 500)) == [667, 333]
    assert saved(text, line("camera", 2, 2000), line("film", 4, 500)) == [1333, 667]


def test_a_set_with_a_percentage_or_an_amount_off() -> None:
    parts = "parts = [{ lines = 'line.sku == \"a\"' }, { lines = 'line.sku == \"b\"' }]"

    assert saved(offer(f'kind = "bundle", percent = 10, {parts}'), line("a", 2, 1000), line("b", 1, 500)) == [
        100,
        50,
    ]
    assert saved(offer(f'kind = "bundle", amount = 300, {parts}'), line("a", 1, 1000), line("b", 1, 500)) == [
        200,
        100,
    ]


def test_the_part_with_the_fewest_to_choose_from_chooses_first() -> None:
    text = offer(
        "kind = \"bundle\", price = 100, parts = [{ lines = 'line.paid > 0' }, { lines = 'line.sku == \"a\"' }]"
    )

    assert sum(saved(text, line("a", 1, 1000), line("b", 1, 500))) == 1400


def test_an_article_that_was_given_for_nothing_is_neither_bought_nor_given_again() -> None:
    text = offer('kind = "nth_off", every = 3', code="one", more="priority = 1") + offer(
        'kind = "nth_off", every = 3', code="two"
    )

    found = decided(text, line("a", 3, 1000))

    assert [each.offer for each in found.given] == ["one"]
    assert found.saving == 1000


def test_a_basket_of_ten_thousand_lines_is_put_into_groups_and_sets() -> None:
    basket = tuple(line(f"s{number}", 1, 100 + number) for number in range(10_000))
    sets = "parts = [{ lines = 'line.quantity == 1' }, { lines = 'line.paid > 200' }]"

    assert sum(saved(offer('kind = "nth_off", every = 3'), *basket)) == sum(range(102, 10_100, 3)) - 1 * 3333
    assert sum(saved(offer(f'kind = "bundle", percent = 10, {sets}'), *basket)) > 0
    assert sum(saved(offer('kind = "bundle", quantity = 2, amount = 1'), *basket)) == 5_000
