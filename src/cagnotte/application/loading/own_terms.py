"""Staged sales on the terms of who made them: the clock and the currency of the member's country."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from itertools import groupby

from cagnotte.application.errors import UnknownCurrency
from cagnotte.application.loading.staging import StagedSale
from cagnotte.application.loading.values import RowFaultCode as Code
from cagnotte.application.published import Published, instant_of, wall_clock
from cagnotte.application.sale_currency import amount_most, sale_currency
from cagnotte.domain.programme.currencies import DECIMALS

type Params = dict[str, str]


class OwnTerms:
    """Puts sales on their members' terms; `refused` are those that cannot be judged there, with the reason.

    A file is read by the programme's clock, since it names a member and not where the member lives. `decimals`:
    how its amounts are written, see `StagedBatch`.
    """

    def __init__(self, published: Published, not_after: datetime | None) -> None:
        self._published = published
        self._not_after = not_after
        self._is_international = any(version.programme.countries for version in published.versions)
        self.decimals: int | None = None
        self.refused: list[tuple[StagedSale, Code, Params]] = []

    def put_on(self, sales: Iterable[StagedSale]) -> Iterator[StagedSale]:
        """The sales, member by member as they come, each member's in order of time by the own clock.

        Afterwards a sale's `currency` is None where it is the programme's.
        """
        if not self._is_international:
            for sale in sales:
                yield sale if sale.currency is None else sale._replace(currency=None)
            return
        for _, group in groupby(sales, key=lambda sale: sale.member_id):
            own = [self._on_own_clock(sale) for sale in group]
            stands = [self._in_own_currency(sale) for sale in own if self._may_stand(sale)]
            yield from sorted(
                (sale for sale in stands if sale is not None),
                key=lambda sale: (sale.at, sale.local, sale.external_id),
            )

    def _on_own_clock(self, sale: StagedSale) -> StagedSale:
        """An instant is put on the member's clock; a wall clock stays, and has its instant there."""
        if not sale.country:
            return sale
        zone = self._published.zone_in(sale.country)
        if sale.has_offset:
            return sale._replace(local=wall_clock(sale.at, zone))
        return sale._replace(at=instant_of(sale.local, zone))

    def _may_stand(self, sale: StagedSale) -> bool:
        found = str(sale.local)
        if self._not_after is not None and sale.at > self._not_after:
            self._refuse(sale, Code.FUTURE_DATE, {"column": "at", "found": found})
            return False
        begun = self._published.versions[0].effective_from
        if sale.at < begun:
            first = str(wall_clock(begun, self._published.zone_in(sale.country)))
            self._refuse(sale, Code.BEFORE_PROGRAMME, {"column": "at", "found": found, "first": first})
            return False
        return True

    def _in_own_currency(self, sale: StagedSale) -> StagedSale | None:
        """None when it is refused."""
        programme = self._published.at(sale.at).programme
        try:
            currency = sale_currency(programme, sale.currency, sale.country)
        except UnknownCurrency as error:
            said = {name: error.params[name] for name in ("found", "known")}
            self._refuse(sale, Code.UNKNOWN_CURRENCY, {"column": "currency", **said})
            return None
        decimals = DECIMALS[currency or programme.currency]
        paid = self._in_smallest_unit(sale, decimals)
        if paid is None:
            return None
        total = sum(map(abs, paid))
        if total > amount_most(programme, currency):
            self._refuse(sale, Code.NUMBER_TOO_LARGE, {"column": "paid", "found": str(total)})
            return None
        return sale._replace(currency=currency or None, paid=paid)

    def _in_smallest_unit(self, sale: StagedSale, decimals: int) -> list[int] | None:
        """The amounts of the lines, once the currency is known; None when they have more decimals than it has."""
        if self.decimals is None or self.decimals == decimals:
            return sale.paid
        unit: int = 10 ** (self.decimals - decimals)
        for minor in sale.paid:
            if minor % unit:
                params = {"column": "paid", "found": str(Decimal(minor).scaleb(-self.decimals))}
                self._refuse(sale, Code.TOO_MANY_DECIMALS, {**params, "decimals": str(decimals)})
                return None
        return [minor // unit for minor in sale.paid]

    def _refuse(self, sale: StagedSale, code: Code, params: Params) -> None:
        self.refused.append((sale, code, params))
