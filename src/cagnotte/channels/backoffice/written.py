"""Figures, money and dates as the reader's language writes them."""

from datetime import date, datetime
from decimal import Decimal

from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, format_decimal, format_percent
from django.utils.timezone import localtime
from django.utils.translation import get_language

from cagnotte.domain.programme.currencies import DECIMALS

_FIVE_FIGURES = 10_000
_ROUND_MONEY = {"en": "¤#,##0", "fr": "#,##0 ¤"}
_PERCENT = {"en": "#,##0.#%", "fr": "#,##0.# %"}
_INSTANT = {"en": "MMM d, y, HH:mm", "fr": "d MMM y 'à' HH:mm"}


def money(minor: int, currency: str) -> str:
    """An amount given in the currency's smallest unit."""
    amount = Decimal(minor).scaleb(-DECIMALS[currency])
    return str(format_currency(amount, currency, locale=_locale()))


def round_money(minor: int, currency: str) -> str:
    """An amount without decimals from five figures on, where they only distract."""
    amount = Decimal(minor).scaleb(-DECIMALS[currency])
    if abs(amount) < _FIVE_FIGURES:
        return money(minor, currency)
    whole_amount = amount.quantize(Decimal(1))
    return str(format_currency(whole_amount, currency, _ROUND_MONEY[_locale()], _locale(), currency_digits=False))


def whole(number: int) -> str:
    return str(format_decimal(number, locale=_locale()))


def decimal(text: str) -> str:
    """A number as the programme's document writes it, with all of its decimals."""
    return str(format_decimal(Decimal(text), locale=_locale(), decimal_quantization=False))


def signed(number: int) -> str:
    """A whole number that always shows whether it is a gain or a loss."""
    return f"+{whole(number)}" if number > 0 else whole(number)


def ratio(part: int, of: int, digits: int = 1) -> str:
    """`part` divided by `of`; a dash when there is nothing to divide by."""
    if of == 0:
        return "–"
    return str(format_decimal(round(Decimal(part) / of, digits), locale=_locale()))


def share(part: int, of: int) -> str:
    """`part` of `of` in percent with one decimal; a dash when there is nothing to compare with."""
    if of == 0:
        return "–"
    return str(format_percent(Decimal(part) / of, _PERCENT[_locale()], _locale()))


def day(value: date) -> str:
    return _with_ordinal(value, format_date(value, "long", locale=_locale()))


def short_day(value: date) -> str:
    return _with_ordinal(value, format_date(value, "medium", locale=_locale()))


def month(value: date) -> str:
    return str(format_date(value, "LLLL y", locale=_locale()))


def short_month(value: date) -> str:
    return str(format_date(value, "LLL yy", locale=_locale()))


def instant(value: datetime) -> str:
    """An instant on the wall clock of the programme's zone, which is Django's current one while a page is made.

    A value without zone is already on that clock.
    """
    local = localtime(value).replace(tzinfo=None) if value.tzinfo else value
    return _with_ordinal(local, format_datetime(local, _INSTANT[_locale()], locale=_locale()))


def _with_ordinal(value: date, text: str) -> str:
    """French says `1er janvier`, and plain numbers for all other days."""
    return f"1er{text[1:]}" if _locale() == "fr" and value.day == 1 else text


def _locale() -> str:
    return "fr" if (get_language() or "").startswith("fr") else "en"
