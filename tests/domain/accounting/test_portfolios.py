"""What is earned of a portfolio, and what is allocated and taken back: always whole, never too much."""

from hypothesis import given
from hypothesis import strategies as st

from cagnotte.domain.accounting.entries import Kind, lines
from cagnotte.domain.accounting.portfolios import Moved, Nature, Portfolio, after, balance, earned, steps
from cagnotte.domain.accounting.values import Valued, allocated, cancelled, unit_value
from cagnotte.domain.points.accounts import Role
from cagnotte.domain.points.terms import UnitValue
from domain.programmes import HEAD, programme_of

RATES = st.integers(0, 10_000)
COUNTS = st.integers(0, 10_000)
PORTFOLIOS = st.builds(
    lambda used, expired, left, amount: Portfolio(used + expired + left, amount, used, expired),
    COUNTS, COUNTS, COUNTS, COUNTS,
)  # fmt: skip
LOTS = st.lists(
    st.builds(Valued, st.integers(1, 9_999), st.builds(UnitValue, st.integers(1, 50), st.integers(1, 50)), RATES),
    max_size=4,
)
MOVES = st.builds(
    lambda sale, back, used, expired: Moved({Nature.SALE: sale}, {Nature.TAKEN_BACK: back}, used, expired),
    st.tuples(COUNTS, COUNTS), st.tuples(COUNTS, COUNTS), st.integers(-99, 9_999), st.integers(-99, 9_999),
)  # fmt: skip


@given(paid=st.integers(-100, 10**9), lots=LOTS)
def test_what_is_allocated_to_lots_is_never_more_than_the_price(paid: int, lots: list[Valued]) -> None:
    parts = allocated(paid, lots)

    assert len(parts) == len(lots)
    assert all(part >= 0 for part in parts)
    assert sum(parts) <= max(paid, 0)


def test_parts_of_a_price_add_up_to_it() -> None:
    """10 paid, two lots worth 5 each: half of it is for goods, and no cent is lost."""
    assert allocated(10, [Valued(5, UnitValue(1, 1)), Valued(5, UnitValue(1, 1))]) == [3, 2]


def test_points_of_a_sale_without_a_price_are_free() -> None:
    assert allocated(0, [Valued(10, UnitValue(1, 1))]) == [0]
    assert allocated(-500, [Valued(10, UnitValue(1, 1))]) == [0]


@given(amount=COUNTS, parts=st.lists(st.integers(1, 500), min_size=1, max_size=6))
def test_all_parts_of_a_lot_taken_back_make_its_whole_amount(amount: int, parts: list[int]) -> None:
    taken = cancelled(amount, sum(parts), parts)

    assert sum(taken) == amount
    assert all(each >= 0 for each in taken)


@given(portfolio=PORTFOLIOS, rate=RATES)
def test_no_more_is_earned_than_there_is(portfolio: Portfolio, rate: int) -> None:
    assert 0 <= earned(portfolio, rate) <= portfolio.amount


@given(portfolio=PORTFOLIOS, rate=RATES)
def test_nothing_is_left_once_no_point_is(portfolio: Portfolio, rate: int) -> None:
    ended = Portfolio(portfolio.used + portfolio.expired, portfolio.amount, portfolio.used, portfolio.expired)

    assert balance(ended, rate) == 0


@given(portfolio=PORTFOLIOS, rate=RATES)
def test_points_that_nobody_used_are_owed_whole(portfolio: Portfolio, rate: int) -> None:
    unused = Portfolio(portfolio.left, portfolio.amount)

    assert balance(unused, rate) == (portfolio.amount if portfolio.left and rate < 10_000 else 0)


@given(before=PORTFOLIOS, moved=MOVES, was=RATES, now=RATES)
def test_entries_make_the_change_of_the_balance(before: Portfolio, moved: Moved, was: int, now: int) -> None:
    changes = steps(before, moved, breakage_before=was, breakage=now)

    assert sum(change for _, change in changes) == balance(after(before, moved), now) - balance(before, was)


def test_expiry_within_the_estimate_earns_nothing_and_beyond_it_all() -> None:
    """Of 100 points 20 are expected never to be used: the estimate has earned them with those that were used."""
    half_used = Portfolio(points=100, amount=800, used=40)

    within = dict(steps(half_used, Moved(expired=20), breakage_before=2_000, breakage=2_000))
    beyond = dict(steps(half_used, Moved(expired=60), breakage_before=2_000, breakage=2_000))

    assert within[Nature.EXPIRED] == 0
    assert beyond[Nature.EXPIRED] == -400


def test_a_change_is_debited_and_credited() -> None:
    [debit, credit] = lines(Kind.DEFERRED, Nature.SALE, 868)
    assert (debit.role, debit.debit, credit.role, credit.credit) == (Role.REVENUE, 868, Role.DEFERRED, 868)

    [debit, credit] = lines(Kind.DEFERRED, Nature.USED, -411)
    assert (debit.role, debit.debit, credit.role, credit.credit) == (Role.DEFERRED, 411, Role.REVENUE, 411)

    [debit, credit] = lines(Kind.PROVISION, Nature.GRANT, 50)
    assert (debit.role, credit.role) == (Role.EXPENSE, Role.PROVISION)

    [debit, credit] = lines(Kind.PROVISION, Nature.EXPIRED, -50)
    assert (debit.role, credit.role) == (Role.PROVISION, Role.REVERSAL)


def test_a_point_is_worth_what_the_accounts_say_else_the_till_else_the_best_conversion() -> None:
    voucher = '[[conversions]]\ncode = "{}"\npoints = {}\nvoucher = {{ amount = {} }}\n'
    conversions = voucher.format("small", 100, 400) + voucher.format("large", 200, 1_000)
    wallet, pays = "[wallets.points]\n", "value = { points = 100, amount = 450 }\n"
    said = "accounting = { value = { points = 10, amount = 48 }, breakage = 500 }\n"

    assert unit_value(programme_of(HEAD + wallet), "points") is None
    assert unit_value(programme_of(HEAD + wallet + conversions), "points") == UnitValue(200, 1_000)
    assert unit_value(programme_of(HEAD + wallet + pays + conversions), "points") == UnitValue(100, 450)
    assert unit_value(programme_of(HEAD + wallet + pays + said + conversions), "points") == UnitValue(10, 48)
