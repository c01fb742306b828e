"""Random offers and baskets for properties."""

from hypothesis import strategies as st

from cagnotte.domain.baskets.basket import Line

_LINES = ("", "lines = 'line.sku == \"a\"'", "lines = 'line.quantity > 1'", "lines = 'line.paid < 3000'")
_EFFECTS = (
    'kind = "percent_off", percent = {n}',
    'kind = "percent_off", percent = {n}, on = "all"',
    'kind = "percent_off", percent = {n}, on = "cheapest"',
    'kind = "percent_off", percent = {n}, on = "dearest", units = 2',
    'kind = "amount_off", amount = {n}0',
    'kind = "amount_off", amount = {n}, per = "unit"',
    'kind = "amount_off", amount = {n}, per = "line", units_per_line = 2',
    'kind = "fixed_price", price = {n}',
    'kind = "nth_off", every = 3',
    'kind = "nth_off", every = 2, percent = {n}',
    'kind = "buy_get", buy = 2, get = 1',
    'kind = "buy_get", buy = 1, get = 1, get_lines = \'line.sku == "b"\'',
    'kind = "bundle", quantity = 3, price = {n}',
    """kind = "bundle", percent = {n}, parts = [{{ lines = 'line.sku == "a"' }}, """
    """{{ lines = 'line.sku == "b"' }}]""",
    'kind = "steps", steps = [{{ from = 1000, amount = {n} }}, {{ from = 5000, percent = {n} }}]',
    'kind = "steps", every = 2, by = "quantity", amount = {n}',
    'kind = "percent_off", percent = {n}, on = "delivery"',
    'kind = "points_bonus", points = {n}',
)
_STACKS = (
    "",
    "",
    'stack = { group = "g", exclusive = true }',
    'stack = { group = "h", exclusive = true }',
    'stack = { group = "g" }',
    "stack = { exclusive = true }",
    'stack = { group = "k", combines_with = ["g"] }',
)
_MORE = ("", "", "spend = 2000", "quantity = 2", "most = 700", "floor = 300", "priority = 3", "worth = 40")
_POLICIES = (
    "",
    'works_on = "original"',
    'price = "list"',
    'rounding = { mode = "down", per = "unit" }',
    'rounding = { mode = "up", per = "basket" }',
    'share_by = "quantity"',
    'share_by = "lines"',
    'odd_cents = "last"',
    'odd_cents = "rest_to_last"',
    'threshold = "after"',
    'groups = "least"',
    'groups = "basket_order"\npartial = true',
    'pick = "dearest"',
    'gift = "among"',
    'floor_refused = "moved"',
    'units = "once"',
    'tax = "excluded"',
    "most_percent = 30",
    "below_zero = false",
    "one_basket_percentage = true",
    "offers_most = 2",
)
_CHOICES = ("best", "best_of_all", "priority", "exclusive_first")


@st.composite
def lines(draw: st.DrawFn) -> Line:
    quantity, price = draw(st.integers(-1, 5)), draw(st.integers(0, 4000))
    paid = quantity * price + draw(st.integers(0, 3)) if quantity > 0 else quantity * price
    tax = draw(st.sampled_from((0, max(paid, 0) // 6)))
    listed = draw(st.sampled_from((None, paid, paid + 500)))
    return Line(draw(st.sampled_from("abc")), quantity, paid, listed=listed, tax=tax)


@st.composite
def offer_texts(draw: st.DrawFn, *, code: str, stacks: tuple[str, ...] = _STACKS) -> str:
    effect = draw(st.sampled_from(_EFFECTS)).format(n=draw(st.integers(1, 100)))
    more = {draw(st.sampled_from(choice)) for choice in (_LINES, stacks, _MORE, _MORE)}
    return f'[[offers]]\ncode = "{code}"\neffect = {{ {effect} }}\n' + "\n".join(_one_of_each(more)) + "\n"


@st.composite
def documents(draw: st.DrawFn, *, most: int = 6, choices: tuple[str, ...] = _CHOICES) -> str:
    offers = [draw(offer_texts(code=f"o{number}")) for number in range(draw(st.integers(1, most)))]
    return f'[offer_policy]\nchoose = "{draw(st.sampled_from(choices))}"\n{draw(st.sampled_from(_POLICIES))}\n' + (
        "".join(offers)
    )


baskets = st.lists(lines(), min_size=1, max_size=5).map(tuple)


def _one_of_each(more: set[str]) -> list[str]:
    """Sorted, and of lines with the same key only one: a document says each key once."""
    return list({line.split(" = ")[0]: line for line in sorted(more) if line}.values())
