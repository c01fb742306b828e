"""Invented programmes with wallets, achievements, tiers and all else, and the lives of members in them."""

from datetime import date, datetime, time, timedelta

import msgspec
from hypothesis import strategies as st

from cagnotte.domain.baskets.basket import Basket
from cagnotte.domain.members.profile import Profile
from domain.evaluator.invented_earning import FIRST, LINES, SOLD, baskets, earning_texts, maybe

PERIODS = st.sampled_from(["1 day", "3 days", "10 days", "1 month", "45 days", "3 months"])
REACHES = (
    'spend = 5000, window = "calendar_year"',
    'visits = 2, window = "anniversary"',
    'visits = 3, within = "10 days"',
    'points = 40, wallet = "stars", window = "calendar_year"',
    'measure = "articles", at_least = 5',
    'spend = 0, within = "3 days"',
)
OWN_TERMS = (
    "",
    'expiry = "never"\n',
    'pending = "none"\n',
    'expiry = { after = "20 days", by_tier = { gold = "1 month" } }\n',
    'pending = { for = "2 days" }\nexpiry = { after = "10 days", rounded_to = "month", counts_from = "usable" }\n',
    'expiry = { on = "02-28", after = "1 month" }\n',
)
WALLETS = ("points", "stars")


@st.composite
def wallets(draw: st.DrawFn, code: str) -> str:
    """One wallet's tables."""
    text = f"[wallets.{code}]\n"
    expiry = []
    if draw(st.booleans()):
        expiry.append(f'after = "{draw(PERIODS)}"')
        expiry += draw(st.sampled_from([[], ['rounded_to = "month"'], ['rounded_to = "quarter"']]))
        expiry += draw(st.sampled_from([[], ['counts_from = "usable"']]))
        expiry += draw(st.sampled_from([[], ['by_tier = { gold = "2 months" }']]))
    if draw(st.integers(1, 4)) == 1:
        expiry.append(f'on = "{draw(st.sampled_from(["12-31", "01-31", "03-01", "02-28"]))}"')
    if draw(st.integers(1, 4)) == 1:
        expiry.append(f'idle = "{draw(PERIODS)}"')
    text += f"expiry = {{ {', '.join(expiry)} }}\n" if expiry else ""
    pending = draw(
        st.sampled_from(["", "", 'for = "3 days"', 'for = "1 month"', "until = 2028-01-10", 'event = "delivered"'])
    )
    text += f"pending = {{ {pending} }}\n" if pending else ""
    text += draw(
        st.sampled_from(
            [
                'negative = "never"\n',
                'negative = "clawback_only"\n',
                'negative = "allowed"\n',
                'negative = "allowed"\nowed_most = 12\n',
            ]
        )
    )
    order = draw(st.sampled_from(["soonest_expiry", "oldest", "newest"]))
    over = draw(st.sampled_from(["refuse", "cut"]))
    step, least = draw(st.sampled_from([1, 1, 5])), draw(st.sampled_from([1, 1, 7]))
    text += f'burn = {{ order = "{order}", over_asked = "{over}", step = {step}, least = {least} }}\n'
    return text + f"value = {{ points = {draw(st.sampled_from([1, 3]))}, amount = 7 }}\n"


@st.composite
def achievements(draw: st.DrawFn, code: str) -> str:
    text = (
        f'[[achievements]]\ncode = "{code}"\non = "{draw(st.sampled_from(["purchase", "purchase", "visit"]))}"\n'
    )
    text += f"target = {draw(st.integers(1, 4))}\npoints = {draw(st.integers(0, 9))}\n"
    text += f'wallet = "{draw(st.sampled_from(WALLETS))}"\n'
    text += maybe(draw, st.sampled_from(["day", "week", "month"]).map(lambda each: f'streak = "{each}"\n'))
    text += maybe(draw, st.just("repeats = true\n"), 2)
    return text


@st.composite
def life_texts(draw: st.DrawFn) -> str:
    text = draw(earning_texts())
    text = f"[events.visit]\n[events.delivered]\n{draw(wallets('points'))}{draw(wallets('stars'))}{text}"
    text += '[[earn]]\ncode = "star"\nwallet = "stars"\npoints = 1\nper = 300\n'
    text += '[[earn]]\ncode = "lasting"\nwallet = "stars"\npoints = 2\nper = 500\n'
    text += draw(st.sampled_from(OWN_TERMS))
    for on in ("visit", "birthday", "anniversary", "enrolment"):
        gift = f'[[earn]]\ncode = "on-{on}"\non = "{on}"\npoints = {draw(st.integers(1, 30))}\n'
        text += maybe(draw, st.just(gift), 2)
    for n in range(draw(st.integers(0, 2))):
        text += draw(achievements(f"badge{n}"))
    text += '[[tiers]]\ncode = "platinum"\nreach = { points = 150, within = "1 month" }\n'
    text += '[measures.articles]\ncounts = "eligible.quantity"\nwithin = "10 days"\n'
    for n, reach in enumerate(draw(st.lists(st.sampled_from(REACHES), unique=True, max_size=2))):
        text += f'[[tiers]]\ncode = "club{n}"\nfamily = "club"\nreach = {{ {reach} }}\n'
    text += maybe(draw, st.just('[[conversions]]\ncode = "five"\npoints = 35\nvoucher = { amount = 500 }\n'))
    text += maybe(draw, st.just("[returns]\ngive_back_uses = false\n"), 5)
    text += maybe(
        draw, st.just('[referral]\nsponsor = { points = 9 }\nfriend = { points = 4 }\nafter = "3 days"\n')
    )
    return text


class Bought(msgspec.Struct, frozen=True):
    basket: Basket
    pays: tuple[tuple[str, int], ...] = ()


class BroughtBack(msgspec.Struct, frozen=True):
    """Some of the sale's lines (all: None), of the sale so many before."""

    at: datetime
    ago: int
    places: tuple[int, ...] | None


class Spent(msgspec.Struct, frozen=True):
    at: datetime
    wallet: str
    points: int


class Given(msgspec.Struct, frozen=True):
    at: datetime
    wallet: str
    points: int
    ends: int | None = None


class Taken(msgspec.Struct, frozen=True):
    at: datetime
    wallet: str
    points: int
    of_last_gift: bool = False


class Met(msgspec.Struct, frozen=True):
    """A declared event, of the last sale or of none."""

    at: datetime
    name: str
    of_sale: bool


class Passed(msgspec.Struct, frozen=True):
    at: datetime


type Act = Bought | BroughtBack | Spent | Given | Taken | Met | Passed

MOMENTS = st.builds(
    lambda day, hour: datetime.combine(FIRST + timedelta(days=day), time(hour)),
    st.integers(0, 90),
    st.integers(0, 23),
)
CODES = st.sampled_from(WALLETS)
BACK = st.builds(
    BroughtBack,
    MOMENTS,
    st.integers(1, 3),
    st.one_of(st.none(), st.lists(st.integers(0, 3), min_size=1, max_size=2).map(tuple)),
)
ACTS: st.SearchStrategy[Act] = st.one_of(
    st.builds(
        Bought,
        baskets(90, st.one_of(SOLD, SOLD, LINES)),
        st.one_of(st.just(()), st.tuples(st.tuples(CODES, st.integers(1, 40)))),
    ),
    st.builds(Bought, baskets(90, SOLD)),
    BACK,
    BACK,
    st.builds(Spent, MOMENTS, CODES, st.integers(1, 90)),
    st.builds(Given, MOMENTS, CODES, st.integers(1, 60), st.one_of(st.none(), st.integers(1, 30))),
    st.builds(Taken, MOMENTS, CODES, st.integers(1, 60), st.booleans()),
    st.builds(Met, MOMENTS, st.sampled_from(["visit", "delivered"]), st.booleans()),
    st.builds(Passed, MOMENTS),
)


def moment(act: Act) -> datetime:
    return act.basket.at if isinstance(act, Bought) else act.at


PROFILES = st.builds(
    Profile,
    enrolled_on=st.sampled_from([None, date(2024, 2, 29), date(2027, 1, 31)]),
    born_on=st.sampled_from([None, date(2000, 2, 29), date(1990, 1, 1)]),
    household=st.sampled_from(["", "h1"]),
    sponsor=st.sampled_from([None, 5]),
)
HISTORIES = st.tuples(st.lists(ACTS, min_size=1, max_size=10), st.integers(0, 9)).map(
    lambda drawn: drawn[0] if drawn[1] == 0 else sorted(drawn[0], key=moment)
)
"""Nine of ten in the order of their time; the others with sales that arrive late."""
