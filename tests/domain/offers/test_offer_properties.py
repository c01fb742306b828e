"""What holds for any offers and any basket."""

from itertools import combinations, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cagnotte.domain.baskets.basket import Line
from cagnotte.domain.offers.book import OfferBook
from cagnotte.domain.offers.decide import decide_offers
from cagnotte.domain.offers.eligibility import standing
from cagnotte.domain.offers.given import Standing
from cagnotte.domain.offers.goods import Goods
from cagnotte.domain.offers.policy import OddCents
from cagnotte.domain.offers.rivalry import Rivalry
from cagnotte.domain.offers.sharing import shared, shared_within
from cagnotte.domain.offers.turns import in_turn, take_turns
from cagnotte.domain.offers.values import OfferSale
from domain.offers.invented_offers import baskets, documents, offer_texts
from domain.offers.sales import NOON, decided, facts_of, offer, offers_of

type Basket = tuple[Line, ...]


@settings(deadline=None, max_examples=300)
@given(text=documents(), basket=baskets, delivery=st.integers(0, 900), order_discount=st.integers(0, 500))
def test_discounts_stay_within_each_line_and_add_up(
    text: str, basket: Basket, delivery: int, order_discount: int
) -> None:
    found = decided(text, *basket, delivery=delivery, order_discount=order_discount)

    off = found.line_discounts(len(basket))
    assert sum(off) + found.delivery == found.saving
    assert 0 <= found.delivery <= delivery
    for line, minor in zip(basket, off, strict=True):
        assert 0 <= minor <= max(line.paid, 0)
    goods = sum(line.paid for line in basket if line.paid > 0)
    assert sum(off) <= max(goods - min(order_discount, goods), 0) + (
        len(basket) if 'tax = "excluded"' in text else 0
    )
    assert all(minor > 0 for each in found.given for _, minor in each.lines)


@settings(deadline=None, max_examples=150)
@given(text=documents(), basket=baskets)
def test_the_same_sale_gives_the_same_answer(text: str, basket: Basket) -> None:
    assert decided(text, *basket, explain=True) == decided(text, *basket, explain=True)


@settings(deadline=None, max_examples=150)
@given(text=documents(most=7, choices=("best", "best_of_all")), basket=baskets)
def test_the_combination_is_as_good_as_trying_them_all(text: str, basket: Basket) -> None:
    found = decided(text, *basket, delivery=500)

    offers, policy = offers_of(text)
    worth = sum(each.worth for each in offers if each.code in {given.offer for given in found.given})
    assert found.is_proven
    if policy.tax_included:
        assert found.saving + worth == _best_of_all_allowed(text, basket)


def _best_of_all_allowed(text: str, basket: Basket) -> int:
    offers, policy = offers_of(text)
    goods = Goods(OfferSale(basket, NOON, facts_of(basket), delivery=500), policy)
    found = [standing(offer, place, goods, goods.bill()) for place, offer in enumerate(offers)]
    in_order = in_turn([each for each in found if isinstance(each, Standing)], policy, ())
    rivalry = Rivalry(in_order, policy)
    numbers = range(len(in_order))
    allowed = [
        frozenset(chosen)
        for size in range(len(in_order) + 1)
        for chosen in combinations(numbers, size)
        if all(rivalry.fits(number, frozenset(chosen) - {number}) for number in chosen)
    ]
    if policy.choose.value == "best":
        allowed = [
            chosen
            for chosen in allowed
            if not any(rivalry.fits(number, chosen) for number in numbers if number not in chosen)
        ]
    outcomes = [take_turns(rivalry.of(chosen), goods) for chosen in allowed]
    return max(outcome.saving + outcome.worth for outcome in outcomes)


@settings(deadline=None, max_examples=100)
@given(
    text=documents(most=5, choices=("best_of_all",)),
    more=offer_texts(code="more"),
    basket=baskets,
)
def test_one_more_offer_never_lowers_the_saving_when_any_may_be_withheld(
    text: str, more: str, basket: Basket
) -> None:
    before, after = decided(text, *basket), decided(text + more, *basket)

    worths = {each.code: each.worth for each in offers_of(text + more)[0]}
    assert _value(after, worths) >= _value(before, worths) - (len(basket) if 'tax = "excluded"' in text else 0)


def _value(found: object, worths: dict[str, int]) -> int:
    return found.saving + sum(worths[each.offer] for each in found.given)


CODED = "".join(
    offer(effect, code=f"c{number}", more=f'coupon = "C{number}"\n{more}')
    for number, (effect, more) in enumerate(
        [
            ('kind = "percent_off", percent = 30', ""),
            ('kind = "amount_off", amount = 700', "priority = 2"),
            ('kind = "nth_off", every = 2', 'stack = { group = "g", exclusive = true }'),
            ('kind = "percent_off", percent = 15, on = "all"', 'stack = { group = "g", exclusive = true }'),
        ]
    )
)


@settings(deadline=None, max_examples=50)
@given(basket=baskets)
def test_the_order_in_which_codes_are_typed_changes_nothing(basket: Basket) -> None:
    codes = ("C0", "C1", "C2", "C3")

    answers = [decided(CODED, *basket, coupons=order) for order in permutations(codes)]

    assert all(each.given == answers[0].given for each in answers)


@settings(deadline=None)
@given(
    total=st.integers(0, 10_000),
    weights=st.lists(st.integers(0, 3_000), min_size=1, max_size=8),
    odd=st.sampled_from(OddCents),
)
def test_shares_are_whole_and_add_up(total: int, weights: list[int], odd: OddCents) -> None:
    parts = shared(total, weights, odd)

    assert sum(parts) == (total if sum(weights) else 0)
    assert all(part >= 0 for part in parts)
    assert all(part == 0 for part, weight in zip(parts, weights, strict=True) if not weight)
    if odd is not OddCents.REST_TO_LAST and total <= sum(weights):
        assert all(part <= weight for part, weight in zip(parts, weights, strict=True))


@settings(deadline=None)
@given(
    total=st.integers(0, 10_000),
    pairs=st.lists(st.tuples(st.integers(0, 3_000), st.integers(0, 3_000)), min_size=1, max_size=8),
    odd=st.sampled_from(OddCents),
)
def test_shares_within_limits_take_all_that_fits(total: int, pairs: list[tuple[int, int]], odd: OddCents) -> None:
    weights, limits = [weight for weight, _ in pairs], [limit for _, limit in pairs]

    parts = shared_within(total, weights, limits, odd)

    assert sum(parts) == min(total, sum(limits))
    assert all(0 <= part <= limit for part, limit in zip(parts, limits, strict=True))


@pytest.mark.parametrize("codes", [("A",), ("A", "B")])
def test_lines_in_another_order_give_the_same_total(codes: tuple[str, ...]) -> None:
    basket = [Line("a", 2, 1999), Line("b", 1, 701), Line("c", 3, 3333)]
    text = CODED.replace('"C0"', '"A"').replace('"C1"', '"B"')

    totals = {decided(text, *order, coupons=codes).saving for order in permutations(basket)}

    assert len(totals) == 1


@settings(deadline=None, max_examples=100)
@given(text=documents(), basket=baskets, codes=st.lists(st.sampled_from(("C0", "C1", "NONE"))).map(tuple))
def test_looking_offers_up_gives_what_trying_them_all_gives(
    text: str, basket: Basket, codes: tuple[str, ...]
) -> None:
    offers, policy = offers_of(text + CODED)
    sale = OfferSale(basket, NOON, facts_of(basket), coupons=codes)

    assert decide_offers(OfferBook(offers), policy, sale) == decide_offers(offers, policy, sale)
