"""[wallets.CODE]: when points can be used, when they end, and what they are worth."""

from cagnotte.domain.kernel import Period
from cagnotte.domain.points.terms import (
    BurnOrder,
    Expiry,
    ExpiryStart,
    Negative,
    OverAsked,
    Pending,
    RoundedTo,
    UnitValue,
    Wallet,
)
from cagnotte.domain.programme.faults import ProgrammeFaultCode as Code
from cagnotte.domain.programme.known import Known, reference
from cagnotte.domain.programme.reading import Table
from cagnotte.domain.programme.reading_times import day_of, month_day_of


def wallet(code: str, table: Table, known: Known) -> Wallet:
    if table.values.get("shown_as") == "money":
        table.needs("shown_as", "value")
    negative = table.word("negative", Negative.NEVER)
    if "owed_most" in table.values and negative is not Negative.ALLOWED:
        table.fault(Code.NEEDS_ANOTHER, "owed_most", on_key=True, name="owed_most", other='negative = "allowed"')
    burn = table.table("burn")
    value = table.table("value")
    worth = UnitValue(value.integer("points"), value.integer("amount"))
    return Wallet(
        code=code,
        expiry=expiry(table, known, of_wallet=True) or Expiry(),
        pending=pending(table, known),
        negative=negative,
        order=burn.word("order", BurnOrder.SOONEST_EXPIRY),
        over_asked=burn.word("over_asked", OverAsked.REFUSE),
        step=burn.integer("step"),
        least=burn.integer("least"),
        value=None if value.absent else worth,
        shown_as_money=table.either("shown_as", "money", "points", default=False),
        owed_most=table.integer("owed_most") if "owed_most" in table.values else None,
        name=table.name(),
    )


def expiry(table: Table, known: Known, *, of_wallet: bool = False) -> Expiry | None:
    """The `expiry` of a wallet or a rule; None when it says nothing. Only a wallet as a whole can be idle."""
    if table.is_word("expiry"):
        return Expiry()
    terms = table.table("expiry")
    if terms.absent:
        return None
    return Expiry(
        after=terms.period("after"),
        rounded_to=terms.word("rounded_to", RoundedTo.DAY),
        counts_from=terms.word("counts_from", ExpiryStart.EARNED),
        on=month_day_of(terms, "on"),
        idle=terms.period("idle") if of_wallet else None,
        by_tier=_by_tier(terms, known),
    )


def pending(table: Table, known: Known) -> Pending | None:
    """The `pending` of a wallet or a rule; None when it says nothing, an empty one for "none"."""
    if table.is_word("pending"):
        return Pending()
    terms = table.table("pending")
    if terms.absent:
        return None
    return Pending(
        period=terms.period("for"),
        until=day_of(terms, "until"),
        event=reference(terms, "event", known.events),
    )


def _by_tier(terms: Table, known: Known) -> tuple[tuple[str, Period], ...]:
    tiers = terms.table("by_tier")
    found = []
    for tier in tiers.values:
        if tier not in known.tiers:
            tiers.unknown(Code.UNKNOWN_REFERENCE, tier, tier, known.tiers)
        period = tiers.period(tier)
        if period is not None:
            found.append((tier, period))
    families = {known.families[tier] for tier in tiers.values if tier in known.families}
    if len(families) > 1:  # a member may hold one of each, and nothing says which of them counts
        terms.fault(Code.FAMILIES_MIXED, "by_tier", first=min(families), second=max(families))
    return tuple(found)
