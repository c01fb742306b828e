"""[[tiers]]: how a status is reached, and how it is kept."""

from cagnotte.domain.earning.terms import Measure
from cagnotte.domain.kernel import Period
from cagnotte.domain.programme.faults import ProgrammeFaultCode as Code
from cagnotte.domain.programme.known import Known, reference
from cagnotte.domain.programme.reading import Table
from cagnotte.domain.programme.tables_life import COUNTED, WINDOWS_OF_TIERS
from cagnotte.domain.rules import BOOL
from cagnotte.domain.tiers.terms import MAIN, Drop, Keep, MeasuredIn, Reach, Review, Tier


def family_of(table: Table) -> str:
    """The family that a [[tiers]] table names; the main one when it names none."""
    return table.matching("family", Code.BAD_NAME) or MAIN


def tier(table: Table, known: Known, measures: tuple[Measure, ...]) -> Tier:
    keep = table.table("keep")
    return Tier(
        code=table.code(),
        reach=reach(table, known, measures),
        family=family_of(table),
        keep=Keep(
            review=keep.word("review", Review.ROLLING),
            reach=reach(keep, known, measures),
            grace=keep.period("grace"),
            drop=keep.word("drop", Drop.REACHED),
        ),
        floor=table.flag("floor", default=False),
        name=table.name(),
    )


def reach(table: Table, known: Known, measures: tuple[Measure, ...]) -> Reach | None:
    """The threshold in the `reach` of a table; None when it says none."""
    terms = table.table("reach")
    if terms.absent:
        return None
    counts = next((name for name in COUNTED if name in terms.values), "")
    measured = reference(terms, "measure", known.measures)
    own = next((each.within for each in measures if each.code == measured), None)
    return Reach(
        counts=measured if counts == "measure" else counts,
        at_least=terms.integer("at_least" if counts == "measure" else counts) if counts else 0,
        window=_window(terms, own),
        within=terms.period("within") or own,
        wallet=known.wallet(terms) if counts == "points" else "",
        when=terms.rule("when", gives=BOOL, scope=known.vocabulary.member()),
    )


def _window(terms: Table, own: Period | None) -> MeasuredIn:
    """Which days count; a measure that has a period of its own leaves nothing to say."""
    said = [name for name in ("within", "window") if name in terms.values]
    if said and not {*COUNTED}.intersection(terms.values):
        terms.fault(Code.NEEDS_ANOTHER, said[0], on_key=True, name=said[0], other=COUNTED[0])
    if said and own is not None:
        terms.fault(Code.TWO_PERIODS, said[0], name=said[0], found=str(own))
    window = terms.choice("window", WINDOWS_OF_TIERS)
    if "within" in terms.values or own is not None:
        return MeasuredIn.ROLLING
    return MeasuredIn(window) if window in WINDOWS_OF_TIERS else MeasuredIn.EVER
