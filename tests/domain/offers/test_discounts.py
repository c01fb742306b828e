"""Discounts on the basket, on lines, on single articles and on the delivery."""

import pytest

from domain.offers.sales import decided, line, offer, saved

SHIRT, SHOES, SOCKS = line("shirt", 1, 2000), line("shoes", 1, 3000), line("socks", 1, 10000)


def test_an_amount_off_the_basket_is_shared_by_value() -> None:
    assert saved(offer('kind = "amount_off", amount = 1500'), SHIRT, SHOES, SOCKS) == [200, 300, 1000]


def test_a_percentage_off_the_basket_is_rounded_on_the_sum() -> None:
    off = saved(offer('kind = "percent_off", percent = 10'), line("a", 1, 5), line("b", 1, 5), line("c", 1, 5))

    assert sum(off) == 2  # 1.5, and not three times 0.5 rounded up
    assert off == [1, 1, 0]


def test_a_percentage_off_lines_is_rounded_line_by_line() -> None:
    off = saved(
        offer('kind = "percent_off", percent = 10, on = "all"'), line("a", 1, 5), line("b", 1, 5), line("c", 1, 5)
    )

    assert off == [1, 1, 1]


def test_a_percentage_may_have_decimals() -> None:
    assert saved(offer('kind = "percent_off", percent = "12.5"'), line("a", 1, 1000)) == [125]


def test_basis_points_are_hundredths_of_a_percent() -> None:
    assert saved(offer('kind = "percent_off", basis_points = 1250'), line("a", 1, 1000)) == [125]


def test_only_the_lines_that_qualify_get_it() -> None:
    off = saved(
        offer('kind = "percent_off", percent = 50', more="lines = 'line.brand == \"acme\"'"),
        line("a", 1, 1000, brand="acme"),
        line("b", 1, 1000),
    )

    assert off == [500, 0]


def test_all_lines_may_get_it_though_only_some_qualify() -> None:
    off = saved(
        offer('kind = "percent_off", percent = 50, on = "all"', more="lines = 'line.brand == \"acme\"'"),
        line("a", 1, 1000, brand="acme"),
        line("b", 1, 1000),
    )

    assert off == [500, 500]


def test_an_effect_may_have_lines_of_its_own() -> None:
    off = saved(
        offer(
            'kind = "percent_off", percent = 50, lines = \'line.sku == "b"\'',
            more="lines = 'line.sku == \"a\"'\nquantity = 2",
        ),
        line("a", 2, 1000),
        line("b", 1, 1000),
    )

    assert off == [0, 500]


def test_a_price_range_is_a_condition_on_the_line() -> None:
    text = offer(
        'kind = "percent_off", percent = 10',
        more="lines = 'line.paid >= 1500 * line.quantity && line.paid <= 5000 * line.quantity'",
    )

    assert saved(text, line("a", 2, 1000), line("b", 2, 1500), line("c", 1, 6000)) == [0, 300, 0]


def test_an_amount_per_article_never_exceeds_its_price() -> None:
    off = saved(offer('kind = "amount_off", amount = 500, per = "unit"'), line("a", 3, 2000), line("b", 2, 300))

    assert off == [1500, 600]


def test_an_amount_per_line_is_taken_off_each_line_once() -> None:
    off = saved(offer('kind = "amount_off", amount = 500, per = "line"'), line("a", 3, 2000), line("b", 2, 100))

    assert off == [500, 200]


def test_the_first_article_may_get_another_amount() -> None:
    text = offer('kind = "amount_off", amount = 100, first = 500, per = "unit", units = 4')

    assert saved(text, line("a", 6, 2000)) == [800]


def test_an_amount_above_the_basket_makes_it_free_and_no_more() -> None:
    assert saved(offer('kind = "amount_off", amount = 9000'), SHIRT, SHOES) == [2000, 3000]


def test_a_fixed_price_per_article() -> None:
    off = saved(offer('kind = "fixed_price", price = 800'), line("a", 3, 1000), line("b", 1, 700))

    assert off == [600, 0]  # never dearer than before


def test_a_fixed_price_for_the_basket() -> None:
    assert saved(offer('kind = "fixed_price", price = 4000, on = "basket"'), SHIRT, SHOES) == [400, 600]


def test_the_cheapest_article_that_qualifies() -> None:
    off = saved(
        offer('kind = "percent_off", percent = 100, on = "cheapest"'), line("a", 2, 1200), line("b", 3, 900)
    )

    assert off == [0, 900]


def test_the_dearest_articles_as_many_as_said() -> None:
    text = offer('kind = "percent_off", percent = 50, on = "dearest", units = 3')

    assert saved(text, line("a", 2, 1200), line("b", 3, 900)) == [1200, 450]


def test_at_most_so_many_articles_get_it() -> None:
    text = offer('kind = "percent_off", percent = 50, units = 3')

    assert saved(text, line("a", 2, 1200), line("b", 2, 900)) == [600, 900]


def test_at_most_so_many_articles_of_each_line_get_it() -> None:
    text = offer('kind = "amount_off", amount = 200, per = "unit", units_per_line = 2')

    assert saved(text, line("a", 5, 1200), line("b", 1, 900)) == [400, 200]


@pytest.mark.parametrize(
    ("effect", "off"),
    [
        ("kind = 'free_delivery'", 590),
        ('kind = "percent_off", percent = 50, on = "delivery"', 295),
        ('kind = "amount_off", amount = 300, on = "delivery"', 300),
        ('kind = "amount_off", amount = 900, on = "delivery"', 590),
        ('kind = "fixed_price", price = 190, on = "delivery"', 400),
        ('kind = "fixed_price", price = 0, on = "delivery"', 590),
    ],
)
def test_the_delivery_is_reduced_apart_from_the_lines(effect: str, off: int) -> None:
    found = decided(offer(effect), line("a", 1, 1000), delivery=590)

    assert (found.given[0].delivery, found.given[0].lines) == (off, ())


def test_one_offer_may_have_several_effects() -> None:
    text = (
        '[[offers]]\ncode = "it"\neffects = [{ kind = "percent_off", percent = 10 }, { kind = "free_delivery" }]\n'
    )

    found = decided(text, line("a", 1, 1000), delivery=500)

    assert (found.given[0].lines, found.given[0].delivery, found.saving) == (((0, 100),), 500, 600)


def test_a_ceiling_of_the_effect_and_one_of_the_offer() -> None:
    assert saved(offer('kind = "percent_off", percent = 20, most = 500'), SHIRT, SHOES) == [200, 300]
    assert saved(offer('kind = "percent_off", percent = 20', more="most = 500"), SHIRT, SHOES) == [200, 300]


def test_no_article_below_the_floor() -> None:
    text = offer('kind = "percent_off", percent = 50, on = "all"', more="floor = 800")

    assert saved(text, line("a", 2, 1000), line("b", 1, 2000), line("c", 1, 700)) == [400, 1000, 0]


def test_no_article_below_its_cost_with_the_tax_on_it() -> None:
    text = offer('kind = "percent_off", percent = 50, on = "all"', more="floor_at_cost = true")
    with_tax = line("a", 1, 1200, tax=200, cost=700)  # cost 7.00 without tax: 8.40 with it
    unknown = line("b", 1, 1000)

    assert saved(text, with_tax, unknown) == [360, 500]


def test_lines_excluded_neither_count_nor_get_anything() -> None:
    text = offer('kind = "amount_off", amount = 1000', more="exclude = 'line.category == \"book\"'\nspend = 3000")

    assert saved(text, line("a", 1, 2500), line("b", 1, 5000, category="book")) == [0, 0]
    assert saved(text, line("a", 1, 3000), line("b", 1, 5000, category="book")) == [1000, 0]


def test_lines_at_the_list_price_and_reduced_ones() -> None:
    lines = (line("a", 1, 800, listed=1000), line("b", 1, 1000, listed=1000), line("c", 1, 1000))
    effect = 'kind = "percent_off", percent = 10, on = "all"'

    assert saved(offer(effect, more='prices = "list"').replace('on = "all"', 'on = "qualifying"'), *lines) == [
        0, 100, 100,
    ]  # fmt: skip
    assert saved(offer(effect, more='prices = "reduced"'), *lines) == [80, 0, 0]


def test_lines_brought_back_are_left_alone() -> None:
    text = offer('kind = "amount_off", amount = 1000')

    assert saved(text, line("a", 1, 3000), line("b", -1, 2000)) == [1000, 0]


def test_what_the_till_took_off_the_order_is_gone_already() -> None:
    text = offer('kind = "percent_off", percent = 10')

    assert saved(text, line("a", 1, 3000), line("b", 1, 1000), order_discount=400) == [270, 90]


def test_an_article_sold_by_weight_without_a_quantity_gets_percentages() -> None:
    text = offer('kind = "percent_off", percent = 10, on = "all"')

    assert saved(text, line("a", 0, 0, paid=1000)) == [100]


def test_huge_quantities_are_not_taken_article_by_article() -> None:
    fuel = line("fuel", 89_638, 2)

    assert saved(offer('kind = "nth_off", every = 3'), fuel) == [89_638 // 3 * 2]
    assert saved(offer('kind = "percent_off", percent = 50, on = "dearest", units = 70000'), fuel) == [70_000]
