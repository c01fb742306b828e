"""The currency of a sale: said by the till, else that of the member's country, else the programme's."""

import msgspec
import psycopg

from cagnotte.application.errors import SaleTooLarge, UnknownCurrency
from cagnotte.domain.baskets.basket import AMOUNT_MOST, Basket, total_paid
from cagnotte.domain.evaluator.prepared import exchange_in
from cagnotte.domain.programme.document import Programme

_CURRENCY = "SELECT currency FROM sale WHERE external_id = %s LIMIT 1"


class Counted(msgspec.Struct, frozen=True):
    """What a sale in another currency counts as: in minor units of the programme's `currency`.

    `worth`: what one unit of the sale's currency is worth in it, as the programme's version of its time says.
    """

    currency: str
    paid_minor: int
    worth: str


def sale_currency(programme: Programme, said: str | None, country: str) -> str:
    """The sale's currency when it is not the programme's, else "". Raises UnknownCurrency."""
    currency = said or programme.currency_in(country)
    if currency not in programme.currencies:
        raise UnknownCurrency(found=currency, known=", ".join(programme.currencies), pointer="/currency")
    return "" if currency == programme.currency else currency


def currency_of_sale(conn: psycopg.Connection, programme: Programme, sale_id: str) -> str:
    """The currency that amounts of this recorded sale are in; the programme's when there is no such sale."""
    row = conn.execute(_CURRENCY, (sale_id,)).fetchone()
    return (row and row[0]) or programme.currency


def amount_most(programme: Programme, currency: str) -> int:
    """The largest amount of a sale, in minor units of its currency, that rules can count in the programme's."""
    return exchange_in(programme, currency).most if currency else AMOUNT_MOST


def check_amounts(programme: Programme, basket: Basket) -> None:
    """Raises SaleTooLarge: rules count in 64 bits, and what is larger than they were promised is refused whole."""
    most = amount_most(programme, basket.currency)
    lines = basket.lines
    for place, amount in (
        ("/lines", sum([abs(line.paid) for line in lines])),
        ("/lines", sum([abs(line.listed or 0) for line in lines])),
        ("/lines", sum([abs(line.tax) for line in lines]) if basket.currency else 0),
        ("/lines", sum([abs(line.cost or 0) for line in lines]) if basket.currency else 0),
        ("/delivery_minor", basket.delivery),
        ("/order_discount_minor", basket.order_discount),
    ):
        if amount > most:
            raise SaleTooLarge(pointer=place, most=str(most))


def paid_counted(programme: Programme, basket: Basket) -> int:
    """The sum of the lines in the programme's currency."""
    paid = total_paid(basket)
    return exchange_in(programme, basket.currency).home(paid) if basket.currency else paid


def counted_as(programme: Programme, basket: Basket) -> Counted | None:
    """None for a sale in the programme's currency."""
    if not basket.currency:
        return None
    worth = next(each.worth for each in programme.countries if each.currency == basket.currency)
    return Counted(programme.currency, paid_counted(programme, basket), worth)
