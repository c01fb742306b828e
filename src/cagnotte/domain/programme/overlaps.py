"""What each table says rightly and the document as a whole does not: what nobody could explain at the counter."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from cagnotte.domain.earning.terms import Cap, CapUnit, EarnRule, Every, Life, Mode, Multiplier, RoundedPer
from cagnotte.domain.programme.circles import check_circles
from cagnotte.domain.programme.compared_texts import check_compared_texts
from cagnotte.domain.programme.document import Programme
from cagnotte.domain.programme.faults import ProgrammeFaultCode as Code
from cagnotte.domain.programme.lots_given import check_lots
from cagnotte.domain.programme.notes import Notes
from cagnotte.domain.programme.reading import Table
from cagnotte.domain.programme.vocabulary import PURCHASE
from cagnotte.domain.tiers.terms import NO_TIER, Reach, Tier


def check_whole(notes: Notes, root: Table, programme: Programme) -> None:
    """Note what cannot stand together. `programme` may be faulty already, then some of it is a makeshift."""
    rules = [
        (rule, table)
        for rule, table in zip(programme.earn, root.tables("earn"), strict=True)
        if not table.has_fault()  # what follows from a fault is no other fault
    ]
    _check_multipliers(rules, programme)
    _check_groups(rules, programme)
    _check_caps(rules, {cap.code: cap for cap in programme.caps})
    _check_rounding(rules, programme)
    _check_lives(rules, programme.life)
    achievements = zip(programme.achievements, root.tables("achievements"), strict=True)
    check_lots(rules, [pair for pair in achievements if not pair[1].has_fault()], programme)
    _check_tiers(root, programme.tiers)
    check_compared_texts(notes, programme)
    check_circles(notes, root, programme)


type _Rules = Sequence[tuple[EarnRule, Table]]


def _check_multipliers(rules: _Rules, programme: Programme) -> None:
    """A multiplier multiplies rules that give points of its own wallet on the same occasion."""
    by_code = {rule.code: rule for rule in programme.earn}
    for rule, table in rules:
        if not isinstance(rule.amount, Multiplier):
            continue
        for other in (by_code[code] for code in rule.amount.rules if code in by_code):
            if isinstance(other.amount, Multiplier):
                table.fault(Code.MULTIPLIES_MULTIPLIER, "rules", rule=rule.code, other=other.code)
            elif other.wallet != rule.wallet:
                table.fault(Code.OTHER_WALLET, "rules", rule=rule.code, other=other.code)
            elif other.on != rule.on:
                table.fault(Code.OTHER_OCCASION, "rules", rule=rule.code, other=other.code)


def _check_groups(rules: _Rules, programme: Programme) -> None:
    """Of a group only the best rule counts: there are at least two, they give the same points, and all of them
    are multipliers or none."""
    sizes = Counter((rule.group, rule.on) for rule in programme.earn)
    wallets: dict[tuple[str, str], str] = {}
    kinds: dict[tuple[str, str], bool] = {}
    for rule, table in rules:
        if not rule.group:
            continue
        group = (rule.group, rule.on)
        if sizes[group] == 1:
            table.fault(Code.GROUP_OF_ONE, "group", found=rule.group)
        elif wallets.setdefault(group, rule.wallet) != rule.wallet:
            table.fault(Code.WALLETS_MIXED, "group", first=wallets[group], second=rule.wallet)
        elif kinds.setdefault(group, isinstance(rule.amount, Multiplier)) != isinstance(rule.amount, Multiplier):
            table.fault(Code.GROUP_MIXED, "group", found=rule.group)


def _check_caps(rules: _Rules, caps: Mapping[str, Cap]) -> None:
    wallets: dict[str, str] = {}
    for rule, table in rules:
        own = [caps[code] for code in rule.caps]
        kinds = Counter((cap.unit, cap.scope, cap.every, cap.within) for cap in own)
        at = "cap" if "cap" in table.values else "caps"
        if any(count > 1 for count in kinds.values()):
            table.fault(Code.SAME_CAP_TWICE, at)
        if rule.on != PURCHASE and any(cap.unit is CapUnit.MONEY for cap in own):
            table.fault(Code.ONLY_ON_PURCHASE, at, name="money")
        for cap in own:
            if cap.unit is CapUnit.TIMES and cap.every is Every.SALE and cap.code.startswith("earn."):
                table.fault(Code.CAP_NEVER_REACHED, "cap")
            if cap.unit is CapUnit.POINTS and wallets.setdefault(cap.code, rule.wallet) != rule.wallet:
                table.fault(Code.WALLETS_MIXED, "caps", first=wallets[cap.code], second=rule.wallet)


def _check_rounding(rules: _Rules, programme: Programme) -> None:
    """Where a sum is rounded, all its parts are rounded alike: as the rules without a word of their own are."""
    modes: dict[tuple[str, str], Mode] = {}
    for rule, table in sorted(rules, key=lambda pair: pair[0].rounding is not None):
        rounding = rule.rounding or programme.earning.rounding
        if rounding.per is not RoundedPer.SALE:
            continue
        if modes.setdefault((rule.wallet, rule.on), rounding.mode) is not rounding.mode:
            table.fault(Code.ROUNDING_MIXED, "rounding", wallet=rule.wallet)


def _check_lives(rules: _Rules, life: Life) -> None:
    """A rule that begins after the programme's end, or ends before its beginning, never gives anything."""
    if life.begins is not None and life.ends is not None and life.begins >= life.ends:
        return
    for rule, table in rules:
        begins, ends = rule.life.begins, rule.life.ends
        if begins is not None and life.ends is not None and begins >= life.ends:
            table.fault(Code.NEVER_IN_FORCE, "begins", code=rule.code)
        if ends is not None and life.begins is not None and ends <= life.begins:
            table.fault(Code.NEVER_IN_FORCE, "ends", code=rule.code)


def _check_tiers(root: Table, tiers: Sequence[Tier]) -> None:
    """Tiers stand from the lowest to the highest: on the same measure each asks for more than the last."""
    highest: dict[object, Tier] = {}
    for tier, table in zip(tiers, root.tables("tiers"), strict=True):
        if tier.code == NO_TIER:
            table.fault(Code.RESERVED_CODE, "code", found=tier.code)
        for reach in _comparable(tier, table):
            below = highest.get((tier.family, _measure(reach)))
            if below is not None and below.reach is not None and reach.at_least <= below.reach.at_least:
                table.fault(Code.TIER_NEVER_HIGHER, "reach", tier=tier.code, below=below.code)
            highest[tier.family, _measure(reach)] = tier
            keep = tier.keep.reach
            if keep is not None and _measure(keep) == _measure(reach) and keep.at_least > reach.at_least:
                table.fault(Code.KEEP_ASKS_MORE, "keep", tier=tier.code)


def _comparable(tier: Tier, table: Table) -> Iterator[Reach]:
    """The tier's threshold, if it is a plain number that was read without a fault."""
    if tier.reach is not None and tier.reach.counts and tier.reach.when is None and not table.has_fault("reach"):
        yield tier.reach


def _measure(reach: Reach) -> object:
    return (reach.counts, reach.wallet, reach.window, reach.within)
