"""Invented rules and baskets of a retailer's size, the same for every engine and every run."""

from datetime import datetime, timedelta
from random import Random

import msgspec

_SEED = 11
_STORES = 40
_CATEGORIES = 60
_BRANDS = 120
_SKUS = 2_000
_TAGS = ("organic", "local", "own-brand", "new", "gluten-free", "fair-trade", "seasonal", "bulk")
_TIERS = ("", "silver", "gold", "platinum")
_CHANNELS = ("store", "web", "app")


_SUMMED = "lines.filter(l, {asked}).map(l, l.paid).sum()"


class RuleWritten(msgspec.Struct, frozen=True):
    """A rule as a retailer writes it: condition and points, in the rule language."""

    when: str
    points: str


class LineInvented(msgspec.Struct, frozen=True):
    sku: str
    category: str
    brand: str
    quantity: int
    paid: int
    tags: tuple[str, ...]


class EligibleInvented(msgspec.Struct, frozen=True):
    paid: int
    quantity: int


class BasketInvented(msgspec.Struct, frozen=True):
    """What the conditions may ask; `weekday` is 1 on Monday to 7 on Sunday, amounts are in minor units."""

    at: datetime
    eligible: EligibleInvented
    lines: tuple[LineInvented, ...]
    store: str
    channel: str
    weekday: int
    hour: int
    tier: str


def rules_written(count: int) -> list[RuleWritten]:
    """`count` rules, first the general ones; the first of a longer list are the whole of a shorter one."""
    random = Random(_SEED)
    return [*_GENERAL, *(_rule(random) for _ in range(count))][:count]


def baskets_invented(count: int, lines: int) -> list[BasketInvented]:
    random = Random(f"{_SEED} {lines}")
    return [_basket(random, lines) for _ in range(count)]


_GENERAL = (
    RuleWritten("eligible.paid > 0", "eligible.paid / 100"),
    RuleWritten('tier in ["silver", "gold", "platinum"]', "eligible.paid / 200"),
    RuleWritten('tier == "gold" || tier == "platinum"', "eligible.paid / 200"),
    RuleWritten("weekday == 2 && hour < 12", "eligible.paid / 100"),
    RuleWritten('channel != "store"', "50"),
    RuleWritten("eligible.paid >= 5000", "25"),
    RuleWritten('lines.exists(l, "organic" in l.tags)', _SUMMED.format(asked='"organic" in l.tags') + " / 50"),
    RuleWritten('lines.exists(l, "own-brand" in l.tags)', _SUMMED.format(asked='"own-brand" in l.tags') + " / 50"),
)


def _rule(random: Random) -> RuleWritten:
    """Of 100 rules: 25 name a product, 23 a category, 14 a brand, 12 a tag, 16 a sum, 5 an amount, 5 a moment."""
    kind = random.choices(_KINDS, _SHARES)[0]
    when, points = kind(random)
    return RuleWritten(" && ".join([*_where(random), when]), points)


def _where(random: Random) -> list[str]:
    """Where and to whom most offers are limited: a few stores, a channel, some days, a tier."""
    asked = []
    if random.random() < 0.45:
        stores = random.sample(range(_STORES), random.choice([1, 1, 1, 3]))
        asked.append(_one_of("store", [str(store) for store in stores]))
    if random.random() < 0.30:
        asked.append(f'channel == "{random.choice(_CHANNELS)}"')
    if random.random() < 0.40:
        asked.append(f"weekday == {random.randint(1, 7)}")
    if random.random() < 0.45:
        asked.append(_one_of("tier", random.sample(_TIERS[1:], random.choice([1, 2]))))
    return asked


def _one_of(name: str, values: list[str]) -> str:
    written = [f'"{value}"' for value in values]
    return f"{name} == {written[0]}" if len(written) == 1 else f"{name} in [{', '.join(written)}]"


def _product(random: Random) -> tuple[str, str]:
    sku, least = f"sku{random.randrange(_SKUS)}", random.choice([1, 1, 1, 2, 3])
    asked = f'l.sku == "{sku}"' if least == 1 else f'l.sku == "{sku}" && l.quantity >= {least}'
    return f"lines.exists(l, {asked})", str(random.choice([10, 20, 50, 100]))


def _category(random: Random) -> tuple[str, str]:
    name = _category_name(random)
    return f'lines.exists(l, l.category == "{name}")', _share_of(f'l.category == "{name}"', random)


def _brand(random: Random) -> tuple[str, str]:
    name = f"brand{random.randrange(_BRANDS)}"
    asked = f'l.brand == "{name}"'
    if random.random() < 0.3:
        asked += f' && l.category == "{_category_name(random)}"'
    return f"lines.exists(l, {asked})", _share_of(f'l.brand == "{name}"', random)


def _tag(random: Random) -> tuple[str, str]:
    asked = f'"{random.choice(_TAGS)}" in l.tags'
    if random.random() < 0.5:
        asked += f' && l.category == "{_category_name(random)}"'
    return f"lines.exists(l, {asked})", _share_of(asked, random)


def _sum(random: Random) -> tuple[str, str]:
    asked = f'l.category == "{_category_name(random)}"'
    least = random.choice([500, 1_000, 2_000, 3_000])
    total = _SUMMED.format(asked=asked)
    return f"{total} >= {least}", f"{total} / 50"


def _amount(random: Random) -> tuple[str, str]:
    least = random.choice([2_000, 5_000, 8_000, 10_000, 15_000, 20_000])
    return f"eligible.paid >= {least}", f"eligible.paid / {random.choice([50, 100, 200])}"


def _moment(random: Random) -> tuple[str, str]:
    hour = random.randint(8, 19)
    return f"hour >= {hour} && hour < {hour + 2}", "eligible.paid / 100"


_KINDS = (_product, _category, _brand, _tag, _sum, _amount, _moment)
_SHARES = (25, 23, 14, 12, 16, 5, 5)


def _share_of(asked: str, random: Random) -> str:
    return f"{_SUMMED.format(asked=asked)} / {random.choice([20, 50, 100])}"


def _category_name(random: Random) -> str:
    return f"category{random.randrange(_CATEGORIES)}"


def _basket(random: Random, lines: int) -> BasketInvented:
    bought = tuple(_line(random) for _ in range(lines))
    at = datetime(2026, 1, 5, 8) + timedelta(days=random.randrange(300), minutes=random.randrange(720))  # noqa: DTZ001
    return BasketInvented(
        at=at,
        eligible=EligibleInvented(sum(line.paid for line in bought), sum(line.quantity for line in bought)),
        lines=bought,
        store=str(random.randrange(_STORES)),
        channel=random.choices(_CHANNELS, (80, 12, 8))[0],
        weekday=at.isoweekday(),
        hour=at.hour,
        tier=random.choices(_TIERS, (50, 30, 15, 5))[0],
    )


def _line(random: Random) -> LineInvented:
    """A product always has the same category, brand and tags."""
    number = random.randrange(_SKUS)
    quantity = random.choice([1, 1, 1, 2, 3])
    own = Random(number)
    return LineInvented(
        sku=f"sku{number}",
        category=f"category{number % _CATEGORIES}",
        brand=f"brand{own.randrange(_BRANDS)}",
        quantity=quantity,
        paid=quantity * own.randint(80, 2_500),
        tags=tuple(sorted(own.sample(_TAGS, own.choice([0, 0, 1, 2])))),
    )
