"""[earning], [caps.CODE], [measures.CODE] and [[earn]]: what gives points, and up to where."""

from collections.abc import Sequence

from cagnotte.domain.baskets.codes import normal_code
from cagnotte.domain.earning.terms import (
    BothMatch,
    Cap,
    CapUnit,
    Combine,
    EarnPolicy,
    EarnRule,
    Every,
    Measure,
    Mode,
    MultiplyOn,
    Price,
    RoundedPer,
    Rounding,
    Scope,
    TierOf,
)
from cagnotte.domain.programme.faults import ProgrammeFaultCode as Code
from cagnotte.domain.programme.known import Known, references
from cagnotte.domain.programme.reading import NOTHING, Table
from cagnotte.domain.programme.reading_amounts import amount
from cagnotte.domain.programme.reading_times import life_of
from cagnotte.domain.programme.reading_wallets import expiry, pending
from cagnotte.domain.programme.tables_earning import MEASURED_OF, WINDOWS_OF_CAPS
from cagnotte.domain.programme.vocabulary import PURCHASE
from cagnotte.domain.rules import BOOL, INT, Rule


def ends_inclusive(root: Table) -> bool:
    """`[earning] ends`, which is known before any life is read; its faults are told with the policy."""
    earning = root.values.get("earning")
    return isinstance(earning, dict) and earning.get("ends") == "inclusive"


def policy(root: Table, known: Known) -> EarnPolicy:
    """The `[earning]` table."""
    table = root.table("earning")
    multiply = table.table("multiply")
    scope = known.vocabulary.one_line()
    return EarnPolicy(
        price=table.word("price", Price.PAID),
        tax_included=table.either("tax", "included", "excluded", default=True),
        after_offers=table.either("offers", "after", "before", default=True),
        after_points_payment=table.either("points_payment", "after", "before", default=True),
        delivery_counts=table.either("delivery", "counted", "not_counted", default=False),
        order_discount_spread=table.either("order_discount", "spread", "apart", default=True),
        exclude=table.rule("exclude", gives=BOOL, scope=scope),
        include=table.rule("include", gives=BOOL, scope=scope),
        both_match=table.word("both_match", BothMatch.EXCLUDE),
        rounding=rounding(table) or Rounding(),
        multiply_on=multiply.word("on", MultiplyOn.ROUNDED),
        multiply_fixed=multiply.either("fixed", "included", "excluded", default=False),
        combine=multiply.word("combine", Combine.ADD),
        tier=table.word("tier", TierOf.BEFORE),
        ends_inclusive=table.either("ends", "inclusive", "exclusive", default=False),
    )


def rounding(table: Table) -> Rounding | None:
    terms = table.table("rounding")
    if terms.absent:
        return None
    return Rounding(terms.word("mode", Mode.DOWN), terms.word("per", RoundedPer.RULE))


def declared_cap(code: str, table: Table) -> Cap:
    """[caps.CODE]: rules that name it share what is left."""
    return cap(table, code)


def cap(table: Table, code: str) -> Cap:
    unit = next((unit for unit in CapUnit if unit.value in table.values), CapUnit.POINTS)
    within = table.period("within")
    every = table.choice("every", WINDOWS_OF_CAPS)
    window = Every(every) if every in WINDOWS_OF_CAPS else Every.EVER
    return Cap(
        code=code,
        unit=unit,
        most=table.integer(unit.value),
        scope=table.word("per", Scope.MEMBER),
        every=Every.ROLLING if "within" in table.values else window,
        within=within,
    )


def measure(code: str, table: Table, known: Known) -> Measure:
    """[measures.CODE]"""
    on = known.occasion(table)
    scope = known.scope(on)
    return Measure(
        code=code,
        counts=table.rule("counts", gives=INT, scope=scope) or NOTHING,
        on=on,
        when=table.rule("when", gives=BOOL, scope=scope),
        within=table.period("within"),
        of=Scope.HOUSEHOLD if table.choice("of", MEASURED_OF) == Scope.HOUSEHOLD else Scope.MEMBER,
        name=table.name(),
    )


def earn_rule(table: Table, known: Known, rules: Sequence[str]) -> tuple[EarnRule, tuple[Cap, ...]]:
    """One [[earn]] and the caps that are written in it; `rules` are the codes of all of them."""
    on = known.occasion(table)
    scope = known.scope(on)
    code = table.code()
    own = own_caps(table, code)
    rule = EarnRule(
        code=code,
        wallet=known.wallet(table),
        amount=amount(table, scope, on_sale=on in {PURCHASE, ""}, rules=rules),
        on=on,
        when=table.rule("when", gives=BOOL, scope=scope),
        lines=_lines(table, known, on),
        life=life_of(table, ends_inclusive=known.ends_inclusive),
        during=references(table, "during", known.calendars),
        group=table.text("group"),
        coupon=_coupon(table, on),
        caps=(*references(table, "caps", known.caps), *(cap.code for cap in own)),
        rounding=rounding(table),
        pending=pending(table, known),
        expiry=expiry(table, known),
        funded_by=known.partner(table),
        name=table.name(),
    )
    return rule, own


def own_caps(table: Table, code: str) -> tuple[Cap, ...]:
    """The `cap` of a rule, one table or several: earn.RULE, then earn.RULE.2 and so on."""
    if isinstance(table.values.get("cap"), list):
        rows = table.tables("cap")
    elif "cap" in table.values:
        rows = [table.table("cap")]
    else:
        return ()
    return tuple(cap(row, f"earn.{code}" + (f".{n}" if n > 1 else "")) for n, row in enumerate(rows, 1))


def _lines(table: Table, known: Known, on: str) -> Rule | None:
    if "lines" in table.values and on not in {PURCHASE, ""}:
        table.fault(Code.ONLY_ON_PURCHASE, "lines", on_key=True, name="lines")
        return None
    return table.rule("lines", gives=BOOL, scope=known.vocabulary.one_line())


def _coupon(table: Table, on: str) -> str:
    if "coupon" in table.values and on not in {PURCHASE, ""}:
        table.fault(Code.ONLY_ON_PURCHASE, "coupon", on_key=True, name="coupon")
    return normal_code(table.text("coupon"))
