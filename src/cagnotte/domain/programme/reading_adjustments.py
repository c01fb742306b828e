"""[adjustments]: the ceilings of points moved by hand."""

from cagnotte.domain.points.ceilings import Adjustments, Ceiling
from cagnotte.domain.programme.faults import ProgrammeFaultCode as Code
from cagnotte.domain.programme.known import Known, reference
from cagnotte.domain.programme.reading import Table


def adjustments(root: Table, known: Known) -> Adjustments:
    """The `[adjustments]` table; without ceilings nobody is limited."""
    table = root.table("adjustments")
    ceilings = []
    seen: set[tuple[str, str]] = set()
    for row in table.tables("ceilings"):
        ceiling = _ceiling(row, known)
        place = (ceiling.role.casefold(), ceiling.wallet)
        if place in seen:
            row.fault(Code.CEILING_TWICE, role=ceiling.role, wallet=ceiling.wallet)
        seen.add(place)
        ceilings.append(ceiling)
    return Adjustments(tuple(ceilings), table.period("answered_within") or Adjustments().answered_within)


def _ceiling(row: Table, known: Known) -> Ceiling:
    return Ceiling(
        role=row.text("role"),
        wallet=reference(row, "wallet", known.wallets) or "",
        most=row.integer("most") if "most" in row.values else None,
        most_per_day=row.integer("most_per_day") if "most_per_day" in row.values else None,
    )
