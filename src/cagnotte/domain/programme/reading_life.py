"""What a programme is for, where it holds, what members can join, and what it says to them."""

import re
from collections.abc import Collection
from fractions import Fraction

from cagnotte.domain.earning.terms import Achievement, Every, Mode, Referral
from cagnotte.domain.members.wallet_share import ShareTerms
from cagnotte.domain.programme.document import (
    AttributeType,
    Brand,
    Country,
    Declared,
    Goal,
    LatePolicy,
    Message,
    Plan,
    Programme,
    ReturnedDiscounts,
    ReturnedPoints,
    ReturnPolicy,
    SpentBack,
)
from cagnotte.domain.programme.faults import ProgrammeFaultCode as Code
from cagnotte.domain.programme.known import Known, reference, references
from cagnotte.domain.programme.reading import ONE, Table
from cagnotte.domain.programme.shapes import WORD_PATTERN
from cagnotte.domain.programme.tables_earning import STREAKS
from cagnotte.domain.programme.tables_life import GOALS, PLACES
from cagnotte.domain.programme.vocabulary import LIFE_EVENTS, LINE_FIELDS, MEMBER_FIELDS, PEERS_BY, PURCHASE
from cagnotte.domain.rules import BOOL, INT, is_rule_name

WORTH_LEAST, WORTH_MOST = Fraction(1, 10**6), 10**6  # no two currencies of ISO 4217 lie further apart
_ATTRIBUTES_MOST = 200  # of one kind
_COMPARABLE = {AttributeType.INT, AttributeType.TEXT, AttributeType.BOOL}
_PERCENT_LEAST, _PERCENT_MOST = 50, 99


def goal(table: Table) -> Goal:
    """[[goals]]"""
    return Goal(
        code=table.code(),
        kind=table.choice("kind", GOALS),
        measured_by=table.text("measured_by"),
        success=table.text("success"),
        strategy=table.text("strategy"),
        name=table.name(),
    )


def brand(code: str, table: Table) -> Brand:
    """[brands.CODE]"""
    return Brand(code, table.name())


def country(code: str, table: Table, timezones: frozenset[str]) -> Country:
    """[countries.XX]"""
    return Country(
        code=code,
        timezone=table.choice("timezone", sorted(timezones), code=Code.UNKNOWN_TIMEZONE),
        currency=table.currency("currency"),
        language=table.matching("language", Code.BAD_LANGUAGE),
        worth=table.matching("worth", Code.BAD_WORTH),
    )


def check_worths(root: Table, programme: Programme) -> None:
    """Another currency than the programme's has one worth, never nothing nor absurd; the programme's has none."""
    known: dict[str, str] = {}
    for each, table in zip(programme.countries, root.named_tables("countries").values(), strict=True):
        if table.has_fault():
            continue
        if each.currency in {"", programme.currency}:
            if each.worth:
                table.fault(Code.WORTH_WITHOUT_CURRENCY, "worth", found=each.worth, currency=programme.currency)
        elif not each.worth:
            table.fault(Code.MISSING, "currency", name="worth")
        elif not WORTH_LEAST <= Fraction(each.worth) <= WORTH_MOST:
            table.fault(Code.BAD_WORTH, "worth", found=each.worth)
        elif Fraction(known.setdefault(each.currency, each.worth)) != Fraction(each.worth):
            other = known[each.currency]
            table.fault(Code.OTHER_WORTH, "worth", found=each.worth, currency=each.currency, other=other)


def declared(root: Table) -> Declared:
    """[attributes.…] and the fields of [events.CODE]."""
    kinds = root.table("attributes")
    events = root.named_tables("events")
    for code, table in events.items():
        if code in {PURCHASE, *LIFE_EVENTS}:
            table.fault(Code.RESERVED_CODE, found=code, on_key=True)
    return Declared(
        member=_types(kinds, "member", MEMBER_FIELDS),
        sale=_types(kinds, "sale", ()),
        line=_types(kinds, "line", LINE_FIELDS),
        events={code: _types(table, "fields", ()) for code, table in events.items()},
        event_names={code: name for code, table in events.items() if (name := table.name())},
    )


def _types(outer: Table, name: str, taken: Collection[str]) -> dict[str, AttributeType]:
    """Name -> type; names that rules cannot write or that mean something already are faults and left out."""
    table = outer.table(name)
    if len(table.values) > _ATTRIBUTES_MOST:
        outer.fault(Code.TOO_MANY, name, most=str(_ATTRIBUTES_MOST))
        return {}
    types = [each.value for each in AttributeType]
    found = {}
    for attribute in table.values:
        kind = table.choice(attribute, types)
        if re.fullmatch(WORD_PATTERN, attribute) is None or not is_rule_name(attribute):
            table.fault(Code.BAD_NAME, attribute, found=attribute, on_key=True)
        elif attribute in taken:
            table.fault(Code.NAME_TAKEN, attribute, found=attribute, on_key=True)
        elif kind in types:
            found[attribute] = AttributeType(kind)
    return found


def plan(code: str, table: Table, known: Known) -> Plan:
    """[plans.CODE]"""
    return Plan(
        code=code,
        fee_minor=table.integer("fee"),
        valid_for=table.period("valid_for"),
        tier=reference(table, "tier", known.tiers),
        renewable_from=table.period("renewable_from"),
        name=table.name(),
    )


def message(table: Table, known: Known) -> Message:
    """[[messages]]"""
    if "text" not in table.values:
        table.fault(Code.MISSING, "text", name="text")
    on = known.occasion(table)
    return Message(
        code=table.code(),
        text=table.name("text"),
        place=table.choice("place", PLACES) or PLACES[0],
        on=on,
        when=table.rule("when", gives=BOOL, scope=known.scope(on)),
    )


def achievement(table: Table, known: Known) -> Achievement:
    """[[achievements]]"""
    on = known.occasion(table)
    scope = known.scope(on)
    streak = table.choice("streak", STREAKS)
    return Achievement(
        code=table.code(),
        on=on,
        target=table.integer("target"),
        counts=table.rule("counts", gives=INT, scope=scope) or ONE,
        when=table.rule("when", gives=BOOL, scope=scope),
        streak=Every(streak) if streak in STREAKS else None,
        repeats=table.flag("repeats", default=False),
        points=table.integer("points"),
        wallet=known.wallet(table) if "points" in table.values else "",
        name=table.name(),
    )


def referral(root: Table, known: Known) -> Referral | None:
    """The `[referral]` table: what both sides get."""
    table = root.table("referral")
    if table.absent:
        return None
    sponsor, friend = (table.table(side) for side in ("sponsor", "friend"))
    return Referral(
        sponsor_points=sponsor.integer("points"),
        friend_points=friend.integer("points"),
        sponsor_wallet=known.wallet(sponsor),
        friend_wallet=known.wallet(friend),
        when=table.rule("when", gives=BOOL, scope=known.vocabulary.purchase()),
        within=table.period("within"),
        after=table.period("after"),
        most_per_year=table.integer("most_per_year") if "most_per_year" in table.values else None,
    )


def share_of_wallet(root: Table, known: Known) -> ShareTerms | None:
    """The `[share_of_wallet]` table."""
    table = root.table("share_of_wallet")
    if table.absent:
        return None
    own = known.vocabulary.declared.member
    comparable = [name for name, kind in own.items() if kind in _COMPARABLE]
    amounts = [name for name, kind in own.items() if kind is AttributeType.INT]
    usual = ShareTerms()
    return ShareTerms(
        peers=references(table, "peers", [*PEERS_BY, *comparable]),
        quantile=_percent(table, "quantile", usual.quantile),
        confidence=_percent(table, "confidence", usual.confidence),
        within=table.period("within") or usual.within,
        least_peers=table.integer("least_peers") if "least_peers" in table.values else usual.least_peers,
        declared=reference(table, "declared", amounts),
    )


def _percent(table: Table, name: str, usual: int) -> int:
    if name not in table.values:
        return usual
    percent = table.integer(name)
    if _PERCENT_LEAST <= percent <= _PERCENT_MOST:
        return percent
    if percent > 0:  # otherwise it was said already
        table.fault(Code.PERCENT_OUT_OF_RANGE, name, name=name, found=str(percent))
    return usual


def late(root: Table) -> LatePolicy:
    """The `[late]` table."""
    table = root.table("late")
    usual = LatePolicy()
    return LatePolicy(
        correct=table.word("correct", usual.correct),
        within=table.period("within") or usual.within,
    )


def returns(root: Table) -> ReturnPolicy:
    """The `[returns]` table."""
    table = root.table("returns")
    gives_back = table.flag("give_back_spent", default=True)
    for name in ("spent", "spent_lives"):
        if name in table.values and not gives_back:
            table.fault(Code.NEEDS_ANOTHER, name, on_key=True, name=name, other="give_back_spent = true")
    return ReturnPolicy(
        points=table.word("points", ReturnedPoints.DECIDED_AGAIN),
        rounding=table.word("rounding", Mode.UP),
        discounts=table.word("discounts", ReturnedDiscounts.DECIDED_AGAIN),
        give_back_spent=gives_back,
        spent=table.word("spent", SpentBack.BY_LINE),
        spent_lives=table.period("spent_lives"),
        give_back_uses=table.flag("give_back_uses", default=True),
    )
