"""When two values of a programme document mean the same although they are written differently."""

import re
from collections.abc import Mapping
from typing import Any

from cagnotte.domain.programme.shape_paths import Place, is_by_code, key_at
from cagnotte.domain.programme.shapes import Codes, Named, Text

type Values = Mapping[str, Any]

ORDERED_TABLES = ("wallets", "tiers", "conversions")
"""Tables whose order means something: the first wallet is the default one, tiers rise, conversions take turns."""

LANGUAGES = ("en", "fr")

_FOR_READERS = {"name", "text", "title", "label", "description", "message", "wording", "terms", "summary"}
_OF_FIRST_WALLET = {"earn", "conversions"}
_PERIOD = re.compile(r"([0-9]+) (day|week|month|year)s?")
_TOKEN = re.compile(r""""(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\w+|[^\w\s]""")


def is_by_name(table: str, value: object) -> bool:
    """Whether the table holds things by their codes, as [wallets.CODE] does, and not fields."""
    if not isinstance(value, dict) or not value:
        return False
    declared = is_by_code(table)
    if declared is not None:
        return declared
    return table.endswith("s") and all(isinstance(each, dict) for each in value.values())


def with_defaults(document: Values) -> dict[str, Any]:
    """The document with its first wallet named in the things that leave their wallet unsaid."""
    first = _first_wallet(document)
    return {table: _filled(table, value, first) for table, value in document.items()}


def canonical(value: object, place: Place) -> object:
    """A value that is equal for all ways of writing the same: `12 month`, a rule's spaces, one name for all."""
    if isinstance(value, Mapping):
        return _canonical_table(value, place)
    if isinstance(value, list):
        return [canonical(each, place) for each in value]
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return value
    if is_for_readers(place):
        return value
    text = str(value)  # a rule may be a plain whole number
    period = _PERIOD.fullmatch(text)
    return (int(period[1]), period[2]) if period else tuple(_TOKEN.findall(text))


def default_at(place: Place) -> object:
    """What an absent key means at a place, where a value says it; else None."""
    key = key_at(place)
    return None if key is None else key.default


def same_value(old: object, new: object, place: Place) -> bool:
    """Whether two values of one place mean the same; None: not given, which means the default."""
    old, new = (default_at(place) if value is None else value for value in (old, new))
    if isinstance(old, list) and isinstance(new, list) and not _has_tables(old) and not _has_tables(new):
        before, after = ([repr(canonical(each, place)) for each in values] for values in (old, new))
        return sorted(before) == sorted(after)
    return canonical(old, place) == canonical(new, place)


def is_for_readers(place: Place) -> bool:
    """Whether a field holds words for people, where every space counts."""
    key = key_at(place)
    if key is not None:
        return isinstance(key.kind, (Text, Named, Codes))
    owner = key_at(place[:-1])
    if owner is not None and isinstance(owner.kind, Named):  # one of its languages
        return True
    return any(name in _FOR_READERS for name in place[1:])


def _canonical_table(value: Values, place: Place) -> object:
    made = {name: canonical(each, (*place, name)) for name, each in value.items()}
    if is_for_readers(place) and made.keys() == set(LANGUAGES) and len(set(map(str, made.values()))) == 1:
        return made[LANGUAGES[0]]  # one text for all languages
    return made


def _has_tables(values: list[object]) -> bool:
    return any(isinstance(each, dict) for each in values)


def _first_wallet(document: Values) -> str | None:
    wallets = document.get("wallets")
    return next(iter(wallets), None) if isinstance(wallets, dict) else None


def _filled(table: str, value: Any, first_wallet: str | None) -> Any:
    if not isinstance(value, list) or table not in _OF_FIRST_WALLET or first_wallet is None:
        return value
    return [{"wallet": first_wallet, **each} if isinstance(each, dict) else each for each in value]
