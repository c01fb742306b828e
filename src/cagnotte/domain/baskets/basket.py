"""What was bought: the lines of a sale as the till reports them, and the facts a rule may ask of them."""

from datetime import date, datetime

import msgspec


class Line(msgspec.Struct, frozen=True, gc=False):
    """One line of a sale. `paid` is what was paid for the whole line, in minor units; it may be negative."""

    sku: str
    quantity: int
    paid: int
    category: str = ""
    department: str = ""
    brand: str = ""
    supplier: str = ""
    tags: tuple[str, ...] = ()


class Basket(msgspec.Struct, frozen=True):
    """The lines of one sale and where and when it was made; `at` is local wall-clock time, without zone."""

    at: datetime
    store: str
    lines: tuple[Line, ...]
    channel: str = "store"


class EligibleFacts(msgspec.Struct, frozen=True):
    paid: int
    quantity: int


class PurchaseFacts(msgspec.Struct, frozen=True):
    """The names a rule `on = "purchase"` may use, with their values for one sale of one member."""

    eligible: EligibleFacts
    paid: int
    lines: tuple[Line, ...]
    store: str
    channel: str
    weekday: int
    hour: int
    minute: int
    month: int
    day_of_month: int
    year: int
    tier: str
    balance: int


def total_paid(basket: Basket) -> int:
    """Sum over the lines, in minor units; negative when more was taken back than sold."""
    return sum([line.paid for line in basket.lines])


def purchase_facts(basket: Basket, *, tier: str | None, balance: int) -> PurchaseFacts:
    """Facts of the sale as rules see them: `weekday` is 1 on Monday to 7 on Sunday, `tier` "" when none."""
    paid = total_paid(basket)
    at = basket.at
    return PurchaseFacts(
        eligible=EligibleFacts(paid, sum([line.quantity for line in basket.lines])),
        paid=paid,
        lines=basket.lines,
        store=basket.store,
        channel=basket.channel,
        weekday=at.isoweekday(),
        hour=at.hour,
        minute=at.minute,
        month=at.month,
        day_of_month=at.day,
        year=at.year,
        tier=tier or "",
        balance=balance,
    )


def local_day(basket: Basket) -> date:
    return basket.at.date()
