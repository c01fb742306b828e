"""The effects of an offer, read by their kinds."""

import re
from collections.abc import Callable
from enum import StrEnum

from cagnotte.domain.earning.terms import BASIS
from cagnotte.domain.offers.effects import (
    Amount,
    Bundle,
    BuyGet,
    Cut,
    Discount,
    Effect,
    GroupOff,
    On,
    Part,
    Per,
    Percent,
    PointsBonus,
    PointsMultiplier,
    Present,
    Price,
    ShownMessage,
    Step,
    Steps,
    StepsBy,
    Target,
    Voucher,
)
from cagnotte.domain.offers.policy import Pick
from cagnotte.domain.programme.faults import ProgrammeFaultCode as Code
from cagnotte.domain.programme.known import Known
from cagnotte.domain.programme.offer_faults import OfferFaultCode
from cagnotte.domain.programme.reading import Table
from cagnotte.domain.programme.shapes import FACTOR_PATTERN, Codes, Factor
from cagnotte.domain.programme.tables_offers import KINDS, MESSAGE_PLACES, PLACES_MOST, PRESENTS
from cagnotte.domain.rules import BOOL, Rule

_NUMBER = re.compile(FACTOR_PATTERN)
_CUTS = ("percent", "basis_points", "amount", "price")
_FREE = Percent(BASIS)
_NOTHING = ShownMessage({})  # to go on with where an effect was faulty


class _Asked:
    """One effect being read. `has_lines`: whether the offer says which lines qualify."""

    def __init__(self, table: Table, known: Known, *, has_lines: bool) -> None:
        self.table = table
        self.known = known
        self.has_lines = has_lines


def effect_of(table: Table, known: Known, *, has_lines: bool) -> Effect:
    """One effect; a harmless one, with faults noted, when it cannot be read."""
    kind = table.choice("kind", tuple(KINDS))
    if kind not in KINDS:
        return _NOTHING
    table.only("kind", *KINDS[kind])
    return _READERS[kind](_Asked(table, known, has_lines=has_lines))


def _discount(asked: _Asked) -> Effect:
    table = asked.table
    is_price = table.values.get("kind") == "fixed_price"
    per = _word(table, "per", Per.UNIT if is_price else Per.SALE)
    on = _on(asked, On.QUALIFYING if is_price or per is not Per.SALE else None)
    if is_price and on is On.BASKET and "per" not in table.values:
        per = Per.SALE
    first = table.integer("first") if "first" in table.values else None
    return Discount(_needed_cut(table), _target(asked, on), per, first, _optional(table, "most"))


def _free_delivery(_: _Asked) -> Effect:
    return Discount(_FREE, Target(On.DELIVERY))


def _nth_off(asked: _Asked) -> Effect:
    table = asked.table
    places = [_cut(row) for row in table.tables("places")]
    if not places:
        if "every" not in table.values:
            table.fault(Code.ONE_NEEDED, known="every, places")
        size = _at_most(table, "every", PLACES_MOST)
        units = _at_most(table, "units", size)
        places = [None] * (size - units) + [_cut(table) or _FREE] * units
    bought = next((place for place, cut in enumerate(places) if cut is not None), len(places))
    return GroupOff(
        tuple(places), bought, _lines(asked, "lines"), _pick(table), table.flag("by_line", default=False)
    )


def _buy_get(asked: _Asked) -> Effect:
    table = asked.table
    if "buy" in table.values and "spend" in table.values:
        table.fault(Code.ONE_OF_TWO, "spend", on_key=True, first="buy", second="spend")
    if "buy" not in table.values and "spend" not in table.values:
        table.fault(Code.ONE_NEEDED, known="buy, spend")
    return BuyGet(
        get=_at_most(table, "get", PLACES_MOST),
        cut=_cut(table) or _FREE,
        lines=_lines(asked, "get_lines"),
        buy=_at_most(table, "buy", PLACES_MOST) if "buy" in table.values else 0,
        spend=_optional(table, "spend") or 0,
        shared=_word(table, "per", Per.UNIT) is Per.SALE,
        pick=_pick(table),
    )


def _bundle(asked: _Asked) -> Effect:
    table = asked.table
    rows = table.tables("parts")
    parts = tuple(Part(_positive(row, "quantity"), _lines_of(row, "lines", asked.known)) for row in rows)
    if not parts:
        parts = (Part(_positive(table, "quantity", needed=True)),)
    return Bundle(parts, _needed_cut(table))


def _steps(asked: _Asked) -> Effect:
    table = asked.table
    every = _optional(table, "every") or 0
    rows = table.tables("steps")
    if every:
        steps: tuple[Step, ...] = (Step(every, _needed_cut(table)),)
    else:
        steps = tuple(Step(row.integer("from"), _needed_cut(row)) for row in rows)
        if not rows:
            table.fault(Code.ONE_NEEDED, known="steps, every")
    per = _word(table, "per", Per.SALE)
    if any(isinstance(step.cut, Price) for step in steps) and "per" not in table.values:
        per = Per.UNIT
    on = _on(asked, None if per is Per.SALE else On.QUALIFYING)
    return Steps(
        steps=steps,
        by=_word(table, "by", StepsBy.SPEND),
        target=_target(asked, on),
        per=per,
        by_line=table.flag("by_line", default=False),
        every=every,
        most=_optional(table, "most"),
    )


def _gift(asked: _Asked) -> Effect:
    table = asked.table
    choices = table.texts("choices", Codes)
    what = table.text("what")
    if not what and not choices:
        table.fault(Code.ONE_NEEDED, known="what, choices")
    return Present(table.choice("of", PRESENTS) or PRESENTS[0], what, _positive(table, "quantity"), choices)


def _voucher(asked: _Asked) -> Effect:
    table = asked.table
    cut = _needed_cut(table)
    amount = cut.minor if isinstance(cut, Amount) else 0
    rate = cut.basis_points if isinstance(cut, Percent) else 0
    return Voucher(amount, table.period("valid_for"), _positive(table, "quantity"), rate)


def _points_bonus(asked: _Asked) -> Effect:
    table = asked.table
    points = _positive(table, "points", needed=True)
    per = _optional(table, "per_amount") or 0
    return PointsBonus(asked.known.wallet(table), points, per, _lines(asked, "lines"))


def _points_multiplier(asked: _Asked) -> Effect:
    table = asked.table
    found = _basis_points(table.value("multiply", Factor), BASIS)
    if found is None or found <= BASIS:
        table.fault(Code.BAD_FACTOR, "multiply", found=str(table.values.get("multiply", "")))
    return PointsMultiplier(asked.known.wallet(table), found or BASIS, _lines(asked, "lines"))


def _message(asked: _Asked) -> Effect:
    table = asked.table
    if "text" not in table.values:
        table.fault(Code.MISSING, name="text")
    return ShownMessage(table.name("text"), table.choice("place", MESSAGE_PLACES) or MESSAGE_PLACES[0])


_READERS: dict[str, Callable[[_Asked], Effect]] = {
    "percent_off": _discount,
    "amount_off": _discount,
    "fixed_price": _discount,
    "free_delivery": _free_delivery,
    "nth_off": _nth_off,
    "buy_get": _buy_get,
    "bundle": _bundle,
    "steps": _steps,
    "gift": _gift,
    "voucher": _voucher,
    "points_bonus": _points_bonus,
    "points_multiplier": _points_multiplier,
    "message": _message,
}


def _target(asked: _Asked, on: On) -> Target:
    table = asked.table
    return Target(on, _lines(asked, "lines"), _optional(table, "units"), _optional(table, "units_per_line"))


def _on(asked: _Asked, default: On | None) -> On:
    """What a discount is on: the lines that qualify where a rule says which, else the whole basket."""
    if default is None:
        with_lines = asked.has_lines or "lines" in asked.table.values
        default = On.QUALIFYING if with_lines else On.BASKET
    return _word(asked.table, "on", default)


def _needed_cut(table: Table) -> Cut:
    cut = _cut(table)
    if cut is None:
        known = [name for name in _CUTS if table.shape is None or name in _known(table)]
        table.fault(Code.ONE_NEEDED, known=", ".join(known))
    return cut or _FREE


def _known(table: Table) -> tuple[str, ...]:
    """The keys that mean something in this table."""
    return KINDS.get(str(table.values.get("kind")), _CUTS)


def _cut(table: Table) -> Cut | None:
    """What the table takes off; None when it does not say."""
    if "percent" in table.values:
        return Percent(_share(table))
    if "basis_points" in table.values:
        return Percent(_at_most(table, "basis_points", BASIS))
    if "amount" in table.values:
        return Amount(table.integer("amount"))
    return Price(table.integer("price")) if "price" in table.values else None


def _share(table: Table) -> int:
    """A percentage above 0, up to 100, in basis points."""
    value = table.value("percent", Factor)
    found = _basis_points(value, BASIS // 100)
    if found is None or not 0 < found <= BASIS:
        table.fault(OfferFaultCode.BAD_PERCENT, "percent", found=str(value))
        return BASIS
    return found


def _basis_points(value: object, one: int) -> int | None:
    """A number written whole or with decimals in quotes, in basis points; `one` is what 1 is."""
    found = _NUMBER.fullmatch(str(value)) if type(value) in {int, str} else None
    if found is None:
        return None
    part = int((found[2] or "").ljust(4, "0")) * one
    return None if part % BASIS else int(found[1]) * one + part // BASIS


def _lines(asked: _Asked, name: str) -> Rule | None:
    return _lines_of(asked.table, name, asked.known)


def _lines_of(table: Table, name: str, known: Known) -> Rule | None:
    return table.rule(name, gives=BOOL, scope=known.vocabulary.one_line())


def _pick(table: Table) -> Pick | None:
    return _word(table, "pick", Pick.CHEAPEST) if "pick" in table.values else None


def _word[W: StrEnum](table: Table, name: str, default: W) -> W:
    """A word whose default depends on other keys."""
    words = type(default)
    value = table.choice(name, [each.value for each in words])
    return words(value) if value in {each.value for each in words} else default


def _positive(table: Table, name: str, *, needed: bool = False) -> int:
    """A number of at least 1; 1 when it is absent."""
    if needed and name not in table.values:
        table.fault(Code.MISSING, name=name)
    return table.integer(name)


def _at_most(table: Table, name: str, most: int) -> int:
    value = table.integer(name)
    if value > most:
        table.fault(OfferFaultCode.ABOVE_MOST, name, name=name, most=str(most))
    return min(value, most)


def _optional(table: Table, name: str) -> int | None:
    return table.integer(name) if name in table.values else None
