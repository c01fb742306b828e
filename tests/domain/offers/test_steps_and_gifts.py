"""Steps by spend and quantity, and what is given besides discounts."""

from domain.offers.sales import decided, line, offer, saved

STEPS = 'kind = "steps", steps = [{ from = 10000, amount = 1000 }, { from = 20000, amount = 2500 }]'


def test_the_highest_step_that_is_reached_counts() -> None:
    assert saved(offer(STEPS), line("a", 1, 9999)) == [0]
    assert saved(offer(STEPS), line("a", 1, 10000)) == [1000]
    assert saved(offer(STEPS), line("a", 1, 25000)) == [2500]


def test_what_is_missing_for_the_next_step_is_said() -> None:
    found = decided(offer(STEPS), line("a", 1, 17500), explain=True)

    assert [(each.reason.value, each.missing) for each in found.refused] == [("next_step", 2500)]


def test_steps_by_quantity_with_percentages() -> None:
    text = offer(
        'kind = "steps", by = "quantity", steps = [{ from = 3, percent = 10 }, { from = 6, percent = 20 }]'
    )

    assert saved(text, line("a", 2, 1000)) == [0]
    assert saved(text, line("a", 2, 1000), line("b", 4, 500)) == [400, 400]


def test_quantity_prices_are_steps_of_each_line() -> None:
    text = offer(
        'kind = "steps", by = "quantity", by_line = true,'
        " steps = [{ from = 5, price = 900 }, { from = 10, price = 800 }]"
    )

    assert saved(text, line("a", 4, 1000), line("b", 5, 1000), line("c", 12, 1000)) == [0, 500, 2400]


def test_each_fifty_spent_gives_five() -> None:
    text = offer('kind = "steps", every = 5000, amount = 500')

    assert [saved(text, line("a", 1, paid))[0] for paid in (4999, 5000, 12500)] == [0, 500, 1000]


def test_each_three_articles_give_five() -> None:
    text = offer('kind = "steps", by = "quantity", every = 3, amount = 500', more="times = 2")

    assert [saved(text, line("a", count, 1000))[0] for count in (2, 3, 6, 30)] == [0, 500, 1000, 1000]


def test_an_offer_that_repeats_is_given_as_often_as_its_threshold_fits() -> None:
    text = offer('kind = "amount_off", amount = 500', more="spend = 5000\nrepeat = true")

    assert [saved(text, line("a", 1, paid))[0] for paid in (4999, 5000, 12500)] == [0, 500, 1000]
    assert decided(text, line("a", 1, 12500)).given[0].times == 2


def test_gifts_are_given_as_often_as_the_offer() -> None:
    text = offer('kind = "gift", what = "mug"', more="quantity = 2\nrepeat = true\ntimes = 3")

    found = decided(text, line("a", 5, 1000))

    assert [(each.kind, each.what, each.quantity) for each in found.given[0].presents] == [("product", "mug", 2)]
    assert found.given[0].times == 2


def test_a_gift_may_be_chosen_by_the_member() -> None:
    found = decided(offer('kind = "gift", of = "experience", choices = ["spa", "cinema"]'), line("a", 1, 1000))

    [gift] = found.given[0].presents
    assert (gift.kind, gift.choices) == ("experience", ("spa", "cinema"))


def test_vouchers_of_an_amount_or_a_share_of_what_is_paid() -> None:
    text = (
        '[[offers]]\ncode = "it"\neffects = [{ kind = "percent_off", percent = 10 },'
        ' { kind = "voucher", amount = 500, valid_for = "30 days" }, { kind = "voucher", percent = 20 }]\n'
    )

    vouchers = decided(text, line("a", 1, 1000)).given[0].vouchers

    assert [(each.amount_minor, str(each.valid_for)) for each in vouchers] == [(500, "30 days"), (180, "None")]


def test_points_once_per_amount_and_multiplied() -> None:
    text = (
        '[[offers]]\ncode = "it"\neffects = [{ kind = "points_bonus", points = 50 },'
        ' { kind = "points_bonus", points = 2, per_amount = 300, wallet = "stars" },'
        ' { kind = "points_multiplier", multiply = "1.5" }]\n'
    )

    given = decided(text, line("a", 1, 1000)).given[0]

    assert given.points == (("points", 50), ("stars", 6))
    assert [(each.wallet, each.basis_points) for each in given.multipliers] == [("points", 15_000)]


def test_points_tied_to_a_code_come_only_with_the_code() -> None:
    text = offer('kind = "points_bonus", points = 10', more='coupon = "PROMO10"')

    assert decided(text, line("pen", 1, 10000)).given == ()
    assert decided(text, line("pen", 1, 10000), coupons=("PROMO10",)).given[0].points == (("points", 10),)


def test_a_message_alone_is_an_offer_too() -> None:
    found = decided(offer('kind = "message", text = "Hello", place = "till"'), line("a", 1, 1000))

    assert [(each.text["fr"], each.place) for each in found.given[0].messages] == [("Hello", "till")]


def test_a_message_is_not_shown_when_its_discount_takes_nothing_off() -> None:
    text = (
        '[[offers]]\ncode = "it"\neffects = [{ kind = "free_delivery" }, { kind = "message", text = "Free!" }]\n'
    )

    assert decided(text, line("a", 1, 1000)).given == ()
