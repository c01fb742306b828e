"""Which offers are given together, and what the others are told."""

from domain.offers.sales import decided, line, offer, saved

BASKET = (line("a", 1, 6000), line("b", 1, 4000))


def amount(code: str, minor: int, stack: str = "", more: str = "") -> str:
    said = f"stack = {{ {stack} }}\n" if stack else ""
    return offer(f'kind = "amount_off", amount = {minor}', code=code, more=said + more)


def given(text: str) -> list[str]:
    return [each.offer for each in decided(text, *BASKET).given]


def test_offers_that_say_nothing_go_together() -> None:
    assert given(amount("a", 100) + amount("b", 200)) == ["a", "b"]


def test_a_larger_priority_is_given_first() -> None:
    text = offer('kind = "percent_off", percent = 50', code="half") + amount("ten", 1000, more="priority = 1")

    assert [(each.offer, each.saving) for each in decided(text, *BASKET).given] == [("ten", 1000), ("half", 4500)]


def test_in_an_exclusive_group_the_best_for_the_member_wins() -> None:
    text = amount("a", 100, 'group = "g", exclusive = true') + amount("b", 200, 'group = "g", exclusive = true')

    found = decided(text + amount("c", 50), *BASKET, explain=True)

    assert [each.offer for each in found.given] == ["b", "c"]
    assert [(each.offer, each.reason.value, each.lost_to, each.alone) for each in found.refused] == [
        ("a", "lost", ("b",), 100)
    ]


def test_a_tie_goes_to_the_one_written_first() -> None:
    text = amount("a", 100, 'group = "g", exclusive = true') + amount("b", 100, 'group = "g", exclusive = true')

    assert given(text) == ["a"]


def test_an_offer_exclusive_without_a_group_excludes_all_others() -> None:
    assert given(amount("a", 100) + amount("b", 250, "exclusive = true") + amount("c", 100)) == ["b"]
    assert given(amount("a", 100) + amount("b", 150, "exclusive = true") + amount("c", 100)) == ["a", "c"]


def test_an_offer_may_say_with_which_groups_it_combines() -> None:
    text = (
        amount("product", 300, 'group = "product", combines_with = ["delivery"]')
        + amount("order", 200, 'group = "order", combines_with = ["delivery"]')
        + offer('kind = "free_delivery"', code="delivery", more='stack = { group = "delivery" }')
    )

    found = decided(text, *BASKET, delivery=500)

    assert [each.offer for each in found.given] == ["product", "delivery"]


def test_nothing_is_given_after_an_offer_that_is_the_last() -> None:
    text = '[offer_policy]\nchoose = "priority"\n' + amount("first", 100, "last = true", more="priority = 1")

    assert given(text + amount("second", 500)) == ["first"]


def test_the_best_of_a_group_may_be_chosen_for_each_line() -> None:
    per_line = 'group = "catalogue", best_per = "line"'
    text = offer(
        'kind = "percent_off", percent = 10, on = "all"', code="all", more=f"stack = {{ {per_line} }}"
    ) + offer(
        'kind = "percent_off", percent = 20',
        code="some",
        more=f"lines = 'line.sku == \"b\"'\nstack = {{ {per_line} }}",
    )

    found = decided(text, *BASKET)

    assert [(each.offer, each.lines) for each in found.given] == [("all", ((0, 600),)), ("some", ((1, 800),))]


def test_an_offer_that_wins_no_line_has_lost() -> None:
    per_line = 'stack = { group = "catalogue", best_per = "line" }'
    text = offer('kind = "percent_off", percent = 10, on = "all"', code="ten", more=per_line) + offer(
        'kind = "percent_off", percent = 20, on = "all"', code="twenty", more=per_line
    )

    found = decided(text, *BASKET)

    assert [each.offer for each in found.given] == ["twenty"]
    assert [(each.offer, each.alone) for each in found.refused] == [("ten", 1000)]


def test_lines_already_discounted_may_be_left_out() -> None:
    first = offer('kind = "percent_off", percent = 10', code="x", more="lines = 'line.sku == \"a\"'\npriority = 1")
    second = offer(
        'kind = "percent_off", percent = 10, on = "all"', code="y", more="stack = { on_discounted = false }"
    )

    assert saved(first + second, *BASKET) == [600, 400]


def test_two_small_offers_that_go_together_beat_one_large_one() -> None:
    text = (
        amount("large", 300, 'group = "g", exclusive = true')
        + amount("one", 200, 'group = "g"')
        + amount("two", 150, 'group = "g"')
    )

    assert given(text) == ["one", "two"]


def test_an_offer_may_be_withheld_when_others_give_more_without_it() -> None:
    first = amount("first", 100, more="priority = 1")
    second = offer(
        'kind = "amount_off", amount = 900', code="second", more='spend = 10000\npolicy = { threshold = "after" }'
    )

    assert given(first + second) == ["first"]
    assert given('[offer_policy]\nchoose = "best_of_all"\n' + first + second) == ["second"]


def test_the_worth_of_a_gift_counts_among_competing_offers() -> None:
    gift = offer(
        'kind = "gift", what = "mug"', code="gift", more='worth = 250\nstack = { group = "g", exclusive = true }'
    )

    assert given(amount("a", 200, 'group = "g", exclusive = true') + gift) == ["gift"]
    assert given(amount("a", 300, 'group = "g", exclusive = true') + gift) == ["a"]


def test_many_competing_offers_are_still_decided_with_a_bound() -> None:
    chain = "".join(
        amount(f"o{n}", 100 + n, f'group = "g{n % 7}", exclusive = {"true" if n % 3 else "false"}', more="")
        for n in range(60)
    )

    found = decided(chain, *BASKET)

    assert found.saving <= found.bound
    assert found.is_proven or found.bound > found.saving
    assert found == decided(chain, *BASKET)


def test_a_thousand_offers_of_one_group_are_decided() -> None:
    text = "".join(amount(f"o{n}", 100 + n, 'group = "g", exclusive = true') for n in range(1000))

    assert given(text) == ["o999"]
