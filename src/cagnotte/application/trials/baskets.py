"""From a sale as a case writes it to a basket in the smallest unit."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from cagnotte.application.errors import UnknownCurrency
from cagnotte.application.sale_currency import amount_most, sale_currency
from cagnotte.application.trials.cases import LineSold, SaleMade
from cagnotte.application.trials.problems import CaseProblem, unknown
from cagnotte.application.trials.values import Money, NotWritten
from cagnotte.domain.baskets.basket import AMOUNT_MOST, QUANTITY_MOST, Basket, Line, PointsPayment
from cagnotte.domain.members.profile import Attributes, AttributeValue
from cagnotte.domain.programme.currencies import DECIMALS
from cagnotte.domain.programme.document import AttributeType, Programme

EPOCH = date(1970, 1, 1).toordinal()
_KINDS: dict[AttributeType, type] = {
    AttributeType.INT: int,
    AttributeType.TEXT: str,
    AttributeType.BOOL: bool,
    AttributeType.TEXTS: list,
    AttributeType.DATE: date,
}


def minor_of(currency: str, amount: Money | None) -> int:
    """The amount in the smallest unit of the currency; 0 when there is none."""
    return 0 if amount is None else minor_at(DECIMALS[currency], amount)


def minor_at(decimals: int, amount: Money) -> int:
    try:
        minor = amount.minor(decimals)
    except NotWritten as error:
        raise CaseProblem(error.code, found=error.found, decimals=str(decimals)) from error
    return within(minor, AMOUNT_MOST)


def within(number: int, most: int, path: tuple[str | int, ...] = ()) -> int:
    """The number itself. Raises CaseProblem when it lies further from 0 than anything the product records."""
    if abs(number) > most:
        raise CaseProblem("number_too_large", path, found=str(number), most=str(most))
    return number


def basket_of(programme: Programme, sale: SaleMade, at: datetime, country: str = "") -> Basket:
    """The basket of a sale at local time `at` to a member of that country."""
    own = _currency(programme, sale, country)
    currency = own or programme.currency
    lines = sale.lines
    if sale.paid is not None:
        if lines:
            raise CaseProblem("paid_and_lines")
        lines = (LineSold(paid=sale.paid),)
    sold = tuple(_line(programme, currency, line, number) for number, line in enumerate(lines))
    within(sum(abs(line.paid) for line in sold), amount_most(programme, own))
    return Basket(
        at=at,
        store=str(sale.store),
        lines=sold,
        channel=str(sale.channel),
        region=str(sale.region),
        till=str(sale.till),
        coupons=tuple(map(str, sale.coupons)),
        payments=_payments(programme, sale.pay_with_points),
        order_discount=_not_negative(currency, sale.order_discount, "order_discount"),
        delivery=_not_negative(currency, sale.delivery, "delivery"),
        attributes=attributes_of(programme.declared.sale, sale.attributes),
        currency=own,
    )


def _currency(programme: Programme, sale: SaleMade, country: str) -> str:
    try:
        return sale_currency(programme, None if sale.currency is None else str(sale.currency), country)
    except UnknownCurrency as error:
        raise unknown("unknown_currency", error.params["found"], programme.currencies, ("currency",)) from error


def attributes_of(declared: Mapping[str, AttributeType], given: Mapping[str, Any]) -> Attributes:
    """The attributes as rules read them; a date is its day number. One that is not declared is a problem."""
    found: dict[str, AttributeValue] = {}
    for name, value in given.items():
        if name not in declared:
            raise unknown("unknown_attribute", name, declared)
        found[name] = _attribute(name, declared[name], value)
    return found


def _attribute(name: str, kind: AttributeType, value: object) -> AttributeValue:
    if kind is AttributeType.DATE and isinstance(value, str):
        try:
            return date.fromisoformat(value).toordinal() - EPOCH
        except ValueError as error:
            raise CaseProblem("wrong_attribute", name=name, expected=kind.value, found=value) from error
    right = isinstance(value, _KINDS[kind]) and (kind is AttributeType.BOOL or not isinstance(value, bool))
    if not right:
        raise CaseProblem("wrong_attribute", name=name, expected=kind.value, found=str(value))
    if isinstance(value, date):
        return value.toordinal() - EPOCH
    if isinstance(value, list):
        return tuple(map(str, value))
    assert isinstance(value, int | str), value
    return value


def _line(programme: Programme, currency: str, line: LineSold, number: int) -> Line:
    quantity = _quantity(line, number)
    if line.paid is not None:
        paid = minor_of(currency, line.paid)
    elif line.price is not None:
        paid = within(minor_of(currency, line.price) * quantity, AMOUNT_MOST, ("lines", number))
    else:
        raise CaseProblem("line_without_price", ("lines", number))
    return Line(
        sku=str(line.sku),
        quantity=quantity,
        paid=paid,
        category=str(line.category),
        department=str(line.department),
        brand=str(line.brand),
        supplier=str(line.supplier),
        tags=tuple(map(str, line.tags)),
        listed=None if line.list_price is None else minor_of(currency, line.list_price) * quantity,
        tax=minor_of(currency, line.tax),
        cost=None if line.cost is None else minor_of(currency, line.cost) * quantity,
        attributes=attributes_of(programme.declared.line, line.attributes),
    )


def _not_negative(currency: str, amount: Money | None, name: str) -> int:
    minor = minor_of(currency, amount)
    if minor < 0:
        raise CaseProblem("negative_amount", (name,))
    return minor


def _quantity(line: LineSold, number: int) -> int:
    if line.quantity is not None and line.qty is not None:
        raise CaseProblem("quantity_twice", ("lines", number))
    said = line.qty if line.quantity is None else line.quantity
    return 1 if said is None else within(said, QUANTITY_MOST, ("lines", number))


def _payments(programme: Programme, said: int | dict[str, int] | None) -> tuple[PointsPayment, ...]:
    if said is None:
        return ()
    by_wallet = {programme.wallets[0].code: said} if isinstance(said, int) else said
    return tuple(PointsPayment(wallet, points) for wallet, points in by_wallet.items())
