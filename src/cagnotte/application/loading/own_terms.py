"""Staged sales on the terms of who made them: the clock of the member's country."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby

from cagnotte.application.loading.staging import StagedSale
from cagnotte.application.loading.values import RowFaultCode as Code
from cagnotte.application.published import Published, instant_of, wall_clock

type Params = dict[str, str]


class OwnTerms:
    """Puts sales on their members' terms; `refused` are those that cannot be judged there, with the reason.

    A file is read by the programme's clock, since it names a member and not where the member lives.
    """

    def __init__(self, published: Published, not_after: datetime | None) -> None:
        self._published = published
        self._not_after = not_after
        self._abroad = {country.code for country in published.current.programme.countries}
        self.refused: list[tuple[StagedSale, Code, Params]] = []

    def put_on(self, sales: Iterable[StagedSale]) -> Iterator[StagedSale]:
        """The sales, member by member as they come, each member's in order of time by the own clock."""
        if not self._abroad:
            yield from sales
            return
        for _, group in groupby(sales, key=lambda sale: sale.member_id):
            own = [self._on_own_clock(sale) for sale in group]
            yield from sorted(
                filter(self._may_stand, own), key=lambda sale: (sale.at, sale.local, sale.external_id)
            )

    def _on_own_clock(self, sale: StagedSale) -> StagedSale:
        """An instant is put on the member's clock; a wall clock stays, and has its instant there."""
        if sale.country not in self._abroad:
            return sale
        zone = self._published.zone_in(sale.country)
        if sale.has_offset:
            return sale._replace(local=wall_clock(sale.at, zone))
        return sale._replace(at=instant_of(sale.local, zone))

    def _may_stand(self, sale: StagedSale) -> bool:
        found = str(sale.local)
        if self._not_after is not None and sale.at > self._not_after:
            self.refused.append((sale, Code.FUTURE_DATE, {"column": "at", "found": found}))
            return False
        begun = self._published.versions[0].effective_from
        if sale.at < begun:
            first = str(wall_clock(begun, self._published.zone_in(sale.country)))
            self.refused.append((sale, Code.BEFORE_PROGRAMME, {"column": "at", "found": found, "first": first}))
            return False
        return True
