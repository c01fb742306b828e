"""[[offers]] and [offer_policy]: read into the terms of the offers room."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import msgspec

from cagnotte.domain.baskets.codes import normal_code
from cagnotte.domain.earning.terms import Cap, CapUnit, Every, Mode, Scope
from cagnotte.domain.offers import policy as terms
from cagnotte.domain.offers.policy import OfferPolicy, Reckoning
from cagnotte.domain.offers.terms import BestPer, Need, Offer, Prices, Stack, Uses
from cagnotte.domain.programme.known import Known, references
from cagnotte.domain.programme.offer_effects import effect_of
from cagnotte.domain.programme.offer_faults import OfferFaultCode
from cagnotte.domain.programme.reading import Table
from cagnotte.domain.programme.reading_times import life_of
from cagnotte.domain.programme.shapes import Codes
from cagnotte.domain.programme.tables_earning import WINDOWS_OF_CAPS
from cagnotte.domain.rules import BOOL, Rule

_WORDS: Mapping[str, type[StrEnum]] = {
    "price": terms.PriceBase,
    "works_on": terms.WorksOn,
    "share_by": terms.ShareBy,
    "odd_cents": terms.OddCents,
    "threshold": terms.Threshold,
    "groups": terms.Groups,
    "pick": terms.Pick,
    "gift": terms.Gift,
    "floor_refused": terms.FloorRefused,
    "over_budget": terms.OverBudget,
    "units": terms.Units,
}
_PERCENT = 100  # basis points in one percent


def read_offer_policy(root: Table, known: Known) -> OfferPolicy:
    """The `[offer_policy]` table; its defaults when there is none."""
    table = root.table("offer_policy")
    share = table.integer("most_percent") if "most_percent" in table.values else None
    if share is not None and share > _PERCENT:
        table.fault(OfferFaultCode.ABOVE_MOST, "most_percent", name="most_percent", most=str(_PERCENT))
    return OfferPolicy(
        reckoning=_reckoning(table, Reckoning()),
        choose=table.word("choose", terms.Choose.BEST),
        objective=table.word("objective", terms.Objective.MEMBER_SAVING),
        coupon_order=table.word("coupons", terms.CouponOrder.PRIORITY),
        coupons_most=_optional(table, "coupons_most"),
        offers_most=_optional(table, "offers_most"),
        one_basket_percentage=table.flag("one_basket_percentage", default=False),
        tax_included=table.either("tax", "included", "excluded", default=True),
        exclude=_lines(table, "exclude", known),
        most_basis_points=None if share is None else share * _PERCENT,
        below_zero=table.flag("below_zero", default=True),
        ends_inclusive=known.ends_inclusive,
    )


def read_offers(root: Table, known: Known, policy: OfferPolicy) -> tuple[Offer, ...]:
    """The `[[offers]]`, in the order of the document; `policy` is what they do not say otherwise."""
    return tuple(_offer(table, known, policy) for table in root.tables("offers"))


def _offer(table: Table, known: Known, policy: OfferPolicy) -> Offer:
    code = table.code()
    lines = _lines(table, "lines", known)
    stack = table.table("stack")
    own = table.table("policy")
    offer = Offer(
        code=code,
        effects=tuple(
            effect_of(row, known, has_lines=lines is not None) for row in _rows(table, "effect", "effects")
        ),
        when=table.rule("when", gives=BOOL, scope=known.vocabulary.purchase()),
        lines=lines,
        exclude=_lines(table, "exclude", known),
        prices=table.word("prices", Prices.ANY),
        spend=_number(table, "spend"),
        quantity=_number(table, "quantity"),
        products=_number(table, "products"),
        needs=tuple(_need(row, known) for row in table.tables("needs")),
        coupons=_coupons(table),
        life=life_of(table, ends_inclusive=known.ends_inclusive),
        during=references(table, "during", known.calendars),
        repeat=table.flag("repeat", default=False),
        times=_optional(table, "times"),
        most=_optional(table, "most"),
        floor=_number(table, "floor"),
        floor_at_cost=table.flag("floor_at_cost", default=False),
        worth=_number(table, "worth"),
        priority=_number(table, "priority"),
        stack=_stack(stack),
        caps=_caps(table, code),
        uses=table.word("uses", Uses.SALE),
        reckoning=policy.reckoning if own.absent else _reckoning(own, policy.reckoning),
        funded_by=known.partner(table),
        name=table.name(),
    )
    if offer.repeat and not (offer.spend or offer.quantity or offer.products or offer.needs):
        table.fault(OfferFaultCode.NOTHING_REPEATS, "repeat", on_key=True)
    return offer


def _need(table: Table, known: Known) -> Need:
    return Need(
        lines=_lines(table, "lines", known),
        spend=_number(table, "spend"),
        quantity=_number(table, "quantity"),
        products=_number(table, "products"),
    )


def _stack(table: Table) -> Stack:
    with_groups = table.texts("combines_with", Codes) if "combines_with" in table.values else None
    return Stack(
        group=table.text("group"),
        exclusive=table.flag("exclusive", default=False),
        combines_with=with_groups,
        best_per=table.word("best_per", BestPer.SALE),
        last=table.flag("last", default=False),
        on_discounted=table.flag("on_discounted", default=True),
    )


def _reckoning(table: Table, otherwise: Reckoning) -> Reckoning:
    """What the table says, and `otherwise` where it is silent."""
    said: dict[str, Any] = {}
    for name, words in _WORDS.items():
        found = table.choice(name, [each.value for each in words])
        if found in {each.value for each in words}:
            said[name] = words(found)
    if "partial" in table.values:
        said["partial"] = bool(table.values["partial"]) if _is_flag(table, "partial") else False
    if "threshold_tax" in table.values:
        said["threshold_with_tax"] = table.choice("threshold_tax", ["included", "excluded"]) != "excluded"
    rounding = table.table("rounding")
    if not rounding.absent:
        said["rounding"] = rounding.word("mode", Mode.HALF_UP)
        said["rounded_per"] = rounding.word("per", terms.RoundedTo.TARGET)
    return msgspec.structs.replace(otherwise, **said)


def _caps(table: Table, code: str) -> tuple[Cap, ...]:
    """The offer's limits: offer.CODE, then offer.CODE.2 and so on."""
    rows = _rows(table, "limit", "limits")
    return tuple(_cap(row, f"offer.{code}" + (f".{n}" if n > 1 else "")) for n, row in enumerate(rows, 1))


def _cap(table: Table, code: str) -> Cap:
    unit = CapUnit.MONEY if "money" in table.values else CapUnit.TIMES
    every = table.choice("every", WINDOWS_OF_CAPS)
    window = Every(every) if every in WINDOWS_OF_CAPS else Every.EVER
    return Cap(
        code=code,
        unit=unit,
        most=table.integer(unit.value),
        scope=table.word("per", Scope.MEMBER),
        every=Every.ROLLING if "within" in table.values else window,
        within=table.period("within"),
    )


def _coupons(table: Table) -> tuple[str, ...]:
    """The codes as sales send them: capitals, without spaces or hyphens."""
    written = (table.text("coupon"),) if "coupon" in table.values else table.texts("coupons", Codes)
    return tuple(dict.fromkeys(normal_code(code) for code in written if code))


def _rows(table: Table, name: str, several: str) -> list[Table]:
    """One table or several, under either of two names."""
    if several in table.values:
        return table.tables(several)
    if isinstance(table.values.get(name), list):
        return table.tables(name)
    return [table.table(name)] if name in table.values else []


def _lines(table: Table, name: str, known: Known) -> Rule | None:
    return table.rule(name, gives=BOOL, scope=known.vocabulary.one_line())


def _number(table: Table, name: str) -> int:
    """A number that is 0 when it is absent."""
    return table.integer(name) if name in table.values else 0


def _optional(table: Table, name: str) -> int | None:
    return table.integer(name) if name in table.values else None


def _is_flag(table: Table, name: str) -> bool:
    return table.is_kind(name, table.values[name], bool)
