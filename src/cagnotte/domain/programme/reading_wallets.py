"""[wallets.CODE], [partners.CODE], [transfers] and [[exchanges]]: how points are used and move, and who pays."""

from cagnotte.domain.earning.terms import CapUnit, Scope
from cagnotte.domain.kernel import Period
from cagnotte.domain.points.terms import (
    BurnOrder,
    Exchange,
    Expiry,
    ExpiryStart,
    Negative,
    OverAsked,
    Partner,
    Pending,
    Pooling,
    RoundedTo,
    Sending,
    UnitValue,
    Wallet,
)
from cagnotte.domain.programme.faults import ProgrammeFaultCode as Code
from cagnotte.domain.programme.known import Known, reference, references
from cagnotte.domain.programme.reading import Table
from cagnotte.domain.programme.reading_accounting import unit_value, wallet_accounts
from cagnotte.domain.programme.reading_times import day_of, month_day_of

_MINUTES_MOST = 366 * 24 * 60
_MEMBERS_MOST = 50  # whose books one act may lock


def wallet(code: str, table: Table, known: Known) -> Wallet:
    if table.values.get("shown_as") == "money":
        table.needs("shown_as", "value")
    negative = table.word("negative", Negative.NEVER)
    if "owed_most" in table.values and negative is not Negative.ALLOWED:
        table.fault(Code.NEEDS_ANOTHER, "owed_most", on_key=True, name="owed_most", other='negative = "allowed"')
    burn = table.table("burn")
    return Wallet(
        code=code,
        expiry=expiry(table, known, of_wallet=True) or Expiry(),
        pending=pending(table, known),
        negative=negative,
        order=burn.word("order", BurnOrder.SOONEST_EXPIRY),
        over_asked=burn.word("over_asked", OverAsked.REFUSE),
        step=burn.integer("step"),
        least=burn.integer("least"),
        value=unit_value(table.table("value")),
        price=unit_value(table.table("price")),
        hold_minutes=_minutes(table),
        shown_as_money=table.either("shown_as", "money", "points", default=False),
        owed_most=table.integer("owed_most") if "owed_most" in table.values else None,
        accounts=wallet_accounts(table.table("accounting")),
        name=table.name(),
    )


def sending(root: Table, known: Known) -> Sending | None:
    """The `[transfers]` table; without it members send each other nothing."""
    table = root.table("transfers")
    if table.absent:
        return None
    least, most = table.integer("least"), table.integer("most") if "most" in table.values else None
    if most is not None and most < least:
        table.fault(Code.LESS_THAN_LEAST, "most", found=str(most), least=str(least))
    caps = _caps_of_points(root, table, known)
    return Sending(
        wallets=references(table, "wallets", known.wallets),
        least=least,
        most=most,
        caps=caps,
        keeps_dates=table.either("dates", "kept", "anew", default=True),
    )


def pooling(root: Table, known: Known) -> Pooling | None:
    """The `[households]` table; without it, or with `pool = "none"`, each member spends their own points alone."""
    table = root.table("households")
    spend = table.either("pool", "spend", "none", default=False)
    caps = _caps_of_points(root, table, known)
    declared = root.named_tables("caps")
    for code in caps:
        if declared[code].values.get("per", Scope.MEMBER) != Scope.MEMBER:
            table.fault(Code.CAP_NOT_OF_MEMBER, "caps", found=code)
    members_most = table.integer("members_most") if "members_most" in table.values else Pooling(()).members_most
    if members_most > _MEMBERS_MOST:
        table.fault(Code.NUMBER_TOO_LARGE, "members_most", name="members_most", most=str(_MEMBERS_MOST))
    found = Pooling(
        wallets=references(table, "wallets", known.wallets) or known.wallets,
        most=table.integer("most") if "most" in table.values else None,
        caps=caps,
        members_most=members_most,
        after=table.period("after"),
    )
    return found if spend else None


def partner(code: str, table: Table) -> Partner:
    """[partners.CODE]"""
    price = table.table("price")
    return Partner(code, UnitValue(price.integer("points"), price.integer("amount")), table.name())


def exchange(table: Table, known: Known) -> Exchange:
    """[[exchanges]]"""
    wallet, into = known.wallet(table), table.choice("into", known.wallets, code=Code.UNKNOWN_WALLET)
    if wallet and wallet == into:
        table.fault(Code.SAME_WALLET, "into", found=into)
    return Exchange(table.code(), wallet, into, table.integer("give"), table.integer("get"), table.name())


def _caps_of_points(root: Table, table: Table, known: Known) -> tuple[str, ...]:
    """The caps that a table of moving points names; those in money are faults."""
    caps = references(table, "caps", known.caps)
    declared = root.named_tables("caps")
    for code in caps:
        if CapUnit.MONEY in declared[code].values:
            table.fault(Code.CAP_OF_MONEY, "caps", found=code)
    return caps


def _minutes(table: Table) -> int:
    """At most a year; longer is no hold."""
    minutes = table.integer("hold_minutes") if "hold_minutes" in table.values else Wallet(code="").hold_minutes
    if minutes > _MINUTES_MOST:
        table.fault(Code.NUMBER_TOO_LARGE, "hold_minutes", name="hold_minutes", most=str(_MINUTES_MOST))
        return _MINUTES_MOST
    return minutes


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
