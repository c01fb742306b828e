"""Values of a programme document as a reader writes them: money, periods, days; what is unknown stays TOML."""

import re
from datetime import date, datetime, time

import tomlkit

from cagnotte.channels.wording.speech import N_, Nn_, Speech
from cagnotte.domain.programme.currencies import DECIMALS
from cagnotte.domain.programme.shape_paths import Place, key_at
from cagnotte.domain.programme.shapes import Whole

_MONEY = {"amount", "spend", "fee", "price", "paid", "value_amount", "budget_amount", "saving"}
_SHARES = {"basis_points"}
_PERIOD = re.compile(r"([0-9]{1,9}) (day|week|month|year)s?")
_PERIODS: dict[str, tuple[str, str]] = {
    "day": Nn_("%(number)s day", "%(number)s days"),
    "week": Nn_("%(number)s week", "%(number)s weeks"),
    "month": Nn_("%(number)s month", "%(number)s months"),
    "year": Nn_("%(number)s year", "%(number)s years"),
}
_YES, _NO = N_("yes"), N_("no")
_QUOTED = N_("“%(text)s”")
_SHARE = N_("%(share)s%%")
_WORDS = {
    "automatic": N_("by itself"),
    "on_request": N_("when the member asks"),
    "purchase": N_("a purchase"),
    "member": N_("member"),
    "household": N_("household"),
    "store": N_("store"),
    "programme": N_("programme"),
    "sale": N_("sale"),
    "hour": N_("hour"),
    "day": N_("day"),
    "week": N_("week"),
    "month": N_("month"),
    "year": N_("year"),
    "ever": N_("ever"),
    "never": N_("never"),
    "none": N_("none"),
}
_WORDED = {
    "trigger",
    "on",
    "per",
    "every",
    "rounded_to",
    "expiry",
    "pending",
    "negative",
    "window",
    "streak",
    "of",
}


def written_value(place: Place, value: object, currency: str, speech: Speech) -> str:
    """The value at (table, field, ...); amounts in units of `currency` where the place is known to hold money."""
    last = place[-1]
    if isinstance(value, bool):
        return speech.say(_YES if value else _NO)
    if isinstance(value, int):
        return _number(place, value, currency, speech)
    if isinstance(value, str):
        return _text(last, value, speech)
    return _day(value, speech) if isinstance(value, (date, time)) else _as_toml(value)


def is_money(place: Place) -> bool:
    """Whether a place is known to hold an amount in the currency's smallest unit."""
    key = key_at(place)
    if key is not None:
        return isinstance(key.kind, Whole) and key.kind.is_amount
    return place[-1] in _MONEY


def _number(place: Place, value: int, currency: str, speech: Speech) -> str:
    if is_money(place) and currency in DECIMALS:
        return speech.amount(value, currency, DECIMALS[currency])
    if place[-1] in _SHARES:
        return speech.say(_SHARE, share=_hundredths(value, speech))
    return speech.number(value)


def _day(value: date | time, speech: Speech) -> str:
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    return speech.day(value) if isinstance(value, date) else value.isoformat()


def _text(last: str, text: str, speech: Speech) -> str:
    period = _PERIOD.fullmatch(text)
    if period:
        return speech.count(_PERIODS[period[2]], int(period[1]))
    if last in _WORDED and text in _WORDS:
        return speech.say(_WORDS[text])
    return speech.say(_QUOTED, text=text)


def _hundredths(basis_points: int, speech: Speech) -> str:
    whole, part = divmod(abs(basis_points), 100)
    point = "," if speech.language == "fr" else "."
    written = speech.number(whole) + (f"{point}{part:02d}".rstrip("0") if part else "")
    return f"-{written}" if basis_points < 0 else written


def _as_toml(value: object) -> str:
    """On one line, as it would stand in the document."""
    if isinstance(value, dict):
        pairs = ", ".join(f"{name} = {_as_toml(each)}" for name, each in value.items())
        return f"{{ {pairs} }}" if pairs else "{}"
    if isinstance(value, list):
        return f"[{', '.join(_as_toml(each) for each in value)}]"
    return tomlkit.item(value).as_string()
