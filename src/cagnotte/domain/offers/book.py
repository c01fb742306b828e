"""All offers of a programme, prepared once: which of them a sale has to look at."""

from collections.abc import Sequence
from functools import cached_property

from cagnotte.domain.offers.terms import Offer
from cagnotte.domain.offers.values import OfferSale
from cagnotte.domain.rules.index import Asked, RuleIndex, build_index


class OfferBook:
    """`by_code`: code -> positions of the offers that take it, in the order of the document."""

    def __init__(self, offers: Sequence[Offer]) -> None:
        self.offers = tuple(offers)
        self.by_code: dict[str, list[int]] = {}
        self._open = [place for place, offer in enumerate(self.offers) if not offer.coupons]
        for place, offer in enumerate(self.offers):
            for code in offer.coupons:
                self.by_code.setdefault(code, []).append(place)

    def looked_at(self, sale: OfferSale) -> list[tuple[int, Offer]]:
        """With their positions: the offers whose code was typed, and those that need none and may hold."""
        places = [self._open[number] for number in self._index.candidates(sale.facts)]
        coded = {place for code in sale.coupons for place in self.by_code.get(code, ())}
        return [(place, self.offers[place]) for place in sorted([*places, *coded])]

    def everything(self) -> list[tuple[int, Offer]]:
        return list(enumerate(self.offers))

    @cached_property
    def _index(self) -> RuleIndex:
        return build_index([_asked(self.offers[place]) for place in self._open])


def _asked(offer: Offer) -> Asked:
    """What an offer asks of a sale; one that says what is missing is looked at without any line too."""
    says_what_is_missing = offer.spend or offer.quantity or offer.products
    return Asked(offer.when, None if says_what_is_missing else offer.lines)
