"""Rules that refer to each other in a circle: what one gives depends, in the end, on itself."""

from collections.abc import Iterable, Mapping

from cagnotte.domain.earning.terms import Bands, EarnRule, Formula, Multiplier, Rate, TierOf
from cagnotte.domain.programme.document import Programme
from cagnotte.domain.programme.faults import ProgrammeFaultCode as Code
from cagnotte.domain.programme.notes import Notes
from cagnotte.domain.programme.reading import Table
from cagnotte.domain.rules import Rule, names_used
from cagnotte.domain.tiers.terms import MAIN, Tier

_OF_ELIGIBLE = {"exclude", "include", "lines"}


def check_circles(notes: Notes, root: Table, programme: Programme) -> None:
    _check_eligible(notes)
    _check_measures(root, programme)
    _check_families(root, programme)
    if programme.earning.tier is TierOf.AFTER:
        _check_tier_after(root, programme)


def _check_eligible(notes: Notes) -> None:
    """What says which lines count cannot ask for the sum of the lines that count."""
    for table, name, rule in notes.rules:
        if name in _OF_ELIGIBLE and any(path.startswith("eligible.") for path in names_used(rule)):
            table.fault(Code.CIRCLE, name, path=f"{name} → eligible → {name}")


def _check_measures(root: Table, programme: Programme) -> None:
    reads = {each.code: _fields("measures", (each.counts, each.when)) for each in programme.measures}
    for code, table in root.named_tables("measures").items():
        _note_circle(table, code, reads)


def _check_families(root: Table, programme: Programme) -> None:
    """The condition of a tier cannot ask for a tier of its own family, or of one that asks for it."""
    reads: dict[str, set[str]] = {}
    for tier in programme.tiers:
        reads.setdefault(tier.family, set()).update(_families_read(tier))
    told: set[str] = set()
    for tier, table in zip(programme.tiers, root.tables("tiers"), strict=True):
        if _families_read(tier) and tier.family not in told and _note_circle(table, tier.family, reads):
            told.add(tier.family)


def _families_read(tier: Tier) -> set[str]:
    conditions = [reach.when for reach in (tier.reach, tier.keep.reach) if reach is not None]
    return _fields("tiers", conditions)


def _check_tier_after(root: Table, programme: Programme) -> None:
    """With the tier after the sale, points that lead to a tier cannot depend on the tier."""
    leads = {
        tier.reach.wallet: tier
        for tier in programme.tiers_of(MAIN)
        if tier.reach and tier.reach.counts == "points"
    }
    for rule, table in zip(programme.earn, root.tables("earn"), strict=True):
        tier = leads.get(rule.wallet)
        if tier is not None and MAIN in _fields("tiers", _rules_of(rule)):
            table.fault(Code.CIRCLE, path=f"{rule.code} → tier → {tier.code} → {rule.wallet} → {rule.code}")


def _rules_of(rule: EarnRule) -> list[Rule | None]:
    match rule.amount:
        case Formula(points=amount):
            counted: Rule | None = amount
        case Multiplier():
            counted = None
        case Rate(of=amount_of) | Bands(of=amount_of):
            counted = amount_of
    return [rule.when, rule.lines, counted]


def _fields(record: str, rules: Iterable[Rule | None]) -> set[str]:
    """The fields of a record that the rules read; `tier` is the main family."""
    read = {path for rule in rules if rule is not None for path in names_used(rule)}
    fields = {path.removeprefix(f"{record}.") for path in read if path.startswith(f"{record}.")}
    return fields | {MAIN} if record == "tiers" and "tier" in read else fields


def _note_circle(table: Table, start: str, reads: Mapping[str, set[str]]) -> bool:
    path = _circle(start, reads)
    if path:
        table.fault(Code.CIRCLE, path=" → ".join(path))
    return bool(path)


def _circle(start: str, reads: Mapping[str, set[str]]) -> list[str]:
    """The shortest way from a code back to itself; empty when there is none."""
    ways = [[start]]
    seen: set[str] = set()
    for way in ways:  # grows while it is walked
        for following in sorted(reads.get(way[-1], ())):
            if following == start:
                return [*way, start]
            if following not in seen:
                seen.add(following)
                ways.append([*way, following])
    return []
