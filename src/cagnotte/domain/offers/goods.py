"""The lines of a sale as offers count them: which ones take part, what they cost, and which ones a rule means."""

from collections.abc import Sequence

from cagnotte.domain.baskets.basket import Line, shares
from cagnotte.domain.offers.bill import Bill
from cagnotte.domain.offers.policy import OfferPolicy, PriceBase, Reckoning, WorksOn
from cagnotte.domain.offers.terms import Offer, Prices
from cagnotte.domain.offers.values import OfferSale
from cagnotte.domain.rules import Rule


class Goods:
    """`original`: per line what it costs before any offer, in minor units; 0 for lines that are left alone.

    Lines that are brought back or worth less than nothing take no part, and count for nothing.
    """

    def __init__(self, sale: OfferSale, policy: OfferPolicy) -> None:
        self.sale = sale
        self.policy = policy
        self._matching: dict[tuple[int, Prices], tuple[int, ...]] = {}
        self._rules: list[Rule] = []  # keeps the ids above alive
        lines = sale.lines
        counted = [number for number, line in enumerate(lines) if line.paid >= 0 and line.quantity >= 0]
        if policy.exclude is not None:
            counted = [number for number in counted if not self._holds(policy.exclude, number)]
        self.counted = tuple(counted)
        self.original = self._originals()
        self.quantities = [line.quantity for line in lines]

    def bill(self) -> Bill:
        return Bill(self.original, self.quantities, max(self.sale.delivery, 0))

    @property
    def come_to(self) -> int:
        """What all lines come to before offers, those brought back with their sign; minor units."""
        with_tax = self.policy.tax_included
        worth = sum([line.paid if with_tax else line.paid - line.tax for line in self.sale.lines])
        return worth - max(self.sale.order_discount, 0)

    def qualifying(self, offer: Offer) -> tuple[int, ...]:
        """Positions of the lines that an offer looks at."""
        return self.within(offer, offer.lines)

    def within(self, offer: Offer, lines: Rule | None) -> tuple[int, ...]:
        """Positions of the lines that `lines` means and the offer does not exclude."""
        found = self.matching(lines, offer.prices)
        if offer.exclude is None:
            return found
        excluded = set(self.matching(offer.exclude))
        return tuple([number for number in found if number not in excluded])

    def matching(self, rule: Rule | None, prices: Prices = Prices.ANY) -> tuple[int, ...]:
        key = (0 if rule is None else id(rule), prices)
        found = self._matching.get(key)
        if found is None:
            found = self._matching[key] = self._looked_up(rule, prices)
        return found

    def spend(self, lines: Sequence[int], left: Sequence[int], *, with_tax: bool) -> int:
        """What these lines come to: `left` per line, with or without the tax in it."""
        if with_tax or not self.policy.tax_included:
            return sum([left[number] for number in lines])
        return sum([left[number] - self._tax_in(number, left[number]) for number in lines])

    def base_of(self, number: int, left: int, reckoning: Reckoning) -> int:
        """What percentages of a line are of."""
        now = left if reckoning.works_on is WorksOn.LEFT else self.original[number]
        return now if reckoning.price is PriceBase.PAID else now + self.reduction(number)

    def reduction(self, number: int) -> int:
        """What the till already took off the list price of a line."""
        line = self.sale.lines[number]
        listed, paid = line.list_price, line.paid
        if not self.policy.tax_included and paid:
            return max(listed - paid, 0) * (paid - line.tax) // paid
        return max(listed - paid, 0)

    def keep_of(self, offer: Offer, number: int, count: int) -> int:
        """What must be left of `count` articles of a line for the offer's floor, in minor units."""
        line = self.sale.lines[number]
        least = offer.floor * count
        if not offer.floor_at_cost or line.cost is None or not line.quantity:
            return least
        cost = max(line.cost, 0)
        net = line.paid - line.tax
        if self.policy.tax_included and line.tax and net > 0:
            cost = -(-cost * line.paid // net)  # the cost is without tax, the price with it
        return max(least, -(-cost * count // line.quantity))

    def with_tax(self, number: int, minor: int) -> int:
        """What a discount reckoned without tax takes off the price with tax, at most the line itself."""
        line = self.sale.lines[number]
        net = line.paid - line.tax
        if self.policy.tax_included or net <= 0:
            return minor
        return min((minor * line.paid * 2 + net) // (net * 2), line.paid)

    def _originals(self) -> list[int]:
        """The till's discount on the whole order is taken off first, shared by value."""
        lines, amounts = self.sale.lines, [0] * len(self.sale.lines)
        for number in self.counted:
            line = lines[number]
            amounts[number] = line.paid if self.policy.tax_included else max(line.paid - line.tax, 0)
        order_discount = max(self.sale.order_discount, 0)
        if order_discount:
            before = shares(order_discount, [line.paid for line in lines])
            amounts = [max(amount - off, 0) for amount, off in zip(amounts, before, strict=True)]
        return amounts

    def _looked_up(self, rule: Rule | None, prices: Prices) -> tuple[int, ...]:
        found = self.counted
        if prices is not Prices.ANY:
            reduced = prices is Prices.REDUCED
            found = tuple([number for number in found if self.sale.lines[number].is_reduced is reduced])
        if rule is None:
            return found
        self._rules.append(rule)
        return tuple([number for number in found if self._holds(rule, number)])

    def _holds(self, rule: Rule, number: int) -> bool:
        facts = self.sale.facts
        facts.line = facts.lines[number]  # as the programme counts it, whatever the currency of the sale
        return bool(rule.evaluate(facts))

    def _tax_in(self, number: int, left: int) -> int:
        line: Line = self.sale.lines[number]
        return line.tax * left // line.paid if line.paid > 0 else 0
