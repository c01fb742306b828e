"""Invented programmes that earn, as document texts, and baskets for them."""

from datetime import date, datetime, timedelta

from hypothesis import strategies as st

from cagnotte.domain.baskets.basket import Basket, Line

FIRST = date(2027, 12, 20)
MODES = st.sampled_from(["down", "half_up", "half_even", "up"])
CONDITIONS = st.sampled_from(
    [
        "weekday >= 3",
        "hour >= 12 && hour < 18",
        "eligible.paid >= 2500",
        "eligible.quantity > 2",
        "paid < 6000",
        'lines.exists(l, l.category == "wine")',
        "order_number % 2 == 1",
        "balance > 40",
        "day_of_month == 1 || month == 12",
        'store == "s1"',
        "during.happy",
        "measures.spent > 5000",
        'tier == "gold"',
    ]
)
NUMBERS = st.sampled_from(
    [
        "eligible.paid / 130",
        "paid / 200 - 10",
        "eligible.quantity * 3",
        "eligible.products * 2",
        'lines.filter(l, l.category == "wine").map(l, l.paid).sum() / 70',
        "measures.spent / 1000",
        "balance / 7",
    ]
)
LINES_OF = st.sampled_from(['line.category == "wine"', "line.paid > 1000", "line.is_reduced", "line.quantity > 1"])
EVERY = ("sale", "hour", "day", "week", "month", "quarter", "year", "ever")
WITHIN = ("3 days", "10 days", "1 month")
CAP_TIMES = st.sampled_from([*(f'every = "{each}"' for each in EVERY), *(f'within = "{each}"' for each in WITHIN)])


@st.composite
def caps(draw: st.DrawFn, units: tuple[str, ...] = ("points", "times", "money")) -> str:
    unit, when = draw(st.sampled_from(units)), draw(CAP_TIMES)
    if unit == "times" and "sale" in when:
        unit = "points"
    most = draw(st.integers(1, {"points": 60, "times": 3, "money": 9_000}[unit]))
    scope = draw(st.sampled_from(["member", "member", "store", "programme", "household"]))
    return f'{unit} = {most}, per = "{scope}", {when}'


@st.composite
def amounts(draw: st.DrawFn) -> str:
    kind = draw(st.sampled_from(["fixed", "formula", "rate", "rate", "rate of", "bands"]))
    points, per = draw(st.integers(1, 5)), draw(st.sampled_from([30, 70, 100, 130, 1000]))
    match kind:
        case "fixed":
            return f"points = {draw(st.integers(0, 40))}\n"
        case "formula":
            return f"points = '{draw(NUMBERS)}'\n"
        case "rate":
            return f"points = {points}\nper = {per}\n"
        case "rate of":
            return f"points = {points}\nper = {draw(st.integers(1, 9))}\nof = '{draw(NUMBERS)}'\n"
        case _:
            ends = sorted(draw(st.sets(st.integers(1, 6_000), max_size=3)))
            bands = [f"{{ upto = {end}, points = {draw(st.integers(0, 4))}, per = {per} }}" for end in ends]
            bands.append(f"{{ points = {points}, per = {draw(st.integers(1, 300))} }}")
            marginal = draw(st.sampled_from(["", "marginal = false\n", "marginal = true\n"]))
            return f"bands = [{', '.join(bands)}]\n{marginal}"


def maybe(draw: st.DrawFn, text: st.SearchStrategy[str], odds: int = 3) -> str:
    return draw(text) if draw(st.integers(1, odds)) == 1 else ""


def moments(first: int, last: int) -> st.SearchStrategy[str]:
    """A date, or a local time, so many days from the first."""
    days = st.integers(first, last).map(lambda n: (FIRST + timedelta(days=n)).isoformat())
    return st.one_of(days, st.builds(lambda day, hour: f"{day}T{hour:02}:00:00", days, st.integers(0, 23)))


@st.composite
def lives(draw: st.DrawFn) -> str:
    text = ""
    if draw(st.integers(1, 3)) == 1:
        text += f"begins = {draw(moments(-3, 4))}\n"
    if draw(st.integers(1, 3)) == 1:
        text += f"ends = {draw(moments(6, 30))}\n"
    return text


@st.composite
def rules(draw: st.DrawFn, code: str, shared: tuple[str, ...], groups: bool, roundable: bool) -> str:
    text = f'[[earn]]\ncode = "{code}"\n' + draw(amounts())
    text += maybe(draw, CONDITIONS.map(lambda rule: f"when = '{rule}'\n"))
    text += maybe(draw, LINES_OF.map(lambda rule: f"lines = '{rule}'\n"))
    text += maybe(draw, lives())
    text += maybe(draw, st.sampled_from(['during = ["happy"]\n', 'during = ["happy", "new_year"]\n']), 5)
    text += maybe(draw, st.just('coupon = "PROMO"\n'), 8)
    text += 'group = "best"\n' if groups else ""
    in_money = "of = " not in text and ("per = " in text or "lines = " not in text)
    units = ("points", "times", "money") if in_money else ("points", "times")
    text += maybe(draw, caps(units).map(lambda cap: f"cap = {{ {cap} }}\n"))
    if shared:
        text += maybe(draw, st.just(f'caps = ["{shared[0]}"]\n'))
    if roundable:
        text += maybe(
            draw,
            st.builds(
                lambda mode, per: f'rounding = {{ mode = "{mode}", per = "{per}" }}\n',
                MODES,
                st.sampled_from(["rule", "line"]),
            ),
        )
    return text


@st.composite
def multipliers(draw: st.DrawFn, code: str, names: list[str], group: bool) -> str:
    factor = draw(st.sampled_from(["2", "3", '"1.5"', '"1.25"', '"1.3333"']))
    text = f'[[earn]]\ncode = "{code}"\nmultiply = {factor}\n'
    text += maybe(draw, CONDITIONS.map(lambda rule: f"when = '{rule}'\n"))
    chosen = draw(st.lists(st.sampled_from(names), unique=True, max_size=2))
    text += f"rules = {list(chosen)}\n".replace("'", '"') if chosen else ""
    text += maybe(draw, caps(("points", "times")).map(lambda cap: f"cap = {{ {cap} }}\n"))
    return text + ('group = "more"\n' if group else "")


@st.composite
def policies(draw: st.DrawFn) -> tuple[str, bool]:
    per = draw(st.sampled_from(["rule", "rule", "line", "sale"]))
    text = f'[earning]\nrounding = {{ mode = "{draw(MODES)}", per = "{per}" }}\n'
    for key, words in (
        ("price", ("paid", "list")),
        ("tax", ("included", "excluded")),
        ("delivery", ("counted", "not_counted")),
        ("order_discount", ("spread", "apart")),
        ("ends", ("inclusive", "exclusive")),
        ("offers", ("before", "after")),
        ("both_match", ("include", "exclude")),
    ):
        text += maybe(draw, st.sampled_from([f'{key} = "{word}"\n' for word in words]), 2)
    text += maybe(draw, LINES_OF.map(lambda rule: f"exclude = '{rule}'\n"))
    text += maybe(draw, LINES_OF.map(lambda rule: f"include = '{rule}'\n"))
    on, combine = draw(st.sampled_from(["rounded", "exact"])), draw(st.sampled_from(["add", "multiply", "best"]))
    fixed = draw(st.sampled_from(["included", "excluded"]))
    text += f'multiply = {{ on = "{on}", combine = "{combine}", fixed = "{fixed}" }}\n'
    return text, per != "sale"


WORLD = """[measures.spent]
counts = "paid"
[calendars.happy]
rule = "FREQ=WEEKLY;BYDAY=MO,TU,SA"
from = 2027-01-01
hours = ["09:00-12:00", "22:00-02:00"]
[calendars.new_year]
rule = "FREQ=DAILY"
from = 2027-12-31
until = 2028-01-02
except = [2028-01-01]
[[tiers]]
code = "gold"
reach = { spend = 10000 }
"""


@st.composite
def earning_texts(draw: st.DrawFn) -> str:
    policy, roundable = draw(policies())
    shared = draw(st.one_of(st.none(), caps(("points", "times"))))
    text = policy + WORLD + (f"[caps.shared]\n{shared}\n".replace(", ", "\n") if shared else "")
    grouped = draw(st.sampled_from([(), (0, 1), (1, 2)]))
    names = [f"rule{n}" for n in range(draw(st.integers(3, 4)))]
    shared_codes = ("shared",) if shared else ()
    for n, name in enumerate(names):
        text += draw(rules(name, shared_codes, n in grouped, roundable))
    count, together = draw(st.integers(0, 3)), draw(st.booleans())
    for n in range(count):
        text += draw(multipliers(f"times{n}", names, together and count > 1))
    return text


LINES = st.builds(
    lambda paid, more, tax, **rest: Line(
        paid=paid, listed=None if more is None else paid + more, tax=abs(paid) * tax // 100, **rest
    ),
    paid=st.integers(-1_500, 5_000),
    more=st.one_of(st.none(), st.integers(-200, 900)),
    tax=st.sampled_from([0, 5, 17]),
    sku=st.just("a"),
    quantity=st.integers(-1, 4),
    category=st.sampled_from(["wine", "bread"]),
)


SOLD = st.builds(
    lambda paid, tax, **rest: Line(paid=paid, tax=paid * tax // 100, **rest),
    paid=st.integers(0, 9_000),
    tax=st.sampled_from([0, 17]),
    sku=st.just("a"),
    quantity=st.integers(1, 3),
    category=st.sampled_from(["wine", "bread"]),
)


@st.composite
def baskets(draw: st.DrawFn, days: int = 20, lines: st.SearchStrategy[Line] = LINES) -> Basket:
    at = datetime.combine(FIRST + timedelta(days=draw(st.integers(0, days))), datetime.min.time())
    at += timedelta(hours=draw(st.integers(0, 23)), minutes=draw(st.sampled_from([0, 0, 30])))
    sold = tuple(draw(st.lists(lines, min_size=1, max_size=4)))
    off = draw(st.sampled_from([0, 0, 0, 333]))
    return Basket(
        at,
        draw(st.sampled_from(["s1", "s2"])),
        sold,
        coupons=draw(st.sampled_from([(), (" pro-mo",)])),
        order_discount=off if off <= sum(line.paid for line in sold) else 0,
        delivery=draw(st.sampled_from([0, 0, 490])),
    )
