"""How many points an earn rule gives: a formula, a rate, bands or a multiplier."""

import re
from collections.abc import Sequence

from cagnotte.domain.earning.terms import BASIS, Amount, Band, Bands, Formula, Multiplier, Rate
from cagnotte.domain.programme.faults import ProgrammeFaultCode as Code
from cagnotte.domain.programme.known import references
from cagnotte.domain.programme.reading import NOTHING, Table
from cagnotte.domain.programme.shapes import FACTOR_PATTERN, Factor
from cagnotte.domain.rules import INT, Rule, Scope

_FACTOR = re.compile(FACTOR_PATTERN)


def amount(table: Table, scope: Scope | None, *, on_sale: bool, rules: Sequence[str]) -> Amount:
    """The amount that a rule says in one of the forms; `rules` are the codes that a multiplier may name."""
    if "multiply" in table.values:
        return Multiplier(_factor(table), references(table, "rules", rules))
    of = table.rule("of", gives=INT, scope=scope)
    if "bands" in table.values:
        return _bands(table, of, on_sale=on_sale)
    if "per" in table.values:
        _check_counted(table, on_sale=on_sale)
        return Rate(table.integer("points"), table.integer("per"), of)
    table.needs("of", "per")
    return Formula(table.rule("points", gives=INT, scope=scope) or NOTHING)


def _bands(table: Table, of: Rule | None, *, on_sale: bool) -> Bands:
    _check_counted(table, on_sale=on_sale)
    rows = table.tables("bands")
    if not rows and not table.has_fault("bands"):
        table.fault(Code.EMPTY, "bands", name="bands")
    bands = [_band(row) for row in rows]
    _check_bands(rows, bands)
    return Bands(tuple(bands), table.flag("marginal", default=True), of)


def _band(row: Table) -> Band:
    upto = row.integer("upto") if "upto" in row.values else None
    return Band(upto, row.integer("points"), row.integer("per"))


def _check_bands(rows: Sequence[Table], bands: Sequence[Band]) -> None:
    """Each band reaches further than the one before it, and the last one has no end."""
    for row, band, before in zip(rows[1:], bands[1:], bands, strict=False):
        if before.upto is None or (band.upto is not None and band.upto <= before.upto):
            row.fault(Code.BANDS_MUST_RISE)
            return
    if bands and bands[-1].upto is not None:
        rows[-1].fault(Code.LAST_BAND_OPEN, "upto")


def _factor(table: Table) -> int:
    """A factor above 1 in basis points: 2 or "1.5"."""
    value = table.value("multiply", Factor)
    text = str(value) if type(value) in {int, str} else ""
    found = _FACTOR.fullmatch(text)
    basis_points = int(found[1]) * BASIS + int((found[2] or "").ljust(4, "0")) if found else 0
    if basis_points <= BASIS:
        table.fault(Code.BAD_FACTOR, "multiply", found=str(value))
        return 2 * BASIS
    return basis_points


def _check_counted(table: Table, *, on_sale: bool) -> None:
    """Only a sale has an amount of its own; elsewhere the rule must say what is counted."""
    if not on_sale and "of" not in table.values:
        table.fault(Code.MISSING, "of", name="of")
